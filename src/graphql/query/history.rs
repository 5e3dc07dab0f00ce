//! Questions about the history of stored households.

use async_graphql::{Context, Object, SimpleObject};

use crate::app::monitoring::changed;
use crate::app::records::EventsAsked;
use crate::domain::region::Region;
use crate::graphql::context::{Admitted, Api};
use crate::graphql::error::{Kind, Refusal};
use crate::graphql::scalars::Date;
use crate::graphql::types::chain::{ChainConnection, HouseholdEventConnection, SavedPackageConnection};
use crate::graphql::types::change::Change;
use crate::graphql::types::connection::size;
use crate::graphql::types::fact::Problem;
use crate::graphql::types::lead::LeadConnection;
use crate::graphql::types::page::number_after;
use crate::graphql::weight::page;

/// Questions about the history of stored households.
#[derive(Default)]
pub struct HistoryQuery;

/// What changed between two days, or why it cannot be told.
#[derive(SimpleObject)]
pub struct PackageChangesPayload {
    /// What changed; null if a package cannot be told exactly.
    pub change: Option<Change>,
    /// Why a package cannot be told.
    pub problems: Vec<Problem>,
}

#[Object]
impl HistoryQuery {
    /// What changed between the packages of a stored household on two days, each by its facts and rules of that day;
    /// null if there is no such household, or none that the caller may see on both.
    #[graphql(complexity = "20 + child_complexity")]
    async fn package_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The household's key.")] key: String,
        #[graphql(desc = "The first day.")] from: Date,
        #[graphql(desc = "The second day; today in China if left out.")] to: Option<Date>,
    ) -> Result<Option<PackageChangesPayload>, Refusal> {
        let Admitted { api, pass } = Api::admit(ctx).await?;
        let days = (from.0, api.day(to));
        let found = api.records().household_on_two_days(&pass, &key, days).await.map_err(failed)?;
        let Some([before, after]) = found else { return Ok(None) };
        let (before, after) = (before.as_ref(), after.as_ref());
        let told = changed(
            api.policies(),
            (before.map(|found| &found.household), days.0),
            (after.map(|found| &found.household), days.1),
        );
        Ok(Some(match told {
            Ok(change) => PackageChangesPayload { change: Some(Change(change)), problems: Vec::new() },
            Err(error) => PackageChangesPayload { change: None, problems: vec![Problem::not_exact(&error)] },
        }))
    }

    /// Everything that happened to a household, in one order; null if there is no such household, or none that the
    /// caller may see wherever it lived.
    #[graphql(complexity = "page(first, child_complexity)")]
    async fn household_chain(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The household's key.")] key: String,
        #[graphql(desc = "How many, from 1 to 100.")] first: i32,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Option<ChainConnection>, Refusal> {
        let Admitted { api, pass } = Api::admit(ctx).await?;
        let bounds = (number_after(after.as_deref(), "after")?, u32::from(size(first)?));
        let found = api.records().timeline(&pass, &key).await.map_err(failed)?;
        Ok(found.map(|all| ChainConnection::page(all, bounds)))
    }

    /// The saved packages of a household, as they were saved; null if there is no such household, or none that the
    /// caller may see wherever it lived.
    #[graphql(complexity = "page(first, child_complexity)")]
    async fn saved_packages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The household's key.")] key: String,
        #[graphql(desc = "How many, from 1 to 100.")] first: i32,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Option<SavedPackageConnection>, Refusal> {
        let Admitted { api, pass } = Api::admit(ctx).await?;
        let bounds = (number_after(after.as_deref(), "after")?, u32::from(size(first)?));
        let found = api.records().saved_packages(&pass, &key, bounds).await.map_err(failed)?;
        Ok(found.map(Into::into))
    }

    /// Leads: households whose facts support an identity that they do not hold, or contradict one that they do. Leads
    /// advise only. A page reads only as many households as it has to; a total reads all that the caller may see.
    #[graphql(complexity = "500 + page(first, child_complexity)")]
    async fn leads<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "The day; today in China if left out.")] on: Option<Date>,
        #[graphql(desc = "Only of households in this region, by code: 2, 4, 6, 9 or 12 digits.")]
        region: Option<String>,
        #[graphql(desc = "How many, from 1 to 100.")] first: i32,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<LeadConnection<'c>, Refusal> {
        let Admitted { api, pass } = Api::admit(ctx).await?;
        let bounds = (after, usize::from(size(first)?));
        let asked = (api.day(on), read_region(region)?);
        LeadConnection::find(api, pass, asked, bounds).await
    }

    /// The changes of the packages of all households that the caller may see, in the order in which they were
    /// recorded. The subscription of the same name goes on from a cursor.
    #[graphql(complexity = "page(first, child_complexity)")]
    async fn household_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of this household, by key.")] household: Option<String>,
        #[graphql(desc = "Only of households in this region, by code: 2, 4, 6, 9 or 12 digits.")]
        region: Option<String>,
        #[graphql(desc = "How many, from 1 to 100.")] first: i32,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<HouseholdEventConnection, Refusal> {
        let Admitted { api, pass } = Api::admit(ctx).await?;
        let asked = EventsAsked {
            household,
            region: read_region(region)?,
            after: number_after(after.as_deref(), "after")?,
            first: u32::from(size(first)?),
        };
        api.records().events(&pass, asked).await.map(Into::into).map_err(failed)
    }
}

/// The region of an argument `region`.
pub(in crate::graphql) fn read_region(region: Option<String>) -> Result<Option<Region>, Refusal> {
    let region = region.map(|code| code.parse::<Region>()).transpose();
    region.map_err(|error| Refusal::input(Kind::MalformedRegion, "region", error.to_string()))
}

fn failed(error: impl std::error::Error) -> Refusal {
    Refusal::internal(&error.to_string())
}
