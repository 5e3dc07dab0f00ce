//! What every resolver works with: the policies, the clock, and the place and date of a question.

use std::sync::Arc;

use async_graphql::Context;
use chrono::NaiveDate;

use super::error::{Kind, Refusal};
use super::scalars::Date;
use crate::app::clock::Clock;
use crate::app::policies::Policies;
use crate::domain::catalogue::{Catalogue, Place};
use crate::domain::rulebook::{Rulebook, RulebookError};

/// The place whose rules apply where a query names none: the two policies side by side.
pub const BASELINE: &str = "baseline";

/// The service behind the schema.
pub struct Api {
    policies: Arc<Policies>,
    clock: Arc<dyn Clock>,
}

impl Api {
    /// A service over policies and a clock.
    pub fn new(policies: Arc<Policies>, clock: Arc<dyn Clock>) -> Self {
        Self { policies, clock }
    }

    /// The service of this request.
    ///
    /// # Errors
    /// The schema was built without one.
    pub fn of<'c>(ctx: &Context<'c>) -> Result<&'c Self, Refusal> {
        ctx.data::<Self>().map_err(|missing| Refusal::internal(&missing.message))
    }

    /// The policies in use.
    pub fn policies(&self) -> &Policies {
        &self.policies
    }

    /// The date asked for, or today.
    pub fn day(&self, on: Option<Date>) -> NaiveDate {
        on.map_or_else(|| self.clock.today(), |on| on.0)
    }

    /// The catalogue as seen from a place on a date.
    ///
    /// # Errors
    /// An unknown place; `field` names the argument that holds it.
    pub fn scope(&self, place: &str, on: Option<Date>, field: &str) -> Result<Scope<'_>, Refusal> {
        let catalogue: &Catalogue = self.policies.catalogue();
        let Some(place) = catalogue.place(place) else {
            return Err(unknown_place(place, field));
        };
        Ok(Scope { catalogue, place, on: self.day(on) })
    }

    /// The catalogue as seen from the baseline today: where a query names neither.
    ///
    /// # Errors
    /// The catalogue has no place at all.
    pub fn here(&self) -> Result<Scope<'_>, Refusal> {
        let catalogue: &Catalogue = self.policies.catalogue();
        let place = catalogue.place(BASELINE).or_else(|| catalogue.places.first());
        let place = place.ok_or_else(|| Refusal::internal("the catalogue has no place"))?;
        Ok(Scope { catalogue, place, on: self.day(None) })
    }

    /// The compiled rules of a scope.
    ///
    /// # Errors
    /// Policies whose amounts cannot be computed.
    pub fn rulebook(&self, scope: Scope<'_>) -> Result<Arc<Rulebook>, Refusal> {
        self.policies.rulebook(&scope.place.id, scope.on).map_err(|error| refused(&error, "place"))
    }
}

/// The refusal of a place that cannot be compiled.
pub fn refused(error: &RulebookError, field: &str) -> Refusal {
    match error {
        RulebookError::UnknownPlace(place) => unknown_place(place, field),
        RulebookError::Amount { .. } => Refusal::internal(&error.to_string()),
    }
}

/// The refusal of a place that the catalogue does not have.
pub fn unknown_place(place: &str, field: &str) -> Refusal {
    Refusal::input(Kind::UnknownPlace, field, format!("no place `{place}` in the catalogue"))
}

/// The catalogue as seen from a place on a date.
#[derive(Clone, Copy)]
pub struct Scope<'c> {
    /// The catalogue.
    pub catalogue: &'c Catalogue,
    /// The place.
    pub place: &'c Place,
    /// The date.
    pub on: NaiveDate,
}
