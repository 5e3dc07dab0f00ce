//! A difference of packages, on random households: nothing between a package and itself, and what it tells turns
//! the first into the second.

use std::collections::BTreeMap;

use assistance_toolbox::domain::difference::{Difference, Entitled, Side, Whose, difference, entitled};
use assistance_toolbox::domain::facts::{Fact, Household, IdentityRecord};
use assistance_toolbox::domain::identity::Identity;
use assistance_toolbox::domain::period::Validity;
use proptest::prelude::*;

use super::{day, facts_without, sample};
use crate::support::{Resolved, resolved};

/// A sample household with some of it changed, at a place and day.
fn any_household() -> impl Strategy<Value = (Household, &'static str, &'static str)> {
    (
        prop::sample::select(vec!["h1", "h3", "h4", "h6"]),
        prop::collection::btree_set(prop::sample::select(Identity::ALL.to_vec()), 0..3),
        prop::option::of(0_i64..6_000_000),
        prop::option::of(0_i64..30_000_000),
        prop::sample::select(vec!["huaibei", "huaibei-parallel", "longnan", "low-cap"]),
        prop::sample::select(vec!["2023-03-01", "2024-06-01", "2025-03-01"]),
        any::<bool>(),
    )
        .prop_map(|(case, identities, income, expense, place, on, turned)| {
            let mut household = sample(case);
            household.facts = facts_without(&household.facts, Fact::CountedIncomeYear);
            household.facts.set_known(Fact::CountedIncomeYear, income);
            household.identities.retain(|record| identities.contains(&record.identity));
            for identity in identities {
                if household.identities.iter().all(|record| record.identity != identity)
                    && identity != Identity::Tekun
                {
                    let held = Validity::new(day("2023-01-01"), None).unwrap();
                    household.identities.push(IdentityRecord {
                        identity,
                        held,
                        source: None,
                        evidence: None,
                    });
                }
            }
            let first = &mut household.members[0].facts;
            *first = facts_without(first, Fact::EligibleExpenseYear);
            first.set_known(Fact::EligibleExpenseYear, expense);
            if turned {
                household.members.reverse();
            }
            (household, place, on)
        })
}

fn side(resolved: &Resolved) -> Side<'_> {
    Side { rulebook: &resolved.rulebook, household: &resolved.household, package: &resolved.package }
}

fn set(list: Vec<Entitled>) -> BTreeMap<Whose, Entitled> {
    let count = list.len();
    let set: BTreeMap<_, _> = list.into_iter().map(|one| (one.whose.clone(), one)).collect();
    assert_eq!(set.len(), count, "one entitlement for each");
    set
}

/// The plainest reading of a difference.
fn applied(mut set: BTreeMap<Whose, Entitled>, difference: &Difference) -> BTreeMap<Whose, Entitled> {
    for moved in &difference.lost {
        assert_eq!(set.remove(&moved.entitled.whose), Some(moved.entitled.clone()));
    }
    for altered in &difference.changed {
        assert_ne!(altered.before, altered.after);
        assert_eq!(
            set.insert(altered.after.whose.clone(), altered.after.clone()),
            Some(altered.before.clone())
        );
    }
    for moved in &difference.gained {
        assert_eq!(set.insert(moved.entitled.whose.clone(), moved.entitled.clone()), None);
    }
    set
}

proptest! {
    #[test]
    fn a_difference_turns_the_first_package_into_the_second(a in any_household(), b in any_household()) {
        let (a, b) = (resolved(a.0, a.1, a.2), resolved(b.0, b.1, b.2));
        let told = difference(Some(side(&a)), Some(side(&b)));
        prop_assert_eq!(applied(set(entitled(Some(side(&a)))), &told), set(entitled(Some(side(&b)))));
        prop_assert!(difference(Some(side(&a)), Some(side(&a))).is_empty());
        // Backwards the same things move the other way.
        let back = difference(Some(side(&b)), Some(side(&a)));
        prop_assert_eq!((back.gained.len(), back.lost.len()), (told.lost.len(), told.gained.len()));
        prop_assert_eq!(back.needs.len(), told.needs.len());
        // From nothing everything is gained.
        let all = difference(None, Some(side(&b)));
        prop_assert_eq!(all.gained.len(), entitled(Some(side(&b))).len());
        prop_assert!(all.lost.is_empty() && all.changed.is_empty());
    }

    /// The order of the members says nothing.
    #[test]
    fn the_order_of_members_is_no_difference((household, place, on) in any_household()) {
        let mut turned = household.clone();
        turned.members.reverse();
        let (a, b) = (resolved(household, place, on), resolved(turned, place, on));
        prop_assert_eq!(difference(Some(side(&a)), Some(side(&b))), Difference::default());
    }
}
