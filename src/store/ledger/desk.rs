//! The ledger of some households while orders about them are decided: read at once, kept up to date in
//! memory, written at once. All of it happens inside the one transaction that holds the lock, so nothing
//! changes underneath; and should the memory err, the keys of the tables refuse what it writes.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::entries::{EntryRow, LineRow, heads, insert, linked, move_head};
use super::past::{self, AccountKey};
use crate::domain::ledger::{Account, ChainHash, Delivery, PostingLine, Slot, TakenSlot};
use crate::store::backend::{Connection, on};
use crate::store::error::StoreError;
use crate::store::households::{StoredHousehold, fetch_all};
use crate::store::schema::{delivery_slots, ledger_entries};

/// An entry that used an idempotency key.
#[derive(Clone, Debug)]
pub(super) struct Used {
    /// Its household.
    pub(super) household: String,
    /// Its number.
    pub(super) entry: i64,
    /// The hash of what was asked for.
    pub(super) request: String,
}

/// What is known about the households of some orders, and what is to be written.
pub(super) struct Desk {
    used: BTreeMap<String, Used>,
    households: BTreeMap<NaiveDate, BTreeMap<String, StoredHousehold>>,
    books: BTreeMap<String, Book>,
    entries: Vec<EntryRow>,
    lines: Vec<LineRow>,
}

/// The ledger of one household.
struct Book {
    /// How many entries there were, and the head as it will be.
    before: i64,
    head: (i64, ChainHash),
    slots: Vec<TakenSlot>,
    /// Slots that are new: the last entry that is in it, and how many are.
    added: Vec<(Slot, i64, i64)>,
    /// Slots that stand in the table and are shared: the last entry that joined, and how many did.
    joined: BTreeMap<Slot, (i64, i64)>,
    /// The accounts that were asked for, by beneficiary, offer and year, and whether they changed.
    accounts: BTreeMap<(String, String, i64), (Account, bool)>,
}

impl Desk {
    /// Reads what matters to these orders.
    pub(super) fn open(connection: &mut Connection, deliveries: &[Delivery]) -> Result<Self, StoreError> {
        let keys: Vec<&str> = deliveries.iter().map(|one| one.key.as_str()).collect();
        let mut days = BTreeMap::<NaiveDate, BTreeSet<&str>>::new();
        for one in deliveries {
            days.entry(one.order.covers.first_day()).or_default().insert(&one.household);
        }
        let mut households = BTreeMap::new();
        for (on, keys) in days {
            let keys: Vec<&str> = keys.into_iter().collect();
            households.insert(on, fetch_all(connection, &keys, on)?);
        }
        let whose: BTreeSet<&str> = deliveries.iter().map(|one| one.household.as_str()).collect();
        let whose: Vec<&str> = whose.into_iter().collect();
        let months = || deliveries.iter().flat_map(|one| one.order.covers.months());
        let span = (months().min().unwrap_or_default(), months().max().unwrap_or_default());
        let mut slots = past::slots(connection, &whose, span)?;
        let heads = heads(connection, &whose)?;
        let books = whose.into_iter().map(|household| {
            let head = heads.get(household).copied().unwrap_or((0, ChainHash::START));
            let book = Book {
                before: head.0,
                head,
                slots: slots.remove(household).unwrap_or_default(),
                added: Vec::new(),
                joined: BTreeMap::new(),
                accounts: BTreeMap::new(),
            };
            (household.to_owned(), book)
        });
        let books = books.collect();
        Ok(Self { used: used(connection, &keys)?, households, books, entries: Vec::new(), lines: Vec::new() })
    }

    /// The entry that used a key.
    pub(super) fn used(&self, key: &str) -> Option<&Used> {
        self.used.get(key)
    }

    /// A household on a day; `None` if nothing is known of it.
    pub(super) fn household(&self, key: &str, on: NaiveDate) -> Option<&StoredHousehold> {
        self.households.get(&on)?.get(key)
    }

    /// The slots of a household that are taken.
    pub(super) fn slots(&self, household: &str) -> Vec<TakenSlot> {
        self.books.get(household).map(|book| book.slots.clone()).unwrap_or_default()
    }

    /// An account of claims.
    pub(super) fn account(
        &mut self,
        connection: &mut Connection,
        key: AccountKey<'_>,
    ) -> Result<Account, StoreError> {
        let Some(book) = self.books.get_mut(key.household) else { return Ok(Account::default()) };
        let place = (key.beneficiary.to_owned(), key.offer.to_owned(), key.year);
        if let Some((account, _)) = book.accounts.get(&place) {
            return Ok(account.clone());
        }
        let account = past::account(connection, key)?;
        book.accounts.insert(place, (account.clone(), false));
        Ok(account)
    }

    /// The number that the next entry of a household gets.
    pub(super) fn next(&self, household: &str) -> i64 {
        self.books.get(household).map_or(1, |book| book.head.0 + 1)
    }

