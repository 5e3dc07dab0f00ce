//! The question for the audit log.

use async_graphql::{Context, InputObject, Object};

use crate::app::clock::begins;
use crate::app::records::AuditQuery;
use crate::graphql::context::{Admitted, Api};
use crate::graphql::error::{Kind, Refusal};
use crate::graphql::ids;
use crate::graphql::scalars::Date;
use crate::graphql::types::audit::AuditConnection;
use crate::graphql::types::connection::size;
use crate::graphql::weight::page;

/// The question for the audit log.
#[derive(Default)]
pub struct AuditLogQuery;

/// Which entries of the audit log; what is left out narrows nothing.
#[derive(Default, InputObject)]
pub struct AuditFilter {
    /// Only what this subject of a token did.
    subject: Option<String>,
    /// Only what was done to this object: the key of a household, or the code of a region that was asked for.
    object: Option<String>,
    /// Only this action, such as `Query.household`.
    action: Option<String>,
    /// Only from this day on, in China.
    from: Option<Date>,
    /// Only before this day, in China.
    until: Option<Date>,
}

#[Object]
impl AuditLogQuery {
    /// The audit log, the newest entry first, page by page. To read it is recorded in it.
    #[graphql(complexity = "page(first, child_complexity)")]
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, from 1 to 100.")] first: i32,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
        #[graphql(desc = "Which entries; all if left out.")] filter: Option<AuditFilter>,
    ) -> Result<AuditConnection, Refusal> {
        let Admitted { api, pass } = Api::admit(ctx).await?;
        let AuditFilter { subject, object, action, from, until } = filter.unwrap_or_default();
        let below = after.map(|cursor| ids::after(&cursor, "after")).transpose()?;
        let below = below.map(|seq| seq.parse()).transpose().map_err(|_number| {
            Refusal::input(
                Kind::MalformedCursor,
                "after",
                "no cursor of this list; take cursors from `pageInfo`",
            )
        })?;
        let query = AuditQuery {
            subject,
            object,
            action,
            from: from.map(|day| begins(day.0)),
            until: until.map(|day| begins(day.0)),
            below,
            first: u32::from(size(first)?),
        };
        let list = api.records().audit_log(&pass, query).await;
        Ok(AuditConnection(list.map_err(|error| Refusal::internal(&error.to_string()))?))
    }
}
