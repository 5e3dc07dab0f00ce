//! Deliveries: what was recorded, and why something was not.

use async_graphql::connection::PageInfo;
use async_graphql::{Enum, ID, Object, SimpleObject};

use super::enums::Period;
use super::measure::Measure;
use super::registers::{Department, Identity};
use crate::app::access::Pass;
use crate::app::deliveries::{DeliveryPage, Entry, ListedDelivery, PaidTotal, Recorded, Reversed};
use crate::domain::ledger::{CoversKind, PostingLine, Refusal as Refused};
use crate::graphql::context::{Api, Scope};
use crate::graphql::error::Refusal;
use crate::graphql::ids::{self, Entity};
use crate::graphql::input::Lang;
use crate::graphql::scalars::{Date, Decimal};
use crate::graphql::weight::list;

impl From<CoversKind> for Period {
    fn from(kind: CoversKind) -> Self {
        match kind {
            CoversKind::Month => Self::Month,
            CoversKind::Year => Self::Year,
            CoversKind::Day => Self::Once,
        }
    }
}

/// What is delivered as one: a measure, or a cascade of measures that pay one after the other.
pub struct Deliverable<'c>(pub Scope<'c>, pub String);

/// What is delivered as one: a measure, or a cascade of measures that pay one after the other.
#[Object]
impl<'c> Deliverable<'c> {
    /// The short id of the measure or cascade.
    async fn key(&self) -> &str {
        &self.1
    }

    /// Its name; the short id if the catalogue no longer has it.
    async fn name(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &str {
        let catalogue = self.0.catalogue;
        let measure = catalogue.measures.iter().find(|one| one.id == self.1).map(|one| &one.name);
        let cascade = || catalogue.cascades.iter().find(|one| one.id == self.1).map(|one| &one.name);
        measure.or_else(cascade).map_or(&self.1, |name| name.get(lang.into()))
    }

    /// The measure, or the measures of the cascade in their order.
    #[graphql(complexity = "list(2, child_complexity)")]
    async fn measures(&self) -> Vec<Measure<'c>> {
        let catalogue = self.0.catalogue;
        let links = catalogue.cascades.iter().find(|one| one.id == self.1).map(|one| &one.links);
        let is = |id: &String| match links {
            Some(links) => links.contains(id),
            None => *id == self.1,
        };
        let own = catalogue.measures.iter().filter(|measure| is(&measure.id));
        own.map(|measure| Measure(self.0, measure)).collect()
    }
}

/// An entry of a household's ledger.
pub struct Delivery<'c> {
    scope: Scope<'c>,
    listed: ListedDelivery,
}

impl<'c> Delivery<'c> {
    fn new(scope: Scope<'c>, listed: ListedDelivery) -> Self {
        Self { scope: Scope { on: listed.entry.covers.first_day(), ..scope }, listed }
    }

    /// The entry of an id; `None` if there is none, or none that may be seen.
    ///
    /// # Errors
    /// The service failed.
    pub async fn find(api: &'c Api, pass: &Pass, key: &str) -> Result<Option<Self>, Refusal> {
        let Some((household, number)) = key.rsplit_once('/') else { return Ok(None) };
        let Ok(number) = number.parse() else { return Ok(None) };
        Self::numbered(api, pass, household, number).await
    }

    /// The entry of a number; `None` if there is none, or none that may be seen.
    ///
    /// # Errors
    /// The service failed.
    pub async fn numbered(
        api: &'c Api,
        pass: &Pass,
        household: &str,
        number: i64,
    ) -> Result<Option<Self>, Refusal> {
        let found = api.records().delivery(pass, household, number).await;
        let found = found.map_err(|error| Refusal::internal(&error.to_string()))?;
        let scope = api.here()?;
        Ok(found.map(|listed| Self::new(scope, listed)))
    }

    fn entry(&self) -> &Entry {
        &self.listed.entry
    }
}

