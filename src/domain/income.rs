//! The two income arithmetics of Table 1: one household, the same receipts and costs, counted by each
//! rule set in force, and held against the lines in force.
//!
//! A comparison advises only. Which identity a household holds is granted by the department that each
//! advice names, after it has looked at property and at what else its own rules ask.

pub mod compare;
pub mod items;
pub mod rules;
pub mod span;
pub mod statement;

pub use compare::{CompareError, Comparison, compare};
pub use items::Item;
pub use rules::RuleSet;
pub use span::Span;
pub use statement::Statement;
