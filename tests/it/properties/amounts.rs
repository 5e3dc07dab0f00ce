//! What a standard gives to a household, as fractions of any size.

use assistance_toolbox::domain::facts::{Fact, Household};
use assistance_toolbox::domain::measure::{Cap, Gives, Rates, Standard, Term, Units};
use assistance_toolbox::domain::money::Rounding;
use assistance_toolbox::domain::period::Period;
use assistance_toolbox::domain::vocabulary::{FactType, Level};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, Zero};

use super::params::{Params, Q, exact, whole};
use super::tree::Known;

/// A member, or the household.
pub(super) struct Subject<'a> {
    pub(super) params: &'a Params<'a>,
    pub(super) household: &'a Household,
    pub(super) person: Option<usize>,
}

impl Known for Subject<'_> {
    fn fact(&self, fact: Fact) -> Option<i64> {
        match (fact, fact.def().level) {
            (Fact::Heads, _) => i64::try_from(self.household.members.len()).ok(),
            (_, Level::Household) => self.household.facts.get(fact),
            (_, Level::Person) => self.household.members[self.person?].facts.get(fact),
        }
    }

    fn limit(&self, name: &str) -> Option<i64> {
        self.params.number(name)
    }
}

/// The worth of one part, or of one line, in one period.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Worth {
    /// With whether a part next to it has no price.
    Exact(Q, bool),
    /// Depends on a fact that is not known.
    Open,
    /// A loan or something else that has no price.
    None,
}

/// The priced sum of a standard in one period, and what the period is. `left` is what earlier links of
/// a cascade have left of the cost; `heads` is how many persons count in a top-up.
pub(super) fn line(
    standard: &Standard,
    subject: &Subject<'_>,
    left: Option<&Q>,
    heads: usize,
) -> (Worth, Period) {
    let period = standard.period.unwrap_or_else(|| match &standard.parts[0].gives {
        Gives::Amount { amount: Term::Parameter(name) } => {
            subject.params.period(name).unwrap_or(Period::Year)
        }
        _ => panic!("no period"),
    });
    let mut sum = None;
    let mut unpriced = false;
    for part in &standard.parts {
        match part_worth(&part.gives, subject, left, heads) {
            Worth::Open => return (Worth::Open, period),
            Worth::Exact(value, _) => sum = Some(sum.unwrap_or_else(Q::zero) + value),
            Worth::None => unpriced = true,
        }
    }
    (sum.map_or(Worth::None, |sum| Worth::Exact(sum, unpriced)), period)
}

fn part_worth(gives: &Gives, subject: &Subject<'_>, left: Option<&Q>, heads: usize) -> Worth {
    // `None` of the outer option: no price. `None` of the inner one: not known.
    let worth = priced(gives, subject, left, heads);
    worth.map_or(Worth::None, |known| known.map_or(Worth::Open, |exact| Worth::Exact(exact, false)))
}

fn priced(gives: &Gives, subject: &Subject<'_>, left: Option<&Q>, heads: usize) -> Option<Option<Q>> {
    let params = subject.params;
    match gives {
        Gives::Amount { amount } => Some(Some(params.money(amount)?)),
        Gives::ShareOf { rate, of } => Some(Some(params.ratio(rate)? * params.money(of)?)),
        Gives::PerUnit { price, units, times } => {
            let counted = matches!(units, Units::Fact(_));
            let units = match units {
                Units::Term(term) => Some(whole(params.count(term)?)),
                Units::Fact(fact) => {
                    let scale = if matches!(fact.def().ty, FactType::Quantity) { 1000 } else { 1 };
                    subject.fact(*fact).map(|count| whole(count) / whole(scale))
                }
            };
            // None of something costs nothing, whatever its price.
            let nothing = counted && units.as_ref().is_some_and(Zero::is_zero);
            let price = params.ratio(price).or_else(|| nothing.then(Q::zero))?;
            Some(units.map(|units| price * whole(*times) * units))
        }
        Gives::Reimbursement { basis, deductible, deductible_factor, rates, rate_plus, cap } => {
            let deductible = params.money(deductible)? * params.ratio(deductible_factor)?;
            let plus = params.ratio(rate_plus)?;
            let bands: Vec<(Option<Q>, Q)> = match rates {
                Rates::Rate(rate) => vec![(None, params.ratio(rate)? + &plus)],
                Rates::Bands(bands) => {
                    let bands = params.bands(bands)?.iter();
                    let upto = |end: assistance_toolbox::domain::money::Fen| whole(end.value());
                    bands.map(|band| (band.upto.map(upto), exact(band.rate) + &plus)).collect()
                }
            };
            let cap = match cap {
                Cap::None => None,
                Cap::Most(most) => params.cap(most)?,
            };
            let cost = left.cloned().or_else(|| subject.fact(*basis).map(whole));
            Some(cost.map(|cost| {
                let above = cost - deductible;
                let mut paid = Q::zero();
                let mut from = Q::zero();
                for (upto, rate) in bands {
                    let end = upto.map_or(above.clone(), |upto| upto.min(above.clone()));
                    if end > from {
                        paid += (end.clone() - &from) * rate;
                        from = end;
                    }
                }
                cap.map_or(paid.clone(), |cap| paid.min(cap))
            }))
        }
        Gives::TopUp { line, .. } => {
            let line = params.money(line)?;
            let (income, all) = match subject.person {
                // A person-level dibao: the person's own income.
                Some(_) => (subject.fact(Fact::OwnCountedIncomeMonth).map(whole), 1),
                None => {
                    let year = subject.fact(Fact::CountedIncomeYear);
                    (year.map(|year| whole(year) / whole(12)), subject.household.members.len())
                }
            };
            let all = whole(i64::try_from(all).unwrap());
            let heads = whole(i64::try_from(heads).unwrap());
            Some(income.map(|income| {
                let gap = line - income / all;
                if gap.is_negative() { Q::zero() } else { gap * heads }
            }))
        }
        Gives::Loan { .. } | Gives::Unpriced { .. } => None,
    }
}

/// A payment in fen.
pub(super) fn payment(exact: &Q, rounding: Rounding) -> BigInt {
    let half = BigRational::new(BigInt::from(1), BigInt::from(2));
    match rounding {
        Rounding::HalfUpToFen => (exact + half).floor().to_integer(),
        Rounding::UpToYuan => (exact / whole(100)).ceil().to_integer() * 100,
    }
}
