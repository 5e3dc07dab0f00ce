//! What was merged into which household: added, never changed.

use diesel::prelude::*;

use chrono::{NaiveDate, NaiveDateTime};

use super::{MergeState, NewMerge, StoredMerge};
use crate::domain::registries::listing::RegistryHousehold;
use crate::store::backend::{Connection, on};
use crate::store::error::StoreError;
use crate::store::schema::{merged_contents, merged_households, merged_persons, merges};
use crate::store::types::{day, instant};

/// Columns of the widest table; SQLite takes 32,766 values in a statement.
const MOST_ROWS: usize = 32_766 / 4;

type MergeColumns = (i64, String, NaiveDateTime, NaiveDate, i64, i64, i64);

/// What the merges so far made.
pub(in crate::store) fn state(connection: &mut Connection) -> Result<MergeState, StoreError> {
    connection.reading(|connection| {
        let mut state = MergeState { last: last(connection)?, ..MergeState::default() };
        // In their order, so that of several the last one stays.
        let households = on!(connection, connection => merged_households::table
            .order(merged_households::merge_seq.asc())
            .select((merged_households::registry, merged_households::household_no, merged_households::household_key))
            .load::<(String, String, String)>(connection))?;
        for (registry, no, key) in households {
            let registry = registry.parse();
            let registry =
                registry.map_err(|_code| StoreError::Inconsistent("a registry that does not exist"))?;
            state.households.insert(RegistryHousehold { registry, no }, key);
        }
        let persons = on!(connection, connection => merged_persons::table
            .order(merged_persons::merge_seq.asc())
            .select((merged_persons::household_key, merged_persons::person, merged_persons::person_key))
            .load::<(String, String, String)>(connection))?;
        for (household, person, key) in persons {
            state.persons.entry(household).or_default().insert(person, key);
        }
        let contents = on!(connection, connection => merged_contents::table
            .order(merged_contents::merge_seq.asc())
            .select((merged_contents::household_key, merged_contents::content))
            .load::<(String, String)>(connection))?;
        state.contents.extend(contents);
        Ok(state)
    })
}

fn last(connection: &mut Connection) -> Result<Option<StoredMerge>, StoreError> {
    let row = on!(connection, connection => merges::table
        .order(merges::seq.desc())
        .first::<MergeColumns>(connection)
        .optional())?;
    Ok(row.map(|(seq, by, at, valid_from, created, changed, ended)| StoredMerge {
        seq,
        by,
        at: at.and_utc(),
        valid_from,
        created,
        changed,
        ended,
    }))
}

/// Records a merge; answers its number.
pub(in crate::store) fn record(connection: &mut Connection, new: &NewMerge) -> Result<i64, StoreError> {
    let (at, valid_from) = (instant(new.merge.at)?, day(new.merge.valid_from)?);
    connection.writing(|connection| {
        let seq = last(connection)?.map_or(0, |last| last.seq) + 1;
        let row = (
            merges::seq.eq(seq),
            merges::merged_by.eq(&new.merge.by),
            merges::merged_at.eq(at),
            merges::valid_from.eq(valid_from),
            merges::created.eq(new.merge.created),
            merges::changed.eq(new.merge.changed),
            merges::ended.eq(new.merge.ended),
        );
        on!(connection, connection => diesel::insert_into(merges::table).values(row).execute(connection))?;
        for part in new.households.chunks(MOST_ROWS) {
            use merged_households::dsl;
            let row = |(household, key): &(RegistryHousehold, String)| {
                (
                    dsl::registry.eq(household.registry.code()),
                    dsl::household_no.eq(household.no.clone()),
                    dsl::merge_seq.eq(seq),
                    dsl::household_key.eq(key.clone()),
                )
            };
            let rows: Vec<_> = part.iter().map(row).collect();
            on!(connection, connection => diesel::insert_into(merged_households::table)
                .values(rows)
                .execute(connection))?;
        }
        for part in new.persons.chunks(MOST_ROWS) {
            use merged_persons::dsl;
            let row = |(household, person, key): &(String, String, String)| {
                (
                    dsl::household_key.eq(household.clone()),
                    dsl::person.eq(person.clone()),
                    dsl::person_key.eq(key.clone()),
                    dsl::merge_seq.eq(seq),
                )
            };
            let rows: Vec<_> = part.iter().map(row).collect();
            on!(connection, connection => diesel::insert_into(merged_persons::table)
                .values(rows)
                .execute(connection))?;
        }
        for part in new.contents.chunks(MOST_ROWS) {
            use merged_contents::dsl;
            let row = |(household, content): &(String, String)| {
                (
                    dsl::household_key.eq(household.clone()),
                    dsl::merge_seq.eq(seq),
                    dsl::content.eq(content.clone()),
                )
            };
            let rows: Vec<_> = part.iter().map(row).collect();
            on!(connection, connection => diesel::insert_into(merged_contents::table)
                .values(rows)
                .execute(connection))?;
        }
        Ok(seq)
    })
}
