//! Which candidates are taken: the best admissible bundle of everything that competes.

mod open;

use std::cmp::Ordering;

use super::ResolveError;
use super::candidates::{Candidate, OpenWorth};
use super::subjects::Subjects;
use super::value::{Scope, Value};
use crate::domain::catalogue::ExclusionMode;
use crate::domain::identity::Track;
use crate::domain::kernel::{self, Conflicts, KernelError, Node};
use crate::domain::measure::Unit;
use crate::domain::package::{Basis, Refusal};
use crate::domain::ratio::Ratio;
use crate::domain::rulebook::{Cluster, Rulebook};
use crate::domain::schedule::Comparison;

/// How two candidates refuse each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::domain) struct Clash {
    /// Whether the first refuses the second.
    pub(in crate::domain) forward: bool,
    /// Whether the second refuses the first.
    pub(in crate::domain) backward: bool,
    /// Why.
    pub(in crate::domain) reason: Refusal,
}

/// What came of one component.
#[derive(Debug)]
pub(in crate::domain) enum Verdict {
    /// These candidates are taken.
    Taken(Vec<usize>),
    /// Which bundle is the best depends on what is not known.
    Depends(Option<Basis>, Vec<Choice>),
}

/// A bundle that may be the best: from which exact and which whole quantity on, if that can be told.
pub(in crate::domain) type Choice = (Option<(Ratio, i64)>, Vec<usize>);

/// Decides a component: candidates, by number, that are joined by clashes.
pub(super) fn decide(
    scope: Scope<'_, '_>,
    cluster: &Cluster,
    candidates: &[Candidate],
    component: &[usize],
) -> Result<Verdict, ResolveError> {
    let arena = Arena::new(scope, cluster, candidates, component);
    if !arena.is_open() {
        return Ok(Verdict::Taken(arena.numbers(kernel::best_bundle(&arena.nodes, &arena.conflicts)?)));
    }
    let values = open::values(scope, &arena)?;
    let gone = open::stood_in_for(&arena, &values)?;
    if gone != 0 {
        let rest: Vec<usize> = arena.numbers(!gone);
        return decide(scope, cluster, candidates, &rest);
    }
    best_of(&arena, &values, &kernel::all_bundles(&arena.conflicts)?)
}

/// What would be taken in a component if this candidate had to be: the best admissible bundle that
/// holds it. `None` if there is none, or if that depends on what is not known.
pub(super) fn best_with(
    scope: Scope<'_, '_>,
    cluster: &Cluster,
    candidates: &[Candidate],
    component: &[usize],
    wanted: usize,
) -> Result<Option<Vec<usize>>, ResolveError> {
    let arena = Arena::new(scope, cluster, candidates, component);
    let Some(place) = arena.members.iter().position(|(number, _)| *number == wanted) else { return Ok(None) };
    if !arena.is_open() {
        return match kernel::best_bundle_with(&arena.nodes, &arena.conflicts, place) {
            Ok(bundle) => Ok(Some(arena.numbers(bundle))),
            Err(KernelError::NoBundle) => Ok(None),
            Err(error) => Err(error.into()),
        };
    }
    let mut bundles = kernel::all_bundles(&arena.conflicts)?;
    bundles.retain(|bundle| bundle & (1 << place) != 0);
    if bundles.is_empty() {
        return Ok(None);
    }
    match best_of(&arena, &open::values(scope, &arena)?, &bundles)? {
        Verdict::Taken(numbers) => Ok(Some(numbers)),
        Verdict::Depends(..) => Ok(None),
    }
}

/// The best of these bundles, of which some are worth what is not known.
fn best_of(arena: &Arena<'_>, values: &[Value], bundles: &[u64]) -> Result<Verdict, ResolveError> {
    match open::contenders(arena, values, bundles)?.as_slice() {
        [only] => Ok(Verdict::Taken(arena.numbers(*only))),
        several => open::depends(several, arena, values),
    }
}

/// Whether the first of two candidates that refuse each other is taken, whatever is not known.
pub(super) fn prevails(
    scope: Scope<'_, '_>,
    cluster: &Cluster,
    one: &Candidate,
    other: &Candidate,
) -> Result<bool, ResolveError> {
    let verdict = decide(scope, cluster, &[*one, *other], &[0, 1])?;
    Ok(matches!(verdict, Verdict::Taken(numbers) if numbers == [0]))
}

/// A component as the kernel sees it.
struct Arena<'a> {
    members: Vec<(usize, &'a Candidate)>,
    nodes: Vec<Node>,
    conflicts: Conflicts,
}

