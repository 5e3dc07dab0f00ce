//! Conditions of the oracle: a tree of its own, its text for the engine, and Kleene's three answers.

use std::collections::BTreeSet;

use assistance_toolbox::domain::condition::Leaf;
use assistance_toolbox::domain::facts::Fact;
use assistance_toolbox::domain::vocabulary::{FactType, Level};

use super::tape::Tape;

/// Number parameters that a condition may name; the generated places set some of them.
pub(super) const LIMITS: [&str; 2] = ["limit_a", "limit_b"];

#[derive(Clone, Debug)]
pub(super) enum Tree {
    Yes(Fact),
    Compare(Fact, Op, i64),
    Limit(Fact, Op, &'static str),
    OneOf(Fact, Vec<usize>),
    Not(Box<Tree>),
    And(Box<Tree>, Box<Tree>),
    Or(Box<Tree>, Box<Tree>),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Op {
    Least,
    Below,
    Equal,
    Other,
}

/// What is known, as the tree asks for it.
pub(super) trait Known {
    fn fact(&self, fact: Fact) -> Option<i64>;
    fn limit(&self, name: &str) -> Option<i64>;
}

const PERSON_FLAGS: [Fact; 4] = [Fact::SeriousIllness, Fact::Employed, Fact::WantsWork, Fact::Boarding];
const HOUSE_FLAGS: [Fact; 3] = [Fact::OwnMeter, Fact::WaterSafe, Fact::PropertyWithinRule];

/// Facts that are read by conditions only, with the number of values a household may state.
pub(super) const ASKED: [(Fact, usize); 12] = [
    (Fact::SeriousIllness, 2),
    (Fact::Employed, 2),
    (Fact::WantsWork, 2),
    (Fact::Boarding, 2),
    (Fact::OwnMeter, 2),
    (Fact::WaterSafe, 2),
    (Fact::PropertyWithinRule, 2),
    (Fact::MonthsAway, 5),
    (Fact::SelfCareFailed, 5),
    (Fact::Stage, 4),
    (Fact::Pigs, 5),
    (Fact::HouseGrade, 4),
];

impl Tree {
    pub(super) fn draw(tape: &mut Tape, level: Level, depth: usize) -> Self {
        let shape = if depth == 0 { 0 } else { tape.pick(6) };
        let inner = |tape: &mut Tape| Box::new(Self::draw(tape, level, depth - 1));
        match shape {
            3 => Self::Not(inner(tape)),
            4 => Self::And(inner(tape), inner(tape)),
            5 => Self::Or(inner(tape), inner(tape)),
            _ => Self::leaf(tape, level),
        }
    }

    fn leaf(tape: &mut Tape, level: Level) -> Self {
        let person = level == Level::Person && tape.pick(4) < 3;
        let number = if person { tape.of(&[Fact::MonthsAway, Fact::SelfCareFailed]) } else { Fact::Pigs };
        let op = tape.of(&[Op::Least, Op::Below, Op::Equal, Op::Other]);
        match tape.pick(9) {
            4 | 5 => Self::Compare(number, op, tape.number(5)),
            6 => Self::Compare(Fact::Heads, op, 1 + tape.number(3)),
            7 => Self::Limit(number, op, tape.of(&LIMITS)),
            8 => {
                let fact = if person { Fact::Stage } else { Fact::HouseGrade };
                let first = tape.pick(4);
                Self::OneOf(fact, if tape.chance(50) { vec![first, (first + 1) % 4] } else { vec![first] })
            }
            _ => Self::Yes(if person { tape.of(&PERSON_FLAGS) } else { tape.of(&HOUSE_FLAGS) }),
        }
    }

    /// The text for the engine.
    pub(super) fn text(&self) -> String {
        let sign = |op: &Op| match op {
            Op::Least => ">=",
            Op::Below => "<",
            Op::Equal => "==",
            Op::Other => "!=",
        };
        match self {
            Self::Yes(fact) => fact.def().id.to_owned(),
            Self::Compare(fact, op, value) => format!("{} {} {value}", fact.def().id, sign(op)),
            Self::Limit(fact, op, name) => format!("{} {} param.{name}", fact.def().id, sign(op)),
            Self::OneOf(fact, values) => {
                let FactType::Choice(set) = fact.def().ty else { panic!("no choice") };
                let codes = values.iter().map(|value| format!("\"{}\"", set.values[*value].code));
                match codes.collect::<Vec<_>>().as_slice() {
                    [only] => format!("{} == {only}", fact.def().id),
                    codes => format!("{} in [{}]", fact.def().id, codes.join(", ")),
                }
            }
            Self::Not(inner) => format!("!({})", inner.text()),
            Self::And(left, right) => format!("({}) && ({})", left.text(), right.text()),
            Self::Or(left, right) => format!("({}) || ({})", left.text(), right.text()),
        }
    }

    /// Yes, no, or not known.
    pub(super) fn answer(&self, known: &dyn Known) -> Option<bool> {
        let compare = |left: Option<i64>, op: Op, right: Option<i64>| {
            let (left, right) = (left?, right?);
            Some(match op {
                Op::Least => left >= right,
                Op::Below => left < right,
                Op::Equal => left == right,
                Op::Other => left != right,
            })
        };
        match self {
            Self::Yes(fact) => known.fact(*fact).map(|value| value != 0),
            Self::Compare(fact, op, value) => compare(known.fact(*fact), *op, Some(*value)),
            Self::Limit(fact, op, name) => compare(known.fact(*fact), *op, known.limit(name)),
            Self::OneOf(fact, values) => {
                let value = known.fact(*fact)?;
                Some(values.iter().any(|index| i64::try_from(*index).unwrap() == value))
            }
            Self::Not(inner) => inner.answer(known).map(|answer| !answer),
            Self::And(left, right) => match (left.answer(known), right.answer(known)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Self::Or(left, right) => match (left.answer(known), right.answer(known)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
        }
    }

    /// The unknown leaves that remain when every known part is replaced by its answer.
    pub(super) fn missing(&self, known: &dyn Known, into: &mut BTreeSet<Leaf>) {
        if self.answer(known).is_some() {
            return;
        }
        match self {
            Self::Yes(fact) | Self::Compare(fact, ..) | Self::OneOf(fact, _) => {
                into.insert(Leaf::Fact(*fact));
            }
            Self::Limit(fact, _, name) => {
                if known.fact(*fact).is_none() {
                    into.insert(Leaf::Fact(*fact));
                }
                if known.limit(name).is_none() {
                    into.insert(Leaf::Param((*name).into()));
                }
            }
            Self::Not(inner) => inner.missing(known, into),
            Self::And(left, right) | Self::Or(left, right) => {
                left.missing(known, into);
                right.missing(known, into);
            }
        }
    }
}
