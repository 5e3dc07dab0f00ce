//! Questions about proposals and their dry runs. Who may ask, and about which, stands in the table of rules.

use async_graphql::{Context, Object};

use crate::graphql::context::{Admitted, Api};
use crate::graphql::error::{Kind, Refusal};
use crate::graphql::ids;
use crate::graphql::input::proposal::ProposalInput;
use crate::graphql::types::connection::size;
use crate::graphql::types::dry_run::DryRun;
use crate::graphql::types::proposal::{CheckProposalPayload, Proposal, ProposalConnection};
use crate::graphql::weight::page;

/// Questions about proposals and their dry runs.
#[derive(Default)]
pub struct ProposalQuery;

#[Object]
impl ProposalQuery {
    /// Everything that the checks say of a change before it is proposed; nothing is recorded but the question.
    #[graphql(complexity = "child_complexity + 1000")]
    async fn check_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: ProposalInput,
    ) -> Result<CheckProposalPayload, Refusal> {
        let Admitted { api, pass } = Api::admit(ctx).await?;
        let checked = api.records().desk().check(&pass, &input.into()).await;
        Ok(CheckProposalPayload::new(checked.map_err(|error| Refusal::internal(&error.to_string()))?))
    }

    /// A proposal; null if there is none of this number, or none that the caller may see.
    async fn proposal<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "Its number.")] number: i64,
    ) -> Result<Option<Proposal<'c>>, Refusal> {
        let Admitted { api, pass } = Api::admit(ctx).await?;
        let found = api.records().desk().proposal(&pass, number).await;
        let found = found.map_err(|error| Refusal::internal(&error.to_string()))?;
        found.map(|stored| Proposal::new(api, &pass, stored)).transpose()
    }

    /// The proposals that the caller may see, the last first, page by page.
    #[graphql(complexity = "page(first, child_complexity)")]
    async fn proposals<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(default, desc = "Only those that wait for a decision.")] open: bool,
        #[graphql(desc = "How many, from 1 to 100.")] first: i32,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<ProposalConnection<'c>, Refusal> {
        let Admitted { api, pass } = Api::admit(ctx).await?;
        let first = u32::from(size(first)?);
        let malformed = || Refusal::input(Kind::MalformedCursor, "after", "no page gave out this cursor");
        let after = after.map(|cursor| ids::after(&cursor, "after")).transpose()?;
        let before = after.map(|number| number.parse().map_err(|_error| malformed())).transpose()?;
        let page = api.records().desk().proposals(&pass, open, before, first).await;
        let page = page.map_err(|error| Refusal::internal(&error.to_string()))?;
        ProposalConnection::new(api, &pass, page, before.is_some())
    }

    /// A dry run and how far it is; null if this process knows none of this number, or none that the caller may see.
    async fn dry_run(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its number.")] number: u64,
    ) -> Result<Option<DryRun>, Refusal> {
        let Admitted { api, pass } = Api::admit(ctx).await?;
        let found = api.records().desk().dry_run(&pass, number).await;
        Ok(found.map_err(|error| Refusal::internal(&error.to_string()))?.map(|run| DryRun(run.seen())))
    }
}
