//! The kernel on small graphs by hand, and against every subset of candidates.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use proptest::prelude::*;

use super::search::within;
use super::*;

/// The exact total of a bundle of these candidates.
fn total(nodes: &[Node], bundle: u64) -> Result<Ratio, ArithmeticError> {
    chosen(nodes, bundle).try_fold(Ratio::ZERO, |sum, node| sum.plus(node.value))
}

/// A priced candidate with one original entitlement.
fn node(value: i64, rank: u32) -> Node {
    Node {
        value: Ratio::integer(value),
        entitlements: 1,
        priced: 1,
        original: 1,
        social: 1,
        entries: 1 << rank,
    }
}

fn nodes(values: &[i64]) -> Vec<Node> {
    (0..).zip(values).map(|(rank, value)| node(*value, rank)).collect()
}

fn conflicts(candidates: usize, edges: &[(usize, usize)], arrows: &[(usize, usize)]) -> Conflicts {
    let mut conflicts = Conflicts::new(candidates);
    for &(one, other) in edges {
        conflicts.edge(one, other);
    }
    for &(from, to) in arrows {
        conflicts.arrow(from, to);
    }
    conflicts
}

#[test]
fn the_better_bundle_wins_and_priority_binds() {
    type Case<'a> = (&'a str, &'a [i64], &'a [(usize, usize)], &'a [(usize, usize)], u64);
    let cases: [Case<'_>; 12] = [
        ("nobody", &[], &[], &[], 0b0),
        ("alone", &[0], &[], &[], 0b1),
        ("no conflict", &[3, 0], &[], &[], 0b11),
        ("an edge takes the higher", &[5, 7], &[(0, 1)], &[], 0b10),
        ("an arrow takes its source", &[5, 700], &[], &[(0, 1)], 0b01),
        ("an edge on an arrow binds both ways", &[5, 7], &[(0, 1)], &[(0, 1)], 0b10),
        ("arrows both ways are an edge", &[5, 7], &[], &[(0, 1), (1, 0)], 0b10),
        ("arrow, then edge, high end", &[1, 9, 8], &[(1, 2)], &[(0, 1)], 0b101),
        ("the source loses its own edge", &[1, 50, 9], &[(0, 2)], &[(0, 1)], 0b110),
        ("the source wins its own edge", &[9, 50, 1], &[(0, 2)], &[(0, 1)], 0b110),
        ("both ends of a row", &[9, 1, 1, 9], &[(0, 1), (1, 2), (2, 3)], &[], 0b1001),
        ("arrows in a row", &[1, 100, 1, 100], &[], &[(0, 1), (1, 2), (2, 3)], 0b101),
    ];
    for (name, values, edges, arrows, expected) in cases {
        let conflicts = conflicts(values.len(), edges, arrows);
        assert_eq!(best_bundle(&nodes(values), &conflicts), Ok(expected), "{name}");
        assert!(all_bundles(&conflicts).unwrap().contains(&expected), "{name}");
    }
}

/// S2 may be chosen instead of C4 and goes before C3. Monthly: S2 981 + 374, C4 1290, C3 65.
#[test]
fn a_child_has_s2_or_both_c4_and_c3() {
    let (s2, c4, c3) = (node(135_500 * 12, 2), node(129_000 * 12, 1), node(6_500 * 12, 0));
    let all = conflicts(3, &[(0, 1)], &[(0, 2)]);
    assert_eq!(all_bundles(&all), Ok(vec![0b001, 0b110]));
    assert_eq!(best_bundle(&[s2, c4, c3], &all), Ok(0b110), "equal totals, more entitlements");
    let one_fen_more = Node { value: s2.value.plus(Ratio::ONE).unwrap(), ..s2 };
    assert_eq!(best_bundle(&[one_fen_more, c4, c3], &all), Ok(0b001));
    assert_eq!(best_bundle(&[s2, c4], &conflicts(2, &[(0, 1)], &[])), Ok(0b01), "without C3");
}

