//! What every resolver works with: the policies, the clock, and the place and date of a question.

use std::sync::Arc;

use async_graphql::Context;
use chrono::NaiveDate;

use super::error::{Kind, Refusal};
use super::scalars::Date;
use crate::app::access::{Caller, Pass};
use crate::app::catalogues::Live;
use crate::app::clock::Clock;
use crate::app::policies::Policies;
use crate::app::records::Records;
use crate::domain::catalogue::{Catalogue, Place};
use crate::domain::rulebook::{Rulebook, RulebookError};

/// The place whose rules apply where a query names none: the two policies side by side.
pub const BASELINE: &str = "baseline";

/// What is behind the schema as long as it lives.
pub struct Service {
    /// The catalogue in use.
    pub live: Arc<Live>,
    /// The stored households.
    pub records: Records,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

/// The service as one request sees it from its beginning to its end, with the catalogue that was in use then.
pub struct Api {
    service: Arc<Service>,
    policies: Arc<Policies>,
}

/// The service, for somebody who may do what they ask for.
pub struct Admitted<'c> {
    /// The service.
    pub api: &'c Api,
    /// What was admitted, and for which stored rows.
    pub pass: Pass,
}

impl Api {
    /// The service for a request that begins now.
    pub fn of(service: &Arc<Service>) -> Self {
        Self { service: Arc::clone(service), policies: service.live.now() }
    }

    /// The service of this request, if the table has the caller ask for this root field. Every resolver of the
    /// root of queries begins with it.
    ///
    /// # Errors
    /// The caller may not, or the request came without a service.
    pub async fn admit<'c>(ctx: &Context<'c>) -> Result<Admitted<'c>, Refusal> {
        Self::admit_to(ctx, &format!("Query.{}", ctx.field().name())).await
    }

    /// The service of this request, if the table has the caller change this. Every resolver of the root of mutations
    /// begins with it.
    ///
    /// # Errors
    /// As [`Self::admit`].
    pub async fn admit_mutation<'c>(ctx: &Context<'c>) -> Result<Admitted<'c>, Refusal> {
        Self::admit_to(ctx, &format!("Mutation.{}", ctx.field().name())).await
    }

    /// The service of this request, if the table has the caller ask for this.
    ///
    /// # Errors
    /// As [`Self::admit`].
    pub async fn admit_to<'c>(ctx: &Context<'c>, what: &str) -> Result<Admitted<'c>, Refusal> {
        let api = ctx.data::<Self>().map_err(|missing| Refusal::internal(&missing.message))?;
        let nobody = Caller::default();
        // Whoever brought the request says who asks; otherwise nobody knows.
        let caller = ctx.data_opt::<Caller>().unwrap_or(&nobody);
        let pass = api.records().admit(what, caller).await.map_err(Refusal::denied)?;
        Ok(Admitted { api, pass })
    }

    /// The stored households.
    pub fn records(&self) -> &Records {
        &self.service.records
    }

    /// Takes the last catalogue of the database into use at once, for the requests that begin after this one.
    ///
    /// # Errors
    /// The service failed.
    pub async fn catch_up(&self) -> Result<(), Refusal> {
        let refreshed = self.records().catalogues().refresh(&self.service.live).await;
        refreshed.map(|_newer| ()).map_err(|error| Refusal::internal(&error.to_string()))
    }

    /// The policies of this request.
    pub fn policies(&self) -> &Arc<Policies> {
        &self.policies
    }

    /// The date asked for, or today.
    pub fn day(&self, on: Option<Date>) -> NaiveDate {
        on.map_or_else(|| self.service.clock.today(), |on| on.0)
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
