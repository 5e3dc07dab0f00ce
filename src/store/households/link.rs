//! A save of facts as a link of its household's chain.
//!
//! The link holds a digest of what the save wrote: the rows that it added, those that it closed, and the members who
//! are new with it. A save from before the chain has no link; that of the next save covers it.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::Recording;
use crate::domain::ledger::{ChainHash, link};
use crate::store::backend::{Connection, on};
use crate::store::error::StoreError;
use crate::store::ledger::{canonical, head, move_head};
use crate::store::rows::{FactRow, HouseholdRow, IdentityRow, PersonRow, RowId, Save, Versioned};
use crate::store::schema::{household_saves, persons};
use crate::store::types::instant;

/// A save, with its link if it has one.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = household_saves, treat_none_as_default_value = false)]
#[diesel(check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
pub(in crate::store) struct SaveRow {
    household_key: String,
    pub(in crate::store) seq: i64,
    pub(in crate::store) recorded_at: NaiveDateTime,
    pub(in crate::store) valid_from: NaiveDate,
    pub(in crate::store) valid_until: Option<NaiveDate>,
    pub(in crate::store) recorded_by: Option<String>,
    pub(in crate::store) chain_seq: Option<i64>,
    pub(in crate::store) digest: Option<String>,
    pub(in crate::store) hash: Option<String>,
}

/// What a save wrote.
#[derive(Debug, Default)]
pub(in crate::store) struct Written {
    tables: BTreeMap<&'static str, (Vec<Value>, Vec<RowId>)>,
    members: Vec<String>,
}

impl Written {
    /// Notes the rows that it adds, in their order, and those that it closes.
    pub(super) fn note<R: Versioned>(&mut self, added: &[R], mut closed: Vec<RowId>) {
        closed.sort_unstable();
        self.tables.insert(R::TABLE, (added.iter().map(Versioned::told).collect(), closed));
    }

    /// Notes the members who are new with it.
    pub(super) fn note_members(&mut self, mut members: Vec<String>) {
        members.sort_unstable();
        self.members = members;
    }

    /// The canonical bytes of a save that wrote this: an array of its number, time and days, by table the rows that it
    /// added and the places of those that it closed, and the new members. There are only texts, whole numbers, nulls
    /// and sorted maps in it, of which the plain writer makes RFC 8785 JSON, several times faster than one for anything.
    fn bytes(&self, row: &SaveRow) -> Result<Vec<u8>, StoreError> {
        let tables =
            self.tables.iter().filter(|(_, (added, closed))| !added.is_empty() || !closed.is_empty());
        let tables: BTreeMap<_, _> = tables.collect();
        let (from, until) = (row.valid_from.to_string(), row.valid_until.map(|until| until.to_string()));
        let save = (row.seq, row.recorded_at.and_utc().to_rfc3339(), from, until, tables, &self.members);
        serde_json::to_vec(&save)
            .map_err(|_no_form| StoreError::Unstorable("a save that has no canonical form"))
    }
}

/// What all saves of a household from a number on wrote, as it stands in the tables, by save.
pub(in crate::store) fn written_since(
    connection: &mut Connection,
    household: &str,
    since: i64,
) -> Result<BTreeMap<i64, Written>, StoreError> {
    let mut all = BTreeMap::new();
    share_out::<HouseholdRow>(connection, (household, since), &mut all)?;
    share_out::<PersonRow>(connection, (household, since), &mut all)?;
    share_out::<IdentityRow>(connection, (household, since), &mut all)?;
    share_out::<FactRow>(connection, (household, since), &mut all)?;
    let members = on!(connection, connection => persons::table
        .filter(persons::household_key.eq(household))
        .filter(persons::first_seq.ge(since))
        .order((persons::first_seq, persons::key))
        .select((persons::first_seq, persons::key))
        .load::<(i64, String)>(connection))?;
    for (save, member) in members {
        all.entry(save).or_default().members.push(member);
    }
    for written in all.values_mut() {
        written.members.sort_unstable();
    }
    Ok(all)
}

