//! The income arithmetics of a statement that is given in the query.

use super::*;

const COMPARE: &str = "query ($input: CompareIncomesInput!) { compareIncomes(input: $input) {
    problems { path code message hint }
    comparison { place { key } on household heads catalogueHash engineVersion adviceOnly canonical
        outcomes { ...outcome }
        beforeJoining { ruleSet { key } } afterJoining { ruleSet { key indicators { fact { key } } } }
        lines { line { key name(lang: EN) parameter { name } } year month exactMonth }
        notSet { line { key } parameter { name } }
        questions { asked text(lang: EN) holder { unit key name } item { key } bearsOn { key } } } } }
    fragment outcome on IncomeOutcome { ruleSet { key role track sameAs { key } }
        total { amount exact least most } perHead { amount exact least most }
        entries { item { code label(lang: EN) side record } holder { unit key } name amount counts adds { amount }
            rule { text(lang: EN) counts onlyIf { circumstance values } sources { text } } }
        against { line { line { key } } below }
        advice { line { line { key } } supported support { identities grantedBy { key } topUp { key } } topUpMonth } }";

/// The worked statement, in the shape of its file.
fn h8() -> Value {
    let text = std::fs::read_to_string(support::root().join("policies/cases/income/h8.toml")).unwrap();
    toml::from_str(&text).unwrap()
}

async fn compare(statement: &Value, place: Option<&str>) -> Value {
    let input = json!({ "statement": statement, "place": place, "on": ON });
    data_with(COMPARE, json!({ "input": input })).await["compareIncomes"].take()
}

async fn comparison(statement: &Value, place: Option<&str>) -> Value {
    let mut payload = compare(statement, place).await;
    assert_eq!(payload["problems"], json!([]));
    payload["comparison"].take()
}

#[tokio::test]
async fn h8_to_the_yuan() {
    let comparison = comparison(&h8(), None).await;
    let outcomes = comparison["outcomes"].as_array().unwrap();
    let figures: Vec<(&str, &str, &str)> = outcomes
        .iter()
        .map(|one| {
            let text = |value: &'static str| one[value]["amount"].as_str().unwrap();
            (one["ruleSet"]["key"].as_str().unwrap(), text("total"), text("perHead"))
        })
        .collect();
    let expected = [
        ("social_assistance", "19200.00", "4800.00"),
        ("monitoring", "40936.00", "10234.00"),
        ("huaibei_unified_2024", "19200.00", "4800.00"),
        ("monitoring_gross", "47936.00", "11984.00"),
        ("monitoring_reference", "31936.00", "7984.00"),
    ];
    assert_eq!(figures, expected);
    assert_eq!((&comparison["heads"], &comparison["adviceOnly"]), (&json!(4), &json!(true)));
    assert_eq!(
        texts(&comparison["lines"], &["year"]),
        ["9048.00", "13572.00", "9048.00", "9048.00", "13572.00"]
    );
    assert_eq!(outcomes[0]["advice"][0]["topUpMonth"], "1416.00");
    assert_eq!(texts(&outcomes[0]["advice"], &["supported"]), ["MET", "NOT_MET"]);
    assert_eq!(texts(&outcomes[1]["advice"], &["supported"]), ["NOT_MET"]);
    assert_eq!(texts(&outcomes[2]["advice"], &["supported"]), ["MET", "MET", "NOT_MET"]);
    assert_eq!(
        texts(&outcomes[2]["advice"], &["support", "grantedBy", "key"]),
        ["civil_affairs", "agriculture_rural", "civil_affairs"]
    );
    assert_eq!(texts(&comparison["beforeJoining"], &["ruleSet", "key"]), ["social_assistance", "monitoring"]);
    assert_eq!(
        texts(&comparison["afterJoining"], &["ruleSet", "indicators", "fact", "key"]),
        ["house_grade", "water_safe", "labour"]
    );
    let canonical: Value = serde_json::from_str(comparison["canonical"].as_str().unwrap()).unwrap();
    assert_eq!(canonical["catalogue"], comparison["catalogueHash"]);
    insta::assert_json_snapshot!("h8_under_social_assistance", outcomes[0]);
}

#[tokio::test]
async fn what_is_not_known_is_null_and_asked() {
    let statement = json!({ "key": "h", "complete": true, "members": [
        { "key": "p1", "name": "张三", "work": [{ "wages": "9000", "travel": "100.50" }] },
        { "key": "p2", "items": [{ "item": "SCHOLARSHIP" }] }, { "key": "p3" },
    ] });
    let comparison = comparison(&statement, Some("huaibei")).await;
    let social = &comparison["outcomes"][0];
    let total = json!({ "amount": null, "exact": null, "least": "0", "most": "900000" });
    assert_eq!(social["total"], total);
    let head = json!({ "amount": null, "exact": null, "least": "0", "most": "300000" });
    assert_eq!(social["perHead"], head);
    assert_eq!(texts(&comparison["questions"], &["asked"]), ["AMOUNT", "WORKPLACE", "AMOUNT"]);
    assert_eq!(
        texts(&comparison["questions"], &["item", "key"]),
        ["board_and_lodging", "board_and_lodging", "scholarship"]
    );
    let holder = json!({ "unit": "PERSON", "key": "p1", "name": "张三" });
    assert_eq!(comparison["questions"][1]["holder"], holder);
    assert_eq!(
        texts(&comparison["questions"][1]["bearsOn"], &["key"]),
        ["social_assistance", "huaibei_unified_2024"]
    );
}

