//! Questions about stored households. Who may ask, and about which, stands in the table of rules.

use std::sync::Arc;

use async_graphql::{Context, Object};

use super::history::read_region;
use super::packages::not_exact;
use crate::app::packages;
use crate::app::records::Asked;
use crate::graphql::context::{Admitted, Api};
use crate::graphql::error::{Kind, Refusal};
use crate::graphql::ids;
use crate::graphql::scalars::Date;
use crate::graphql::types::connection::size;
use crate::graphql::types::household::{Household, HouseholdConnection};
use crate::graphql::types::package::{Package, ResolvePackagePayload, View};
use crate::graphql::weight::page;

/// Questions about stored households.
#[derive(Default)]
pub struct HouseholdQuery;

#[Object]
impl HouseholdQuery {
    /// A stored household; null if there is none on the day, or none that the caller may see.
    async fn household<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "Its key.")] key: String,
        #[graphql(desc = "The day; today in China if left out.")] on: Option<Date>,
    ) -> Result<Option<Household<'c>>, Refusal> {
        let Admitted { api, pass } = Api::admit(ctx).await?;
        Household::find(api, pass, &key, api.day(on)).await
    }

    /// The stored households of a day that the caller may see, by key, page by page.
    #[graphql(complexity = "page(first, child_complexity)")]
    async fn households<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "The day; today in China if left out.")] on: Option<Date>,
        #[graphql(desc = "Only those in this region, by code: 2, 4, 6, 9 or 12 digits.")] region: Option<
            String,
        >,
        #[graphql(desc = "How many, from 1 to 100.")] first: i32,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<HouseholdConnection<'c>, Refusal> {
        let Admitted { api, pass } = Api::admit(ctx).await?;
        let asked = Asked {
            on: api.day(on),
            region: read_region(region)?,
            first: u32::from(size(first)?),
            after: after.map(|cursor| ids::after(&cursor, "after")).transpose()?,
        };
        let on = asked.on;
        let page = api.records().households(&pass, asked).await;
        let page = page.map_err(|error| Refusal::internal(&error.to_string()))?;
        HouseholdConnection::new(api, &pass, on, page)
    }

    /// The package of a stored household: its facts of a day under the rules of that day; null if there is no such
    /// household, or none that the caller may see.
    async fn household_package<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "The household's key.")] key: String,
        #[graphql(desc = "The day; today in China if left out.")] on: Option<Date>,
        #[graphql(desc = "The key of the place whose rules apply; the household's own place if left out.")]
        place: Option<String>,
    ) -> Result<Option<ResolvePackagePayload<'c>>, Refusal> {
        let Admitted { api, pass } = Api::admit(ctx).await?;
        let asked = place.as_deref().map(|place| api.scope(place, on, "place")).transpose()?;
        let found = api.records().household(&pass, &key, api.day(on)).await;
        let Some(stored) = found.map_err(|error| Refusal::internal(&error.to_string()))? else {
            return Ok(None);
        };
        let scope = match (asked, stored.household.place.as_deref()) {
            (Some(scope), _) => scope,
            (None, Some(place)) => api.scope(place, on, "place")?,
            (None, None) => {
                let message = "the household has no place of its own: name one in `place`";
                return Err(Refusal::input(Kind::NoPlace, "place", message));
            }
        };
        let rules = packages::Scope { place: Some(&scope.place.id), on: scope.on };
        Ok(Some(match packages::package(api.policies(), stored.household, rules) {
            Ok(resolved) => {
                let package = Package(View { scope, resolved: Arc::new(resolved) });
                ResolvePackagePayload { package: Some(package), problems: Vec::new() }
            }
            Err(error) => ResolvePackagePayload { package: None, problems: vec![not_exact(error, "place")?] },
        }))
    }
}
