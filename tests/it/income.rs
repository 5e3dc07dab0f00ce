//! The two income arithmetics: the worked case, a brute force, bad documents and the command line.

mod cli;
mod documents;
mod oracle;
mod worked;

use assistance_toolbox::documents::household::Format;
use assistance_toolbox::documents::income::parse;
use assistance_toolbox::domain::catalogue::Catalogue;
use assistance_toolbox::domain::income::compare::{Comparison, Outcome};
use assistance_toolbox::domain::income::{Statement, compare};
use assistance_toolbox::domain::ratio::Ratio;
use serde_json::Value;

use crate::support::{catalogue, root};

/// The file of the worked case.
const H8: &str = "policies/cases/income/h8.toml";

fn h8() -> Statement {
    parse(&std::fs::read_to_string(root().join(H8)).unwrap(), Format::Toml).unwrap()
}

/// A statement from JSON.
fn statement(document: &Value) -> Statement {
    parse(&document.to_string(), Format::Json).unwrap()
}

fn compared(statement: &Statement, place: &str, on: &str) -> Comparison {
    let catalogue = catalogue();
    compare(&catalogue, catalogue.place(place).unwrap(), on.parse().unwrap(), statement).unwrap()
}

/// The outcome under a rule set.
fn outcome<'c>(catalogue: &Catalogue, comparison: &'c Comparison, set: &str) -> &'c Outcome {
    let found = comparison.outcomes.iter().find(|one| catalogue.income[one.rule_set].id == set);
    found.unwrap_or_else(|| panic!("`{set}` is not in use"))
}

/// Whole yuan as exact fen.
fn yuan(amount: i64) -> Ratio {
    Ratio::integer(amount * 100)
}
