//! Merging: the families of both lists become stored households, each known once.
//!
//! What the lists say together is compared with what was merged before, so that only what is said anew is saved; it
//! is laid over what is stored, so that what others stated stays. Everything goes through
//! [`households::save_all`], so history and events follow.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};

use super::{Past, Registers, count};
use crate::app::clock::Clock;
use crate::app::households::{self, Statement};
use crate::app::monitoring::watch;
use crate::app::policies::Policies;
use crate::documents::household::{from_tree, write};
use crate::documents::tree::from_json_value;
use crate::domain::facts::{Fact, FactSet, Household, Person};
use crate::domain::period::Validity;
use crate::domain::region::Region;
use crate::domain::registries::joining::Family;
use crate::domain::registries::keys::{FamilyKey, assign};
use crate::domain::registries::listing::RegistryHousehold;
use crate::domain::registries::merging::{self, Keys, Merged, is_of_registry};
use crate::domain::vocabulary::FACTS;
use crate::store::{AsKnown, MergeState, NewMerge, Outcome, Store, StoreError, StoredMerge};

/// How many households are saved in one transaction.
const CHUNK: usize = 500;
/// What stands for the content of a household of which the lists say nothing any more.
const NOTHING: &str = "nothing";

/// Which place's rules apply where: the widest answer first.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Places(Vec<(Option<Region>, String)>);

/// A text that says no place of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a place `longnan`, or a region with its place `990101=longnan`")]
pub struct PlacesError;

impl Places {
    /// Reads `place`, for everywhere, and `region=place`.
    ///
    /// # Errors
    /// One of the texts is neither.
    pub fn parse<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<Self, PlacesError> {
        let one = |text: &'t str| {
            let (region, place) = match text.split_once('=') {
                Some((region, place)) => (Some(region.parse().map_err(|_error| PlacesError)?), place),
                None => (None, text),
            };
            if place.is_empty() { Err(PlacesError) } else { Ok((region, place.to_owned())) }
        };
        texts.into_iter().map(one).collect::<Result<_, _>>().map(Self)
    }

    /// The ids of all places named.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(_, place)| place.as_str())
    }

    /// The place of a town: that of the narrowest region that contains it.
    fn of(&self, town: Option<&Region>) -> Option<&str> {
        let fits = |region: &Option<Region>| match (region, town) {
            (None, _) => true,
            (Some(region), Some(town)) => region.contains(town),
            (Some(_), None) => false,
        };
        let all = self.0.iter().filter(|(region, _)| fits(region));
        let narrowest = all.max_by_key(|(region, _)| region.as_ref().map(|region| region.as_str().len()));
        narrowest.map(|(_, place)| place.as_str())
    }
}

/// How to merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeOrder {
    /// The places.
    pub places: Places,
    /// The first day on which the households are as merged; that of the newest list if left out.
    pub from: Option<NaiveDate>,
    /// Only tells what would be done.
    pub dry_run: bool,
    /// Who merges.
    pub by: String,
}

/// What a merge did, or would do.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct MergeOutcome {
    /// Its number; `None` if there was nothing to do, or it was a dry run.
    pub seq: Option<i64>,
    /// The first day on which the households are as merged.
    pub valid_from: Option<NaiveDate>,
    /// Families of both lists.
    pub families: u64,
    /// Their people.
    pub persons: u64,
    /// Households that were made.
    pub created: u64,
    /// Households that were changed.
    pub changed: u64,
    /// Households that are as they were.
    pub unchanged: u64,
    /// Households of which the lists say nothing any more, or that became part of another: everything that the
    /// registries had granted ends.
    pub ended: u64,
    /// Contradictions, with those of families that are not merged.
    pub contradictions: u64,
    /// Families that are not merged, by the first of their households, with the reason.
    pub not_merged: Vec<(RegistryHousehold, NotMerged)>,
}

/// Why a family is not merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotMerged {
    /// Its identities cannot be held together, or it is too large; the contradictions say so.
    Contradiction,
    /// Together with what others stated about the household it breaks a rule of households.
    Invalid,
    /// Two households that would become one both have deliveries.
    DeliveredApart,
}

impl NotMerged {
    /// The code of the API and of files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Contradiction => "contradiction",
            Self::Invalid => "invalid",
            Self::DeliveredApart => "delivered_apart",
        }
    }
}

/// Why there was no merge.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// The registries are empty.
    #[error("no registry was imported")]
    NothingImported,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is to be saved and recorded.
#[derive(Default)]
struct Work {
    save: Vec<Household>,
    households: Vec<(RegistryHousehold, String)>,
    persons: Vec<(String, String, String)>,
    contents: Vec<(String, String)>,
    ended: BTreeSet<String>,
}

