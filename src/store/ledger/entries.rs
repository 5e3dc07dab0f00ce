//! Entries as rows, and the canonical bytes that the chain covers.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Entry, Reversal};
use crate::domain::ledger::{ChainHash, Delivery, Given, PostingLine, Slot, link};
use crate::domain::money::Fen;
use crate::store::backend::{Connection, on};
use crate::store::error::StoreError;
use crate::store::schema::{ledger_entries, ledger_heads, ledger_lines};

#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = ledger_entries, treat_none_as_default_value = false)]
#[diesel(check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
pub(super) struct EntryRow {
    pub(super) household_key: String,
    pub(super) seq: i64,
    pub(super) kind: String,
    pub(super) idempotency_key: String,
    pub(super) request_hash: String,
    pub(super) reverses: Option<i64>,
    pub(super) reason: Option<String>,
    pub(super) beneficiary: Option<String>,
    pub(super) offer: String,
    pub(super) identity: String,
    pub(super) covers: String,
    pub(super) covers_from: NaiveDate,
    pub(super) covers_until: NaiveDate,
    pub(super) expense: Option<i64>,
    pub(super) slots: String,
    pub(super) delivered_on: NaiveDate,
    pub(super) department: String,
    pub(super) actor: String,
    pub(super) facts_seq: i64,
    pub(super) catalogue: String,
    pub(super) engine: String,
    pub(super) recorded_at: NaiveDateTime,
    pub(super) hash: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = ledger_lines, treat_none_as_default_value = false)]
#[diesel(check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
pub(super) struct LineRow {
    pub(super) household_key: String,
    pub(super) seq: i64,
    pub(super) line: i64,
    pub(super) measure: String,
    pub(super) standard: String,
    pub(super) paid: Option<i64>,
}

/// The head of a household's chain: how many entries, and the hash of the last.
pub(in crate::store) fn head(
    connection: &mut Connection,
    household: &str,
) -> Result<(i64, ChainHash), StoreError> {
    let found = on!(connection, connection => ledger_heads::table
        .find(household)
        .select((ledger_heads::entries, ledger_heads::hash))
        .first::<(i64, String)>(connection)
        .optional())?;
    match found {
        None => Ok((0, ChainHash::START)),
        Some((entries, hash)) => Ok((entries, hash_of(&hash)?)),
    }
}

/// Reads a hash back.
pub(in crate::store) fn hash_of(text: &str) -> Result<ChainHash, StoreError> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes)
        .map_err(|_no_hash| StoreError::Inconsistent("a hash that is none"))?;
    Ok(ChainHash(bytes))
}

/// The heads of several households; those without a ledger are left out.
pub(super) fn heads(
    connection: &mut Connection,
    households: &[&str],
) -> Result<BTreeMap<String, (i64, ChainHash)>, StoreError> {
    let found = on!(connection, connection => ledger_heads::table
        .filter(ledger_heads::household_key.eq_any(households))
        .select((ledger_heads::household_key, ledger_heads::entries, ledger_heads::hash))
        .load::<(String, i64, String)>(connection))?;
    found.into_iter().map(|(key, entries, hash)| Ok((key, (entries, hash_of(&hash)?)))).collect()
}

/// Appends an entry: links it to the chain, writes it with its lines, and moves the head.
pub(super) fn append(
    connection: &mut Connection,
    mut row: EntryRow,
    lines: &[PostingLine],
    (count, before): (i64, ChainHash),
) -> Result<(), StoreError> {
    let (lines, hash) = linked(&mut row, lines, before)?;
    let household = row.household_key.clone();
    insert(connection, &[row], &lines)?;
    move_head(connection, &household, count, (count + 1, hash))
}

/// Links an entry to the chain: gives it its hash, and answers the rows of its lines.
pub(super) fn linked(
    row: &mut EntryRow,
    lines: &[PostingLine],
    before: ChainHash,
) -> Result<(Vec<LineRow>, ChainHash), StoreError> {
    let lines: Vec<LineRow> = (0_i64..)
        .zip(lines)
        .map(|(line, posted)| LineRow {
            household_key: row.household_key.clone(),
            seq: row.seq,
            line,
            measure: posted.measure.clone(),
            standard: posted.standard.clone(),
            paid: posted.paid.map(Fen::value),
        })
        .collect();
    let hash = link(before, &bytes(row, &lines)?);
    row.hash = hash.to_string();
    Ok((lines, hash))
}

/// How many rows of the widest table go into one statement; SQLite takes 32,766 values.
const MOST_ROWS: usize = 32_766 / 32;

/// Writes entries and lines.
pub(super) fn insert(
    connection: &mut Connection,
    entries: &[EntryRow],
    lines: &[LineRow],
) -> Result<(), StoreError> {
    for part in entries.chunks(MOST_ROWS) {
        on!(connection, connection => diesel::insert_into(ledger_entries::table)
            .values(part)
            .execute(connection))?;
    }
    for part in lines.chunks(MOST_ROWS) {
        on!(connection, connection => diesel::insert_into(ledger_lines::table)
            .values(part)
            .execute(connection))?;
    }
    Ok(())
}