#[test]
fn ties_are_broken_in_order() {
    let base =
        Node { value: Ratio::ONE, entitlements: 2, priced: 1, original: 1, social: 1, entries: 0b1_1000 };
    let low = 0b110;
    let rivals = [
        Node { value: Ratio::new(2, 3).unwrap(), entitlements: 9, entries: low, ..base },
        Node { entitlements: 1, priced: 9, entries: low, ..base },
        Node { priced: 0, original: 9, entries: low, ..base },
        Node { original: 0, social: 9, entries: low, ..base },
        Node { social: 0, entries: low, ..base },
        Node { entries: 0b11_0000_0000, ..base },
        Node { entries: 0b1_1000 << 2, ..base },
    ];
    // Both ways round; as a clique; and, with a bystander behind an arrow, through the search.
    let bystander = Node { entries: 1 << 100, ..base };
    let graph = conflicts(3, &[(0, 1)], &[(0, 2), (1, 2)]);
    for rival in rivals {
        assert_eq!(best_bundle(&[base, rival], &conflicts(2, &[(0, 1)], &[])), Ok(0b01), "{rival:?}");
        assert_eq!(best_bundle(&[rival, base], &conflicts(2, &[(0, 1)], &[])), Ok(0b10), "{rival:?}");
        assert_eq!(best_bundle(&[base, rival, bystander], &graph), Ok(0b01), "{rival:?}");
        assert_eq!(best_bundle(&[rival, base, bystander], &graph), Ok(0b10), "{rival:?}");
    }
}

#[test]
fn entries_compare_as_sorted_lists() {
    let cases: [(u128, u128, Ordering); 6] = [
        (0b0101, 0b0110, Ordering::Less),
        (0b1001, 0b0110, Ordering::Less),
        (0b0001, 0b0101, Ordering::Less),
        (0b0011, 0b0001, Ordering::Greater),
        (0b0110, 0b0100, Ordering::Less),
        (1 << 127, 1 << 127, Ordering::Equal),
    ];
    for (one, other, expected) in cases {
        assert_eq!(compare_entries(one, other), expected, "{one:b} {other:b}");
        assert_eq!(compare_entries(other, one), expected.reverse(), "{other:b} {one:b}");
    }
}

#[test]
fn what_cannot_be_answered_is_an_error() {
    let too_many: Vec<Node> = (0..65).map(|rank| node(1, rank)).collect();
    let too_complex = KernelError::TooComplex { candidates: 65 };
    assert_eq!(best_bundle(&too_many, &conflicts(65, &[(0, 64)], &[])), Err(too_complex));
    assert_eq!(all_bundles(&Conflicts::new(65)), Err(too_complex));

    let ring = conflicts(3, &[], &[(0, 1), (1, 2), (2, 0)]);
    assert_eq!(best_bundle(&nodes(&[1, 2, 3]), &ring), Err(KernelError::NoBundle));
    assert_eq!(all_bundles(&ring), Err(KernelError::NoBundle));

    for (one, other) in [(0, 0), (0, 2), (70, 0)] {
        let wrong = conflicts(2, &[], &[(one, other)]);
        assert_eq!(best_bundle(&nodes(&[1, 2]), &wrong), Err(KernelError::Malformed));
    }
    let two = conflicts(2, &[(0, 1)], &[]);
    let rankless = Node { entries: 0, ..node(2, 1) };
    for wrong in [vec![node(1, 0)], vec![node(1, 0), node(2, 0)], vec![node(1, 0), rankless]] {
        assert_eq!(best_bundle(&wrong, &two), Err(KernelError::Malformed));
    }

    let huge = Node { value: Ratio::new(i128::MAX, 1).unwrap(), ..node(0, 7) };
    let overflow = KernelError::Arithmetic(ArithmeticError::Overflow);
    assert_eq!(best_bundle(&[huge, node(1, 0)], &Conflicts::new(2)), Err(overflow));
}

