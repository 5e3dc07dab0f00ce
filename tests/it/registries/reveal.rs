//! The one door to a whole number.

use std::sync::Arc;

use assistance_toolbox::app::access::{Actor, Caller, Claims, Pass, Scope};
use assistance_toolbox::app::clock::SystemClock;
use assistance_toolbox::app::numbers::{NumberError, Numbers};
use assistance_toolbox::app::vault::{Vault, VaultError};
use assistance_toolbox::domain::period::Validity;
use assistance_toolbox::store::{NewMerge, Recording, Store, StoredMerge};

use super::store::{import, new};
use super::{day, number, row, vault};
use crate::support::database::{Backend, on_both};

on_both! {
    async a_number_is_shown_with_a_purpose_within_the_scope_and_on_record,
}

fn pass(region: Option<&str>, purpose: Option<&str>) -> Pass {
    let roles = [String::from("auditor")];
    let claims = Claims { subject: "li", roles: &roles, department: None, region: None };
    let caller = Caller {
        actor: Some(Actor::new(&claims).unwrap()),
        purpose: purpose.map(|purpose| purpose.parse().unwrap()),
    };
    let region = region.map(|code| code.parse().unwrap());
    Pass { what: "a test", caller, scope: Scope::Rows { region, department: None } }
}

/// The audit log: what was looked at, and what came of it.
fn log(store: &Store) -> Vec<(Option<String>, String)> {
    let rows = store.audit(0, 100).wait().unwrap().rows;
    rows.into_iter().map(|row| (row.entry.object, row.entry.outcome)).collect()
}

/// A list of one person, who is the member P1 of a household H7; answers the keys that open the number.
pub(crate) fn filled(store: &Store) -> Arc<Vault> {
    let keys = Arc::new(vault());
    let stated = row(&keys, ("7", 1), "");
    import(store, new(&keys, "2024-01-05", &["a"]), std::slice::from_ref(&stated));
    merged(store, &stated.person);
    keys
}

fn merged(store: &Store, person: &str) {
    let household =
        crate::support::household("key = \"H7\"\nplace = \"huaibei\"\n[[members]]\nkey = \"P1\"\n");
    let (at, valid_from, by) =
        ("2026-11-25T01:02:03Z".parse().unwrap(), day("2024-01-05"), String::from("a test"));
    let valid = Validity::new(valid_from, None).unwrap();
    let recording = Recording { valid, recorded_at: at, recorded_by: by.clone(), expected_seq: None };
    store.save_household(household, recording).wait().unwrap();
    let merge = StoredMerge { seq: 0, by, at, valid_from, created: 1, changed: 0, ended: 0 };
    let persons = vec![(String::from("H7"), person.to_owned(), String::from("P1"))];
    let new = NewMerge { merge, households: Vec::new(), persons, contents: Vec::new() };
    store.record_merge(new).wait().unwrap();
}

async fn a_number_is_shown_with_a_purpose_within_the_scope_and_on_record(backend: Backend) {
    let store = Arc::new(backend.store());
    let keys = filled(&store);
    let numbers = Numbers::new(Arc::clone(&store), Arc::clone(&keys), Arc::new(SystemClock));
    let object = Some(String::from("H7/P1"));

    let shown = numbers.reveal(&pass(Some("9901"), Some("review")), "H7", "P1").await.unwrap();
    assert_eq!(shown, Some(number(1)));
    assert_eq!(log(&store), [(object.clone(), String::from("shown"))]);

    assert_eq!(numbers.reveal(&pass(Some("9902"), Some("review")), "H7", "P1").await, Ok(None));
    assert_eq!(numbers.reveal(&pass(None, Some("review")), "H7", "P2").await, Ok(None));
    assert_eq!(numbers.reveal(&pass(None, Some("review")), "H7", number(1).reveal()).await, Ok(None));
    assert_eq!(numbers.reveal(&pass(None, None), "H7", "P1").await, Err(NumberError::NoPurpose));
    let (objects, outcomes): (Vec<_>, Vec<_>) = log(&store).into_iter().unzip();
    assert_eq!(outcomes, ["shown", "out_of_scope", "not_found", "not_found", "refused_no_purpose"]);
    assert_eq!(objects[3], None, "a number in the place of a key is not recorded");

    let nobody = Pass { caller: Caller::default(), ..pass(None, None) };
    assert_eq!(numbers.reveal(&nobody, "H7", "P1").await, Err(NumberError::Nobody));

    let others = Numbers::new(Arc::clone(&store), Arc::new(vault()), Arc::new(SystemClock));
    let closed = others.reveal(&pass(None, Some("review")), "H7", "P1").await;
    assert_eq!(closed, Err(NumberError::Vault(VaultError::DoesNotOpen)));
}
