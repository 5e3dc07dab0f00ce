//! What was open and was not taken.

use async_graphql::{Object, SimpleObject, Union};

use super::entitlement::{Alternatives, Entitlement};
use super::view::{Question, View};
use crate::domain::package::{self, Against, Basis, Refusal};
use crate::domain::ratio::Ratio;
use crate::domain::schedule::{Comparison, Crossing, Side};
use crate::graphql::scalars::{Decimal, Fraction};
use crate::graphql::types::enums::{Lead, RefusalReason};
use crate::graphql::types::registers::Exclusion;
use crate::graphql::weight::list;

/// A candidate that was not taken.
pub struct NotTaken<'c>(View<'c>, package::NotTaken);

impl<'c> NotTaken<'c> {
    /// The one at a place of the package.
    pub fn at(view: &View<'c>, place: usize) -> Option<Self> {
        view.resolved.package.not_taken.get(place).map(|row| Self(view.clone(), row.clone()))
    }
}

/// A candidate that was open and was not taken.
#[Object]
impl<'c> NotTaken<'c> {
    /// What was refused.
    async fn refused(&self) -> Entitlement<'c> {
        Entitlement(self.0.clone(), self.1.refused.clone())
    }

    /// Why.
    async fn reason(&self) -> RefusalReason {
        match self.1.reason {
            Refusal::SameMeasure => RefusalReason::SameMeasure,
            Refusal::SameCategory => RefusalReason::SameCategory,
            Refusal::Exclusion(_) => RefusalReason::Exclusion,
        }
    }

    /// The exclusion, if that is why.
    async fn exclusion(&self) -> Option<Exclusion<'c>> {
        match self.1.reason {
            Refusal::Exclusion(place) => {
                let exclusion = self.0.scope.catalogue.exclusions.get(place)?;
                Some(Exclusion(self.0.scope, exclusion))
            }
            Refusal::SameMeasure | Refusal::SameCategory => None,
        }
    }

    /// The entitlement that stands against it; null if every alternative does.
    async fn by(&self) -> Option<Entitlement<'c>> {
        match self.1.by {
            Against::Entitlement(place) => {
                let one = self.0.resolved.package.entitlements.get(place)?;
                Some(Entitlement(self.0.clone(), one.clone()))
            }
            Against::Alternatives(_) => None,
        }
    }

    /// The alternatives that all stand against it; null if one entitlement does.
    async fn by_alternatives(&self) -> Option<Alternatives<'c>> {
        match self.1.by {
            Against::Entitlement(_) => None,
            Against::Alternatives(place) => Some(Alternatives(self.0.clone(), place)),
        }
    }

    /// What would be taken if the applicant chose it all the same; null where there is no choice.
    async fn instead(&self) -> Option<Instead<'c>> {
        self.1.instead.as_ref().map(|instead| Instead(self.0.clone(), instead.clone()))
    }

    /// What must be set or known before the two can be compared.
    #[graphql(complexity = "list(2, child_complexity)")]
    async fn missing(&self) -> Vec<Question<'c>> {
        self.0.questions(&self.1.missing)
    }

    /// How the two compare, a year.
    async fn difference(&self) -> Difference {
        difference(&self.1)
    }
}

/// What would be taken if the applicant chose a refused candidate.
pub struct Instead<'c>(View<'c>, package::Instead);

/// What would be taken if the applicant chose a refused candidate: the best bundle that holds it.
#[Object]
impl<'c> Instead<'c> {
    /// The bundle.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn entitlements(&self) -> Vec<Entitlement<'c>> {
        self.0.entitlements(&self.1.entitlements)
    }

    /// The entitlements that would be given up.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn given_up(&self) -> Vec<Entitlement<'c>> {
        let all = &self.0.resolved.package.entitlements;
        let given_up = self.1.given_up.iter().filter_map(|place| all.get(*place));
        given_up.map(|one| Entitlement(self.0.clone(), one.clone())).collect()
    }

    /// What is taken less what would be, in fen a year; null if that cannot be told.
    async fn difference(&self) -> Option<Fraction> {
        self.1.difference.map(Fraction)
    }
}