#[tokio::test]
async fn income_per_head_is_exact_and_rounded_only_to_be_shown() {
    let statement = json!({ "key": "h", "complete": true, "items": [{ "item": "recurrent_transfers", "amount": "100" }],
        "members": [{ "key": "p1" }, { "key": "p2" }, { "key": "p3" }] });
    let comparison = comparison(&statement, Some("longnan")).await;
    let head = json!({ "amount": "33.33", "exact": "10000/3", "least": "10000/3", "most": "10000/3" });
    assert_eq!(comparison["outcomes"][0]["perHead"], head);
    assert_eq!(comparison["afterJoining"], json!([]));
    let lines: Vec<String> = texts(&comparison["lines"], &["exactMonth"]);
    assert_eq!(lines, ["71500", "107250", "212500/3"]);
}

#[tokio::test]
async fn refusals_of_business_are_data_and_broken_input_is_an_error() {
    let mut wrong = h8();
    wrong["members"][0]["work"][0]["wages"] = json!("-1");
    wrong["members"][1]["items"] = json!([{ "item": "WAGES", "amount": 20_000_000 }]);
    let payload = compare(&wrong, None).await;
    assert_eq!(payload["comparison"], Value::Null);
    assert_eq!(
        texts(&payload["problems"], &["path"]),
        ["members[0].work[0].wages", "members[1].items[0].item", "members[1].items[0].amount"]
    );
    assert!(!payload["problems"].to_string().contains("20000000"));
    let early = json!({ "input": { "statement": h8(), "on": "2020-06-01" } });
    let payload = data_with(COMPARE, early).await["compareIncomes"].take();
    assert_eq!(texts(&payload["problems"], &["code"]), ["no_rules_in_use"]);
    let query =
        "query ($input: CompareIncomesInput!) { compareIncomes(input: $input) { problems { path } } }";
    let mut nowhere = h8();
    nowhere["place"] = json!("atlantis");
    let found = error(query, json!({ "input": { "statement": nowhere } })).await;
    assert_eq!(found["extensions"]["field"], "input.statement.place");
    nowhere["place"] = Value::Null;
    let found = error(query, json!({ "input": { "statement": nowhere } })).await;
    assert_eq!(found["extensions"]["reason"], "no_place");
    let found = error(query, json!({ "input": { "statement": h8(), "place": "atlantis" } })).await;
    assert_eq!(found["extensions"]["field"], "input.place");
    let mut unknown = h8();
    unknown["members"][0]["items"][0]["item"] = json!("SHOES");
    let found = error(query, json!({ "input": { "statement": unknown } })).await;
    assert!(found["message"].as_str().unwrap().contains("input.statement.members.0.items.0.item"), "{found}");
}

#[tokio::test]
async fn codes_may_be_written_as_in_files_or_in_chinese() {
    let mut other = h8();
    other["members"][0]["work"][0]["place"] = json!("市域外");
    other["members"][2]["study"][0]["stage"] = json!("本科");
    other["members"][2]["items"][0]["item"] = json!("奖学金");
    assert_eq!(compare(&h8(), None).await, compare(&other, None).await);
    let literal = r#"{ compareIncomes(input: { place: "huaibei", on: "2024-06-01", statement: { key: "h", complete: true,
        members: [{ key: "p", study: [{ stage: BACHELOR, mode: FULL_TIME, tuition: 1 }], items: [{ item: STATE_GRANT }] }] } }) {
        problems { path } comparison { household } } }"#;
    let expected = json!({ "problems": [], "comparison": { "household": "h" } });
    assert_eq!(data(literal).await["compareIncomes"], expected);
    let alone = "query ($statement: IncomeStatementInput!) { compareIncomes(input: { statement: $statement, on: \"2024-06-01\" }) {
        problems { path } comparison { household } } }";
    let expected = json!({ "problems": [], "comparison": { "household": "h8" } });
    assert_eq!(data_with(alone, json!({ "statement": other })).await["compareIncomes"], expected);
}

#[tokio::test]
async fn the_rule_sets_of_a_place_can_be_read() {
    let query = "query ($place: String!) { incomeRuleSets(place: $place, on: \"2024-06-01\") { key name shortName(lang: EN) role track
        sameAs { key } places { key } validity { from until } period { text } heads { text } floor { text(lang: EN) }
        rules { items { key } counts validity { from until } sources { tag document { key } } }
        lines { key amount parameter { name row { value { ... on MoneyValue { amount } } } } period times unlessBelow
            supports { identities grantedBy { key } topUp { key } } }
        indicators { name(lang: EN) fact { key } sources { tag } } notes { text } sources { tag } } }";
    let found = data_with(query, json!({ "place": "huaibei" })).await["incomeRuleSets"].take();
    assert_eq!(texts(&found, &["role"]), ["APART", "APART", "UNIFIED", "READING", "READING"]);
    let edge = &found[0]["lines"][1];
    assert_eq!(
        (&edge["times"], &edge["unlessBelow"], &edge["period"]),
        (&json!("3/2"), &json!("dibao"), &json!("MONTH"))
    );
    assert_eq!(edge["parameter"]["row"]["value"]["amount"], "754.00");
    assert_eq!(found[2]["sameAs"]["key"], "social_assistance");
    // What is borrowed stands in the borrowing rule set as well.
    for set in found.as_array().unwrap() {
        let items = texts(&set["rules"], &["items"]).len();
        assert!(items >= 39, "{items} in {}", set["key"]);
    }
    let apart = data_with(query, json!({ "place": "longnan" })).await["incomeRuleSets"].take();
    assert_eq!(
        texts(&apart, &["key"]),
        ["social_assistance", "monitoring", "monitoring_gross", "monitoring_reference"]
    );
}
