//! What is due, how it stands, and which needs are met.

use async_graphql::connection::PageInfo;
use async_graphql::{Enum, Object, SimpleObject};
use tokio::sync::OnceCell;

use super::delivery::{Deliverable, department};
use super::enums::{IdentityCode, Period};
use super::registers::{Department, Need};
use crate::app::access::Pass;
use crate::app::closed_loop::{Asked, Mark, Needs, Page, Row, Summary};
use crate::domain::ledger::{DueAmount, NeedMet, NeedMetRow, OwedState, Sum, Total};
use crate::domain::package::Beneficiary;
use crate::graphql::context::{Api, Scope};
use crate::graphql::error::Refusal;
use crate::graphql::ids;
use crate::graphql::scalars::{Date, Decimal};
use crate::graphql::weight::list;

/// How a payment that is due stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DueState {
    /// Nothing is left to deliver.
    Delivered,
    /// Something is left, and the period has not ended.
    Outstanding,
    /// Something is left, and the period has ended.
    Overdue,
    /// Nothing was delivered of something without a price, or that claims bring.
    Open,
    /// How much is due is not known.
    Unknown,
}

/// How much is known of an amount that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DueKind {
    /// The amount is known.
    Exact,
    /// Claims bring it; the amount is what the expense that is stated brings, if one is.
    ByClaims,
    /// It has no price.
    Unpriced,
    /// It depends on what is not known.
    Unknown,
}

/// A payment that is due.
pub struct Due<'c>(Scope<'c>, Row);

/// A payment that is due to a household or one of its members, and how it stands.
#[Object(name = "DuePayment")]
impl<'c> Due<'c> {
    /// The household's key.
    async fn household(&self) -> &str {
        &self.1.household
    }

    /// The member by key; null for the household as a whole.
    async fn beneficiary(&self) -> Option<&str> {
        self.1.owed.beneficiary.as_deref()
    }

    /// What is due.
    async fn of(&self) -> Deliverable<'c> {
        Deliverable(self.0, self.1.owed.due.offer.clone())
    }

    /// The department that owns it; of a cascade, that of its first link.
    async fn department(&self) -> Option<Department<'c>> {
        department(self.0, &self.1.department)
    }

    /// The identity type under which it is due.
    async fn identity(&self) -> IdentityCode {
        self.1.owed.due.identity.into()
    }

    /// What it covers: a month `2024-06`, a year `2024` or a day `2024-06-15`.
    async fn period(&self) -> String {
        self.1.owed.due.covers.to_string()
    }

    /// How much is known of the amount.
    async fn kind(&self) -> DueKind {
        match self.1.owed.due.amount {
            DueAmount::Exact(_) => DueKind::Exact,
            DueAmount::ByClaims(_) => DueKind::ByClaims,
            DueAmount::Unpriced => DueKind::Unpriced,
            DueAmount::NotKnown => DueKind::Unknown,
        }
    }

    /// The amount, in yuan; null if it has no price or is not known. It is never 0 for want of a price.
    async fn due(&self) -> Option<Decimal> {
        match self.1.owed.due.amount {
            DueAmount::Exact(amount) | DueAmount::ByClaims(Some(amount)) => Some(amount.into()),
            DueAmount::ByClaims(None) | DueAmount::Unpriced | DueAmount::NotKnown => None,
        }
    }

    /// What was delivered, in yuan.
    async fn delivered(&self) -> Decimal {
        self.1.owed.delivered.into()
    }

    /// What is left to deliver, in yuan; null if it is not outstanding and not overdue.
    async fn left(&self) -> Option<Decimal> {
        match self.1.owed.state {
            OwedState::Outstanding(left) | OwedState::Overdue(left) => Some(left.into()),
            OwedState::Delivered | OwedState::Open | OwedState::NotKnown => None,
        }
    }

    /// How it stands.
    async fn state(&self) -> DueState {
        match self.1.owed.state {
            OwedState::Delivered => DueState::Delivered,
            OwedState::Outstanding(_) => DueState::Outstanding,
            OwedState::Overdue(_) => DueState::Overdue,
            OwedState::Open => DueState::Open,
            OwedState::NotKnown => DueState::Unknown,
        }
    }

    /// The numbers of the deliveries in the household's ledger.
    async fn deliveries(&self) -> &[i64] {
        &self.1.owed.entries
    }
}

/// A page of what is due.
pub struct DueConnection<'c> {
    api: &'c Api,
    pass: Pass,
    scope: Scope<'c>,
    asked: Asked,
    from_start: bool,
    page: Page,
    summary: OnceCell<Summary>,
}

