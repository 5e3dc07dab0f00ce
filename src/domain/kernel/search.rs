//! Branch and bound over all bundles at once, ties included.

use std::cmp::Reverse;

use super::graph::{Graph, State};
use super::masks::{bit, members, number_of, of};
use super::{MAX_BRANCHES, MAX_BUNDLES, Node, counts_of};
use crate::domain::ratio::{ArithmeticError, Ratio};

/// The value on a common denominator, the four counts, and the entries as a number, in two halves.
///
/// Weights are compared from the left and added part by part. Addition keeps that order, so the sum
/// of maxima bounds the maximum of sums. The entries fit in because of two things: no admissible
/// bundle contains another, so (ranks being distinct) no list of ranks is a prefix of another; then
/// the smaller list is the one that owns the lowest differing rank, which is the greater number when
/// the lowest rank is the highest bit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Weight([i128; 7]);

impl Weight {
    const ZERO: Self = Self([0; 7]);

    /// No part can overflow: [`Ranking::new`] checks the sum of all values.
    pub(super) fn plus(mut self, other: Self) -> Self {
        for (left, right) in self.0.iter_mut().zip(other.0) {
            *left = left.saturating_add(right);
        }
        self
    }
}

/// The candidates numbered anew, the worthiest first.
pub(super) struct Ranking {
    pub(super) graph: Graph,
    /// Per new number: the given number and the weight.
    pub(super) places: Vec<(usize, Weight)>,
}

impl Ranking {
    pub(super) fn new(nodes: &[Node], graph: &Graph) -> Result<Self, ArithmeticError> {
        let denominator = nodes.iter().try_fold(1_i128, |common, node| {
            let denominator = node.value.denominator();
            let factor = Ratio::new(common, denominator)?.numerator();
            factor.checked_mul(denominator).ok_or(ArithmeticError::Overflow)
        })?;
        let mut sum = 0_i128;
        let mut places = Vec::with_capacity(nodes.len());
        for (number, node) in nodes.iter().enumerate() {
            let value = (denominator / node.value.denominator())
                .checked_mul(node.value.numerator())
                .ok_or(ArithmeticError::Overflow)?;
            sum = value
                .checked_abs()
                .and_then(|value| sum.checked_add(value))
                .ok_or(ArithmeticError::Overflow)?;
            let [entitlements, priced, original, social] = counts_of(node).map(i128::from);
            let mirrored = node.entries.reverse_bits();
            let [high, low] = [mirrored >> 64, mirrored & u128::from(u64::MAX)]
                .map(|half| i128::try_from(half).unwrap_or(i128::MAX));
            let weight = Weight([value, entitlements, priced, original, social, high, low]);
            places.push((number, weight));
        }
        places.sort_by_key(|place| Reverse(place.1));
        let mut renumbered = Graph::EMPTY;
        for (from, (given, _)) in places.iter().enumerate() {
            let targets = of(&graph.targets, *given);
            for (to, (given, _)) in places.iter().enumerate() {
                if targets & bit(*given) != 0 {
                    renumbered.join(from, to);
                }
            }
        }
        Ok(Self { graph: renumbered, places })
    }

    /// The bundle by the given numbers.
    pub(super) fn original(&self, bundle: u64) -> u64 {
        members(bundle).filter_map(|node| self.places.get(node)).fold(0, |mask, place| mask | bit(place.0))
    }

    pub(super) fn weight(&self, node: usize) -> Weight {
        self.places.get(node).map_or(Weight::ZERO, |place| place.1)
    }

    /// What a bundle that grows from this state can weigh at most: the undecided are parted into
    /// groups in which all conflict, and each group counts with its worthiest member, the first.
    pub(super) fn bound(&self, state: State) -> Weight {
        let mut bound = members(state.taken).fold(Weight::ZERO, |sum, node| sum.plus(self.weight(node)));
        let mut rest = state.open;
        while rest != 0 {
            let head = number_of(rest);
            let mut group = self.graph.neighbours(head) & rest;
            rest &= !bit(head);
            while group != 0 {
                let member = number_of(group);
                rest &= !bit(member);
                group &= self.graph.neighbours(member);
            }
            bound = bound.plus(self.weight(head).max(Weight::ZERO));
        }
        bound
    }
}

pub(super) struct Search<'a> {
    pub(super) ranking: &'a Ranking,
    /// The best bundle so far.
    pub(super) best: Option<(Weight, u64)>,
    pub(super) branches: u32,
}

impl Search<'_> {
    /// `None` when the branches run out.
    pub(super) fn run(&mut self, state: State) -> Option<()> {
        self.branches = within(self.branches)?;
        let Some(state) = self.ranking.graph.settle(state) else { return Some(()) };
        let bound = self.ranking.bound(state);
        if self.best.is_some_and(|(weight, _)| bound <= weight) {
            return Some(());
        }
        let Some(node) = self.ranking.graph.pick(state) else {
            self.best = Some((bound, state.taken));
            return Some(());
        };
        self.run(self.ranking.graph.with(state, node))?;
        self.run(state.without(bit(node)))
    }
}

pub(super) struct Listing<'a> {
    pub(super) graph: &'a Graph,
    pub(super) bundles: Vec<u64>,
    pub(super) branches: u32,
}

impl Listing<'_> {
    /// `None` when the branches run out or the bundles become too many.
    pub(super) fn run(&mut self, state: State) -> Option<()> {
        self.branches = within(self.branches)?;
        let Some(state) = self.graph.settle(state) else { return Some(()) };
        let Some(node) = self.graph.pick(state) else {
            self.bundles.push(state.taken);
            return (self.bundles.len() <= MAX_BUNDLES).then_some(());
        };
        self.run(self.graph.with(state, node))?;
        self.run(state.without(bit(node)))
    }
}

/// The next number of branches, if the budget allows it.
pub(super) fn within(branches: u32) -> Option<u32> {
    (branches < MAX_BRANCHES).then(|| branches.saturating_add(1))
}
