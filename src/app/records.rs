//! Stored households as callers may see them: everything here is admitted by the table, narrowed to a scope
//! and recorded in the audit log before it is handed out.

mod deliveries;
mod follow;
mod history;
mod log;
mod registers;

pub use follow::{Followed, Notice};
pub use history::{EventsAsked, PackageSaving};
pub use registers::{Deciding, ShownProposal};

use std::sync::Arc;

use chrono::NaiveDate;

use self::follow::Hub;
use super::access::{self, Caller, Denied, Pass, Reach, Rule};
use super::audit::{self, Outcome};
use super::catalogues::Catalogues;
use super::clock::Clock;
use super::households::{self, Statement};
use super::monitoring;
use super::numbers::Numbers;
use super::policies::Policies;
use super::proposals::Desk;
use super::vault::Vault;
use crate::documents::household::is_key;
use crate::domain::facts::Household;
use crate::domain::region::Region;
use crate::store::{AsKnown, ListQuery, Store, StoreError};
pub use crate::store::{
    AuditList, AuditQuery, AuditRow, ChainEvent, EventKind, EventPage, ListPage, Listed,
    Outcome as SaveOutcome, Saved, StoredHousehold,
};

/// The stored households.
pub struct Records {
    store: Arc<Store>,
    catalogues: Catalogues,
    hub: Arc<Hub>,
    clock: Arc<dyn Clock>,
    rules: &'static [Rule],
    desk: Desk,
    numbers: Option<Numbers>,
}

/// Which part of the list of households.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The day.
    pub on: NaiveDate,
    /// Only those in this region.
    pub region: Option<Region>,
    /// Only keys after this one.
    pub after: Option<String>,
    /// How many at most.
    pub first: u32,
}

/// What came of a wish to save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saving {
    /// It is saved.
    Saved(Saved),
    /// The household lies outside of the caller's scope, as it is stated or as it is known; nothing is saved.
    OutOfScope,
    /// Somebody saved it since the caller has seen it; nothing is saved.
    ChangedMeanwhile {
        /// The number of the last save.
        found: i64,
    },
}

impl Records {
    /// The households of a store under a table of rules, [`access::RULES`] in all but tests.
    pub fn new(store: Arc<Store>, clock: Arc<dyn Clock>, rules: &'static [Rule]) -> Self {
        let desk = Desk::new(Arc::clone(&store), Arc::clone(&clock));
        let catalogues = Catalogues::new(Arc::clone(&store));
        let hub = Arc::new(Hub::new(Arc::clone(&store)));
        Self { store, catalogues, hub, clock, rules, desk, numbers: None }
    }

    /// With the keys that open ID numbers.
    #[must_use]
    pub fn with_vault(self, vault: Arc<Vault>) -> Self {
        let numbers = Numbers::new(Arc::clone(&self.store), vault, Arc::clone(&self.clock));
        Self { numbers: Some(numbers), ..self }
    }

    /// The ID numbers; `None` where no keys are configured.
    pub fn numbers(&self) -> Option<&Numbers> {
        self.numbers.as_ref()
    }

    /// Where proposals are made, tried out and decided.
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// The catalogues that the database keeps.
    pub fn catalogues(&self) -> &Catalogues {
        &self.catalogues
    }

    /// Asks the table; a refusal of a known caller is recorded.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn admit(&self, what: &str, caller: &Caller) -> Result<Pass, Denied> {
        let admitted = access::pass(self.rules, what, caller);
        if let Err(denied) = admitted
            && let Err(error) = self.record(caller, (what, None, Outcome::Refused(denied))).await
        {
            tracing::error!(%error, "a refusal could not be recorded");
        }
        admitted
    }

    /// A household as it was on a day; `None` if there is none, or none that the caller may see.
    ///
    /// # Errors
    /// The database; without a record nothing is shown.
    pub async fn household(
        &self,
        pass: &Pass,
        key: &str,
        on: NaiveDate,
    ) -> Result<Option<StoredHousehold>, StoreError> {
        if !is_key(key) {
            // Nothing is stored under it, and it may be something that must not be recorded either.
            self.record(&pass.caller, (pass.what, None, Outcome::NotFound)).await?;
            return Ok(None);
        }
        let found = households::fetch(&self.store, key, on, AsKnown::Now).await?;
        let (shown, outcome) = match found {
            Some(found) if pass.scope.covers_town(found.household.town.as_ref()) => {
                (Some(found), Outcome::Shown)
            }
            Some(_) => (None, Outcome::OutOfScope),
            None => (None, Outcome::NotFound),
        };
        self.record(&pass.caller, (pass.what, Some(key), outcome)).await?;
        Ok(shown)
    }

    /// Saves what is stated about a household, if it lies in the caller's scope: as it is stated, and as it is known
    /// for the days of the statement. What it changes by these policies joins the household's chain.
    ///
    /// # Errors
    /// The database. An answer that could not be recorded in the audit log is not given, but the save stands.
    pub async fn save_household(
        &self,
        pass: &Pass,
        policies: &Arc<Policies>,
        household: Household,
        statement: Statement,
    ) -> Result<Saving, StoreError> {
        let key = household.key.clone();
        let (saving, outcome) = loop {
            let known = self.store.household_towns(&key, statement.valid).await?;
            let towns = known.towns.iter().map(Option::as_ref).chain([household.town.as_ref()]);
            if !towns.into_iter().all(|town| pass.scope.covers_town(town)) {
                break (Saving::OutOfScope, Outcome::OutOfScope);
            }
            // What was found to be in scope is what is changed, or nothing is.
            let expected_seq = statement.expected_seq.or(Some(known.seq));
            let seen = Statement { expected_seq, ..statement };
            let watch = monitoring::watch(policies, pass.subject(), &*self.clock);
            match households::save(&self.store, household.clone(), seen, watch).await {
                Ok(saved) => break (Saving::Saved(saved), Outcome::Done),
                Err(StoreError::Conflict { .. }) if statement.expected_seq.is_none() => {}
                Err(StoreError::Conflict { found, .. }) => {
                    break (Saving::ChangedMeanwhile { found }, Outcome::Declined("changed_meanwhile"));
                }
                Err(error) => return Err(error),
            }
        };
        self.record(&pass.caller, (pass.what, Some(&key), outcome)).await?;
        Ok(saving)
    }

    /// A page of the households that the caller may see, and how many these are in all.
    ///
    /// # Errors
    /// The database; without a record nothing is shown.
    pub async fn households(&self, pass: &Pass, asked: Asked) -> Result<ListPage, StoreError> {
        let Asked { on, region, after, first } = asked;
        let page = match pass.scope.within(region.as_ref()) {
            Reach::Nowhere => ListPage { items: Vec::new(), more: false, before: 0, total: 0 },
            reach => {
                let within = match reach {
                    Reach::Within(region) => Some(region),
                    Reach::Nowhere | Reach::Everywhere => None,
                };
                households::list(&self.store, ListQuery { on, within, after, first }).await?
            }
        };
        let object = region.as_ref().map(Region::as_str);
        self.record(&pass.caller, (pass.what, object, Outcome::Shown)).await?;
        Ok(page)
    }

    async fn record(&self, caller: &Caller, act: (&str, Option<&str>, Outcome)) -> Result<(), StoreError> {
        match audit::record(&self.store, caller, act, self.clock.now()) {
            Some(pending) => pending.await.map(|_head| ()),
            None => Ok(()),
        }
    }
}
