//! Deliveries as they are asked for.

use async_graphql::{InputObject, OneofObject};

use crate::app::closed_loop::department_of;
use crate::app::deliveries::offer_of;
use crate::domain::catalogue::Catalogue;
use crate::domain::ledger::{Covers, Delivery, Given, Order};
use crate::domain::money::Fen;
use crate::domain::region::Region;
use crate::graphql::error::{Kind, Refusal};
use crate::graphql::scalars::{Date, Decimal};

/// The longest idempotency key, in bytes.
pub const LONGEST_KEY: usize = 100;

/// The longest of the other texts, in bytes.
const LONGEST_TEXT: usize = 200;

/// How much is delivered.
#[derive(Clone, Debug, OneofObject)]
pub enum GivenInput {
    /// Money, in yuan.
    Amount(Decimal),
    /// For a claim: the eligible expense in yuan; what is paid follows from it and from the claims before.
    Expense(Decimal),
    /// Something that is not counted in money: always true.
    InKind(bool),
}

/// A delivery to record.
#[derive(Clone, Debug, InputObject)]
pub struct DeliveryInput {
    /// The idempotency key, at most 100 bytes: the same key with the same content is recorded once and answered with
    /// the first delivery for ever; with other content it is refused.
    pub key: String,
    /// The household's key.
    pub household: String,
    /// The measure or cascade, by short id; a code does too, and a link stands for its cascade.
    pub measure: String,
    /// The member by key; the household as a whole if left out.
    pub beneficiary: Option<String>,
    /// What it covers: a month `2024-06`, a year `2024`, or for one-off help and claims the day `2024-06-15`.
    pub period: String,
    /// How much.
    pub given: GivenInput,
    /// The day of delivery; today in China if left out.
    pub day: Option<Date>,
    /// The department that delivers, by key; if left out, the caller's own, or else the measure's.
    pub department: Option<String>,
}

/// A delivery to take back.
#[derive(Clone, Debug, InputObject)]
pub struct ReverseDeliveryInput {
    /// The idempotency key, at most 100 bytes.
    pub key: String,
    /// The household's key.
    pub household: String,
    /// The number of the delivery in the household's ledger.
    pub number: i64,
    /// Why, in at most 200 bytes. It stays in the ledger, so it names nobody.
    pub reason: String,
    /// The day; today in China if left out.
    pub day: Option<Date>,
}

impl DeliveryInput {
    /// Reads it; `path` is where it stands in the arguments.
    ///
    /// # Errors
    /// A text that cannot be what it should be.
    pub fn read(
        self,
        catalogue: &Catalogue,
        own: Option<&str>,
        today: chrono::NaiveDate,
        path: &str,
    ) -> Result<Delivery, Refusal> {
        let field = |name: &str| format!("{path}.{name}");
        let key = text(self.key, LONGEST_KEY, Kind::MalformedKey, &field("key"))?;
        let plain = |value: String, name: &str| text(value, LONGEST_TEXT, Kind::MalformedText, &field(name));
        let measure = offer_of(catalogue, &plain(self.measure, "measure")?);
        let department = match self.department {
            Some(department) => plain(department, "department")?,
            None => own.unwrap_or_else(|| department_of(catalogue, &measure)).to_owned(),
        };
        Ok(Delivery {
            key,
            household: plain(self.household, "household")?,
            order: Order {
                measure,
                beneficiary: self.beneficiary.map(|who| plain(who, "beneficiary")).transpose()?,
                covers: covers(&self.period, &field("period"))?,
                given: self.given.read(&field("given"))?,
                day: self.day.map_or(today, |day| day.0),
                department,
            },
        })
    }
}

impl GivenInput {
    fn read(self, field: &str) -> Result<Given, Refusal> {
        let yuan = |text: &Decimal| {
            let message = "expected yuan with at most two decimals";
            let fen: Option<Fen> = text.as_yuan();
            fen.ok_or_else(|| Refusal::input(Kind::MalformedAmount, field, message))
        };
        match self {
            Self::Amount(amount) => Ok(Given::Amount(yuan(&amount)?)),
            Self::Expense(expense) => Ok(Given::Expense(yuan(&expense)?)),
            Self::InKind(true) => Ok(Given::InKind),
            Self::InKind(false) => {
                Err(Refusal::input(Kind::MalformedAmount, field, "`inKind` is true or left out"))
            }
        }
    }
}

/// A text of at least one and at most so many bytes, without control characters.
///
/// # Errors
/// Any other text.
pub fn text(value: String, most: usize, kind: Kind, field: &str) -> Result<String, Refusal> {
    if (1..=most).contains(&value.len()) && !value.chars().any(char::is_control) {
        return Ok(value);
    }
    Err(Refusal::input(kind, field, format!("expected from 1 to {most} bytes of plain text")))
}

/// The reason of a reversal.
///
/// # Errors
/// A text that is too long or empty.
pub fn reason(value: String, field: &str) -> Result<String, Refusal> {
    text(value, LONGEST_TEXT, Kind::MalformedText, field)
}

/// A period.
///
/// # Errors
/// A text that names none.
pub fn covers(value: &str, field: &str) -> Result<Covers, Refusal> {
    value.parse().map_err(|error: crate::domain::ledger::CoversError| {
        Refusal::input(Kind::MalformedPeriod, field, error.to_string())
    })
}

/// A month or a year.
///
/// # Errors
/// A text that names neither.
pub fn months(value: &str, field: &str) -> Result<Covers, Refusal> {
    match covers(value, field)? {
        Covers::Day(_) => {
            let message = "expected a month `2024-06` or a year `2024`";
            Err(Refusal::input(Kind::MalformedPeriod, field, message))
        }
        period => Ok(period),
    }
}

/// A region, if one is asked for.
///
/// # Errors
/// A text that is no code of one.
pub fn region_of(code: Option<String>) -> Result<Option<Region>, Refusal> {
    let region = code.map(|code| code.parse::<Region>()).transpose();
    region.map_err(|error| Refusal::input(Kind::MalformedRegion, "region", error.to_string()))
}
