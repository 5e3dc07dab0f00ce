//! Facts that are not known: what is promised holds when they become known.

use std::collections::BTreeSet;

use assistance_toolbox::domain::facts::Fact;
use assistance_toolbox::domain::package::{Against, Amount, Difference, Entitlement};
use assistance_toolbox::domain::schedule::{Comparison, Side};
use assistance_toolbox::domain::vocabulary::FactType;
use num_traits::{Signed, Zero};
use proptest::prelude::*;

use super::explained::{forget, forgetful};
use super::oracle::Oracle;
use super::params::{Q, exact};
use super::view::{Paid, all_paid, key, paid, promised};
use super::world::{World, worlds};
use super::{config, small};

/// Whether an amount may depend on the fact.
fn is_basis(fact: Fact) -> bool {
    super::households::BASES.iter().any(|(basis, _)| *basis == fact)
}

/// The places of facts that some amount depends on.
fn bases(world: &World) -> Vec<usize> {
    let mut all = Vec::new();
    for (place, stated) in world.facts.iter().enumerate() {
        if !is_basis(stated.fact) {
            continue;
        }
        let mut without = world.clone();
        without.facts[place].known = false;
        if Oracle::derived(&without).candidates.iter().any(super::Candidate::is_open) {
            all.push(place);
        }
    }
    all
}

fn with_value(world: &World, place: usize, value: i64) -> World {
    let mut world = world.clone();
    world.facts[place].value = value;
    world
}

proptest! {
    #![proptest_config(config(96))]

    /// One amount is not known: whatever it turns out to be, what was promised for it is the best.
    #[test]
    fn a_promise_holds_for_every_value(
        world in worlds(),
        which in any::<prop::sample::Index>(),
        some in prop::collection::vec(0..9000_i64, 6),
    ) {
        small(&world)?;
        let bases = bases(&world);
        prop_assume!(!bases.is_empty());
        let place = bases[which.index(bases.len())];
        let mut without = world.clone();
        without.facts[place].known = false;
        let (rulebook, package) = without.package();
        let household = world.household();
        let most = match world.facts[place].fact.def().ty {
            FactType::Count { most } => most,
            _ => 1_000_000_000,
        };
        let mut values = some;
        values.extend([0, 1, 100, 500, 1000, 2401, 12_000, 60_000, 100_000, most]);
        for bundle in package.alternatives.iter().flat_map(|choice| &choice.bundles) {
            let first = bundle.from.expect("one unknown amount has crossings").1;
            values.extend([first - 1, first, first + 1]);
        }
        for value in values.into_iter().filter(|value| (0..=most).contains(value)) {
            let known = with_value(&world, place, value);
            let oracle = Oracle::new(&known);
            let best = oracle.best.clone().unwrap();
            let found = oracle.find(&household, &promised(&rulebook, &household, &package, value));
            let found = found?;
            prop_assert!(oracle.is_admissible(&found), "{value}: {found:?}");
            let lost = oracle.total(&best) - oracle.total(&found);
            prop_assert!(lost.is_zero(), "at {value} the promise is {lost} too low");
            for row in &package.not_taken {
                let Against::Entitlement(by) = row.by else { continue };
                let of = |one| Ok::<_, TestCaseError>(oracle.candidates[oracle.find_one(&household, &key(&rulebook, &household, one))?].annual());
                let lead = of(&package.entitlements[by])? - of(&row.refused)?;
                prop_assert!(is_told(&row.difference, &lead, value), "at {value} it is {lead}: {row:?}");
            }
        }
    }

    /// What is not provisional stays, and pays the same, whatever conditions turn out to be; and a top-up
    /// counts no number of heads that was not told to be possible.
    #[test]
    fn knowledge_never_contradicts(
        world in worlds(),
        forgotten in forgetful(),
        reveals in prop::collection::vec(prop::collection::vec((0..5_i64, any::<bool>()), 60), 3),
    ) {
        let mut world = world;
        forget(&mut world, &forgotten);
        small(&world)?;
        let (rulebook, package) = world.package();
        let household = world.household();
        let sure = package.entitlements.iter().filter(|taken| taken.provisional.is_empty());
        let sure: BTreeSet<Paid> = sure.map(|taken| paid(&rulebook, &household, taken)).collect();
        for reveal in reveals {
            let mut later = world.clone();
            let unknown = later.facts.iter_mut().filter(|stated| !stated.known && !is_basis(stated.fact));
            for (stated, (value, now)) in unknown.zip(reveal) {
                stated.known = now;
                stated.value = match stated.fact.def().ty {
                    FactType::Bool => value % 2,
                    FactType::Choice(_) => value % 4,
                    _ => value,
                };
            }
            let (_, revealed) = later.package();
            let now = all_paid(&rulebook, &household, &revealed);
            let lost: BTreeSet<_> = sure.difference(&now).collect();
            prop_assert!(lost.is_empty(), "{lost:?} was sure and is gone; now {later:?}");
            for (before, after) in package.entitlements.iter().flat_map(|before| {
                let same = |after: &&Entitlement| key(&rulebook, &household, after) == key(&rulebook, &household, before);
                revealed.entitlements.iter().filter(same).map(move |after| (before, after))
            }) {
                let told = heads(before);
                let unforeseen: Vec<u32> = heads(after).into_iter().filter(|heads| !told.contains(heads)).collect();
                prop_assert!(unforeseen.is_empty(), "{unforeseen:?} heads instead of {told:?}; now {later:?}");
            }
        }
    }
}

/// Whether this lead at a value is what was told of it.
fn is_told(difference: &Difference, lead: &Q, value: i64) -> bool {
    match difference {
        Difference::Exact(told) => *lead == exact(*told),
        Difference::NotComparable => true,
        Difference::SameStandard | Difference::OverRange(Comparison::Equal) => lead.is_zero(),
        Difference::OverRange(Comparison::Dominates { least, most, .. }) => {
            exact(*least) <= *lead && *lead <= exact(*most)
        }
        Difference::OverRange(Comparison::Dominated { least, most, .. }) => {
            exact(*least) <= -lead && -lead <= exact(*most)
        }
        Difference::OverRange(Comparison::Crosses(crossings)) => {
            let passed = crossings.iter().rfind(|crossing| crossing.first <= value);
            let first =
                passed.map_or(crossings[0].ahead == Side::Second, |passed| passed.ahead == Side::First);
            let strict = crossings.iter().any(|crossing| crossing.first == value);
            let ahead = if first { lead.clone() } else { -lead };
            ahead.is_positive() || (!strict && ahead.is_zero())
        }
    }
}

/// The numbers of heads that are possible.
fn heads(taken: &Entitlement) -> Vec<u32> {
    let options = taken.lines.iter().filter_map(|line| match &line.amount {
        Amount::ByHeads(options) => Some(options),
        _ => None,
    });
    options.flatten().map(|option| option.heads).collect()
}