    /// Enters an entry with its lines and the slots that it takes.
    pub(super) fn enter(
        &mut self,
        mut row: EntryRow,
        lines: &[PostingLine],
        slots: Vec<Slot>,
    ) -> Result<(), StoreError> {
        let book = self.books.get_mut(&row.household_key);
        let book = book.ok_or(StoreError::Unstorable("an entry of a household that was not asked for"))?;
        let (lines, hash) = linked(&mut row, lines, book.head.1)?;
        book.head = (row.seq, hash);
        for slot in slots {
            book.take(slot, row.seq);
        }
        let used =
            Used { household: row.household_key.clone(), entry: row.seq, request: row.request_hash.clone() };
        self.used.insert(row.idempotency_key.clone(), used);
        self.entries.push(row);
        self.lines.extend(lines);
        Ok(())
    }

    /// Keeps an account as it is now.
    pub(super) fn keep(&mut self, key: AccountKey<'_>, account: Account) {
        if let Some(book) = self.books.get_mut(key.household) {
            let place = (key.beneficiary.to_owned(), key.offer.to_owned(), key.year);
            book.accounts.insert(place, (account, true));
        }
    }

    /// Writes everything that was entered.
    pub(super) fn write(self, connection: &mut Connection) -> Result<(), StoreError> {
        insert(connection, &self.entries, &self.lines)?;
        let mut added = Vec::new();
        for (household, book) in &self.books {
            if book.head.0 > book.before {
                move_head(connection, household, book.before, book.head)?;
            }
            added.extend(book.added.iter().map(|(slot, entry, deliveries)| {
                (
                    delivery_slots::household_key.eq(household),
                    delivery_slots::name.eq(&slot.name),
                    delivery_slots::subject.eq(&slot.subject),
                    delivery_slots::month.eq(slot.month),
                    delivery_slots::holder.eq(&slot.holder),
                    delivery_slots::entry.eq(*entry),
                    delivery_slots::deliveries.eq(*deliveries),
                )
            }));
        }
        for part in added.chunks(MOST_SLOTS) {
            on!(connection, connection => diesel::insert_into(delivery_slots::table)
                .values(part)
                .execute(connection))?;
        }
        for (household, book) in &self.books {
            for (slot, (entry, deliveries)) in &book.joined {
                join(connection, household, slot, (*entry, *deliveries))?;
            }
            for ((beneficiary, offer, year), (account, changed)) in &book.accounts {
                if *changed {
                    past::keep(
                        connection,
                        AccountKey { household, beneficiary, offer, year: *year },
                        account,
                    )?;
                }
            }
        }
        Ok(())
    }
}

/// How many slots go into one statement; SQLite takes 32,766 values.
const MOST_SLOTS: usize = 32_766 / 7;

impl Book {
    /// Takes a slot. The key of the table lets nobody else in: a slot of its own is only ever inserted, and a
    /// shared one joined by its own holder.
    fn take(&mut self, slot: Slot, entry: i64) {
        let shared = |taken: &&mut TakenSlot| taken.slot == slot && !slot.holder.is_empty();
        let Some(taken) = self.slots.iter_mut().find(shared) else {
            self.slots.push(TakenSlot { slot: slot.clone(), entry });
            self.added.push((slot, entry, 1));
            return;
        };
        taken.entry = entry;
        let added = self.added.iter_mut().find(|(added, _, _)| *added == slot);
        let (last, deliveries) = if let Some((_, last, deliveries)) = added {
            (last, deliveries)
        } else {
            let (last, deliveries) = self.joined.entry(slot).or_insert((entry, 0));
            (last, deliveries)
        };
        (*last, *deliveries) = (entry, *deliveries + 1);
    }
}

fn join(
    connection: &mut Connection,
    household: &str,
    slot: &Slot,
    (entry, deliveries): (i64, i64),
) -> Result<(), StoreError> {
    let shared = delivery_slots::table
        .find((household, &slot.name, &slot.subject, slot.month))
        .filter(delivery_slots::holder.eq(&slot.holder));
    let joined = on!(connection, connection => diesel::update(shared)
        .set((
            delivery_slots::entry.eq(entry),
            delivery_slots::deliveries.eq(delivery_slots::deliveries + deliveries),
        ))
        .execute(connection))?;
    if joined == 1 { Ok(()) } else { Err(StoreError::Inconsistent("a slot that is missing")) }
}

/// The entries that used some keys, by key.
pub(super) fn used(connection: &mut Connection, keys: &[&str]) -> Result<BTreeMap<String, Used>, StoreError> {
    use ledger_entries::dsl;
    let rows = on!(connection, connection => ledger_entries::table
        .filter(dsl::idempotency_key.eq_any(keys))
        .select((dsl::idempotency_key, dsl::household_key, dsl::seq, dsl::request_hash))
        .load::<(String, String, i64, String)>(connection))?;
    let used =
        rows.into_iter().map(|(key, household, entry, request)| (key, Used { household, entry, request }));
    Ok(used.collect())
}