/// An entry of a household's ledger: a delivery, or a reversal that takes one back. Entries never change.
#[Object]
impl<'c> Delivery<'c> {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        Entity::Delivery.id(&format!("{}/{}", self.listed.household, self.entry().seq))
    }

    /// The household's key.
    async fn household(&self) -> &str {
        &self.listed.household
    }

    /// Its number in the household's ledger.
    async fn number(&self) -> i64 {
        self.entry().seq
    }

    /// The idempotency key.
    async fn key(&self) -> &str {
        &self.entry().key
    }

    /// The number of the delivery that it takes back; null for a delivery.
    async fn reverses(&self) -> Option<i64> {
        self.entry().reverses.as_ref().map(|(entry, _)| *entry)
    }

    /// Why it takes a delivery back; null for a delivery.
    async fn reason(&self) -> Option<&str> {
        self.entry().reverses.as_ref().map(|(_, reason)| reason.as_str())
    }

    /// The number of the reversal that took it back; null if it stands.
    async fn reversed_by(&self) -> Option<i64> {
        self.listed.reversed_by
    }

    /// The member by key; null for the household as a whole.
    async fn beneficiary(&self) -> Option<&str> {
        self.entry().beneficiary.as_deref()
    }

    /// What was delivered.
    async fn of(&self) -> Deliverable<'c> {
        Deliverable(self.scope, self.entry().offer.clone())
    }

    /// The identity type under which it was due.
    async fn identity(&self) -> Option<Identity<'c>> {
        Identity::find(self.scope, self.entry().identity.parse().ok()?)
    }

    /// What it covers: a month `2024-06`, a year `2024` or a day `2024-06-15`.
    async fn period(&self) -> String {
        self.entry().covers.to_string()
    }

    /// For a claim: the eligible expense, in yuan.
    async fn expense(&self) -> Option<Decimal> {
        self.entry().expense.map(Into::into)
    }

    /// What it paid in all, in yuan; null if nothing is counted in money. A reversal takes as much back.
    async fn paid(&self) -> Option<Decimal> {
        self.entry().paid().map(Into::into)
    }

    /// What it paid by measure.
    #[graphql(complexity = "list(2, child_complexity)")]
    async fn lines(&self) -> Vec<DeliveryLine<'c>> {
        let line = |line: &PostingLine| DeliveryLine {
            measure: measure(self.scope, &line.measure),
            standard: line.standard.clone(),
            paid: line.paid.map(Into::into),
        };
        self.entry().lines.iter().map(line).collect()
    }

    /// The day of delivery, or of taking back.
    async fn day(&self) -> Date {
        Date(self.entry().day)
    }

    /// The department that delivers; null if the catalogue no longer has it.
    async fn department(&self) -> Option<Department<'c>> {
        department(self.scope, &self.entry().department)
    }

    /// Who recorded it.
    async fn recorded_by(&self) -> &str {
        &self.entry().actor
    }

    /// When it was recorded: RFC 3339, UTC.
    async fn recorded_at(&self) -> String {
        self.entry().recorded_at.to_rfc3339()
    }

    /// The number of the save of the household's facts by which it was decided.
    async fn facts_save(&self) -> i64 {
        self.entry().facts_seq
    }

    /// The hash of the catalogue by which it was decided.
    async fn catalogue_hash(&self) -> &str {
        &self.entry().catalogue
    }

    /// The version of the engine by which it was decided.
    async fn engine_version(&self) -> &str {
        &self.entry().engine
    }

    /// The hash of the entry and all before it in the household's ledger: SHA-256.
    async fn hash(&self) -> String {
        self.entry().hash.to_string()
    }
}

/// What a delivery paid by one measure.
#[derive(SimpleObject)]
pub struct DeliveryLine<'c> {
    /// The measure; null if the catalogue no longer has it.
    measure: Option<Measure<'c>>,
    /// The standard, by id.
    standard: String,
    /// What was paid, in yuan; null if nothing is counted in money.
    paid: Option<Decimal>,
}

/// The measure of a short id.
pub fn measure<'c>(scope: Scope<'c>, id: &str) -> Option<Measure<'c>> {
    scope.catalogue.measures.iter().find(|one| one.id == id).map(|one| Measure(scope, one))
}

/// The department of a key.
pub fn department<'c>(scope: Scope<'c>, id: &str) -> Option<Department<'c>> {
    scope.catalogue.departments.iter().find(|one| one.id == id).map(|one| Department(scope, one))
}

/// A page of deliveries.
pub struct DeliveryConnection<'c> {
    scope: Scope<'c>,
    total: i64,
    before: i64,
    more: bool,
    totals: Vec<PaidTotal>,
    deliveries: Vec<Delivery<'c>>,
}

impl<'c> DeliveryConnection<'c> {
    /// A page as it was found.
    ///
    /// # Errors
    /// The service failed.
    pub fn new(api: &'c Api, page: DeliveryPage) -> Result<Self, Refusal> {
        let scope = api.here()?;
        let DeliveryPage { items, more, before, total, totals } = page;
        let deliveries = items.into_iter().map(|listed| Delivery::new(scope, listed)).collect();
        Ok(Self { scope, total, before, more, totals, deliveries })
    }
}

/// A page of entries of ledgers, in the order of households and numbers.
#[Object]
impl<'c> DeliveryConnection<'c> {
    /// How many entries fit and may be seen, on all pages; deliveries that were taken back are counted.
    async fn total_count(&self) -> i64 {
        self.total
    }