/// Merges both lists into stored households.
///
/// # Errors
/// [`MergeError`]. What was saved until then stays, and the next merge goes on from there.
pub fn merge(
    policies: &Arc<Policies>,
    store: &Store,
    order: &MergeOrder,
    clock: &dyn Clock,
) -> Result<MergeOutcome, MergeError> {
    let registers = Registers::load(store, None)?;
    let newest = registers.imports.iter().flatten().map(|(_, as_of)| *as_of).max();
    let from = order.from.or(newest).ok_or(MergeError::NothingImported)?;
    let delivered = store.households_with_deliveries().wait()?;
    let families = registers.families();
    let keys = assign(&families, &registers.merges.households, &delivered);
    let past = Past::of(&registers.lists);
    let merging =
        Merging { registers: &registers, past, policies, store, order, from, delivered: &delivered };
    let mut outcome =
        MergeOutcome { valid_from: Some(from), families: count(families.len()), ..MergeOutcome::default() };
    let mut work = Work::default();
    let mut alive = BTreeSet::new();
    for (family, key) in families.iter().zip(&keys) {
        outcome.persons += count(family.people.len());
        match merging.family(family, key, &mut work, &mut outcome)? {
            None => alive.extend([key.key.as_str()]),
            Some(reason) => {
                // What is stored of it stays as it is.
                alive.extend(key.former.iter().map(String::as_str).chain([key.key.as_str()]));
                let first = family.households.first();
                outcome.not_merged.extend(first.map(|first| ((*first).clone(), reason)));
            }
        }
    }
    for key in registers.merges.contents.keys().filter(|key| !alive.contains(key.as_str())) {
        merging.end(key, &mut work)?;
    }
    outcome.ended = count(work.ended.len());
    if order.dry_run {
        return Ok(outcome);
    }
    finish(policies, store, order, clock, (from, work), outcome)
}

fn finish(
    policies: &Arc<Policies>,
    store: &Store,
    order: &MergeOrder,
    clock: &dyn Clock,
    (from, work): (NaiveDate, Work),
    mut outcome: MergeOutcome,
) -> Result<MergeOutcome, MergeError> {
    let Work { save, households, persons, contents, ended } = work;
    if save.is_empty() && households.is_empty() && persons.is_empty() && contents.is_empty() {
        return Ok(outcome);
    }
    (outcome.created, outcome.changed) = (0, 0);
    for part in save.chunks(CHUNK) {
        let statement = Statement { valid: Validity { from, until: None }, expected_seq: None };
        let watch = watch(policies, &order.by, clock);
        let saved = households::save_all(store, part.to_vec(), statement, watch).wait()?;
        for (household, saved) in part.iter().zip(saved) {
            match saved.outcome {
                Outcome::Created => outcome.created += 1,
                Outcome::Changed if !ended.contains(&household.key) => outcome.changed += 1,
                Outcome::Changed => {}
                Outcome::Unchanged => outcome.unchanged += 1,
            }
        }
    }
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let merge = StoredMerge {
        seq: 0,
        by: order.by.clone(),
        at: clock.now(),
        valid_from: from,
        created: number(outcome.created),
        changed: number(outcome.changed),
        ended: number(outcome.ended),
    };
    outcome.seq = Some(store.record_merge(NewMerge { merge, households, persons, contents }).wait()?);
    Ok(outcome)
}

/// What a merge works with.
struct Merging<'m> {
    registers: &'m Registers,
    past: Past<'m>,
    policies: &'m Policies,
    store: &'m Store,
    order: &'m MergeOrder,
    from: NaiveDate,
    delivered: &'m BTreeSet<String>,
}

