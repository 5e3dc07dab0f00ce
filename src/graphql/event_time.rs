//! How long one event of a subscription may take to be put together.
//!
//! Whoever runs a query bounds its time from outside. A subscription has no end to wait for: what is bounded is each of
//! its events, from what happened to the answer, while the wait for something to happen takes as long as it takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute};
use async_graphql::{Response, Value};

/// Among the data of a subscription: how long one of its events may take, and whether one took longer.
#[derive(Clone, Debug)]
pub struct EventTime {
    limit: Duration,
    exceeded: Arc<AtomicBool>,
}

impl EventTime {
    /// At most so long.
    pub fn new(limit: Duration) -> Self {
        Self { limit, exceeded: Arc::default() }
    }

    /// Whether an event took longer. Nothing is told of it then, and its subscription should end.
    pub fn exceeded(&self) -> bool {
        self.exceeded.load(Ordering::Acquire)
    }
}

/// Gives up events that take longer than the [`EventTime`] of their request.
#[derive(Debug, Default)]
pub struct BoundedEvents;

impl ExtensionFactory for BoundedEvents {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for BoundedEvents {
    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let event = next.run(ctx, operation_name);
        let Some(time) = ctx.data_opt::<EventTime>() else { return event.await };
        tokio::time::timeout(time.limit, event).await.unwrap_or_else(|_elapsed| {
            time.exceeded.store(true, Ordering::Release);
            Response::new(Value::Null)
        })
    }
}
