//! The ledger: what is due, what may be delivered, and the chain that no entry can leave unseen.
//!
//! An order says what a department wants to record. [`check()`] holds it against the package of the first
//! day of its period and against what the household's ledger already holds, and answers a posting: the
//! sums by measure, the slots it takes, and for a claim the state of its account. Whoever keeps the
//! ledger writes the posting as it is, in one transaction with what [`check()`] was shown.

mod chain;
mod check;
mod claims;
mod dues;
mod met;
mod reclaim;
mod slots;
mod tally;

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};

use super::identity::Identity;
use super::money::Fen;
use super::period::Period;

pub use chain::{ChainHash, link};
pub use check::check;
pub(in crate::domain) use check::why_not;
pub use dues::{Delivered, Due, DueAmount, Owed, OwedState, dues, owed};
pub use met::{NeedMet, NeedMetRow, NeedStanding, needs_met};
pub use reclaim::{Paid, Reclaim, ReclaimReason, reclaim};
pub use tally::{Sum, Tally, Total};

/// What a department wants to record as delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The measure or cascade, by id. Measures that are links of a cascade are claimed as the cascade.
    pub measure: String,
    /// The member by key; `None` is the household.
    pub beneficiary: Option<String>,
    /// What it covers; for a claim the day of the expense.
    pub covers: Covers,
    /// How much.
    pub given: Given,
    /// The day of delivery.
    pub day: NaiveDate,
    /// The department that delivers, by code.
    pub department: String,
}

/// An order with what makes it one of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The idempotency key: the same key with the same content is recorded once.
    pub key: String,
    /// The household.
    pub household: String,
    /// What is to be recorded.
    pub order: Order,
}

/// What a delivery covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Covers {
    /// A calendar month, by its first day.
    Month(NaiveDate),
    /// A calendar year.
    Year(i32),
    /// A day: that of a one-off delivery, or of an expense.
    Day(NaiveDate),
}

/// How much a delivery gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// Money, in fen.
    Amount(Fen),
    /// Nothing that is counted in money.
    InKind,
    /// For a claim: the eligible expense, in fen; what is paid follows from it.
    Expense(Fen),
}

/// An order that may be recorded, with everything that recording it changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The measure or cascade, by id.
    pub offer: String,
    /// The identity under which it is due.
    pub identity: Identity,
    /// By measure: its id, the standard's id, and what is paid.
    pub lines: Vec<PostingLine>,
    /// The slots that it takes.
    pub slots: Vec<Slot>,
    /// For a claim: the account after it.
    pub account: Option<Account>,
}

/// What a posting pays by one measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostingLine {
    /// The measure, by id.
    pub measure: String,
    /// The standard, by id.
    pub standard: String,
    /// What is paid, in fen; `None` where nothing is counted in money.
    pub paid: Option<Fen>,
}

/// A month of a measure, or of a side of an exclusion, that only one delivery may take.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot {
    /// `measure:ID`, `category:NAME` or `exclusion:ID`.
    pub name: String,
    /// The member by key; empty for the household.
    pub subject: String,
    /// The first day of the month.
    pub month: NaiveDate,
    /// Who may share it: the side of the exclusion, or the account of claims. Empty: nobody.
    pub holder: String,
}

/// A slot that is taken, and by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenSlot {
    /// The slot.
    pub slot: Slot,
    /// The first entry that took it and stands.
    pub entry: i64,
}

/// The claims of one beneficiary on one measure or cascade in one year.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Account {
    /// How many claims stand.
    pub claims: i64,
    /// The expense that they add up to, in fen.
    pub expense: Fen,
    /// What was paid so far, by measure id, ascending.
    pub paid: Vec<(String, Fen)>,
}

/// What the ledger of the household holds that matters to an order.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Past {
    /// The slots that are taken, at least those of the months that the order covers.
    pub slots: Vec<TakenSlot>,
    /// The account of the order's beneficiary, offer and year; empty if there is none.
    pub account: Account,
}

/// Why an order is not recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No measure or cascade has this id.
    #[error("no measure `{0}` in the catalogue")]
    UnknownMeasure(String),
    /// No member has this key on the day.
    #[error("no member `{0}` in the household on the first day of the period")]
    UnknownBeneficiary(String),
    /// Another department owns the measure.
    #[error("`{measure}` is delivered by `{owner}`, not by `{department}`")]
    WrongDepartment {
        /// The measure.
        measure: String,
        /// Its owner.
        owner: String,
        /// Who asked.
        department: String,
    },
    /// The measure is paid for another kind of period.
    #[error("it is paid by the {}: say it as {}", expected.word(), expected.form())]
    WrongPeriod {
        /// What is expected.
        expected: CoversKind,
    },
    /// The package does not hold it.
    #[error("it is not in the package of {on}: {why}")]
    NotEntitled {
        /// The day of the package.
        on: NaiveDate,
        /// What the package says instead.
        why: NotEntitled,
    },
    /// An amount that is not above 0, or missing.
    #[error("{0}")]
    WrongGiven(WrongGiven),
    /// More than what is due.
    #[error("no more than {due} is due")]
    MoreThanDue {
        /// What is due.
        due: Fen,
    },
    /// It was delivered, or something that excludes it.
    #[error("entry {entry} has taken this already (`{rule}`, {month})", month = month.format("%Y-%m"))]
    Double {
        /// The slot's name: the measure, category or exclusion.
        rule: String,
        /// The month.
        month: NaiveDate,
        /// The earlier delivery.
        entry: i64,
    },
    /// The package cannot be told exactly.
    #[error("the package cannot be told: {0}")]
    Unresolved(#[from] super::resolve::ResolveError),
}

