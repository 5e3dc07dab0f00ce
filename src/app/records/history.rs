//! The history of stored households: their chains, saved packages, and what changed.
//!
//! A household's history is shown to whoever may see it on every day that is known: it may have lived elsewhere.
//! Events are shown one by one, each by the town of its day.

use std::sync::Arc;

use chrono::NaiveDate;

use super::Records;
use crate::app::access::{Pass, Reach};
use crate::app::audit::Outcome;
use crate::app::deliveries::circumstances;
use crate::app::leads::{self, LeadPage, LeadsError};
use crate::app::packages::{PackageError, Scope, package};
use crate::app::policies::Policies;
use crate::app::saved::{self, Replay};
use crate::app::timeline::{Happening, ordered};
use crate::documents::household::is_key;
use crate::domain::period::Validity;
use crate::domain::region::Region;
use crate::store::{AsKnown, ChainEvent, EventKind, EventPage, EventQuery, StoreError, StoredHousehold};

/// Which events of households.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventsAsked {
    /// Only of this household.
    pub household: Option<String>,
    /// Only of households in this region.
    pub region: Option<Region>,
    /// Only positions after this one.
    pub after: i64,
    /// How many at most.
    pub first: u32,
}

/// What came of a wish to save a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackageSaving {
    /// It is saved.
    Saved(Box<ChainEvent>),
    /// There is no such household on the day, or none that the caller may see.
    NotFound,
    /// There is no package.
    Refused(PackageError),
}

impl Records {
    /// The timeline of a household; `None` if there is none, or none that the caller may see.
    ///
    /// # Errors
    /// The database; without a record nothing is shown.
    pub async fn timeline(&self, pass: &Pass, key: &str) -> Result<Option<Vec<Happening>>, StoreError> {
        if !self.shows_history(pass, key).await? {
            return Ok(None);
        }
        let entries = self.store.ledger(key).await?;
        let (events, saves) = self.store.chain(key).await?;
        Ok(Some(ordered(entries, events, saves)))
    }

    /// A page of the saved packages of a household; `None` if there is none, or none that the caller may see.
    ///
    /// # Errors
    /// The database; without a record nothing is shown.
    pub async fn saved_packages(
        &self,
        pass: &Pass,
        key: &str,
        (after, first): (i64, u32),
    ) -> Result<Option<EventPage>, StoreError> {
        if !self.shows_history(pass, key).await? {
            return Ok(None);
        }
        let household = Some(key.to_owned());
        let query = EventQuery { kind: EventKind::Package, household, within: None, after, first };
        self.store.events(query).await.map(Some)
    }

    /// Saves the package of a household on a day in its chain.
    ///
    /// # Errors
    /// The database. An answer that could not be recorded in the audit log is not given, but the package is saved.
    pub async fn save_package(
        &self,
        pass: &Pass,
        policies: &Policies,
        key: &str,
        scope: Scope<'_>,
    ) -> Result<PackageSaving, StoreError> {
        let found = self.store.household(key, scope.on, AsKnown::Now).await?;
        let seen = found.filter(|found| pass.scope.covers_town(found.household.town.as_ref()));
        let Some(StoredHousehold { household, seq }) = seen else {
            let object = is_key(key).then_some(key);
            self.record(&pass.caller, (pass.what, object, Outcome::NotFound)).await?;
            return Ok(PackageSaving::NotFound);
        };
        let resolved = match package(policies, household, scope) {
            Ok(resolved) => resolved,
            Err(error) => {
                self.record(&pass.caller, (pass.what, Some(key), Outcome::Declined("no_package"))).await?;
                return Ok(PackageSaving::Refused(error));
            }
        };
        let new = saved::event(&resolved, seq)
            .map_err(|_unwritten| StoreError::Unstorable("a package that cannot be written"))?;
        let circumstances = circumstances(policies, pass.subject(), self.clock.now());
        let saved = self.store.append_event(key, new, circumstances).await?;
        self.record(&pass.caller, (pass.what, Some(key), Outcome::Done)).await?;
        Ok(PackageSaving::Saved(Box::new(saved)))
    }

    /// Computes a saved package again.
    ///
    /// # Errors
    /// The database.
    pub async fn replay(&self, in_use: &Arc<Policies>, saved: &ChainEvent) -> Result<Replay, StoreError> {
        let same = in_use.catalogue().hash.to_string() == saved.catalogue;
        let policies = match saved.catalogue.parse() {
            _ if same => Some(Arc::clone(in_use)),
            Ok(hash) => match self.catalogues.of_hash(hash).await {
                Ok(found) => found,
                Err(error) => return Ok(Replay::Failed(error.to_string())),
            },
            Err(_no_hash) => None,
        };
        let known = AsKnown::After(saved.event.facts_seq);
        let found = self.store.household(&saved.household, saved.event.on, known).await?;
        let household = found.map(|found| found.household);
        Ok(saved::replay(policies.as_deref(), saved, household))
    }

