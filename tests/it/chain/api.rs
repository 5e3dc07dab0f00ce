//! The history of households over the API.

use std::sync::Arc;

use assistance_toolbox::app::access::{Actor, Caller, Claims, RULES};
use assistance_toolbox::app::catalogues::Live;
use assistance_toolbox::app::records::Records;
use assistance_toolbox::domain::ledger::Given;
use assistance_toolbox::graphql::{Schema, schema};
use assistance_toolbox::store::Store;
use async_graphql::{Executor as _, Request};
use serde_json::Value;

use super::{NOW, POLICIES, delivered, sample, save, without_dibao, yuan};
use crate::support::database::{Backend, on_both};

on_both! {
    async the_history_of_h4_is_told,
    async pages_follow_one_another,
}

/// The API over a database.
pub(super) fn api(store: &Arc<Store>) -> Schema {
    let records = Records::new(Arc::clone(store), Arc::new(NOW), RULES);
    schema(Arc::new(Live::fixed(Arc::clone(&POLICIES))), records, Arc::new(NOW))
}

/// A request of somebody with a role and a region.
pub(super) fn request(document: &str, role: &str, region: Option<&str>) -> Request {
    let roles = [role.to_owned()];
    let claims = Claims { subject: "somebody", roles: &roles, department: None, region };
    let actor = Some(Actor::new(&claims).unwrap());
    Request::new(document).data(Caller { actor, purpose: Some("review".parse().unwrap()) })
}

pub(super) async fn data(schema: &Schema, document: &str) -> Value {
    let response = schema.execute(request(document, "coordinator", None)).await;
    assert_eq!(response.errors, Vec::new(), "{document}");
    response.data.into_json().unwrap()
}

async fn the_history_of_h4_is_told(backend: Backend) {
    let store = Arc::new(backend.store());
    save(&store, sample("h4"), "2023-01-01");
    delivered(&store, "h4", ("-", "S1", "2024-06"), Given::Amount(yuan("462")));
    let schema = api(&store);
    let saved = data(
        &schema,
        "mutation { savePackage(input: { household: \"h4\", on: \"2024-06-15\" }) { saved { key number place lastSave \
         savedBy engineVersion replay } problems { code } } }",
    )
    .await;
    assert_eq!(saved["savePackage"]["saved"]["key"], "h4:3");
    assert_eq!(saved["savePackage"]["saved"]["replay"], "SAME");
    save(&store, without_dibao(sample("h4")), "2024-06-01");
    let whole = "offer beneficiary identity lines { measure standard period kind payment }";
    let change = format!(
        "gained {{ entitlement {{ {whole} }} reason {{ code }} }} lost {{ entitlement {{ {whole} }} reason {{ code \
         text(lang: EN) identity instead {{ offer beneficiary }} missing }} }} changed {{ identityEnded before {{ \
         {whole} }} after {{ {whole} }} }} needs {{ need beneficiary before after }} reclaim {{ entry offer beneficiary \
         period department paid amount code text certain }} unresolved"
    );
    let told = data(
        &schema,
        &format!(
            "{{ householdChain(key: \"h4\", first: 10) {{ totalCount pageInfo {{ hasNextPage hasPreviousPage }} edges {{ \
             node {{ kind title title_en: title(lang: EN) number save on actor offer period paid recordedAt \
             savedPackage {{ replay }} change {{ reclaim {{ amount }} }} }} }} }} savedPackages(key: \"h4\", first: 10) {{ totalCount edges {{ \
             node {{ replay }} }} }} householdEvents(region: \"9901\", first: 10) {{ totalCount edges {{ node {{ \
             household town number on save actor change {{ {change} }} }} }} }} }}"
        ),
    )
    .await;
    insta::assert_json_snapshot!("h4", told);
    // Between two days the change is the same, but nothing is reclaimed.
    let between = data(
        &schema,
        &format!(
            "{{ packageChanges(key: \"h4\", from: \"2024-05-31\", to: \"2024-07-05\") {{ change {{ {change} }} }} }}"
        ),
    )
    .await;
    let mut event = told["householdEvents"]["edges"][0]["node"]["change"].clone();
    event["reclaim"] = serde_json::json!([]);
    assert_eq!(between["packageChanges"]["change"], event);
}

async fn pages_follow_one_another(backend: Backend) {
    let store = Arc::new(backend.store());
    save(&store, sample("h4"), "2023-01-01");
    for month in ["2024-03", "2024-04", "2024-05"] {
        delivered(&store, "h4", ("-", "S1", month), Given::Amount(yuan("462")));
    }
    let schema = api(&store);
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let document = format!(
            "{{ householdChain(key: \"h4\", first: 3{after}) {{ totalCount edges {{ node {{ number }} }} pageInfo {{ \
             hasNextPage endCursor }} }} }}"
        );
        let page = &data(&schema, &document).await["householdChain"];
        assert_eq!(page["totalCount"], 4);
        seen.extend(page["edges"].as_array().unwrap().iter().map(|edge| edge["node"]["number"].as_i64()));
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = format!(", after: {}", page["pageInfo"]["endCursor"]);
    }
    assert_eq!(seen, [1, 2, 3, 4].map(Some));
}
