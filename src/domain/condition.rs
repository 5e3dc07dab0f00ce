//! Conditions: typed expressions over the vocabulary, with three answers.
//!
//! A text is scanned (size, depth and words are bounded before any parser sees it), parsed as CEL by
//! a library, checked against the vocabulary into a small tree of our own, and compiled for a place
//! into a flat program. Nothing that is registered is ever executed as code.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::facts::{Fact, FactSet};
use super::vocabulary::Level;

mod literal;
mod parse;
mod program;
mod scan;
#[cfg(test)]
mod tests;
mod tree;

pub use program::Program;

use tree::Node;

/// The answer of a condition (Kleene's strong logic). An unknown fact is never false or zero.
///
/// In this order "and" is the smaller answer and "or" the larger one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Answer {
    /// The known facts refute it.
    NotMet,
    /// The known facts leave it open.
    Unknown,
    /// The known facts establish it.
    Met,
}

impl Answer {
    /// Both are met.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// At least one is met.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }
}

impl std::ops::Not for Answer {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::NotMet => Self::Met,
            Self::Unknown => Self::Unknown,
            Self::Met => Self::NotMet,
        }
    }
}

impl From<bool> for Answer {
    fn from(met: bool) -> Self {
        if met { Self::Met } else { Self::NotMet }
    }
}

/// The type of a place parameter that a condition can compare with something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParamType {
    /// Fen.
    Money,
    /// A whole number from 0.
    Count,
    /// Days since 1970-01-01.
    Date,
}

/// A mistake in the text of a condition. Words of the text stand in backticks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ConditionError {
    /// Where in the text: the character, counted from 1, line breaks included.
    pub column: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write instead, if that can be told.
    pub hint: Option<String>,
}

/// What an answer can rest on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Leaf {
    /// A fact of the vocabulary.
    Fact(Fact),
    /// A place parameter, by name.
    Param(Arc<str>),
}

/// Whom a condition is asked about. The level of a fact decides where it is read.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The member; without one every fact of a person is unknown.
    pub person: Option<&'a FactSet>,
    /// The household.
    pub household: &'a FactSet,
}

/// A checked condition. Two are equal if they say the same, however they are spaced or bracketed.
#[derive(Clone, Debug)]
pub struct Expression {
    source: Arc<str>,
    root: Node,
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.root == other.root
    }
}

impl Eq for Expression {}

impl Expression {
    /// The longest text that is accepted, in bytes.
    pub const MOST_BYTES: usize = 2000;
    /// The deepest nesting of brackets and negations that is accepted.
    pub const MOST_NESTED: usize = 20;
    /// The largest number of names, literals, lists and operators that is accepted.
    pub const MOST_NODES: usize = 200;

    /// Reads and checks a condition that is to be asked at `level`. `param_type` knows the place
    /// parameters that a condition may name.
    ///
    /// # Errors
    /// Every mistake of types and names, in the order of the text; of mistakes of form only the first.
    pub fn parse(
        text: &str,
        level: Level,
        param_type: &dyn Fn(&str) -> Option<ParamType>,
    ) -> Result<Self, Vec<ConditionError>> {
        Ok(Self { source: text.into(), root: parse::parse(text, level, param_type)? })
    }

    /// The condition that holds when all of these do; with none of them it always holds.
    #[must_use]
    pub fn conjunction(conditions: impl IntoIterator<Item = Self>) -> Self {
        let (sources, roots): (Vec<_>, Vec<_>) =
            conditions.into_iter().map(|condition| (condition.source, condition.root)).unzip();
        let source: Arc<str> = match sources.as_slice() {
            [] => "true".into(),
            [only] => Arc::clone(only),
            _ => sources.iter().map(|source| format!("({source})")).collect::<Vec<_>>().join(" && ").into(),
        };
        Self { source, root: Node::all(roots) }
    }

    /// The text it was read from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The facts it reads.
    pub fn facts(&self) -> BTreeSet<Fact> {
        let mut facts = BTreeSet::new();
        self.root.visit_operands(&mut |operand| facts.extend(operand.fact()));
        facts
    }

    /// The place parameters it reads.
    pub fn params(&self) -> BTreeSet<&str> {
        let mut params = BTreeSet::new();
        self.root.visit_operands(&mut |operand| params.extend(operand.param().map(|name| &**name)));
        params
    }

    /// The program for one place. A parameter without a value there is unknown, like a fact.
    pub fn compile(&self, param_value: &dyn Fn(&str) -> Option<i64>) -> Program {
        Program::new(&self.root, param_value)
    }
}
