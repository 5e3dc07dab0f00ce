//! Entitlements, their lines, and alternatives between bundles.

use async_graphql::{Object, SimpleObject};

use super::amount::{Amount, PartAmount, amount, part_amount};
use super::need::Undecided;
use super::view::{Beneficiary, Question, View};
use crate::domain::package;
use crate::graphql::scalars::{Decimal, Fraction};
use crate::graphql::types::enums::{IdentityCode, Period};
use crate::graphql::types::measure::Measure;
use crate::graphql::types::place::Extension;
use crate::graphql::types::registers::{Cascade, Identity};
use crate::graphql::types::standard::Standard;
use crate::graphql::weight::list;

/// An entitlement.
pub struct Entitlement<'c>(pub View<'c>, pub package::Entitlement);

/// One measure or cascade, for one beneficiary, under one identity.
#[Object]
impl<'c> Entitlement<'c> {
    /// The cascade; null if it is one measure.
    async fn cascade(&self) -> Option<Cascade<'c>> {
        let place = self.0.resolved.rulebook.cascade_of(self.1.offer)?;
        self.0.scope.catalogue.cascades.get(place).map(|cascade| Cascade(self.0.scope, cascade))
    }

    /// For whom.
    async fn beneficiary(&self) -> Beneficiary {
        self.0.who(self.1.who)
    }

    /// Under which identity type.
    async fn identity(&self) -> IdentityCode {
        self.1.identity.into()
    }

    /// What the catalogue says of the identity type.
    async fn identity_type(&self) -> Option<Identity<'c>> {
        Identity::find(self.0.scope, self.1.identity)
    }

    /// One line for each measure.
    #[graphql(complexity = "list(2, child_complexity)")]
    async fn lines(&self) -> Vec<Line<'c>> {
        self.1.lines.iter().map(|line| Line(self.0.clone(), line.clone())).collect()
    }

    /// Undecided measures that could displace or change it.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn provisional(&self) -> Vec<Undecided<'c>> {
        self.1.provisional.iter().filter_map(|place| Undecided::at(&self.0, *place)).collect()
    }
}

/// A line of an entitlement.
pub struct Line<'c>(View<'c>, package::Line);

/// What one measure gives.
#[Object]
impl<'c> Line<'c> {
    /// The measure.
    async fn measure(&self) -> Option<Measure<'c>> {
        self.0.standard(self.1.standard).map(|standard| Measure(self.0.scope, standard.measure))
    }

    /// The standard.
    async fn standard(&self) -> Option<Standard<'c>> {
        self.0.standard(self.1.standard)
    }

    /// The extension that opened it; null if it was open of itself.
    async fn extension(&self) -> Option<Extension<'c>> {
        self.0.extension(self.1.extension?)
    }

    /// What one payment covers.
    async fn period(&self) -> Period {
        self.1.period.into()
    }

    /// How much it pays in one period.
    async fn amount(&self) -> Amount<'c> {
        amount(&self.0, &self.1)
    }

    /// The parts that it is made of; empty for a top-up.
    #[graphql(complexity = "list(2, child_complexity)")]
    async fn parts(&self) -> Vec<PartAmount<'c>> {
        let parts = self.1.parts.iter().enumerate();
        parts.map(|(place, part)| part_amount(&self.0, self.1.standard, place, *part)).collect()
    }
}

/// Bundles of which the best depends on what is unknown.
pub struct Alternatives<'c>(pub View<'c>, pub usize);

impl Alternatives<'_> {
    fn get(&self) -> Option<&package::Alternatives> {
        self.0.resolved.package.alternatives.get(self.1)
    }
}

/// Bundles of which the best depends on what is unknown.
#[Object]
impl<'c> Alternatives<'c> {
    /// The one fact that it depends on; null if there are several, and then no crossings are told.
    async fn basis(&self) -> Option<Question<'c>> {
        self.get()?.basis.map(|basis| self.0.basis(basis))
    }

    /// The bundles. With one basis each is the best from its start to the start of the next.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn bundles(&self) -> Vec<Alternative<'c>> {
        let Some(alternatives) = self.get() else { return Vec::new() };
        let basis = alternatives.basis;
        let bundle = |bundle: &package::Alternative| Alternative {
            from: bundle.from.map(|(exact, first)| From {
                exact: Fraction(exact),
                first: super::schedule::quantity(basis, first),
            }),
            entitlements: self.0.entitlements(&bundle.entitlements),
        };
        alternatives.bundles.iter().map(bundle).collect()
    }
}

/// One of several bundles.
#[derive(SimpleObject)]
pub struct Alternative<'c> {
    /// From where on it is the best; null if no crossings are told.
    from: Option<From>,
    /// What it holds.
    #[graphql(complexity = "list(4, child_complexity)")]
    entitlements: Vec<Entitlement<'c>>,
}

/// Where a bundle begins to be the best.
#[derive(SimpleObject)]
#[graphql(name = "AlternativeStart")]
pub struct From {
    /// The exact quantity: fen, thousandths of a unit, or a count, as the fact is held.
    exact: Fraction,
    /// The first quantity that can occur at which it is the best, as documents write it.
    first: Decimal,
}
