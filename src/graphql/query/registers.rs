//! Questions about identity types, departments, exclusions, cascades, needs and the vocabulary.

use async_graphql::{Context, Object};

use crate::domain::vocabulary::FACTS;
use crate::graphql::context::Api;
use crate::graphql::error::Refusal;
use crate::graphql::types::fact::Fact;
use crate::graphql::types::registers::{Cascade, Department, Exclusion, Identity, IdentityPair, Need};
use crate::graphql::weight::list;

/// Questions about what the catalogue consists of beside measures.
#[derive(Default)]
pub struct RegisterQuery;

#[Object]
impl RegisterQuery {
    /// The seven identity types, in order.
    #[graphql(complexity = "list(7, child_complexity)")]
    async fn identity_types<'c>(&self, ctx: &Context<'c>) -> Result<Vec<Identity<'c>>, Refusal> {
        let here = Api::admit(ctx).await?.api.here()?;
        Ok(here.catalogue.identities.iter().map(|one| Identity(here, one)).collect())
    }

    /// Which identity types may be held together: the 21 pairs.
    #[graphql(complexity = "list(21, child_complexity)")]
    async fn identity_pairs<'c>(&self, ctx: &Context<'c>) -> Result<Vec<IdentityPair<'c>>, Refusal> {
        let here = Api::admit(ctx).await?.api.here()?;
        Ok(here.catalogue.pairs.iter().map(|one| IdentityPair(here, one)).collect())
    }

    /// The departments.
    #[graphql(complexity = "list(16, child_complexity)")]
    async fn departments<'c>(&self, ctx: &Context<'c>) -> Result<Vec<Department<'c>>, Refusal> {
        let here = Api::admit(ctx).await?.api.here()?;
        Ok(here.catalogue.departments.iter().map(|one| Department(here, one)).collect())
    }

    /// The exclusions between measures.
    #[graphql(complexity = "list(6, child_complexity)")]
    async fn exclusions<'c>(&self, ctx: &Context<'c>) -> Result<Vec<Exclusion<'c>>, Refusal> {
        let here = Api::admit(ctx).await?.api.here()?;
        Ok(here.catalogue.exclusions.iter().map(|one| Exclusion(here, one)).collect())
    }

    /// The cascades.
    #[graphql(complexity = "list(2, child_complexity)")]
    async fn cascades<'c>(&self, ctx: &Context<'c>) -> Result<Vec<Cascade<'c>>, Refusal> {
        let here = Api::admit(ctx).await?.api.here()?;
        Ok(here.catalogue.cascades.iter().map(|one| Cascade(here, one)).collect())
    }

    /// The needs.
    #[graphql(complexity = "list(12, child_complexity)")]
    async fn needs<'c>(&self, ctx: &Context<'c>) -> Result<Vec<Need<'c>>, Refusal> {
        let here = Api::admit(ctx).await?.api.here()?;
        Ok(here.catalogue.needs.iter().map(|one| Need(here, one)).collect())
    }

    /// The vocabulary: every fact that can be known of a household or a person.
    #[graphql(complexity = "list(62, child_complexity)")]
    async fn vocabulary(&self, ctx: &Context<'_>) -> Result<Vec<Fact>, Refusal> {
        Api::admit(ctx).await?;
        Ok(FACTS.iter().map(|def| Fact(def.fact)).collect())
    }
}
