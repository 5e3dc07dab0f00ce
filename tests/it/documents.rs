//! Households as documents: nothing is lost, nothing is accepted that means nothing, no input panics.

use std::collections::BTreeSet;

use assistance_toolbox::documents::household::{Format, HouseholdError, codes, parse, write};
use assistance_toolbox::documents::reader;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{catalogue, root};

fn cases() -> Vec<(String, String)> {
    let folder = std::fs::read_dir(root().join("policies/cases")).unwrap();
    let files = folder
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "toml"));
    let named = files.map(|path| (path.display().to_string(), std::fs::read_to_string(path).unwrap()));
    named.collect()
}

fn base() -> Value {
    json!({
        "key": "h",
        "identities": [{ "type": "dibao", "since": "2023-01-01" }],
        "income": { "countedYear": 18000 },
        "members": [{ "key": "p1", "birthDate": "1970-01-01", "disability": { "kinds": ["limb"] } }, { "key": "p2" }],
    })
}

fn problems(document: &Value) -> Vec<(String, &'static str)> {
    match parse(&document.to_string(), Format::Json, &catalogue()) {
        Ok(_) => Vec::new(),
        Err(HouseholdError::Problems(problems)) => {
            problems.into_iter().map(|one| (one.path, one.code)).collect()
        }
        Err(HouseholdError::Syntax(error)) => panic!("{error}"),
    }
}

#[test]
fn every_sample_reads_back_as_it_was_written() {
    for (name, text) in cases() {
        let household = parse(&text, Format::Toml, &catalogue()).unwrap();
        let written = write(&household).to_string();
        assert_eq!(parse(&written, Format::Json, &catalogue()).unwrap(), household, "{name}");
    }
}

/// What is wrong, where it is put into the base, the path and code that name it.
fn mistakes() -> Vec<(&'static str, Value, &'static str, &'static str)> {
    let too_many: Vec<Value> = (0..101).map(|number| json!({ "key": format!("p{number}") })).collect();
    let held = |list: Value| list;
    vec![
        ("/income/countedYear", json!(-1), "income.countedYear", reader::codes::NEGATIVE),
        ("/income/countedYear", json!(0.1), "income.countedYear", reader::codes::FLOAT),
        ("/income/countedYear", json!("1.005"), "income.countedYear", reader::codes::BAD_AMOUNT),
        ("/income/countedYear", json!("10000000.01"), "income.countedYear", reader::codes::OUT_OF_RANGE),
        ("/income/countedYear", json!(true), "income.countedYear", reader::codes::WRONG_TYPE),
        ("/income/counted", json!(1), "income.counted", reader::codes::UNKNOWN_KEY),
        ("/members/0/birthDate", json!("1970-02-30"), "members[0].birthDate", reader::codes::BAD_DATE),
        (
            "/members/0/disability/kinds",
            json!(["leg"]),
            "members[0].disability.kinds[0]",
            reader::codes::UNKNOWN_VALUE,
        ),
        ("/members/0/key", json!("110101199003071234"), "members[0].key", codes::BAD_KEY),
        ("/members/0/key", json!(""), "members[0].key", reader::codes::EMPTY_TEXT),
        ("/town", json!("示例镇"), "town", codes::BAD_TOWN),
        ("/town", json!("990101"), "town", codes::BAD_TOWN),
        ("/members/1/key", json!("p1"), "members[1]", codes::KEY_TWICE),
        ("/members/1/key", Value::Null, "members[1].key", reader::codes::MISSING_KEY),
        ("/members", json!([]), "members", codes::BAD_LENGTH),
        ("/members", json!(too_many), "members", codes::BAD_LENGTH),
        ("/identities/0/type", json!("poor"), "identities[0].type", reader::codes::UNKNOWN_VALUE),
        ("/identities/0/until", json!("2023-01-01"), "identities[0].until", codes::BAD_VALIDITY),
        ("/identities/0/type", json!("tekun"), "identities[0]", codes::WRONG_HOLDER),
        (
            "/identities",
            held(
                json!([{ "type": "dibao", "since": "2023-01-01" }, { "type": "rigid", "since": "2024-01-01" }]),
            ),
            "identities[1]",
            codes::IMPOSSIBLE_PAIR,
        ),
        (
            "/identities",
            held(
                json!([{ "type": "dibao", "since": "2023-01-01" }, { "type": "dibao", "since": "2024-01-01" }]),
            ),
            "identities[1]",
            codes::HELD_TWICE,
        ),
        (
            "/identities",
            held(json!([{ "type": "rigid", "since": "2023-01-01" }])),
            "members[0].identities[0]",
            codes::IMPOSSIBLE_PAIR,
        ),
        ("/exPoor", json!(false), "identities[0]", codes::CONTRADICTION),
    ]
}

#[test]
fn every_mistake_is_named_with_its_path() {
    let mut seen = BTreeSet::new();
    for (pointer, value, path, code) in mistakes() {
        let mut document = base();
        if path.starts_with("members[0].identities") {
            document["members"][0]["identities"] = json!([{ "type": "tekun", "since": "2023-01-01" }]);
        }
        if code == codes::CONTRADICTION {
            document["identities"] = json!([{ "type": "m_unstable", "since": "2023-01-01" }]);
        }
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match document.pointer_mut(parent).unwrap() {
            Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
            table => table[key] = value,
        }
        assert_eq!(problems(&document), [(path.to_owned(), code)], "{pointer}");
        seen.insert(code);
    }
    assert!(problems(&base()).is_empty());
    let all: BTreeSet<_> = codes::ALL.iter().copied().collect();
    assert_eq!(all.difference(&seen).collect::<Vec<_>>(), Vec::<&&str>::new(), "codes without a case");
}

#[test]
fn all_mistakes_of_a_document_come_at_once_and_none_quotes_a_value() {
    let document = json!({
        "key": "h",
        "income": { "countedYear": "secret-7321" },
        "members": [{ "key": "p1", "name": 5, "birthDate": "secret-7321" }, { "key": "p2", "work": { "labour": "secret-7321" } }],
        "secrets": 1,
    });
    let Err(HouseholdError::Problems(found)) = parse(&document.to_string(), Format::Json, &catalogue())
    else {
        panic!("the document is wrong in five places");
    };
    let paths: Vec<_> = found.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "income.countedYear",
            "members[0].name",
            "members[0].birthDate",
            "members[1].work.labour",
            "secrets"
        ]
    );
    assert!(found.iter().all(|one| !format!("{one:?}").contains("7321")));
}

/// Chinese names of values are as good as their codes.
#[test]
fn values_may_be_written_in_chinese() {
    let mut document = base();
    document["members"][0]["work"] = json!({ "labour": "弱劳动力", "place": "省外" });
    document["members"][0]["disability"]["kinds"] = json!(["肢体", "视力"]);
    let household = parse(&document.to_string(), Format::Json, &catalogue()).unwrap();
    let written = write(&household);
    assert_eq!(written["members"][0]["work"], json!({ "labour": "weak", "place": "outside_province" }));
    assert_eq!(written["members"][0]["disability"]["kinds"], json!(["vision", "limb"]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics(text in ".{0,200}", cut in 0_usize..2000, byte in any::<char>()) {
        let mut mangled = cases().remove(0).1;
        let at = mangled.char_indices().map(|(at, _)| at).nth(cut).unwrap_or(0);
        mangled.insert(at, byte);
        for document in [&text, &mangled] {
            let _ = parse(document, Format::Toml, &catalogue());
            let _ = parse(document, Format::Json, &catalogue());
        }
    }
}
