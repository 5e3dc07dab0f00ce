//! A schema with one field per behaviour that the transport has to hold.

use std::time::Duration;

use assistance_toolbox::graphql::event_time::BoundedEvents;
use async_graphql::{Enum, Error, ErrorExtensions as _, Object, Subscription};
use futures_util::{Stream, StreamExt as _, stream};

pub(super) type Schema = async_graphql::Schema<Query, Mutation, Ticks>;

pub(super) fn build() -> Schema {
    async_graphql::Schema::build(Query, Mutation, Ticks).extension(BoundedEvents).finish()
}

pub(super) struct Query;
pub(super) struct Mutation;
pub(super) struct Ticks;

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
enum Colour {
    Red,
}

#[Object]
impl Query {
    async fn me(&self) -> Self {
        Self
    }

    async fn name(&self, value: Option<String>) -> usize {
        value.unwrap_or_default().len()
    }

    async fn number(&self, value: i32) -> i32 {
        value
    }

    async fn colour(&self) -> Colour {
        Colour::Red
    }

    async fn texts(&self, values: Vec<String>) -> usize {
        values.iter().map(String::len).sum()
    }

    async fn any(&self, value: async_graphql::Json<serde_json::Value>) -> bool {
        value.0.is_null()
    }

    async fn slow(&self) -> bool {
        tokio::time::sleep(Duration::from_secs(30)).await;
        true
    }

    async fn panics(&self) -> bool {
        assert!(std::hint::black_box(false), "the household of Zhang San");
        true
    }

    async fn breaks(&self) -> Result<bool, Error> {
        Err(std::io::Error::other("no such table: household").into())
    }

    async fn breaks_in_words(&self) -> Result<bool, Error> {
        Err(Error::new("Failed: password"))
    }

    async fn tells(&self) -> Result<bool, Error> {
        Err(Error::new("`amount` must not be negative").extend_with(|_, extensions| {
            extensions.set("code", "BAD_USER_INPUT");
            extensions.set("reason", "negative_amount");
        }))
    }

    async fn leaks(&self) -> Result<bool, Error> {
        Err(Error::new("no such table").extend_with(|_, extensions| {
            extensions.set("code", "INTERNAL_SERVER_ERROR");
            extensions.set("cause", "select * from household");
        }))
    }

    async fn wordy(&self) -> Result<bool, Error> {
        Err(Error::new("很".repeat(5_000))
            .extend_with(|_, extensions| extensions.set("code", "BAD_USER_INPUT")))
    }

    async fn many(&self, count: usize) -> Vec<Option<Failing>> {
        std::iter::repeat_with(|| Some(Failing)).take(count).collect()
    }
}

struct Failing;

#[Object]
impl Failing {
    async fn value(&self) -> Result<Option<bool>, Error> {
        Err(Error::new("no").extend_with(|_, extensions| extensions.set("code", "BAD_USER_INPUT")))
    }
}

#[Object]
impl Mutation {
    async fn set(&self) -> bool {
        true
    }
}

struct Stuck(bool);

#[Object]
impl Stuck {
    async fn value(&self) -> bool {
        if self.0 {
            std::future::pending::<()>().await;
        }
        true
    }
}

#[Subscription]
impl Ticks {
    async fn tick(&self) -> impl Stream<Item = bool> {
        stream::iter([true])
    }

    async fn count(&self, to: u32) -> impl Stream<Item = u32> {
        stream::iter(0..to)
    }

    async fn forever(&self) -> impl Stream<Item = bool> {
        stream::pending()
    }

    async fn flood(&self, bytes: usize) -> impl Stream<Item = String> {
        stream::repeat("x".repeat(bytes))
    }

    /// The first event is told, the second never is.
    async fn stuck(&self) -> impl Stream<Item = Stuck> {
        stream::iter([Stuck(false), Stuck(true), Stuck(false)])
    }

    async fn refuses(&self) -> Result<stream::Pending<bool>, Error> {
        Err(Error::new("no").extend_with(|_, extensions| extensions.set("code", "FORBIDDEN")))
    }

    async fn failing(&self) -> impl Stream<Item = Result<bool, Error>> {
        stream::iter([Ok(true), Err(Error::new("no such table: household")), Ok(false)])
    }

    async fn panics(&self) -> impl Stream<Item = bool> {
        stream::iter(0..2).map(|at| {
            assert!(std::hint::black_box(at) == 0, "the household of Zhang San");
            true
        })
    }
}
