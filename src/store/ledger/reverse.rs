//! Taking an entry back by a second one.

use diesel::prelude::*;

use super::desk::used;
use super::entries::{EntryRow, LineRow, append, head, request_of_reversal, slots_of};
use super::past::{self, AccountKey};
use super::{Circumstances, Reversal, Reversed, Sight};
use crate::domain::ledger::{Covers, PostingLine, Slot};
use crate::domain::money::Fen;
use crate::store::backend::{Connection, on};
use crate::store::error::StoreError;
use crate::store::households::fetch_all;
use crate::store::schema::{delivery_slots, ledger_entries, ledger_lines};
use crate::store::types::{day, instant};

/// Takes a delivery back: its slots are free again, and its claim leaves the account.
pub(in crate::store) fn reverse(
    connection: &mut Connection,
    reversal: &Reversal,
    circumstances: &Circumstances,
) -> Result<Reversed, StoreError> {
    connection.writing(|connection| {
        let household = reversal.household.as_str();
        let delivery = on!(connection, connection => ledger_entries::table
            .find((household, reversal.entry))
            .select(EntryRow::as_select())
            .first(connection)
            .optional())?;
        let delivery = match delivery {
            Some(row) if row.reverses.is_none() && seen(connection, &row, &reversal.sight)? => Some(row),
            _ => None,
        };
        if delivery.is_none() && reversal.sight != Sight::default() {
            return Ok(Reversed::NoSuchEntry);
        }
        let request = request_of_reversal(reversal)?;
        if let Some(used) = used(connection, &[&reversal.key])?.remove(&reversal.key) {
            let same = used.household == reversal.household && used.request == request;
            return Ok(if same { Reversed::Repeated(used.entry) } else { Reversed::KeyUsed });
        }
        let Some(delivery) = delivery else { return Ok(Reversed::NoSuchEntry) };
        let before = on!(connection, connection => ledger_entries::table
            .filter(ledger_entries::household_key.eq(household))
            .filter(ledger_entries::reverses.eq(reversal.entry))
            .select(ledger_entries::seq)
            .first::<i64>(connection)
            .optional())?;
        if let Some(before) = before {
            return Ok(Reversed::AlreadyReversed(before));
        }
        let lines = on!(connection, connection => ledger_lines::table
            .filter(ledger_lines::household_key.eq(household))
            .filter(ledger_lines::seq.eq(reversal.entry))
            .order(ledger_lines::line)
            .select(LineRow::as_select())
            .load(connection))?;
        let covers: Covers = delivery
            .covers
            .parse()
            .map_err(|_no_period| StoreError::Inconsistent("an entry that covers nothing"))?;
        for slot in slots_of(&delivery.slots, &covers.months())? {
            free(connection, &delivery, &slot)?;
        }
        if delivery.expense.is_some() {
            leave_account(connection, &delivery, covers, &lines)?;
        }
        let at = head(connection, household)?;
        let row = EntryRow {
            seq: at.0 + 1,
            kind: "reversal".to_owned(),
            idempotency_key: reversal.key.clone(),
            request_hash: request,
            reverses: Some(reversal.entry),
            reason: Some(reversal.reason.clone()),
            delivered_on: day(reversal.day)?,
            actor: circumstances.actor.clone(),
            catalogue: circumstances.catalogue.clone(),
            engine: circumstances.engine.clone(),
            recorded_at: instant(circumstances.recorded_at)?,
            ..delivery
        };
        let lines: Vec<PostingLine> = lines
            .into_iter()
            .map(|line| PostingLine {
                measure: line.measure,
                standard: line.standard,
                paid: line.paid.map(Fen::new),
            })
            .collect();
        append(connection, row, &lines, at)?;
        Ok(Reversed::New(at.0 + 1))
    })
}

/// Whether a delivery is in sight.
fn seen(connection: &mut Connection, row: &EntryRow, sight: &Sight) -> Result<bool, StoreError> {
    if sight.department.as_ref().is_some_and(|department| *department != row.department) {
        return Ok(false);
    }
    let Some(within) = &sight.within else { return Ok(true) };
    let lived = fetch_all(connection, &[&row.household_key], row.covers_from)?;
    Ok(lived.values().any(|stored| stored.household.lies_in(within)))
}

/// Leaves a slot, which is free when nobody is left in it.
fn free(connection: &mut Connection, delivery: &EntryRow, slot: &Slot) -> Result<(), StoreError> {
    let household = delivery.household_key.as_str();
    let row = delivery_slots::table.find((household, &slot.name, &slot.subject, slot.month));
    let gone = on!(connection, connection => diesel::delete(row.filter(delivery_slots::deliveries.eq(1_i64)))
        .execute(connection))?;
    if gone == 1 {
        return Ok(());
    }
    // Whoever is still in it: the last delivery of the same offer and beneficiary that stands.
    let reversed = ledger_entries::table
        .filter(ledger_entries::household_key.eq(household))
        .filter(ledger_entries::reverses.is_not_null())
        .select(ledger_entries::reverses);
    let reversed = on!(connection, connection => reversed.load::<Option<i64>>(connection))?;
    let standing = on!(connection, connection => ledger_entries::table
        .filter(ledger_entries::household_key.eq(household))
        .filter(ledger_entries::kind.eq("delivery"))
        .filter(ledger_entries::seq.ne(delivery.seq))
        .order(ledger_entries::seq.desc())
        .select((ledger_entries::seq, ledger_entries::slots, ledger_entries::covers))
        .load::<(i64, String, String)>(connection))?;
    for (seq, slots, covers) in standing {
        if reversed.contains(&Some(seq)) {
            continue;
        }
        let covers: Covers =
            covers.parse().map_err(|_no_period| StoreError::Inconsistent("an entry that covers nothing"))?;
        if slots_of(&slots, &covers.months())?.contains(slot) {
            let changed = on!(connection, connection => diesel::update(row)
                .set((
                    delivery_slots::entry.eq(seq),
                    delivery_slots::deliveries.eq(delivery_slots::deliveries - 1),
                ))
                .execute(connection))?;
            return if changed == 1 {
                Ok(())
            } else {
                Err(StoreError::Inconsistent("a slot that is missing"))
            };
        }
    }
    Err(StoreError::Inconsistent("a slot that nobody is in"))
}

fn leave_account(
    connection: &mut Connection,
    delivery: &EntryRow,
    covers: Covers,
    lines: &[LineRow],
) -> Result<(), StoreError> {
    let key = AccountKey {
        household: &delivery.household_key,
        beneficiary: delivery.beneficiary.as_deref().unwrap_or_default(),
        offer: &delivery.offer,
        year: i64::from(covers.year()),
    };
    let mut account = past::account(connection, key)?;
    let broken = StoreError::Inconsistent("an account that does not hold its claims");
    account.claims -= 1;
    account.expense = Fen::new(account.expense.value() - delivery.expense.unwrap_or_default());
    for line in lines {
        let held = account.paid.iter_mut().find(|(measure, _)| *measure == line.measure);
        let (_, paid) = held.ok_or(broken.clone())?;
        *paid = Fen::new(paid.value() - line.paid.unwrap_or_default());
    }
    if account.claims < 0
        || account.expense.value() < 0
        || account.paid.iter().any(|(_, paid)| paid.value() < 0)
    {
        return Err(broken);
    }
    past::keep(connection, key, &account)
}
