//! The roots of the subscriptions, one topic a file.

pub mod dry_runs;
pub mod events;

use async_graphql::MergedSubscription;

/// What can be followed.
#[derive(Default, MergedSubscription)]
pub struct Subscription(events::EventSubscription, dry_runs::DryRunSubscription);
