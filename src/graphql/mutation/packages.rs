//! Saving packages.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use crate::app::packages;
use crate::app::records::PackageSaving;
use crate::graphql::context::{Admitted, Api};
use crate::graphql::error::Refusal;
use crate::graphql::query::packages::not_exact;
use crate::graphql::scalars::Date;
use crate::graphql::types::chain::SavedPackage;
use crate::graphql::types::fact::Problem;

/// Which package to save.
#[derive(Clone, Debug, InputObject)]
pub struct SavePackageInput {
    /// The household's key.
    pub household: String,
    /// The day; today in China if left out.
    pub on: Option<Date>,
    /// The key of the place whose rules apply; the household's own place if left out.
    pub place: Option<String>,
}

/// The package that was saved, or what is wrong.
#[derive(SimpleObject)]
pub struct SavePackagePayload {
    /// The saved package; null if there is none.
    pub saved: Option<SavedPackage>,
    /// Why there is none; empty too if there is no such household on the day, or none that the caller may see.
    pub problems: Vec<Problem>,
}

/// Saving packages.
#[derive(Default)]
pub struct PackageMutation;

#[Object]
impl PackageMutation {
    /// Saves the package of a stored household in the household's chain, with everything that it was computed from, so
    /// that it can be computed again.
    async fn save_package(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The household, the day and the place.")] input: SavePackageInput,
    ) -> Result<SavePackagePayload, Refusal> {
        let Admitted { api, pass } = Api::admit_mutation(ctx).await?;
        if let Some(place) = input.place.as_deref() {
            api.scope(place, input.on, "input.place")?;
        }
        let scope = packages::Scope { place: input.place.as_deref(), on: api.day(input.on) };
        let saving = api.records().save_package(&pass, api.policies(), &input.household, scope).await;
        Ok(match saving.map_err(|error| Refusal::internal(&error.to_string()))? {
            PackageSaving::Saved(event) => {
                SavePackagePayload { saved: Some(SavedPackage(*event)), problems: Vec::new() }
            }
            PackageSaving::NotFound => SavePackagePayload { saved: None, problems: Vec::new() },
            PackageSaving::Refused(error) => {
                SavePackagePayload { saved: None, problems: vec![not_exact(error, "input.place")?] }
            }
        })
    }
}
