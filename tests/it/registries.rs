//! The lists of the two registries: taken in, held against what is listed, and their ID numbers sealed.

mod audit;
mod cli;
mod crashes;
mod desk;
mod keys;
mod planted;
pub(crate) mod reveal;
mod store;

use assistance_toolbox::app::vault::{KeyFile, Owner, Vault};
use assistance_toolbox::domain::id_number::IdNumber;
use assistance_toolbox::domain::period::Validity;
use assistance_toolbox::domain::registries::{Registry, StatedIdentity};
use assistance_toolbox::store::Statement;
use chrono::NaiveDate;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn vault() -> Vault {
    KeyFile::new(day("2026-11-25")).unwrap().vault()
}

/// The number of a region that does not exist.
pub(crate) fn number(order: u16) -> IdNumber {
    IdNumber::compose("990101", day("1990-01-01"), order).unwrap()
}

/// A row of the social-assistance registry: `T1`, person 1, `dibao 2024-01-01`.
fn row(vault: &Vault, (household_no, person): (&str, u16), held: &str) -> Statement {
    let number = number(person);
    let hash = vault.person(&number);
    let owner = Owner { registry: Registry::SocialAssistance, household_no, person: &hash };
    let identity = held.split_once(' ').map(|(identity, since)| StatedIdentity {
        identity: identity.parse().unwrap(),
        of_household: identity != "tekun",
        held: Validity::new(day(since), None).unwrap(),
        evidence: None,
    });
    Statement {
        at: (1, i64::from(person) + 1),
        household_no: household_no.to_owned(),
        region: "990101001".parse().unwrap(),
        number: Some(vault.seal(owner, &number).unwrap()),
        person: hash,
        name: format!("甲{person}"),
        birth_date: Some(number.birth_date()),
        identity,
        facts: Vec::new(),
    }
}
