//! From a rulebook and a household to its package: take the higher, never double, fill what is missing.
//!
//! The flow, top to bottom: who holds what on the day (`subjects`); what could be taken
//! (`candidates`); which bundle is the best where candidates compete (`contest`), persons before
//! the top-ups that count heads (`heads`); and, only when asked for, the package with its reasons
//! (`build`).

mod build;
pub(in crate::domain) mod candidates;
mod contest;
mod heads;
pub(in crate::domain) mod subjects;
mod value;

use self::candidates::{Candidate, Doubt};
use self::contest::Verdict;
use self::heads::{Heads, Taker, Turns};
use self::subjects::Subjects;
use super::facts::Household;
use super::kernel::KernelError;
use super::package::{Basis, Package};
use super::ratio::ArithmeticError;
use super::rulebook::{Cluster, Rulebook};
use super::schedule::ScheduleError;

/// Why there is no package. Refusals are part of a package; these are not refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// An amount cannot be computed exactly.
    #[error(transparent)]
    Amount(#[from] ScheduleError),
    /// The competing candidates cannot be compared exactly.
    #[error(transparent)]
    Kernel(#[from] KernelError),
}

impl From<ArithmeticError> for ResolveError {
    fn from(error: ArithmeticError) -> Self {
        Self::Amount(ScheduleError::Arithmetic(error))
    }
}

/// The bare decision: what is taken, without explanations.
#[derive(Debug, Default)]
pub struct Decision {
    candidates: Vec<Candidate>,
    doubts: Vec<Doubt>,
    /// Numbers of the candidates that are taken.
    taken: Vec<usize>,
    /// Where it depends on what is not known: the basis and the bundles.
    open: Vec<(Option<Basis>, Vec<contest::Choice>)>,
    heads: Heads,
}

impl Decision {
    /// How many entitlements are taken for sure; a cascade counts once.
    pub fn taken(&self) -> usize {
        self.taken.len()
    }
}

/// The package of a household.
///
/// # Errors
/// [`ResolveError`], where an exact answer is out of reach; never a guess.
pub fn resolve(rulebook: &Rulebook, household: &Household) -> Result<Package, ResolveError> {
    let subjects = Subjects::new(rulebook, household);
    let decision = decide_for(rulebook, &subjects)?;
    build::package(rulebook, &subjects, &decision)
}

/// Only what the household holds: entitlements and alternatives, without reasons, questions and needs, for whoever
/// compares many households.
///
/// # Errors
/// As [`resolve`].
pub fn holdings(rulebook: &Rulebook, household: &Household) -> Result<Package, ResolveError> {
    let subjects = Subjects::new(rulebook, household);
    let decision = decide_for(rulebook, &subjects)?;
    build::holdings(rulebook, &subjects, &decision)
}

/// Only the decision, for whoever needs no reasons.
///
/// # Errors
/// As [`resolve`].
pub fn decide(rulebook: &Rulebook, household: &Household) -> Result<Decision, ResolveError> {
    decide_for(rulebook, &Subjects::new(rulebook, household))
}

fn decide_for(rulebook: &Rulebook, subjects: &Subjects<'_>) -> Result<Decision, ResolveError> {
    let mut decision = Decision::default();
    for cluster in &rulebook.clusters {
        let top_up =
            cluster.offers.iter().any(|offer| rulebook.offers.get(*offer).is_some_and(|offer| offer.top_up));
        if top_up {
            decision.count_heads(rulebook);
        }
        let from = decision.candidates.len();
        for offer in &cluster.offers {
            let Decision { candidates, doubts, heads, .. } = &mut decision;
            candidates::collect(rulebook, subjects, heads, *offer, candidates, doubts)?;
        }
        decision.settle(rulebook, subjects, cluster, from)?;
    }
    Ok(decision)
}

impl Decision {
    /// Decides the candidates of a cluster, those from a number on.
    fn settle(
        &mut self,
        rulebook: &Rulebook,
        subjects: &Subjects<'_>,
        cluster: &Cluster,
        from: usize,
    ) -> Result<(), ResolveError> {
        if cluster.rules.is_empty() {
            // One offer: its candidates for one beneficiary stand next to one another.
            let mut start = from;
            while let Some(first) = self.candidates.get(start) {
                let rest = self.candidates.get(start..).unwrap_or_default();
                let run = rest.iter().take_while(|candidate| candidate.who == first.who).count();
                let same = rest.get(..run).unwrap_or_default();
                match contest::best_of_one_offer(rulebook, same)? {
                    Some(best) => self.taken.push(start + best),
                    None => self.settle_component(
                        rulebook,
                        subjects,
                        cluster,
                        &(start..start + run).collect::<Vec<_>>(),
                    )?,
                }
                start += run;
            }
            return Ok(());
        }
        let numbers: Vec<usize> = (from..self.candidates.len()).collect();
        for component in contest::components(rulebook, cluster, &self.candidates, &numbers) {
            self.settle_component(rulebook, subjects, cluster, &component)?;
        }
        Ok(())
    }

    fn settle_component(
        &mut self,
        rulebook: &Rulebook,
        subjects: &Subjects<'_>,
        cluster: &Cluster,
        component: &[usize],
    ) -> Result<(), ResolveError> {
        match contest::decide((rulebook, subjects, &self.heads), cluster, &self.candidates, component)? {
            Verdict::Taken(numbers) => self.taken.extend(numbers),
            Verdict::Depends(basis, choices) => self.open.push((basis, choices)),
        }
        Ok(())
    }

    /// Notes which members take measures that a top-up looks at, for sure or by what is not known.
    fn count_heads(&mut self, rulebook: &Rulebook) {
        use super::package::Beneficiary::Person;
        let looked_at = |measure: usize| rulebook.counts_for_heads.get(measure).copied().unwrap_or(false);
        let measures = |candidate: &Candidate| -> Vec<Taker> {
            let Person(person) = candidate.who else { return Vec::new() };
            let standards = candidate.standards(rulebook).filter_map(|place| rulebook.standards.get(place));
            standards
                .map(|rules| (person, rules.measure))
                .filter(|(_, measure)| looked_at(*measure))
                .collect()
        };
        let takers = |numbers: &[usize]| -> Vec<Taker> {
            numbers.iter().filter_map(|number| self.candidates.get(*number)).flat_map(measures).collect()
        };
        let turns = self.open.iter().map(|(basis, choices)| {
            let bundle =
                |(from, numbers): &contest::Choice| (from.map_or(0, |(_, first)| first), takers(numbers));
            Turns { basis: *basis, bundles: choices.iter().map(bundle).collect() }
        });
        let turns = turns.filter(|turns| turns.bundles.iter().any(|(_, taken)| !taken.is_empty())).collect();
        self.heads = Heads::new(takers(&self.taken), turns);
    }
}
