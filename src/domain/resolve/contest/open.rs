//! Contests in which an amount is not known: bundles compared over the whole range.

use super::{Arena, Verdict};
use crate::domain::kernel::{KernelError, MAX_CANDIDATES, Tie};
use crate::domain::package::Basis;
use crate::domain::resolve::ResolveError;
use crate::domain::resolve::value::{Scope, Value};
use crate::domain::schedule::{Schedule, ScheduleError, Stretch, envelope};

/// What the candidates of an arena are worth, in its order, if they are few enough for masks.
pub(super) fn values(scope: Scope<'_, '_>, arena: &Arena<'_>) -> Result<Vec<Value>, ResolveError> {
    let candidates = arena.members.len();
    if candidates > MAX_CANDIDATES {
        return Err(KernelError::TooComplex { candidates }.into());
    }
    arena.members.iter().map(|(_, candidate)| Value::of(scope, candidate)).collect()
}

/// The places in an arena of candidates that another one stands in for: the two refuse each other, and
/// everybody else alike, and the other one is never worth less. Without them the bundles are fewer, by
/// whole factors.
pub(super) fn stood_in_for(arena: &Arena<'_>, values: &[Value]) -> Result<u64, ResolveError> {
    let tie = |place: usize| Tie::of(&arena.nodes, 1 << place);
    let mut gone = 0_u64;
    for one in 0..arena.nodes.len() {
        for other in (0..arena.nodes.len()).filter(|other| *other != one) {
            let stands_in = gone & (1 << other) == 0
                && arena.conflicts.are_twins(one, other)
                && never_below(values, 1 << other, 1 << one)?
                && (tie(other) > tie(one) || !never_below(values, 1 << one, 1 << other)?);
            if stands_in {
                gone |= 1 << one;
                break;
            }
        }
    }
    Ok(gone)
}

/// The bundles that no other one beats whatever the unknown facts are, best tie first.
pub(super) fn contenders(
    arena: &Arena<'_>,
    values: &[Value],
    bundles: &[u64],
) -> Result<Vec<u64>, ResolveError> {
    let mut all = bundles.to_vec();
    all.sort_by_cached_key(|bundle| std::cmp::Reverse(Tie::of(&arena.nodes, *bundle)));
    let mut kept: Vec<u64> = Vec::new();
    'next: for bundle in all {
        for rival in &kept {
            if never_below(values, *rival, bundle)? {
                continue 'next;
            }
        }
        let mut still = Vec::with_capacity(kept.len() + 1);
        for rival in kept {
            if !never_below(values, bundle, rival)? {
                still.push(rival);
            }
        }
        still.push(bundle);
        kept = still;
    }
    Ok(kept)
}

/// Whether the first bundle is at least the second whatever the unknown facts are. What both hold
/// makes no difference.
fn never_below(values: &[Value], first: u64, second: u64) -> Result<bool, ScheduleError> {
    let lead = sum(values, first & !second)?.minus(&sum(values, second & !first)?)?;
    Ok(lead.is_never_negative()?)
}

fn sum(values: &[Value], bundle: u64) -> Result<Value, ScheduleError> {
    let held = values.iter().enumerate().filter(|(place, _)| bundle & (1 << place) != 0);
    held.map(|(_, value)| value).try_fold(Value::ZERO, Value::plus)
}

/// Which of several bundles is the best where.
pub(super) fn depends(several: &[u64], arena: &Arena<'_>, values: &[Value]) -> Result<Verdict, ResolveError> {
    let common = several.iter().fold(u64::MAX, |common, bundle| common & bundle);
    let mut totals = Vec::with_capacity(several.len());
    for bundle in several {
        totals.push(sum(values, bundle & !common)?);
    }
    let functions = || totals.iter().flat_map(|total| &total.functions);
    let mut unknown: Vec<Basis> = functions().map(|(basis, _)| *basis).collect();
    unknown.sort_unstable();
    unknown.dedup();
    let [basis] = unknown.as_slice() else { return Ok(unordered(several, arena)) };
    if !totals.iter().all(Value::is_sharp) {
        return Ok(unordered(several, arena));
    }
    let hi = functions().map(|(_, schedule)| schedule.hi()).max().unwrap_or(0);
    let whole = totals.iter().map(|total| total.over(hi)).collect::<Result<Vec<_>, _>>()?;
    let stretches = envelope(&whole.iter().collect::<Vec<&Schedule>>())?;
    let choice = |stretch: &Stretch| {
        let winner = several.get(stretch.winner)?;
        Some((Some((stretch.from, stretch.first)), arena.numbers(*winner)))
    };
    match stretches.as_slice() {
        [only] => Ok(Verdict::Taken(
            several.get(only.winner).map(|winner| arena.numbers(*winner)).unwrap_or_default(),
        )),
        stretches => Ok(Verdict::Depends(Some(*basis), stretches.iter().filter_map(choice).collect())),
    }
}

/// Several unknown facts: no crossings are told.
fn unordered(several: &[u64], arena: &Arena<'_>) -> Verdict {
    Verdict::Depends(None, several.iter().map(|bundle| (None, arena.numbers(*bundle))).collect())
}
