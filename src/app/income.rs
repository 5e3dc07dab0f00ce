//! The income arithmetics over a statement that somebody hands in; nothing is stored.

use std::sync::Arc;

use chrono::NaiveDate;

use super::packages::Scope;
use super::policies::Policies;
use crate::domain::catalogue::Catalogue;
use crate::domain::income::{CompareError, Comparison, Statement, compare};

/// A comparison with what it refers to.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The catalogue.
    pub catalogue: Arc<Catalogue>,
    /// The id of the place.
    pub place: String,
    /// The date.
    pub on: NaiveDate,
    /// The statement.
    pub statement: Statement,
    /// What comes of it. It advises; identities are granted by departments.
    pub comparison: Comparison,
}

/// Why there is no comparison.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IncomeError {
    /// Neither the statement nor the caller names a place.
    #[error("no place given: name it in the statement's `place`, or ask for one")]
    NoPlace,
    /// No place of the catalogue has this id.
    #[error("no place `{0}` in the catalogue")]
    UnknownPlace(String),
    /// The rules have no answer.
    #[error(transparent)]
    Compare(#[from] CompareError),
}

/// Counts a household's income by every arithmetic in use.
///
/// # Errors
/// [`IncomeError`].
pub fn compare_incomes(
    policies: &Policies,
    statement: Statement,
    scope: Scope<'_>,
) -> Result<Compared, IncomeError> {
    let catalogue = Arc::clone(policies.catalogue());
    let place = scope.place.or(statement.place.as_deref()).ok_or(IncomeError::NoPlace)?.to_owned();
    let known = catalogue.place(&place).ok_or_else(|| IncomeError::UnknownPlace(place.clone()))?;
    let comparison = compare(&catalogue, known, scope.on, &statement)?;
    Ok(Compared { catalogue, place, on: scope.on, statement, comparison })
}
