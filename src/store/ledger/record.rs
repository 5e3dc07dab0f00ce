//! Recording deliveries.

use diesel::prelude::*;

use super::entries::{EntryRow, append, head, request_of, slots_text};
use super::past::{self, AccountKey};
use super::{Batch, Circumstances, Decide, Recorded, Whole};
use crate::domain::ledger::{Delivery, Given, NotEntitled, Past, Posting, Refusal, Slot};
use crate::store::backend::{Connection, Keep, on};
use crate::store::error::StoreError;
use crate::store::households::{AsKnown, StoredHousehold, fetch};
use crate::store::schema::{delivery_slots, ledger_entries};
use crate::store::types::{day, instant};

/// Records orders, in one transaction.
pub(in crate::store) fn record(
    connection: &mut Connection,
    deliveries: &[Delivery],
    circumstances: &Circumstances,
    whole: Whole,
    decide: &Decide,
) -> Result<Batch, StoreError> {
    connection.deciding(|connection| {
        let mut results = Vec::with_capacity(deliveries.len());
        for delivery in deliveries {
            results.push(record_one(connection, delivery, circumstances, decide)?);
        }
        let keep = match whole {
            Whole::AllOrNone => results.iter().all(Recorded::stands),
            Whole::WhatCan => true,
        };
        let batch = Batch { results, kept: keep };
        Ok((batch, if keep { Keep::Yes } else { Keep::No }))
    })
}

fn record_one(
    connection: &mut Connection,
    delivery: &Delivery,
    circumstances: &Circumstances,
    decide: &Decide,
) -> Result<Recorded, StoreError> {
    let request = request_of(delivery)?;
    if let Some((household, seq, known)) = used(connection, &delivery.key)? {
        let same = household == delivery.household && known == request;
        return Ok(if same { Recorded::Repeated(seq) } else { Recorded::KeyUsed });
    }
    let order = &delivery.order;
    let on = order.covers.first_day();
    let Some(StoredHousehold { household, seq: facts_seq }) =
        fetch(connection, &delivery.household, on, AsKnown::Now)?
    else {
        let why = NotEntitled::NothingKnown;
        return Ok(Recorded::Refused(Refusal::NotEntitled { on, why }));
    };
    let slots = past::slots(connection, &delivery.household)?;
    // Which offer the order's measure stands for is decided with the order; a claim's account is found by
    // the offer, and every link names the same one.
    let account = match order.given {
        Given::Expense(_) => past::account(connection, account_key(delivery, &order.measure))?,
        Given::Amount(_) | Given::InKind => crate::domain::ledger::Account::default(),
    };
    let posting = match decide(&household, order, &Past { slots, account }) {
        Ok(posting) => posting,
        Err(refusal) => return Ok(Recorded::Refused(refusal)),
    };
    if posting.account.is_some() && posting.offer != order.measure {
        return Err(StoreError::Unstorable("a claim under another name than that of its account"));
    }
    let at = head(connection, &delivery.household)?;
    let row = row(delivery, circumstances, &posting, (at.0 + 1, facts_seq, request))?;
    append(connection, row, &posting.lines, at)?;
    for slot in &posting.slots {
        take(connection, &delivery.household, slot, at.0 + 1)?;
    }
    if let Some(account) = &posting.account {
        past::keep(connection, account_key(delivery, &posting.offer), account)?;
    }
    let paid =
        posting.lines.iter().filter_map(|line| line.paid).reduce(|sum, paid| sum.plus(paid).unwrap_or(sum));
    Ok(Recorded::New(at.0 + 1, paid))
}

fn account_key<'a>(delivery: &'a Delivery, offer: &'a str) -> AccountKey<'a> {
    AccountKey {
        household: &delivery.household,
        beneficiary: delivery.order.beneficiary.as_deref().unwrap_or_default(),
        offer,
        year: i64::from(delivery.order.covers.year()),
    }
}

/// The entry that used a key: its household, number and request.
pub(super) fn used(
    connection: &mut Connection,
    key: &str,
) -> Result<Option<(String, i64, String)>, StoreError> {
    Ok(on!(connection, connection => ledger_entries::table
        .filter(ledger_entries::idempotency_key.eq(key))
        .select((ledger_entries::household_key, ledger_entries::seq, ledger_entries::request_hash))
        .first::<(String, i64, String)>(connection)
        .optional())?)
}

fn row(
    delivery: &Delivery,
    circumstances: &Circumstances,
    posting: &Posting,
    (seq, facts_seq, request_hash): (i64, i64, String),
) -> Result<EntryRow, StoreError> {
    let order = &delivery.order;
    Ok(EntryRow {
        household_key: delivery.household.clone(),
        seq,
        kind: "delivery".to_owned(),
        idempotency_key: delivery.key.clone(),
        request_hash,
        reverses: None,
        reason: None,
        beneficiary: order.beneficiary.clone(),
        offer: posting.offer.clone(),
        identity: posting.identity.code().to_owned(),
        covers: order.covers.to_string(),
        covers_from: day(order.covers.first_day())?,
        covers_until: day(order.covers.end())?,
        expense: match order.given {
            Given::Expense(expense) => Some(expense.value()),
            Given::Amount(_) | Given::InKind => None,
        },
        slots: slots_text(&posting.slots),
        delivered_on: day(order.day)?,
        department: order.department.clone(),
        actor: circumstances.actor.clone(),
        facts_seq,
        catalogue: circumstances.catalogue.clone(),
        engine: circumstances.engine.clone(),
        recorded_at: instant(circumstances.recorded_at)?,
        hash: String::new(),
    })
}

/// Takes a slot. The key of the table lets nobody else in: a slot of its own is only ever inserted, and a
/// shared one joined by its own holder.
fn take(connection: &mut Connection, household: &str, slot: &Slot, entry: i64) -> Result<(), StoreError> {
    let joined = if slot.holder.is_empty() {
        0
    } else {
        let shared = delivery_slots::table
            .find((household, &slot.name, &slot.subject, slot.month))
            .filter(delivery_slots::holder.eq(&slot.holder));
        on!(connection, connection => diesel::update(shared)
            .set((
                delivery_slots::entry.eq(entry),
                delivery_slots::deliveries.eq(delivery_slots::deliveries + 1),
            ))
            .execute(connection))?
    };
    if joined == 0 {
        let row = (
            delivery_slots::household_key.eq(household),
            delivery_slots::name.eq(&slot.name),
            delivery_slots::subject.eq(&slot.subject),
            delivery_slots::month.eq(slot.month),
            delivery_slots::holder.eq(&slot.holder),
            delivery_slots::entry.eq(entry),
            delivery_slots::deliveries.eq(1_i64),
        );
        on!(connection, connection => diesel::insert_into(delivery_slots::table).values(row).execute(connection))?;
    }
    Ok(())
}