/// How what was taken and what was refused compare, a year.
#[derive(Union)]
pub enum Difference {
    /// An amount.
    Exact(ExactDifference),
    /// Over a range, one of them ahead.
    Range(RangeDifference),
    /// Equal.
    Equal(EqualDifference),
    /// The lead changes.
    Crossing(CrossingDifference),
    /// One standard.
    SameStandard(SameStandardDifference),
    /// Not to be compared.
    NotComparable(NotComparableDifference),
}

/// Both are priced.
#[derive(SimpleObject)]
pub struct ExactDifference {
    /// Taken less refused, in fen a year; negative where a priority binds.
    exact: Fraction,
    /// The same in yuan; null if it does not end after a few decimals.
    amount: Option<Decimal>,
}

/// One of them is ahead over the whole range of the unknown fact, or level with the other.
#[derive(SimpleObject)]
pub struct RangeDifference {
    /// Which is ahead.
    ahead: Lead,
    /// The smallest difference in fen a year.
    least: Fraction,
    /// The largest difference inside the range, in fen a year.
    most: Fraction,
    /// Whether it still grows at the end of the range.
    growing: bool,
}

/// They are equal over the whole range of the unknown fact.
#[derive(SimpleObject)]
pub struct EqualDifference {
    /// Always true.
    equal: bool,
}

/// The lead changes over the range of the unknown fact.
#[derive(SimpleObject)]
pub struct CrossingDifference {
    /// Where, ascending.
    #[graphql(complexity = "list(3, child_complexity)")]
    crossings: Vec<LeadChange>,
}

/// A change of the lead.
#[derive(SimpleObject)]
pub struct LeadChange {
    /// The exact quantity: fen, thousandths of a unit, or a count, as the fact is held.
    exact: Fraction,
    /// The first quantity that can occur at which the new leader is ahead, as documents write it.
    first: Decimal,
    /// What both pay there, in fen a year; null if one of them jumps.
    value: Option<Fraction>,
    /// The new leader.
    ahead: Lead,
}

/// Both are the same standard, under different identities.
#[derive(SimpleObject)]
pub struct SameStandardDifference {
    /// Always true.
    same: bool,
}

/// One of them has no price, or they depend on different unknown facts.
#[derive(SimpleObject)]
pub struct NotComparableDifference {
    /// Always false.
    comparable: bool,
}

fn difference(row: &package::NotTaken) -> Difference {
    let range = |ahead, least: Ratio, most: Ratio, growing| {
        Difference::Range(RangeDifference { ahead, least: Fraction(least), most: Fraction(most), growing })
    };
    match &row.difference {
        package::Difference::Exact(exact) => {
            let amount = Decimal::yuan(*exact).or_else(|| Decimal::price(*exact));
            Difference::Exact(ExactDifference { exact: Fraction(*exact), amount })
        }
        package::Difference::SameStandard => Difference::SameStandard(SameStandardDifference { same: true }),
        package::Difference::NotComparable => {
            Difference::NotComparable(NotComparableDifference { comparable: false })
        }
        package::Difference::SameStandard | package::Difference::OverRange(Comparison::Equal) => {
            Difference::Equal(EqualDifference { equal: true })
        }
        package::Difference::OverRange(Comparison::Dominates { least, most, growing }) => {
            range(Lead::Taken, *least, *most, *growing)
        }
        package::Difference::OverRange(Comparison::Dominated { least, most, growing }) => {
            range(Lead::Refused, *least, *most, *growing)
        }
        package::Difference::OverRange(Comparison::Crosses(crossings)) => {
            let basis = row.refused.bases().next();
            let change = |crossing: &Crossing| lead_change(basis, crossing);
            Difference::Crossing(CrossingDifference { crossings: crossings.iter().map(change).collect() })
        }
    }
}

fn lead_change(basis: Option<Basis>, crossing: &Crossing) -> LeadChange {
    LeadChange {
        exact: Fraction(crossing.at),
        first: super::schedule::quantity(basis, crossing.first),
        value: crossing.value.map(Fraction),
        ahead: if crossing.ahead == Side::First { Lead::Taken } else { Lead::Refused },
    }
}
