//! What the catalogue consists of.

use super::*;

#[tokio::test]
async fn the_catalogue_has_its_numbers() {
    let mut summary = data(
        "{ catalogueSummary { measures differing monitoredOnly shared socialAssistanceOnly named
           reconstructed identityTypes hash } }",
    )
    .await["catalogueSummary"]
        .take();
    let hash = summary["hash"].take();
    assert_eq!(hash, json!(POLICIES.catalogue().hash.to_string()));
    let expected = json!({
        "measures": 34, "differing": 4, "monitoredOnly": 13, "shared": 12, "socialAssistanceOnly": 5,
        "named": 16, "reconstructed": 18, "identityTypes": 7, "hash": null,
    });
    assert_eq!(summary, expected);
}

#[tokio::test]
async fn the_registers_are_complete_and_have_sources() {
    let query = "{ identityTypes { code name test track holder sources { text } }
        identityPairs { first second sources { tag detail document { key title } } }
        departments { key name(lang: EN) owns { key } sources { text } }
        exclusions { key mode members { measure { key } standards { key } } sources { text } }
        cascades { key links { key } basis { key } sources { text } }
        needs { key expression answeredBy { key } sources { text } }
        documents { key title official readAt }
        parameters { name type text(lang: EN) } }";
    let all = data(query).await;
    let count = |key: &str| all[key].as_array().unwrap().len();
    assert_eq!((count("identityTypes"), count("identityPairs")), (7, 21));
    let owned = texts(&all["departments"], &["owns", "key"]);
    assert_eq!(owned.len(), 34);
    assert_eq!(texts(&all["cascades"], &["links", "key"]), ["D3", "D1"]);
    for register in ["identityTypes", "departments", "exclusions", "cascades", "needs"] {
        for entry in all[register].as_array().unwrap() {
            assert!(!texts(&entry["sources"], &["text"]).is_empty(), "{entry}");
        }
    }
    for member in all["exclusions"].as_array().unwrap() {
        assert!(!texts(&member["members"], &["measure", "key"]).contains(&String::from("null")), "{member}");
    }
}

#[tokio::test]
async fn a_place_shows_its_own_rows_and_those_in_force() {
    let query = r#"{ place(key: "huaibei") { extends { key } extensions { key to sources { text } }
        own: parameters { name } all: parameters(inForce: "2024-06-01") {
            name place { key } validity { from until } sources { text } value {
                __typename ... on MoneyValue { amount period } ... on ShareValue { share of } } } } }"#;
    let place = data(query).await["place"].take();
    assert_eq!(place["extends"]["key"], "huaibei-parallel");
    assert_eq!(texts(&place["extensions"], &["key"]), ["subset_9_work", "subset_9_industry"]);
    let all = place["all"].as_array().unwrap();
    assert!(all.len() > place["own"].as_array().unwrap().len());
    let line = all.iter().find(|row| row["name"] == "dibao_line_month").unwrap();
    assert_eq!(
        (&line["value"]["amount"], &line["place"]["key"]),
        (&json!("754.00"), &json!("huaibei-parallel"))
    );
    assert_eq!(data(r#"{ place(key: "atlantis") { key } }"#).await["place"], Value::Null);
}

#[tokio::test]
async fn every_id_fetches_what_gave_it_out() {
    let all = data(
        "{ measures(first: 100) { edges { node { id } } } identityTypes { id } departments { id }
           exclusions { id } cascades { id } needs { id } places { id } documents { id } }",
    )
    .await;
    let mut ids = texts(&all["measures"]["edges"], &["node", "id"]);
    for register in ["identityTypes", "departments", "exclusions", "cascades", "needs", "places", "documents"]
    {
        ids.extend(texts(&all[register], &["id"]));
    }
    assert!(ids.len() > 34 + 7 + 6, "{}", ids.len());
    for id in &ids {
        let found =
            data_with("query ($id: ID!) { node(id: $id) { __typename id } }", json!({ "id": id })).await;
        assert_eq!(found["node"]["id"], *id);
    }
    let nobody = assistance_toolbox::graphql::ids::Entity::Measure.id("Z9");
    let found = data_with("query ($id: ID!) { node(id: $id) { id } }", json!({ "id": nobody })).await;
    assert_eq!(found["node"], Value::Null);
}

#[tokio::test]
async fn the_vocabulary_asks_in_both_languages() {
    let all = data(
        "{ vocabulary { key path kind level label question zh: question(lang: ZH) en: question(lang: EN)
        choices { code label(lang: EN) } } }",
    )
    .await;
    for fact in all["vocabulary"].as_array().unwrap() {
        assert_eq!(fact["path"].is_null(), fact["en"].is_null(), "{fact}");
        assert_eq!(fact["question"], fact["zh"]);
    }
    let stage = all["vocabulary"].as_array().unwrap().iter().find(|fact| fact["key"] == "stage").unwrap();
    assert_eq!(stage["choices"].as_array().unwrap().len(), 9);
}
