//! Reading the ledger.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::Entry;
use super::entries::{EntryRow, LineRow, entry};
use crate::store::backend::{Connection, on};
use crate::store::error::StoreError;
use crate::store::schema::{ledger_entries, ledger_heads, ledger_lines};

/// All entries of a household, in their order.
pub(in crate::store) fn entries(
    connection: &mut Connection,
    household: &str,
) -> Result<Vec<Entry>, StoreError> {
    connection.reading(|connection| {
        let rows = on!(connection, connection => ledger_entries::table
            .filter(ledger_entries::household_key.eq(household))
            .order(ledger_entries::seq)
            .select(EntryRow::as_select())
            .load(connection))?;
        with_lines(connection, household, rows)
    })
}

/// The keys of the households with an entry.
pub(in crate::store) fn with_entries(connection: &mut Connection) -> Result<BTreeSet<String>, StoreError> {
    let keys = on!(connection, connection => ledger_entries::table
        .select(ledger_entries::household_key)
        .distinct()
        .load::<String>(connection))?;
    Ok(keys.into_iter().collect())
}

/// The keys of households that have a chain, in their order.
pub(in crate::store) fn households(
    connection: &mut Connection,
    after: Option<String>,
    first: u32,
) -> Result<Vec<String>, StoreError> {
    // Every key comes after the empty text, which is none.
    let after = after.unwrap_or_default();
    let keys = on!(connection, connection => ledger_heads::table
        .filter(ledger_heads::household_key.gt(&after))
        .order(ledger_heads::household_key)
        .select(ledger_heads::household_key)
        .limit(i64::from(first))
        .load(connection))?;
    Ok(keys)
}

/// The deliveries of a household that stand and cover a day of a span.
pub(in crate::store) fn deliveries(
    connection: &mut Connection,
    household: &str,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<Entry>, StoreError> {
    let covers = |entry: &Entry| entry.covers.first_day() < until && from < entry.covers.end();
    Ok(standing(connection, household)?.into_iter().filter(covers).collect())
}

/// The deliveries of a household that stand.
pub(in crate::store) fn standing(
    connection: &mut Connection,
    household: &str,
) -> Result<Vec<Entry>, StoreError> {
    let all = entries(connection, household)?;
    let reversed: Vec<i64> =
        all.iter().filter_map(|entry| entry.reverses.as_ref().map(|(entry, _)| *entry)).collect();
    let stands = |entry: &Entry| entry.reverses.is_none() && !reversed.contains(&entry.seq);
    Ok(all.into_iter().filter(stands).collect())
}

pub(super) fn with_lines(
    connection: &mut Connection,
    household: &str,
    rows: Vec<EntryRow>,
) -> Result<Vec<Entry>, StoreError> {
    let mut lines = lines(connection, household)?;
    rows.into_iter()
        .map(|row| {
            let own = lines.remove(&row.seq).unwrap_or_default();
            entry(row, own)
        })
        .collect()
}

/// The lines of a household's entries, by entry.
pub(super) fn lines(
    connection: &mut Connection,
    household: &str,
) -> Result<BTreeMap<i64, Vec<LineRow>>, StoreError> {
    let all = on!(connection, connection => ledger_lines::table
        .filter(ledger_lines::household_key.eq(household))
        .order((ledger_lines::seq, ledger_lines::line))
        .select(LineRow::as_select())
        .load(connection))?;
    let mut lines: BTreeMap<i64, Vec<LineRow>> = BTreeMap::new();
    for line in all {
        lines.entry(line.seq).or_default().push(line);
    }
    Ok(lines)
}
