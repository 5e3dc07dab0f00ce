//! What a change of the input changes, and what it must not.

use std::collections::BTreeSet;

use assistance_toolbox::domain::identity::{Identity, IdentitySet};
use assistance_toolbox::domain::measure::{Gives, Measure, Part, Standard, Term, Unit};
use assistance_toolbox::domain::money::{Fen, Rounding};
use assistance_toolbox::domain::package::{Against, Package};
use assistance_toolbox::domain::period::Period;
use assistance_toolbox::domain::rulebook::Rulebook;
use proptest::prelude::*;

use super::explained::{forget, forgetful, undecided};
use super::measures::{measure, text};
use super::tape::Tape;
use super::view::{Key, all_paid, key, keys};
use super::world::{World, valid, worlds};
use super::{config, small};

/// The same case in another order.
fn shuffled(world: &World, tape: &mut Tape) -> World {
    let mut other = world.clone();
    let order = tape.order(world.members.len());
    other.members = order.iter().map(|index| world.members[*index].clone()).collect();
    for stated in &mut other.facts {
        stated.who = stated.who.map(|old| order.iter().position(|index| *index == old).unwrap());
    }
    other.identities.reverse();
    other.members.iter_mut().for_each(|member| member.identities.reverse());
    for measure in &mut other.catalogue.measures {
        let places = tape.order(measure.standards.len());
        measure.standards = places.into_iter().map(|place| measure.standards[place].clone()).collect();
    }
    other.catalogue.exclusions.reverse();
    for rule in &mut other.catalogue.exclusions {
        // The first one of a priority is its sense.
        let fixed = usize::from(rule.mode == assistance_toolbox::domain::catalogue::ExclusionMode::Priority);
        rule.members[fixed..].reverse();
    }
    for place in &mut other.catalogue.places {
        place.parameters.reverse();
        place.extensions.reverse();
    }
    other
}

type Refused = (Key, Option<Key>);

fn refusals(rulebook: &Rulebook, world: &World, package: &Package) -> BTreeSet<Refused> {
    let household = world.household();
    let rows = package.not_taken.iter().map(|row| {
        let by = match row.by {
            Against::Entitlement(place) => Some(key(rulebook, &household, &package.entitlements[place])),
            Against::Alternatives(_) => None,
        };
        (key(rulebook, &household, &row.refused), by)
    });
    rows.collect()
}

type Bundles = Vec<(Option<i64>, BTreeSet<Key>)>;

fn alternatives(rulebook: &Rulebook, world: &World, package: &Package) -> BTreeSet<Bundles> {
    let household = world.household();
    let choices = package.alternatives.iter().map(|choice| {
        let bundles = choice.bundles.iter().map(|bundle| {
            let first = bundle.from.as_ref().map(|from| from.1);
            (first, keys(rulebook, &household, &bundle.entitlements))
        });
        let mut bundles: Bundles = bundles.collect();
        bundles.sort();
        bundles
    });
    choices.collect()
}

fn standard(id: &str, amount: i64) -> Standard {
    let gives = Gives::Amount { amount: Term::Fixed(Fen::new(amount)) };
    Standard {
        id: id.to_owned(),
        name: text(),
        validity: valid("2021-01-01", None),
        identities: IdentitySet::SOCIAL_ASSISTANCE.union(IdentitySet::of(Identity::MEdge)),
        identity_on: None,
        conditions: vec![],
        parts: vec![Part { name: text(), gives, sources: vec![] }],
        period: Some(Period::Year),
        rounding: Rounding::HalfUpToFen,
        sources: vec![],
    }
}

impl World {
    /// Measures that no arrow, top-up or cascade names.
    fn plain(&self) -> Vec<usize> {
        let named = |measure: &Measure, id: &String| {
            measure.id == *id || measure.standards.iter().any(|known| known.id == *id)
        };
        let catalogue = &self.catalogue;
        let parts =
            catalogue.measures.iter().flat_map(|known| &known.standards).flat_map(|known| &known.parts);
        let not_heads: Vec<&String> = parts
            .filter_map(|part| match &part.gives {
                Gives::TopUp { not_heads, .. } => Some(not_heads),
                _ => None,
            })
            .flatten()
            .collect();
        let plain = catalogue.measures.iter().enumerate().filter(|(_, measure)| {
            let rules = catalogue.exclusions.iter().flat_map(|rule| &rule.members);
            let links = catalogue.cascades.iter().flat_map(|cascade| &cascade.links);
            let top_up = measure.standards.iter().flat_map(|known| &known.parts);
            let top_up = top_up.into_iter().any(|part| matches!(part.gives, Gives::TopUp { .. }));
            !top_up && !rules.chain(links).chain(not_heads.iter().copied()).any(|id| named(measure, id))
        });
        plain.map(|(index, _)| index).collect()
    }
}

