//! The engine against a brute force that shares no code with it, on random catalogues and households.
//!
//! The brute force reads the same definitions and facts, evaluates conditions on trees of its own and
//! amounts as fractions of any size, and tries every set of candidates.

use proptest::prelude::*;

mod amounts;
mod best;
mod changes;
mod disagreements;
mod explained;
mod gives;
mod households;
mod measures;
mod open;
mod oracle;
mod params;
mod places;
mod show;
mod tape;
mod tree;
mod view;
mod world;

use oracle::{Candidate, MOST, Oracle};
use world::World;

/// Cases are drawn anew in every run; a failing one is printed in full, as small as it gets.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 2500, ..ProptestConfig::default() }
}

/// The oracle of a case that is small enough and not one of [`disagreements`].
fn small(world: &World) -> Result<Oracle<'_>, TestCaseError> {
    let oracle = Oracle::new(world);
    prop_assume!(oracle.candidates.len() <= MOST);
    prop_assume!(!oracle.candidates.iter().any(Candidate::is_zero_in_part));
    prop_assume!(!oracle.candidates.iter().any(Candidate::is_own_without_head));
    Ok(oracle)
}
