//! Questions about places and documents.

use async_graphql::{Context, Object};

use crate::graphql::context::Api;
use crate::graphql::error::Refusal;
use crate::graphql::types::place::{Parameter, Place};
use crate::graphql::types::provenance::Document;
use crate::graphql::weight::list;

/// Questions about places and documents.
#[derive(Default)]
pub struct PlaceQuery;

#[Object]
impl PlaceQuery {
    /// The places, each after the one that it extends.
    #[graphql(complexity = "list(8, child_complexity)")]
    async fn places<'c>(&self, ctx: &Context<'c>) -> Result<Vec<Place<'c>>, Refusal> {
        let here = Api::admit(ctx).await?.api.here()?;
        Ok(here.catalogue.places.iter().map(|place| Place(here, place)).collect())
    }

    /// One place; null if there is none.
    async fn place<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "Its key, `huaibei`.")] key: String,
    ) -> Result<Option<Place<'c>>, Refusal> {
        let mut here = Api::admit(ctx).await?.api.here()?;
        let place = here.catalogue.place(&key);
        // What it shows of measures is as seen from itself.
        Ok(place.map(|place| {
            here.place = place;
            Place(here, place)
        }))
    }

    /// The names under which places set values.
    #[graphql(complexity = "list(90, child_complexity)")]
    async fn parameters<'c>(&self, ctx: &Context<'c>) -> Result<Vec<Parameter<'c>>, Refusal> {
        let here = Api::admit(ctx).await?.api.here()?;
        Ok(here.catalogue.parameters.iter().map(|def| Parameter(here, def)).collect())
    }

    /// The list of sources.
    #[graphql(complexity = "list(60, child_complexity)")]
    async fn documents<'c>(&self, ctx: &Context<'c>) -> Result<Vec<Document<'c>>, Refusal> {
        let here = Api::admit(ctx).await?.api.here()?;
        Ok(here.catalogue.documents.iter().map(Document).collect())
    }
}
