//! Stating what is known of a household.

use async_graphql::{Context, Object};

use crate::app::households::Statement;
use crate::app::records::Saving;
use crate::domain::period::Validity;
use crate::graphql::context::{Admitted, Api};
use crate::graphql::error::{Kind, Refusal};
use crate::graphql::input::SaveHouseholdInput;
use crate::graphql::types::fact::Problem;
use crate::graphql::types::household::{Household, SaveHouseholdPayload};

/// Stating what is known of a household.
#[derive(Default)]
pub struct HouseholdMutation;

#[Object]
impl HouseholdMutation {
    /// States what a household is like from a day on. What was stated before stays known as such; what is repeated
    /// changes nothing. All of it is saved, or with a problem nothing.
    async fn save_household<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "The household, for which days, and what the caller has seen of it.")]
        input: SaveHouseholdInput,
    ) -> Result<SaveHouseholdPayload<'c>, Refusal> {
        let Admitted { api, pass } = Api::admit_mutation(ctx).await?;
        let SaveHouseholdInput { household, from, until, last_save } = input;
        let valid = Validity::new(from.0, until.map(|until| until.0)).ok_or_else(|| {
            Refusal::input(
                Kind::EmptyPeriod,
                "input.until",
                "`until` is the first day no longer, so it comes after `from`",
            )
        })?;
        let household = match household.read(api.policies().catalogue()) {
            Ok(household) => household,
            Err(problems) => {
                return Ok(SaveHouseholdPayload::refused(problems.into_iter().map(Problem::from)));
            }
        };
        if let Some(place) = household.place.as_deref()
            && api.policies().catalogue().place(place).is_none()
        {
            return Ok(SaveHouseholdPayload::refused([Problem::unknown_place(place)]));
        }
        let key = household.key.clone();
        let statement = Statement { valid, expected_seq: last_save };
        let saving = api.records().save_household(&pass, api.policies(), household, statement).await;
        match saving.map_err(|error| Refusal::internal(&error.to_string()))? {
            Saving::Saved(saved) => {
                let household = Household::find(api, pass, &key, from.0).await?;
                Ok(SaveHouseholdPayload::saved(household, saved))
            }
            Saving::OutOfScope => Ok(SaveHouseholdPayload::refused([Problem::out_of_scope()])),
            Saving::ChangedMeanwhile { found } => {
                Ok(SaveHouseholdPayload::refused([Problem::changed_meanwhile(found)]))
            }
        }
    }
}
