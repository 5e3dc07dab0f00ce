//! The audit log: entries are added, never changed; each is chained to the one before.

mod list;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::backend::{Connection, on};
use super::error::StoreError;
use super::schema::{audit_entries, audit_heads};
use super::types::instant;
use crate::documents::audit::{Entry, Link};

pub(super) use list::list;
pub use list::{AuditList, AuditQuery};

/// How far the log goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditHead {
    /// How many entries there are; the number of the last one.
    pub entries: i64,
    /// The hash of the last entry.
    pub hash: Link,
}

/// An entry as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number, from 1 on without a gap.
    pub seq: i64,
    /// What it says.
    pub entry: Entry,
    /// Its hash.
    pub hash: Link,
}

/// Some entries in order, and the head of the same moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditPage {
    /// The entries.
    pub rows: Vec<AuditRow>,
    /// The head.
    pub head: AuditHead,
}

type Columns = (i64, NaiveDateTime, String, String, Option<String>, String, Option<String>, String, String);

/// Adds entries, all of them or none.
pub(super) fn append(connection: &mut Connection, entries: Vec<Entry>) -> Result<AuditHead, StoreError> {
    connection.writing(|connection| {
        let mut reached = head(connection)?;
        for entry in entries {
            reached = add(connection, reached, entry)?;
        }
        Ok(reached)
    })
}

fn add(connection: &mut Connection, before: AuditHead, mut entry: Entry) -> Result<AuditHead, StoreError> {
    use audit_entries::dsl;
    let at = instant(entry.at)?;
    // What is hashed is what will be read back.
    entry.at = at.and_utc();
    let seq = before.entries.checked_add(1).ok_or(StoreError::Inconsistent("the length of the audit log"))?;
    let hash = before.hash.then(seq, &entry);
    let hash = hash.map_err(|_json| StoreError::Unstorable("an audit entry"))?;
    let row = (
        dsl::seq.eq(seq),
        dsl::recorded_at.eq(at),
        dsl::subject.eq(&entry.subject),
        dsl::roles.eq(entry.roles.join(",")),
        dsl::purpose.eq(&entry.purpose),
        dsl::action.eq(&entry.action),
        dsl::object.eq(&entry.object),
        dsl::outcome.eq(&entry.outcome),
        dsl::hash.eq(hash.to_string()),
    );
    on!(connection, connection => diesel::insert_into(audit_entries::table)
        .values(row)
        .execute(connection))?;
    let advanced = on!(connection, connection => diesel::update(audit_heads::table.find(1))
        .set((audit_heads::entries.eq(seq), audit_heads::hash.eq(hash.to_string())))
        .execute(connection))?;
    if advanced != 1 {
        return Err(StoreError::Inconsistent("the head of the audit log"));
    }
    Ok(AuditHead { entries: seq, hash })
}

/// The entries after a number, at most so many.
pub(super) fn page(connection: &mut Connection, after: i64, first: u32) -> Result<AuditPage, StoreError> {
    use audit_entries::dsl;
    connection.reading(|connection| {
        let rows = on!(connection, connection => audit_entries::table
            .filter(dsl::seq.gt(after))
            .order(dsl::seq.asc())
            .limit(i64::from(first))
            .load::<Columns>(connection))?;
        let rows = rows.into_iter().map(row).collect::<Result<_, _>>()?;
        Ok(AuditPage { rows, head: head(connection)? })
    })
}

fn head(connection: &mut Connection) -> Result<AuditHead, StoreError> {
    let (entries, hash) = on!(connection, connection => audit_heads::table
        .find(1)
        .select((audit_heads::entries, audit_heads::hash))
        .first::<(i64, String)>(connection))?;
    Ok(AuditHead { entries, hash: link(&hash)? })
}

fn row(columns: Columns) -> Result<AuditRow, StoreError> {
    let (seq, at, subject, roles, purpose, action, object, outcome, hash) = columns;
    let roles = roles.split(',').filter(|role| !role.is_empty()).map(str::to_owned).collect();
    let entry = Entry { at: at.and_utc(), subject, roles, purpose, action, object, outcome };
    Ok(AuditRow { seq, entry, hash: link(&hash)? })
}

fn link(text: &str) -> Result<Link, StoreError> {
    text.parse().map_err(|_error| StoreError::Inconsistent("a hash of the audit log"))
}
