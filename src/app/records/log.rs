//! The audit log as callers may see it. To read it stands in it, too.

use super::Records;
use crate::app::access::{Pass, Reach};
use crate::app::audit::Outcome;
use crate::documents::household::is_key;
use crate::domain::region::Region;
use crate::store::{AuditList, AuditQuery, StoreError};

impl Records {
    /// A page of the audit log. An entry lies in no region: whoever sees one region only sees none of it.
    ///
    /// # Errors
    /// The database; without a record nothing is shown.
    pub async fn audit_log(&self, pass: &Pass, query: AuditQuery) -> Result<AuditList, StoreError> {
        // What could be no object is not repeated: it may be something that must not be recorded.
        let object = query.object.clone().filter(|text| is_key(text) || text.parse::<Region>().is_ok());
        let list = match pass.scope.within(None) {
            Reach::Everywhere => self.store.list_audit(query).await?,
            Reach::Within(_) | Reach::Nowhere => AuditList::default(),
        };
        self.record(&pass.caller, (pass.what, object.as_deref(), Outcome::Shown)).await?;
        Ok(list)
    }
}
