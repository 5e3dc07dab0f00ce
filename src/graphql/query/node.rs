//! Anything by its id.

use async_graphql::{Context, ID, Object};

use crate::graphql::context::Api;
use crate::graphql::error::Refusal;
use crate::graphql::ids::entity;
use crate::graphql::types::node::Node;

/// Anything by its id.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Whatever has this id, as seen from the baseline today; null if there is nothing.
    async fn node<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "The opaque id that a field gave out.")] id: ID,
    ) -> Result<Option<Node<'c>>, Refusal> {
        let here = Api::of(ctx)?.here()?;
        let (kind, key) = entity(&id, "id")?;
        Ok(Node::find(here, kind, &key))
    }
}
