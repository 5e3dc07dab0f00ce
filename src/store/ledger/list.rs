//! Lists of deliveries, and what they paid.

use std::collections::BTreeMap;

use diesel::dsl::{count_star, exists, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::entries::{EntryRow, LineRow, entry};
use super::{DeliveryPage, DeliveryQuery, ListedDelivery, PaidTotal};
use crate::domain::ledger::{Covers, CoversKind};
use crate::domain::money::Fen;
use crate::store::backend::{Connection, on};
use crate::store::error::StoreError;
use crate::store::schema::{household_details, ledger_entries, ledger_lines};

/// The entries that a query means, deliveries and reversals, from whatever they are read.
macro_rules! matching {
    ($query:expr, $from:expr) => {{
        let query: &DeliveryQuery = $query;
        let mut rows = $from.into_boxed();
        if let Some(household) = &query.household {
            rows = rows.filter(ledger_entries::household_key.eq(household));
        }
        if let Some(number) = query.entry {
            rows = rows.filter(ledger_entries::seq.eq(number));
        }
        if let Some(offer) = &query.offer {
            rows = rows.filter(ledger_entries::offer.eq(offer));
        }
        if let Some((from, until)) = query.periods {
            rows = rows
                .filter(ledger_entries::covers_from.ge(from))
                .filter(ledger_entries::covers_from.lt(until));
        }
        if let Some(department) = &query.sight.department {
            rows = rows.filter(ledger_entries::department.eq(department));
        }
        if let Some(region) = &query.sight.within {
            // Where the household lived on the first day of the period, as it is known now. A code is of digits
            // only, so nothing in it is a pattern.
            let lived = household_details::table
                .filter(household_details::household_key.eq(ledger_entries::household_key))
                .filter(household_details::closed_seq.is_null())
                .filter(household_details::valid_from.le(ledger_entries::covers_from))
                .filter(
                    household_details::valid_until
                        .is_null()
                        .or(household_details::valid_until.gt(ledger_entries::covers_from.nullable())),
                )
                .filter(household_details::town.like(format!("{region}%")));
            rows = rows.filter(exists(lived));
        }
        rows
    }};
}

/// One page, with the totals of one state of the database.
pub(in crate::store) fn list(
    connection: &mut Connection,
    query: &DeliveryQuery,
) -> Result<DeliveryPage, StoreError> {
    connection.reading(|connection| {
        let totals = totals(connection, query)?;
        let kinds: &[&str] = if query.reversals { &["delivery", "reversal"] } else { &["delivery"] };
        let total = on!(connection, connection => matching!(query, ledger_entries::table)
            .filter(ledger_entries::kind.eq_any(kinds))
            .count()
            .get_result::<i64>(connection))?;
        let before = match &query.after {
            None => 0,
            Some((household, seq)) => on!(connection, connection => matching!(query, ledger_entries::table)
                .filter(ledger_entries::kind.eq_any(kinds))
                .filter(
                    ledger_entries::household_key.lt(household).or(ledger_entries::household_key
                        .eq(household)
                        .and(ledger_entries::seq.le(*seq))),
                )
                .count()
                .get_result::<i64>(connection))?,
        };
        let most = i64::from(query.first);
        let rows = on!(connection, connection => {
            let mut rows = matching!(query, ledger_entries::table)
                .filter(ledger_entries::kind.eq_any(kinds));
            if let Some((household, seq)) = &query.after {
                rows = rows.filter(
                    ledger_entries::household_key.gt(household).or(ledger_entries::household_key
                        .eq(household)
                        .and(ledger_entries::seq.gt(*seq))),
                );
            }
            rows.order((ledger_entries::household_key, ledger_entries::seq))
                .limit(most.saturating_add(1))
                .select(EntryRow::as_select())
                .load(connection)
        })?;
        let first = usize::try_from(query.first).unwrap_or(usize::MAX);
        let more = rows.len() > first;
        let items = listed(connection, rows.into_iter().take(first).collect())?;
        Ok(DeliveryPage { items, more, before, total, totals })
    })
}

/// The deliveries of some rows, with their lines and what took them back.
fn listed(connection: &mut Connection, rows: Vec<EntryRow>) -> Result<Vec<ListedDelivery>, StoreError> {
    let mut households: Vec<&str> = rows.iter().map(|row| row.household_key.as_str()).collect();
    households.dedup();
    let numbers: Vec<i64> = rows.iter().map(|row| row.seq).collect();
    let mut lines = BTreeMap::<(String, i64), Vec<LineRow>>::new();
    let found = on!(connection, connection => ledger_lines::table
        .filter(ledger_lines::household_key.eq_any(&households))
        .filter(ledger_lines::seq.eq_any(&numbers))
        .order((ledger_lines::household_key, ledger_lines::seq, ledger_lines::line))
        .select(LineRow::as_select())
        .load(connection))?;
    for line in found {
        lines.entry((line.household_key.clone(), line.seq)).or_default().push(line);
    }
    let mut reversed = BTreeMap::<(String, i64), i64>::new();
    let found = on!(connection, connection => ledger_entries::table
        .filter(ledger_entries::household_key.eq_any(&households))
        .filter(ledger_entries::reverses.eq_any(&numbers))
        .select((ledger_entries::household_key, ledger_entries::reverses, ledger_entries::seq))
        .load::<(String, Option<i64>, i64)>(connection))?;
    for (household, taken, by) in found {
        reversed.extend(taken.map(|taken| ((household, taken), by)));
    }
    rows.into_iter()
        .map(|row| {
            let place = (row.household_key.clone(), row.seq);
            let lines = lines.remove(&place).unwrap_or_default();
            let reversed_by = reversed.remove(&place);
            Ok(ListedDelivery { household: place.0, entry: entry(row, lines)?, reversed_by })
        })
        .collect()
}

/// What the deliveries that stand paid: a reversal has the lines of what it takes back, so the difference of the
/// two is what stands.
fn totals(connection: &mut Connection, query: &DeliveryQuery) -> Result<Vec<PaidTotal>, StoreError> {
    let overflow = StoreError::Inconsistent("payments that add up to too much");
    let rows = on!(connection, connection => matching!(query, ledger_lines::table
        .inner_join(ledger_entries::table.on(ledger_lines::household_key
            .eq(ledger_entries::household_key)
            .and(ledger_lines::seq.eq(ledger_entries::seq))))
        .group_by((ledger_lines::measure, ledger_entries::covers, ledger_entries::kind))
        .select((
            ledger_lines::measure,
            ledger_entries::covers,
            ledger_entries::kind,
            count_star(),
            sql::<BigInt>("CAST(COALESCE(SUM(ledger_lines.paid), 0) AS BIGINT)"),
        )))
    .load::<(String, String, String, i64, i64)>(connection))?;
    let mut sums = BTreeMap::<(String, CoversKind), (i64, i64)>::new();
    for (measure, covers, kind, count, paid) in rows {
        let covers: Covers =
            covers.parse().map_err(|_no_period| StoreError::Inconsistent("an entry that covers nothing"))?;
        let sign = if kind == "delivery" { 1 } else { -1 };
        let sum = sums.entry((measure, covers.kind())).or_default();
        sum.0 += sign * count;
        sum.1 = paid.checked_mul(sign).and_then(|paid| sum.1.checked_add(paid)).ok_or(overflow.clone())?;
    }
    let total =
        |((measure, kind), (deliveries, paid))| PaidTotal { measure, kind, deliveries, paid: Fen::new(paid) };
    Ok(sums.into_iter().map(total).collect())
}
