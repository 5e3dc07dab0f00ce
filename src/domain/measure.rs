//! Measures, their standards and what a standard gives, as a department states them.
//!
//! These are the definitions: every rule in words of the policy, amounts by name where a place sets
//! them. [`super::rulebook`] compiles them for one place and date.

use super::condition::Expression;
use super::facts::Fact;
use super::identity::IdentitySet;
use super::money::{Fen, Rounding};
use super::period::{Period, Validity};
use super::ratio::Ratio;
use super::schedule::Band;
use super::source::Source;
use super::text::Text;

/// A measure 帮扶措施: one entry of the catalogue, owned by one department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// The short id, `D1`.
    pub id: String,
    /// The code, `MEDICAL_ASSISTANCE`.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// Which of the four sets it belongs to.
    pub set: MeasureSet,
    /// Which goal it serves.
    pub goal: Goal,
    /// Measures of one category and unit exclude one another unless said otherwise.
    pub category: String,
    /// Whom one entitlement is for.
    pub unit: Unit,
    /// The form of help.
    pub form: Form,
    /// The owning department.
    pub department: String,
    /// Departments that take part.
    pub with: Vec<String>,
    /// Needs that the measure answers; none for C11 and C12.
    pub answers_need: Vec<String>,
    /// Whether the paper names it.
    pub standing: Standing,
    /// The laws and documents it rests on.
    pub basis: Vec<Source>,
    /// Sources of the fields above, by field name in the policy file.
    pub sources: Vec<(String, Vec<Source>)>,
    /// What limits its extension to other identities, shown wherever it is extended.
    pub extension_limit: Option<Note>,
    /// What a reader should know.
    pub notes: Vec<Note>,
    /// What it gives under which identities, from when.
    pub standards: Vec<Standard>,
}

/// The four sets that the 34 measures fall into: 4 + 13 + 12 + 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MeasureSet {
    /// Both tracks, with different standards (4).
    Differing,
    /// Monitored households only (13).
    MonitoredOnly,
    /// Both tracks, same standard (12).
    Shared,
    /// Social assistance only (5).
    SocialAssistanceOnly,
}

/// The goals of the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Goal {
    /// 保基本.
    BasicNeeds,
    /// 防风险.
    RiskPrevention,
    /// 促发展.
    Development,
}

/// Whom one entitlement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// One person.
    Person,
    /// The household.
    Household,
}

/// The form of help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// Costs paid back.
    Reimbursement,
    /// A part of a contribution paid by government.
    ContributionSubsidy,
    /// Cash up to a standard.
    TopUp,
    /// Cash every month.
    MonthlyCash,
    /// A fixed sum of cash.
    FixedCash,
    /// A sum once.
    OneOffCash,
    /// Fees waived or paid.
    FeeWaiver,
    /// A rebate on a bill.
    Rebate,
    /// An award or goods.
    Award,
    /// Works, goods or cash by case.
    InKind,
    /// A payout of an insurance.
    InsurancePayout,
    /// A loan.
    Loan,
    /// A job.
    Job,
    /// Training.
    Training,
    /// A service.
    Service,
}

/// Whether the paper names the measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Named by the paper (16).
    Named,
    /// Reconstructed by us (18), more or less surely.
    Reconstructed(Confidence),
}

/// How sure a reconstruction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidence {
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
}

/// A remark with its sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The remark.
    pub text: Text,
    /// Where it is known from.
    pub sources: Vec<Source>,
}

/// A standard 享受标准: what a measure gives under some identity types, from a date.
///
/// Two standards of one id are versions of one another; their validities never overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standard {
    /// Its id, `D1-monitored`.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// When it is in force.
    pub validity: Validity,
    /// The identities that open it.
    pub identities: IdentitySet,
    /// The parameter that names the day on which the identity must be held, in place of the day of
    /// the resolution (D2: the day the year's enrolment closed).
    pub identity_on: Option<String>,
    /// All must be met.
    pub conditions: Vec<Condition>,
    /// What it gives.
    pub parts: Vec<Part>,
    /// What one payment covers; `None` where the amounts of the place say so.
    pub period: Option<Period>,
    /// How the payment is rounded.
    pub rounding: Rounding,
    /// Where the standard is known from.
    pub sources: Vec<Source>,
}