    /// What the deliveries that stand paid on all pages, by measure and kind of period. There is no total across
    /// periods.
    #[graphql(complexity = "list(20, child_complexity)")]
    async fn totals(&self) -> Vec<DeliveryTotal<'c>> {
        let total = |total: &PaidTotal| {
            Some(DeliveryTotal {
                measure: measure(self.scope, &total.measure)?,
                period: total.kind.into(),
                deliveries: total.deliveries,
                paid: total.paid.into(),
            })
        };
        self.totals.iter().filter_map(total).collect()
    }

    /// The entries of the page.
    async fn edges(&self) -> Vec<DeliveryEdge<'_, 'c>> {
        self.deliveries.iter().map(|node| DeliveryEdge { cursor: cursor(node), node }).collect()
    }

    /// Where the page stands, and how to go on.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: self.before > 0,
            has_next_page: self.more,
            start_cursor: self.deliveries.first().map(cursor),
            end_cursor: self.deliveries.last().map(cursor),
        }
    }
}

fn cursor(delivery: &Delivery<'_>) -> String {
    ids::cursor(&format!("{}/{}", delivery.listed.household, delivery.entry().seq))
}

/// An entry of a page of deliveries.
#[derive(SimpleObject)]
pub struct DeliveryEdge<'p, 'c> {
    /// The cursor after which the next page begins.
    cursor: String,
    /// The entry.
    node: &'p Delivery<'c>,
}

/// What the deliveries of one measure paid in one kind of period.
#[derive(SimpleObject)]
pub struct DeliveryTotal<'c> {
    /// The measure.
    measure: Measure<'c>,
    /// The kind of period.
    period: Period,
    /// How many deliveries stand.
    deliveries: i64,
    /// What they paid, in yuan.
    paid: Decimal,
}

/// What came of a wish to record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum RecordOutcome {
    /// It is recorded.
    Recorded,
    /// It was recorded before, under the same key.
    Repeated,
    /// It could be, but something else of the list could not, and all or none was asked for.
    NotKept,
    /// It is refused.
    Refused,
}

/// What came of one delivery.
pub struct RecordDeliveryPayload<'c> {
    api: &'c Api,
    pass: Pass,
    household: String,
    key: String,
    result: Recorded,
    kept: bool,
}

impl<'c> RecordDeliveryPayload<'c> {
    /// The payload of a delivery; `kept` says whether the list that it belongs to was recorded.
    pub fn new(
        api: &'c Api,
        pass: Pass,
        (household, key): (String, String),
        result: Recorded,
        kept: bool,
    ) -> Self {
        Self { api, pass, household, key, result, kept }
    }

    /// What came of it.
    pub fn outcome(&self) -> RecordOutcome {
        match &self.result {
            Recorded::New(..) if self.kept => RecordOutcome::Recorded,
            Recorded::New(..) => RecordOutcome::NotKept,
            Recorded::Repeated(_) => RecordOutcome::Repeated,
            Recorded::KeyUsed | Recorded::Refused(_) => RecordOutcome::Refused,
        }
    }
}

/// What came of one delivery.
#[Object]
impl<'c> RecordDeliveryPayload<'c> {
    /// The idempotency key, as given.
    async fn key(&self) -> &str {
        &self.key
    }

    /// What came of it.
    #[graphql(name = "outcome")]
    async fn told(&self) -> RecordOutcome {
        self.outcome()
    }

    /// The delivery as it stands in the ledger; null if it is not recorded.
    async fn delivery(&self) -> Result<Option<Delivery<'c>>, Refusal> {
        let (Recorded::New(number, _) | Recorded::Repeated(number)) = self.result else { return Ok(None) };
        match self.outcome() {
            RecordOutcome::NotKept => Ok(None),
            _ => Delivery::numbered(self.api, &self.pass, &self.household, number).await,
        }
    }

    /// Why it is refused; null if it is not.
    async fn refusal(&self) -> Option<DeliveryRefusal<'c>> {
        let told = match &self.result {
            Recorded::New(..) | Recorded::Repeated(_) => return None,
            Recorded::KeyUsed => Told {
                code: "key_used",
                message: String::from("this key was recorded with other content"),
                earlier: None,
                refused: None,
            },
            Recorded::Refused(refused) => Told {
                code: refused.code(),
                message: refused.to_string(),
                earlier: match refused {
                    Refused::Double { entry, .. } => Some(*entry),
                    _ => None,
                },
                refused: Some(refused.clone()),
            },
        };
        let (pass, household) = (self.pass.clone(), self.household.clone());
        Some(DeliveryRefusal { api: self.api, pass, household, told })
    }
}

