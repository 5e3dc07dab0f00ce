//! How often the random cases hold what the rules are about.

use assistance_toolbox::domain::catalogue::ExclusionMode;
use assistance_toolbox::domain::package::{Amount, Refusal};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngSeed, TestRunner};

use super::explained::{forget, forgetful};
use super::oracle::{MOST, Offer, Oracle};
use super::world::worlds;

const CASES: usize = 1000;

impl Oracle<'_> {
    /// How many candidates the largest set holds that conflicts join.
    fn largest_component(&self) -> usize {
        let count = self.candidates.len();
        let mut of: Vec<usize> = (0..count).collect();
        for i in 0..count {
            for j in 0..count {
                if self.against[i][j] {
                    let (from, to) = (of[i].max(of[j]), of[i].min(of[j]));
                    of.iter_mut().filter(|mark| **mark == from).for_each(|mark| *mark = to);
                }
            }
        }
        (0..count).map(|mark| of.iter().filter(|other| **other == mark).count()).max().unwrap_or(0)
    }

    /// Whether somebody stands against somebody without being stood against.
    fn has_arrow(&self) -> bool {
        let all = 0..self.candidates.len();
        all.clone().any(|i| all.clone().any(|j| self.against[i][j] && !self.against[j][i]))
    }
}

/// A property over cases that never hold what it is about says nothing. Every kind of case occurs, in at
/// least so many of a thousand.
#[test]
fn the_cases_hold_what_the_rules_are_about() {
    let config = Config { rng_seed: RngSeed::Fixed(2024), ..Config::default() };
    let mut runner = TestRunner::new(config);
    let kinds = [
        ("small enough for the brute force", 800),
        ("more than two candidates that compete", 200),
        ("more than four candidates that compete", 50),
        ("a choice between measures", 30),
        ("a priority that binds", 40),
        ("a cascade of two links", 20),
        ("an extension taken", 20),
        ("something undecided", 400),
        ("something provisional", 150),
        ("a top-up", 60),
        ("a top-up with heads that are not settled", 15),
        ("bundles with crossings, where amounts are forgotten", 10),
        ("bundles without crossings, where amounts are forgotten", 1),
    ];
    let mut counts = [0; 13];
    for _ in 0..CASES {
        let (mut world, forgotten) = (worlds(), forgetful()).new_tree(&mut runner).unwrap().current();
        let oracle = Oracle::derived(&world);
        let (_, package) = world.package();
        let lines = || package.entitlements.iter().flat_map(|taken| &taken.lines);
        let heads = || {
            lines().filter_map(|line| match &line.amount {
                Amount::ByHeads(options) => Some(options.len()),
                _ => None,
            })
        };
        let chooses = package.not_taken.iter().any(|row| match row.reason {
            Refusal::Exclusion(rule) => world.catalogue.exclusions[rule].mode == ExclusionMode::Choice,
            _ => false,
        });
        let cascade =
            |known: &super::Candidate| matches!(known.offer, Offer::Cascade(_)) && known.lines.len() > 1;
        let mut found = vec![
            oracle.candidates.len() <= MOST,
            oracle.largest_component() > 2,
            oracle.largest_component() > 4,
            chooses,
            oracle.has_arrow(),
            oracle.candidates.iter().any(cascade),
            lines().any(|line| line.extension.is_some()),
            !package.undecided.is_empty(),
            package.entitlements.iter().any(|taken| !taken.provisional.is_empty()),
            heads().count() > 0,
            heads().any(|options| options > 1),
        ];
        forget(&mut world, &forgotten);
        let (_, package) = world.package();
        found.push(package.alternatives.iter().any(|choice| choice.basis.is_some()));
        found.push(package.alternatives.iter().any(|choice| choice.basis.is_none()));
        for (count, found) in counts.iter_mut().zip(found) {
            *count += usize::from(found);
        }
    }
    let shares = kinds.iter().zip(counts).map(|((kind, least), count)| (*kind, *least, 1000 * count / CASES));
    let shares: Vec<(&str, usize, usize)> = shares.collect();
    assert!(shares.iter().all(|(_, least, share)| share >= least), "of a thousand cases: {shares:#?}");
}
