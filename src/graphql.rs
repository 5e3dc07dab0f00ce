//! The GraphQL API: the catalogue, the package of a household that is given in the query, and stored households.
//!
//! A type of the schema is a newtype on a value of the domain, together with the [`context::Scope`]
//! (catalogue, place and date) in which amounts and extensions are looked up. Refusals of the rules
//! are data; errors are for broken input and for failures of the service, see [`error`].

#![expect(clippy::unused_async, reason = "the library asks for `async` on every resolver")]

pub mod context;
pub mod error;
pub mod event_time;
pub mod ids;
pub mod input;
pub mod mutation;
pub mod query;
pub mod scalars;
pub mod subscription;
pub mod types;
pub mod weight;

use std::sync::Arc;

use async_graphql::futures_util::stream::BoxStream;
use async_graphql::{Data, Executor, Request, Response, SDLExportOptions, SchemaBuilder};

use self::context::{Api, Service};
use crate::app::catalogues::Live;
use crate::app::clock::Clock;
use crate::app::records::Records;
pub use mutation::Mutation;
pub use query::Query;
pub use subscription::Subscription;

type Inner = async_graphql::Schema<Query, Mutation, Subscription>;

/// The schema, ready to execute requests. Each request works with one [`Api`], and so with the catalogue that is in
/// use when it begins.
#[derive(Clone)]
pub struct Schema {
    inner: Inner,
    service: Arc<Service>,
}

/// The schema over the policies in use and the stored households. The clock says which day it is where a query
/// names none. Who asks is a [`crate::app::access::Caller`] among the data of a request.
pub fn schema(live: Arc<Live>, records: Records, clock: Arc<dyn Clock>) -> Schema {
    Schema { inner: build().finish(), service: Arc::new(Service { live, records, clock }) }
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

fn build() -> SchemaBuilder<Query, Mutation, Subscription> {
    Inner::build(Query::default(), Mutation::default(), Subscription::default())
        .limit_complexity(weight::MOST)
        .extension(event_time::BoundedEvents)
}

impl Executor for Schema {
    async fn execute(&self, mut request: Request) -> Response {
        input::codes::spell_all(&mut request.variables);
        self.inner.execute(request.data(Api::of(&self.service))).await
    }

    fn execute_stream(
        &self,
        mut request: Request,
        session_data: Option<Arc<Data>>,
    ) -> BoxStream<'static, Response> {
        input::codes::spell_all(&mut request.variables);
        Executor::execute_stream(&self.inner, request.data(Api::of(&self.service)), session_data)
    }
}
