//! Deliveries: recording them, and taking them back.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::policies::Policies;
use crate::documents::package::ENGINE_VERSION;
use crate::domain::catalogue::Catalogue;
use crate::domain::ledger::{NotEntitled, Order, Past, Posting, Refusal, check};
pub use crate::store::{
    Batch, Broken, DeliveryPage, DeliveryQuery, Entry, ListedDelivery, PaidTotal, Recorded, Reversal,
    Reversed, Sight, Verified, Whole,
};
use crate::store::{Circumstances, Pending, Roll, Store};

/// Records deliveries; each is held against the package of the first day of its period and against what was
/// delivered before. `progress` hears how many are done.
pub fn deliver(
    policies: &Arc<Policies>,
    store: &Store,
    mut roll: Roll,
    (actor, now): (&str, DateTime<Utc>),
    progress: impl Fn(usize) + Send + Sync + 'static,
) -> Pending<Batch> {
    for delivery in &mut roll.deliveries {
        let order = &mut delivery.order;
        order.measure = offer_of(policies.catalogue(), &order.measure);
    }
    let decide = {
        let policies = Arc::clone(policies);
        move |household: &_, order: &Order, past: &Past| decide(&policies, household, order, past)
    };
    let circumstances = circumstances(policies, actor, now);
    store.record_deliveries(roll, circumstances, Arc::new(decide), Arc::new(progress))
}

/// Takes a delivery back.
pub fn reverse(
    policies: &Policies,
    store: &Store,
    reversal: Reversal,
    (actor, now): (&str, DateTime<Utc>),
) -> Pending<Reversed> {
    store.reverse_delivery(reversal, circumstances(policies, actor, now))
}

/// What everything that is recorded carries: who, when, by which catalogue and engine.
pub fn circumstances(policies: &Policies, actor: &str, now: DateTime<Utc>) -> Circumstances {
    Circumstances {
        actor: actor.to_owned(),
        recorded_at: now,
        catalogue: policies.catalogue().hash.to_string(),
        engine: ENGINE_VERSION.to_owned(),
    }
}

/// The id under which the ledger keeps a measure: that of its cascade, if it is a link of one; codes
/// become ids. What the catalogue does not have stays as it is, and is refused when it is checked.
pub fn offer_of(catalogue: &Catalogue, name: &str) -> String {
    let measure = catalogue.measures.iter().find(|measure| measure.id == name || measure.code == name);
    let Some(measure) = measure else { return name.to_owned() };
    let cascade = catalogue.cascades.iter().find(|cascade| cascade.links.contains(&measure.id));
    cascade.map_or_else(|| measure.id.clone(), |cascade| cascade.id.clone())
}

fn decide(
    policies: &Policies,
    household: &crate::domain::facts::Household,
    order: &Order,
    past: &Past,
) -> Result<Posting, Refusal> {
    let on = order.covers.first_day();
    let rulebook = household.place.as_deref().and_then(|place| policies.rulebook(place, on).ok());
    let rulebook = rulebook.ok_or(Refusal::NotEntitled { on, why: NotEntitled::NothingKnown })?;
    check(&rulebook, household, order, past)
}
