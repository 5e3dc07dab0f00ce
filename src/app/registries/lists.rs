//! The stored rows as lists: who is listed, and what ended.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::period::Validity;
use crate::domain::registries::Registry;
use crate::domain::registries::StatedIdentity;
use crate::domain::registries::listing::{Ended, Held, Listing, Lists, RegistryHousehold};
use crate::store::{ListedPerson, StoredImport};

/// What an identity is told apart by: registry, person, type and first day.
type Granted = (Registry, String, &'static str, NaiveDate);

/// The lists as they are, or as they were after an import.
pub(super) fn lists(rows: Vec<ListedPerson>, imports: &[StoredImport], at: Option<i64>) -> Lists {
    let days: BTreeMap<i64, NaiveDate> =
        imports.iter().map(|import| (import.seq, import.import.as_of)).collect();
    let ends = |row: &ListedPerson| row.closed_seq.filter(|closed| at.is_none_or(|at| *closed <= at));
    let (open, closed): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| ends(row).is_none());
    let mut listings: Vec<Listing> = Vec::new();
    let mut places = BTreeMap::<(RegistryHousehold, String), usize>::new();
    let mut granted = BTreeSet::<Granted>::new();
    for row in open {
        granted.extend(grant(&row));
        let household = RegistryHousehold { registry: row.registry, no: row.statement.household_no.clone() };
        let held = held(&row);
        let stated = row.statement;
        let place = *places.entry((household.clone(), stated.person.clone())).or_insert(listings.len());
        if let Some(known) = listings.get_mut(place) {
            known.held.extend(held);
            known.facts.extend(stated.facts);
            continue;
        }
        listings.push(Listing {
            household,
            person: stated.person,
            numbered: stated.number.is_some(),
            region: stated.region,
            name: stated.name,
            birth_date: stated.birth_date,
            held: held.into_iter().collect(),
            facts: stated.facts,
        });
    }
    // The last version of what is no longer listed; an identity that is still listed was only stated anew.
    let mut gone = BTreeMap::<Granted, Ended>::new();
    for row in closed {
        let Some(grant) = grant(&row).filter(|grant| !granted.contains(grant)) else { continue };
        let (Some(day), Some(mut held)) = (ends(&row).and_then(|seq| days.get(&seq)), held(&row)) else {
            continue;
        };
        let until = held.stated.held.until.map_or(*day, |until| until.min(*day));
        let Some(span) = Validity::new(held.stated.held.from, Some(until)) else { continue };
        held.stated.held = span;
        let household = RegistryHousehold { registry: row.registry, no: row.statement.household_no };
        gone.insert(grant, Ended { household, person: row.statement.person, held });
    }
    Lists { listings, ended: gone.into_values().collect() }
}

fn grant(row: &ListedPerson) -> Option<Granted> {
    let stated: &StatedIdentity = row.statement.identity.as_ref()?;
    Some((row.registry, row.statement.person.clone(), stated.identity.code(), stated.held.from))
}

fn held(row: &ListedPerson) -> Option<Held> {
    Some(Held { stated: row.statement.identity.clone()?, import: row.id.seq })
}
