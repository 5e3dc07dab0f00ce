//! Dry runs of proposals.

use std::sync::Arc;

use async_graphql::{Enum, Object, SimpleObject};

use super::enums::{IdentityCode, Period};
use super::proposal::{ProposalRefusal, Violation, told};
use crate::app::dry_run::{Cost, Fares, Group, Run, RunState, Seen, Tally};
use crate::app::proposals::Refused;
use crate::domain::money::Fen;
use crate::graphql::scalars::{Date, Decimal};
use crate::graphql::weight::list;

/// A dry run of a proposal, as it was at one moment.
pub struct DryRun(pub Seen);

/// A dry run of a proposal: what the stored households hold under the catalogue in use, and would hold under the
/// proposed one. It is known to the process that runs it, and not kept.
#[Object]
impl DryRun {
    /// Its number.
    async fn number(&self) -> u64 {
        self.0.run.id
    }

    /// The number of the proposal.
    async fn proposal(&self) -> i64 {
        self.0.run.proposal
    }

    /// The day whose rules and facts count.
    async fn on(&self) -> Date {
        Date(self.0.run.on)
    }

    /// The hash of the catalogue in use when it began.
    async fn catalogue_in_use(&self) -> String {
        self.0.run.before.to_string()
    }

    /// The hash of the catalogue that the proposal makes.
    async fn catalogue_proposed(&self) -> String {
        self.0.run.after.to_string()
    }

    /// What came of it.
    async fn state(&self) -> DryRunState {
        match self.0.state {
            RunState::Running => DryRunState::Running,
            RunState::Done(_) => DryRunState::Done,
            RunState::Cancelled => DryRunState::Cancelled,
            RunState::Failed(_) => DryRunState::Failed,
        }
    }

    /// How many households were looked at so far.
    async fn households_done(&self) -> u64 {
        self.0.done
    }

    /// How many there were when it began.
    async fn households_expected(&self) -> u64 {
        self.0.run.expected
    }

    /// What it found; null until it is done.
    async fn report(&self) -> Option<DryRunReport> {
        if let RunState::Done(tally) = &self.0.state { Some(DryRunReport(Arc::clone(tally))) } else { None }
    }
}

/// What came of a dry run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DryRunState {
    /// It goes on.
    Running,
    /// It is done.
    Done,
    /// It was cancelled.
    Cancelled,
    /// It failed.
    Failed,
}

/// How a household fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Fares")]
pub enum FaresCode {
    /// It holds more: a higher known amount a year, or the same and something besides.
    Gains,
    /// It holds less.
    Loses,
    /// It holds something else of the same known amount.
    Otherwise,
    /// It holds the same.
    Unchanged,
}

/// What a dry run found.
pub struct DryRunReport(Arc<Tally>);

/// What a dry run found.
#[Object]
impl DryRunReport {
    /// How many households were looked at.
    async fn households(&self) -> u64 {
        self.0.households
    }

    /// How many fare so.
    async fn count(&self, #[graphql(desc = "How.")] fares: FaresCode) -> u64 {
        self.0.fares.get(&fares.into()).copied().unwrap_or_default()
    }

    /// How many have no place whose rules could be applied; they are not compared.
    async fn without_place(&self) -> u64 {
        self.0.without_place
    }

    /// How many have no exact package; they are not compared.
    async fn not_exact(&self) -> u64 {
        self.0.not_exact
    }

    /// What is known to be paid before and after, in all, by identity type and by town; each kind of period apart.
    #[graphql(complexity = "list(60, child_complexity)")]
    async fn costs(&self) -> Vec<DryRunCost> {
        let cost = |((group, period), cost): (&(Group, crate::domain::period::Period), &Cost)| {
            let (of, identity, town) = match group {
                Group::All => (CostScope::All, None, None),
                Group::Identity(code) => {
                    let identity = code.parse::<crate::domain::identity::Identity>().ok();
                    (CostScope::Identity, identity.map(IdentityCode::from), None)
                }
                Group::Town(town) => (CostScope::Town, None, town.clone()),
            };
            DryRunCost { of, identity, town, amounts: PeriodCost::new(*period, *cost) }
        };
        self.0.costs.iter().map(cost).collect()
    }

