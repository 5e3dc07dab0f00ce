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
    /// Whatever has this id, as seen from the baseline today; null if there is nothing, or nothing that the caller
    /// may see.
    async fn node<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "The opaque id that a field gave out.")] id: ID,
    ) -> Result<Option<Node<'c>>, Refusal> {
        Api::admit(ctx).await?;
        let (kind, key) = entity(&id, "id")?;
        let admitted = Api::admit_to(ctx, &format!("Node.{}", kind.type_name())).await?;
        Node::find(admitted, kind, &key).await
    }
}
