//! Whether the chains still are what was written.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::entries::{EntryRow, bytes, head, slots_of};
use super::read::lines;
use super::{Broken, Verified};
use crate::domain::ledger::{ChainHash, Covers, link};
use crate::domain::region::Region;
use crate::store::backend::{Connection, on};
use crate::store::chain;
use crate::store::error::StoreError;
use crate::store::households::check_saves;
use crate::store::schema::{
    chain_events, delivery_slots, household_details, households, ledger_entries, ledger_heads, ledger_lines,
};

/// Follows the chains of one household, or of all: every link must be what its hash says, none may be
/// missing, the head must be the last, the facts must be those of their saves, and the slots those of the deliveries
/// that stand.
pub(in crate::store) fn verify(
    connection: &mut Connection,
    household: Option<&str>,
    within: Option<&Region>,
) -> Result<Verified, StoreError> {
    connection.reading(|connection| {
        let mut verified = Verified::default();
        let mut named = match household {
            Some(one) => BTreeSet::from([one.to_owned()]),
            None => everybody(connection)?,
        };
        if let Some(region) = within {
            let inside = inside(connection, region)?;
            named.retain(|household| inside.contains(household));
        }
        for household in named {
            verified.households += 1;
            verify_one(connection, &household, &mut verified)?;
        }
        Ok(verified)
    })
}

/// Everybody who lives in a region on some day, as it is known now.
fn inside(connection: &mut Connection, region: &Region) -> Result<BTreeSet<String>, StoreError> {
    use household_details::dsl;
    // A code is of digits only, so nothing in it is a pattern.
    let keys = on!(connection, connection => household_details::table
        .filter(dsl::closed_seq.is_null())
        .filter(dsl::town.like(format!("{region}%")))
        .select(dsl::household_key)
        .distinct()
        .load::<String>(connection))?;
    Ok(keys.into_iter().collect())
}

/// Everybody whom any table of the chain names.
fn everybody(connection: &mut Connection) -> Result<BTreeSet<String>, StoreError> {
    let mut all = BTreeSet::new();
    all.extend(on!(connection, connection => households::table
        .select(households::key).load::<String>(connection))?);
    all.extend(on!(connection, connection => ledger_heads::table
        .select(ledger_heads::household_key).load::<String>(connection))?);
    all.extend(on!(connection, connection => ledger_entries::table
        .select(ledger_entries::household_key).distinct().load::<String>(connection))?);
    all.extend(on!(connection, connection => ledger_lines::table
        .select(ledger_lines::household_key).distinct().load::<String>(connection))?);
    all.extend(on!(connection, connection => chain_events::table
        .select(chain_events::household_key).distinct().load::<String>(connection))?);
    all.extend(on!(connection, connection => delivery_slots::table
        .select(delivery_slots::household_key).distinct().load::<String>(connection))?);
    Ok(all)
}

fn verify_one(
    connection: &mut Connection,
    household: &str,
    verified: &mut Verified,
) -> Result<(), StoreError> {
    let saves = check_saves(connection, household)?;
    verified.uncovered_saves += saves.uncovered;
    for (entry, save, what) in saves.broken {
        verified.broken.push(Broken { household: household.to_owned(), entry, save: Some(save), what });
    }
    let mut broken = |entry: Option<i64>, what: &'static str| {
        verified.broken.push(Broken { household: household.to_owned(), entry, save: None, what });
    };
    let rows = on!(connection, connection => ledger_entries::table
        .filter(ledger_entries::household_key.eq(household))
        .order(ledger_entries::seq)
        .select(EntryRow::as_select())
        .load(connection))?;
    let mut lines = lines(connection, household)?;
    let events = chain::of_household(connection, household)?;
    let mut whole = saves.links;
    for row in &rows {
        let own = lines.remove(&row.seq).unwrap_or_default();
        whole.push((row.seq, row.hash.clone(), bytes(row, &own)?));
    }
    for row in &events {
        whole.push((row.seq, row.hash.clone(), chain::bytes(row)?));
    }
    whole.sort_by_key(|(seq, _, _)| *seq);
    let (mut before, mut next) = (ChainHash::START, 1_i64);
    let count = whole.len();
    for (seq, hash, bytes) in whole {
        if seq > next {
            broken(Some(next), "the entry is missing");
        } else if seq < next {
            broken(Some(seq), "the number is taken twice");
        }
        let linked = link(before, &bytes);
        if linked.to_string() != hash {
            broken(Some(seq), "the entry, or one before it, is not what was written");
        }
        // One changed entry is told once: what follows is held against the hash that is there.
        before = super::entries::hash_of(&hash).unwrap_or(linked);
        next = seq + 1;
    }
    for seq in lines.into_keys() {
        broken(Some(seq), "lines without their entry");
    }
    let (entries, hash) = head(connection, household)?;
    if entries != next - 1 {
        broken(Some(next), "the chain ends before its head: the entry is missing");
    } else if hash != before {
        broken(Some(entries), "the head is not the hash of the last entry");
    }
    for (place, what) in slots(connection, household, &rows)? {
        broken(place, what);
    }
    verified.entries += u64::try_from(count).unwrap_or(u64::MAX);
    Ok(())
}

/// Where the slots are not those of the deliveries that stand.
fn slots(
    connection: &mut Connection,
    household: &str,
    rows: &[EntryRow],
) -> Result<Vec<(Option<i64>, &'static str)>, StoreError> {
    let reversed: BTreeSet<i64> = rows.iter().filter_map(|row| row.reverses).collect();
    let mut expected = BTreeMap::new();
    let mut found = Vec::new();
    for row in rows.iter().filter(|row| row.reverses.is_none() && !reversed.contains(&row.seq)) {
        let months = row.covers.parse::<Covers>().map(Covers::months).unwrap_or_default();
        match slots_of(&row.slots, &months) {
            Ok(slots) => {
                for slot in slots {
                    *expected.entry(slot).or_insert(0_i64) += 1;
                }
            }
            Err(_) => found.push((Some(row.seq), "its slots cannot be read")),
        }
    }
    let taken = on!(connection, connection => delivery_slots::table
        .filter(delivery_slots::household_key.eq(household))
        .select((
            delivery_slots::name,
            delivery_slots::subject,
            delivery_slots::month,
            delivery_slots::holder,
            delivery_slots::entry,
            delivery_slots::deliveries,
        ))
        .load::<(String, String, chrono::NaiveDate, String, i64, i64)>(connection))?;
    for (name, subject, month, holder, entry, deliveries) in taken {
        let slot = crate::domain::ledger::Slot { name, subject, month, holder };
        if expected.remove(&slot) != Some(deliveries) {
            found.push((Some(entry), "a slot is taken by other deliveries than those that stand"));
        }
    }
    if !expected.is_empty() {
        found.push((None, "a delivery stands whose slot is not taken"));
    }
    Ok(found)
}
