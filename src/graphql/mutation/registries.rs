//! Decisions about people who may be one, and the numbers by which they are known.

use async_graphql::{Context, Object};

use crate::app::access::{Denied, Purpose};
use crate::app::numbers::NumberError;
use crate::app::records::Deciding;
use crate::graphql::context::{Admitted, Api};
use crate::graphql::error::Refusal;
use crate::graphql::input::{DecideMatchInput, RevealIdNumberInput};
use crate::graphql::types::fact::Problem;
use crate::graphql::types::registries::{DecideMatchPayload, RevealIdNumberPayload};
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
    /// The whole ID number of a member of a stored household, as a registry states it. Everybody says what for, and each
    /// reading and each refusal stands in the audit log with it. It is a mutation so that no answer is kept on the way.
    #[graphql(complexity = "HEAVY + child_complexity")]
    async fn reveal_id_number(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose number.")] input: RevealIdNumberInput,
    ) -> Result<RevealIdNumberPayload, Refusal> {
        let Admitted { api, pass } = Api::admit_mutation(ctx).await?;
        let Some(numbers) = api.records().numbers() else {
            return Ok(RevealIdNumberPayload::refused(Problem::no_id_keys()));
        };
        match numbers.reveal(&pass, &input.household, &input.member).await {
            Ok(Some(number)) => Ok(RevealIdNumberPayload::shown(&number)),
            Ok(None) => Ok(RevealIdNumberPayload::refused(Problem::no_id_number())),
            Err(NumberError::NoPurpose) => Err(Refusal::denied(Denied::NoPurpose)),
            Err(error) => Err(Refusal::internal(&error.to_string())),
        }
    }
}
