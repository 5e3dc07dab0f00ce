//! Measures: filters, pages, and one measure in full.

use super::*;

async fn keys(filter: Value, place: &str) -> Vec<String> {
    let query = "query ($filter: MeasureFilter, $place: String!) {
        measures(first: 100, filter: $filter, place: $place, on: \"2024-06-01\") {
            totalCount edges { node { key } } } }";
    let page = data_with(query, json!({ "filter": filter, "place": place })).await["measures"].take();
    let keys = texts(&page["edges"], &["node", "key"]);
    assert_eq!(page["totalCount"], keys.len());
    keys
}

#[tokio::test]
async fn filters_agree_with_the_numbers_of_the_catalogue() {
    let cases = [
        (json!(null), "baseline", 34),
        (json!({ "set": "DIFFERING" }), "baseline", 4),
        (json!({ "set": "MONITORED_ONLY" }), "baseline", 13),
        (json!({ "set": "SHARED" }), "baseline", 12),
        (json!({ "set": "SOCIAL_ASSISTANCE_ONLY" }), "baseline", 5),
        (json!({ "standing": "NAMED" }), "baseline", 16),
        (json!({ "standing": "RECONSTRUCTED" }), "baseline", 18),
        (json!({ "track": "MONITORING" }), "baseline", 29),
        (json!({ "track": "SOCIAL_ASSISTANCE" }), "baseline", 21),
        (json!({ "track": "SOCIAL_ASSISTANCE" }), "huaibei", 30),
        (json!({ "track": "SOCIAL_ASSISTANCE" }), "huaibei-all13", 34),
        (json!({ "identity": "TEKUN" }), "baseline", 17),
        (json!({ "identity": "DIBAO", "set": "SOCIAL_ASSISTANCE_ONLY" }), "baseline", 4),
        (json!({ "category": "medical_reimbursement" }), "baseline", 1),
    ];
    for (filter, place, count) in cases {
        assert_eq!(keys(filter.clone(), place).await.len(), count, "{filter} {place}");
    }
    assert_eq!(keys(json!({ "text": "  医疗救助 " }), "baseline").await, ["D1"]);
    assert_eq!(keys(json!({ "text": "STUDENT loan" }), "baseline").await, ["C9"]);
    assert_eq!(keys(json!({ "text": "zzz" }), "baseline").await, Vec::<String>::new());
    let owned = keys(json!({ "department": "education" }), "baseline").await;
    assert!(owned.contains(&String::from("C9")) && owned.len() < 34);
}

#[tokio::test]
async fn pages_follow_one_another_by_cursors() {
    let query = "query ($after: String, $filter: MeasureFilter) { measures(first: 5, after: $after, filter: $filter) {
        totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        edges { cursor node { key } } } }";
    for filter in [json!(null), json!({ "set": "SHARED" })] {
        let mut seen = Vec::new();
        let mut after = Value::Null;
        loop {
            let page = data_with(query, json!({ "after": after, "filter": filter })).await["measures"].take();
            assert_eq!(page["pageInfo"]["hasPreviousPage"], !seen.is_empty());
            seen.extend(texts(&page["edges"], &["node", "key"]));
            after = page["pageInfo"]["endCursor"].clone();
            assert_eq!(after, page["edges"].as_array().unwrap().last().unwrap()["cursor"]);
            if page["pageInfo"]["hasNextPage"] == false {
                assert_eq!(page["totalCount"], seen.len());
                break;
            }
        }
        assert_eq!(seen, keys(filter, "baseline").await);
    }
}

#[tokio::test]
async fn a_measure_is_found_by_any_of_its_keys() {
    let query = "query ($key: MeasureKey!) { measure(key: $key) { id key code name(lang: EN) } }";
    let first = data_with(query, json!({ "key": { "key": "D1" } })).await["measure"].take();
    let id = first["id"].clone();
    for key in [json!({ "code": "MEDICAL_ASSISTANCE" }), json!({ "id": id })] {
        assert_eq!(data_with(query, json!({ "key": key })).await["measure"], first);
    }
    for key in [json!({ "key": "Z1" }), json!({ "code": "D1" })] {
        assert_eq!(data_with(query, json!({ "key": key })).await["measure"], Value::Null);
    }
}

const WHOLE: &str = "query ($key: String!) { measure(key: { key: $key }, place: \"huaibei\", on: \"2024-06-01\") {
    key name nameEn: name(lang: EN) set goal unit form department { key } standing confidence
    legalBasis { text } extensionLimit { text(lang: EN) }
    standards(inForce: \"2024-06-01\") { key identities period rounding validity { from until }
        extensions { key } conditions { text(lang: EN) expression facts { key } sources { text } }
        parts { __typename name(lang: EN) sources { text }
            ... on FixedBenefit { amount { ...money } }
            ... on ShareBenefit { rate { rate } of { ...money } }
            ... on PerUnitBenefit { price { price } fact { key } units { count } times }
            ... on ReimbursementBenefit { basis { key } deductible { ...money } rate { rate parameter { name } }
                bands { bands { upTo rate } parameter { name } } cap { ...money } ratePlus { rate } }
            ... on TopUpBenefit { line { ...money } notHeads { key } }
            ... on LoanBenefit { ceiling { ...money } }
            ... on UnpricedBenefit { reason practiceLeast practiceMost } } } } }
    fragment money on MoneyTerm { amount noLimit parameter { name } }";

#[tokio::test]
async fn a_standard_of_medical_assistance_in_full() {
    let measure = data_with(WHOLE, json!({ "key": "D1" })).await["measure"].take();
    assert_eq!(measure["standards"].as_array().unwrap().len(), 7);
    insta::assert_json_snapshot!(measure["standards"][1]);
}

#[tokio::test]
async fn every_measure_can_be_shown_in_full_with_its_sources() {
    let mut kinds = std::collections::BTreeSet::new();
    for key in keys(json!(null), "baseline").await {
        let measure = data_with(WHOLE, json!({ "key": key })).await["measure"].take();
        assert!(!texts(&measure["legalBasis"], &["text"]).is_empty(), "{key}");
        assert!(measure["department"]["key"].is_string(), "{key}");
        for standard in measure["standards"].as_array().unwrap() {
            for part in standard["parts"].as_array().unwrap() {
                kinds.insert(part["__typename"].as_str().unwrap().to_owned());
                assert!(!texts(&part["sources"], &["text"]).is_empty(), "{key} {part}");
            }
        }
    }
    let expected = [
        "FixedBenefit",
        "LoanBenefit",
        "PerUnitBenefit",
        "ReimbursementBenefit",
        "ShareBenefit",
        "TopUpBenefit",
        "UnpricedBenefit",
    ];
    assert!(kinds.iter().all(|kind| expected.contains(&kind.as_str())), "{kinds:?}");
    assert!(kinds.len() >= 6, "{kinds:?}");
}

#[tokio::test]
async fn the_whole_catalogue_fits_into_one_answer() {
    let whole = WHOLE
        .replace("query ($key: String!) { measure(key: { key: $key },", "query { measures(first: 34,")
        .replace(" {\n    key name", " { edges { node {\n    key name")
        .replace("practiceMost } } } } }", "practiceMost } } } } } } }");
    let all = data(&whole).await["measures"].take();
    assert_eq!(all["edges"].as_array().unwrap().len(), 34);
}