#[test]
fn a_full_component_of_one_measure_is_one_pass() {
    let mut clique = Conflicts::new(64);
    (0..64).for_each(|one| (0..one).for_each(|other| clique.edge(one, other)));
    let mut candidates: Vec<Node> = (0..64).map(|rank| node(7, 63 - rank)).collect();
    assert_eq!(best_bundle(&candidates, &clique), Ok(1 << 63), "the smallest rank");
    candidates[20].value = Ratio::integer(8);
    assert_eq!(best_bundle(&candidates, &clique), Ok(1 << 20));
    assert_eq!(all_bundles(&clique).unwrap().len(), 64);
}

#[test]
fn too_many_bundles_are_not_listed() {
    let pairs = |count: usize| {
        let edges: Vec<_> = (0..count).map(|pair| (2 * pair, 2 * pair + 1)).collect();
        all_bundles(&conflicts(2 * count, &edges, &[]))
    };
    assert_eq!(pairs(12).unwrap().len(), MAX_BUNDLES);
    assert_eq!(pairs(13), Err(KernelError::TooComplex { candidates: 26 }));
}

/// Paths, grids and sparse random graphs of 64 candidates, with differing and with equal values.
/// A budget of 200,000 is enough by far; the margin is asserted so that a weaker bound shows.
#[test]
fn sixty_four_candidates_fit_the_budget() {
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = |below: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % below
    };
    let index = |number: u64| usize::try_from(number).unwrap();
    for round in 0..24 {
        let mut edges = Vec::new();
        match round % 4 {
            0 => edges.extend((0..63).map(|one| (one, one + 1))),
            1 => {
                edges.extend((0..64).filter(|one| one % 8 != 7).map(|one| (one, one + 1)));
                edges.extend((0..56).map(|one| (one, one + 8)));
            }
            density => {
                let pairs = (0..density * 50).map(|_| (index(random(64)), index(random(64))));
                edges.extend(pairs.filter(|(one, other)| one != other));
            }
        }
        let mut graph = Conflicts::new(64);
        for (one, other) in edges {
            if random(4) == 0 {
                graph.arrow(one.min(other), one.max(other));
            } else {
                graph.edge(one, other);
            }
        }
        let highest = [1, 3, 100_000][round / 4 % 3];
        let values: Vec<i64> = (0..64).map(|_| i64::try_from(random(highest)).unwrap()).collect();
        let ranking = Ranking::new(&nodes(&values), &graph.graph).unwrap();
        let mut search = Search { ranking: &ranking, best: None, branches: 0 };
        assert!(search.run(State::start(u64::MAX)).is_some(), "round {round}");
        assert!(search.branches < 50_000, "round {round}: {} branches", search.branches);
    }
}

#[test]
fn the_budget_ends_a_search() {
    assert_eq!(within(MAX_BRANCHES - 1), Some(MAX_BRANCHES));
    assert_eq!(within(MAX_BRANCHES), None);
    // Twelve rings of five: two of a ring can be taken, and the bound allows three.
    let mut rings = Conflicts::new(60);
    for corner in 0..60 {
        rings.edge(corner, if corner % 5 == 4 { corner - 4 } else { corner + 1 });
    }
    assert_eq!(best_bundle(&nodes(&[1; 60]), &rings), Err(KernelError::TooComplex { candidates: 60 }));
    // Twenty-one triangles have 3^21 bundles; the bound sees through them even if all are worth 0.
    let mut triangles = Conflicts::new(63);
    for corner in 0..63 {
        triangles.edge(corner, if corner % 3 == 2 { corner - 2 } else { corner + 1 });
    }
    let lowest = (0..63).step_by(3).fold(0, |mask, corner| mask | 1 << corner);
    assert_eq!(best_bundle(&nodes(&[0; 63]), &triangles), Ok(lowest));
}

