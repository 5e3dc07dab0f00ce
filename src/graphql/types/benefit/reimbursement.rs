//! Reimbursements.

use async_graphql::Object;

use crate::domain::facts;
use crate::domain::measure::{Cap, Part, Rates, Term};
use crate::domain::money::Fen;
use crate::domain::ratio::Ratio;
use crate::graphql::context::Scope;
use crate::graphql::input::Lang;
use crate::graphql::types::fact::Fact;
use crate::graphql::types::provenance::{Source, sources};
use crate::graphql::types::term::{BandsTerm, MoneyTerm, RateTerm};
use crate::graphql::weight::list;

/// A share of a cost.
pub struct ReimbursementBenefit<'c> {
    pub(super) scope: Scope<'c>,
    pub(super) part: &'c Part,
    pub(super) basis: facts::Fact,
    pub(super) deductible: &'c Term<Fen>,
    pub(super) deductible_factor: &'c Term<Ratio>,
    pub(super) rates: &'c Rates,
    pub(super) rate_plus: &'c Term<Ratio>,
    pub(super) cap: &'c Cap,
}

/// A share of a cost above a deductible, under a cap; the cost accumulates over the year.
#[Object]
impl<'c> ReimbursementBenefit<'c> {
    /// What is given.
    pub async fn name(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.part.name.get(lang.into())
    }

    /// Where it is known from.
    #[graphql(complexity = "list(3, child_complexity)")]
    pub async fn sources(&self) -> Vec<Source<'c>> {
        sources(self.scope, &self.part.sources)
    }

    /// The fact that holds the year's cost.
    async fn basis(&self) -> Fact {
        Fact(self.basis)
    }

    /// The deductible.
    async fn deductible(&self) -> MoneyTerm<'c> {
        MoneyTerm(self.scope, self.deductible)
    }

    /// What the deductible is multiplied by.
    async fn deductible_factor(&self) -> RateTerm<'c> {
        RateTerm(self.scope, self.deductible_factor)
    }

    /// The share that is paid; null if it goes by bands.
    async fn rate(&self) -> Option<RateTerm<'c>> {
        match self.rates {
            Rates::Rate(rate) => Some(RateTerm(self.scope, rate)),
            Rates::Bands(_) => None,
        }
    }

    /// The bands above the deductible; null if there is one share.
    async fn bands(&self) -> Option<BandsTerm<'c>> {
        match self.rates {
            Rates::Rate(_) => None,
            Rates::Bands(bands) => Some(BandsTerm(self.scope, bands)),
        }
    }

    /// What is added to every share.
    async fn rate_plus(&self) -> RateTerm<'c> {
        RateTerm(self.scope, self.rate_plus)
    }

    /// The most a year; null if the measure states that there is no cap.
    async fn cap(&self) -> Option<MoneyTerm<'c>> {
        match self.cap {
            Cap::None => None,
            Cap::Most(most) => Some(MoneyTerm(self.scope, most)),
        }
    }
}
