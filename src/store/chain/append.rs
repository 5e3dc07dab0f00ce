//! Adding an event to a chain.

use diesel::prelude::*;

use super::read::{EventRow, bytes};
use super::{ChainEvent, NewEvent};
use crate::domain::ledger::link;
use crate::domain::region::Region;
use crate::store::backend::{Connection, on};
use crate::store::error::StoreError;
use crate::store::ledger::{Circumstances, head, move_head};
use crate::store::schema::{chain_events, chain_positions};
use crate::store::types::{day, instant};

/// Appends an event to the chain of a household, in the transaction that is open.
pub(in crate::store) fn append(
    connection: &mut Connection,
    household: &str,
    new: &NewEvent,
    circumstances: &Circumstances,
) -> Result<ChainEvent, StoreError> {
    let (count, before) = head(connection, household)?;
    let mut row = EventRow {
        household_key: household.to_owned(),
        seq: count + 1,
        position: next_position(connection)?,
        kind: new.kind.code().to_owned(),
        place: new.place.clone(),
        town: new.town.as_ref().map(Region::to_string),
        on_day: day(new.on)?,
        facts_seq: new.facts_seq,
        content: new.content.clone(),
        catalogue: circumstances.catalogue.clone(),
        engine: circumstances.engine.clone(),
        actor: circumstances.actor.clone(),
        recorded_at: instant(circumstances.recorded_at)?,
        hash: String::new(),
    };
    let hash = link(before, &bytes(&row)?);
    row.hash = hash.to_string();
    on!(connection, connection => diesel::insert_into(chain_events::table).values(&row).execute(connection))?;
    move_head(connection, household, count, (count + 1, hash))?;
    super::event(row)
}

/// Takes the next position; whoever comes after waits until this is committed.
fn next_position(connection: &mut Connection) -> Result<i64, StoreError> {
    let moved = on!(connection, connection => diesel::update(chain_positions::table.find(1))
        .set(chain_positions::last.eq(chain_positions::last + 1))
        .execute(connection))?;
    if moved != 1 {
        return Err(StoreError::Inconsistent("the position of the last event"));
    }
    super::last_position(connection)
}
