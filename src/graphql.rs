//! The GraphQL API: the catalogue, and the package of a household that is given in the query.
//!
//! A type of the schema is a newtype on a value of the domain, together with the [`context::Scope`]
//! (catalogue, place and date) in which amounts and extensions are looked up. Refusals of the rules
//! are data; errors are for broken input and for failures of the service, see [`error`].

#![expect(clippy::unused_async, reason = "the library asks for `async` on every resolver")]

pub mod context;
pub mod error;
pub mod ids;
pub mod input;
pub mod query;
pub mod scalars;
pub mod types;

use std::sync::Arc;

use async_graphql::{EmptyMutation, EmptySubscription, SDLExportOptions, SchemaBuilder};

use self::context::Api;
use self::input::codes::SpellCodes;
use crate::app::clock::Clock;
use crate::app::policies::Policies;
pub use query::Query;

/// The schema, ready to execute requests.
pub type Schema = async_graphql::Schema<Query, EmptyMutation, EmptySubscription>;

/// The schema over the policies in use. The clock says which day it is where a query names none.
pub fn schema(policies: Arc<Policies>, clock: Arc<dyn Clock>) -> Schema {
    build().data(Api::new(policies, clock)).finish()
}

/// The schema in the schema definition language, in a fixed order; it needs no policies.
pub fn sdl() -> String {
    let options = SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .include_specified_by()
        .use_space_ident();
    let text = build().finish().sdl_with_options(options);
    let lines: Vec<&str> = text.trim_end().lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

fn build() -> SchemaBuilder<Query, EmptyMutation, EmptySubscription> {
    async_graphql::Schema::build(Query::default(), EmptyMutation, EmptySubscription).extension(SpellCodes)
}
