//! What is not taken, and what is not decided, stays in the package with its reason.

use std::collections::{BTreeMap, BTreeSet};

use assistance_toolbox::domain::catalogue::ExclusionMode;
use assistance_toolbox::domain::condition::Leaf;
use assistance_toolbox::domain::facts::Household;
use assistance_toolbox::domain::identity::Identity;
use assistance_toolbox::domain::package::{Against, Difference, Entitlement, Package, Refusal};
use assistance_toolbox::domain::rulebook::Rulebook;
use proptest::prelude::*;

use super::oracle::Oracle;
use super::params::exact;
use super::view::{Key, key, keys, name};
use super::world::{World, worlds};
use super::{config, small};

/// Makes some of the facts unknown that amounts depend on.
pub(super) fn forget(world: &mut World, which: &[bool]) {
    let bases = super::households::BASES;
    let bases = world.facts.iter_mut().filter(|stated| bases.iter().any(|(fact, _)| *fact == stated.fact));
    bases.zip(which).for_each(|(stated, gone)| stated.known &= !gone);
}

pub(super) fn forgetful() -> impl Strategy<Value = Vec<bool>> {
    prop::collection::vec(prop::bool::weighted(0.2), 20)
}

/// Measure, beneficiary, standards with identities, and what is missing.
pub(super) type Row = (BTreeSet<(String, Identity)>, BTreeSet<(Option<String>, Leaf)>);

pub(super) fn undecided(
    rulebook: &Rulebook,
    household: &Household,
    package: &Package,
) -> BTreeMap<(String, Option<String>), Row> {
    let rows = package.undecided.iter().map(|row| {
        let id = |standard: usize| rulebook.standard(standard).unwrap().1.id.clone();
        let standards = row.standards.iter().flat_map(|(standard, identities)| {
            identities.iter().map(move |identity| (id(*standard), identity))
        });
        let missing = row.missing.iter().map(|row| (name(household, row.who), row.leaf.clone()));
        let measure = rulebook.catalogue.measures[row.measure].id.clone();
        ((measure, name(household, row.who)), (standards.collect(), missing.collect()))
    });
    rows.collect()
}

fn doubts(oracle: &Oracle<'_>, household: &Household) -> BTreeMap<(String, Option<String>), Row> {
    let mut rows: BTreeMap<(String, Option<String>), Row> = BTreeMap::new();
    let who = |person: Option<usize>| person.map(|person| household.members[person].key.clone());
    for doubt in &oracle.doubts {
        let measure = oracle.measure(doubt.measure);
        let row = rows.entry((measure.id.clone(), who(doubt.who))).or_default();
        row.0.insert((measure.standards[doubt.standard].id.clone(), doubt.identity));
        row.1.extend(doubt.missing.iter().map(|(person, leaf)| (who(*person), leaf.clone())));
    }
    rows
}