impl Merging<'_> {
    /// Puts one family to the work to be done; answers why it is not merged.
    fn family(
        &self,
        family: &Family<'_>,
        key: &FamilyKey,
        work: &mut Work,
        outcome: &mut MergeOutcome,
    ) -> Result<Option<NotMerged>, MergeError> {
        let state = &self.registers.merges;
        let known = state.persons.get(&key.key);
        let stored = state.contents.contains_key(&key.key);
        let mut keys = Keys { household: key.key.clone(), ..Keys::default() };
        if let Some(known) = known {
            keys.people.clone_from(known);
            keys.used.extend(known.values().cloned());
        }
        let new_people =
            family.people.iter().flatten().any(|listing| !keys.people.contains_key(&listing.person));
        let base = if stored && new_people { self.fetch(&key.key)? } else { None };
        if let Some(base) = &base {
            keys.used.extend(base.members.iter().map(|member| member.key.clone()));
        }
        let past = self.past.of_family(family);
        let merged = merging::merge(family, &past, &keys, self.policies.catalogue());
        outcome.contradictions += count(merged.findings.len());
        let Some(mut household) = merged.household.clone() else { return Ok(Some(NotMerged::Contradiction)) };
        let apart = key.former.iter().any(|former| self.delivered.contains(former));
        if apart && self.delivered.contains(&key.key) {
            return Ok(Some(NotMerged::DeliveredApart));
        }
        household.place = self.order.places.of(household.town.as_ref()).map(str::to_owned);
        let content = fingerprint(&household, &merged);
        let links = links(family, key, &merged, state);
        if state.contents.get(&key.key) == Some(&content) {
            outcome.unchanged += 1;
            work.households.extend(links.0);
            work.persons.extend(links.1);
            return Ok(None);
        }
        let base = match base {
            None if stored => self.fetch(&key.key)?,
            base => base,
        };
        let listed: BTreeSet<&str> = keys.people.values().map(String::as_str).collect();
        let (is_new, whole) = (base.is_none(), laid_over(base, household, &merged.unknown, &listed));
        // The one validation that files and the API go through as well.
        let Ok(whole) = from_tree(&from_json_value(&write(&whole)), self.policies.catalogue()) else {
            return Ok(Some(NotMerged::Invalid));
        };
        if is_new {
            outcome.created += 1;
        } else {
            outcome.changed += 1;
        }
        work.save.push(whole);
        work.households.extend(links.0);
        work.persons.extend(links.1);
        work.contents.push((key.key.clone(), content));
        Ok(None)
    }

    /// Ends what the registries granted to a household of which they say nothing any more.
    fn end(&self, key: &str, work: &mut Work) -> Result<(), MergeError> {
        let nothing = hex::encode(Sha256::digest(NOTHING));
        if self.registers.merges.contents.get(key) == Some(&nothing) {
            return Ok(());
        }
        let Some(mut household) = self.fetch(key)? else { return Ok(()) };
        let day = self.from;
        let members = household.members.iter_mut().map(|member| &mut member.identities);
        for records in members.chain([&mut household.identities]) {
            for record in records.iter_mut().filter(|record| is_of_registry(record)) {
                let open = record.held.until.is_none_or(|until| day < until);
                if open && let Some(held) = Validity::new(record.held.from, Some(day)) {
                    record.held = held;
                }
            }
            records.retain(|record| !is_of_registry(record) || record.held.from < day);
        }
        work.save.push(household);
        work.contents.push((key.to_owned(), nothing));
        work.ended.insert(key.to_owned());
        Ok(())
    }

    fn fetch(&self, key: &str) -> Result<Option<Household>, MergeError> {
        let found = households::fetch(self.store, key, self.from, AsKnown::Now).wait()?;
        Ok(found.map(|found| found.household))
    }
}

/// What is stored under another key than before, and whose key is new.
type Links = (Vec<(RegistryHousehold, String)>, Vec<(String, String, String)>);

fn links(family: &Family<'_>, key: &FamilyKey, merged: &Merged, state: &MergeState) -> Links {
    let moved =
        family.households.iter().filter(|household| state.households.get(**household) != Some(&key.key));
    let households = moved.map(|household| ((*household).clone(), key.key.clone())).collect();
    let known: Option<&BTreeMap<String, String>> = state.persons.get(&key.key);
    let new =
        merged.people.iter().filter(|(person, own)| known.and_then(|known| known.get(*person)) != Some(own));
    let persons = new.map(|(person, own)| (key.key.clone(), person.clone(), own.clone())).collect();
    (households, persons)
}

/// A hash of what the lists say together.
fn fingerprint(household: &Household, merged: &Merged) -> String {
    let mut hash = Sha256::new();
    hash.update(write(household).to_string());
    for (person, fact) in &merged.unknown {
        hash.update([person.as_deref().unwrap_or_default(), "\0", fact.def().id, "\0"].concat());
    }
    hex::encode(hash.finalize())
}

/// Lays what the lists say over what is stored: what the registries granted is replaced, facts that they state are
/// set and facts on which they do not agree are forgotten, and what others stated stays.
fn laid_over(
    base: Option<Household>,
    merged: Household,
    unknown: &[(Option<String>, Fact)],
    listed: &BTreeSet<&str>,
) -> Household {
    let Some(base) = base else { return merged };
    let forgotten = |person: Option<&str>| -> Vec<Fact> {
        let of = unknown.iter().filter(|(key, _)| key.as_deref() == person);
        of.map(|(_, fact)| *fact).collect()
    };
    let others = |records: Vec<crate::domain::facts::IdentityRecord>| {
        records.into_iter().filter(|record| !is_of_registry(record))
    };
    let mut before: BTreeMap<String, Person> =
        base.members.into_iter().map(|member| (member.key.clone(), member)).collect();
    let mut members = Vec::with_capacity(merged.members.len());
    for member in merged.members {
        let forget = forgotten(Some(&member.key));
        members.push(match before.remove(&member.key) {
            None => member,
            Some(known) => Person {
                facts: facts(&known.facts, &member.facts, &forget),
                identities: member.identities.into_iter().chain(others(known.identities)).collect(),
                ..member
            },
        });
    }
    // Whom somebody else added; who was listed and is no longer is no member any more.
    members.extend(before.into_values().filter(|member| !listed.contains(member.key.as_str())));
    Household {
        place: merged.place.or(base.place),
        identities: merged.identities.into_iter().chain(others(base.identities)).collect(),
        facts: facts(&base.facts, &merged.facts, &forgotten(None)),
        members,
        ..merged
    }
}

fn facts(known: &FactSet, stated: &FactSet, forget: &[Fact]) -> FactSet {
    let mut facts = FactSet::default();
    for def in FACTS.iter().filter(|def| !forget.contains(&def.fact)) {
        facts.set_known(def.fact, stated.get(def.fact).or_else(|| known.get(def.fact)));
    }
    facts
}