/// Why a delivery, or its reversal, is not recorded.
pub struct DeliveryRefusal<'c> {
    api: &'c Api,
    pass: Pass,
    household: String,
    told: Told,
}

struct Told {
    code: &'static str,
    message: String,
    earlier: Option<i64>,
    refused: Option<Refused>,
}

/// Why a delivery, or its reversal, is not recorded.
#[Object]
impl<'c> DeliveryRefusal<'c> {
    /// A stable code, such as `double`, `more_than_due`, `not_eligible` or `key_used`.
    async fn code(&self) -> &'static str {
        self.told.code
    }

    /// The reason in words.
    async fn message(&self) -> &str {
        &self.told.message
    }

    /// For `double`, the rule: `measure:S1`, `category:NAME` or `exclusion:ID`.
    async fn rule(&self) -> Option<&str> {
        match &self.told.refused {
            Some(Refused::Double { rule, .. }) => Some(rule),
            _ => None,
        }
    }

    /// For `double`, the month that is taken: `2024-06`.
    async fn month(&self) -> Option<String> {
        match &self.told.refused {
            Some(Refused::Double { month, .. }) => Some(month.format("%Y-%m").to_string()),
            _ => None,
        }
    }

    /// The number of the earlier entry in the household's ledger that stands against it.
    async fn earlier_number(&self) -> Option<i64> {
        self.told.earlier
    }

    /// That entry, if the caller may see it.
    async fn earlier(&self) -> Result<Option<Delivery<'c>>, Refusal> {
        let Some(number) = self.told.earlier else { return Ok(None) };
        Delivery::numbered(self.api, &self.pass, &self.household, number).await
    }

    /// For `more_than_due`, what is due, in yuan.
    async fn due(&self) -> Option<Decimal> {
        match &self.told.refused {
            Some(Refused::MoreThanDue { due }) => Some((*due).into()),
            _ => None,
        }
    }

    /// Where it is not in the package, the day of the package.
    async fn on(&self) -> Option<Date> {
        match &self.told.refused {
            Some(Refused::NotEntitled { on, .. }) => Some(Date(*on)),
            _ => None,
        }
    }
}

/// What came of several deliveries.
#[derive(SimpleObject)]
pub struct RecordDeliveriesPayload<'c> {
    /// Whether those that could be recorded are; not if one was refused and all or none was asked for.
    pub kept: bool,
    /// How many are recorded now.
    pub recorded: usize,
    /// How many were recorded before.
    pub repeated: usize,
    /// How many are refused.
    pub refused: usize,
    /// One for each delivery, in their order.
    pub results: Vec<RecordDeliveryPayload<'c>>,
}

/// What came of a reversal.
pub struct ReverseDeliveryPayload<'c> {
    api: &'c Api,
    pass: Pass,
    household: String,
    result: Reversed,
}

impl<'c> ReverseDeliveryPayload<'c> {
    /// The payload of a reversal.
    pub fn new(api: &'c Api, pass: Pass, household: String, result: Reversed) -> Self {
        Self { api, pass, household, result }
    }
}

/// What came of a reversal.
#[Object]
impl<'c> ReverseDeliveryPayload<'c> {
    /// What came of it.
    async fn outcome(&self) -> RecordOutcome {
        match self.result {
            Reversed::New(_) => RecordOutcome::Recorded,
            Reversed::Repeated(_) => RecordOutcome::Repeated,
            Reversed::KeyUsed | Reversed::NoSuchEntry | Reversed::AlreadyReversed(_) => {
                RecordOutcome::Refused
            }
        }
    }

    /// The reversal as it stands in the ledger; null if it is not recorded.
    async fn reversal(&self) -> Result<Option<Delivery<'c>>, Refusal> {
        let (Reversed::New(number) | Reversed::Repeated(number)) = self.result else { return Ok(None) };
        Delivery::numbered(self.api, &self.pass, &self.household, number).await
    }

    /// Why it is refused: `key_used`, `no_such_delivery` or `already_reversed`; null if it is not.
    async fn refusal(&self) -> Option<DeliveryRefusal<'c>> {
        let (code, message, earlier) = match self.result {
            Reversed::New(_) | Reversed::Repeated(_) => return None,
            Reversed::KeyUsed => ("key_used", "this key was recorded with other content".to_owned(), None),
            Reversed::NoSuchEntry => {
                ("no_such_delivery", "the ledger of the household has no such delivery".to_owned(), None)
            }
            Reversed::AlreadyReversed(by) => {
                ("already_reversed", format!("entry {by} took it back already"), Some(by))
            }
        };
        let (pass, household) = (self.pass.clone(), self.household.clone());
        let told = Told { code, message, earlier, refused: None };
        Some(DeliveryRefusal { api: self.api, pass, household, told })
    }
}
