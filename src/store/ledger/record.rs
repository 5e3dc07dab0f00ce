//! Recording deliveries.

use super::desk::Desk;
use super::entries::{EntryRow, request_of, slots_text};
use super::past::AccountKey;
use super::{Batch, Circumstances, Decide, Progress, Recorded, Roll, Sight, Whole};
use crate::domain::ledger::{Account, Delivery, Given, NotEntitled, Past, Posting, Refusal};
use crate::store::backend::{Connection, Keep};
use crate::store::error::StoreError;
use crate::store::types::{day, instant};

/// How many orders are read for and written at once.
const PART: usize = 500;

/// Records orders: all of them in one transaction; or, if those that can be are enough, part by part, so that
/// others get their turn in between. Every order is decided inside the transaction that writes it.
pub(in crate::store) fn record(
    connection: &mut Connection,
    roll: &Roll,
    circumstances: &Circumstances,
    decide: &Decide,
    progress: &Progress,
) -> Result<Batch, StoreError> {
    let clerk = Clerk { roll, circumstances, decide };
    let mut results = Vec::with_capacity(roll.deliveries.len());
    let parts = roll.deliveries.chunks(PART);
    match roll.whole {
        Whole::AllOrNone => connection.deciding(|connection| {
            for part in parts {
                clerk.record(connection, part, &mut results)?;
                progress(results.len());
            }
            let kept = results.iter().all(Recorded::stands);
            Ok((Batch { results, kept }, if kept { Keep::Yes } else { Keep::No }))
        }),
        Whole::WhatCan => {
            for part in parts {
                connection.writing(|connection| clerk.record(connection, part, &mut results))?;
                progress(results.len());
            }
            Ok(Batch { results, kept: true })
        }
    }
}

/// What goes for all orders of a roll.
#[derive(Clone, Copy)]
struct Clerk<'a> {
    roll: &'a Roll,
    circumstances: &'a Circumstances,
    decide: &'a Decide,
}

impl Clerk<'_> {
    /// Records the orders of a part one after the other, each in sight of those before it.
    fn record(
        self,
        connection: &mut Connection,
        part: &[Delivery],
        results: &mut Vec<Recorded>,
    ) -> Result<(), StoreError> {
        let mut desk = Desk::open(connection, part)?;
        for delivery in part {
            results.push(self.record_one(connection, &mut desk, delivery)?);
        }
        desk.write(connection)
    }

    fn record_one(
        self,
        connection: &mut Connection,
        desk: &mut Desk,
        delivery: &Delivery,
    ) -> Result<Recorded, StoreError> {
        let (order, household) = (&delivery.order, delivery.household.as_str());
        let on = order.covers.first_day();
        let nothing = Recorded::Refused(Refusal::NotEntitled { on, why: NotEntitled::NothingKnown });
        let stored = desk.household(household, on);
        let Sight { within, department } = &self.roll.sight;
        // Who may not deliver for a department learns nothing of what was delivered.
        if let Some(own) = department.as_ref().filter(|own| **own != order.department) {
            let (measure, owner) = (order.measure.clone(), order.department.clone());
            let department = own.clone();
            return Ok(Recorded::Refused(Refusal::WrongDepartment { measure, owner, department }));
        }
        // Out of sight is as if there were nothing, under a used key too.
        if let Some(within) = within
            && !stored.is_some_and(|stored| stored.household.lies_in(within))
        {
            return Ok(nothing);
        }
        let request = request_of(delivery)?;
        if let Some(used) = desk.used(&delivery.key) {
            let same = used.household == household && used.request == request;
            return Ok(if same { Recorded::Repeated(used.entry) } else { Recorded::KeyUsed });
        }
        let Some(stored) = stored.cloned() else { return Ok(nothing) };
        // Which offer the order's measure stands for is decided with the order; a claim's account is found by
        // the offer, and every link names the same one.
        let account = match order.given {
            Given::Expense(_) => desk.account(connection, account_key(delivery, &order.measure))?,
            Given::Amount(_) | Given::InKind => Account::default(),
        };
        let past = Past { slots: desk.slots(household), account };
        let posting = match (self.decide)(&stored.household, order, &past) {
            Ok(posting) => posting,
            Err(refusal) => return Ok(Recorded::Refused(refusal)),
        };
        if posting.account.is_some() && posting.offer != order.measure {
            return Err(StoreError::Unstorable("a claim under another name than that of its account"));
        }
        let seq = desk.next(household);
        let row = row(delivery, self.circumstances, &posting, (seq, stored.seq, request))?;
        let paid = posting.lines.iter().filter_map(|line| line.paid);
        let paid = paid.reduce(|sum, paid| sum.plus(paid).unwrap_or(sum));
        desk.enter(row, &posting.lines, posting.slots)?;
        if let Some(account) = posting.account {
            desk.keep(account_key(delivery, &posting.offer), account);
        }
        Ok(Recorded::New(seq, paid))
    }
}

fn account_key<'a>(delivery: &'a Delivery, offer: &'a str) -> AccountKey<'a> {
    AccountKey {
        household: &delivery.household,
        beneficiary: delivery.order.beneficiary.as_deref().unwrap_or_default(),
        offer,
        year: i64::from(delivery.order.covers.year()),
    }
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
