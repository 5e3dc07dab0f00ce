use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One as _, Zero as _};
use proptest::prelude::*;

use super::*;

const RANGE: i64 = Schedule::DEFAULT_RANGE;

/// A decimal or a fraction, `0.6` or `109000/3`.
fn ratio(text: &str) -> Ratio {
    let (numerator, denominator) = text.split_once('/').unwrap_or((text, "1"));
    numerator.parse::<Ratio>().unwrap().over(denominator.parse().unwrap()).unwrap()
}

/// The fen of an amount of yuan.
fn yuan(text: &str) -> Ratio {
    ratio(text).times(Ratio::integer(100)).unwrap()
}

fn fen(text: &str) -> i64 {
    Fen::from_yuan(text).unwrap().value()
}

/// Amounts in yuan, open bands as `-`.
fn paid(deductible: &str, bands: &[(&str, &str)], cap: &str) -> Schedule {
    let amount = |text: &str| (text != "-").then(|| Fen::from_yuan(text).unwrap());
    let bands: Vec<Band> =
        bands.iter().map(|&(upto, rate)| Band { upto: amount(upto), rate: ratio(rate) }).collect();
    Schedule::reimbursement(yuan(deductible), &bands, amount(cap), RANGE).unwrap()
}

fn major_illness() -> Schedule {
    let bands = [("50000", "0.6"), ("100000", "0.65"), ("200000", "0.75"), ("-", "0.8")];
    paid("15000", &bands, "-")
}

fn major_illness_tilted() -> Schedule {
    let bands = [("50000", "0.65"), ("100000", "0.7"), ("200000", "0.8"), ("-", "0.85")];
    paid("7500", &bands, "-")
}

fn aid_dibao() -> Schedule {
    paid("0", &[("-", "0.75")], "-")
}

fn aid_dibao_low_cap() -> Schedule {
    paid("0", &[("-", "0.75")], "20000")
}

fn aid_monitored() -> Schedule {
    paid("3000", &[("-", "0.6")], "50000")
}

#[test]
fn cascades_of_the_worked_households_pay_what_is_worked_out() {
    let cases = [
        ("H1", major_illness_tilted(), aid_dibao(), "26000", "12025", "10481.25"),
        ("H3", major_illness(), aid_monitored(), "200000", "126250", "42450"),
        ("H4", major_illness_tilted(), aid_dibao(), "200000", "141500", "43875"),
        ("below both", major_illness(), aid_monitored(), "2999.99", "0", "0"),
        ("first link only", aid_monitored(), major_illness(), "3000.01", "0.006", "0"),
        ("at the cap", major_illness(), aid_monitored(), "1000000", "765500", "50000"),
    ];
    for (name, first, second, x, first_pays, second_pays) in cases {
        let added = second.after(&first).unwrap();
        assert_eq!(first.at(fen(x)), Ok(yuan(first_pays)), "{name}");
        assert_eq!(added.at(fen(x)), Ok(yuan(second_pays)), "{name}");
        let both = yuan(first_pays).plus(yuan(second_pays)).unwrap();
        assert_eq!(first.then(&second).unwrap().at(fen(x)), Ok(both), "{name}");
    }
}

#[test]
fn the_low_cap_cascades_cross_twice() {
    let dibao = major_illness_tilted().then(&aid_dibao_low_cap()).unwrap();
    let monitored = major_illness().then(&aid_monitored()).unwrap();
    let crossing = |at: &str, value: &str, first: &str, ahead| Crossing {
        at: yuan(at),
        value: Some(yuan(value)),
        first: fen(first),
        ahead,
    };
    let expected = vec![
        crossing("128000", "103900", "128000.01", Side::Second),
        crossing("487500", "405500", "487500.01", Side::First),
    ];
    assert_eq!(dibao.compare(&monitored), Ok(Comparison::Crosses(expected)));
    let stretch = |from: &str, first: &str, winner| Stretch { from: yuan(from), first: fen(first), winner };
    let nothing = Schedule::constant(Ratio::ZERO, RANGE);
    assert_eq!(
        envelope(&[&nothing, &dibao, &monitored]),
        Ok(vec![stretch("0", "0", 1), stretch("128000", "128000.01", 2), stretch("487500", "487500.01", 1)])
    );
}

#[test]
fn a_crossing_between_two_fen_is_exact() {
    let expected = Crossing {
        at: yuan("109000/3"),
        value: Some(yuan("20000")),
        first: fen("36333.34"),
        ahead: Side::Second,
    };
    assert_eq!(aid_dibao_low_cap().compare(&aid_monitored()), Ok(Comparison::Crosses(vec![expected])));
}

