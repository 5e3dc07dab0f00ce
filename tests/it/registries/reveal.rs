//! The one door to a whole number.

use std::sync::Arc;

use assistance_toolbox::app::access::{Actor, Caller, Claims, Pass, Scope};
use assistance_toolbox::app::clock::SystemClock;
use assistance_toolbox::app::numbers::{NumberError, Numbers};
use assistance_toolbox::app::vault::VaultError;
use assistance_toolbox::domain::registries::Registry;
use assistance_toolbox::store::{ListedId, Store};

use super::store::{import, new};
use super::{number, row, vault};
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

async fn a_number_is_shown_with_a_purpose_within_the_scope_and_on_record(backend: Backend) {
    let (store, keys) = (Arc::new(backend.store()), Arc::new(vault()));
    import(&store, new(&keys, "2024-01-05", &["a"]), &[row(&keys, ("7", 1), "")]);
    let numbers = Numbers::new(Arc::clone(&store), Arc::clone(&keys), Arc::new(SystemClock));
    let id = ListedId { seq: 1, number: 1 };
    let object = Some(String::from("social-assistance/7/1.1"));

    let shown = numbers.reveal(&pass(Some("9901"), Some("review")), id).await.unwrap();
    assert_eq!(shown, Some(number(1)));
    assert_eq!(log(&store), [(object.clone(), String::from("shown"))]);

    assert_eq!(numbers.reveal(&pass(Some("9902"), Some("review")), id).await, Ok(None));
    let none = ListedId { seq: 1, number: 2 };
    assert_eq!(numbers.reveal(&pass(None, Some("review")), none).await, Ok(None));
    assert_eq!(numbers.reveal(&pass(None, None), id).await, Err(NumberError::NoPurpose));
    let outcomes: Vec<String> = log(&store).into_iter().map(|(_, outcome)| outcome).collect();
    assert_eq!(outcomes, ["shown", "out_of_scope", "not_found", "refused_no_purpose"]);

    let nobody = Pass { caller: Caller::default(), ..pass(None, None) };
    assert_eq!(numbers.reveal(&nobody, id).await, Err(NumberError::Nobody));

    let listed = store.listed(Registry::SocialAssistance, None, 9).wait().unwrap();
    assert_eq!(numbers.masked(&listed[0]), Ok(Some(number(1).masked())));
    let others = Numbers::new(Arc::clone(&store), Arc::new(vault()), Arc::new(SystemClock));
    assert_eq!(others.masked(&listed[0]), Err(VaultError::DoesNotOpen));
}
