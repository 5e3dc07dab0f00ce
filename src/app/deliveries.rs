//! Deliveries: recording them, taking them back, and what is still owed.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};

use super::policies::Policies;
use crate::documents::package::ENGINE_VERSION;
use crate::domain::catalogue::Catalogue;
use crate::domain::ledger::{
    Covers, Delivered, Delivery, Due, NotEntitled, Order, Owed, Past, Posting, Refusal, check, dues, owed,
};
use crate::domain::package::Beneficiary;
use crate::domain::resolve::{ResolveError, resolve};
use crate::store::{AsKnown, Batch, Circumstances, Pending, Reversal, Reversed, Store, StoreError, Whole};

/// Records deliveries in one transaction; each is held against the package of the first day of its
/// period and against what was delivered before.
pub fn deliver(
    policies: &Arc<Policies>,
    store: &Store,
    mut deliveries: Vec<Delivery>,
    (actor, now): (&str, DateTime<Utc>),
    whole: Whole,
) -> Pending<Batch> {
    for delivery in &mut deliveries {
        let order = &mut delivery.order;
        order.measure = offer_of(policies.catalogue(), &order.measure);
    }
    let decide = {
        let policies = Arc::clone(policies);
        move |household: &_, order: &Order, past: &Past| decide(&policies, household, order, past)
    };
    store.record_deliveries(deliveries, circumstances(policies, actor, now), whole, Arc::new(decide))
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
fn offer_of(catalogue: &Catalogue, name: &str) -> String {
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

/// Why it cannot be told what is owed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OwedError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A package.
    #[error(transparent)]
    Package(#[from] ResolveError),
}

/// What is due to a household in the periods that begin in the months of `[from, until)`, and what of it
/// was delivered. A month in which nothing is known of the household, or in which its place has no
/// rules, makes nothing due.
///
/// # Errors
/// [`OwedError`].
pub fn owed_to(
    policies: &Policies,
    store: &Store,
    key: &str,
    (from, until): (NaiveDate, NaiveDate),
    today: NaiveDate,
) -> Result<Vec<Owed>, OwedError> {
    let mut due: Vec<(Due, Option<String>)> = Vec::new();
    let mut once = BTreeSet::new();
    let mut month = from.with_day(1).unwrap_or(from);
    while month < until {
        if let Some(stored) = store.household(key, month, AsKnown::Now).wait()? {
            let household = stored.household;
            let place = household.place.as_deref();
            if let Some(rulebook) = place.and_then(|place| policies.rulebook(place, month).ok()) {
                let package = resolve(&rulebook, &household)?;
                for one in dues(&rulebook, &package) {
                    let who = match one.who {
                        Beneficiary::Household => None,
                        Beneficiary::Person(index) => {
                            household.members.get(index).map(|member| member.key.clone())
                        }
                    };
                    // One-off help is due once a year, from the first month whose package holds it.
                    let repeated = matches!(one.covers, Covers::Day(_))
                        && !once.insert((one.offer.clone(), who.clone(), month.year()));
                    if !repeated {
                        due.push((one, who));
                    }
                }
            }
        }
        let Some(next) = month.checked_add_months(Months::new(1)) else { break };
        month = next;
    }
    let whole_years = |day: NaiveDate| NaiveDate::from_ymd_opt(day.year(), 1, 1).unwrap_or(day);
    let end = Covers::Year(until.pred_opt().unwrap_or(until).year()).end();
    let standing = store.deliveries(key, whole_years(from), end).wait()?;
    let standing: Vec<Delivered> = standing
        .into_iter()
        .map(|entry| Delivered {
            entry: entry.seq,
            paid: entry.paid(),
            offer: entry.offer,
            beneficiary: entry.beneficiary,
            covers: entry.covers,
        })
        .collect();
    Ok(owed(due, &standing, today))
}