proptest! {
    #![proptest_config(config(128))]

    /// A measure is undecided exactly where a held identity opens a standard with an unknown answer,
    /// and exactly what could decide it is missing.
    #[test]
    fn undecided_is_what_is_unknown(world in worlds()) {
        let oracle = small(&world)?;
        let household = world.household();
        let (rulebook, package) = world.package();
        prop_assert_eq!(undecided(&rulebook, &household, &package), doubts(&oracle, &household));
    }

    /// Every candidate is taken, in an alternative, or refused; what refuses it stands against it, for
    /// the reason given and with the exact difference.
    #[test]
    fn every_candidate_is_accounted_for(world in worlds(), forgotten in forgetful()) {
        let mut world = world;
        forget(&mut world, &forgotten);
        let mut oracle = small(&world)?;
        let household = world.household();
        let (rulebook, package) = world.package();
        // Whoever takes something for sure may be no head; of the rest everybody is.
        let taken = oracle.find(&household, &keys(&rulebook, &household, &package.entitlements))?;
        oracle.price(&taken);
        let find = |wanted: &Key| oracle.find_one(&household, wanted);
        let bundles = package.alternatives.iter().flat_map(|choice| &choice.bundles);
        let mut told = keys(&rulebook, &household, &package.entitlements);
        told.extend(keys(&rulebook, &household, bundles.flat_map(|bundle| &bundle.entitlements)));
        for row in &package.not_taken {
            let refused = key(&rulebook, &household, &row.refused);
            prop_assert!(told.insert(refused.clone()), "{:?} is told twice", refused);
            let refused = find(&refused)?;
            let bundles = match row.by {
                Against::Entitlement(place) => vec![&package.entitlements[place..=place]],
                Against::Alternatives(place) => {
                    let bundles = package.alternatives[place].bundles.iter();
                    bundles.map(|bundle| bundle.entitlements.as_slice()).collect()
                }
            };
            for bundle in bundles {
                let bundle = bundle.iter().map(|taken| find(&key(&rulebook, &household, taken)));
                let bundle: Vec<usize> = bundle.collect::<Result<_, _>>()?;
                let against = bundle.iter().filter(|taken| oracle.against[**taken][refused]);
                let against: Vec<usize> = against.copied().collect();
                prop_assert!(!against.is_empty());
                let one = against.iter().any(|taken| oracle.is_reason(*taken, refused, row.reason));
                prop_assert!(one || matches!(row.by, Against::Alternatives(_)), "{:?}", row.reason);
            }
            if let (Against::Entitlement(place), Difference::Exact(told)) = (row.by, &row.difference) {
                let taken = find(&key(&rulebook, &household, &package.entitlements[place]))?;
                let candidates = &oracle.candidates;
                // What is open can still differ by an exact amount: `open` puts values into it.
                if [taken, refused].iter().any(|index| candidates[*index].is_open()) {
                    continue;
                }
                prop_assert_eq!(exact(*told), candidates[taken].annual() - candidates[refused].annual());
            }
        }
        let all = oracle.candidates.iter().map(|known| oracle.key_of(known, &household)).collect();
        prop_assert_eq!(told, all);
    }

    /// Where the applicant may choose, the best bundle that holds the choice is shown instead, with what it
    /// costs.
    #[test]
    fn a_choice_is_shown_with_its_consequences(world in worlds()) {
        let oracle = small(&world)?;
        let household = world.household();
        let (rulebook, package) = world.package();
        let indices = |some: &mut dyn Iterator<Item = &Entitlement>| {
            oracle.find(&household, &keys(&rulebook, &household, some))
        };
        let taken = indices(&mut package.entitlements.iter())?;
        let all: Vec<usize> = (0..oracle.candidates.len()).collect();
        for row in &package.not_taken {
            let Refusal::Exclusion(rule) = row.reason else { continue };
            if world.catalogue.exclusions[rule].mode != ExclusionMode::Choice {
                prop_assert_eq!(&row.instead, &None);
                continue;
            }
            let wanted = oracle.find_one(&household, &key(&rulebook, &household, &row.refused))?;
            let holders = oracle.bundles(&all).into_iter().filter(|bundle| bundle.contains(&wanted));
            let best = holders.max_by_key(|bundle| oracle.rank(bundle));
            let shown = row.instead.as_ref().map(|instead| -> Result<Vec<usize>, TestCaseError> {
                let given_up = instead.given_up.iter().map(|place| &package.entitlements[*place]);
                let given_up = indices(&mut given_up.into_iter())?;
                let mut shown = indices(&mut instead.entitlements.iter())?;
                shown.extend(taken.iter().filter(|index| !given_up.contains(index)));
                shown.sort_unstable();
                shown.dedup();
                if let Some(difference) = instead.difference {
                    prop_assert_eq!(exact(difference), oracle.total(&taken) - oracle.total(&shown));
                }
                Ok(shown)
            });
            prop_assert_eq!(shown.transpose()?, best);
        }
    }
}

impl Oracle<'_> {
    /// Whether the reason holds between the two.
    fn is_reason(&self, taken: usize, refused: usize, reason: Refusal) -> bool {
        let (taken, refused) = (&self.candidates[taken], &self.candidates[refused]);
        match reason {
            Refusal::SameMeasure => taken.offer == refused.offer,
            Refusal::SameCategory => taken.lines.iter().any(|line| {
                let category = &self.measure(line.measure).category;
                refused.lines.iter().any(|line| self.measure(line.measure).category == *category)
            }),
            Refusal::Exclusion(rule) => self.binds(rule, taken, refused),
        }
    }
}
