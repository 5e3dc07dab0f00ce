//! Why a household gets a measure, or why not.

use async_graphql::Object;

use super::enums::{Answer, IdentityCode, OutcomeCode};
use super::measure::Measure;
use super::package::{Alternatives, Beneficiary, Entitlement, NotTaken, Package, Question, Undecided, View};
use super::standard::{Condition, Standard};
use crate::domain::explain::{self, Outcome};
use crate::graphql::scalars::Date;
use crate::graphql::weight::list;

/// One measure explained for one household.
pub struct Explanation<'c> {
    /// The package that the outcomes refer to.
    pub view: View<'c>,
    /// The measure, by its place in the catalogue.
    pub measure: usize,
    /// One row for each beneficiary.
    pub rows: Vec<explain::ExplainedBeneficiary>,
}

/// One measure explained for one household: every standard, every condition.
#[Object]
impl<'c> Explanation<'c> {
    /// The measure.
    async fn measure(&self) -> Option<Measure<'c>> {
        self.view.measure(self.measure)
    }

    /// One row for the household, or for each member.
    #[graphql(complexity = "list(6, child_complexity)")]
    async fn rows(&self) -> Vec<ExplainedBeneficiary<'c>> {
        self.rows.iter().map(|row| ExplainedBeneficiary(self.view.clone(), row.clone())).collect()
    }

    /// The package of the household.
    async fn package(&self) -> Package<'c> {
        Package(self.view.clone())
    }
}

/// A measure explained for one beneficiary.
pub struct ExplainedBeneficiary<'c>(View<'c>, explain::ExplainedBeneficiary);

/// A measure explained for one beneficiary.
#[Object]
impl<'c> ExplainedBeneficiary<'c> {
    /// For whom.
    async fn beneficiary(&self) -> Beneficiary {
        self.0.who(self.1.who)
    }

    /// What came of it.
    async fn outcome(&self) -> OutcomeCode {
        match self.1.outcome {
            Outcome::Taken(_) => OutcomeCode::Taken,
            Outcome::Alternative(_) => OutcomeCode::Alternative,
            Outcome::NotTaken(_) => OutcomeCode::NotTaken,
            Outcome::Undecided(_) => OutcomeCode::Undecided,
            Outcome::ConditionNotMet => OutcomeCode::ConditionNotMet,
            Outcome::NoIdentity => OutcomeCode::NoIdentity,
        }
    }

    /// The entitlement, if it was taken.
    async fn entitlement(&self) -> Option<Entitlement<'c>> {
        let Outcome::Taken(place) = self.1.outcome else { return None };
        let one = self.0.resolved.package.entitlements.get(place)?;
        Some(Entitlement(self.0.clone(), one.clone()))
    }

    /// The alternatives, if some of them hold it.
    async fn alternatives(&self) -> Option<Alternatives<'c>> {
        let Outcome::Alternative(place) = self.1.outcome else { return None };
        Some(Alternatives(self.0.clone(), place))
    }

    /// Why it was not taken, if it was open.
    async fn not_taken(&self) -> Option<NotTaken<'c>> {
        let Outcome::NotTaken(place) = self.1.outcome else { return None };
        NotTaken::at(&self.0, place)
    }

    /// What is missing, if it is not decided.
    async fn undecided(&self) -> Option<Undecided<'c>> {
        let Outcome::Undecided(place) = self.1.outcome else { return None };
        Undecided::at(&self.0, place)
    }

    /// Every standard in force.
    #[graphql(complexity = "list(8, child_complexity)")]
    async fn standards(&self) -> Vec<ExplainedStandard<'c>> {
        self.1.standards.iter().map(|one| ExplainedStandard(self.0.clone(), one.clone())).collect()
    }
}

/// A standard explained.
pub struct ExplainedStandard<'c>(View<'c>, explain::ExplainedStandard);

/// A standard explained for one beneficiary.
#[Object]
impl<'c> ExplainedStandard<'c> {
    /// The standard.
    async fn standard(&self) -> Option<Standard<'c>> {
        self.0.standard(self.1.standard)
    }

    /// The identity types that open it here, extensions included.
    async fn opened_by(&self) -> Vec<IdentityCode> {
        self.1.opened_by.iter().map(Into::into).collect()
    }

    /// Those of them that count for the beneficiary on the standard's day.
    async fn held(&self) -> Vec<IdentityCode> {
        self.1.held.iter().map(Into::into).collect()
    }

    /// The day on which the identity must be held; null if no place sets it.
    async fn identity_day(&self) -> Option<Date> {
        self.0.resolved.rulebook.identity_day(self.1.standard).map(Date)
    }

    /// Whether all conditions are met.
    async fn answer(&self) -> Answer {
        self.1.answer.into()
    }

    /// The conditions, in the order of the standard.
    #[graphql(complexity = "list(4, child_complexity)")]
    async fn conditions(&self) -> Vec<ExplainedCondition<'c>> {
        let conditions = self.1.conditions.iter().enumerate();
        let explained = conditions.map(|(place, condition)| ExplainedCondition {
            view: self.0.clone(),
            standard: self.1.standard,
            place,
            condition: condition.clone(),
        });
        explained.collect()
    }
}

/// A condition explained.
pub struct ExplainedCondition<'c> {
    view: View<'c>,
    standard: usize,
    place: usize,
    condition: explain::ExplainedCondition,
}

/// A condition explained for one beneficiary.
#[Object]
impl<'c> ExplainedCondition<'c> {
    /// The condition.
    async fn condition(&self) -> Option<Condition<'c>> {
        let standard = self.view.standard(self.standard)?;
        standard.standard.conditions.get(self.place).map(|one| Condition(self.view.scope, one))
    }

    /// Whether it is met.
    async fn answer(&self) -> Answer {
        self.condition.answer.into()
    }

    /// The known facts that decide it, or else what must be asked.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn rests_on(&self) -> Vec<Question<'c>> {
        self.view.questions(&self.condition.rests_on)
    }
}
