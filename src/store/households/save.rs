//! Saving.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{Outcome, Recording, Saved};
use crate::domain::facts::{FactSet, Household, IdentityRecord};
use crate::domain::vocabulary::FACTS;
use crate::store::backend::{Connection, on};
use crate::store::chain::{self, Watch};
use crate::store::error::StoreError;
use crate::store::rows::{FactRow, HouseholdRow, IdentityRow, PersonRow, RowId, Save, Versioned};
use crate::store::schema::{household_saves, households, persons};
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
    note(connection, save, recording, recorded_at)?;
    add_persons(connection, save, household)?;
    changes.write(connection, save)?;
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
        Ok(plan(rows, self.recording.valid, stated))
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

    fn write(self, connection: &mut Connection, save: Save<'_>) -> Result<(), StoreError> {
        write::<HouseholdRow>(connection, save, self.details)?;
        write::<PersonRow>(connection, save, self.persons)?;
        write::<IdentityRow>(connection, save, self.identities)?;
        write::<FactRow>(connection, save, self.facts)
    }
}

fn write<R: Versioned>(
    connection: &mut Connection,
    save: Save<'_>,
    plan: PlanOf<R>,
) -> Result<(), StoreError> {
    R::close(connection, save, &plan.close)?;
    R::add(connection, save, plan.add)
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

fn note(
    connection: &mut Connection,
    save: Save<'_>,
    recording: &Recording,
    recorded_at: NaiveDateTime,
) -> Result<(), StoreError> {
    use household_saves::dsl;
    let last = on!(connection, connection => household_saves::table
        .filter(dsl::household_key.eq(save.household))
        .order(dsl::seq.desc())
        .select(dsl::recorded_at)
        .first::<NaiveDateTime>(connection)
        .optional())?;
    let row = (
        dsl::household_key.eq(save.household),
        dsl::seq.eq(save.seq),
        dsl::recorded_at.eq(last.map_or(recorded_at, |last| recorded_at.max(last))),
        dsl::valid_from.eq(recording.valid.from),
        dsl::valid_until.eq(recording.valid.until),
    );
    on!(connection, connection => diesel::insert_into(household_saves::table)
        .values(row)
        .execute(connection))?;
    Ok(())
}

fn add_persons(connection: &mut Connection, save: Save<'_>, household: &Household) -> Result<(), StoreError> {
    let known: BTreeSet<String> = on!(connection, connection => persons::table
        .filter(persons::household_key.eq(save.household))
        .select(persons::key)
        .load::<String>(connection))?
    .into_iter()
    .collect();
    let new = household.members.iter().filter(|person| !known.contains(&person.key));
    let new: Vec<_> = new
        .map(|person| {
            (
                persons::household_key.eq(save.household),
                persons::key.eq(person.key.as_str()),
                persons::first_seq.eq(save.seq),
            )
        })
        .collect();
    for part in new.chunks(1000) {
        on!(connection, connection => diesel::insert_into(persons::table).values(part).execute(connection))?;
    }
    Ok(())
}
