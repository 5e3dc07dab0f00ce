//! Identities of both lists, each with its source.

use std::collections::{BTreeMap, BTreeSet};

use super::{Contradiction, Finding, Told, said};
use crate::domain::facts::IdentityRecord;
use crate::domain::identity::Identity;
use crate::domain::period::Validity;
use crate::domain::registries::Registry;
use crate::domain::registries::joining::{Family, Listed};
use crate::domain::registries::listing::{Ended, Held, RegistryHousehold};

/// The most characters of the evidence of a record.
const LONGEST: usize = 200;

/// The source of an identity: the registry, and the import that stated it first.
pub fn source(registry: Registry, import: i64) -> String {
    format!("{} import {import}", registry.code())
}

/// Whether a record has its source in a registry.
pub fn is_of_registry(record: &IdentityRecord) -> bool {
    let source = record.source.as_deref().unwrap_or_default();
    Registry::ALL.iter().any(|registry| source.starts_with(&format!("{} import ", registry.code())))
}

/// A person's own identities, held or ended.
pub(super) fn own(listed: &Listed<'_>, ended: &[&Ended]) -> Vec<IdentityRecord> {
    let now = listed.iter().flat_map(|listing| listing.held.iter().map(|held| (listing.registry(), held)));
    let of = |ended: &&&Ended| listed.iter().any(|listing| listing.person == ended.person);
    let before = ended.iter().filter(of).map(|ended| (ended.household.registry, &ended.held));
    joined(now.chain(before).filter(|(_, held)| !held.stated.of_household))
}

/// The identities that households of the lists hold or held as a whole.
pub(super) fn of_household(all: &Listed<'_>, ended: &[&Ended]) -> Vec<IdentityRecord> {
    let mut households = BTreeMap::<&RegistryHousehold, Vec<(Registry, &Held)>>::new();
    let now = all.iter().flat_map(|listing| listing.held.iter().map(|held| (&listing.household, held)));
    let before = ended.iter().map(|ended| (&ended.household, &ended.held));
    for (household, held) in now.chain(before).filter(|(_, held)| held.stated.of_household) {
        households.entry(household).or_default().push((household.registry, held));
    }
    let mut records: Vec<IdentityRecord> =
        households.into_values().flat_map(|held| joined(held.into_iter())).collect();
    // What one household held before another of the same family took it up is one record less to ask about.
    records.dedup();
    records
}

/// One record of each identity and unbroken time: the rows of several people, or of one person in two households,
/// speak of the same decision. It is held as soon, and as long, as any of them says so.
fn joined<'l>(held: impl Iterator<Item = (Registry, &'l Held)>) -> Vec<IdentityRecord> {
    let mut rows: Vec<(Registry, &Held)> = held.collect();
    let key = |(registry, held): &(Registry, &Held)| (*registry, held.stated.identity, held.stated.held.from);
    rows.sort_by_key(key);
    let mut records: Vec<(Registry, i64, IdentityRecord)> = Vec::new();
    for (registry, held) in rows {
        let stated = &held.stated;
        if let Some((last_registry, import, last)) = records.last_mut()
            && (*last_registry, last.identity) == (registry, stated.identity)
            && last.held.overlaps(&stated.held)
        {
            let ends = last.held.until.zip(stated.held.until).map(|(one, other)| one.max(other));
            last.held = Validity { from: last.held.from.min(stated.held.from), until: ends };
            *import = (*import).min(held.import);
            last.source = Some(source(registry, *import));
            add_evidence(&mut last.evidence, stated.evidence.as_deref());
            continue;
        }
        let record = IdentityRecord {
            identity: stated.identity,
            held: stated.held,
            source: Some(source(registry, held.import)),
            evidence: stated.evidence.clone(),
        };
        records.push((registry, held.import, record));
    }
    records.into_iter().map(|(_, _, record)| record).collect()
}

fn add_evidence(known: &mut Option<String>, more: Option<&str>) {
    let Some(more) = more else { return };
    match known {
        None => *known = Some(more.to_owned()),
        Some(known) => {
            let new = known.split('；').all(|part| part != more);
            if new && known.chars().count() + more.chars().count() < LONGEST {
                known.push('；');
                known.push_str(more);
            }
        }
    }
}

/// Identities of households of the lists that are not stated for everybody of the family.
pub(super) fn not_for_all(family: &Family<'_>) -> Vec<Finding> {
    let holds = |listed: &Listed<'_>, identity: Identity| {
        let held = listed.iter().flat_map(|listing| &listing.held);
        held.into_iter().any(|held| held.stated.identity.track() == identity.track())
    };
    let mut stated = BTreeSet::new();
    for listing in family.people.iter().flatten() {
        let whole = listing.held.iter().filter(|held| held.stated.of_household);
        stated.extend(whole.map(|held| (held.stated.identity, said(listing, Told::Listed))));
    }
    let identities: BTreeSet<Identity> = stated.iter().map(|(identity, _)| *identity).collect();
    let mut findings = Vec::new();
    for identity in identities {
        if family.people.iter().all(|listed| holds(listed, identity)) {
            continue;
        }
        let of = stated.iter().filter(|(stated, _)| *stated == identity);
        let mut said: Vec<_> =
            of.map(|(_, said)| super::Said { value: Told::Identity(identity), ..said.clone() }).collect();
        said.dedup();
        findings.push(Finding { what: Contradiction::NotForAll(identity), name: None, said });
    }
    findings
}