fn share_out<R: Versioned>(
    connection: &mut Connection,
    (household, since): (&str, i64),
    all: &mut BTreeMap<i64, Written>,
) -> Result<(), StoreError> {
    for row in R::load_since(connection, household, since)? {
        if row.id().0 >= since {
            let table = all.entry(row.id().0).or_default().tables.entry(R::TABLE).or_default();
            table.0.push(row.told());
        }
        if let Some(save) = row.closed_by().filter(|save| *save >= since) {
            let table = all.entry(save).or_default().tables.entry(R::TABLE).or_default();
            table.1.push(row.id());
        }
    }
    Ok(())
}

/// SHA-256 over the canonical bytes of the saves that a link covers: its own, and those before it that have none.
pub(in crate::store) fn digest(covered: &[(&SaveRow, &Written)]) -> Result<String, StoreError> {
    let mut hasher = Sha256::new();
    for (row, written) in covered {
        hasher.update(written.bytes(row)?);
    }
    Ok(hex::encode(hasher.finalize()))
}

/// The canonical bytes of a link: the save, its digest, and the first save that it covers.
pub(in crate::store) fn bytes(row: &SaveRow, since: i64) -> Result<Vec<u8>, StoreError> {
    canonical(&json!({
        "household": row.household_key,
        "seq": row.chain_seq,
        "kind": "facts",
        "save": row.seq,
        "since": since,
        "validFrom": row.valid_from.to_string(),
        "validUntil": row.valid_until.map(|until| until.to_string()),
        "digest": row.digest,
        "actor": row.recorded_by,
        "recordedAt": row.recorded_at.and_utc().to_rfc3339(),
    }))
}

/// The saves of a household from a number on, in their order.
pub(in crate::store) fn saves_since(
    connection: &mut Connection,
    household: &str,
    since: i64,
) -> Result<Vec<SaveRow>, StoreError> {
    Ok(on!(connection, connection => household_saves::table
        .filter(household_saves::household_key.eq(household))
        .filter(household_saves::seq.ge(since))
        .order(household_saves::seq)
        .select(SaveRow::as_select())
        .load(connection))?)
}

/// Records a save that is about to write this, as the next link of its household's chain.
pub(super) fn record(
    connection: &mut Connection,
    save: Save<'_>,
    recording: &Recording,
    written: &Written,
) -> Result<(), StoreError> {
    let now = instant(recording.recorded_at)?;
    let earlier = earlier(connection, save)?;
    let last = earlier.iter().map(|row| row.recorded_at).max();
    let (count, before) =
        if save.seq > 1 { head(connection, save.household)? } else { (0, ChainHash::START) };
    let mut row = SaveRow {
        household_key: save.household.to_owned(),
        seq: save.seq,
        recorded_at: last.map_or(now, |last| now.max(last)),
        valid_from: recording.valid.from,
        valid_until: recording.valid.until,
        recorded_by: Some(recording.recorded_by.clone()),
        chain_seq: Some(count + 1),
        digest: None,
        hash: None,
    };
    let unlinked: Vec<&SaveRow> = earlier.iter().filter(|row| row.chain_seq.is_none()).collect();
    let since = unlinked.first().map_or(save.seq, |row| row.seq);
    let stored =
        if since < save.seq { written_since(connection, save.household, since)? } else { BTreeMap::new() };
    let nothing = Written::default();
    let mut covered: Vec<(&SaveRow, &Written)> =
        unlinked.iter().map(|row| (*row, stored.get(&row.seq).unwrap_or(&nothing))).collect();
    covered.push((&row, written));
    let digest = digest(&covered)?;
    row.digest = Some(digest);
    let hash = link(before, &bytes(&row, since)?);
    row.hash = Some(hash.to_string());
    on!(connection, connection => diesel::insert_into(household_saves::table)
        .values(&row)
        .execute(connection))?;
    move_head(connection, save.household, count, (count + 1, hash))
}

/// The save before; if it has no link, all that no link covers.
fn earlier(connection: &mut Connection, save: Save<'_>) -> Result<Vec<SaveRow>, StoreError> {
    let before = saves_since(connection, save.household, save.seq - 1)?;
    if before.iter().all(|row| row.chain_seq.is_some()) {
        return Ok(before);
    }
    let all = saves_since(connection, save.household, 1)?;
    let linked = all.iter().filter(|row| row.chain_seq.is_some()).map(|row| row.seq).max();
    Ok(all.into_iter().filter(|row| linked.is_none_or(|linked| row.seq > linked)).collect())
}
