//! The audit log.

use async_graphql::connection::PageInfo;
use async_graphql::{Object, SimpleObject};
use chrono::SecondsFormat;

use crate::app::records::{AuditList, AuditRow};
use crate::graphql::ids;

/// An entry of the audit log: who did what, to what and what for, and what came of it.
pub struct AuditEntry<'p>(&'p AuditRow);

/// An entry of the audit log: who did what, to what and what for, and what came of it.
#[Object]
impl AuditEntry<'_> {
    /// Its number, from 1 on without a gap.
    async fn number(&self) -> i64 {
        self.0.seq
    }

    /// When, in UTC, as RFC 3339 writes it.
    async fn at(&self) -> String {
        self.0.entry.at.to_rfc3339_opts(SecondsFormat::Micros, true)
    }

    /// Who: the subject of the token.
    async fn subject(&self) -> &str {
        &self.0.entry.subject
    }

    /// The codes of the roles that the token named.
    async fn roles(&self) -> &[String] {
        &self.0.entry.roles
    }

    /// What for, if it was said.
    async fn purpose(&self) -> Option<&str> {
        self.0.entry.purpose.as_deref()
    }

    /// What, such as `Query.household`.
    async fn action(&self) -> &str {
        &self.0.entry.action
    }

    /// To what: the key of a household, the code of a region; null if to nothing in particular.
    async fn object(&self) -> Option<&str> {
        self.0.entry.object.as_deref()
    }

    /// What came of it, a stable code: `shown`, `not_found`, `out_of_scope`, `refused_role`.
    async fn outcome(&self) -> &str {
        &self.0.entry.outcome
    }

    /// The hash that chains it to the entry before.
    async fn hash(&self) -> String {
        self.0.hash.to_string()
    }
}

/// A page of the audit log.
pub struct AuditConnection(pub AuditList);

/// A page of the audit log, the newest entry first.
#[Object]
impl AuditConnection {
    /// How many entries fit and may be seen, on all pages.
    async fn total_count(&self) -> i64 {
        self.0.total
    }

    /// The entries of the page.
    async fn edges(&self) -> Vec<AuditEdge<'_>> {
        self.0.rows.iter().map(|row| AuditEdge { cursor: cursor(row), node: AuditEntry(row) }).collect()
    }

    /// Where the page stands, and how to go on.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: self.0.before > 0,
            has_next_page: self.0.more,
            start_cursor: self.0.rows.first().map(cursor),
            end_cursor: self.0.rows.last().map(cursor),
        }
    }
}

fn cursor(row: &AuditRow) -> String {
    ids::cursor(&row.seq.to_string())
}

/// An entry of a page of the audit log.
#[derive(SimpleObject)]
pub struct AuditEdge<'p> {
    /// The cursor after which the next page begins.
    cursor: String,
    /// The entry.
    node: AuditEntry<'p>,
}
