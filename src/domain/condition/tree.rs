//! The typed tree: every comparison is one of two `i64`.

use std::sync::Arc;

use crate::domain::facts::Fact;

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// Every one of them; never directly inside another `All`.
    All(Vec<Node>),
    /// At least one of them; never directly inside another `Any`.
    Any(Vec<Node>),
    /// The opposite.
    Not(Box<Node>),
    /// `true` or `false`.
    Constant(bool),
    /// Two values of the same type. A literal stands on the right.
    Compare { left: Operand, comparison: Comparison, right: Operand },
    /// A value among literals, which are sorted.
    OneOf { operand: Operand, values: Vec<i64> },
    /// Bits that are set in a fact of flags.
    Has { operand: Operand, mask: i64 },
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    /// A fact.
    Fact(Fact),
    /// A place parameter.
    Param(Arc<str>),
    /// A literal, in the unit of what it is compared with.
    Value(i64),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Node {
    /// All of them, flat.
    pub(super) fn all(nodes: Vec<Self>) -> Self {
        let mut parts = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node {
                Self::All(inner) => parts.extend(inner),
                other => parts.push(other),
            }
        }
        Self::single(parts, Self::All, true)
    }

    /// Any of them, flat.
    pub(super) fn any(nodes: Vec<Self>) -> Self {
        let mut parts = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node {
                Self::Any(inner) => parts.extend(inner),
                other => parts.push(other),
            }
        }
        Self::single(parts, Self::Any, false)
    }

    fn single(mut parts: Vec<Self>, group: fn(Vec<Self>) -> Self, empty: bool) -> Self {
        if parts.len() > 1 { group(parts) } else { parts.pop().unwrap_or(Self::Constant(empty)) }
    }

    /// Shows every operand to `visit`.
    pub(super) fn visit_operands<'a>(&'a self, visit: &mut dyn FnMut(&'a Operand)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.visit_operands(visit)),
            Self::Not(inner) => inner.visit_operands(visit),
            Self::Constant(_) => {}
            Self::Compare { left, right, .. } => {
                visit(left);
                visit(right);
            }
            Self::OneOf { operand, .. } | Self::Has { operand, .. } => visit(operand),
        }
    }
}

impl Operand {
    /// The fact, if it is one.
    pub(super) fn fact(&self) -> Option<Fact> {
        if let Self::Fact(fact) = self { Some(*fact) } else { None }
    }

    /// The parameter, if it is one.
    pub(super) fn param(&self) -> Option<&Arc<str>> {
        if let Self::Param(name) = self { Some(name) } else { None }
    }
}

impl Comparison {
    /// Whether it holds.
    pub(super) fn holds(self, left: i64, right: i64) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::Greater => left > right,
            Self::AtLeast => left >= right,
        }
    }

    /// The same with the two sides exchanged.
    pub(super) fn flipped(self) -> Self {
        match self {
            Self::Equal | Self::NotEqual => self,
            Self::Less => Self::Greater,
            Self::AtMost => Self::AtLeast,
            Self::Greater => Self::Less,
            Self::AtLeast => Self::AtMost,
        }
    }

    /// Whether it asks which of two values is larger.
    pub(super) fn orders(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }
}
