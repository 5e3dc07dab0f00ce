//! The errors of the API, word for word: codes, reasons and fields are part of the interface.

use assistance_toolbox::graphql::error::Kind;

use super::*;

#[test]
fn the_table_of_errors() {
    let table: Vec<_> = Kind::ALL.into_iter().map(Kind::codes).collect();
    insta::assert_json_snapshot!(table);
}

#[tokio::test]
async fn broken_input_names_its_field() {
    let cases = [
        ("{ measures(first: 0) { totalCount } }", "page_size", "first"),
        ("{ measures(first: 101) { totalCount } }", "page_size", "first"),
        ("{ measures(first: -1) { totalCount } }", "page_size", "first"),
        ("{ measures(first: 1, after: \"D1\") { totalCount } }", "malformed_cursor", "after"),
        ("{ measures(first: 1, place: \"atlantis\") { totalCount } }", "unknown_place", "place"),
        ("{ reach(identities: [DIBAO], place: \"atlantis\") { count } }", "unknown_place", "place"),
        ("{ node(id: \"D1\") { id } }", "malformed_id", "id"),
        ("{ measure(key: { id: \"D1\" }) { id } }", "malformed_id", "key.id"),
    ];
    for (query, reason, field) in cases {
        let error = error(query, json!({})).await;
        assert_eq!(
            error["extensions"],
            json!({ "code": "BAD_USER_INPUT", "reason": reason, "field": field })
        );
    }
    let long = json!({ "filter": { "text": "x".repeat(201) } });
    let error =
        error("query ($filter: MeasureFilter) { measures(first: 1, filter: $filter) { totalCount } }", long);
    assert_eq!(error.await["extensions"]["field"], "filter.text");
}

#[tokio::test]
async fn one_error_in_full() {
    let found = error("{ measures(first: 0) { totalCount } }", json!({})).await;
    let expected = json!({
        "message": "`first` must be from 1 to 100",
        "locations": [{ "line": 1, "column": 3 }],
        "path": ["measures"],
        "extensions": { "code": "BAD_USER_INPUT", "reason": "page_size", "field": "first" },
    });
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_date_that_is_none() {
    let found = error("{ trackGap(on: \"2024-02-30\") { count } }", json!({})).await;
    assert_eq!(found["extensions"], json!({ "code": "BAD_USER_INPUT", "reason": "malformed_date" }));
}

#[tokio::test]
async fn a_place_or_measure_that_is_missing() {
    let mut household = household("h4.toml");
    let resolve =
        "query ($input: ResolvePackageInput!) { resolvePackage(input: $input) { problems { path } } }";
    let explain =
        "query ($input: ExplainMeasureInput!) { explainMeasure(input: $input) { problems { path } } }";
    let input = json!({ "input": { "household": household, "place": "atlantis" } });
    assert_eq!(error(resolve, input).await["extensions"]["field"], "input.place");
    let input = json!({ "input": { "household": household, "measure": { "key": "Z1" } } });
    assert_eq!(error(explain, input).await["extensions"]["reason"], "unknown_measure");
    household["place"] = json!("atlantis");
    let input = json!({ "input": { "household": household } });
    assert_eq!(error(resolve, input).await["extensions"]["field"], "input.household.place");
    household["place"] = Value::Null;
    let input = json!({ "input": { "household": household } });
    assert_eq!(error(resolve, input).await["extensions"]["reason"], "no_place");
}

#[tokio::test]
async fn a_schema_without_a_service_says_nothing_of_the_inside() {
    use async_graphql::{EmptyMutation, EmptySubscription};
    let bare = async_graphql::Schema::new(
        assistance_toolbox::graphql::Query::default(),
        EmptyMutation,
        EmptySubscription,
    );
    let response = bare.execute("{ catalogueSummary { hash } }").await;
    assert_eq!(response.errors[0].message, "internal error");
    let extensions = serde_json::to_value(&response.errors[0].extensions).unwrap();
    assert_eq!(extensions, json!({ "code": "INTERNAL_SERVER_ERROR", "reason": "internal" }));
}

#[tokio::test]
async fn lists_inside_lists_are_weighed_before_they_are_executed() {
    let levels =
        ["measures(first: 100) { edges { node", "department", "owns", "standards", "extensions", "measures"];
    let nested = |depth: usize| {
        let open: String = levels.iter().take(depth).map(|level| format!("{level} {{ ")).collect();
        let names: String = (0..20).map(|alias| format!("a{alias}: __typename ")).collect();
        format!("{{ {open} {names} {}", "} ".repeat(depth + 3))
    };
    assert_eq!(answer(&nested(2), json!({})).await.errors.len(), 0);
    assert_eq!(answer(&nested(6), json!({})).await.errors[0].message, "Query is too complex.");
}
