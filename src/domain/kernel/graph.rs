//! Who refuses whom, and what follows when one is taken or left out.

use std::cmp::Reverse;

use super::MAX_CANDIDATES;
use super::masks::{bit, members, number_of, of};

/// Who refuses whom, as masks per candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Graph {
    /// Whom the candidate refuses.
    pub(super) targets: [u64; MAX_CANDIDATES],
    /// Who refuses the candidate.
    pub(super) sources: [u64; MAX_CANDIDATES],
}

impl Graph {
    pub(super) const EMPTY: Self = Self { targets: [0; MAX_CANDIDATES], sources: [0; MAX_CANDIDATES] };

    pub(super) fn join(&mut self, from: usize, to: usize) {
        if let (Some(targets), Some(sources)) = (self.targets.get_mut(from), self.sources.get_mut(to)) {
            *targets |= bit(to);
            *sources |= bit(from);
        }
    }

    pub(super) fn neighbours(&self, node: usize) -> u64 {
        of(&self.targets, node) | of(&self.sources, node)
    }

    /// The state with the candidate taken and its neighbours left out.
    pub(super) fn with(&self, state: State, node: usize) -> State {
        let targets = of(&self.targets, node);
        let left_out = state.open & self.neighbours(node);
        State {
            taken: state.taken | bit(node),
            open: state.open & !bit(node) & !left_out,
            owed: (state.owed | left_out) & !targets,
        }
    }

    /// Takes every candidate that has to be taken. `None` if someone left out can no longer be refused.
    pub(super) fn settle(&self, mut state: State) -> Option<State> {
        'again: loop {
            for node in members(state.owed) {
                let helpers = of(&self.sources, node) & state.open;
                if helpers == 0 {
                    return None;
                }
                if helpers.is_power_of_two() {
                    state = self.with(state, number_of(helpers));
                    continue 'again;
                }
            }
            // Who cannot be refused any more cannot be left out.
            let free = members(state.open).find(|&node| of(&self.sources, node) & state.open == 0);
            let Some(node) = free else { return Some(state) };
            state = self.with(state, node);
        }
    }

    /// The candidate to decide next: a possible source of whoever is hardest to refuse, else the one
    /// with the most open conflicts; the lowest number among equals. `None` if all are decided.
    pub(super) fn pick(&self, state: State) -> Option<usize> {
        let hardest = members(state.owed)
            .map(|node| of(&self.sources, node) & state.open)
            .min_by_key(|helpers| helpers.count_ones());
        members(hardest.unwrap_or(state.open))
            .max_by_key(|&node| ((self.neighbours(node) & state.open).count_ones(), Reverse(node)))
    }
}

/// A search half way: who is taken, who is undecided, and who is left out but not refused yet.
#[derive(Clone, Copy)]
pub(super) struct State {
    pub(super) taken: u64,
    pub(super) open: u64,
    pub(super) owed: u64,
}

impl State {
    pub(super) const fn start(open: u64) -> Self {
        Self { taken: 0, open, owed: 0 }
    }

    pub(super) const fn without(self, node: u64) -> Self {
        Self { taken: self.taken, open: self.open & !node, owed: self.owed | node }
    }
}