    /// What is superseded: entitlements that households lose, gain, or hold by another standard.
    #[graphql(complexity = "list(20, child_complexity)")]
    async fn shifts(&self) -> Vec<DryRunShift> {
        let shift = |(shift, entitlements): (&crate::app::dry_run::Shift, &u64)| DryRunShift {
            measure: shift.measure.clone(),
            was: shift.was.clone(),
            becomes: shift.becomes.clone(),
            entitlements: *entitlements,
        };
        self.0.shifts.iter().map(shift).collect()
    }

    /// The first of the households whose packages change, by key and nothing else.
    #[graphql(complexity = "list(20, child_complexity)")]
    async fn sample(&self) -> Vec<DryRunSample> {
        let one = |one: &crate::app::dry_run::Sampled| DryRunSample {
            household: one.household.clone(),
            fares: one.fares.into(),
            costs: one.costs.iter().map(|(period, cost)| PeriodCost::new(*period, *cost)).collect(),
        };
        self.0.sample.iter().map(one).collect()
    }
}

/// Whose cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CostScope {
    /// Everybody's.
    All,
    /// What is paid under an identity type.
    Identity,
    /// What is paid to the households of a town.
    Town,
}

/// What is paid to some, before and after.
#[derive(SimpleObject)]
pub struct DryRunCost {
    /// Whose cost.
    of: CostScope,
    /// The identity type, for `IDENTITY`.
    identity: Option<IdentityCode>,
    /// The code of the town, for `TOWN`; null for households without one.
    town: Option<String>,
    /// How much.
    amounts: PeriodCost,
}

/// What is paid in one kind of period; amounts of different periods are never added.
#[derive(SimpleObject)]
pub struct PeriodCost {
    /// The period.
    period: Period,
    /// Under the catalogue in use, in yuan.
    before: Decimal,
    /// Under the proposed one.
    after: Decimal,
    /// The one less the other.
    difference: Decimal,
}

impl PeriodCost {
    fn new(period: crate::domain::period::Period, cost: Cost) -> Self {
        let difference = Fen::new(cost.after.value().saturating_sub(cost.before.value()));
        Self {
            period: period.into(),
            before: cost.before.into(),
            after: cost.after.into(),
            difference: difference.into(),
        }
    }
}

/// Entitlements that change in one way.
#[derive(SimpleObject)]
pub struct DryRunShift {
    /// The short id of the measure.
    measure: String,
    /// The standard that is held now; null for a new entitlement.
    was: Option<String>,
    /// The standard that would be held; null for a lost one.
    becomes: Option<String>,
    /// How many.
    entitlements: u64,
}

/// A household whose package changes.
#[derive(SimpleObject)]
pub struct DryRunSample {
    /// Its key.
    household: String,
    /// How it fares.
    fares: FaresCode,
    /// What it is paid.
    #[graphql(complexity = "list(3, child_complexity)")]
    costs: Vec<PeriodCost>,
}

/// The outcome of `startDryRun`.
#[derive(SimpleObject)]
pub struct DryRunPayload {
    /// The run; null if it does not start.
    dry_run: Option<DryRun>,
    /// What the checks found.
    #[graphql(complexity = "list(20, child_complexity)")]
    violations: Vec<Violation>,
    /// Why it does not start; null if it does.
    refusal: Option<ProposalRefusal>,
}

impl DryRunPayload {
    /// It goes on.
    pub fn started(run: &Arc<Run>) -> Self {
        Self { dry_run: Some(DryRun(run.seen())), violations: Vec::new(), refusal: None }
    }

    /// It does not start.
    pub fn refused(refused: Refused) -> Self {
        let (violations, refusal) = told(refused);
        Self { dry_run: None, violations, refusal: Some(refusal) }
    }
}