    /// A household on two days, where one of them may be unknown; `None` if both are, or if the caller may not see one
    /// of them.
    ///
    /// # Errors
    /// The database; without a record nothing is shown.
    pub async fn household_on_two_days(
        &self,
        pass: &Pass,
        key: &str,
        (from, to): (NaiveDate, NaiveDate),
    ) -> Result<Option<[Option<StoredHousehold>; 2]>, StoreError> {
        let before = self.store.household(key, from, AsKnown::Now).await?;
        let after = self.store.household(key, to, AsKnown::Now).await?;
        let both = [before, after];
        let mut known = both.iter().flatten();
        let outcome = if both.iter().all(Option::is_none) {
            Outcome::NotFound
        } else if known.all(|found| pass.scope.covers_town(found.household.town.as_ref())) {
            Outcome::Shown
        } else {
            Outcome::OutOfScope
        };
        let object = is_key(key).then_some(key);
        self.record(&pass.caller, (pass.what, object, outcome)).await?;
        Ok((outcome == Outcome::Shown).then_some(both))
    }

    /// A page of the changes of all households that the caller may see, and how many these are in all.
    ///
    /// # Errors
    /// The database; without a record nothing is shown.
    pub async fn events(&self, pass: &Pass, asked: EventsAsked) -> Result<EventPage, StoreError> {
        let EventsAsked { household, region, after, first } = asked;
        let object = household.clone().filter(|key| is_key(key)).or(region.as_ref().map(ToString::to_string));
        let page = match pass.scope.within(region.as_ref()) {
            Reach::Nowhere => EventPage { items: Vec::new(), more: false, before: 0, total: 0 },
            reach => {
                let within = match reach {
                    Reach::Within(region) => Some(region),
                    Reach::Nowhere | Reach::Everywhere => None,
                };
                let kind = EventKind::Change;
                self.store.events(EventQuery { kind, household, within, after, first }).await?
            }
        };
        self.record(&pass.caller, (pass.what, object.as_deref(), Outcome::Shown)).await?;
        Ok(page)
    }

    /// A page of the leads of the households that the caller may see.
    ///
    /// # Errors
    /// The database, or amounts that cannot be computed; without a record nothing is shown.
    pub async fn leads(
        &self,
        pass: &Pass,
        policies: &Policies,
        (on, region): (NaiveDate, Option<&Region>),
        (after, first): (leads::Mark, usize),
    ) -> Result<LeadPage, LeadsError> {
        self.record(&pass.caller, (pass.what, region.map(Region::as_str), Outcome::Shown)).await?;
        match sight(pass, on, region) {
            None => Ok(LeadPage::default()),
            Some(sight) => leads::page(policies, &self.store, sight, after, first).await,
        }
    }

    /// How many leads there are of the households that the caller may see.
    ///
    /// # Errors
    /// As of [`Records::leads`].
    pub async fn lead_count(
        &self,
        pass: &Pass,
        policies: &Policies,
        (on, region): (NaiveDate, Option<&Region>),
    ) -> Result<usize, LeadsError> {
        self.record(&pass.caller, (pass.what, region.map(Region::as_str), Outcome::Shown)).await?;
        match sight(pass, on, region) {
            None => Ok(0),
            Some(sight) => leads::count(policies, &self.store, sight).await,
        }
    }

    /// Whether the caller may see the history of a household; either answer is recorded.
    async fn shows_history(&self, pass: &Pass, key: &str) -> Result<bool, StoreError> {
        let all_days = Validity { from: NaiveDate::MIN, until: None };
        let known = self.store.household_towns(key, all_days).await?;
        let outcome = if known.seq == 0 {
            Outcome::NotFound
        } else if known.towns.iter().all(|town| pass.scope.covers_town(town.as_ref())) {
            Outcome::Shown
        } else {
            Outcome::OutOfScope
        };
        let object = is_key(key).then_some(key);
        self.record(&pass.caller, (pass.what, object, outcome)).await?;
        Ok(outcome == Outcome::Shown)
    }
}

/// What of a region may be seen; `None` is nothing.
fn sight(pass: &Pass, on: NaiveDate, region: Option<&Region>) -> Option<leads::Sight> {
    match pass.scope.within(region) {
        Reach::Nowhere => None,
        Reach::Within(region) => Some(leads::Sight { on, within: Some(region) }),
        Reach::Everywhere => Some(leads::Sight { on, within: None }),
    }
}
