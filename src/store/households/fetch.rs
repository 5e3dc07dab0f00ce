//! Reading one household back.

use std::collections::BTreeMap;

use diesel::dsl::max;
use diesel::prelude::*;

use super::{AsKnown, StoredHousehold};
use crate::domain::facts::{FactSet, Household, IdentityRecord, Person};
use crate::domain::period::Validity;
use crate::store::backend::{Connection, on};
use crate::store::error::StoreError;
use crate::store::rows::{At, FactRow, HouseholdRow, IdentityRow, PersonRow, Versioned};
use crate::store::schema::{household_saves, households};
use crate::store::types::{fact_value, identity, instant, town};
use chrono::NaiveDate;

/// The household as it was on a day; `None` if nothing is stated about it for that day.
pub(in crate::store) fn fetch(
    connection: &mut Connection,
    key: &str,
    on: NaiveDate,
    known: AsKnown,
) -> Result<Option<StoredHousehold>, StoreError> {
    connection.reading(|connection| {
        let Some(seq) = last_save(connection, key, known)? else { return Ok(None) };
        let at = At { household: key, on, seq };
        let details = HouseholdRow::load_at(connection, at)?;
        if details.is_empty() {
            return Ok(None);
        }
        let rows = Rows {
            details,
            persons: PersonRow::load_at(connection, at)?,
            identities: IdentityRow::load_at(connection, at)?,
            facts: FactRow::load_at(connection, at)?,
        };
        Ok(Some(StoredHousehold { household: rows.household(key)?, seq }))
    })
}

/// The households of these keys as they were on a day, as it is known now, by key; those of which nothing is
/// stated for that day are left out.
pub(in crate::store) fn fetch_all(
    connection: &mut Connection,
    keys: &[&str],
    on: NaiveDate,
) -> Result<BTreeMap<String, StoredHousehold>, StoreError> {
    connection.reading(|connection| {
        let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        let saves = on!(connection, connection => households::table
            .filter(households::key.eq_any(&keys))
            .select((households::key, households::facts_seq))
            .load::<(String, i64)>(connection))?;
        let mut details = by_household(HouseholdRow::load_many(connection, &keys, on)?);
        let mut persons = by_household(PersonRow::load_many(connection, &keys, on)?);
        let mut identities = by_household(IdentityRow::load_many(connection, &keys, on)?);
        let mut facts = by_household(FactRow::load_many(connection, &keys, on)?);
        let mut found = BTreeMap::new();
        for (key, seq) in saves {
            let Some(details) = details.remove(&key) else { continue };
            let rows = Rows {
                details,
                persons: persons.remove(&key).unwrap_or_default(),
                identities: identities.remove(&key).unwrap_or_default(),
                facts: facts.remove(&key).unwrap_or_default(),
            };
            let household = rows.household(&key)?;
            found.insert(key, StoredHousehold { household, seq });
        }
        Ok(found)
    })
}

fn by_household<R: Versioned>(rows: Vec<R>) -> BTreeMap<String, Vec<R>> {
    let mut all = BTreeMap::<String, Vec<R>>::new();
    for row in rows {
        match all.get_mut(row.household()) {
            Some(own) => own.push(row),
            None => drop(all.insert(row.household().to_owned(), vec![row])),
        }
    }
    all
}

/// The rows of one household.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) details: Vec<HouseholdRow>,
    pub(super) persons: Vec<PersonRow>,
    pub(super) identities: Vec<IdentityRow>,
    pub(super) facts: Vec<FactRow>,
}

impl Rows {
    /// The household that they make up.
    pub(super) fn household(self, key: &str) -> Result<Household, StoreError> {
        let mut details = self.details.into_iter();
        let (Some(row), None) = (details.next(), details.next()) else {
            return Err(StoreError::Inconsistent("a household twice on one day"));
        };
        let mut household = Household {
            key: key.to_owned(),
            place: row.place,
            town: town(row.town.as_deref())?,
            identities: Vec::new(),
            facts: FactSet::default(),
            members: members(self.persons),
        };
        let mut records = self.identities;
        records.sort_by_key(|row| row.position);
        for row in records {
            let record = record(&row)?;
            subject(&mut household, row.person_key.as_deref())?.0.push(record);
        }
        for row in self.facts {
            let (fact, value) = fact_value(&row.fact, (row.number, row.codes.as_deref()))?;
            let facts = subject(&mut household, row.person_key.as_deref())?.1;
            if facts.get(fact).is_some() {
                return Err(StoreError::Inconsistent("a fact twice on one day"));
            }
            facts.set(fact, value);
        }
        Ok(household)
    }
}

/// The number of the last save that counts.
pub(super) fn last_save(
    connection: &mut Connection,
    key: &str,
    known: AsKnown,
) -> Result<Option<i64>, StoreError> {
    let last = match known {
        AsKnown::Now => on!(connection, connection => households::table
            .find(key)
            .select(households::facts_seq)
            .first::<i64>(connection)
            .optional())?,
        AsKnown::At(time) => {
            let time = instant(time)?;
            on!(connection, connection => household_saves::table
                .filter(household_saves::household_key.eq(key))
                .filter(household_saves::recorded_at.le(time))
                .select(max(household_saves::seq))
                .first::<Option<i64>>(connection))?
        }
        AsKnown::After(seq) => on!(connection, connection => household_saves::table
            .filter(household_saves::household_key.eq(key))
            .filter(household_saves::seq.le(seq))
            .select(max(household_saves::seq))
            .first::<Option<i64>>(connection))?,
    };
    Ok(last)
}

fn members(mut rows: Vec<PersonRow>) -> Vec<Person> {
    rows.sort_by_key(|row| row.position);
    let member = |row: PersonRow| Person {
        key: row.person_key,
        name: row.name,
        identities: Vec::new(),
        facts: FactSet::default(),
    };
    rows.into_iter().map(member).collect()
}

fn record(row: &IdentityRow) -> Result<IdentityRecord, StoreError> {
    let held = Validity::new(row.held_since, row.held_until);
    Ok(IdentityRecord {
        identity: identity(&row.identity)?,
        held: held.ok_or(StoreError::Inconsistent("an identity that ends before it begins"))?,
        source: row.source.clone(),
        evidence: row.evidence.clone(),
    })
}

/// The identities and facts of a member, or of the household itself.
fn subject<'a>(
    household: &'a mut Household,
    person: Option<&str>,
) -> Result<(&'a mut Vec<IdentityRecord>, &'a mut FactSet), StoreError> {
    let Some(key) = person else { return Ok((&mut household.identities, &mut household.facts)) };
    let member = household.members.iter_mut().find(|member| member.key == key);
    let member = member.ok_or(StoreError::Inconsistent("something about a person who is no member"))?;
    Ok((&mut member.identities, &mut member.facts))
}
