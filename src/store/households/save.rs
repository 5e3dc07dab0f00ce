//! Saving.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::link::{self, Written};
use super::{Outcome, Recording, Saved};
use crate::domain::facts::{FactSet, Household, IdentityRecord};
use crate::domain::vocabulary::FACTS;
use crate::store::backend::{Connection, on};
use crate::store::chain::{self, Watch};
use crate::store::error::StoreError;
use crate::store::rows::{FactRow, HouseholdRow, IdentityRow, PersonRow, RowId, Save, Versioned};
use crate::store::schema::{households, persons};
use crate::store::timeline::{Plan, plan};
use crate::store::types::{day, fact_columns, instant};

/// Records what is stated about a household; whoever watches adds the event that it causes.
pub(in crate::store) fn save(
    connection: &mut Connection,
    household: &Household,
    recording: &Recording,
    watch: Option<&Watch>,
) -> Result<Saved, StoreError> {
    let stated = Stated::new(household)?;
    connection.writing(|connection| save_within(connection, (household, stated), recording, watch))
}

/// Records what is stated about several households in one transaction, in their order: all of it, or nothing.
pub(in crate::store) fn save_all(
    connection: &mut Connection,
    households: &[Household],
    recording: &Recording,
    watch: &Watch,
) -> Result<Vec<Saved>, StoreError> {
    connection.writing(|connection| {
        let save =
            |household| save_within(connection, (household, Stated::new(household)?), recording, Some(watch));
        households.iter().map(save).collect()
    })
}

fn save_within(
    connection: &mut Connection,
    (household, stated): (&Household, Stated),
    recording: &Recording,
    watch: Option<&Watch>,
) -> Result<Saved, StoreError> {
    day(recording.valid.from)?;
    recording.valid.until.map(day).transpose()?;
    let recorded_at = instant(recording.recorded_at)?;
    let known = on!(connection, connection => households::table
        .find(&household.key)
        .select(households::facts_seq)
        .first::<i64>(connection)
        .optional())?;
    let last = known.unwrap_or(0);
    if let Some(expected) = recording.expected_seq.filter(|expected| *expected != last) {
        return Err(StoreError::Conflict { expected, found: last });
    }
    let changes = stated.compare(connection, &household.key, recording)?;
    if changes.is_empty() {
        return Ok(Saved { outcome: Outcome::Unchanged, seq: last, event: None });
    }
    let seq = number(connection, &household.key, known, recorded_at)?;
    let save = Save { household: &household.key, seq };
    let members = new_members(connection, save, household)?;
    let rows = changes.rows(save);
    link::record(connection, save, recording, &rows.written(members.clone()))?;
    add_members(connection, save, &members)?;
    rows.write(connection, save)?;
    let event = match watch {
        Some(watch) => chain::watch(connection, (&household.key, seq), recording.valid, watch)?,
        None => None,
    };
    let outcome = if known.is_some() { Outcome::Changed } else { Outcome::Created };
    Ok(Saved { outcome, seq, event: event.map(|event| event.seq) })
}

/// A household as slots and values.
struct Stated {
    details: BTreeMap<<HouseholdRow as Versioned>::Slot, <HouseholdRow as Versioned>::Value>,
    persons: BTreeMap<<PersonRow as Versioned>::Slot, <PersonRow as Versioned>::Value>,
    identities: BTreeMap<<IdentityRow as Versioned>::Slot, <IdentityRow as Versioned>::Value>,
    facts: BTreeMap<<FactRow as Versioned>::Slot, <FactRow as Versioned>::Value>,
}

impl Stated {
    fn new(household: &Household) -> Result<Self, StoreError> {
        let details = BTreeMap::from([(
            (),
            (household.place.clone(), household.town.as_ref().map(ToString::to_string)),
        )]);
        let persons = BTreeMap::new();
        let mut stated = Self { details, persons, identities: BTreeMap::new(), facts: BTreeMap::new() };
        stated.subject(None, &household.identities, &household.facts)?;
        for (position, person) in (0_i64..).zip(&household.members) {
            if stated.persons.insert((person.key.clone(),), (position, person.name.clone())).is_some() {
                return Err(StoreError::Unstorable("two members with one key"));
            }
            stated.subject(Some(&person.key), &person.identities, &person.facts)?;
        }
        Ok(stated)
    }

    fn subject(
        &mut self,
        person: Option<&str>,
        records: &[IdentityRecord],
        facts: &FactSet,
    ) -> Result<(), StoreError> {
        for (position, record) in (0_i64..).zip(records) {
            let value = (
                record.identity.code().to_owned(),
                day(record.held.from)?,
                record.held.until.map(day).transpose()?,
                record.source.clone(),
                record.evidence.clone(),
            );
            self.identities.insert((person.map(str::to_owned), position), value);
        }
        for def in &FACTS {
            if let Some(value) = facts.get(def.fact) {
                let slot = (person.map(str::to_owned), def.id.to_owned());
                self.facts.insert(slot, fact_columns(def.fact, value)?);
            }
        }
        Ok(())
    }

