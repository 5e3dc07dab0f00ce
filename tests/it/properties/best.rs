//! What is taken is the best that is admissible.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::view::{Paid, keys};
use super::world::worlds;
use super::{config, small};

proptest! {
    #![proptest_config(config(128))]

    /// The engine takes what the oracle takes, and pays the same.
    #[test]
    fn the_package_is_the_best_bundle(world in worlds()) {
        let oracle = small(&world)?;
        let (rulebook, package) = world.package();
        let household = world.household();
        let best = oracle.best.clone().unwrap();
        let expected: BTreeSet<Paid> =
            best.iter().map(|index| oracle.paid_of(&oracle.candidates[*index], &household)).collect();
        prop_assert_eq!(oracle.all_paid(&rulebook, &household, &package)?, expected);
        prop_assert!(package.alternatives.is_empty());
    }

    /// Nothing is doubled, nothing is refused without somebody standing against it, and no other bundle
    /// of which that is true totals more.
    #[test]
    fn nothing_admissible_totals_more(world in worlds()) {
        let oracle = small(&world)?;
        let (rulebook, package) = world.package();
        let household = world.household();
        let taken = oracle.find(&household, &keys(&rulebook, &household, &package.entitlements));
        let taken = taken?;
        prop_assert!(oracle.is_admissible(&taken));
        let all: Vec<usize> = (0..oracle.candidates.len()).collect();
        let total = oracle.total(&taken);
        for bundle in oracle.bundles(&all) {
            prop_assert!(oracle.is_admissible(&bundle));
            prop_assert!(oracle.total(&bundle) <= total, "{bundle:?} is better than {taken:?}");
        }
    }
}