/// A candidate as the brute force sees it.
#[derive(Clone, Debug)]
struct Plain {
    sixths: i64,
    counts: [u32; 4],
    ranks: Vec<u32>,
}

#[derive(Clone, Debug)]
struct Component {
    plain: Vec<Plain>,
    /// From, to, whether it binds both ways.
    links: Vec<(usize, usize, bool)>,
}

impl Component {
    fn nodes(&self) -> Vec<Node> {
        let node = |plain: &Plain| Node {
            value: Ratio::new(plain.sixths.into(), 6).unwrap(),
            entitlements: plain.counts[0],
            priced: plain.counts[1],
            original: plain.counts[2],
            social: plain.counts[3],
            entries: plain.ranks.iter().map(|rank| 1_u128 << rank).sum(),
        };
        self.plain.iter().map(node).collect()
    }

    fn conflicts(&self) -> Conflicts {
        let mut conflicts = Conflicts::new(self.plain.len());
        for &(from, to, both) in &self.links {
            if both {
                conflicts.edge(from, to);
            } else {
                conflicts.arrow(from, to);
            }
        }
        conflicts
    }

    /// All admissible bundles by definition, as sets.
    fn admissible(&self) -> Vec<BTreeSet<usize>> {
        let count = self.plain.len();
        let refuses = |one: usize, other: usize| {
            self.links
                .iter()
                .any(|&(from, to, both)| (from, to) == (one, other) || both && (from, to) == (other, one))
        };
        let subsets = (0..1_usize << count)
            .map(|mask| (0..count).filter(|number| mask >> number & 1 == 1).collect::<BTreeSet<_>>());
        subsets
            .filter(|set| {
                (0..count).all(|other| set.contains(&other) != set.iter().any(|&one| refuses(one, other)))
            })
            .collect()
    }

    /// The admissible bundle of the highest total, and so on.
    fn best(&self) -> BTreeSet<usize> {
        let key = |set: &BTreeSet<usize>| {
            let sum = |part: usize| set.iter().map(|&number| self.plain[number].counts[part]).sum::<u32>();
            let total: i64 = set.iter().map(|&number| self.plain[number].sixths).sum();
            let mut ranks: Vec<u32> =
                set.iter().flat_map(|&number| self.plain[number].ranks.clone()).collect();
            ranks.sort_unstable();
            ((total, sum(0), sum(1), sum(2), sum(3)), Reverse(ranks))
        };
        self.admissible().into_iter().max_by_key(key).unwrap()
    }

    /// The same component with other numbers: candidate `i` becomes `numbers[i]`.
    fn renumbered(&self, numbers: &[usize]) -> Self {
        let mut plain = self.plain.clone();
        for (old, &new) in numbers.iter().enumerate() {
            plain[new] = self.plain[old].clone();
        }
        let links = self.links.iter().map(|&(from, to, both)| (numbers[from], numbers[to], both));
        Self { plain, links: links.collect() }
    }
}

fn set_of(mask: u64) -> BTreeSet<usize> {
    (0..64).filter(|number| mask >> number & 1 == 1).collect()
}

