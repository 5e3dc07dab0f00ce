//! What the checks say of a change, beside what they say of a folder; what the database keeps of a proposal; and
//! the command line.

use assistance_toolbox::policy_files::{Change, MOST_BYTES, Review, review, review_codes};
use assistance_toolbox::store::{
    Decided, NewDecision, NewProposal, ProposalQuery, ProposalState, StoreError, Which,
};

use super::{add, edited, now, texts};
use crate::support::database::{Backend, Database, on_both};
use crate::support::{program, root};

on_both! {
    a_proposal_goes_its_way_on_the_command_line,
    steps_only_join_and_nobody_decides_on_their_own,
}

const C7: &str = "measures/C7.toml";

fn changed(path: &str, from: &str, to: &str, correction: bool) -> Review {
    let base = texts();
    let files = edited(path, from, to);
    let (_, text) = files.iter().find(|(known, _)| known == path).unwrap();
    let today = "2024-06-01".parse().unwrap();
    review(Change { base: &base, path, text, today, correction })
}

/// Code, path and line of what was found.
fn found(review: &Review) -> Vec<(&str, &str, Option<usize>)> {
    review.violations.iter().map(|one| (one.code, one.path.as_str(), one.line)).collect()
}

#[test]
fn a_later_version_holds_and_a_change_of_the_past_does_not() {
    let first = "from = 2021-01-01\nperiod = \"year\"\nsource = [\"document: S49\", \"document: S07 tekun";
    let review = changed(C7, first, &first.replace("\nperiod", "\nuntil = 2024-09-01\nperiod"), false);
    assert!(review.holds() && review.violations.is_empty(), "{:?}", review.violations);
    let review = changed(C7, first, &first.replace("\nperiod", "\nuntil = 2024-05-01\nperiod"), false);
    assert!(!review.holds());
    assert_eq!(found(&review), [(review_codes::CHANGES_PAST, "standards[0]", Some(36))]);
    let review = changed(C7, first, &first.replace("\nperiod", "\nuntil = 2024-05-01\nperiod"), true);
    assert!(review.holds());
    assert_eq!(found(&review), [(review_codes::CORRECTS_PAST, "standards[0]", Some(36))]);
    // Words and sources mean nothing for past days; what a measure is counts for them too.
    let review = changed(C7, "zh = \"小学寄宿生\"", "zh = \"小学住校生\"", false);
    assert!(review.holds() && review.violations.is_empty(), "{:?}", review.violations);
    let review = changed(C7, "category = \"edu_compulsory\"", "category = \"edu_other\"", false);
    assert_eq!(found(&review), [(review_codes::CHANGES_PAST, "category", Some(7))]);
    let place = "jurisdictions/huaibei-parallel.toml";
    let row = "from = 2023-01-01\nvalue = 1000\nsource = [\"document: S49 2023\"";
    let review = changed(place, row, &row.replace("1000", "1100"), false);
    assert!(!review.holds() && found(&review)[0].0 == review_codes::CHANGES_PAST, "{:?}", review.violations);
    let later = "[[parameters]]\nname = \"compulsory_education_boarding_primary\"\nfrom = 2024-09-01\nvalue = 1100\n\
                 source = \"document: S49 2023\"\n\n[[parameters]]\nname = \"compulsory_education_boarding_primary\"\n";
    let review =
        changed(place, "[[parameters]]\nname = \"compulsory_education_boarding_primary\"\n", later, false);
    assert!(review.holds(), "{:?}", review.violations);
}

#[test]
fn mistakes_are_named_with_the_path_of_the_field() {
    for (from, to, code, path) in [
        ("unit = \"person\"", "unit = \"pair\"", "unknown_value", "unit"),
        ("when = \"boarding\"", "when = \"boarding +\"", "bad_condition", "standards[0].conditions[1].when"),
        ("when = \"boarding\"", "when = \"boarded\"", "bad_condition", "standards[0].conditions[1].when"),
        ("source = \"document: S49\"", "source = \"document: S99\"", "unknown_document", ""),
        ("from = 2021-01-01", "from = 2021-02-30", "syntax", ""),
        ("[[standards]]", "[[standards", "syntax", ""),
    ] {
        let review = changed(C7, from, to, false);
        let told = found(&review);
        assert!(!review.holds() && told[0].0 == code, "{to}: {told:?}");
        assert!(path.is_empty() || told[0].1 == path, "{to}: {told:?}");
    }
    // Another file refers to what is gone.
    let gone = changed("measures/S2.toml", "id = \"S2\"", "id = \"S9\"", false);
    assert!(gone.violations.iter().any(|one| one.file == "exclusions.toml"), "{:?}", gone.violations);
    let base = texts();
    let today = "2024-06-01".parse().unwrap();
    let same = &base.iter().find(|(path, _)| path == C7).unwrap().1;
    let text = |text: &str| {
        let looked = review(Change { base: &base, path: C7, text, today, correction: false });
        assert!(!looked.holds());
        looked.violations[0].code
    };
    assert_eq!(text(same), review_codes::NOTHING_CHANGED);
    assert_eq!(text(&"#".repeat(MOST_BYTES + 1)), review_codes::TEXT_TOO_LONG);
    assert_eq!(text(&format!("a = {}1{}\n", "[".repeat(9_000), "]".repeat(9_000))), "syntax");
}

