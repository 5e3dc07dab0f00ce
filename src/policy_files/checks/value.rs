//! What a standard is worth in a place on a day, so that two can be compared.

use std::collections::BTreeMap;

use crate::domain::facts::Fact;
use crate::domain::measure::{Gives, Standard, Units};
use crate::domain::period::Period;
use crate::domain::ratio::{ArithmeticError, Ratio};
use crate::domain::rulebook::terms::{Missing, Terms};
use crate::domain::schedule::{Comparison, Schedule, ScheduleError};

/// How one standard stands to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// They give the same, whatever the household.
    Equal,
    /// The first never gives less, and sometimes more.
    Above,
    /// Neither of the two.
    Neither,
}

/// What a standard pays in a year: a fixed sum, and a schedule for each fact that it depends on.
#[derive(Debug)]
pub(super) struct Value {
    fixed: Ratio,
    by_fact: BTreeMap<Fact, Schedule>,
}

/// Whether a part counts in a total, and has its amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Price {
    /// It counts.
    Priced,
    /// It never counts: a loan, or something without a price.
    Outside,
    /// It would count, but the place does not set its amounts.
    NotSet,
}

/// Whether each part of the standard counts.
pub(super) fn prices(terms: Terms<'_>, standard: &Standard) -> Vec<Price> {
    let price = |gives: &Gives| match gives {
        Gives::Loan { .. } | Gives::Unpriced { .. } => Price::Outside,
        Gives::TopUp { line, .. } => terms.sum(line).map_or(Price::NotSet, |_| Price::Priced),
        _ => part(terms, gives).map_or(Price::NotSet, |_| Price::Priced),
    };
    standard.parts.iter().map(|part| price(&part.gives)).collect()
}

/// The value of a standard; `None` if some part has no amount that could be compared.
pub(super) fn value(terms: Terms<'_>, standard: &Standard) -> Option<Value> {
    let mut value = Value { fixed: Ratio::ZERO, by_fact: BTreeMap::new() };
    let mut period = standard.period;
    for read in &standard.parts {
        match part(terms, &read.gives).ok()? {
            Pays::Fixed(fen, of_place) => {
                period = period.or(of_place);
                value.fixed = value.fixed.plus(fen).ok()?;
            }
            Pays::ByFact(fact, schedule) => {
                let sum = match value.by_fact.get(&fact) {
                    Some(before) => before.plus(&schedule).ok()?,
                    None => schedule,
                };
                value.by_fact.insert(fact, sum);
            }
            Pays::Otherwise => return None,
        }
    }
    value.a_year(period.unwrap_or(Period::Year)).ok()
}

enum Pays {
    Fixed(Ratio, Option<Period>),
    ByFact(Fact, Schedule),
    Otherwise,
}

fn part(terms: Terms<'_>, gives: &Gives) -> Result<Pays, Missing> {
    let range = Schedule::DEFAULT_RANGE;
    Ok(match gives {
        Gives::Amount { amount } => {
            let sum = terms.sum(amount)?;
            Pays::Fixed(sum.fen, sum.period)
        }
        Gives::ShareOf { rate, of } => Pays::Fixed(terms.sum(of)?.fen.times(terms.rate(rate)?)?, None),
        Gives::PerUnit { price, units, times } => {
            let price = terms.rate(price)?.times(Ratio::integer(*times))?;
            match units {
                Units::Fact(fact) => Pays::ByFact(*fact, Schedule::linear(Ratio::ZERO, price, range)?),
                Units::Term(count) => Pays::Fixed(price.times(Ratio::integer(terms.count(count)?))?, None),
            }
        }
        Gives::Reimbursement { basis, deductible, deductible_factor, rates, rate_plus, cap } => {
            let (deductible, rates) = ((deductible, deductible_factor), (rates, rate_plus));
            Pays::ByFact(*basis, terms.reimbursement(deductible, rates, cap)?)
        }
        Gives::TopUp { .. } | Gives::Loan { .. } | Gives::Unpriced { .. } => Pays::Otherwise,
    })
}

impl Value {
    fn a_year(self, period: Period) -> Result<Self, ArithmeticError> {
        let times = Ratio::integer(period.payments_a_year());
        let scaled = |(fact, schedule): (Fact, Schedule)| Ok((fact, schedule.scaled(times)?));
        let by_fact = self.by_fact.into_iter().map(scaled).collect::<Result<_, _>>()?;
        Ok(Self { fixed: self.fixed.times(times)?, by_fact })
    }

    /// How this value stands to another one, for every household.
    pub(super) fn against(&self, other: &Self) -> Result<Standing, ScheduleError> {
        let mut standing = match self.fixed.compare(other.fixed)? {
            std::cmp::Ordering::Less => return Ok(Standing::Neither),
            std::cmp::Ordering::Equal => Standing::Equal,
            std::cmp::Ordering::Greater => Standing::Above,
        };
        let nothing = Schedule::constant(Ratio::ZERO, Schedule::DEFAULT_RANGE);
        for fact in self.by_fact.keys().chain(other.by_fact.keys()) {
            let own = self.by_fact.get(fact).unwrap_or(&nothing);
            match own.compare(other.by_fact.get(fact).unwrap_or(&nothing))? {
                Comparison::Equal => {}
                Comparison::Dominates { .. } => standing = Standing::Above,
                Comparison::Dominated { .. } | Comparison::Crosses(_) => return Ok(Standing::Neither),
            }
        }
        Ok(standing)
    }
}
