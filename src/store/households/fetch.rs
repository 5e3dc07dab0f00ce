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
        let rows = Rows {
            details: HouseholdRow::load_at(connection, at)?,
            persons: PersonRow::load_at(connection, at)?,
            identities: IdentityRow::load_at(connection, at)?,
            facts: FactRow::load_at(connection, at)?,
        };
        let household = rows.household(key)?;
        Ok(household.map(|household| StoredHousehold { household, seq }))
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
        let saves = on!(connection, connection => households::table
            .filter(households::key.eq_any(keys))
            .select((households::key, households::facts_seq))
            .load::<(String, i64)>(connection))?;
        let mut details = HouseholdRow::load_day(connection, keys, on)?;
        let mut persons = PersonRow::load_day(connection, keys, on)?;
        let mut identities = IdentityRow::load_day(connection, keys, on)?;
        let mut facts = FactRow::load_day(connection, keys, on)?;
        let mut found = BTreeMap::new();
        for (key, seq) in saves {
            let rows = Rows {
                details: details.remove(&key).unwrap_or_default(),
                persons: persons.remove(&key).unwrap_or_default(),
                identities: identities.remove(&key).unwrap_or_default(),
                facts: facts.remove(&key).unwrap_or_default(),
            };
            if let Some(household) = rows.household(&key)? {
                found.insert(key, StoredHousehold { household, seq });
            }
        }
        Ok(found)
    })
}

/// What the tables say of one household on one day.
struct Rows {
    details: Vec<HouseholdRow>,
    persons: Vec<PersonRow>,
    identities: Vec<IdentityRow>,
    facts: Vec<FactRow>,
}

impl Rows {
    /// The household; `None` if nothing is stated about it for the day.
    fn household(self, key: &str) -> Result<Option<Household>, StoreError> {
        let mut details = self.details.into_iter();
        let Some(row) = details.next() else { return Ok(None) };
        if details.next().is_some() {
            return Err(StoreError::Inconsistent("a household twice on one day"));
        }
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
        Ok(Some(household))
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
