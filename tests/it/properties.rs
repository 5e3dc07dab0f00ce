//! The engine against a brute force that shares no code with it, on random catalogues and households.

use std::collections::BTreeSet;

use proptest::prelude::*;

mod amounts;
mod gives;
mod households;
mod measures;
mod oracle;
mod params;
mod places;
mod show;
mod tape;
mod tree;
mod view;
mod world;

use oracle::{Candidate, MOST, Oracle};
use view::{Paid, all_paid};
use world::{World, worlds};

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 2500, ..ProptestConfig::default() }
}

/// The oracle of a case, if it is small enough.
fn small(world: &World) -> Result<Oracle<'_>, TestCaseError> {
    let oracle = Oracle::new(world);
    prop_assume!(oracle.candidates.len() <= MOST);
    prop_assume!(!oracle.candidates.iter().any(Candidate::is_zero_in_part));
    prop_assume!(!oracle.candidates.iter().any(Candidate::is_own_without_head));
    Ok(oracle)
}

proptest! {
    #![proptest_config(config(256))]

    /// The engine takes what the oracle takes, and pays the same.
    #[test]
    fn the_package_is_the_best_bundle(world in worlds()) {
        let oracle = small(&world)?;
        let (rulebook, package) = world.package();
        let household = world.household();
        let best = oracle.best.clone().unwrap();
        let expected: BTreeSet<Paid> =
            best.iter().map(|index| oracle.paid_of(&oracle.candidates[*index], &household)).collect();
        prop_assert_eq!(all_paid(&rulebook, &household, &package), expected);
        prop_assert!(package.alternatives.is_empty());
    }
}
