//! Monitoring: every save of facts is looked at inside its transaction; what it changes in the household's package
//! joins the household's chain as an event.
//!
//! The day that counts is today if the statement speaks about today, or else its first day. A delivery that stands
//! is held against the package of the first day of its period, if the statement speaks about that day. It is told
//! when what is to be reclaimed of it changes, so once for each state. The first statement about a household causes
//! no event: nothing was known that could have changed.

use std::sync::Arc;

use chrono::NaiveDate;

use super::clock::Clock;
use super::deliveries::circumstances;
use super::policies::Policies;
use crate::documents::change::{Change, Delivered, ToReclaim};
use crate::domain::difference::{Side, difference};
use crate::domain::facts::Household;
use crate::domain::ledger::{Paid, Reclaim, reclaim};
use crate::domain::package::Package;
use crate::domain::resolve::{ResolveError, resolve};
use crate::domain::rulebook::Rulebook;
use crate::store::{EventKind, NewEvent, Observed, Standing, Watch};

/// Somebody who looks at saves, by these policies, on behalf of whoever saves.
pub fn watch(policies: &Arc<Policies>, actor: &str, clock: &dyn Clock) -> Watch {
    let circumstances = circumstances(policies, actor, clock.now());
    let policies = Arc::clone(policies);
    let observe = move |observed: &Observed| event(&policies, observed);
    Watch { circumstances, today: clock.today(), observe: Arc::new(observe) }
}

/// The event that a save causes; `None` if it changes nothing that a package shows.
fn event(policies: &Policies, observed: &Observed) -> Option<NewEvent> {
    let mut change = match changed(policies, observed) {
        Ok(change) => change,
        Err(error) => Change { unresolved: Some(error.to_string()), ..Change::default() },
    };
    for standing in &observed.standing {
        match reclaimed(policies, standing) {
            Ok(reclaim) => change.reclaim.extend(reclaim),
            Err(error) => change.unresolved = Some(error.to_string()),
        }
    }
    if change.is_empty() {
        return None;
    }
    let household = observed.after.as_ref().or(observed.before.as_ref());
    let content = match change.text() {
        Ok(content) => content,
        Err(error) => {
            tracing::error!(%error, "a change could not be written");
            return None;
        }
    };
    Some(NewEvent {
        kind: EventKind::Change,
        place: household.and_then(|household| household.place.clone()),
        town: household.and_then(|household| household.town.clone()),
        on: observed.on,
        facts_seq: observed.facts_seq,
        content,
    })
}

fn changed(policies: &Policies, observed: &Observed) -> Result<Change, ResolveError> {
    let before = resolved(policies, observed.before.as_ref(), observed.on)?;
    let after = resolved(policies, observed.after.as_ref(), observed.on)?;
    Ok(Change::new(&difference(
        before.as_ref().map(ResolvedHousehold::side),
        after.as_ref().map(ResolvedHousehold::side),
    )))
}

struct ResolvedHousehold<'h> {
    rulebook: Arc<Rulebook>,
    household: &'h Household,
    package: Package,
}

impl ResolvedHousehold<'_> {
    fn side(&self) -> Side<'_> {
        Side { rulebook: &self.rulebook, household: self.household, package: &self.package }
    }
}

/// The package of a household; `None` if nothing is known of it, or its place has no rules.
fn resolved<'h>(
    policies: &Policies,
    household: Option<&'h Household>,
    on: NaiveDate,
) -> Result<Option<ResolvedHousehold<'h>>, ResolveError> {
    let Some((household, rulebook)) = with_rules(policies, household, on) else { return Ok(None) };
    let package = resolve(&rulebook, household)?;
    Ok(Some(ResolvedHousehold { rulebook, household, package }))
}

fn with_rules<'h>(
    policies: &Policies,
    household: Option<&'h Household>,
    on: NaiveDate,
) -> Option<(&'h Household, Arc<Rulebook>)> {
    let household = household?;
    let rulebook = policies.rulebook(household.place.as_deref()?, on).ok()?;
    Some((household, rulebook))
}

/// What of a delivery is to be reclaimed, if that is not what it was before.
fn reclaimed(policies: &Policies, standing: &Standing) -> Result<Option<ToReclaim>, ResolveError> {
    let entry = &standing.entry;
    let day = entry.covers.first_day();
    let paid = Paid {
        offer: &entry.offer,
        beneficiary: entry.beneficiary.as_deref(),
        paid: entry.paid(),
        expense: standing.expense,
    };
    let now = |household: Option<&Household>| -> Result<Option<Reclaim>, ResolveError> {
        let facts = with_rules(policies, household, day);
        reclaim(facts.as_ref().map(|(household, rulebook)| (&**rulebook, *household)), paid)
    };
    let (before, after) = (now(standing.before.as_ref())?, now(standing.after.as_ref())?);
    let delivered = Delivered {
        entry: entry.seq,
        offer: &entry.offer,
        beneficiary: entry.beneficiary.as_deref(),
        covers: entry.covers,
        department: &entry.department,
        paid: paid.paid,
    };
    Ok((before != after).then(|| ToReclaim::new(delivered, after)))
}
