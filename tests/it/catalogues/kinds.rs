//! Every kind of policy file can be proposed by whom it belongs to, and none changes past days unsaid.

use assistance_toolbox::policy_files::{Change, Review, is_policy_file, review, review_codes};

use super::texts;

/// A file with something behind its end.
fn appended(path: &str, more: &str, correction: bool) -> Review {
    let base = texts();
    let known = base.iter().find(|(known, _)| known == path).map_or("", |(_, text)| text.as_str());
    let text = format!("{known}\n{more}");
    let today = "2024-06-01".parse().unwrap();
    review(Change { base: &base, path, text: &text, today, correction })
}

fn found(review: &Review) -> Vec<(&str, &str)> {
    review.violations.iter().map(|one| (one.code, one.path.as_str())).collect()
}

const ROW: &str = "[[rows]]\nitems = [\"auxiliary_wages\"]\nis = \"left_out\"\nfrom = DAY\nzh = \"不计入。\"\n\
    en = \"Left out.\"\nsource = \"paper: 表1\"\n";
const EXCLUSION: &str = "[[exclusions]]\nid = \"more\"\nzh = \"甲\"\nen = \"a\"\nmode = \"choice\"\nmembers = [\"S3\", \
    \"C4\"]\nscope = \"person\"\nfrom = DAY\nsource = \"document: S05\"\n";

#[test]
fn what_has_dates_may_change_from_a_later_day_on() {
    for (path, entry, at) in
        [("exclusions.toml", EXCLUSION, "exclusions[4]"), ("income/social_assistance.toml", ROW, "rows[25]")]
    {
        let later = appended(path, &entry.replace("DAY", "2025-01-01"), false);
        assert!(later.holds() && later.violations.is_empty(), "{path}: {:?}", later.violations);
        let earlier = entry.replace("DAY", "2024-05-01");
        let past = appended(path, &earlier, false);
        assert!(!past.holds(), "{path}");
        assert_eq!(found(&past), [(review_codes::CHANGES_PAST, at)]);
        assert!(past.violations[0].line.is_some(), "{:?}", past.violations);
        let meant = appended(path, &earlier, true);
        assert!(meant.holds(), "{path}: {:?}", meant.violations);
        assert_eq!(found(&meant), [(review_codes::CORRECTS_PAST, at)]);
    }
}

#[test]
fn what_has_no_dates_is_a_correction() {
    for (path, from, to, at) in [
        ("needs.toml", "income_per_head_month <", "income_per_head_month <=", "needs[0]"),
        ("cascades.toml", "id = \"medical\"", "id = \"medical_care\"", "cascades[0]"),
        ("identities.toml", "same_household = \"exclude\"", "same_household = \"allow\"", "pairs"),
    ] {
        let base = texts();
        let known = &base.iter().find(|(known, _)| known == path).unwrap().1;
        assert!(known.contains(from), "{path}: {from}");
        let text = known.replacen(from, to, 1);
        let today = "2024-06-01".parse().unwrap();
        let look = |text: &str, correction| review(Change { base: &base, path, text, today, correction });
        let past = look(&text, false);
        let told = past.violations.iter().find(|one| one.code == review_codes::CHANGES_PAST).unwrap();
        assert!(told.path.starts_with(at), "{path}: {told}");
        assert!(told.hint.as_ref().is_some_and(|hint| hint.contains("correction")), "{told}");
        let meant = look(&text, true);
        assert!(found(&meant).iter().any(|(code, _)| *code == review_codes::CORRECTS_PAST), "{path}");
        // Words are no matter of days.
        let words = look(&known.replacen("zh = \"", "zh = \"新", 1), false);
        assert!(words.holds() && words.violations.is_empty(), "{path}: {:?}", words.violations);
    }
}

#[test]
fn what_decides_nothing_may_join_at_once() {
    for (path, entry) in [
        (
            "departments.toml",
            "[[departments]]\nid = \"statistics\"\nzh = \"统计局\"\nen = \"statistics\"\nsource = \"paper\"\n",
        ),
        (
            "parameters.toml",
            "[[parameters]]\nname = \"new_aid\"\ntype = \"money\"\nzh = \"新\"\nen = \"new\"\n",
        ),
    ] {
        let review = appended(path, entry, false);
        assert!(review.holds() && !found(&review).iter().any(|(code, _)| code.ends_with("_past")), "{path}");
    }
}

#[test]
fn every_file_of_the_folder_can_be_proposed_and_no_other() {
    for (path, _) in texts() {
        assert!(is_policy_file(&path), "{path}");
    }
    for path in [
        "",
        "x.toml",
        "measures/.toml",
        "measures/../x.toml",
        "measures/a b.toml",
        "/measures/D1.toml",
        "measures/D1.json",
        "measures/a/b.toml",
        "cases/h1.toml",
        "../departments.toml",
        "jurisdictions/..toml",
        "income/é.toml",
    ] {
        assert!(!is_policy_file(path), "{path}");
    }
}
