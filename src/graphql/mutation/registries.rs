//! Decisions about people who may be one.

use async_graphql::{Context, Object};

use crate::app::access::Purpose;
use crate::app::records::Deciding;
use crate::graphql::context::{Admitted, Api};
use crate::graphql::error::Refusal;
use crate::graphql::input::DecideMatchInput;
use crate::graphql::types::fact::Problem;
use crate::graphql::types::registries::DecideMatchPayload;
use crate::graphql::weight::HEAVY;

/// Decisions about people who may be one.
#[derive(Default)]
pub struct RegistryMutation;

#[Object]
impl RegistryMutation {
    /// Decides whether two people of the two lists are one person. Both must lie where the caller may see. A later
    /// decision takes the place of an earlier one, which is kept; what it changes is merged with the next merge.
    #[graphql(complexity = "HEAVY + child_complexity")]
    async fn decide_match(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal, the decision and why.")] input: DecideMatchInput,
    ) -> Result<DecideMatchPayload, Refusal> {
        let Admitted { api, pass } = Api::admit_mutation(ctx).await?;
        let DecideMatchInput { proposal, accept, reason } = input;
        let Ok(reason) = reason.parse::<Purpose>() else {
            return Ok(DecideMatchPayload::refused(Problem::bad_reason()));
        };
        let deciding = api.records().decide_match(&pass, proposal, accept, &reason).await;
        Ok(match deciding.map_err(|error| Refusal::internal(&error.to_string()))? {
            Deciding::Decided(shown) => DecideMatchPayload::decided(*shown),
            Deciding::AlreadyMatched(other) => DecideMatchPayload::refused(Problem::already_matched(other)),
            Deciding::NotFound => DecideMatchPayload::refused(Problem::no_proposal()),
        })
    }
}
