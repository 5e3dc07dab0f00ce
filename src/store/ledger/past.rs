//! What the ledger holds that matters to an order.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::Entry;
use crate::domain::ledger::{Account, Slot, TakenSlot};
use crate::domain::money::Fen;
use crate::store::backend::{Connection, on};
use crate::store::error::StoreError;
use crate::store::schema::{claim_accounts, claim_payments, delivery_slots};

/// Whose account: beneficiary (empty for the household), offer and year.
#[derive(Clone, Copy, Debug)]
pub(super) struct AccountKey<'a> {
    pub(super) household: &'a str,
    pub(super) beneficiary: &'a str,
    pub(super) offer: &'a str,
    pub(super) year: i64,
}

type SlotColumns = (String, String, String, chrono::NaiveDate, String, i64);

/// The slots of some households that are taken in the months of a span, both ends included.
pub(super) fn slots(
    connection: &mut Connection,
    households: &[&str],
    (first, last): (chrono::NaiveDate, chrono::NaiveDate),
) -> Result<BTreeMap<String, Vec<TakenSlot>>, StoreError> {
    let rows = on!(connection, connection => delivery_slots::table
        .filter(delivery_slots::household_key.eq_any(households))
        .filter(delivery_slots::month.between(first, last))
        .select((
            delivery_slots::household_key,
            delivery_slots::name,
            delivery_slots::subject,
            delivery_slots::month,
            delivery_slots::holder,
            delivery_slots::entry,
        ))
        .load::<SlotColumns>(connection))?;
    let mut taken = BTreeMap::<String, Vec<TakenSlot>>::new();
    for (household, name, subject, month, holder, entry) in rows {
        let slot = Slot { name, subject, month, holder };
        taken.entry(household).or_default().push(TakenSlot { slot, entry });
    }
    Ok(taken)
}

pub(super) fn account(connection: &mut Connection, key: AccountKey<'_>) -> Result<Account, StoreError> {
    let found = on!(connection, connection => claim_accounts::table
        .find((key.household, key.beneficiary, key.offer, key.year))
        .select((claim_accounts::claims, claim_accounts::expense))
        .first::<(i64, i64)>(connection)
        .optional())?;
    let Some((claims, expense)) = found else { return Ok(Account::default()) };
    let paid = on!(connection, connection => claim_payments::table
        .filter(claim_payments::household_key.eq(key.household))
        .filter(claim_payments::beneficiary.eq(key.beneficiary))
        .filter(claim_payments::offer.eq(key.offer))
        .filter(claim_payments::year.eq(key.year))
        .order(claim_payments::measure)
        .select((claim_payments::measure, claim_payments::paid))
        .load::<(String, i64)>(connection))?;
    let paid = paid.into_iter().map(|(measure, paid)| (measure, Fen::new(paid)));
    Ok(Account { claims, expense: Fen::new(expense), paid: paid.collect() })
}

/// All expenses of the account of a claim.
pub(in crate::store) fn claimed(
    connection: &mut Connection,
    household: &str,
    claim: &Entry,
) -> Result<Fen, StoreError> {
    let key = AccountKey {
        household,
        beneficiary: claim.beneficiary.as_deref().unwrap_or_default(),
        offer: &claim.offer,
        year: i64::from(claim.covers.year()),
    };
    Ok(account(connection, key)?.expense)
}

/// Writes the account as it is now.
pub(super) fn keep(
    connection: &mut Connection,
    key: AccountKey<'_>,
    account: &Account,
) -> Result<(), StoreError> {
    let row = (
        claim_accounts::household_key.eq(key.household),
        claim_accounts::beneficiary.eq(key.beneficiary),
        claim_accounts::offer.eq(key.offer),
        claim_accounts::year.eq(key.year),
        claim_accounts::claims.eq(account.claims),
        claim_accounts::expense.eq(account.expense.value()),
    );
    let changed =
        (claim_accounts::claims.eq(account.claims), claim_accounts::expense.eq(account.expense.value()));
    on!(connection, connection => diesel::insert_into(claim_accounts::table)
        .values(row)
        .on_conflict((
            claim_accounts::household_key,
            claim_accounts::beneficiary,
            claim_accounts::offer,
            claim_accounts::year,
        ))
        .do_update()
        .set(changed)
        .execute(connection))?;
    for (measure, paid) in &account.paid {
        let row = (
            claim_payments::household_key.eq(key.household),
            claim_payments::beneficiary.eq(key.beneficiary),
            claim_payments::offer.eq(key.offer),
            claim_payments::year.eq(key.year),
            claim_payments::measure.eq(measure),
            claim_payments::paid.eq(paid.value()),
        );
        on!(connection, connection => diesel::insert_into(claim_payments::table)
            .values(row)
            .on_conflict((
                claim_payments::household_key,
                claim_payments::beneficiary,
                claim_payments::offer,
                claim_payments::year,
                claim_payments::measure,
            ))
            .do_update()
            .set(claim_payments::paid.eq(paid.value()))
            .execute(connection))?;
    }
    Ok(())
}
