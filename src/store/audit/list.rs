//! Listing the audit log.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::{AuditRow, Columns, row};
use crate::store::backend::{Connection, on};
use crate::store::error::StoreError;
use crate::store::schema::audit_entries;
use crate::store::types::instant;

/// Which entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// Only what this subject did.
    pub subject: Option<String>,
    /// Only what was done to this object.
    pub object: Option<String>,
    /// Only this action.
    pub action: Option<String>,
    /// Only from this instant on.
    pub from: Option<DateTime<Utc>>,
    /// Only before this instant.
    pub until: Option<DateTime<Utc>>,
    /// Only numbers below this one: what follows on the next page.
    pub below: Option<i64>,
    /// How many at most.
    pub first: u32,
}

/// A page of the log, the newest entry first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditList {
    /// The entries.
    pub rows: Vec<AuditRow>,
    /// Whether there are more after them.
    pub more: bool,
    /// How many there are before them.
    pub before: i64,
    /// How many there are in all.
    pub total: i64,
}

/// One page, and how many there are in all, of one state of the database.
pub(in crate::store) fn list(
    connection: &mut Connection,
    query: &AuditQuery,
) -> Result<AuditList, StoreError> {
    use audit_entries::dsl;
    let (from, until) = (query.from.map(instant).transpose()?, query.until.map(instant).transpose()?);
    macro_rules! matching {
        () => {{
            let mut rows = audit_entries::table.into_boxed();
            if let Some(subject) = &query.subject {
                rows = rows.filter(dsl::subject.eq(subject));
            }
            if let Some(object) = &query.object {
                rows = rows.filter(dsl::object.eq(object));
            }
            if let Some(action) = &query.action {
                rows = rows.filter(dsl::action.eq(action));
            }
            if let Some(from) = from {
                rows = rows.filter(dsl::recorded_at.ge(from));
            }
            if let Some(until) = until {
                rows = rows.filter(dsl::recorded_at.lt(until));
            }
            rows
        }};
    }
    connection.reading(|connection| {
        let total = on!(connection, connection => matching!().count().get_result::<i64>(connection))?;
        let before = match query.below {
            None => 0,
            Some(below) => on!(connection, connection => matching!()
                .filter(dsl::seq.ge(below))
                .count()
                .get_result::<i64>(connection))?,
        };
        let rows = on!(connection, connection => {
            let mut rows = matching!();
            if let Some(below) = query.below {
                rows = rows.filter(dsl::seq.lt(below));
            }
            rows.order(dsl::seq.desc())
                .limit(i64::from(query.first).saturating_add(1))
                .load::<Columns>(connection)
        })?;
        let first = usize::try_from(query.first).unwrap_or(usize::MAX);
        let more = rows.len() > first;
        let rows = rows.into_iter().take(first).map(row).collect::<Result<_, _>>()?;
        Ok(AuditList { rows, more, before, total })
    })
}
