//! Proposing changes of the catalogue, trying them out, and deciding on them.

use async_graphql::{Context, Object};

use crate::app::proposals::{Deciding, Proposing, Starting, Verdict};
use crate::graphql::context::{Admitted, Api};
use crate::graphql::error::Refusal;
use crate::graphql::input::proposal::ProposalInput;
use crate::graphql::scalars::Date;
use crate::graphql::types::dry_run::{DryRun, DryRunPayload};
use crate::graphql::types::proposal::ProposalPayload;

/// Proposing changes of the catalogue, trying them out, and deciding on them.
#[derive(Default)]
pub struct ProposalMutation;

#[Object]
impl ProposalMutation {
    /// Proposes a change: of a measure of the own department, or of what the coordinating department looks after. With
    /// an error in it nothing is recorded.
    #[graphql(complexity = "child_complexity + 1000")]
    async fn propose_measure<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "The change.")] input: ProposalInput,
    ) -> Result<ProposalPayload<'c>, Refusal> {
        let Admitted { api, pass } = Api::admit_mutation(ctx).await?;
        let proposing = api.records().desk().propose(&pass, &input.into()).await;
        match proposing.map_err(|error| Refusal::internal(&error.to_string()))? {
            Proposing::Proposed(stored, found) => ProposalPayload::done(api, &pass, *stored, found),
            Proposing::Refused(refused) => Ok(ProposalPayload::refused(refused)),
        }
    }

    /// Takes a proposal back: whoever made it, or their department. Null if the caller sees none of this number.
    async fn withdraw_proposal<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "Its number.")] number: i64,
        #[graphql(desc = "Why.")] reason: Option<String>,
    ) -> Result<Option<ProposalPayload<'c>>, Refusal> {
        decide(ctx, number, Verdict::Withdraw, reason.as_deref()).await
    }

    /// Takes a proposal into the catalogue: somebody else than who made it. It is checked once more, against the
    /// catalogue in use. Null if the caller sees none of this number.
    #[graphql(complexity = "child_complexity + 1000")]
    async fn approve_proposal<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "Its number.")] number: i64,
        #[graphql(desc = "Why.")] reason: Option<String>,
    ) -> Result<Option<ProposalPayload<'c>>, Refusal> {
        decide(ctx, number, Verdict::Approve, reason.as_deref()).await
    }

    /// Refuses a proposal: somebody else than who made it. Null if the caller sees none of this number.
    async fn reject_proposal<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "Its number.")] number: i64,
        #[graphql(desc = "Why.")] reason: String,
    ) -> Result<Option<ProposalPayload<'c>>, Refusal> {
        decide(ctx, number, Verdict::Reject, Some(&reason)).await
    }

    /// Tries a proposal out over the stored households of the caller's region, beside everything else. Null if the
    /// caller sees no proposal of this number.
    #[graphql(complexity = "child_complexity + 5000")]
    async fn start_dry_run(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number of the proposal.")] proposal: i64,
        #[graphql(desc = "The day whose rules and facts count; if left out, the first on which it is felt.")]
        on: Option<Date>,
    ) -> Result<Option<DryRunPayload>, Refusal> {
        let Admitted { api, pass } = Api::admit_mutation(ctx).await?;
        let starting = api.records().desk().start_dry_run(&pass, proposal, on.map(|on| on.0)).await;
        Ok(match starting.map_err(|error| Refusal::internal(&error.to_string()))? {
            Starting::Started(run) => Some(DryRunPayload::started(&run)),
            Starting::NotFound => None,
            Starting::Refused(refused) => Some(DryRunPayload::refused(refused)),
        })
    }

    /// Has a dry run stop. Null if this process knows none of this number, or none that the caller may see.
    async fn cancel_dry_run(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its number.")] number: u64,
    ) -> Result<Option<DryRun>, Refusal> {
        let Admitted { api, pass } = Api::admit_mutation(ctx).await?;
        let found = api.records().desk().cancel_dry_run(&pass, number).await;
        Ok(found.map_err(|error| Refusal::internal(&error.to_string()))?.map(|run| DryRun(run.seen())))
    }
}

async fn decide<'c>(
    ctx: &Context<'c>,
    number: i64,
    verdict: Verdict,
    reason: Option<&str>,
) -> Result<Option<ProposalPayload<'c>>, Refusal> {
    let Admitted { api, pass } = Api::admit_mutation(ctx).await?;
    let deciding = api.records().desk().decide(&pass, number, verdict, reason).await;
    Ok(match deciding.map_err(|error| Refusal::internal(&error.to_string()))? {
        Deciding::NotFound => None,
        Deciding::Refused(refused) => Some(ProposalPayload::refused(refused)),
        Deciding::Done(stored) => {
            if verdict == Verdict::Approve {
                api.catch_up().await?;
            }
            Some(ProposalPayload::done(api, &pass, *stored, Vec::new())?)
        }
    })
}
