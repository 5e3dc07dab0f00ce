//! What the tests of these modules share.

use super::listing::{Held, Listing, RegistryHousehold};
use super::{Registry, StatedIdentity};
use crate::domain::identity::Identity;
use crate::domain::period::Validity;

/// A person with a number and nothing else.
pub(super) fn listing(registry: Registry, household: &str, person: &str) -> Listing {
    Listing {
        household: RegistryHousehold { registry, no: household.to_owned() },
        person: person.to_owned(),
        numbered: true,
        region: "990101001".parse().unwrap(),
        name: "王芳".to_owned(),
        birth_date: None,
        held: Vec::new(),
        facts: Vec::new(),
    }
}

/// An identity since a day.
pub(super) fn held(identity: Identity, of_household: bool, since: &str) -> Held {
    let held = Validity { from: since.parse().unwrap(), until: None };
    let stated = StatedIdentity { identity, of_household, held, evidence: Some("A1".to_owned()) };
    Held { stated, import: 1 }
}