impl<'c> DueConnection<'c> {
    /// A page as it was found.
    ///
    /// # Errors
    /// The service failed.
    pub fn new(
        api: &'c Api,
        pass: Pass,
        asked: Asked,
        from_start: bool,
        page: Page,
    ) -> Result<Self, Refusal> {
        let scope = Scope { on: asked.period.first_day(), ..api.here()? };
        Ok(Self { api, pass, scope, asked, from_start, page, summary: OnceCell::new() })
    }

    /// Everything on all pages; worked out only if it is asked for.
    async fn summary(&self) -> Result<&Summary, Refusal> {
        self.summary.get_or_try_init(|| summary(self.api, &self.pass, self.asked.clone())).await
    }
}

async fn summary(api: &Api, pass: &Pass, asked: Asked) -> Result<Summary, Refusal> {
    let summary = api.records().loop_summary(pass, api.policies(), asked).await;
    let summary = summary.map_err(|error| Refusal::internal(&error.to_string()))?;
    if summary.overflow {
        return Err(Refusal::internal("the sums of what is due are too large"));
    }
    Ok(summary)
}

/// A page of what is due, in the order of households and periods.
#[Object]
impl<'c> DueConnection<'c> {
    /// How many payments fit and may be seen, on all pages.
    async fn total_count(&self) -> Result<u64, Refusal> {
        Ok(self.summary().await?.tally.payments())
    }

    /// The totals on all pages, by measure or cascade and kind of period. There is no total across periods.
    #[graphql(complexity = "list(20, child_complexity)")]
    async fn totals(&self) -> Result<Vec<DueTotal<'c>>, Refusal> {
        Ok(totals(self.scope, self.summary().await?))
    }

    /// The entries of the page.
    async fn edges(&self) -> Vec<DueEdge<'c>> {
        let edge = |row: &Row| DueEdge { cursor: cursor(row), node: Due(self.scope, row.clone()) };
        self.page.rows.iter().map(edge).collect()
    }

    /// Where the page stands, and how to go on.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: !self.from_start,
            has_next_page: self.page.more,
            start_cursor: self.page.rows.first().map(cursor),
            end_cursor: self.page.rows.last().map(cursor),
        }
    }
}

fn cursor(row: &Row) -> String {
    let Mark { household, covers, offer, beneficiary } = Mark::of(row);
    ids::cursor(&format!("{household}/{covers}/{offer}/{}", beneficiary.unwrap_or_default()))
}

/// The mark that a cursor stands for.
///
/// # Errors
/// The cursor was never given out.
pub fn mark(text: &str) -> Result<Mark, Refusal> {
    let text = ids::after(text, "after")?;
    // Keys of households may hold a slash; nothing behind them does.
    let mut parts = text.rsplitn(4, '/');
    let (beneficiary, offer, covers, household) = (parts.next(), parts.next(), parts.next(), parts.next());
    let (Some(beneficiary), Some(offer), Some(covers), Some(household)) =
        (beneficiary, offer, covers, household)
    else {
        return Err(ids::no_cursor("after"));
    };
    Ok(Mark {
        household: household.to_owned(),
        covers: covers.to_owned(),
        offer: offer.to_owned(),
        beneficiary: (!beneficiary.is_empty()).then(|| beneficiary.to_owned()),
    })
}

/// An entry of a page of what is due.
#[derive(SimpleObject)]
pub struct DueEdge<'c> {
    /// The cursor after which the next page begins.
    cursor: String,
    /// The payment.
    node: Due<'c>,
}

/// How many, and how much together.
#[derive(SimpleObject)]
pub struct DueSum {
    /// How many payments.
    count: u64,
    /// Their amounts, in yuan.
    amount: Decimal,
}

impl From<Sum> for DueSum {
    fn from(sum: Sum) -> Self {
        Self { count: sum.count, amount: sum.amount.into() }
    }
}

/// The payments of one measure or cascade in one kind of period. Every payment is counted once among closed,
/// outstanding, overdue, open and unknown.
#[derive(SimpleObject)]
pub struct DueTotal<'c> {
    /// What is due.
    of: Deliverable<'c>,
    /// The kind of period.
    period: Period,
    /// How many payments are due, whatever is known of their amounts.
    payments: u64,
    /// Those whose amount is known.
    due: DueSum,
    /// Those of which something was delivered, and what was delivered.
    delivered: DueSum,
    /// How many of which nothing is left to deliver.
    closed: u64,
    /// What is left to deliver in periods that have not ended.
    outstanding: DueSum,
    /// What is left to deliver in periods that have ended.
    overdue: DueSum,
    /// How many without a known amount of which nothing was delivered.
    open: u64,
    /// How many without a price, delivered or not.
    unpriced: u64,
    /// How many whose amount depends on what is not known.
    unknown: u64,
}

