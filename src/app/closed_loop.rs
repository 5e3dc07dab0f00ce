//! The closed loop: what is due, what of it was delivered, what is outstanding and what is overdue, for one
//! household or for all of a region; and which needs are met.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use chrono::{Datelike, Months, NaiveDate};

use super::policies::Policies;
use crate::domain::catalogue::Catalogue;
use crate::domain::facts::Household;
use crate::domain::ledger::{Covers, Delivered, Due, NeedMet, Owed, Tally, dues, needs_met, owed};
use crate::domain::package::{Beneficiary, Package};
use crate::domain::resolve::{ResolveError, resolve};
use crate::domain::rulebook::Rulebook;
use crate::store::{AsKnown, Entry, Pending, Sight, Store, StoreError, Stretch, WalkQuery};

/// What is asked: payments that fit every field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What whoever asks may see.
    pub sight: Sight,
    /// Of this household.
    pub household: Option<String>,
    /// Of this measure or cascade, by id.
    pub offer: Option<String>,
    /// The periods that begin in this month or year.
    pub period: Covers,
    /// Today: what has ended by then and is not delivered is overdue.
    pub today: NaiveDate,
}

/// A payment that is due, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The household.
    pub household: String,
    /// The department that owns the measure, or the first link of the cascade.
    pub department: String,
    /// The payment.
    pub owed: Owed,
}

/// The payments of a region, added up.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Summary {
    /// How many households something is due to that fits.
    pub households: u64,
    /// The totals.
    pub tally: Tally,
    /// Households of which it cannot be told exactly what is due; nothing of them is in the totals.
    pub unresolved: Vec<String>,
    /// Whether the sums are too large to be told.
    pub overflow: bool,
}

/// A part of the payments, in the order of households.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Page {
    /// The payments.
    pub rows: Vec<Row>,
    /// Whether more come after them.
    pub more: bool,
}

/// Where a page ends: a household, and within it a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The household.
    pub household: String,
    /// What the payment covers.
    pub covers: String,
    /// The measure or cascade.
    pub offer: String,
    /// The member; `None` is the household.
    pub beneficiary: Option<String>,
}

impl Mark {
    /// The mark of a payment.
    pub fn of(row: &Row) -> Self {
        Self {
            household: row.household.clone(),
            covers: row.owed.due.covers.to_string(),
            offer: row.owed.due.offer.clone(),
            beneficiary: row.owed.beneficiary.clone(),
        }
    }
}

/// All payments, added up.
pub fn summary(policies: &Arc<Policies>, store: &Store, asked: Asked) -> Pending<Summary> {
    each(policies, store, asked, None, Summary::default(), |summary, household| {
        match household.rows {
            Ok(rows) => {
                summary.households += u64::from(!rows.is_empty());
                let added = rows.iter().try_for_each(|row| summary.tally.add(&row.owed));
                summary.overflow |= added.is_err();
            }
            Err(_inexact) => summary.unresolved.push(household.key),
        }
        ControlFlow::Continue(())
    })
}

/// The payments after a mark, at most so many.
pub fn page(
    policies: &Arc<Policies>,
    store: &Store,
    asked: Asked,
    after: Option<Mark>,
    first: usize,
) -> Pending<Page> {
    let from = after.as_ref().map(|mark| mark.household.clone());
    each(policies, store, asked, from, Page::default(), move |page, household| {
        let rows = household.rows.unwrap_or_default();
        let here = after.as_ref().filter(|mark| mark.household == household.key);
        let skip = match here {
            None => 0,
            // A payment that is gone meanwhile ends the household: nothing is shown twice.
            Some(mark) => rows.iter().position(|row| Mark::of(row) == *mark).map_or(rows.len(), |at| at + 1),
        };
        for row in rows.into_iter().skip(skip) {
            if page.rows.len() == first {
                page.more = true;
                return ControlFlow::Break(());
            }
            page.rows.push(row);
        }
        ControlFlow::Continue(())
    })
}

/// All payments, and the households of which they cannot be told exactly.
pub fn rows(policies: &Arc<Policies>, store: &Store, asked: Asked) -> Pending<(Vec<Row>, Vec<String>)> {
    each(policies, store, asked, None, (Vec::new(), Vec::new()), |(all, unresolved), household| {
        match household.rows {
            Ok(rows) => all.extend(rows),
            Err(_inexact) => unresolved.push(household.key),
        }
        ControlFlow::Continue(())
    })
}

/// One household on the way.
struct Looked {
    key: String,
    rows: Result<Vec<Row>, ResolveError>,
}

/// Shows every household that lives in sight in a month of the period, by key.
fn each<S: Send + 'static>(
    policies: &Arc<Policies>,
    store: &Store,
    asked: Asked,
    from_key: Option<String>,
    state: S,
    mut visit: impl FnMut(&mut S, Looked) -> ControlFlow<()> + Send + 'static,
) -> Pending<S> {
    let query = WalkQuery {
        household: asked.household.clone(),
        within: asked.sight.within.clone(),
        months: months(asked.period),
        from_key,
    };
    let policies = Arc::clone(policies);
    store.walk_ledger(query, state, move |state, mut stretch| {
        for key in std::mem::take(&mut stretch.keys) {
            let known = stretch.households.values().any(|month| month.contains_key(&key));
            if !known {
                continue;
            }
            let rows = of_household(&policies, &asked, &key, &mut stretch);
            visit(state, Looked { key, rows })?;
        }
        ControlFlow::Continue(())
    })
}

