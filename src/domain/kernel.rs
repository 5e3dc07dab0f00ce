//! The best bundle of one connected component of conflicting candidates (semantics, 4.4).
//!
//! Candidates are nodes. An *edge* binds both ways (`highest`, `choice`), an *arrow* binds from the
//! first to the second (`priority`). A bundle X is **admissible** when
//!
//! - no two members conflict, by an edge or by an arrow in either direction, and
//! - every candidate outside X is the target of an edge or arrow from a member of X,
//!
//! which is a kernel of the graph. [`best_bundle`] finds the best one exactly, [`all_bundles`] lists
//! them all.
//!
//! # An admissible bundle exists
//!
//! Let the arrows be acyclic. Put the candidates in an order in which every arrow points forwards
//! and walk through it, taking each candidate that conflicts with none taken before. Then no two
//! members conflict. A candidate v left out conflicts with a member u taken before it: by an edge,
//! so v is a target of u; or by an arrow, which points forwards, so from u to v. Either way v is
//! refused by a member. If arrows do form a cycle there may be no such bundle (three candidates in a
//! ring have none); that is [`KernelError::NoBundle`], never a panic and never a bundle that is not
//! admissible.

mod graph;
mod masks;
mod search;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use self::graph::{Graph, State};
use self::masks::{bit, first, members, of};
use self::search::{Listing, Ranking, Search};
use super::ratio::{ArithmeticError, Ratio};

/// The most candidates one component may have: a bundle is a mask of 64 bits.
pub const MAX_CANDIDATES: usize = 64;

/// The most branches one search may visit. A component that needs more is
/// [`KernelError::TooComplex`]; the components of real catalogues need a handful.
pub const MAX_BRANCHES: u32 = 200_000;

/// The most bundles [`all_bundles`] lists.
pub const MAX_BUNDLES: usize = 4096;

/// What the choice between bundles needs to know of one candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// The exact amount that counts in the total, in fen a year; never negative, 0 if unpriced.
    pub value: Ratio,
    /// How many entitlements the candidate grants; a cascade of two links grants 2.
    pub entitlements: u32,
    /// How many of them are priced, so that a priced amount of 0 beats an unpriced one.
    pub priced: u32,
    /// How many of them rest on an original standard rather than on one opened by extension.
    pub original: u32,
    /// How many of them are under the social-assistance track.
    pub social: u32,
    /// The ranks of its entries in the order of the last tie rule: bit 0 is the smallest. Every
    /// candidate has at least one and no two share one, so that no two bundles are ever equal and
    /// the order of the candidates changes nothing.
    pub entries: u128,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KernelError {
    /// More than [`MAX_CANDIDATES`] candidates, [`MAX_BRANCHES`] branches or [`MAX_BUNDLES`] bundles.
    #[error("{candidates} candidates exclude each other in too many ways to be compared exactly")]
    TooComplex {
        /// How many candidates the component has.
        candidates: usize,
    },
    /// No bundle is admissible, which only priorities in a cycle can cause.
    #[error("the priorities between the candidates form a cycle")]
    NoBundle,
    /// A conflict names a candidate that is not there, or one candidate twice; or the candidates are
    /// not as many as the conflicts were made for; or their entry ranks are missing or shared.
    #[error("the candidates and their conflicts do not fit together")]
    Malformed,
    /// The amounts cannot be compared exactly.
    #[error(transparent)]
    Arithmetic(#[from] ArithmeticError),
}

/// The edges and arrows between the candidates of one component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflicts {
    candidates: usize,
    malformed: bool,
    graph: Graph,
}

impl Conflicts {
    /// No conflicts yet between that many candidates, which are numbered from 0.
    pub const fn new(candidates: usize) -> Self {
        Self { candidates, malformed: false, graph: Graph::EMPTY }
    }

    /// Adds an edge: each of the two refuses the other.
    pub fn edge(&mut self, one: usize, other: usize) {
        self.arrow(one, other);
        self.arrow(other, one);
    }

