//! The roots of the subscriptions, one topic a file.

pub mod events;

use async_graphql::MergedSubscription;

/// What can be followed.
#[derive(Default, MergedSubscription)]
pub struct Subscription(events::EventSubscription);