proptest! {
    #![proptest_config(config(96))]

    /// In whatever order members, identities, standards and rules are given, the answer is the same.
    #[test]
    fn order_changes_nothing(
        world in worlds(),
        forgotten in forgetful(),
        bytes in prop::collection::vec(any::<u8>(), 30),
    ) {
        let mut world = world;
        forget(&mut world, &forgotten);
        let other = shuffled(&world, &mut Tape::new(bytes));
        let ((rules, one), (other_rules, two)) = (world.package(), other.package());
        let (house, other_house) = (world.household(), other.household());
        prop_assert_eq!(all_paid(&rules, &house, &one), all_paid(&other_rules, &other_house, &two));
        prop_assert_eq!(undecided(&rules, &house, &one), undecided(&other_rules, &other_house, &two));
        prop_assert_eq!(alternatives(&rules, &world, &one), alternatives(&other_rules, &other, &two));
        prop_assert_eq!(refusals(&rules, &world, &one), refusals(&other_rules, &other, &two));
    }

    /// One more standard never lowers the total.
    #[test]
    fn a_further_standard_lowers_no_total(
        world in worlds(),
        which in any::<prop::sample::Index>(),
        amount in prop::sample::select(vec![0, 100, 1200, 5000]),
    ) {
        let plain = world.plain();
        prop_assume!(!plain.is_empty());
        let mut more = world.clone();
        let measure = &mut more.catalogue.measures[plain[which.index(plain.len())]];
        measure.standards.push(standard(&format!("{}-9", measure.id), amount));
        let (before, after) = (small(&world)?, small(&more)?);
        let household = world.household();
        let ((rules, one), (more_rules, two)) = (world.package(), more.package());
        let taken = before.find(&household, &keys(&rules, &household, &one.entitlements))?;
        let now = after.find(&household, &keys(&more_rules, &household, &two.entitlements))?;
        prop_assert!(before.total(&taken) <= after.total(&now));
    }

    /// A measure in a category of its own changes no other entitlement.
    #[test]
    fn a_measure_of_its_own_changes_no_other(world in worlds(), forgotten in forgetful(), person in any::<bool>()) {
        let mut world = world;
        forget(&mut world, &forgotten);
        let mut more = world.clone();
        let unit = if person { Unit::Person } else { Unit::Household };
        more.catalogue.measures.push(measure("S5", unit, "own", vec![standard("S5-0", 5000)]));
        let household = world.household();
        let ((rules, one), (more_rules, two)) = (world.package(), more.package());
        let mut now = all_paid(&more_rules, &household, &two);
        now.retain(|(key, _)| key.lines[0].0 != "S5");
        prop_assert_eq!(all_paid(&rules, &household, &one), now);
        prop_assert_eq!(alternatives(&rules, &world, &one), alternatives(&more_rules, &more, &two));
    }

    /// The same measure once more, in the same category: exactly one of the two is paid, the first.
    #[test]
    fn a_tie_pays_exactly_one(world in worlds(), which in any::<prop::sample::Index>()) {
        let alone = |index: &usize| {
            let measures = &world.catalogue.measures;
            let category = &measures[*index].category;
            measures.iter().filter(|other| other.category == *category).count() == 1
        };
        let plain: Vec<usize> = world.plain().into_iter().filter(alone).collect();
        prop_assume!(!plain.is_empty());
        small(&world)?;
        let mut twice = world.clone();
        let mut copy = world.catalogue.measures[plain[which.index(plain.len())]].clone();
        for place in &mut twice.catalogue.places {
            let extended = place.extensions.iter_mut().filter(|rule| rule.measures.contains(&copy.id));
            extended.for_each(|rule| rule.measures.push("S5".to_owned()));
        }
        copy.id = "S5".to_owned();
        copy.code = "CODE_S5".to_owned();
        copy.standards.iter_mut().for_each(|known| known.id = format!("S5-{}", known.id));
        twice.catalogue.measures.push(copy);
        let household = world.household();
        let ((rules, one), (twice_rules, two)) = (world.package(), twice.package());
        prop_assert_eq!(all_paid(&rules, &household, &one), all_paid(&twice_rules, &household, &two));
    }
}
