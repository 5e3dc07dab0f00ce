//! Questions about deliveries and what is due. Who may ask, and about which, stands in the table of rules.

use async_graphql::{Context, Object, SimpleObject};

use crate::app::closed_loop::{Asked, NeedsError};
use crate::app::deliveries::{Broken, DeliveryQuery as Query, Sight, offer_of};
use crate::graphql::context::{Admitted, Api, Scope};
use crate::graphql::error::{Kind, Refusal};
use crate::graphql::ids;
use crate::graphql::input::delivery::{months, region_of};
use crate::graphql::types::connection::size;
use crate::graphql::types::delivery::DeliveryConnection;
use crate::graphql::types::due::{DueConnection, HouseholdNeeds, LoopSummary, mark};
use crate::graphql::weight::{list, page};

/// The weight of going through every household that fits.
const WALK: usize = 20_000;

/// Questions about deliveries and what is due.
#[derive(Default)]
pub struct DeliveryQuery;

#[Object]
impl DeliveryQuery {
    /// The deliveries that the caller may see, by household and number, page by page. A delivery belongs to the region
    /// in which the household lived on the first day of its period.
    #[graphql(complexity = "page(first, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "the filter of a list is its arguments")]
    async fn deliveries<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "Only those of this household, by key.")] household: Option<String>,
        #[graphql(desc = "Only those of this department, by key.")] department: Option<String>,
        #[graphql(desc = "Only those of this measure or cascade, by short id or code.")] measure: Option<
            String,
        >,
        #[graphql(desc = "Only those in this region, by code: 2, 4, 6, 9 or 12 digits.")] region: Option<
            String,
        >,
        #[graphql(desc = "Only those whose period begins in this month `2024-06` or year `2024`.")]
        period: Option<String>,
        #[graphql(
            default,
            desc = "Whether reversals are listed too, each as an entry of its own: the ledger as it is."
        )]
        reversals: bool,
        #[graphql(desc = "How many, from 1 to 100.")] first: i32,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<DeliveryConnection<'c>, Refusal> {
        let Admitted { api, pass } = Api::admit(ctx).await?;
        let period = period.map(|period| months(&period, "period")).transpose()?;
        let after = match after.map(|cursor| ids::after(&cursor, "after")).transpose()? {
            None => None,
            Some(key) => {
                let place = key
                    .rsplit_once('/')
                    .and_then(|(key, number)| Some((key.to_owned(), number.parse::<i64>().ok()?)));
                Some(place.ok_or_else(|| ids::no_cursor("after"))?)
            }
        };
        let query = Query {
            sight: Sight { within: region_of(region)?, department },
            household,
            entry: None,
            offer: measure.map(|measure| offer_of(api.policies().catalogue(), &measure)),
            periods: period.map(|period| (period.first_day(), period.end())),
            reversals,
            after,
            first: u32::from(size(first)?),
        };
        let found = api.records().deliveries(&pass, query).await;
        DeliveryConnection::new(api, found.map_err(|error| Refusal::internal(&error.to_string()))?)
    }

    /// What is due in the periods that begin in a month or year, and how it stands, household by household, page by
    /// page: all that the caller may see.
    #[graphql(complexity = "WALK + page(first, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "the filter of a list is its arguments")]
    async fn dues<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "The month `2024-06` or year `2024`.")] period: String,
        #[graphql(desc = "Only what is due to this household, by key.")] household: Option<String>,
        #[graphql(desc = "Only what this department owns, by key.")] department: Option<String>,
        #[graphql(desc = "Only this measure or cascade, by short id or code.")] measure: Option<String>,
        #[graphql(desc = "Only households in this region, by code: 2, 4, 6, 9 or 12 digits.")] region: Option<
            String,
        >,
        #[graphql(desc = "How many, from 1 to 100.")] first: i32,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<DueConnection<'c>, Refusal> {
        let Admitted { api, pass } = Api::admit(ctx).await?;
        let asked = asked(api, &period, (household, department, measure), region)?;
        let after = after.map(|cursor| mark(&cursor)).transpose()?;
        let (from_start, first) = (after.is_none(), usize::from(size(first)?));
        let found = api.records().dues(&pass, api.policies(), asked.clone(), (after, first)).await;
        let found = found.map_err(|error| Refusal::internal(&error.to_string()))?;
        DueConnection::new(api, pass, asked, from_start, found)
    }

    /// What is due in the periods that begin in a month or year, delivered, outstanding and overdue, added up over all
    /// households that the caller may see.
    #[graphql(complexity = "WALK + child_complexity")]
    async fn loop_summary<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "The month `2024-06` or year `2024`.")] period: String,
        #[graphql(desc = "Only what this department owns, by key.")] department: Option<String>,
        #[graphql(desc = "Only this measure or cascade, by short id or code.")] measure: Option<String>,
        #[graphql(desc = "Only households in this region, by code: 2, 4, 6, 9 or 12 digits.")] region: Option<
            String,
        >,
    ) -> Result<LoopSummary<'c>, Refusal> {
        let Admitted { api, pass } = Api::admit(ctx).await?;
        let asked = asked(api, &period, (None, department, measure), region)?;
        LoopSummary::find(api, &pass, asked).await
    }

    /// How the needs of a household stand: met by a delivery of the period, covered, open or unmet. Null if nothing is
    /// known of the household on the day that counts, or nothing that the caller may see.
    async fn household_needs<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "The household's key.")] key: String,
        #[graphql(desc = "The month `2024-06` or year `2024` in which something has to be delivered.")]
        period: String,
    ) -> Result<Option<HouseholdNeeds<'c>>, Refusal> {
        let Admitted { api, pass } = Api::admit(ctx).await?;
        let period = months(&period, "period")?;
        match api.records().needs(&pass, api.policies(), &key, period).await {
            Ok(needs) => {
                let scope = api.here()?;
                Ok(needs.map(|needs| HouseholdNeeds(Scope { on: needs.on, ..scope }, needs)))
            }
            Err(NeedsError::NoRules(_)) => {
                Err(Refusal::input(Kind::NoPlace, "key", "the household has no place whose rules apply"))
            }
            Err(error) => Err(Refusal::internal(&error.to_string())),
        }
    }

    /// Follows the chain of a household, or the chains of all that the caller may see: every link must be what its hash
    /// says, none may be missing, the facts must be those that were saved, and the slots those of the deliveries that
    /// stand.
    #[graphql(complexity = "WALK + child_complexity")]
    async fn verify_ledger(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this household, by key.")] household: Option<String>,
    ) -> Result<VerifyLedgerPayload, Refusal> {
        let Admitted { api, pass } = Api::admit(ctx).await?;
        let found = api.records().verify_ledger(&pass, household.as_deref()).await;
        let found = found.map_err(|error| Refusal::internal(&error.to_string()))?;
        Ok(VerifyLedgerPayload {
            households: found.households,
            entries: found.entries,
            uncovered_saves: found.uncovered_saves,
            broken_count: found.broken.len(),
            broken: found.broken.into_iter().take(MOST_BROKEN).map(Into::into).collect(),
        })
    }
}

