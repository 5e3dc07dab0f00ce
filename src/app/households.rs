//! Stored households: save, fetch, list, and the package of one on any date.

use chrono::NaiveDate;

use super::packages::{PackageError, Resolved, Scope, package};
use super::policies::Policies;
use crate::domain::facts::Household;
use crate::domain::period::Validity;
use crate::domain::region::Region;
use crate::store::{
    AsKnown, ListPage, ListQuery, Pending, Recording, Saved, Store, StoreError, StoredHousehold, Watch,
};

/// The most households on a page.
pub const MOST_ON_A_PAGE: u32 = 100;

/// For which days a household is as stated, and what the one who states it has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The days; without an end, until something else is stated.
    pub valid: Validity,
    /// The number of the last save that was seen, 0 for none; `None` saves whatever happened.
    pub expected_seq: Option<i64>,
}

/// Why there is no package of a stored household.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoredPackageError {
    /// Nothing is stated about a household of this key for the day.
    #[error("no household of this key is known on {on}")]
    NotFound {
        /// The day.
        on: NaiveDate,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The resolution.
    #[error(transparent)]
    Package(#[from] PackageError),
}

/// Records a household that was read and checked by [`crate::documents::household`]; what it changes in the
/// household's package joins its chain, see [`super::monitoring::watch`].
pub fn save(store: &Store, household: Household, statement: Statement, watch: Watch) -> Pending<Saved> {
    let recording = recording(statement, &watch);
    store.save_household_watched(household, recording, watch)
}

/// Records several households in one transaction, as [`save`] does each.
pub fn save_all(
    store: &Store,
    households: Vec<Household>,
    statement: Statement,
    watch: Watch,
) -> Pending<Vec<Saved>> {
    let recording = recording(statement, &watch);
    store.save_households_watched(households, recording, watch)
}

fn recording(statement: Statement, watch: &Watch) -> Recording {
    let Statement { valid, expected_seq } = statement;
    let circumstances = &watch.circumstances;
    Recording {
        valid,
        recorded_at: circumstances.recorded_at,
        recorded_by: circumstances.actor.clone(),
        expected_seq,
    }
}

/// A household as it was on a day, as far as it was known.
pub fn fetch(store: &Store, key: &str, on: NaiveDate, known: AsKnown) -> Pending<Option<StoredHousehold>> {
    store.household(key, on, known)
}

/// The households of a day, at most [`MOST_ON_A_PAGE`] at a time.
pub fn list(store: &Store, query: ListQuery) -> Pending<ListPage> {
    store.list_households(ListQuery { first: query.first.min(MOST_ON_A_PAGE), ..query })
}

/// The keys of all households of a day, in their order; with a region, only of those that live in it.
///
/// # Errors
/// The database.
pub fn keys(store: &Store, on: NaiveDate, within: Option<&Region>) -> Result<Vec<String>, StoreError> {
    let mut keys: Vec<String> = Vec::new();
    loop {
        let query =
            ListQuery { on, within: within.cloned(), after: keys.last().cloned(), first: MOST_ON_A_PAGE };
        let page = list(store, query).wait()?;
        keys.extend(page.items.into_iter().map(|item| item.key));
        if !page.more {
            return Ok(keys);
        }
    }
}

/// The package of a stored household on a day, and the number of the last save that counts for it: its facts of that
/// day, as far as they were known, under the rules of that day.
///
/// # Errors
/// [`StoredPackageError`].
pub fn package_of(
    policies: &Policies,
    store: &Store,
    key: &str,
    scope: Scope<'_>,
    known: AsKnown,
) -> Result<(Resolved, i64), StoredPackageError> {
    let found = fetch(store, key, scope.on, known).wait()?;
    let stored = found.ok_or(StoredPackageError::NotFound { on: scope.on })?;
    Ok((package(policies, stored.household, scope)?, stored.seq))
}
