//! The package of a household that is given in the query. Nothing is stored.

use std::sync::Arc;

use async_graphql::{Context, Object};

use super::measures::find;
use crate::app::packages::{self, PackageError, Resolved};
use crate::domain::facts::Household;
use crate::graphql::context::{Api, Scope, refused};
use crate::graphql::error::{Kind, Refusal};
use crate::graphql::input::{ExplainMeasureInput, ResolvePackageInput};
use crate::graphql::scalars::Date;
use crate::graphql::types::explanation::Explanation;
use crate::graphql::types::fact::Problem;
use crate::graphql::types::package::{ExplainMeasurePayload, Package, ResolvePackagePayload, View};

/// The package of a household that is given in the query.
#[derive(Default)]
pub struct PackageQuery;

#[Object]
impl PackageQuery {
    /// What a household is entitled to, with what it does not take and why, and what is unknown.
    async fn resolve_package<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "The household, the place and the date.")] input: ResolvePackageInput,
    ) -> Result<ResolvePackagePayload<'c>, Refusal> {
        let api = Api::admit(ctx).await?.api;
        let household = match input.household.read(api.policies().catalogue()) {
            Ok(household) => household,
            Err(problems) => return Ok(package_refused(problems.into_iter().map(Into::into).collect())),
        };
        let scope = scope(api, &household, input.place.as_deref(), input.on)?;
        match packages::package(api.policies(), household, rules(scope)) {
            Ok(resolved) => {
                let package = Package(View { scope, resolved: Arc::new(resolved) });
                Ok(ResolvePackagePayload { package: Some(package), problems: Vec::new() })
            }
            Err(error) => Ok(package_refused(vec![not_exact(error, "input.place")?])),
        }
    }

    /// Why a household gets a measure, or why not: every standard, every condition.
    async fn explain_measure<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "The measure, the household, the place and the date.")] input: ExplainMeasureInput,
    ) -> Result<ExplainMeasurePayload<'c>, Refusal> {
        let api = Api::admit(ctx).await?.api;
        let Some(measure) = find(api.here()?, &input.measure, "input.measure")? else {
            return Err(unknown_measure());
        };
        let household = match input.household.read(api.policies().catalogue()) {
            Ok(household) => household,
            Err(problems) => return Ok(explanation_refused(problems.into_iter().map(Into::into).collect())),
        };
        let scope = scope(api, &household, input.place.as_deref(), input.on)?;
        match packages::explain_measure(api.policies(), &household, rules(scope), &measure.1.id) {
            Ok((rulebook, explained)) => {
                let resolved = Resolved { rulebook, household, package: explained.package };
                let view = View { scope, resolved: Arc::new(resolved) };
                let explanation = Explanation { view, measure: explained.measure, rows: explained.rows };
                Ok(ExplainMeasurePayload { explanation: Some(explanation), problems: Vec::new() })
            }
            Err(error) => Ok(explanation_refused(vec![not_exact(error, "input.place")?])),
        }
    }
}

/// The place that is asked for, or else the household's own, and the date.
fn scope<'c>(
    api: &'c Api,
    household: &Household,
    place: Option<&str>,
    on: Option<Date>,
) -> Result<Scope<'c>, Refusal> {
    match (place, household.place.as_deref()) {
        (Some(place), _) => api.scope(place, on, "input.place"),
        (None, Some(place)) => api.scope(place, on, "input.household.place"),
        (None, None) => Err(no_place()),
    }
}

fn rules(scope: Scope<'_>) -> packages::Scope<'_> {
    packages::Scope { place: Some(&scope.place.id), on: scope.on }
}

/// What keeps a household from having an exact answer is data; the rest is an error.
pub(in crate::graphql) fn not_exact(error: PackageError, field: &str) -> Result<Problem, Refusal> {
    match error {
        PackageError::Resolve(error) => Ok(Problem::not_exact(&error)),
        PackageError::Rulebook(error) => Err(refused(&error, field)),
        PackageError::NoPlace => Err(no_place()),
        PackageError::UnknownMeasure(_) => Err(unknown_measure()),
    }
}

fn no_place() -> Refusal {
    let message = "name a place in `place`, or in the household's own `place`";
    Refusal::input(Kind::NoPlace, "input.place", message)
}

fn unknown_measure() -> Refusal {
    Refusal::input(Kind::UnknownMeasure, "input.measure", "no such measure in the catalogue")
}

fn package_refused<'c>(problems: Vec<Problem>) -> ResolvePackagePayload<'c> {
    ResolvePackagePayload { package: None, problems }
}

fn explanation_refused<'c>(problems: Vec<Problem>) -> ExplainMeasurePayload<'c> {
    ExplainMeasurePayload { explanation: None, problems }
}