/// Up to ten candidates with few different values; arrows follow a hidden order of the candidates.
/// Half of the components have one rank per entitlement, the others any number; half have the same
/// counts throughout, so that the ranks decide.
fn component() -> impl Strategy<Value = (Component, Vec<usize>)> {
    (1_usize..=10, any::<bool>(), any::<bool>(), 1_i64..=4).prop_flat_map(|(count, regular, flat, values)| {
        let sixths = proptest::collection::vec(0..values, count);
        let counts = proptest::collection::vec([1..=2_u32, 0..=2, 0..=1, 0..=1], count);
        let lengths = proptest::collection::vec(1..=3_u32, count);
        let ranks = Just((0..30_u32).collect::<Vec<_>>()).prop_shuffle();
        let order = Just((0..count).collect::<Vec<_>>()).prop_shuffle();
        let numbers = Just((0..count).collect::<Vec<_>>()).prop_shuffle();
        let links = proptest::collection::vec((0..count, 0..count, any::<bool>()), 0..=2 * count);
        (sixths, counts, lengths, ranks, order, numbers, links).prop_map(
            move |(sixths, counts, lengths, ranks, order, numbers, links)| {
                let counts = if flat { vec![[1; 4]; count] } else { counts };
                let mut ranks = ranks.into_iter();
                let plain = (0..count).map(|number| {
                    let length = if regular { counts[number][0] } else { lengths[number] };
                    let ranks = ranks.by_ref().take(usize::try_from(length).unwrap()).collect();
                    Plain { sixths: sixths[number] * 2 + sixths[number] % 2, counts: counts[number], ranks }
                });
                let plain = plain.collect();
                let links = links
                    .into_iter()
                    .filter(|(from, to, _)| from != to)
                    .map(|(one, other, both)| (order[one.min(other)], order[one.max(other)], both));
                (Component { plain, links: links.collect() }, numbers)
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn kernel_agrees_with_every_subset_tried((component, numbers) in component()) {
        let (nodes, conflicts) = (component.nodes(), component.conflicts());
        let best = best_bundle(&nodes, &conflicts).unwrap();
        prop_assert_eq!(set_of(best), component.best());

        let ranking = Ranking::new(&nodes, &conflicts.graph).unwrap();
        let bound = ranking.bound(State::start(first(nodes.len())));
        let renumbered = Conflicts { graph: ranking.graph.clone(), ..conflicts.clone() };
        for taken in all_bundles(&renumbered).unwrap() {
            let within_bound = ranking.bound(State { taken, ..State::start(0) }) <= bound;
            prop_assert!(within_bound);
        }

        let all: BTreeSet<_> = all_bundles(&conflicts).unwrap().into_iter().map(set_of).collect();
        prop_assert_eq!(all, component.admissible().into_iter().collect::<BTreeSet<_>>());

        let best_tie = (total(&nodes, best).unwrap(), &Tie::of(&nodes, best));
        for other in all_bundles(&conflicts).unwrap() {
            let tie = (total(&nodes, other).unwrap(), &Tie::of(&nodes, other));
            let expected = if other == best { Ordering::Equal } else { Ordering::Greater };
            prop_assert_eq!(compare(best_tie, tie), Ok(expected));
        }

        for held in 0..nodes.len() {
            let holders = all_bundles(&conflicts).unwrap().into_iter().filter(|bundle| bundle & bit(held) != 0);
            let weighed = holders.map(|bundle| (total(&nodes, bundle).unwrap(), Tie::of(&nodes, bundle), bundle));
            let best = weighed.max_by(|one, other| compare((one.0, &one.1), (other.0, &other.1)).unwrap());
            let expected = best.map(|(.., bundle)| bundle).ok_or(KernelError::NoBundle);
            prop_assert_eq!(best_bundle_with(&nodes, &conflicts, held), expected);
        }

        for (one, other) in numbers.iter().zip(&numbers[1..]).map(|(one, other)| (*one, *other)) {
            if conflicts.are_twins(one, other) {
                for bundle in all_bundles(&conflicts).unwrap().into_iter().filter(|it| it & bit(one) != 0) {
                    let swapped = bundle ^ bit(one) ^ bit(other);
                    prop_assert!(all_bundles(&conflicts).unwrap().contains(&swapped));
                }
            }
        }

        let other = component.renumbered(&numbers);
        let moved = best_bundle(&other.nodes(), &other.conflicts()).unwrap();
        let carried: BTreeSet<_> = set_of(best).into_iter().map(|number| numbers[number]).collect();
        prop_assert_eq!(set_of(moved), carried);
    }
}