#[test]
fn domination_says_by_how_much_and_whether_it_still_grows() {
    let open = paid("3000", &[("-", "0.6")], "-");
    let growing = Comparison::Dominates {
        least: Ratio::ZERO,
        // 75 % of ten million less 60 % of 9,997,000
        most: yuan("1501800"),
        growing: true,
    };
    assert_eq!(aid_dibao().compare(&open), Ok(growing));
    let capped = Comparison::Dominated { least: Ratio::ZERO, most: yuan("3000"), growing: false };
    let at_cap = paid("0", &[("-", "0.6")], "3000");
    assert_eq!(Schedule::constant(Ratio::ZERO, RANGE).compare(&at_cap), Ok(capped));
    assert_eq!(open.compare(&open.clone()), Ok(Comparison::Equal));
}

/// Rows of (from, value, slope) over 0..=hi.
fn stepped(hi: i64, rows: &[(&str, &str, &str)]) -> Schedule {
    let steps: Vec<Step> = rows
        .iter()
        .map(|&(from, value, slope)| Step { from: ratio(from), value: ratio(value), slope: ratio(slope) })
        .collect();
    Schedule::stepped(&steps, hi).unwrap()
}

#[test]
fn the_lead_is_decided_at_whole_quantities() {
    // Each difference to zero, and the crossings as (at, meets, first, ahead).
    type Row<'a> = (&'a str, &'a [(&'a str, &'a str, &'a str)], &'a [(&'a str, bool, i64, Side)]);
    let rows: [Row<'_>; 8] = [
        ("touching", &[("0", "3", "-1"), ("3", "0", "1")], &[]),
        (
            "through a tie",
            &[("0", "-2", "1"), ("2", "0", "0"), ("5", "0", "1")],
            &[("5", true, 6, Side::First)],
        ),
        ("tied first", &[("0", "0", "0"), ("4", "0", "1")], &[]),
        ("up and down between 4 and 5", &[("0", "1", "0"), ("4.2", "-1", "0"), ("4.8", "1", "0")], &[]),
        (
            "thrice between 4 and 5",
            &[("0", "1", "0"), ("4.2", "-1", "0"), ("4.4", "1", "0"), ("4.5", "-1", "0")],
            &[("4.5", false, 5, Side::Second)],
        ),
        ("jump at a whole quantity", &[("0", "1", "0"), ("4", "-1", "0")], &[("4", false, 4, Side::Second)]),
        (
            "jump out of a tie",
            &[("0", "1", "-1"), ("1", "0", "0"), ("4", "-1", "0")],
            &[("4", false, 4, Side::Second)],
        ),
        (
            "there and back",
            &[("0", "5/2", "-1"), ("5", "-5/2", "2")],
            &[("5/2", true, 3, Side::Second), ("25/4", true, 7, Side::First)],
        ),
    ];
    for (name, steps, expected) in rows {
        let function = stepped(10, steps);
        let found = function.compare(&Schedule::constant(Ratio::ZERO, 10)).unwrap();
        let crossings: Vec<Crossing> = expected
            .iter()
            .map(|&(at, meets, first, ahead)| Crossing {
                at: ratio(at),
                value: meets.then_some(Ratio::ZERO),
                first,
                ahead,
            })
            .collect();
        match found {
            Comparison::Crosses(found) => assert_eq!(found, crossings, "{name}"),
            other => assert!(crossings.is_empty(), "{name}: {other:?}"),
        }
    }
}

