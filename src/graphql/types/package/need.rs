//! Measures that are not decided, and needs.

use async_graphql::{Object, SimpleObject};

use super::entitlement::Entitlement;
use super::view::{Beneficiary, Question, View};
use crate::domain::package;
use crate::graphql::types::enums::{IdentityCode, NeedState};
use crate::graphql::types::measure::Measure;
use crate::graphql::types::registers::Need;
use crate::graphql::types::standard::Standard;
use crate::graphql::weight::list;

/// A measure that is not decided.
pub struct Undecided<'c>(View<'c>, package::Undecided);

impl<'c> Undecided<'c> {
    /// The one at a place of the package.
    pub fn at(view: &View<'c>, place: usize) -> Option<Self> {
        view.resolved.package.undecided.get(place).map(|row| Self(view.clone(), row.clone()))
    }
}

/// A measure that is neither open nor closed to a beneficiary, for want of facts.
#[Object]
impl<'c> Undecided<'c> {
    /// The measure.
    async fn measure(&self) -> Option<Measure<'c>> {
        self.0.measure(self.1.measure)
    }

    /// For whom.
    async fn beneficiary(&self) -> Beneficiary {
        self.0.who(self.1.who)
    }

    /// The standards, with the identity types under which each could be opened.
    #[graphql(complexity = "list(2, child_complexity)")]
    async fn standards(&self) -> Vec<PossibleStandard<'c>> {
        let possible = |(standard, identities): &(usize, crate::domain::identity::IdentitySet)| {
            Some(PossibleStandard {
                standard: self.0.standard(*standard)?,
                identities: identities.iter().map(Into::into).collect(),
            })
        };
        self.1.standards.iter().filter_map(possible).collect()
    }

    /// What would decide it.
    #[graphql(complexity = "list(4, child_complexity)")]
    async fn missing(&self) -> Vec<Question<'c>> {
        self.0.questions(&self.1.missing)
    }
}

/// A standard that could be opened.
#[derive(SimpleObject)]
pub struct PossibleStandard<'c> {
    /// The standard.
    standard: Standard<'c>,
    /// The identity types that are held and open it.
    identities: Vec<IdentityCode>,
}

/// What became of a need.
pub struct NeedOutcome<'c>(pub View<'c>, pub package::NeedOutcome);

/// A need of the household or some of its members, and how well it is answered.
#[Object]
impl<'c> NeedOutcome<'c> {
    /// The need.
    async fn need(&self) -> Option<Need<'c>> {
        self.0.scope.catalogue.needs.get(self.1.need).map(|need| Need(self.0.scope, need))
    }

    /// The worst answer over those who have it.
    async fn state(&self) -> NeedState {
        self.1.state.into()
    }

    /// One row for each beneficiary that has it, or may have it.
    #[graphql(complexity = "list(5, child_complexity)")]
    async fn rows(&self) -> Vec<NeedRow<'c>> {
        self.1.rows.iter().map(|row| NeedRow(self.0.clone(), row.clone())).collect()
    }
}

/// A need of one beneficiary.
pub struct NeedRow<'c>(View<'c>, package::NeedRow);

/// A need of one beneficiary.
#[Object]
impl<'c> NeedRow<'c> {
    /// Who has it.
    async fn beneficiary(&self) -> Beneficiary {
        self.0.who(self.1.who)
    }

    /// How well it is answered.
    async fn state(&self) -> NeedState {
        self.1.state.into()
    }

    /// The entitlements that cover it.
    #[graphql(complexity = "list(5, child_complexity)")]
    async fn covered_by(&self) -> Vec<Entitlement<'c>> {
        let all = &self.0.resolved.package.entitlements;
        let covering = self.1.covered_by.iter().filter_map(|place| all.get(*place));
        covering.map(|one| Entitlement(self.0.clone(), one.clone())).collect()
    }

    /// Measures in reach that answer it and are not taken.
    #[graphql(complexity = "list(5, child_complexity)")]
    async fn in_reach(&self) -> Vec<Measure<'c>> {
        self.1.in_reach.iter().filter_map(|place| self.0.measure(*place)).collect()
    }

    /// What must be known to tell whether the need is there.
    #[graphql(complexity = "list(4, child_complexity)")]
    async fn missing(&self) -> Vec<Question<'c>> {
        self.0.questions(&self.1.missing)
    }
}