/// What a package says of something that it does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotEntitled {
    /// Something else is taken instead.
    #[error("something better, or of higher priority, is taken instead")]
    NotTaken,
    /// A fact is missing.
    #[error("facts that decide it are not known")]
    Undecided,
    /// Which bundle is taken depends on an amount.
    #[error("an amount that decides it is not known")]
    Depends,
    /// No identity opens it, or a condition is not met.
    #[error("no identity held opens it, or a condition is not met")]
    NotEligible,
    /// Nothing is known of the household on that day, or its rules.
    #[error("nothing is known of the household, or its place, on that day")]
    NothingKnown,
}

/// What is wrong with what is said to be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongGiven {
    /// An amount of 0 or less.
    #[error("expected an amount above 0")]
    NotAboveZero,
    /// A claim needs its expense.
    #[error("a claim states its eligible expense, not what is paid")]
    ExpenseExpected,
    /// Only claims state an expense.
    #[error("only a claim states an expense")]
    AmountExpected,
    /// The amount due depends on a fact that is not known.
    #[error("what is due depends on a fact that is not known")]
    NotKnown,
    /// The claims of the year add up to more than the range over which schedules are declared.
    #[error("the expenses of the year add up to more than 10,000,000 yuan")]
    OutOfRange,
}

/// The kinds of [`Covers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CoversKind {
    /// A month.
    Month,
    /// A year.
    Year,
    /// A day.
    Day,
}

impl NotEntitled {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotTaken => "not_taken",
            Self::Undecided => "undecided",
            Self::Depends => "depends_on_unknown_amount",
            Self::NotEligible => "not_eligible",
            Self::NothingKnown => "nothing_known",
        }
    }
}

impl Refusal {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownMeasure(_) => "unknown_measure",
            Self::UnknownBeneficiary(_) => "unknown_beneficiary",
            Self::WrongDepartment { .. } => "wrong_department",
            Self::WrongPeriod { .. } => "wrong_period",
            Self::NotEntitled { why, .. } => why.code(),
            Self::WrongGiven(_) => "wrong_amount",
            Self::MoreThanDue { .. } => "more_than_due",
            Self::Double { .. } => "double",
            Self::Unresolved(_) => "unresolved",
        }
    }
}

impl CoversKind {
    fn word(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Year => "year",
            Self::Day => "day",
        }
    }

    fn form(self) -> &'static str {
        match self {
            Self::Month => "`2024-06`",
            Self::Year => "`2024`",
            Self::Day => "`2024-06-15`",
        }
    }
}

impl Covers {
    /// What a payment of this period covers on a day.
    pub fn of(period: Period, day: NaiveDate) -> Self {
        match period {
            Period::Month => Self::Month(day.with_day(1).unwrap_or(day)),
            Period::Year => Self::Year(day.year()),
            Period::Once => Self::Day(day),
        }
    }

    /// The kind.
    pub fn kind(self) -> CoversKind {
        match self {
            Self::Month(_) => CoversKind::Month,
            Self::Year(_) => CoversKind::Year,
            Self::Day(_) => CoversKind::Day,
        }
    }

    /// The day whose package decides: the first of the period.
    pub fn first_day(self) -> NaiveDate {
        match self {
            Self::Month(day) | Self::Day(day) => day,
            Self::Year(year) => NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default(),
        }
    }

    /// The first day after the period; for a day, the one after its year, for which it counts.
    pub fn end(self) -> NaiveDate {
        let next = |year: i32, month: u32| {
            let (year, month) = if month > 12 { (year + 1, 1) } else { (year, month) };
            NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(NaiveDate::MAX)
        };
        match self {
            Self::Month(first) => next(first.year(), first.month() + 1),
            Self::Year(year) => next(year, 13),
            Self::Day(day) => next(day.year(), 13),
        }
    }

    /// The calendar year it counts for.
    pub fn year(self) -> i32 {
        self.first_day().year()
    }

    /// The first days of the months that a delivery takes: a month itself, and for a year, or a one-off
    /// or claim, all months of the year. An exclusion reaches over the year unless said otherwise.
    pub fn months(self) -> Vec<NaiveDate> {
        match self {
            Self::Month(first) => vec![first],
            Self::Year(_) | Self::Day(_) => {
                (1..=12).filter_map(|month| NaiveDate::from_ymd_opt(self.year(), month, 1)).collect()
            }
        }
    }
}

impl fmt::Display for Covers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Month(day) => write!(formatter, "{}", day.format("%Y-%m")),
            Self::Year(year) => write!(formatter, "{year:04}"),
            Self::Day(day) => write!(formatter, "{day}"),
        }
    }
}

/// A text that names no period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a month `2024-06`, a year `2024` or a day `2024-06-15`")]
pub struct CoversError;

impl FromStr for Covers {
    type Err = CoversError;

    fn from_str(text: &str) -> Result<Self, CoversError> {
        let digits = |part: &str, length: usize| {
            let right = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
            right.then(|| part.parse::<u32>().ok()).flatten().ok_or(CoversError)
        };
        let mut parts = text.split('-');
        let year = digits(parts.next().unwrap_or_default(), 4)?;
        let year = i32::try_from(year).ok().filter(|year| (1900..=2999).contains(year)).ok_or(CoversError)?;
        let month = parts.next().map(|part| digits(part, 2)).transpose()?;
        let day = parts.next().map(|part| digits(part, 2)).transpose()?;
        if parts.next().is_some() {
            return Err(CoversError);
        }
        let date = |month, day| NaiveDate::from_ymd_opt(year, month, day).ok_or(CoversError);
        match (month, day) {
            (None, _) => Ok(Self::Year(year)),
            (Some(month), None) => Ok(Self::Month(date(month, 1)?)),
            (Some(month), Some(day)) => Ok(Self::Day(date(month, day)?)),
        }
    }
}

#[cfg(test)]
mod tests;