fn proposal(subject: &str) -> NewProposal {
    NewProposal {
        path: C7.to_owned(),
        text: "x = 1\n".to_owned(),
        department: Some("education".to_owned()),
        base: 1,
        correction: false,
        subject: subject.to_owned(),
        at: now(),
        reason: "why".to_owned(),
    }
}

fn decision(proposal: i64, state: ProposalState, subject: &str) -> NewDecision {
    let reason = Some("because".to_owned());
    NewDecision { proposal, state, subject: subject.to_owned(), at: now(), reason, catalogue: None }
}

fn steps_only_join_and_nobody_decides_on_their_own(backend: Backend) {
    let database = backend.database();
    let store = database.store();
    add(&store, 0, texts());
    for number in 1..=3 {
        assert_eq!(store.add_proposal(proposal("li")).wait(), Ok(number));
    }
    let own = store.decide_proposal(decision(1, ProposalState::Rejected, "li")).wait();
    assert!(matches!(own, Err(StoreError::Driver(_))), "{own:?}");
    assert_eq!(store.decide_proposal(decision(1, ProposalState::Rejected, "wang")).wait(), Ok(Decided::Done));
    let again = store.decide_proposal(decision(1, ProposalState::Withdrawn, "li")).wait();
    assert_eq!(again, Ok(Decided::Already(ProposalState::Rejected)));
    assert!(store.decide_proposal(decision(9, ProposalState::Withdrawn, "li")).wait().is_err());
    let page = |department: Option<&str>, open, before| {
        let department = department.map(str::to_owned);
        let page = store.proposals(ProposalQuery { department, open, before, first: 2 }).wait().unwrap();
        (page.items.iter().map(|one| one.id).collect::<Vec<_>>(), page.more, page.total)
    };
    assert_eq!(page(None, false, None), (vec![3, 2], true, 3));
    assert_eq!(page(None, false, Some(2)), (vec![1], false, 3));
    assert_eq!(page(Some("education"), true, None), (vec![3, 2], false, 2));
    assert_eq!(page(Some("health"), false, None), (vec![], false, 0));
    let mut raw = database.raw();
    raw.keeps("proposals", "path");
    raw.keeps("proposal_steps", "subject");
    let third = "INSERT INTO proposal_steps SELECT 2, 3, 'withdrawn', subject, recorded_at, reason, NULL FROM proposal_steps";
    assert!(raw.run(third).is_err());
}

fn run(arguments: &[&str], database: &Database) -> (i32, String, String) {
    let output =
        program().args(arguments).args(["--database", database.url()]).current_dir(root()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn a_proposal_goes_its_way_on_the_command_line(backend: Backend) {
    let database = backend.bare();
    let call = |line: &str| run(&line.split(' ').collect::<Vec<_>>(), &database);
    let (code, out, err) =
        call("proposal retire C7 --from 2090-01-01 --reason over --by li --department health");
    assert_eq!(code, 1, "{err}");
    assert!(out.contains("error[not_own_measure]") && err.starts_with("error: violations:"), "{out}{err}");
    let own = "--by li --department education";
    let (code, out, err) = call(&format!("proposal retire C7 --from 2090-01-01 --reason over {own}"));
    assert_eq!(
        (code, out.as_str(), err.as_str()),
        (0, "1 已提出 measures/C7.toml，提出人 li（education）\n", "")
    );
    assert_eq!(call("proposal list --by wu --department health").1, "");
    assert_eq!(call("proposal list --by wu --open").1, out);
    let (code, _, err) = call("proposal show 1 --by wu --department health");
    assert!(code == 1 && err.contains("no proposal of this number"), "{err}");
    let households = "--households policies/cases/h3.toml";
    let (code, out, err) = call(&format!("proposal dry-run 1 {own} {households} --lang en"));
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with("dry run on 2090-01-01: 1 households\n"), "{out}");
    let (code, _, err) = call("proposal approve 1 --by li");
    assert!(code == 1 && err.starts_with("error: maker_is_checker:"), "{err}");
    let (code, _, err) = call(&format!("proposal approve 1 {own}"));
    assert!(code == 2 && err.contains("roles do not allow this"), "{err}");
    let (code, out, err) = call("proposal approve 1 --by wang --reason agreed");
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out, "1 已批准 measures/C7.toml，提出人 li（education），政策目录第 2 版\n");
    let (_, kept) = database.store().catalogue(Which::Latest).wait().unwrap().unwrap();
    let text = &kept.iter().find(|(path, _)| path == C7).unwrap().1;
    assert_eq!(text.matches("until = 2090-01-01").count(), 4);
    let (code, _, err) = call(&format!("proposal withdraw 1 {own}"));
    assert!(code == 1 && err.starts_with("error: already_decided:"), "{err}");
    let (code, out, err) = run(&["audit", "verify"], &database);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
}
