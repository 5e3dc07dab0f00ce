//! Whole ID numbers over the API: with a purpose, within the region, and on record.

use assistance_toolbox::app::access::Role;
use serde_json::{Value, json};

use super::app::query;
use super::{app_on, claims};
use crate::registries::number;
use crate::registries::reveal::filled;
use crate::support::database::{Backend, on_both};

on_both! {
    async a_number_is_shown_to_who_says_what_for,
}

const DOCUMENT: &str = "mutation { revealIdNumber(input: { household: \"H7\", member: \"P1\" }) {
    idNumber masked problems { code } } }";

async fn a_number_is_shown_to_who_says_what_for(backend: Backend) {
    let store = backend.store();
    let vault = filled(&store);
    let app = app_on(backend).with_store(store).with_vault(vault);
    let (whole, masked) = (number(1).reveal().to_owned(), number(1).masked());
    let shown = json!({ "revealIdNumber": { "idNumber": whole, "masked": masked, "problems": [] } });
    let none = json!({ "revealIdNumber": { "idNumber": null, "masked": null, "problems": [{ "code": "no_id_number" }] } });
    for (role, region, expected) in [
        (Role::Caseworker, Some("9901"), &shown),
        (Role::Caseworker, Some("9902"), &none),
        (Role::Coordinator, None, &shown),
        (Role::Coordinator, Some("9902"), &none),
    ] {
        let answer = app.ask(DOCUMENT, Some(&claims(&[role], None, region))).await;
        assert_eq!(
            (answer.body.get("errors"), &answer.body["data"]),
            (None, expected),
            "{role:?} {region:?}"
        );
    }
    for role in [Role::Officer, Role::Portal, Role::Auditor, Role::Operator] {
        let answer = app.ask(DOCUMENT, Some(&claims(&[role], Some("education"), None))).await;
        assert_eq!(answer.error(), ("FORBIDDEN", "role_required"), "{role:?}");
    }
    // Others than caseworkers look at much without saying what for, but not at this.
    let coordinator = app.bearer(&claims(&[Role::Coordinator], None, None));
    let unsaid = app.one(query(DOCUMENT).insert_header(coordinator)).await;
    assert_eq!((unsaid.error(), &unsaid.body["data"]), (("FORBIDDEN", "purpose_required"), &Value::Null));

    let rows = app.store.audit(0, 100).wait().unwrap().rows;
    let log: Vec<_> =
        rows.iter().map(|row| (row.entry.object.as_deref(), row.entry.outcome.as_str())).collect();
    let seen = (Some("H7/P1"), "shown");
    let unseen = (Some("H7/P1"), "out_of_scope");
    assert_eq!(log[..4], [seen, unseen, seen, unseen]);
    assert_eq!(log[8], (Some("H7/P1"), "refused_no_purpose"));
    assert!(rows[..8].iter().all(|row| row.entry.purpose.as_deref() == Some("review")));
    assert!(!format!("{rows:?}").contains(&whole), "the number itself is not in the log");
}
