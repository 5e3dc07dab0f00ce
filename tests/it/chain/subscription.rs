//! Changes are told to whoever follows, within their scope, from whichever process they come.

use std::sync::Arc;
use std::time::Duration;

use assistance_toolbox::app::access::{RULES, Role};
use async_graphql::futures_util::{Stream, StreamExt as _};
use async_graphql::{Executor as _, Response};
use serde_json::{Value, json};

use super::api::{api, data, request};
use super::{sample, save, with_income};
use crate::support::database::{Backend, on_both};
use assistance_toolbox::domain::facts::Household;
use assistance_toolbox::store::Store;

on_both! {
    async a_change_of_another_process_arrives_within_the_scope,
    async whoever_comes_back_goes_on_from_a_cursor,
    async only_those_follow_whom_the_table_lets,
    async a_slow_reader_is_told,
}

const DOCUMENT: &str = "subscription { householdEvents { event { household number change { changed { after { offer } } } } \
     cursor missed } }";

/// H4 under a key and in a town.
fn in_town(key: &str, town: Option<&str>) -> Household {
    let mut household = sample("h4");
    household.key = key.to_owned();
    household.town = town.map(|town| town.parse().unwrap());
    household
}

/// Saves a household twice, so that there is one change.
fn changed(store: &Store, key: &str, town: Option<&str>) {
    save(store, in_town(key, town), "2023-01-01");
    save(store, with_income(in_town(key, town), 23_400), "2024-06-01");
}

async fn next(stream: &mut (impl Stream<Item = Response> + Unpin)) -> Value {
    let response = tokio::time::timeout(Duration::from_mins(1), stream.next()).await.unwrap().unwrap();
    assert_eq!(response.errors, Vec::new());
    response.data.into_json().unwrap()["householdEvents"].take()
}

async fn a_change_of_another_process_arrives_within_the_scope(backend: Backend) {
    let database = backend.database();
    let schema = api(&Arc::new(database.store()));
    let mut own = schema.execute_stream(request(DOCUMENT, "caseworker", Some("990101")), None);
    let mut all = schema.execute_stream(request(DOCUMENT, "auditor", None), None);
    let other = database.store();
    let write = actix_web::web::block(move || {
        changed(&other, "H2", Some("990102001"));
        changed(&other, "H3", None);
        changed(&other, "H1", Some("990101001"));
        other
    });
    // Both begin to follow before anything is written.
    let (mut one, mut first) = (Box::pin(next(&mut own)), Box::pin(next(&mut all)));
    assert!(futures_pending(&mut one).await && futures_pending(&mut first).await);
    let other = write.await.unwrap();
    let (one, first) = (one.await, first.await);
    assert_eq!(one["event"]["household"], "H1", "the others are in other regions");
    assert_eq!(one["event"]["change"]["changed"], json!([{ "after": { "offer": "S1" } }]));
    let mut seen = vec![first["event"]["household"].clone()];
    for _ in 0..2 {
        seen.push(next(&mut all).await["event"]["household"].clone());
    }
    assert_eq!(seen, ["H2", "H3", "H1"]);
    let audit = other.audit(0, 9).wait().unwrap();
    let begun: Vec<_> =
        audit.rows.iter().map(|row| (row.entry.action.as_str(), row.entry.outcome.as_str())).collect();
    assert_eq!(begun, [("Subscription.householdEvents", "shown"); 2]);
}

/// Whether a future is not done yet; it has begun then.
async fn futures_pending<F: Future + Unpin>(future: &mut F) -> bool {
    tokio::time::timeout(Duration::from_millis(300), future).await.is_err()
}

async fn whoever_comes_back_goes_on_from_a_cursor(backend: Backend) {
    let store = Arc::new(backend.store());
    for key in ["H1", "H2", "H3"] {
        changed(&store, key, Some("990101001"));
    }
    let schema = api(&store);
    let list =
        data(&schema, "{ householdEvents(first: 1) { totalCount edges { cursor node { household } } } }")
            .await;
    assert_eq!(list["householdEvents"]["totalCount"], 3);
    let cursor = list["householdEvents"]["edges"][0]["cursor"].as_str().unwrap();
    let document = DOCUMENT.replace("householdEvents {", &format!("householdEvents(after: \"{cursor}\") {{"));
    let mut rest = schema.execute_stream(request(&document, "coordinator", Some("99")), None);
    assert_eq!(next(&mut rest).await["event"]["household"], "H2");
    assert_eq!(next(&mut rest).await["event"]["household"], "H3");
    // And then what is new.
    save(&store, in_town("H1", Some("990101001")), "2024-06-01");
    let new = next(&mut rest).await;
    assert_eq!((&new["event"]["household"], &new["missed"]), (&json!("H1"), &json!(false)));
    let asked = format!("householdEvents(household: \"H3\", after: \"{cursor}\") {{");
    let one = DOCUMENT.replace("householdEvents {", &asked);
    let mut one = schema.execute_stream(request(&one, "coordinator", None), None);
    let first = next(&mut one).await;
    assert_eq!(first["event"]["household"], "H3");
}

/// The table of rules holds for what is followed too.
async fn only_those_follow_whom_the_table_lets(backend: Backend) {
    let schema = api(&Arc::new(backend.store()));
    for role in Role::ALL {
        for region in [None, Some("9901")] {
            let mut stream = schema.execute_stream(request(DOCUMENT, role.code(), region), None);
            let first = tokio::time::timeout(Duration::from_millis(100), stream.next()).await;
            let allowed = match role {
                Role::Caseworker => region.is_some(),
                Role::Coordinator | Role::Auditor => true,
                Role::Portal | Role::Officer | Role::Operator => false,
            };
            assert_eq!(first.is_err(), allowed, "{role:?} {region:?} {first:?}");
            if let Ok(Some(refused)) = first {
                assert_eq!(refused.errors.len(), 1);
            }
        }
    }
    let mut nobody = schema.execute_stream(async_graphql::Request::new(DOCUMENT), None);
    assert_eq!(nobody.next().await.unwrap().errors.len(), 1);
    assert!(RULES.iter().any(|rule| rule.what == "Subscription.householdEvents"));
}

/// Who does not read is told that something was missed, and holds nobody up.
async fn a_slow_reader_is_told(backend: Backend) {
    let store = Arc::new(backend.store());
    save(&store, sample("h4"), "2023-01-01");
    let schema = api(&store);
    let mut slow = schema.execute_stream(request(DOCUMENT, "auditor", None), None);
    let mut quick = schema.execute_stream(request(DOCUMENT, "auditor", None), None);
    let (mut first, mut other) = (Box::pin(next(&mut slow)), Box::pin(next(&mut quick)));
    assert!(futures_pending(&mut first).await && futures_pending(&mut other).await);
    save(&store, with_income(sample("h4"), 20_000), "2024-06-01");
    let (first, _) = (first.await, other.await);
    assert_eq!(first["missed"], false);
    let many = 1100;
    for number in 0..many {
        save(&store, with_income(sample("h4"), 10_000 + 12 * number), "2024-06-01");
    }
    for _ in 0..many {
        assert_eq!(next(&mut quick).await["missed"], false);
    }
    assert_eq!(next(&mut slow).await, json!({ "event": null, "cursor": null, "missed": true }));
    assert_eq!(next(&mut slow).await["missed"], false);
}
