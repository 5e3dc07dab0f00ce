//! The package of a household that somebody hands in; nothing is stored.

use std::sync::Arc;

use chrono::NaiveDate;

use super::policies::Policies;
use crate::domain::explain::{Explanation, explain};
use crate::domain::facts::Household;
use crate::domain::package::Package;
use crate::domain::resolve::{ResolveError, resolve};
use crate::domain::rulebook::{Rulebook, RulebookError};

/// Where a household's policies are looked up.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The place; the household's own if `None`.
    pub place: Option<&'a str>,
    /// The date.
    pub on: NaiveDate,
}

/// A resolved package with what it refers to.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The rules.
    pub rulebook: Arc<Rulebook>,
    /// The household.
    pub household: Household,
    /// The package.
    pub package: Package,
}

/// Why there is no package.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackageError {
    /// Neither the household nor the caller names a place.
    #[error("no place given: name it in the household's `place`, or ask for one")]
    NoPlace,
    /// The place or its rules.
    #[error(transparent)]
    Rulebook(#[from] RulebookError),
    /// The resolution.
    #[error(transparent)]
    Resolve(#[from] ResolveError),
    /// No measure of the catalogue has this id or code.
    #[error("no measure `{0}` in the catalogue")]
    UnknownMeasure(String),
}

/// Resolves a household.
///
/// # Errors
/// [`PackageError`].
pub fn package(
    policies: &Policies,
    household: Household,
    scope: Scope<'_>,
) -> Result<Resolved, PackageError> {
    let rulebook = rulebook(policies, &household, scope)?;
    let package = resolve(&rulebook, &household)?;
    Ok(Resolved { rulebook, household, package })
}

/// Explains one measure, by id or code, for a household.
///
/// # Errors
/// [`PackageError`].
pub fn explain_measure(
    policies: &Policies,
    household: &Household,
    scope: Scope<'_>,
    measure: &str,
) -> Result<(Arc<Rulebook>, Explanation), PackageError> {
    let named = |known: &crate::domain::measure::Measure| known.id == measure || known.code == measure;
    let place = policies.catalogue().measures.iter().position(named);
    let place = place.ok_or_else(|| PackageError::UnknownMeasure(measure.to_owned()))?;
    let rulebook = rulebook(policies, household, scope)?;
    let explanation = explain(&rulebook, household, place)?;
    Ok((rulebook, explanation))
}

fn rulebook(
    policies: &Policies,
    household: &Household,
    scope: Scope<'_>,
) -> Result<Arc<Rulebook>, PackageError> {
    let place = scope.place.or(household.place.as_deref()).ok_or(PackageError::NoPlace)?;
    Ok(policies.rulebook(place, scope.on)?)
}