/// Moves the head of a household's chain, which had so many entries.
pub(in crate::store) fn move_head(
    connection: &mut Connection,
    household: &str,
    before: i64,
    (entries, hash): (i64, ChainHash),
) -> Result<(), StoreError> {
    let hash = hash.to_string();
    if before == 0 {
        let head = (
            ledger_heads::household_key.eq(household),
            ledger_heads::entries.eq(entries),
            ledger_heads::hash.eq(&hash),
        );
        on!(connection, connection => diesel::insert_into(ledger_heads::table).values(head).execute(connection))?;
    } else {
        let moved = (ledger_heads::entries.eq(entries), ledger_heads::hash.eq(&hash));
        on!(connection, connection => diesel::update(ledger_heads::table.find(household))
            .set(moved)
            .execute(connection))?;
    }
    Ok(())
}

/// The canonical bytes of an entry: everything in it but the hash.
pub(super) fn bytes(row: &EntryRow, lines: &[LineRow]) -> Result<Vec<u8>, StoreError> {
    let lines = lines.iter().map(|line| json!([line.measure, line.standard, line.paid]));
    let entry = json!({
        "household": row.household_key,
        "seq": row.seq,
        "kind": row.kind,
        "key": row.idempotency_key,
        "request": row.request_hash,
        "reverses": row.reverses,
        "reason": row.reason,
        "beneficiary": row.beneficiary,
        "offer": row.offer,
        "identity": row.identity,
        "covers": row.covers,
        "coversFrom": row.covers_from.to_string(),
        "coversUntil": row.covers_until.to_string(),
        "expense": row.expense,
        "slots": row.slots,
        "deliveredOn": row.delivered_on.to_string(),
        "department": row.department,
        "actor": row.actor,
        "factsSeq": row.facts_seq,
        "catalogue": row.catalogue,
        "engine": row.engine,
        "recordedAt": row.recorded_at.and_utc().to_rfc3339(),
        "lines": lines.collect::<Value>(),
    });
    canonical(&entry)
}

pub(in crate::store) fn canonical(value: &Value) -> Result<Vec<u8>, StoreError> {
    serde_json_canonicalizer::to_vec(value)
        .map_err(|_no_form| StoreError::Unstorable("a value that has no canonical form"))
}

/// A hash of what a delivery asks for.
pub(super) fn request_of(delivery: &Delivery) -> Result<String, StoreError> {
    let order = &delivery.order;
    let given = match order.given {
        Given::Amount(amount) => json!({ "amount": amount.value() }),
        Given::Expense(expense) => json!({ "expense": expense.value() }),
        Given::InKind => json!("in kind"),
    };
    hashed(&json!({
        "household": delivery.household,
        "measure": order.measure,
        "beneficiary": order.beneficiary,
        "covers": order.covers.to_string(),
        "given": given,
        "day": order.day.to_string(),
        "department": order.department,
    }))
}

/// A hash of what a reversal asks for.
pub(super) fn request_of_reversal(reversal: &Reversal) -> Result<String, StoreError> {
    hashed(&json!({
        "household": reversal.household,
        "reverses": reversal.entry,
        "reason": reversal.reason,
        "day": reversal.day.to_string(),
    }))
}

fn hashed(request: &Value) -> Result<String, StoreError> {
    Ok(hex::encode(Sha256::digest(canonical(request)?)))
}

/// Slots without their months, as they stand in a row.
pub(super) fn slots_text(slots: &[Slot]) -> String {
    let mut kinds: Vec<[&str; 3]> =
        slots.iter().map(|slot| [slot.name.as_str(), slot.subject.as_str(), slot.holder.as_str()]).collect();
    kinds.sort_unstable();
    kinds.dedup();
    json!(kinds).to_string()
}

/// The slots of a row, one for each month.
pub(super) fn slots_of(text: &str, months: &[NaiveDate]) -> Result<Vec<Slot>, StoreError> {
    let kinds: Vec<[String; 3]> = serde_json::from_str(text)
        .map_err(|_no_slots| StoreError::Inconsistent("slots of an entry that cannot be read"))?;
    let slots = kinds.into_iter().flat_map(|[name, subject, holder]| {
        months.iter().map(move |month| Slot {
            name: name.clone(),
            subject: subject.clone(),
            month: *month,
            holder: holder.clone(),
        })
    });
    Ok(slots.collect())
}

/// The entry of a row.
pub(super) fn entry(row: EntryRow, lines: Vec<LineRow>) -> Result<Entry, StoreError> {
    let covers = row.covers.parse();
    let lines = lines.into_iter().map(|line| PostingLine {
        measure: line.measure,
        standard: line.standard,
        paid: line.paid.map(Fen::new),
    });
    Ok(Entry {
        seq: row.seq,
        key: row.idempotency_key,
        reverses: row.reverses.map(|entry| (entry, row.reason.unwrap_or_default())),
        beneficiary: row.beneficiary,
        offer: row.offer,
        identity: row.identity,
        covers: covers.map_err(|_no_period| StoreError::Inconsistent("an entry that covers nothing"))?,
        expense: row.expense.map(Fen::new),
        lines: lines.collect(),
        day: row.delivered_on,
        department: row.department,
        actor: row.actor,
        facts_seq: row.facts_seq,
        catalogue: row.catalogue,
        engine: row.engine,
        recorded_at: DateTime::<Utc>::from_naive_utc_and_offset(row.recorded_at, Utc),
        hash: hash_of(&row.hash)?,
    })
}
