//! Going through the households of a region, with what was delivered to them: for what is due.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;

use super::entries::{EntryRow, LineRow, entry};
use super::{Stretch, WalkQuery};
use crate::domain::ledger::Covers;
use crate::store::backend::{Connection, on};
use crate::store::error::StoreError;
use crate::store::households::fetch_all;
use crate::store::schema::{household_details, ledger_entries, ledger_lines};

/// How many households are read at once.
const STRETCH: usize = 200;

/// Shows the households one stretch after the other, by key, all of one state of the database, until there are no
/// more or `visit` has enough.
pub(in crate::store) fn walk<S>(
    connection: &mut Connection,
    query: &WalkQuery,
    mut state: S,
    mut visit: impl FnMut(&mut S, Stretch) -> ControlFlow<()>,
) -> Result<S, StoreError> {
    connection.reading(|connection| {
        let mut after: Option<String> = None;
        loop {
            let keys = match &query.household {
                Some(key) => vec![key.clone()],
                None => keys(connection, query, after.as_deref())?,
            };
            let Some(last) = keys.last().cloned() else { return Ok(state) };
            let full = keys.len() == STRETCH;
            let flow = visit(&mut state, stretch(connection, query, keys)?);
            if flow.is_break() || query.household.is_some() || !full {
                return Ok(state);
            }
            after = Some(last);
        }
    })
}

/// The next households of which anything is stated for a day between the first month and the last.
fn keys(
    connection: &mut Connection,
    query: &WalkQuery,
    after: Option<&str>,
) -> Result<Vec<String>, StoreError> {
    use household_details::dsl;
    let (Some(first), Some(last)) = (query.months.first(), query.months.last()) else {
        return Ok(Vec::new());
    };
    let keys = on!(connection, connection => {
        let mut rows = household_details::table
            .filter(dsl::closed_seq.is_null())
            .filter(dsl::valid_from.le(last))
            .filter(dsl::valid_until.is_null().or(dsl::valid_until.gt(first)))
            .select(dsl::household_key)
            .distinct()
            .into_boxed();
        if let Some(region) = &query.within {
            // A code is of digits only, so nothing in it is a pattern.
            rows = rows.filter(dsl::town.like(format!("{region}%")));
        }
        match (after, &query.from_key) {
            (Some(after), _) => rows = rows.filter(dsl::household_key.gt(after)),
            (None, Some(from)) => rows = rows.filter(dsl::household_key.ge(from)),
            (None, None) => {}
        }
        rows.order(dsl::household_key.asc())
            .limit(i64::try_from(STRETCH).unwrap_or(i64::MAX))
            .load::<String>(connection)
    })?;
    Ok(keys)
}

fn stretch(connection: &mut Connection, query: &WalkQuery, keys: Vec<String>) -> Result<Stretch, StoreError> {
    let borrowed: Vec<&str> = keys.iter().map(String::as_str).collect();
    let mut households = BTreeMap::new();
    for month in &query.months {
        let mut found = fetch_all(connection, &borrowed, *month)?;
        if let Some(region) = &query.within {
            found.retain(|_, stored| stored.household.lies_in(region));
        }
        households.insert(*month, found);
    }
    let deliveries = deliveries(connection, &borrowed, &query.months)?;
    Ok(Stretch { keys, households, deliveries })
}

/// The deliveries that stand and count for the years of some months, by household.
fn deliveries(
    connection: &mut Connection,
    households: &[&str],
    months: &[NaiveDate],
) -> Result<BTreeMap<String, Vec<super::Entry>>, StoreError> {
    let (Some(first), Some(last)) = (months.first(), months.last()) else { return Ok(BTreeMap::new()) };
    let (from, until) = (Covers::Year(first.year()).first_day(), Covers::Year(last.year()).end());
    let rows = on!(connection, connection => ledger_entries::table
        .filter(ledger_entries::household_key.eq_any(households))
        .filter(ledger_entries::covers_from.lt(until))
        .filter(ledger_entries::covers_until.gt(from))
        .order((ledger_entries::household_key, ledger_entries::seq))
        .select(EntryRow::as_select())
        .load(connection))?;
    let found = on!(connection, connection => ledger_lines::table
        .inner_join(ledger_entries::table.on(ledger_lines::household_key
            .eq(ledger_entries::household_key)
            .and(ledger_lines::seq.eq(ledger_entries::seq))))
        .filter(ledger_entries::household_key.eq_any(households))
        .filter(ledger_entries::covers_from.lt(until))
        .filter(ledger_entries::covers_until.gt(from))
        .order((ledger_lines::household_key, ledger_lines::seq, ledger_lines::line))
        .select(LineRow::as_select())
        .load(connection))?;
    let mut lines = BTreeMap::<(String, i64), Vec<LineRow>>::new();
    for line in found {
        lines.entry((line.household_key.clone(), line.seq)).or_default().push(line);
    }
    let taken_back: BTreeSet<(String, i64)> =
        rows.iter().filter_map(|row| Some((row.household_key.clone(), row.reverses?))).collect();
    let mut standing = BTreeMap::<String, Vec<super::Entry>>::new();
    for row in rows {
        let place = (row.household_key.clone(), row.seq);
        if row.reverses.is_none() && !taken_back.contains(&place) {
            let lines = lines.remove(&place).unwrap_or_default();
            standing.entry(place.0).or_default().push(entry(row, lines)?);
        }
    }
    Ok(standing)
}
