//! Walks a [`Tree`] and collects every problem on the way, so that one run names
//! them all.
//!
//! A [`Report`] holds the problems. A [`Node`] is one value with its path; a [`Table`] hands out the
//! nodes of its keys and knows at the end which keys nobody asked for.

use std::cell::RefCell;

use super::tree::Tree;

mod node;
mod number;
mod table;

pub use node::Node;
pub use table::Table;

/// The codes of problems that the reader finds.
pub mod codes {
    super::super::codes! {
        /// The value is of another kind.
        WRONG_TYPE = "wrong_type";
        /// A key that must be there is not.
        MISSING_KEY = "missing_key";
        /// A key that means nothing here.
        UNKNOWN_KEY = "unknown_key";
        /// A text that is none of the allowed ones.
        UNKNOWN_VALUE = "unknown_value";
        /// A text that is empty.
        EMPTY_TEXT = "empty_text";
        /// A number with a fraction that is not written as a text.
        FLOAT = "float";
        /// Not an amount of yuan.
        BAD_AMOUNT = "bad_amount";
        /// An amount, price, factor or number below zero.
        NEGATIVE = "negative";
        /// Not a rate, factor or price.
        BAD_RATE = "bad_rate";
        /// A rate over 100 %.
        RATE_OVER_100 = "rate_over_100";
        /// Not a day of the calendar.
        BAD_DATE = "bad_date";
        /// A whole number outside its range.
        OUT_OF_RANGE = "out_of_range";
    }
}

/// One thing that is wrong in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where: `standards[2].parts[0].cap`; empty for the document itself.
    pub path: String,
    /// The line, where it is known.
    pub line: Option<usize>,
    /// A stable code, one of [`codes`] or of the module that refused the value.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub hint: Option<String>,
}

/// The problems found so far.
#[derive(Debug)]
pub struct Report {
    problems: RefCell<Vec<Problem>>,
    quotes: bool,
}

impl Report {
    /// A report on a policy file: messages quote what was found.
    pub fn quoting() -> Self {
        Self { problems: RefCell::default(), quotes: true }
    }

    /// A report on a document about people: messages quote keys and what is allowed, never a value.
    pub fn discreet() -> Self {
        Self { problems: RefCell::default(), quotes: false }
    }

    /// The document's outermost value.
    pub fn root<'a>(&'a self, tree: &'a Tree) -> Node<'a> {
        Node::new(tree, String::new(), self)
    }

    /// Adds a problem.
    pub fn add(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    /// How many problems were found so far.
    pub fn count(&self) -> usize {
        self.problems.borrow().len()
    }

    /// The problems, in the order in which they were found.
    pub fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }
}

/// The candidate that is most like the text, if any is like it at all.
pub fn closest<'c>(text: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let length = text.chars().count();
    if length > 64 {
        return None;
    }
    let scored = candidates.into_iter().map(|candidate| {
        let distance = strsim::damerau_levenshtein(&text.to_lowercase(), &candidate.to_lowercase());
        (distance, candidate)
    });
    let (distance, candidate) = scored.min()?;
    (distance * 2 <= length.max(2)).then_some(candidate)
}

/// The hint for a name that is none of the allowed ones.
pub fn expected_one_of<'c>(text: &str, allowed: impl IntoIterator<Item = &'c str> + Clone) -> String {
    match closest(text, allowed.clone()) {
        Some(close) => format!("did you mean `{close}`?"),
        None => format!("one of {}", quoted_list(allowed)),
    }
}

/// `` `a`, `b`, `c` ``.
pub fn quoted_list<'c>(names: impl IntoIterator<Item = &'c str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