/// How many broken places are told.
const MOST_BROKEN: usize = 100;

/// What a question about dues asks for.
fn asked(
    api: &Api,
    period: &str,
    (household, department, measure): (Option<String>, Option<String>, Option<String>),
    region: Option<String>,
) -> Result<Asked, Refusal> {
    Ok(Asked {
        sight: Sight { within: region_of(region)?, department },
        household,
        offer: measure.map(|measure| offer_of(api.policies().catalogue(), &measure)),
        period: months(period, "period")?,
        today: api.day(None),
    })
}

/// Whether chains still are what was written.
#[derive(SimpleObject)]
pub struct VerifyLedgerPayload {
    /// How many chains were followed.
    households: u64,
    /// How many links were checked: deliveries, reversals, statements of facts, and what followed from them.
    entries: u64,
    /// How many statements of facts are from before they were links of the chain, and covered by none since: nothing
    /// tells whether their facts were changed.
    uncovered_saves: u64,
    /// How many places do not hold together.
    broken_count: usize,
    /// The first hundred of them.
    #[graphql(complexity = "list(10, child_complexity)")]
    broken: Vec<BrokenEntry>,
}

/// Something that does not hold together in a chain.
#[derive(SimpleObject)]
pub struct BrokenEntry {
    /// The household's key.
    household: String,
    /// The number in the household's chain, where it can be named.
    number: Option<i64>,
    /// The number of the statement of facts, if it is about one.
    save: Option<i64>,
    /// What is wrong.
    what: &'static str,
}

impl From<Broken> for BrokenEntry {
    fn from(broken: Broken) -> Self {
        Self { household: broken.household, number: broken.entry, save: broken.save, what: broken.what }
    }
}