/// One condition of a standard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// In words.
    pub text: Text,
    /// As an expression.
    pub when: Expression,
    /// Where it is known from.
    pub sources: Vec<Source>,
}

/// One part of what a standard gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub name: Text,
    /// What it gives.
    pub gives: Gives,
    /// Where it is known from.
    pub sources: Vec<Source>,
}

/// A value that stands in the measure, or that a place sets under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term<T> {
    /// Stated in the measure.
    Fixed(T),
    /// The parameter of this name; where no place sets it, the part is unpriced.
    Parameter(String),
}

/// What a part gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gives {
    /// A fixed sum.
    Amount {
        /// The sum.
        amount: Term<Fen>,
    },
    /// A share of a sum (D2: of the contribution).
    ShareOf {
        /// The share, 0 to 1.
        rate: Term<Ratio>,
        /// The sum.
        of: Term<Fen>,
    },
    /// A price for each unit.
    PerUnit {
        /// Fen for one unit.
        price: Term<Ratio>,
        /// How many units.
        units: Units,
        /// Times the units count in one payment (12 for a monthly quantity paid yearly).
        times: i64,
    },
    /// A share of a cost above a deductible, in bands, under a cap; the cost accumulates over the year.
    Reimbursement {
        /// The fact that holds the year's cost.
        basis: Fact,
        /// The deductible.
        deductible: Term<Fen>,
        /// What the deductible is multiplied by; 1 unless said.
        deductible_factor: Term<Ratio>,
        /// One rate, or bands over the deductible.
        rates: Rates,
        /// What is added to every rate; 0 unless said.
        rate_plus: Term<Ratio>,
        /// The most a year; a parameter set to `none` means no cap.
        cap: Cap,
    },
    /// (line a month - counted income a head and month) x heads, never below 0 (S1).
    TopUp {
        /// The line, a month and head.
        line: Term<Fen>,
        /// A person who takes one of these measures is not a head.
        not_heads: Vec<String>,
    },
    /// A loan up to a ceiling; never enters a total.
    Loan {
        /// The most that is lent.
        ceiling: Term<Fen>,
    },
    /// Something without a price.
    Unpriced {
        /// Why.
        reason: Unpriced,
        /// What practice pays, as information: least and most.
        practice: Option<(Fen, Fen)>,
    },
}

/// How many units a [`Gives::PerUnit`] counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Units {
    /// As many as the fact says (a count, or a quantity in thousandths).
    Fact(Fact),
    /// As many as stated or set.
    Term(Term<i64>),
}

/// The rates of a reimbursement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rates {
    /// One rate.
    Rate(Term<Ratio>),
    /// Bands, measured on the amount above the deductible.
    Bands(Term<Vec<Band>>),
}

/// The cap of a reimbursement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cap {
    /// No cap.
    None,
    /// Stated, or set by the place (which may set it to `none`).
    Most(Term<Fen>),
}

/// Why a part has no price.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unpriced {
    /// No place sets this parameter.
    NotSetHere(String),
    /// A local list that was not seen.
    LocalList,
    /// Decided case by case.
    CaseByCase,
    /// A service.
    Service,
    /// Works or goods.
    InKind,
    /// A wage, paid for work.
    Wage,
}

impl Unpriced {
    /// The code of files and the API.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotSetHere(_) => "not_set_here",
            Self::LocalList => "local_list",
            Self::CaseByCase => "case_by_case",
            Self::Service => "service",
            Self::InKind => "in_kind",
            Self::Wage => "wage",
        }
    }
}