impl<'a> Arena<'a> {
    fn new(
        (rulebook, subjects, _): Scope<'_, '_>,
        cluster: &Cluster,
        candidates: &'a [Candidate],
        component: &[usize],
    ) -> Self {
        let members = members(candidates, component);
        let nodes = nodes(rulebook, subjects, &members);
        let mut conflicts = Conflicts::new(members.len());
        for (one, (_, first)) in members.iter().enumerate() {
            for (other, (_, second)) in members.iter().enumerate().skip(one + 1) {
                match clash(rulebook, cluster, first, second) {
                    Some(Clash { forward: true, backward: true, .. }) => conflicts.edge(one, other),
                    Some(Clash { forward: true, .. }) => conflicts.arrow(one, other),
                    Some(Clash { backward: true, .. }) => conflicts.arrow(other, one),
                    _ => {}
                }
            }
        }
        Self { members, nodes, conflicts }
    }

    /// Whether an amount is not known.
    fn is_open(&self) -> bool {
        self.members.iter().any(|(_, candidate)| candidate.worth.open != OpenWorth::Nothing)
    }

    fn numbers(&self, bundle: u64) -> Vec<usize> {
        let held = self.members.iter().enumerate().filter(|(place, _)| bundle & (1 << place) != 0);
        held.map(|(_, (number, _))| *number).collect()
    }
}

fn members<'a>(candidates: &'a [Candidate], component: &[usize]) -> Vec<(usize, &'a Candidate)> {
    component.iter().filter_map(|number| Some((*number, candidates.get(*number)?))).collect()
}

/// How two candidates of one cluster refuse each other, if they do.
pub(in crate::domain) fn clash(
    rulebook: &Rulebook,
    cluster: &Cluster,
    one: &Candidate,
    other: &Candidate,
) -> Option<Clash> {
    if one.offer == other.offer && one.who == other.who {
        return Some(Clash { forward: true, backward: true, reason: Refusal::SameMeasure });
    }
    let mut found: Option<Clash> = None;
    for rule in &cluster.rules {
        if rule.scope == Unit::Person && one.who != other.who {
            continue;
        }
        let sides = |candidate: &Candidate, member: usize| {
            rule.members.get(member).is_some_and(|standards| {
                candidate.standards(rulebook).any(|own| standards.binary_search(&own).is_ok())
            })
        };
        let (mut forward, mut backward) = (false, false);
        for (number, _) in rule.members.iter().enumerate() {
            for (against, _) in rule.members.iter().enumerate().filter(|(against, _)| *against != number) {
                let binds = rule.mode != ExclusionMode::Priority || number == 0;
                forward |= binds && sides(one, number) && sides(other, against);
                backward |= binds && sides(other, number) && sides(one, against);
            }
        }
        if forward || backward {
            let reason = rule.exclusion.map_or(Refusal::SameCategory, Refusal::Exclusion);
            let before = found.unwrap_or(Clash { forward: false, backward: false, reason });
            // The reason told is one for which the first refuses the second, if there is any.
            let reason = if forward && !before.forward { reason } else { before.reason };
            found = Some(Clash {
                forward: forward || before.forward,
                backward: backward || before.backward,
                reason,
            });
        }
    }
    found
}

/// The usual contest: candidates of one offer for one beneficiary, of which one is taken. `None` if
/// that depends on an unknown amount, or if it takes more than comparisons made beforehand to tell.
pub(super) fn best_of_one_offer(
    rulebook: &Rulebook,
    candidates: &[Candidate],
) -> Result<Option<usize>, ResolveError> {
    let mut best: Option<(usize, &Candidate)> = None;
    for (place, candidate) in candidates.iter().enumerate() {
        let Some((_, leader)) = best else {
            best = Some((place, candidate));
            continue;
        };
        let Some(order) = order_of(rulebook, leader, candidate)? else { return Ok(None) };
        if order.then_with(|| tie_order(rulebook, leader, candidate)) == Ordering::Less {
            best = Some((place, candidate));
        }
    }
    Ok(best.map(|(place, _)| place))
}

/// The tie rules between two candidates of one offer for one beneficiary; the greater is the better.
fn tie_order(rulebook: &Rulebook, one: &Candidate, other: &Candidate) -> Ordering {
    let entries = |candidate: &Candidate| {
        let identity = candidate.identity;
        candidate.standards(rulebook).filter_map(move |standard| {
            let (_, stated) = rulebook.standard(standard)?;
            Some((rulebook.measure_of(standard)?, identity, stated.id.as_str()))
        })
    };
    let smaller_list = || entries(other).cmp(entries(one));
    counts(rulebook, one).cmp(&counts(rulebook, other)).then_with(smaller_list)
}

