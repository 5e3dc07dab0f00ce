//! Events as rows, the canonical bytes that the chain covers, and reading them.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use serde_json::json;

use super::{ChainEvent, EventKind, EventPage, EventQuery, FactsLink, FactsSave, NewEvent};
use crate::domain::period::Validity;
use crate::store::backend::{Connection, on};
use crate::store::error::StoreError;
use crate::store::households::{SaveRow, saves_since};
use crate::store::ledger::{canonical, hash_of};
use crate::store::schema::{chain_events, chain_positions};
use crate::store::types::town;

#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = chain_events, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
pub(in crate::store) struct EventRow {
    pub(super) household_key: String,
    pub(in crate::store) seq: i64,
    pub(super) position: i64,
    pub(super) kind: String,
    pub(super) place: Option<String>,
    pub(super) town: Option<String>,
    pub(super) on_day: NaiveDate,
    pub(super) facts_seq: i64,
    pub(super) content: String,
    pub(super) catalogue: String,
    pub(super) engine: String,
    pub(super) actor: String,
    pub(super) recorded_at: NaiveDateTime,
    pub(in crate::store) hash: String,
}

/// The canonical bytes of an event: everything in it but the hash.
pub(in crate::store) fn bytes(row: &EventRow) -> Result<Vec<u8>, StoreError> {
    canonical(&json!({
        "household": row.household_key,
        "seq": row.seq,
        "position": row.position,
        "kind": row.kind,
        "place": row.place,
        "town": row.town,
        "on": row.on_day.to_string(),
        "factsSeq": row.facts_seq,
        "content": row.content,
        "catalogue": row.catalogue,
        "engine": row.engine,
        "actor": row.actor,
        "recordedAt": row.recorded_at.and_utc().to_rfc3339(),
    }))
}

/// The event of a row.
pub(in crate::store) fn event(row: EventRow) -> Result<ChainEvent, StoreError> {
    let kind = EventKind::of(&row.kind).ok_or(StoreError::Inconsistent("an event of no kind"))?;
    Ok(ChainEvent {
        household: row.household_key,
        seq: row.seq,
        position: row.position,
        event: NewEvent {
            kind,
            place: row.place,
            town: town(row.town.as_deref())?,
            on: row.on_day,
            facts_seq: row.facts_seq,
            content: row.content,
        },
        catalogue: row.catalogue,
        engine: row.engine,
        actor: row.actor,
        recorded_at: row.recorded_at.and_utc(),
        hash: hash_of(&row.hash)?,
    })
}

/// The events of a household as rows, in their order.
pub(in crate::store) fn of_household(
    connection: &mut Connection,
    household: &str,
) -> Result<Vec<EventRow>, StoreError> {
    Ok(on!(connection, connection => chain_events::table
        .filter(chain_events::household_key.eq(household))
        .order(chain_events::seq)
        .select(EventRow::as_select())
        .load(connection))?)
}

/// One event.
pub(in crate::store) fn one(
    connection: &mut Connection,
    household: &str,
    seq: i64,
) -> Result<Option<ChainEvent>, StoreError> {
    let found = on!(connection, connection => chain_events::table
        .find((household, seq))
        .select(EventRow::as_select())
        .first(connection)
        .optional())?;
    found.map(event).transpose()
}

/// The position of the last event of all.
pub(in crate::store) fn last_position(connection: &mut Connection) -> Result<i64, StoreError> {
    Ok(on!(connection, connection => chain_positions::table
        .find(1)
        .select(chain_positions::last)
        .first::<i64>(connection))?)
}

/// The events of a kind after a position, at most so many.
pub(in crate::store) fn events_after(
    connection: &mut Connection,
    kind: EventKind,
    (after, first): (i64, u32),
) -> Result<Vec<ChainEvent>, StoreError> {
    let rows = on!(connection, connection => chain_events::table
        .filter(chain_events::position.gt(after))
        .filter(chain_events::kind.eq(kind.code()))
        .order(chain_events::position)
        .limit(i64::from(first))
        .select(EventRow::as_select())
        .load(connection))?;
    rows.into_iter().map(event).collect()
}

/// One page, and how many there are in all, of one state of the database.
pub(in crate::store) fn page(
    connection: &mut Connection,
    query: &EventQuery,
) -> Result<EventPage, StoreError> {
    use chain_events::dsl;
    macro_rules! matching {
        () => {{
            let mut rows = chain_events::table.filter(dsl::kind.eq(query.kind.code())).into_boxed();
            if let Some(household) = &query.household {
                rows = rows.filter(dsl::household_key.eq(household));
            }
            if let Some(region) = &query.within {
                // A code is of digits only, so nothing in it is a pattern.
                rows = rows.filter(dsl::town.like(format!("{region}%")));
            }
            rows
        }};
    }
    connection.reading(|connection| {
        let total = on!(connection, connection => matching!().count().get_result::<i64>(connection))?;
        let before = if query.after == 0 {
            0
        } else {
            on!(connection, connection => matching!()
                .filter(dsl::position.le(query.after))
                .count()
                .get_result::<i64>(connection))?
        };
        let rows = on!(connection, connection => matching!()
            .filter(dsl::position.gt(query.after))
            .order(dsl::position)
            .limit(i64::from(query.first).saturating_add(1))
            .select(EventRow::as_select())
            .load(connection))?;
        let first = usize::try_from(query.first).unwrap_or(usize::MAX);
        let more = rows.len() > first;
        let items = rows.into_iter().take(first).map(event).collect::<Result<_, StoreError>>()?;
        Ok(EventPage { items, more, before, total })
    })
}

/// The saves of a household's facts, in their order.
pub(in crate::store) fn saves(
    connection: &mut Connection,
    household: &str,
) -> Result<Vec<FactsSave>, StoreError> {
    let save = |row: SaveRow| {
        let valid = Validity::new(row.valid_from, row.valid_until);
        let valid = valid.ok_or(StoreError::Inconsistent("a save about no day"))?;
        let link = match (row.chain_seq, row.digest, row.hash) {
            (Some(seq), Some(digest), Some(hash)) => {
                let actor = row.recorded_by.unwrap_or_default();
                Some(FactsLink { seq, actor, digest, hash: hash_of(&hash)? })
            }
            _ => None,
        };
        Ok(FactsSave { seq: row.seq, recorded_at: row.recorded_at.and_utc(), valid, link })
    };
    saves_since(connection, household, 1)?.into_iter().map(save).collect()
}