/// What is due to one household. A month in which nothing is known of it, or in which its place has no rules, makes
/// nothing due.
fn of_household(
    policies: &Policies,
    asked: &Asked,
    key: &str,
    stretch: &mut Stretch,
) -> Result<Vec<Row>, ResolveError> {
    let mut due: Vec<(Due, Option<String>)> = Vec::new();
    let mut once = BTreeSet::new();
    for (month, known) in &mut stretch.households {
        let Some(household) = known.remove(key).map(|stored| stored.household) else { continue };
        let place = household.place.as_deref();
        let Some(rulebook) = place.and_then(|place| policies.rulebook(place, *month).ok()) else { continue };
        let package = resolve(&rulebook, &household)?;
        for one in dues(&rulebook, &package) {
            let who = member_key(&household, one.who);
            // One-off help is due once a year, from the first month whose package holds it.
            let repeated = matches!(one.covers, Covers::Day(_))
                && !once.insert((one.offer.clone(), who.clone(), month.year()));
            if !repeated {
                due.push((one, who));
            }
        }
    }
    let standing: Vec<Delivered> =
        stretch.deliveries.remove(key).unwrap_or_default().iter().map(delivered).collect();
    let rows = owed(due, &standing, asked.today).into_iter().map(|owed| Row {
        household: key.to_owned(),
        department: department_of(policies.catalogue(), &owed.due.offer).to_owned(),
        owed,
    });
    let wanted = |row: &Row| {
        asked.offer.as_ref().is_none_or(|offer| *offer == row.owed.due.offer)
            && asked.sight.department.as_ref().is_none_or(|department| *department == row.department)
    };
    Ok(rows.filter(wanted).collect())
}

/// The first days of the months of a period.
fn months(period: Covers) -> Vec<NaiveDate> {
    let mut months = Vec::new();
    let mut month = period.first_day().with_day(1);
    while let Some(first) = month.filter(|first| *first < period.end()) {
        months.push(first);
        month = first.checked_add_months(Months::new(1));
    }
    months
}

fn member_key(household: &Household, who: Beneficiary) -> Option<String> {
    match who {
        Beneficiary::Household => None,
        Beneficiary::Person(index) => household.members.get(index).map(|member| member.key.clone()),
    }
}

fn delivered(entry: &Entry) -> Delivered {
    Delivered {
        entry: entry.seq,
        paid: entry.paid(),
        offer: entry.offer.clone(),
        beneficiary: entry.beneficiary.clone(),
        covers: entry.covers,
    }
}

/// The department of a measure, or of the first link of a cascade; empty for what the catalogue does not have.
pub fn department_of<'c>(catalogue: &'c Catalogue, offer: &str) -> &'c str {
    let cascade = catalogue.cascades.iter().find(|cascade| cascade.id == offer);
    let id = cascade.and_then(|cascade| cascade.links.first()).map_or(offer, String::as_str);
    let measure = catalogue.measures.iter().find(|measure| measure.id == id);
    measure.map_or("", |measure| measure.department.as_str())
}

/// The needs of a household in a period.
#[derive(Clone, Debug)]
pub struct Needs {
    /// The day whose package counts.
    pub on: NaiveDate,
    /// The rules of that day.
    pub rulebook: Arc<Rulebook>,
    /// The household on that day.
    pub household: Household,
    /// Its package.
    pub package: Package,
    /// How its needs stand.
    pub needs: Vec<NeedMet>,
}

/// Why it cannot be told how needs stand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NeedsError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The household's place, or its rules on that day.
    #[error("no rules of a place apply to the household on {0}")]
    NoRules(NaiveDate),
    /// The package.
    #[error(transparent)]
    Package(#[from] ResolveError),
}

/// The day whose package tells the needs of a period: the first of its last month that has begun by today, or of
/// its first month if none has.
pub fn needs_day(period: Covers, today: NaiveDate) -> NaiveDate {
    let months = months(period);
    let begun = months.iter().rev().find(|month| **month <= today);
    begun.or(months.first()).copied().unwrap_or_else(|| period.first_day())
}

/// How the needs of a household stand: as its package of [`needs_day`] says, met by what was delivered for a day of
/// the period.
///
/// # Errors
/// [`NeedsError`].
pub fn needs(
    policies: &Policies,
    household: Household,
    on: NaiveDate,
    deliveries: &[Entry],
) -> Result<Needs, NeedsError> {
    let place = household.place.as_deref();
    let rulebook =
        place.and_then(|place| policies.rulebook(place, on).ok()).ok_or(NeedsError::NoRules(on))?;
    let package = resolve(&rulebook, &household)?;
    let deliveries: Vec<Delivered> = deliveries.iter().map(delivered).collect();
    let needs = needs_met(&rulebook, &household, &package, &deliveries);
    Ok(Needs { on, rulebook, household, package, needs })
}

/// How the needs of a stored household stand; `None` if nothing is known of it on the day.
///
/// # Errors
/// [`NeedsError`].
pub fn needs_of(
    policies: &Policies,
    store: &Store,
    key: &str,
    period: Covers,
    today: NaiveDate,
) -> Result<Option<Needs>, NeedsError> {
    let on = needs_day(period, today);
    let Some(stored) = store.household(key, on, AsKnown::Now).wait()? else { return Ok(None) };
    let deliveries = store.deliveries(key, period.first_day(), period.end()).wait()?;
    needs(policies, stored.household, on, &deliveries).map(Some)
}