fn totals<'c>(scope: Scope<'c>, summary: &Summary) -> Vec<DueTotal<'c>> {
    let rows = summary.tally.rows().map(|(offer, kind, total)| {
        let Total { payments, due, delivered, closed, outstanding, overdue, open, unpriced, unknown } =
            *total;
        DueTotal {
            of: Deliverable(scope, offer.to_owned()),
            period: kind.into(),
            payments,
            due: due.into(),
            delivered: delivered.into(),
            closed,
            outstanding: outstanding.into(),
            overdue: overdue.into(),
            open,
            unpriced,
            unknown,
        }
    });
    rows.collect()
}

/// What is due and delivered, added up.
#[derive(SimpleObject)]
pub struct LoopSummary<'c> {
    /// How many households something is due to that fits.
    households: u64,
    /// The totals by measure or cascade and kind of period. There is no total across periods.
    #[graphql(complexity = "list(40, child_complexity)")]
    totals: Vec<DueTotal<'c>>,
    /// The keys of the first hundred households of which it cannot be told exactly what is due; nothing of them is in
    /// the totals.
    unresolved: Vec<String>,
}

impl<'c> LoopSummary<'c> {
    /// Adds up what fits.
    ///
    /// # Errors
    /// The service failed.
    pub async fn find(api: &'c Api, pass: &Pass, asked: Asked) -> Result<Self, Refusal> {
        let scope = Scope { on: asked.period.first_day(), ..api.here()? };
        let summary = summary(api, pass, asked).await?;
        let totals = totals(scope, &summary);
        let unresolved = summary.unresolved.into_iter().take(100).collect();
        Ok(Self { households: summary.households, totals, unresolved })
    }
}

/// How a need stands, from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::ledger::NeedStanding")]
pub enum NeedStanding {
    /// Something that answers it was delivered.
    Met,
    /// An entitlement answers it, and nothing was delivered yet.
    Covered,
    /// It is not known whether the need is there.
    Unknown,
    /// A measure in reach answers it, but is not open, or not yet.
    Open,
    /// No measure in reach answers it.
    Unmet,
}

/// The needs of a household in a period.
pub struct HouseholdNeeds<'c>(pub Scope<'c>, pub Needs);

/// How the needs of a household stand in a period.
#[Object]
impl<'c> HouseholdNeeds<'c> {
    /// The household's key.
    async fn household(&self) -> &str {
        &self.1.household.key
    }

    /// The day whose package tells the needs: the first of the last month of the period that has begun.
    async fn on(&self) -> Date {
        Date(self.1.on)
    }

    /// The needs that the facts show or leave open.
    #[graphql(complexity = "list(12, child_complexity)")]
    async fn needs(&self) -> Vec<HouseholdNeed<'c>> {
        let need = |met: &NeedMet| {
            let need = self.0.catalogue.needs.get(met.need)?;
            let row = |row: &NeedMetRow| HouseholdNeedRow {
                beneficiary: match row.who {
                    Beneficiary::Household => None,
                    Beneficiary::Person(index) => {
                        self.1.household.members.get(index).map(|member| member.key.clone())
                    }
                },
                standing: row.standing.into(),
                deliveries: row.entries.clone(),
            };
            Some(HouseholdNeed {
                need: Need(self.0, need),
                standing: met.standing.into(),
                rows: met.rows.iter().map(row).collect(),
            })
        };
        self.1.needs.iter().filter_map(need).collect()
    }
}

/// A need of a household or some of its members, and how it stands.
#[derive(SimpleObject)]
pub struct HouseholdNeed<'c> {
    /// The need.
    need: Need<'c>,
    /// The worst standing of those who have it.
    standing: NeedStanding,
    /// One row for each beneficiary that has it, or may have it.
    #[graphql(complexity = "list(5, child_complexity)")]
    rows: Vec<HouseholdNeedRow>,
}

/// A need of one beneficiary.
#[derive(SimpleObject)]
pub struct HouseholdNeedRow {
    /// The member by key; null for the household as a whole.
    beneficiary: Option<String>,
    /// How it stands.
    standing: NeedStanding,
    /// The numbers of the deliveries that answer it, in the household's ledger.
    deliveries: Vec<i64>,
}
