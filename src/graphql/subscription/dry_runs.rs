//! Following the dry runs of proposals.

use async_graphql::futures_util::stream::{Stream, StreamExt as _, once};
use async_graphql::{Context, Subscription};

use crate::graphql::context::{Admitted, Api};
use crate::graphql::error::Refusal;
use crate::graphql::types::dry_run::DryRun;

/// Following the dry runs of proposals.
#[derive(Default)]
pub struct DryRunSubscription;

#[Subscription]
impl DryRunSubscription {
    /// A dry run: how it is now, then each time that it got on, and its end last. Null, once, if this process knows none
    /// of this number, or none that the caller may see.
    async fn dry_run_progress(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its number.")] number: u64,
    ) -> Result<impl Stream<Item = Option<DryRun>> + use<>, Refusal> {
        let Admitted { api, pass } = Api::admit_subscription(ctx).await?;
        let found = api.records().desk().dry_run(&pass, number).await;
        let found = found.map_err(|error| Refusal::internal(&error.to_string()))?;
        Ok(match found {
            Some(run) => run.follow().map(|seen| Some(DryRun(seen))).left_stream(),
            None => once(async { None }).right_stream(),
        })
    }
}
