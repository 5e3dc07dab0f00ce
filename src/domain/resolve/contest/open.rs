//! Contests in which an amount is not known: bundles compared over the whole range.

use super::{Arena, Verdict};
use crate::domain::kernel::{Node, Tie};
use crate::domain::package::Basis;
use crate::domain::ratio::Ratio;
use crate::domain::resolve::ResolveError;
use crate::domain::resolve::candidates::{Candidate, OpenWorth, basis_of};
use crate::domain::resolve::heads::Heads;
use crate::domain::resolve::subjects::Subjects;
use crate::domain::rulebook::{PartRules, Rulebook};
use crate::domain::schedule::{Schedule, Stretch, envelope};

/// A bundle with what it is worth: a known sum, and a function of each unknown fact.
pub(super) struct Contender {
    pub(super) bundle: u64,
    tie: Tie,
    known: Ratio,
    functions: Vec<(Basis, Schedule)>,
}

/// The admissible bundles that no other one beats whatever the unknown facts are, best tie first.
pub(super) fn contenders(
    scope: Scope<'_, '_>,
    members: &[(usize, &Candidate)],
    nodes: &[Node],
    bundles: &[u64],
) -> Result<Vec<Contender>, ResolveError> {
    let mut all = Vec::with_capacity(bundles.len());
    for bundle in bundles {
        let tie = Tie::of(nodes, *bundle);
        let mut contender = Contender { bundle: *bundle, tie, known: Ratio::ZERO, functions: Vec::new() };
        for (_, (_, candidate)) in members.iter().enumerate().filter(|(place, _)| bundle & (1 << place) != 0)
        {
            contender.known = contender.known.plus(candidate.worth.known)?;
            for (basis, schedule) in open_functions(scope, candidate)? {
                match contender.functions.iter_mut().find(|(known, _)| *known == basis) {
                    Some((_, sum)) => *sum = sum.plus(&schedule)?,
                    None => contender.functions.push((basis, schedule)),
                }
            }
        }
        all.push(contender);
    }
    all.sort_by_key(|one| std::cmp::Reverse(one.tie));
    let mut kept: Vec<Contender> = Vec::new();
    'next: for contender in all {
        for rival in &kept {
            if never_below(rival, &contender)? {
                continue 'next;
            }
        }
        let mut still = Vec::with_capacity(kept.len() + 1);
        for rival in kept {
            if !never_below(&contender, &rival)? {
                still.push(rival);
            }
        }
        still.push(contender);
        kept = still;
    }
    Ok(kept)
}

/// What amounts are looked up in: the rules, who is asked about, and who counts as a head.
pub(in crate::domain) type Scope<'a, 'h> = (&'a Rulebook, &'a Subjects<'h>, &'a Heads);

/// The schedules of a year that a candidate's worth depends on.
pub(in crate::domain) fn open_functions(
    (rulebook, subjects, heads): Scope<'_, '_>,
    candidate: &Candidate,
) -> Result<Vec<(Basis, Schedule)>, ResolveError> {
    let mut functions = Vec::new();
    match candidate.worth.open {
        OpenWorth::Nothing => {}
        OpenWorth::One(basis, place) => {
            functions.extend(rulebook.schedules.get(place).map(|schedule| (basis, schedule.clone())));
        }
        OpenWorth::Several => {
            for rules in candidate.standards(rulebook).filter_map(|standard| rulebook.standards.get(standard))
            {
                let yearly = Ratio::integer(rules.period.payments_a_year());
                for part in &rules.parts {
                    match part {
                        PartRules::OfFact { fact, annual, .. } => {
                            let basis = basis_of(*fact, candidate.who);
                            let unknown = subjects.fact(basis.who, basis.fact).is_none();
                            let schedule = rulebook.schedules.get(*annual).filter(|_| unknown);
                            functions.extend(schedule.map(|schedule| (basis, schedule.clone())));
                        }
                        PartRules::TopUp { line, not_heads } => {
                            let top_up = (*line, not_heads.as_slice());
                            functions.extend(heads.open_schedule(subjects, candidate.who, top_up, yearly)?);
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    Ok(functions)
}

/// Whether the first is at least the second whatever the unknown facts are.
fn never_below(first: &Contender, second: &Contender) -> Result<bool, ResolveError> {
    let mut least = first.known.minus(second.known)?;
    for (basis, schedule) in &first.functions {
        least = least.plus(match second.functions.iter().find(|(known, _)| known == basis) {
            Some((_, other)) => schedule.minus(other)?.lowest()?,
            None => schedule.lowest()?,
        })?;
    }
    let only_second =
        second.functions.iter().filter(|(basis, _)| first.functions.iter().all(|(known, _)| known != basis));
    for (_, schedule) in only_second {
        least = least.minus(schedule.highest()?)?;
    }
    Ok(!least.is_negative())
}

pub(super) fn depends(several: &[Contender], arena: &Arena<'_>) -> Result<Verdict, ResolveError> {
    let mut unknown: Vec<Basis> =
        several.iter().flat_map(|one| &one.functions).map(|(basis, _)| *basis).collect();
    unknown.sort_unstable();
    unknown.dedup();
    let [basis] = unknown.as_slice() else {
        let choices = several.iter().map(|one| (None, arena.numbers(one.bundle))).collect();
        return Ok(Verdict::Depends(None, choices));
    };
    let hi =
        several.iter().flat_map(|one| &one.functions).map(|(_, schedule)| schedule.hi()).max().unwrap_or(0);
    let mut whole = Vec::with_capacity(several.len());
    for one in several {
        let known = Schedule::constant(one.known, hi);
        whole.push(match one.functions.first() {
            Some((_, schedule)) => schedule.plus(&known)?,
            None => known,
        });
    }
    let stretches = envelope(&whole.iter().collect::<Vec<_>>())?;
    let choice = |stretch: &Stretch| {
        let winner = several.get(stretch.winner)?;
        Some((Some((stretch.from, stretch.first)), arena.numbers(winner.bundle)))
    };
    match stretches.as_slice() {
        [only] => Ok(Verdict::Taken(
            several.get(only.winner).map(|winner| arena.numbers(winner.bundle)).unwrap_or_default(),
        )),
        stretches => Ok(Verdict::Depends(Some(*basis), stretches.iter().filter_map(choice).collect())),
    }
}
