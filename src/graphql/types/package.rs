//! The package of a household.

pub mod amount;
pub mod entitlement;
pub mod need;
pub mod refusal;
pub mod schedule;
pub mod view;

use async_graphql::{Object, SimpleObject};

pub use self::entitlement::{Alternatives, Entitlement};
pub use self::need::{NeedOutcome, Undecided};
pub use self::refusal::NotTaken;
pub use self::view::{Beneficiary, Question, View};

use super::enums::Period;
use super::explanation::Explanation;
use super::fact::Problem;
use super::measure::Measure;
use super::place::Place;
use crate::app::packages::Resolved;
use crate::documents::package::{ENGINE_VERSION, canonical, document};
use crate::domain::package::{self, Amount, HeadsAmount, Line, TopUpValue};
use crate::graphql::error::Refusal;
use crate::graphql::scalars::{Date, Decimal};
use crate::graphql::weight::list;

/// The package of a household, or what is wrong with it.
#[derive(SimpleObject)]
pub struct ResolvePackagePayload<'c> {
    /// The package; null if the household has problems.
    pub package: Option<Package<'c>>,
    /// What is wrong with the household; empty if there is a package.
    #[graphql(complexity = "list(20, child_complexity)")]
    pub problems: Vec<Problem>,
}

/// The outcome of `explainMeasure`.
#[derive(SimpleObject)]
pub struct ExplainMeasurePayload<'c> {
    /// The explanation; null if the household has problems.
    pub explanation: Option<Explanation<'c>>,
    /// What is wrong with the household; empty if there is an explanation.
    #[graphql(complexity = "list(20, child_complexity)")]
    pub problems: Vec<Problem>,
}

/// The package of a household.
pub struct Package<'c>(pub View<'c>);

/// What a household is entitled to on a date, what it does not take and why, and what is unknown.
#[Object]
impl<'c> Package<'c> {
    /// The place whose rules apply.
    async fn place(&self) -> Place<'c> {
        Place(self.0.scope, self.0.scope.place)
    }

    /// The date.
    async fn on(&self) -> Date {
        Date(self.0.scope.on)
    }

    /// The household's key, as given.
    async fn household(&self) -> &str {
        &self.0.resolved.household.key
    }

    /// The hash of the catalogue that it was resolved with.
    async fn catalogue_hash(&self) -> String {
        self.0.scope.catalogue.hash.to_string()
    }

    /// The version of the engine that resolved it.
    async fn engine_version(&self) -> &'static str {
        ENGINE_VERSION
    }

    /// What the household is entitled to, in matrix order, then by beneficiary.
    #[graphql(complexity = "list(40, child_complexity)")]
    async fn entitlements(&self) -> Vec<Entitlement<'c>> {
        self.0.entitlements(&self.0.resolved.package.entitlements)
    }

    /// Where the better bundle depends on an amount that is not known.
    #[graphql(complexity = "list(5, child_complexity)")]
    async fn alternatives(&self) -> Vec<Alternatives<'c>> {
        (0..self.0.resolved.package.alternatives.len()).map(|at| Alternatives(self.0.clone(), at)).collect()
    }

    /// What was open and was not taken, with the reason and the difference.
    #[graphql(complexity = "list(30, child_complexity)")]
    async fn not_taken(&self) -> Vec<NotTaken<'c>> {
        (0..self.0.resolved.package.not_taken.len()).filter_map(|at| NotTaken::at(&self.0, at)).collect()
    }

    /// Measures that could be open, with what is unknown for them.
    #[graphql(complexity = "list(30, child_complexity)")]
    async fn undecided(&self) -> Vec<Undecided<'c>> {
        (0..self.0.resolved.package.undecided.len()).filter_map(|at| Undecided::at(&self.0, at)).collect()
    }

    /// Needs that the facts show or leave open.
    #[graphql(complexity = "list(12, child_complexity)")]
    async fn needs(&self) -> Vec<NeedOutcome<'c>> {
        let needs = self.0.resolved.package.needs.iter();
        needs.map(|outcome| NeedOutcome(self.0.clone(), outcome.clone())).collect()
    }

    /// Everything that is unknown and would decide a measure, an amount or a need.
    #[graphql(complexity = "list(40, child_complexity)")]
    async fn questions(&self) -> Vec<Question<'c>> {
        self.0.questions(&self.0.resolved.package.questions())
    }

    /// What the entitlements pay, by measure and period. There is no total across periods; loans,
    /// wages and what has no price are not in it.
    #[graphql(complexity = "list(25, child_complexity)")]
    async fn subtotals(&self) -> Result<Vec<Subtotal<'c>>, Refusal> {
        subtotals(&self.0)
    }

    /// The package in canonical form: RFC 8785 JSON, byte for byte the same for the same facts, place,
    /// date, catalogue and engine.
    async fn canonical(&self) -> Result<String, Refusal> {
        let resolved = &self.0.resolved;
        let document = document(&resolved.rulebook, &resolved.household, &resolved.package);
        let bytes = canonical(&document).map_err(|error| Refusal::internal(&error.to_string()))?;
        String::from_utf8(bytes).map_err(|error| Refusal::internal(&error.to_string()))
    }
}

/// What a measure pays in one period.
#[derive(SimpleObject)]
pub struct Subtotal<'c> {
    /// The measure.
    measure: Measure<'c>,
    /// The period.
    period: Period,
    /// The known payments of all beneficiaries, in yuan.
    payment: Decimal,
    /// Whether it is all: false if something of the measure has no price or depends on what is unknown.
    complete: bool,
}

fn subtotals<'c>(view: &View<'c>) -> Result<Vec<Subtotal<'c>>, Refusal> {
    let Resolved { package, rulebook, .. } = &*view.resolved;
    let sums = package.subtotals(rulebook).map_err(|error| Refusal::internal(&error.to_string()))?;
    let known = |line: &Line| match &line.amount {
        Amount::Priced { .. } | Amount::Loan(_) => true,
        Amount::ByHeads(options) => {
            matches!(options.as_slice(), [HeadsAmount { value: TopUpValue::Priced { .. }, .. }])
        }
        Amount::PricedInPart { .. } | Amount::Open | Amount::Unpriced => false,
    };
    let subtotal = |sum: &package::Subtotal| {
        let mut lines = package.entitlements.iter().flat_map(|one| &one.lines);
        let complete =
            lines.all(|line| rulebook.measure_of(line.standard) != Some(sum.measure) || known(line));
        let measure = view.measure(sum.measure)?;
        Some(Subtotal { measure, period: sum.period.into(), payment: sum.payment.into(), complete })
    };
    Ok(sums.iter().filter_map(subtotal).collect())
}
