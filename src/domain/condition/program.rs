//! The flat program: operators before their operands, each group with where it ends, so that a
//! decided group is left by one jump. Evaluating allocates nothing and looks at no text.

use std::collections::BTreeSet;
use std::iter::successors;
use std::sync::Arc;

use super::tree::{Comparison, Node, Operand};
use super::{Answer, Leaf, Subject};
use crate::domain::facts::Fact;
use crate::domain::vocabulary::Level;

/// A condition compiled for one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    code: Box<[Op]>,
    params: Box<[(Arc<str>, Option<i64>)]>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Op {
    /// The conditions that follow, up to `end`.
    All {
        end: usize,
    },
    /// The conditions that follow, up to `end`.
    Any {
        end: usize,
    },
    /// The condition that follows, up to `end`.
    Not {
        end: usize,
    },
    Constant(bool),
    Compare {
        left: Slot,
        comparison: Comparison,
        right: Slot,
    },
    OneOf {
        slot: Slot,
        values: Box<[i64]>,
    },
    Has {
        slot: Slot,
        mask: i64,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Person(Fact),
    Household(Fact),
    Param(usize),
    Value(i64),
}

impl Program {
    pub(super) fn new(root: &Node, param_value: &dyn Fn(&str) -> Option<i64>) -> Self {
        let mut names = BTreeSet::new();
        root.visit_operands(&mut |operand| names.extend(operand.param().map(Arc::clone)));
        let params = names
            .into_iter()
            .map(|name| {
                let value = param_value(&name);
                (name, value)
            })
            .collect();
        let mut compiler = Compiler { code: Vec::new(), params };
        compiler.node(root);
        Self { code: compiler.code.into(), params: compiler.params.into() }
    }

    /// The answer for a subject.
    pub fn evaluate(&self, subject: &Subject<'_>) -> Answer {
        self.answer(0, subject)
    }

    /// What keeps the answer open: the unknown leaves that remain after partial evaluation, sorted.
    /// It is empty if and only if the answer is known.
    pub fn missing(&self, subject: &Subject<'_>) -> Vec<Leaf> {
        let mut leaves = BTreeSet::new();
        if self.evaluate(subject) == Answer::Unknown {
            self.collect(0, subject, &mut leaves);
        }
        leaves.into_iter().collect()
    }

    /// What decided the answer, sorted: of an "and" that is not met the operands that are not, of an
    /// "or" that is met the operands that are, of any other the facts of all. Empty while it is open.
    pub fn deciding(&self, subject: &Subject<'_>) -> Vec<Leaf> {
        let mut leaves = BTreeSet::new();
        if self.evaluate(subject) != Answer::Unknown {
            self.collect(0, subject, &mut leaves);
        }
        leaves.into_iter().collect()
    }

    // INVARIANT: recursion is as deep as the tree, which the scan of the text bounds.
    fn answer(&self, at: usize, subject: &Subject<'_>) -> Answer {
        let value = |slot: Slot| self.value(slot, subject);
        let test = |met: Option<bool>| met.map_or(Answer::Unknown, Answer::from);
        match self.code.get(at) {
            Some(Op::All { end }) => self.fold(at + 1, *end, subject, Answer::Met, Answer::and),
            Some(Op::Any { end }) => self.fold(at + 1, *end, subject, Answer::NotMet, Answer::or),
            Some(Op::Not { .. }) => !self.answer(at + 1, subject),
            Some(Op::Constant(met)) => Answer::from(*met),
            Some(Op::Compare { left, comparison, right }) => {
                test(value(*left).zip(value(*right)).map(|(left, right)| comparison.holds(left, right)))
            }
            Some(Op::OneOf { slot, values }) => test(value(*slot).map(|value| values.contains(&value))),
            Some(Op::Has { slot, mask }) => test(value(*slot).map(|value| value & mask != 0)),
            // INVARIANT: every operator is followed by its operands, so `at` is inside the code.
            None => Answer::Unknown,
        }
    }

    /// Joins the answers from `at` to `end`, which start at the neutral one and end at its opposite.
    fn fold(
        &self,
        mut at: usize,
        end: usize,
        subject: &Subject<'_>,
        neutral: Answer,
        join: fn(Answer, Answer) -> Answer,
    ) -> Answer {
        let mut answer = neutral;
        while at < end && answer != !neutral {
            answer = join(answer, self.answer(at, subject));
            at = self.next(at);
        }
        answer
    }

    /// Where the condition after the one at `at` starts.
    fn next(&self, at: usize) -> usize {
        match self.code.get(at) {
            Some(Op::All { end } | Op::Any { end } | Op::Not { end }) => *end,
            _ => at + 1,
        }
    }

    /// The leaves that give the condition at `at` its answer: of a group those operands that have the
    /// same answer as the group; of a comparison its unknown sides if it is open, else both.
    fn collect(&self, at: usize, subject: &Subject<'_>, leaves: &mut BTreeSet<Leaf>) {
        let answer = self.answer(at, subject);
        let mut slots = |slots: &[Slot]| {
            for &slot in slots {
                let unknown = self.value(slot, subject).is_none();
                leaves.extend((unknown == (answer == Answer::Unknown)).then(|| self.leaf(slot)).flatten());
            }
        };
        match self.code.get(at) {
            Some(Op::All { end } | Op::Any { end }) => {
                let parts = successors(Some(at + 1), |part| Some(self.next(*part)));
                for part in parts.take_while(|part| part < end) {
                    if self.answer(part, subject) == answer {
                        self.collect(part, subject, leaves);
                    }
                }
            }
            Some(Op::Not { .. }) => self.collect(at + 1, subject, leaves),
            Some(Op::Compare { left, right, .. }) => slots(&[*left, *right]),
            Some(Op::OneOf { slot, .. } | Op::Has { slot, .. }) => slots(&[*slot]),
            Some(Op::Constant(_)) | None => {}
        }
    }

    fn value(&self, slot: Slot, subject: &Subject<'_>) -> Option<i64> {
        match slot {
            Slot::Person(fact) => subject.person.and_then(|person| person.get(fact)),
            Slot::Household(fact) => subject.household.get(fact),
            Slot::Param(index) => self.params.get(index).and_then(|(_, value)| *value),
            Slot::Value(value) => Some(value),
        }
    }

    fn leaf(&self, slot: Slot) -> Option<Leaf> {
        match slot {
            Slot::Person(fact) | Slot::Household(fact) => Some(Leaf::Fact(fact)),
            Slot::Param(index) => self.params.get(index).map(|(name, _)| Leaf::Param(Arc::clone(name))),
            Slot::Value(_) => None,
        }
    }
}

struct Compiler {
    code: Vec<Op>,
    params: Vec<(Arc<str>, Option<i64>)>,
}

impl Compiler {
    fn node(&mut self, node: &Node) {
        match node {
            Node::All(parts) => self.group(parts, |end| Op::All { end }),
            Node::Any(parts) => self.group(parts, |end| Op::Any { end }),
            Node::Not(inner) => self.group(std::slice::from_ref(&**inner), |end| Op::Not { end }),
            Node::Constant(met) => self.code.push(Op::Constant(*met)),
            Node::Compare { left, comparison, right } => {
                let (left, right) = (self.slot(left), self.slot(right));
                self.code.push(Op::Compare { left, comparison: *comparison, right });
            }
            Node::OneOf { operand, values } => {
                let slot = self.slot(operand);
                self.code.push(Op::OneOf { slot, values: values.as_slice().into() });
            }
            Node::Has { operand, mask } => {
                let slot = self.slot(operand);
                self.code.push(Op::Has { slot, mask: *mask });
            }
        }
    }

    fn group(&mut self, parts: &[Node], op: fn(usize) -> Op) {
        let start = self.code.len();
        self.code.push(op(start));
        for part in parts {
            self.node(part);
        }
        let end = self.code.len();
        if let Some(group) = self.code.get_mut(start) {
            *group = op(end);
        }
    }

    fn slot(&self, operand: &Operand) -> Slot {
        match operand {
            Operand::Fact(fact) => match fact.def().level {
                Level::Person => Slot::Person(*fact),
                Level::Household => Slot::Household(*fact),
            },
            // INVARIANT: `params` was collected from the same tree, so every name is found.
            Operand::Param(name) => {
                Slot::Param(self.params.iter().position(|(known, _)| known == name).unwrap_or(usize::MAX))
            }
            Operand::Value(value) => Slot::Value(*value),
        }
    }
}