    fn compare(
        self,
        connection: &mut Connection,
        household: &str,
        recording: &Recording,
    ) -> Result<Changes, StoreError> {
        let mut against = Against { connection, household, recording };
        Ok(Changes {
            details: against.plan::<HouseholdRow>(self.details)?,
            persons: against.plan::<PersonRow>(self.persons)?,
            identities: against.plan::<IdentityRow>(self.identities)?,
            facts: against.plan::<FactRow>(self.facts)?,
        })
    }
}

struct Against<'a> {
    connection: &'a mut Connection,
    household: &'a str,
    recording: &'a Recording,
}

type PlanOf<R> = Plan<RowId, <R as Versioned>::Slot, <R as Versioned>::Value>;

impl Against<'_> {
    fn plan<R: Versioned>(&mut self, stated: BTreeMap<R::Slot, R::Value>) -> Result<PlanOf<R>, StoreError> {
        let rows = R::load_open(self.connection, self.household)?;
        Ok(plan(rows.into_iter().map(R::split).collect(), self.recording.valid, stated))
    }
}

/// What a save changes in each table.
struct Changes {
    details: PlanOf<HouseholdRow>,
    persons: PlanOf<PersonRow>,
    identities: PlanOf<IdentityRow>,
    facts: PlanOf<FactRow>,
}

impl Changes {
    fn is_empty(&self) -> bool {
        self.details.is_empty()
            && self.persons.is_empty()
            && self.identities.is_empty()
            && self.facts.is_empty()
    }

    fn rows(self, save: Save<'_>) -> Rows {
        Rows {
            details: RowsOf::new(save, self.details),
            persons: RowsOf::new(save, self.persons),
            identities: RowsOf::new(save, self.identities),
            facts: RowsOf::new(save, self.facts),
        }
    }
}

/// The rows that a save adds to each table, and those that it closes.
struct Rows {
    details: RowsOf<HouseholdRow>,
    persons: RowsOf<PersonRow>,
    identities: RowsOf<IdentityRow>,
    facts: RowsOf<FactRow>,
}

impl Rows {
    fn written(&self, members: Vec<String>) -> Written {
        let mut written = Written::default();
        self.details.note(&mut written);
        self.persons.note(&mut written);
        self.identities.note(&mut written);
        self.facts.note(&mut written);
        written.note_members(members);
        written
    }

    fn write(self, connection: &mut Connection, save: Save<'_>) -> Result<(), StoreError> {
        self.details.write(connection, save)?;
        self.persons.write(connection, save)?;
        self.identities.write(connection, save)?;
        self.facts.write(connection, save)
    }
}

struct RowsOf<R> {
    close: Vec<RowId>,
    add: Vec<R>,
}

impl<R: Versioned> RowsOf<R> {
    fn new(save: Save<'_>, plan: PlanOf<R>) -> Self {
        Self { close: plan.close, add: R::rows(save, plan.add) }
    }

    fn note(&self, written: &mut Written) {
        written.note(&self.add, self.close.clone());
    }

    fn write(self, connection: &mut Connection, save: Save<'_>) -> Result<(), StoreError> {
        R::close(connection, save, &self.close)?;
        R::add(connection, &self.add)
    }
}

/// Takes the household's next number. One statement decides who gets it.
fn number(
    connection: &mut Connection,
    key: &str,
    known: Option<i64>,
    recorded_at: NaiveDateTime,
) -> Result<i64, StoreError> {
    let Some(last) = known else {
        let new =
            (households::key.eq(key), households::facts_seq.eq(1), households::created_at.eq(recorded_at));
        on!(connection, connection => diesel::insert_into(households::table)
            .values(new)
            .execute(connection))?;
        return Ok(1);
    };
    let seq = last.checked_add(1).ok_or(StoreError::Inconsistent("the last number of a household"))?;
    let taken = on!(connection, connection => diesel::update(households::table.find(key))
        .filter(households::facts_seq.eq(last))
        .set(households::facts_seq.eq(seq))
        .execute(connection))?;
    if taken == 1 { Ok(seq) } else { Err(StoreError::Conflict { expected: last, found: seq }) }
}

/// The members who were never told of before.
fn new_members(
    connection: &mut Connection,
    save: Save<'_>,
    household: &Household,
) -> Result<Vec<String>, StoreError> {
    let known: BTreeSet<String> = on!(connection, connection => persons::table
        .filter(persons::household_key.eq(save.household))
        .select(persons::key)
        .load::<String>(connection))?
    .into_iter()
    .collect();
    let members = household.members.iter().map(|person| &person.key);
    Ok(members.filter(|key| !known.contains(*key)).cloned().collect())
}

fn add_members(connection: &mut Connection, save: Save<'_>, members: &[String]) -> Result<(), StoreError> {
    let row = |key| {
        (persons::household_key.eq(save.household), persons::key.eq(key), persons::first_seq.eq(save.seq))
    };
    for part in members.chunks(1000) {
        let rows: Vec<_> = part.iter().map(row).collect();
        on!(connection, connection => diesel::insert_into(persons::table).values(&rows).execute(connection))?;
    }
    Ok(())
}
