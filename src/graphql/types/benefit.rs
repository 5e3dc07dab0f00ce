//! What a standard gives: one interface, one type for each kind of benefit.

pub mod reimbursement;

use async_graphql::{Interface, Object};

use self::reimbursement::ReimbursementBenefit;
use super::enums::UnpricedReason;
use super::fact::Fact;
use super::measure::Measure;
use super::provenance::{Source, sources};
use super::term::{CountTerm, MoneyTerm, PriceTerm, RateTerm};
use crate::domain::measure::{Gives, Part, Term, Units, Unpriced};
use crate::domain::money::Fen;
use crate::domain::ratio::Ratio;
use crate::graphql::context::Scope;
use crate::graphql::input::Lang;
use crate::graphql::scalars::Decimal;
use crate::graphql::weight::list;

/// One part of what a standard gives.
#[derive(Interface)]
#[graphql(
    field(
        name = "name",
        ty = "&'c str",
        desc = "What is given.",
        arg(name = "lang", ty = "Lang", default, desc = "The language.")
    ),
    field(name = "sources", ty = "Vec<Source<'c>>", desc = "Where it is known from.")
)]
pub enum Benefit<'c> {
    /// A fixed sum.
    Fixed(FixedBenefit<'c>),
    /// A share of a sum.
    Share(ShareBenefit<'c>),
    /// A price for each unit.
    PerUnit(PerUnitBenefit<'c>),
    /// A share of a cost.
    Reimbursement(ReimbursementBenefit<'c>),
    /// Cash up to a line.
    TopUp(TopUpBenefit<'c>),
    /// A loan.
    Loan(LoanBenefit<'c>),
    /// Something without a price.
    Unpriced(UnpricedBenefit<'c>),
}

/// A part of a standard as a benefit.
pub fn benefit<'c>(scope: Scope<'c>, part: &'c Part) -> Benefit<'c> {
    match &part.gives {
        Gives::Amount { amount } => Benefit::Fixed(FixedBenefit { scope, part, amount }),
        Gives::ShareOf { rate, of } => Benefit::Share(ShareBenefit { scope, part, rate, of }),
        Gives::PerUnit { price, units, times } => {
            Benefit::PerUnit(PerUnitBenefit { scope, part, price, units, times: *times })
        }
        Gives::Reimbursement { basis, deductible, deductible_factor, rates, rate_plus, cap } => {
            Benefit::Reimbursement(ReimbursementBenefit {
                scope,
                part,
                basis: *basis,
                deductible,
                deductible_factor,
                rates,
                rate_plus,
                cap,
            })
        }
        Gives::TopUp { line, not_heads } => Benefit::TopUp(TopUpBenefit { scope, part, line, not_heads }),
        Gives::Loan { ceiling } => Benefit::Loan(LoanBenefit { scope, part, ceiling }),
        Gives::Unpriced { reason, practice } => {
            Benefit::Unpriced(UnpricedBenefit { scope, part, reason, practice: *practice })
        }
    }
}

/// A fixed sum.
pub struct FixedBenefit<'c> {
    scope: Scope<'c>,
    part: &'c Part,
    amount: &'c Term<Fen>,
}

/// A fixed sum.
#[Object]
impl<'c> FixedBenefit<'c> {
    /// What is given.
    pub async fn name(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.part.name.get(lang.into())
    }

    /// Where it is known from.
    #[graphql(complexity = "list(3, child_complexity)")]
    pub async fn sources(&self) -> Vec<Source<'c>> {
        sources(self.scope, &self.part.sources)
    }

    /// The sum.
    async fn amount(&self) -> MoneyTerm<'c> {
        MoneyTerm(self.scope, self.amount)
    }
}

/// A share of a sum.
pub struct ShareBenefit<'c> {
    scope: Scope<'c>,
    part: &'c Part,
    rate: &'c Term<Ratio>,
    of: &'c Term<Fen>,
}

/// A share of a sum.
#[Object]
impl<'c> ShareBenefit<'c> {
    /// What is given.
    pub async fn name(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.part.name.get(lang.into())
    }

    /// Where it is known from.
    #[graphql(complexity = "list(3, child_complexity)")]
    pub async fn sources(&self) -> Vec<Source<'c>> {
        sources(self.scope, &self.part.sources)
    }

    /// The share.
    async fn rate(&self) -> RateTerm<'c> {
        RateTerm(self.scope, self.rate)
    }

    /// The sum.
    async fn of(&self) -> MoneyTerm<'c> {
        MoneyTerm(self.scope, self.of)
    }
}

