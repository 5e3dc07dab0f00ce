//! The enums of the schema. Their values are the domain's, in upper case.

use async_graphql::Enum;

/// How sure a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::source::Tag")]
pub enum SourceTag {
    /// Printed in the source paper.
    Paper,
    /// Read in a document of the list of sources.
    Document,
    /// General knowledge, not checked against a document: unverified.
    Knowledge,
    /// A choice of this toolbox.
    Assumption,
}

/// The seven identity types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::identity::Identity")]
pub enum IdentityCode {
    /// 特困人员: a person in extreme hardship.
    Tekun,
    /// 低保对象: minimum living guarantee.
    Dibao,
    /// 低保边缘家庭: on the edge of minimum living guarantee.
    DibaoEdge,
    /// 刚性支出困难家庭: in hardship through necessary spending.
    Rigid,
    /// 脱贫不稳定户: monitored, unstably out of poverty.
    MUnstable,
    /// 边缘易致贫户: monitored, on the edge of poverty.
    MEdge,
    /// 突发严重困难户: monitored, in sudden serious hardship.
    MSudden,
}

/// The policy that an identity type belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::identity::Track")]
pub enum Track {
    /// Social assistance 社会救助.
    SocialAssistance,
    /// Monitoring against a return to poverty 防止返贫监测.
    Monitoring,
}

/// Who may hold an identity type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::identity::Holder")]
pub enum Holder {
    /// A person only.
    Person,
    /// A household only.
    Household,
    /// A household, or one person of it.
    Either,
}

/// The four sets that the measures fall into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::measure::MeasureSet")]
pub enum MeasureSet {
    /// Both tracks, with different standards (4).
    Differing,
    /// Monitored households only (13).
    MonitoredOnly,
    /// Both tracks, at one standard (12).
    Shared,
    /// Social assistance only (5).
    SocialAssistanceOnly,
}

/// The goals of the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::measure::Goal")]
pub enum Goal {
    /// 保基本: basic needs.
    BasicNeeds,
    /// 防风险: risk prevention.
    RiskPrevention,
    /// 促发展: development.
    Development,
}

/// Whom something is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::measure::Unit")]
pub enum Unit {
    /// One person.
    Person,
    /// The household.
    Household,
}

/// The form of help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::measure::Form")]
pub enum Form {
    /// Costs paid back.
    Reimbursement,
    /// A part of a contribution, paid by government.
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

/// How sure a reconstruction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::measure::Confidence")]
pub enum Confidence {
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
}

/// What one payment covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::period::Period")]
pub enum Period {
    /// Every calendar month.
    Month,
    /// Once a year, or accumulating over the year.
    Year,
    /// One-off.
    Once,
}

/// How a payment is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::money::Rounding")]
pub enum Rounding {
    /// To the nearest fen, halves up.
    HalfUpToFen,
    /// Up to a whole yuan.
    UpToYuan,
}

/// How an exclusion is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::catalogue::ExclusionMode")]
pub enum ExclusionMode {
    /// The better bundle wins.
    Highest,
    /// The first named binds against any bundle that holds it.
    Priority,
    /// The applicant chooses; the better bundle is proposed.
    Choice,
}

/// What values a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::catalogue::ParameterType")]
pub enum ParameterType {
    /// An amount.
    Money,
    /// A share from 0 to 1.
    Rate,
    /// A factor of a sum.
    Factor,
    /// A price for one unit.
    Price,
    /// Bands over a deductible.
    Bands,
    /// A day.
    Date,
    /// A whole number.
    Count,
}

/// Whether a fact describes a person or the household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::vocabulary::Level")]
pub enum Level {
    /// One member.
    Person,
    /// The household as a whole.
    Household,
}

/// How well a need is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::package::NeedState")]
pub enum NeedState {
    /// An entitlement answers it.
    Covered,
    /// It is not known whether the need is there.
    Unknown,
    /// A measure in reach answers it, but is not open, or not yet.
    Open,
    /// No measure in reach answers it.
    Unmet,
}

/// The answer of a condition. An unknown fact is neither false nor zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::condition::Answer")]
pub enum Answer {
    /// The known facts refute it.
    NotMet,
    /// The known facts leave it open.
    Unknown,
    /// The known facts establish it.
    Met,
}

/// Whether the paper names a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum MeasureStanding {
    /// Named by the paper (16).
    Named,
    /// Reconstructed for this toolbox (18), more or less surely.
    Reconstructed,
}

/// Why something has no price. That is a value of its own, never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum UnpricedReason {
    /// No place sets the parameter.
    NotSetHere,
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

/// What values a fact takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum FactKind {
    /// Yes or no.
    Boolean,
    /// A whole number from 0.
    Count,
    /// An amount in yuan.
    Money,
    /// A decimal number of units.
    Quantity,
    /// A day.
    Date,
    /// One value of a list.
    Choice,
    /// Any values of a list.
    Flags,
}

/// Whether an identity type opens a measure; conditions are not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CellState {
    /// The measure has a standard for it.
    Open,
    /// Only an extension of the place opens it.
    ByExtension,
    /// No standard opens it.
    Closed,
}

/// Why a candidate was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum RefusalReason {
    /// The same measure or cascade is taken under another identity or standard.
    SameMeasure,
    /// The measures are of one category.
    SameCategory,
    /// An exclusion between measures.
    Exclusion,
}

/// Which of the two is ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Lead {
    /// What was taken.
    Taken,
    /// What was refused.
    Refused,
}

/// What came of a measure for a beneficiary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OutcomeCode {
    /// Taken.
    Taken,
    /// Taken in some of several alternatives.
    Alternative,
    /// Open, but not taken.
    NotTaken,
    /// Not decided: facts are missing.
    Undecided,
    /// A condition is not met.
    ConditionNotMet,
    /// No identity that is held opens it.
    NoIdentity,
}

impl From<&crate::domain::measure::Unpriced> for UnpricedReason {
    fn from(reason: &crate::domain::measure::Unpriced) -> Self {
        use crate::domain::measure::Unpriced;
        match reason {
            Unpriced::NotSetHere(_) => Self::NotSetHere,
            Unpriced::LocalList => Self::LocalList,
            Unpriced::CaseByCase => Self::CaseByCase,
            Unpriced::Service => Self::Service,
            Unpriced::InKind => Self::InKind,
            Unpriced::Wage => Self::Wage,
        }
    }
}

impl From<crate::domain::vocabulary::FactType> for FactKind {
    fn from(ty: crate::domain::vocabulary::FactType) -> Self {
        use crate::domain::vocabulary::FactType;
        match ty {
            FactType::Bool => Self::Boolean,
            FactType::Count { .. } => Self::Count,
            FactType::Money => Self::Money,
            FactType::Quantity => Self::Quantity,
            FactType::Date => Self::Date,
            FactType::Choice(_) => Self::Choice,
            FactType::Flags(_) => Self::Flags,
        }
    }
}
