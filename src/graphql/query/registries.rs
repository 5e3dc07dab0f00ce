//! Questions about the two registries together.

use async_graphql::{Context, Object};

use crate::graphql::context::{Admitted, Api};
use crate::graphql::error::Refusal;
use crate::graphql::ids;
use crate::graphql::query::history::read_region;
use crate::graphql::types::connection::size;
use crate::graphql::types::registries::{
    ContradictionConnection, MatchProposalConnection, RegistryReport, contradictions, proposals,
};
use crate::graphql::weight::{HEAVY, page};

/// Questions about the two registries together.
#[derive(Default)]
pub struct RegistryQuery;

#[Object]
impl RegistryQuery {
    /// How the two lists overlap in what the caller may see: who stands in one, in the other, in both; shares with
    /// their denominators; by town.
    #[graphql(complexity = "HEAVY + child_complexity")]
    async fn registry_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this region, by code: 2, 4, 6, 9 or 12 digits.")] region: Option<String>,
        #[graphql(
            desc = "The lists as they were after the import of this number; by default as they are now."
        )]
        after_import: Option<i64>,
    ) -> Result<RegistryReport, Refusal> {
        let Admitted { api, pass } = Api::admit(ctx).await?;
        let region = read_region(region)?;
        let of = (region.as_ref(), after_import);
        let report = api.records().registry_report(&pass, api.policies(), of).await;
        Ok(report.map_err(|error| Refusal::internal(&error.to_string()))?.into())
    }

    /// Who of the two lists may be one person where an ID number is missing, in the order in which it was proposed.
    #[graphql(complexity = "HEAVY + page(first, child_complexity)")]
    async fn match_proposals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this region, by code: 2, 4, 6, 9 or 12 digits.")] region: Option<String>,
        #[graphql(default = true, desc = "Only those that wait for a decision.")] pending: bool,
        #[graphql(desc = "How many, from 1 to 100.")] first: i32,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<MatchProposalConnection, Refusal> {
        let Admitted { api, pass } = Api::admit(ctx).await?;
        let (region, size) = (read_region(region)?, size(first)?);
        let after = after.map(|cursor| ids::after(&cursor, "after")).transpose()?;
        let found = api.records().match_proposals(&pass, region.as_ref(), pending).await;
        let found = found.map_err(|error| Refusal::internal(&error.to_string()))?;
        Ok(proposals(found, usize::from(size), after.as_deref()))
    }

    /// What the two lists do not agree on, or cannot both be right about, by family. Shown are contradictions all of
    /// whose households lie where the caller may see.
    #[graphql(complexity = "HEAVY + page(first, child_complexity)")]
    async fn registry_contradictions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this region, by code: 2, 4, 6, 9 or 12 digits.")] region: Option<String>,
        #[graphql(desc = "How many, from 1 to 100.")] first: i32,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<ContradictionConnection, Refusal> {
        let Admitted { api, pass } = Api::admit(ctx).await?;
        let (region, size) = (read_region(region)?, size(first)?);
        let after = after.map(|cursor| ids::after(&cursor, "after")).transpose()?;
        let found = api.records().registry_contradictions(&pass, api.policies(), region.as_ref()).await;
        let found = found.map_err(|error| Refusal::internal(&error.to_string()))?;
        Ok(contradictions(found, usize::from(size), after.as_deref()))
    }
}