/// Entitlements; priced ones; those by an original standard; those under social assistance.
fn counts(rulebook: &Rulebook, candidate: &Candidate) -> [u32; 4] {
    let (mut entitlements, mut original) = (0, 0);
    for standard in candidate.standards(rulebook) {
        entitlements += 1;
        let rules = rulebook.standards.get(standard);
        original += u32::from(rules.is_some_and(|rules| rules.identities.contains(candidate.identity)));
    }
    let social = if candidate.identity.track() == Track::SocialAssistance { entitlements } else { 0 };
    [entitlements, candidate.worth.priced, original, social]
}

/// How two candidates compare over everything that is unknown; `None` if that depends.
fn order_of(
    rulebook: &Rulebook,
    one: &Candidate,
    other: &Candidate,
) -> Result<Option<Ordering>, ResolveError> {
    let known = one.worth.known.compare(other.worth.known)?;
    let schedules = match (one.worth.open, other.worth.open) {
        (OpenWorth::Nothing, OpenWorth::Nothing) => return Ok(Some(known)),
        (OpenWorth::One(basis, first), OpenWorth::One(also, second)) if basis == also => {
            schedule_order(rulebook, first, second)
        }
        _ => None,
    };
    Ok(schedules.and_then(|schedules| match (known, schedules) {
        (Ordering::Equal, order) | (order, Ordering::Equal) => Some(order),
        (one, other) => (one == other).then_some(one),
    }))
}

/// `None` if the two cross.
fn schedule_order(rulebook: &Rulebook, first: usize, second: usize) -> Option<Ordering> {
    if first == second {
        return Some(Ordering::Equal);
    }
    let comparison = rulebook.comparison(first.min(second), first.max(second))?;
    let order = match comparison {
        Comparison::Equal => Ordering::Equal,
        Comparison::Dominates { .. } => Ordering::Greater,
        Comparison::Dominated { .. } => Ordering::Less,
        Comparison::Crosses(_) => return None,
    };
    Some(if first < second { order } else { order.reverse() })
}

/// What the choice between bundles needs to know of each candidate.
fn nodes(rulebook: &Rulebook, subjects: &Subjects<'_>, members: &[(usize, &Candidate)]) -> Vec<Node> {
    let mut entries: Vec<(usize, usize)> = Vec::with_capacity(members.len() * 2);
    for (place, (_, candidate)) in members.iter().enumerate() {
        entries.extend(candidate.standards(rulebook).map(|standard| (place, standard)));
    }
    let key = |(place, standard): &(usize, usize)| {
        let candidate = members.get(*place).map(|(_, candidate)| *candidate);
        let measure = rulebook.standards.get(*standard).map(|rules| rules.measure);
        let id = rulebook.standard(*standard).map(|(_, standard)| standard.id.as_str());
        (measure, candidate.map(|one| subjects.rank(one.who)), candidate.map(|one| one.identity), id)
    };
    entries.sort_by(|one, other| key(one).cmp(&key(other)));
    let node = |place: usize, candidate: &Candidate| {
        let ranks = entries.iter().enumerate().filter(|(_, (owner, _))| *owner == place);
        let entries = ranks.fold(0_u128, |mask, (rank, _)| mask | u128::from(rank < 128) << rank.min(127));
        let [entitlements, priced, original, social] = counts(rulebook, candidate);
        Node { value: candidate.worth.known, entitlements, priced, original, social, entries }
    };
    members.iter().enumerate().map(|(place, (_, candidate))| node(place, candidate)).collect()
}

/// Splits candidates of a cluster into components, each joined by clashes.
pub(super) fn components(
    rulebook: &Rulebook,
    cluster: &Cluster,
    candidates: &[Candidate],
    numbers: &[usize],
) -> Vec<Vec<usize>> {
    let mut rest: Vec<usize> = numbers.to_vec();
    let mut components = Vec::new();
    while let Some(first) = rest.first().copied() {
        let mut component = vec![first];
        rest.retain(|number| *number != first);
        let mut next = 0;
        while let Some(current) = component.get(next).and_then(|number| candidates.get(*number)) {
            let joined = |number: &usize| {
                candidates
                    .get(*number)
                    .is_some_and(|other| clash(rulebook, cluster, current, other).is_some())
            };
            let found: Vec<usize> = rest.iter().copied().filter(|number| joined(number)).collect();
            rest.retain(|number| !found.contains(number));
            component.extend(found);
            next += 1;
        }
        component.sort_unstable();
        components.push(component);
    }
    components
}