/// A price for each unit.
pub struct PerUnitBenefit<'c> {
    scope: Scope<'c>,
    part: &'c Part,
    price: &'c Term<Ratio>,
    units: &'c Units,
    times: i64,
}

/// A price for each unit.
#[Object]
impl<'c> PerUnitBenefit<'c> {
    /// What is given.
    pub async fn name(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.part.name.get(lang.into())
    }

    /// Where it is known from.
    #[graphql(complexity = "list(3, child_complexity)")]
    pub async fn sources(&self) -> Vec<Source<'c>> {
        sources(self.scope, &self.part.sources)
    }

    /// The price for one unit.
    async fn price(&self) -> PriceTerm<'c> {
        PriceTerm(self.scope, self.price)
    }

    /// The fact that says how many units; null if their number is stated or set.
    async fn fact(&self) -> Option<Fact> {
        match self.units {
            Units::Fact(fact) => Some(Fact(*fact)),
            Units::Term(_) => None,
        }
    }

    /// How many units; null if a fact says so.
    async fn units(&self) -> Option<CountTerm<'c>> {
        match self.units {
            Units::Fact(_) => None,
            Units::Term(term) => Some(CountTerm(self.scope, term)),
        }
    }

    /// How often the units count in one payment: 12 for a monthly quantity that is paid yearly.
    async fn times(&self) -> i64 {
        self.times
    }
}

/// Cash up to a line: (line a month - counted income a head and month) x heads, never below 0.
pub struct TopUpBenefit<'c> {
    scope: Scope<'c>,
    part: &'c Part,
    line: &'c Term<Fen>,
    not_heads: &'c [String],
}

/// Cash up to a line: (line a month - counted income a head and month) x heads, never below 0.
#[Object]
impl<'c> TopUpBenefit<'c> {
    /// What is given.
    pub async fn name(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.part.name.get(lang.into())
    }

    /// Where it is known from.
    #[graphql(complexity = "list(3, child_complexity)")]
    pub async fn sources(&self) -> Vec<Source<'c>> {
        sources(self.scope, &self.part.sources)
    }

    /// The line, a month and head.
    async fn line(&self) -> MoneyTerm<'c> {
        MoneyTerm(self.scope, self.line)
    }

    /// Whoever takes one of these measures is not a head.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn not_heads(&self) -> Vec<Measure<'c>> {
        Measure::all(self.scope).filter(|measure| self.not_heads.contains(&measure.1.id)).collect()
    }
}

/// A loan; it never enters a total.
pub struct LoanBenefit<'c> {
    scope: Scope<'c>,
    part: &'c Part,
    ceiling: &'c Term<Fen>,
}

/// A loan; it never enters a total.
#[Object]
impl<'c> LoanBenefit<'c> {
    /// What is given.
    pub async fn name(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.part.name.get(lang.into())
    }

    /// Where it is known from.
    #[graphql(complexity = "list(3, child_complexity)")]
    pub async fn sources(&self) -> Vec<Source<'c>> {
        sources(self.scope, &self.part.sources)
    }

    /// The most that is lent.
    async fn ceiling(&self) -> MoneyTerm<'c> {
        MoneyTerm(self.scope, self.ceiling)
    }
}

/// Something without a price. That is not zero.
pub struct UnpricedBenefit<'c> {
    scope: Scope<'c>,
    part: &'c Part,
    reason: &'c Unpriced,
    practice: Option<(Fen, Fen)>,
}

/// Something without a price. That is not zero.
#[Object]
impl<'c> UnpricedBenefit<'c> {
    /// What is given.
    pub async fn name(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.part.name.get(lang.into())
    }

    /// Where it is known from.
    #[graphql(complexity = "list(3, child_complexity)")]
    pub async fn sources(&self) -> Vec<Source<'c>> {
        sources(self.scope, &self.part.sources)
    }

    /// Why it has no price.
    async fn reason(&self) -> UnpricedReason {
        self.reason.into()
    }

    /// The least that practice pays, in yuan, as information only.
    async fn practice_least(&self) -> Option<Decimal> {
        self.practice.map(|(least, _)| least.into())
    }

    /// The most that practice pays, in yuan, as information only.
    async fn practice_most(&self) -> Option<Decimal> {
        self.practice.map(|(_, most)| most.into())
    }
}