    /// Adds an arrow: the first refuses the second. Arrows both ways are an edge.
    ///
    /// A number that is out of range, or the same number twice, makes the whole component
    /// [`KernelError::Malformed`].
    pub fn arrow(&mut self, from: usize, to: usize) {
        if from == to || from.max(to) >= self.candidates {
            self.malformed = true;
        }
        self.graph.join(from, to);
    }

    /// Whether two candidates refuse each other, and everybody else refuses and is refused by the one
    /// as by the other, so that either can stand for the other in every bundle.
    pub fn are_twins(&self, one: usize, other: usize) -> bool {
        let alike = |masks: &[u64; MAX_CANDIDATES]| {
            let (first, second) = (of(masks, one), of(masks, other));
            first & bit(other) != 0 && second & bit(one) != 0 && first | bit(one) == second | bit(other)
        };
        one != other && alike(&self.graph.targets) && alike(&self.graph.sources)
    }

    fn check(&self) -> Result<(), KernelError> {
        if self.candidates > MAX_CANDIDATES {
            return Err(self.too_complex());
        }
        if self.malformed { Err(KernelError::Malformed) } else { Ok(()) }
    }

    const fn too_complex(&self) -> KernelError {
        KernelError::TooComplex { candidates: self.candidates }
    }

    /// Whether every candidate refuses every other, so that each one alone is a bundle.
    fn is_clique(&self) -> bool {
        let all = first(self.candidates);
        members(all).all(|node| of(&self.graph.targets, node) | bit(node) == all)
    }
}

/// A bundle's place in the order of tie rules 2 to 6. The greater of two is the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tie {
    counts: [u64; 4],
    entries: u128,
}

impl Tie {
    /// The place of a bundle of these candidates.
    pub fn of(nodes: &[Node], bundle: u64) -> Self {
        chosen(nodes, bundle).fold(Self { counts: [0; 4], entries: 0 }, |tie, node| {
            let mut counts = tie.counts;
            for (sum, count) in counts.iter_mut().zip(counts_of(node)) {
                *sum += u64::from(count);
            }
            Self { counts, entries: tie.entries | node.entries }
        })
    }
}

impl Ord for Tie {
    fn cmp(&self, other: &Self) -> Ordering {
        self.counts.cmp(&other.counts).then_with(|| compare_entries(self.entries, other.entries).reverse())
    }
}

