//! `income` as it is run.

use super::*;
use crate::cli::{assert_fits, file, run, without_hash};

#[test]
fn the_tables_of_h8() {
    for lang in ["zh", "en"] {
        let ran = run(&["income", H8, "--on", "2024-06-01", "--lang", lang]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert_fits(&ran.out);
        for figure in [
            "19,200.00",
            "4,800.00",
            "40,936.00",
            "10,234.00",
            "47,936.00",
            "11,984.00",
            "31,936.00",
            "7,984.00",
            "1,416.00",
        ] {
            assert!(ran.out.contains(figure), "{figure}\n{}", ran.out);
        }
        insta::assert_snapshot!(format!("table_h8_{lang}"), without_hash(&ran.out));
    }
}

#[test]
fn h8_as_canonical_json() {
    let ran = run(&["income", H8, "--on", "2024-06-01", "--format", "json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(ran.out.trim_end().as_bytes(), serde_json_canonicalizer::to_vec(&document).unwrap());
    assert_eq!(document["adviceOnly"], true);
    let pretty = serde_json::to_string_pretty(&document).unwrap();
    insta::assert_snapshot!("h8", without_hash(&pretty));
}

/// Facts that are not known, at a place that sets no dibao line for the year.
#[test]
fn what_is_not_known_is_asked() {
    let text = r#"{"key": "u", "complete": false, "members": [
        {"key": "p1", "name": "张三", "work": [{"name": "工地", "wages": "12000.01", "boardAndLodging": 2000}]},
        {"key": "p2", "items": [{"item": "illness_own_payment", "amount": 300}, {"item": "pension_other"}]},
        {"key": "p3", "study": [{"tuition": 500, "lodging": 0, "travel": 0}]}]}"#;
    let (_folder, path) = file("u.json", text.as_bytes());
    for (lang, place, on) in [("zh", "huaibei", "2023-06-01"), ("en", "longnan", "2024-06-01")] {
        let ran = run(&["income", path.to_str().unwrap(), "--on", on, "--place", place, "--lang", lang]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert_fits(&ran.out);
        insta::assert_snapshot!(format!("table_unknown_{lang}"), without_hash(&ran.out));
    }
}

#[test]
fn bad_statements_end_with_2_and_print_nothing() {
    let toml = "key = \"k\"\ncomplete = true\n[[members]]\nkey = \"p1\"\n";
    let cases = [
        ("amount.toml", format!("{toml}work = [{{ wages = -5 }}]\n"), ":5: members[0].work[0].wages: "),
        (
            "item.toml",
            format!("{toml}[[members.items]]\nitem = \"scholarsip\"\n"),
            ":6: members[0].items[0].item: ",
        ),
        (
            "none.toml",
            String::from("key = \"k\"\n[[members]]\nkey = \"p1\"\n"),
            ": complete: `complete` is missing",
        ),
        ("noplace.toml", toml.to_owned(), ": place: missing (name it here or with `--place`: "),
        (
            "place.toml",
            format!("place = \"huaibai\"\n{toml}"),
            ": place: no place of this id in the policies (did you mean",
        ),
        ("broken.toml", String::from("key = = 1\n"), ":1: column "),
        ("broken.json", String::from("{\"key\": 1,\n \"a\" 2}"), ":2: column "),
        ("text.ndjson", String::new(), ": an income statement stands in a `.toml` or `.json` file"),
    ];
    for (name, text, expected) in cases {
        let (_folder, path) = file(name, text.as_bytes());
        let path = path.to_str().unwrap();
        let ran = run(&["income", path, "--on", "2024-06-01"]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{name}: {}", ran.err);
        let behind = ran.err.strip_prefix(path).unwrap();
        assert!(behind.contains(expected), "{name}: {behind}");
    }
    let ran = run(&["income", "nowhere.toml", "--place", "huaibai"]);
    assert_eq!(ran.code, 2);
    // Both mistakes come in one go.
    assert!(
        ran.err.contains("`--place`: no place `huaibai`") && ran.err.contains("nowhere.toml: cannot be read")
    );
    let ran = run(&["income", H8, "--on", "2020-06-01"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("no income arithmetic is in use at this place on this date"), "{}", ran.err);
}
