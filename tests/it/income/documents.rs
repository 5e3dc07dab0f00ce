//! Statements as documents: everything that is wrong comes at once, with its path, and quotes no value.

use std::collections::BTreeSet;

use assistance_toolbox::documents::household::{HouseholdError, codes as household};
use assistance_toolbox::documents::income::{codes, parse};
use assistance_toolbox::documents::reader::codes as reader;
use assistance_toolbox::domain::money::Fen;
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn base() -> Value {
    json!({
        "key": "h", "complete": true,
        "business": [{ "gross": 100, "operatingCost": 0, "depreciation": 0, "productionTax": 0 }],
        "members": [
            { "key": "p1", "work": [{ "place": "outside_city", "wages": 1 }], "items": [{ "item": "scholarship" }] },
            { "key": "p2", "study": [{ "stage": "bachelor" }] },
        ],
    })
}

fn problems(document: &Value) -> Vec<(String, &'static str)> {
    match parse(&document.to_string(), Format::Json) {
        Ok(_) => Vec::new(),
        Err(HouseholdError::Problems(problems)) => {
            problems.into_iter().map(|one| (one.path, one.code)).collect()
        }
        Err(HouseholdError::Syntax(error)) => panic!("{error}"),
    }
}

/// Where a value is put, the value, and the path and code that name the mistake.
fn mistakes() -> Vec<(&'static str, Value, &'static str, &'static str)> {
    let listed = |item: Value| json!([item]);
    let too_many: Vec<Value> = (0..51).map(|_| json!({})).collect();
    vec![
        ("/complete", Value::Null, "complete", reader::MISSING_KEY),
        ("/complete", json!("yes"), "complete", reader::WRONG_TYPE),
        ("/members", json!([]), "members", household::BAD_LENGTH),
        ("/members/1/key", json!("p1"), "members[1]", household::KEY_TWICE),
        ("/members/0/key", json!("110101199003071234"), "members[0].key", household::BAD_KEY),
        ("/business/0/gross", json!(-1), "business[0].gross", reader::NEGATIVE),
        ("/business/0/gross", json!(0.5), "business[0].gross", reader::FLOAT),
        ("/business/0/gross", json!("0.005"), "business[0].gross", reader::BAD_AMOUNT),
        ("/business/0/gross", json!(10_000_001), "business[0].gross", reader::OUT_OF_RANGE),
        ("/business/0/profit", json!(1), "business[0].profit", reader::UNKNOWN_KEY),
        ("/business", json!(too_many), "business", household::BAD_LENGTH),
        ("/work", json!([{ "wages": 1 }]), "work", reader::UNKNOWN_KEY),
        ("/members/0/work/0/place", json!("county"), "members[0].work[0].place", reader::UNKNOWN_VALUE),
        ("/members/1/study/0/stage", json!("doctor"), "members[1].study[0].stage", reader::UNKNOWN_VALUE),
        ("/members/0/items/0/item", json!("gift"), "members[0].items[0].item", reader::UNKNOWN_VALUE),
        ("/members/0/items/0/item", json!("wages"), "members[0].items[0].item", codes::MISPLACED_ITEM),
        ("/items", listed(json!({ "item": "scholarship" })), "items[0].item", codes::MISPLACED_ITEM),
        (
            "/members/0/items/0/evidence",
            json!(true),
            "members[0].items[0].evidence",
            codes::NO_EVIDENCE_ASKED,
        ),
    ]
}

#[test]
fn every_mistake_is_named_with_its_path() {
    let mut seen = BTreeSet::new();
    for (pointer, value, path, code) in mistakes() {
        let mut document = base();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        document.pointer_mut(parent).unwrap()[key] = value;
        assert_eq!(problems(&document), [(path.to_owned(), code)], "{pointer}");
        seen.insert(code);
    }
    assert!(problems(&base()).is_empty());
    assert!(codes::ALL.iter().all(|code| seen.contains(code)));
}

#[test]
fn all_mistakes_come_at_once_and_none_quotes_a_value() {
    let document = json!({
        "key": "h", "complete": 7321,
        "items": [{ "item": "secret-7321", "amount": "7321.005" }, { "item": "tuition" }],
        "members": [{ "key": "p1", "work": [{ "wages": -7321, "boss": "secret-7321" }] }],
    });
    let Err(HouseholdError::Problems(found)) = parse(&document.to_string(), Format::Json) else {
        panic!("the document is wrong in six places");
    };
    let paths: Vec<&str> = found.iter().map(|one| one.path.as_str()).collect();
    let expected = [
        "complete",
        "members[0].work[0].wages",
        "members[0].work[0].boss",
        "items[0].item",
        "items[0].amount",
        "items[1].item",
    ];
    assert_eq!(paths, expected);
    assert!(found.iter().all(|one| !format!("{one:?}").contains("7321")));
    assert!(format!("{found:?}").contains("state it as `tuition` of a record in `study`"));
}

#[test]
fn codes_may_be_written_in_chinese_or_in_capitals() {
    let mut other = base();
    other["members"][0]["work"][0]["place"] = json!("市域外");
    other["members"][0]["items"][0]["item"] = json!("奖学金");
    other["members"][1]["study"][0]["stage"] = json!("BACHELOR");
    assert_eq!(statement(&other), statement(&base()));
}

#[test]
fn an_amount_that_is_left_out_is_not_known() {
    let read = statement(&base());
    let known: Vec<(&str, Option<i64>)> =
        read.entries.iter().map(|entry| (entry.item.def().id, entry.amount.map(Fen::value))).collect();
    let expected = [
        ("wages", Some(100)),
        ("board_and_lodging", None),
        ("travel_to_work", None),
        ("scholarship", None),
        ("tuition", None),
        ("school_lodging", None),
        ("school_travel", None),
        ("business_gross", Some(10_000)),
        ("operating_cost", Some(0)),
        ("depreciation", Some(0)),
        ("production_tax", Some(0)),
    ];
    assert_eq!(known, expected);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics(text in ".{0,200}", cut in 0_usize..1500, byte in any::<char>()) {
        let mut mangled = std::fs::read_to_string(root().join(H8)).unwrap();
        let at = mangled.char_indices().map(|(at, _)| at).nth(cut).unwrap_or(0);
        mangled.insert(at, byte);
        for document in [&text, &mangled] {
            let _ = parse(document, Format::Toml);
            let _ = parse(document, Format::Json);
        }
    }
}