impl PartialOrd for Tie {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Compares two bundles by their totals, then by the tie rules. The greater is the better.
///
/// # Errors
/// `Overflow` if the totals cannot be compared exactly.
fn compare(one: (Ratio, &Tie), other: (Ratio, &Tie)) -> Result<Ordering, ArithmeticError> {
    Ok(one.0.compare(other.0)?.then_with(|| one.1.cmp(other.1)))
}

/// The best admissible bundle, as a mask of the candidates' numbers.
///
/// Best is: the highest exact total; then most entitlements; most priced ones; most by an original
/// standard; most under the social-assistance track; and the smallest sorted list of entry ranks.
///
/// If all candidates refuse each other, as those of one measure for one beneficiary do, this is one
/// pass over them. Otherwise it is a branch and bound over the whole order at once, so that ties cost
/// no more than differences. The search numbers the candidates by what they are worth, so neither
/// the answer nor the number of branches depends on the order in which they are given.
///
/// # Errors
/// `TooComplex`, `Malformed`, `NoBundle` for cyclic arrows, or `Arithmetic` if the sum of all values
/// is out of range.
pub fn best_bundle(nodes: &[Node], conflicts: &Conflicts) -> Result<u64, KernelError> {
    conflicts.check()?;
    if nodes.len() == conflicts.candidates && ranks_are_distinct(nodes) && conflicts.is_clique() {
        return Ok(best_single(nodes)?);
    }
    search(nodes, conflicts, None)
}

/// The best admissible bundle that holds this candidate.
///
/// # Errors
/// As [`best_bundle`]; `NoBundle` also if no admissible bundle holds the candidate.
pub fn best_bundle_with(nodes: &[Node], conflicts: &Conflicts, held: usize) -> Result<u64, KernelError> {
    conflicts.check()?;
    search(nodes, conflicts, Some(held))
}

fn search(nodes: &[Node], conflicts: &Conflicts, held: Option<usize>) -> Result<u64, KernelError> {
    if nodes.len() != conflicts.candidates || !ranks_are_distinct(nodes) {
        return Err(KernelError::Malformed);
    }
    let ranking = Ranking::new(nodes, &conflicts.graph)?;
    let mut search = Search { ranking: &ranking, best: None, branches: 0 };
    let mut state = State::start(first(nodes.len()));
    if let Some(held) = held {
        let place = ranking.places.iter().position(|(given, _)| *given == held);
        state = ranking.graph.with(state, place.ok_or(KernelError::Malformed)?);
    }
    search.run(state).ok_or(conflicts.too_complex())?;
    let (_, bundle) = search.best.ok_or(KernelError::NoBundle)?;
    Ok(ranking.original(bundle))
}

/// Every admissible bundle, as masks in ascending order.
///
/// # Errors
/// `TooComplex` (also for more than [`MAX_BUNDLES`] bundles), `Malformed`, or `NoBundle` for cyclic
/// arrows.
pub fn all_bundles(conflicts: &Conflicts) -> Result<Vec<u64>, KernelError> {
    conflicts.check()?;
    let mut listing = Listing { graph: &conflicts.graph, bundles: Vec::new(), branches: 0 };
    listing.run(State::start(first(conflicts.candidates))).ok_or(conflicts.too_complex())?;
    let mut bundles = listing.bundles;
    if bundles.is_empty() {
        return Err(KernelError::NoBundle);
    }
    bundles.sort_unstable();
    Ok(bundles)
}

/// Whether every candidate has entry ranks and no two share one.
fn ranks_are_distinct(nodes: &[Node]) -> bool {
    let mut owned = 0_u128;
    nodes.iter().all(|node| {
        let distinct = node.entries != 0 && owned & node.entries == 0;
        owned |= node.entries;
        distinct
    })
}

/// The best of candidates of which only one can be taken.
fn best_single(nodes: &[Node]) -> Result<u64, ArithmeticError> {
    let mut best: Option<(u64, Ratio, Tie)> = None;
    for (number, node) in nodes.iter().enumerate() {
        let tie = Tie::of(std::slice::from_ref(node), 1);
        let better = match &best {
            Some((_, value, other)) => compare((node.value, &tie), (*value, other))? == Ordering::Greater,
            None => true,
        };
        if better {
            best = Some((bit(number), node.value, tie));
        }
    }
    Ok(best.map_or(0, |(bundle, ..)| bundle))
}

const fn counts_of(node: &Node) -> [u32; 4] {
    [node.entitlements, node.priced, node.original, node.social]
}

/// Compares two sets of ranks as sorted lists; a proper prefix is smaller.
fn compare_entries(one: u128, other: u128) -> Ordering {
    let differing = one ^ other;
    // The lowest rank that only one of them owns, and all ranks from there on.
    let lowest = differing & differing.wrapping_neg();
    let onwards = lowest.wrapping_neg();
    match (one & lowest != 0, other & lowest != 0) {
        (true, _) if other & onwards == 0 => Ordering::Greater,
        (true, _) => Ordering::Less,
        (_, true) if one & onwards == 0 => Ordering::Less,
        (_, true) => Ordering::Greater,
        _ => Ordering::Equal,
    }
}

fn chosen(nodes: &[Node], bundle: u64) -> impl Iterator<Item = &Node> {
    members(bundle).filter_map(|number| nodes.get(number))
}