#[test]
fn a_winner_keeps_a_tie_and_no_stretch_is_needless() {
    let cases: [(&str, Vec<Schedule>, Vec<(i64, usize)>); 4] = [
        ("none", vec![], vec![]),
        ("equal", vec![stepped(9, &[("0", "1", "1")]), stepped(9, &[("0", "1", "1")])], vec![(0, 0)]),
        (
            "tied at first",
            vec![stepped(9, &[("0", "0", "0")]), stepped(9, &[("0", "0", "0"), ("3", "0", "1")])],
            vec![(0, 1)],
        ),
        (
            "kept through a tie",
            vec![
                stepped(9, &[("0", "0", "1")]),
                stepped(9, &[("0", "2", "0"), ("2", "2", "1"), ("5", "5", "0")]),
            ],
            vec![(0, 1), (6, 0)],
        ),
    ];
    for (name, functions, expected) in cases {
        let functions: Vec<&Schedule> = functions.iter().collect();
        let found: Vec<(i64, usize)> =
            envelope(&functions).unwrap().iter().map(|stretch| (stretch.first, stretch.winner)).collect();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn one_function_has_one_form() {
    // The same function with needless pieces, in fractions of different terms.
    let plain = paid("0", &[("100", "0.5"), ("-", "0.5")], "-");
    assert_eq!(plain, Schedule::linear(Ratio::ZERO, ratio("0.5"), RANGE).unwrap());
    assert_eq!(plain.pieces().count(), 1);
    let deductible = ratio("10000/3");
    let bands = [Band { upto: None, rate: ratio("0.6") }];
    let pieces: Vec<Piece> =
        Schedule::reimbursement(deductible, &bands, None, RANGE).unwrap().pieces().collect();
    let expected = Piece {
        start: deductible,
        excludes_start: false,
        start_fen: 3334,
        slope: ratio("0.6"),
        value: Ratio::ZERO,
    };
    assert_eq!(pieces.last(), Some(&expected));
    // What lies beyond the range is no piece.
    assert_eq!(paid("10000000", &[("-", "0.5")], "-"), Schedule::constant(Ratio::ZERO, RANGE));
}

#[test]
fn a_falling_remainder_turns_a_jump_around() {
    // The first link pays 10 + 2x of which x - f(x) leaves nothing; paying 2x - 10 leaves 10 - x.
    let first = Schedule::linear(ratio("-10"), ratio("2"), 10).unwrap();
    let second = stepped(10, &[("0", "0", "0"), ("4", "1", "0")]);
    let added = second.after(&first).unwrap();
    let values: Vec<i128> = (0..=10).map(|x| added.at(x).unwrap().numerator()).collect();
    assert_eq!(values, [1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
    let last = added.pieces().last().unwrap();
    assert_eq!((last.start, last.excludes_start, last.start_fen), (ratio("6"), true, 7));
}

#[test]
fn nothing_is_clamped_wrapped_or_guessed() {
    let outside = Err(ScheduleError::OutsideRange { hi: RANGE });
    for x in [-1, i64::MIN, RANGE + 1, i64::MAX] {
        assert_eq!(aid_dibao().at(x), outside);
        assert_eq!(aid_dibao().at_exact(Ratio::integer(x)), outside);
    }
    assert_eq!(aid_dibao().at_exact(ratio("-1/3")), outside);
    assert!(aid_dibao().at(RANGE).is_ok());
    let other = Schedule::constant(Ratio::ZERO, 5);
    assert_eq!(aid_dibao().plus(&other), Err(ScheduleError::RangesDiffer));
    assert_eq!(aid_dibao().compare(&other), Err(ScheduleError::RangesDiffer));
    assert_eq!(envelope(&[&other, &aid_dibao()]), Err(ScheduleError::RangesDiffer));
    let steep = Schedule::linear(Ratio::ZERO, Ratio::new(i128::MAX, 1).unwrap(), 0);
    assert_eq!(steep, Ok(Schedule::constant(Ratio::ZERO, -7)));
    let steep = Schedule::linear(Ratio::ZERO, Ratio::new(i128::MAX / 2, 1).unwrap(), 10).unwrap();
    assert_eq!(steep.at(3), Err(ScheduleError::Arithmetic(ArithmeticError::Overflow)));
}

#[test]
fn malformed_parameters_are_refused() {
    let band = |upto: Option<i64>, rate: &str| Band { upto: upto.map(Fen::new), rate: ratio(rate) };
    let cases = [
        ("0", vec![], None, ScheduleError::Bands),
        ("0", vec![band(Some(0), "0.5")], None, ScheduleError::Bands),
        ("0", vec![band(Some(9), "0.5"), band(Some(9), "0.6")], None, ScheduleError::Bands),
        ("0", vec![band(None, "0.5"), band(Some(9), "0.6")], None, ScheduleError::Bands),
        ("0", vec![band(None, "-0.5")], None, ScheduleError::Negative),
        ("-1", vec![band(None, "0.5")], None, ScheduleError::Negative),
        ("0", vec![band(None, "0.5")], Some(Fen::new(-1)), ScheduleError::Negative),
    ];
    for (deductible, bands, cap, error) in cases {
        let found = Schedule::reimbursement(ratio(deductible), &bands, cap, RANGE);
        assert_eq!(found, Err(error), "{deductible} {bands:?}");
    }
    let step = |from: &str| Step { from: ratio(from), value: Ratio::ONE, slope: Ratio::ZERO };
    for steps in [vec![], vec![step("1")], vec![step("0"), step("0")], vec![step("0"), step("2"), step("1")]]
    {
        assert_eq!(Schedule::stepped(&steps, 9), Err(ScheduleError::Steps), "{steps:?}");
    }
}

/// A small rational as (numerator, denominator).
type Small = (i64, i64);

/// How a random function is made, evaluated by plain arithmetic below and built as a schedule.
#[derive(Clone, Debug)]
enum Tree {
    Paid { deductible: Small, bands: Vec<(i64, Small)>, open: bool, cap: Option<i64> },
    Steps(Vec<(Small, Small, Small)>),
    Plus(Box<Self>, Box<Self>),
    Minus(Box<Self>, Box<Self>),
    Scaled(Box<Self>, Small),
    Floored(Box<Self>, Small),
    Capped(Box<Self>, Small),
    After(Box<Self>, Box<Self>),
    Then(Box<Self>, Box<Self>),
}

const SMALL_RANGE: i64 = 24;

fn small((numerator, denominator): Small) -> Ratio {
    Ratio::new(numerator.into(), denominator.into()).unwrap()
}

fn big((numerator, denominator): Small) -> BigRational {
    BigRational::new(numerator.into(), denominator.into())
}

fn widened(value: Ratio) -> BigRational {
    BigRational::new(value.numerator().into(), value.denominator().into())
}

fn whole(value: i64) -> BigRational {
    BigRational::from(BigInt::from(value))
}

impl Tree {
    fn schedule(&self) -> Schedule {
        match self {
            Self::Paid { deductible, bands, open, cap } => {
                let mut upto = 0;
                let mut built = Vec::new();
                for (index, &(width, rate)) in bands.iter().enumerate() {
                    upto += width;
                    let is_open = *open && index + 1 == bands.len();
                    built.push(Band { upto: (!is_open).then(|| Fen::new(upto)), rate: small(rate) });
                }
                let cap = cap.map(Fen::new);
                Schedule::reimbursement(small(*deductible), &built, cap, SMALL_RANGE).unwrap()
            }
            Self::Steps(rows) => {
                let mut from = Ratio::ZERO;
                let mut steps = Vec::new();
                for (index, &(width, value, slope)) in rows.iter().enumerate() {
                    from = if index == 0 { from } else { from.plus(small(width)).unwrap() };
                    steps.push(Step { from, value: small(value), slope: small(slope) });
                }
                Schedule::stepped(&steps, SMALL_RANGE).unwrap()
            }
            Self::Plus(left, right) => left.schedule().plus(&right.schedule()).unwrap(),
            Self::Minus(left, right) => left.schedule().minus(&right.schedule()).unwrap(),
            Self::Scaled(inner, by) => inner.schedule().scaled(small(*by)).unwrap(),
            Self::Floored(inner, floor) => inner.schedule().floored(small(*floor)).unwrap(),
            Self::Capped(inner, cap) => inner.schedule().capped(small(*cap)).unwrap(),
            Self::After(next, first) => next.schedule().after(&first.schedule()).unwrap(),
            Self::Then(first, next) => first.schedule().then(&next.schedule()).unwrap(),
        }
    }

    /// The value at any x of the range, from the definitions alone.
    fn value(&self, x: &BigRational) -> BigRational {
        let beside = |next: &Self, first: &Self| {
            let rest = (x - first.value(x)).max(BigRational::zero()).min(whole(SMALL_RANGE));
            next.value(&rest)
        };
        match self {
            Self::Paid { deductible, bands, open, cap } => {
                let mut above = (x - big(*deductible)).max(BigRational::zero());
                let mut total = BigRational::zero();
                for (index, &(width, rate)) in bands.iter().enumerate() {
                    let last = *open && index + 1 == bands.len();
                    let inside = if last { above.clone() } else { above.clone().min(whole(width)) };
                    above -= &inside;
                    total += inside * big(rate);
                }
                cap.map_or(total.clone(), |cap| total.min(whole(cap)))
            }
            Self::Steps(rows) => {
                let mut from = BigRational::zero();
                let mut found = BigRational::zero();
                for (index, &(width, value, slope)) in rows.iter().enumerate() {
                    from = if index == 0 { from } else { from + big(width) };
                    if *x >= from {
                        found = big(value) + big(slope) * (x - &from);
                    }
                }
                found
            }
            Self::Plus(left, right) => left.value(x) + right.value(x),
            Self::Minus(left, right) => left.value(x) - right.value(x),
            Self::Scaled(inner, by) => inner.value(x) * big(*by),
            Self::Floored(inner, floor) => inner.value(x).max(big(*floor)),
            Self::Capped(inner, cap) => inner.value(x).min(big(*cap)),
            Self::After(next, first) => beside(next, first),
            Self::Then(first, next) => first.value(x) + beside(next, first),
        }
    }
}

fn smalls(numerators: std::ops::RangeInclusive<i64>) -> impl Strategy<Value = Small> {
    (numerators, 1..=4_i64)
}

fn trees() -> impl Strategy<Value = Tree> {
    let paid = (
        smalls(0..=20),
        proptest::collection::vec((1..=8_i64, smalls(0..=5)), 1..4),
        any::<bool>(),
        proptest::option::of(0..=12_i64),
    )
        .prop_map(|(deductible, bands, open, cap)| Tree::Paid { deductible, bands, open, cap });
    let row = (smalls(1..=30), smalls(-10..=10), smalls(-6..=6));
    let steps = proptest::collection::vec(row, 1..5).prop_map(Tree::Steps);
    prop_oneof![paid, steps].prop_recursive(3, 8, 2, |inner| {
        let pair = || (inner.clone().prop_map(Box::new), inner.clone().prop_map(Box::new));
        let bound = || (inner.clone().prop_map(Box::new), smalls(-8..=8));
        prop_oneof![
            pair().prop_map(|(left, right)| Tree::Plus(left, right)),
            pair().prop_map(|(left, right)| Tree::Minus(left, right)),
            bound().prop_map(|(inner, by)| Tree::Scaled(inner, by)),
            bound().prop_map(|(inner, floor)| Tree::Floored(inner, floor)),
            bound().prop_map(|(inner, cap)| Tree::Capped(inner, cap)),
            pair().prop_map(|(next, first)| Tree::After(next, first)),
            pair().prop_map(|(first, next)| Tree::Then(first, next)),
        ]
    })
}

/// The differences of two trees at every whole quantity.
fn differences(left: &Tree, right: &Tree) -> Vec<BigRational> {
    (0..=SMALL_RANGE).map(|x| left.value(&whole(x)) - right.value(&whole(x))).collect()
}

/// The fewest stretches that name a highest function at every whole quantity.
fn fewest_stretches(columns: &[Vec<BigRational>]) -> usize {
    let mut costs: Vec<Option<usize>> = vec![Some(1); columns[0].len()];
    for (row, values) in columns.iter().enumerate() {
        let highest = values.iter().max().unwrap();
        let cheapest = costs.iter().flatten().min().copied();
        costs = std::iter::zip(values, &costs)
            .map(|(value, &cost)| {
                let change = if row == 0 { Some(1) } else { cheapest.map(|cost| cost + 1) };
                if value == highest { cost.min(change).or(cost).or(change) } else { None }
            })
            .collect();
    }
    costs.into_iter().flatten().min().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, ..ProptestConfig::default() })]

    #[test]
    fn a_schedule_is_what_its_definition_says_at_every_point(tree in trees()) {
        let schedule = tree.schedule();
        for x in 0..=SMALL_RANGE {
            prop_assert_eq!(widened(schedule.at(x).unwrap()), tree.value(&whole(x)), "at {}", x);
        }
        // Sixths, and exactly on and just beside every piece's start.
        let mut points: Vec<Ratio> =
            (0..=SMALL_RANGE * 6).map(|sixths| Ratio::new(sixths.into(), 6).unwrap()).collect();
        let end = Ratio::integer(SMALL_RANGE);
        for piece in schedule.pieces() {
            for beside in ["-1/1000000", "0", "1/1000000"] {
                let point = piece.start.plus(ratio(beside)).unwrap();
                if !point.is_negative() && point.compare(end).unwrap() != Ordering::Greater {
                    points.push(point);
                }
            }
        }
        for x in points {
            prop_assert_eq!(
                widened(schedule.at_exact(x).unwrap()), tree.value(&widened(x)), "at {}", x
            );
        }
        let values = (0..=SMALL_RANGE).map(|x| tree.value(&whole(x)));
        prop_assert_eq!(Some(widened(schedule.highest().unwrap())), values.clone().max());
        prop_assert_eq!(Some(widened(schedule.lowest().unwrap())), values.min());
    }

    #[test]
    fn equal_functions_are_equal_values(left in trees(), right in trees(), bound in smalls(-8..=8)) {
        let (left, right) = (left.schedule(), right.schedule());
        prop_assert_eq!(&left.plus(&right).unwrap().minus(&right).unwrap(), &left);
        prop_assert_eq!(left.plus(&right).unwrap(), right.plus(&left).unwrap());
        let (low, high) = (left.capped(small(bound)).unwrap(), left.floored(small(bound)).unwrap());
        let back = low.plus(&high).unwrap().minus(&Schedule::constant(small(bound), SMALL_RANGE));
        prop_assert_eq!(&back.unwrap(), &left);
        prop_assert_eq!(left.scaled(ratio("-2/3")).unwrap().scaled(ratio("-3/2")).unwrap(), left);
    }

    #[test]
    fn a_comparison_holds_at_every_whole_quantity(left in trees(), right in trees()) {
        let (first, second) = (left.schedule(), right.schedule());
        let differences = differences(&left, &right);
        let zero = BigRational::zero();
        let mut changes = Vec::new();
        let mut leader = None;
        for (x, difference) in (0_i64..).zip(&differences) {
            if *difference != zero {
                let ahead = if *difference > zero { Side::First } else { Side::Second };
                if leader.is_some_and(|leader| leader != ahead) {
                    changes.push((x, ahead));
                }
                leader = Some(ahead);
            }
        }
        let (lowest, highest) =
            (differences.iter().min().unwrap().clone(), differences.iter().max().unwrap().clone());
        match first.compare(&second).unwrap() {
            Comparison::Equal => prop_assert!(leader.is_none()),
            Comparison::Dominates { least, most, .. } => {
                prop_assert!(leader == Some(Side::First) && changes.is_empty());
                prop_assert_eq!((widened(least), widened(most)), (lowest, highest));
            }
            Comparison::Dominated { least, most, .. } => {
                prop_assert!(leader == Some(Side::Second) && changes.is_empty());
                prop_assert_eq!((widened(least), widened(most)), (-highest, -lowest));
            }
            Comparison::Crosses(crossings) => {
                let found: Vec<(i64, Side)> =
                    crossings.iter().map(|crossing| (crossing.first, crossing.ahead)).collect();
                prop_assert_eq!(found, changes);
                for crossing in crossings {
                    let ahead_at = |x: &BigRational| {
                        let difference = left.value(x) - right.value(x);
                        if crossing.ahead == Side::First { difference > zero } else { difference < zero }
                    };
                    let at = widened(crossing.at);
                    let first = whole(crossing.first);
                    prop_assert!(at <= first && at >= whole(crossing.first - 1));
                    let meets = left.value(&at) == right.value(&at);
                    prop_assert_eq!(crossing.value.map(widened), meets.then(|| left.value(&at)));
                    for share in 1..=16 {
                        let x = &at + (&first - &at) * big((share, 16));
                        prop_assert!(ahead_at(&x), "ahead from {} on, but not at {}", at, x);
                    }
                    let before = &at - BigRational::one() / whole(1_000_000_000);
                    prop_assert!(!(ahead_at(&at) && ahead_at(&before)), "ahead before {}", at);
                }
            }
        }
    }

    #[test]
    fn an_envelope_is_highest_everywhere_and_as_short_as_can_be(
        trees in proptest::collection::vec(trees(), 1..4)
    ) {
        let schedules: Vec<Schedule> = trees.iter().map(Tree::schedule).collect();
        let stretches = envelope(&schedules.iter().collect::<Vec<_>>()).unwrap();
        let columns: Vec<Vec<BigRational>> = (0..=SMALL_RANGE)
            .map(|x| trees.iter().map(|tree| tree.value(&whole(x))).collect())
            .collect();
        prop_assert_eq!(stretches.len(), fewest_stretches(&columns));
        prop_assert_eq!((stretches[0].from, stretches[0].first), (Ratio::ZERO, 0));
        for (x, values) in (0_i64..).zip(&columns) {
            let stretch = stretches.iter().rfind(|stretch| stretch.first <= x).unwrap();
            prop_assert_eq!(Some(&values[stretch.winner]), values.iter().max(), "at {}", x);
        }
        for pair in stretches.windows(2) {
            let (old, new) = (pair[0], pair[1]);
            let values = &columns[usize::try_from(new.first).unwrap()];
            prop_assert!(values[new.winner] > values[old.winner]);
            let (from, first) = (widened(new.from), whole(new.first));
            prop_assert!(from <= first && from >= whole(new.first - 1));
        }
    }
}
