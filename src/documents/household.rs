//! A household as a document: the shape of files, of the API's input and of the store.
//!
//! The vocabulary is the table of its fields: a fact stands at its path, `house.grade`, and nothing
//! that is not in the vocabulary is accepted. Messages never quote what was found.

mod read;
mod write;

pub use read::{MOST_MEMBERS, codes, is_key, read};
pub(in crate::documents) use read::{MOST_RECORDS, amount, choice, key, short};
pub use write::{fact_value, write};

use super::reader::Problem;
use super::tree::{SyntaxError, Tree};
use crate::domain::catalogue::Catalogue;
use crate::domain::facts::Household;
use crate::domain::identity_rules::{IdentityProblem, RecordPlace, identity_problems};

/// The language a document is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// TOML.
    Toml,
    /// JSON.
    Json,
}

/// A text that is none of the documents that it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HouseholdError {
    /// It is not a document of the language at all.
    Syntax(SyntaxError),
    /// It is a document, and this is wrong with it.
    Problems(Vec<Problem>),
}

/// Reads a household from a text and checks it against the identity pairs of a catalogue.
///
/// # Errors
/// Everything that is wrong, each with its path.
pub fn parse(text: &str, format: Format, catalogue: &Catalogue) -> Result<Household, HouseholdError> {
    let tree = match format {
        Format::Toml => super::tree::parse_toml(text),
        Format::Json => super::tree::parse_json(text),
    };
    from_tree(&tree.map_err(HouseholdError::Syntax)?, catalogue).map_err(HouseholdError::Problems)
}

/// Reads a household from a tree and checks it against the identity pairs of a catalogue.
///
/// # Errors
/// Everything that is wrong, each with its path.
pub fn from_tree(tree: &Tree, catalogue: &Catalogue) -> Result<Household, Vec<Problem>> {
    let household = read(tree)?;
    let found = identity_problems(catalogue, &household);
    if found.is_empty() {
        return Ok(household);
    }
    Err(found.iter().map(|problem| identity_problem(catalogue, problem)).collect())
}

fn identity_problem(catalogue: &Catalogue, problem: &IdentityProblem) -> Problem {
    let (at, code, message, hint) = match problem {
        IdentityProblem::WrongHolder { at, identity } => {
            let holder = if at.member.is_some() {
                "a household, not by a person"
            } else {
                "a person, not by a household"
            };
            (at, codes::WRONG_HOLDER, format!("`{identity}` is held by {holder}"), None)
        }
        IdentityProblem::Twice { at, with, identity } => {
            let message = format!("`{identity}` is held twice at the same time, see `{}`", path(*with));
            (at, codes::HELD_TWICE, message, Some(String::from("end the earlier record with `until`")))
        }
        IdentityProblem::Together { at, with, pair, household } => {
            let names = catalogue
                .pairs
                .get(*pair)
                .map_or(String::new(), |pair| format!("`{}` and `{}`", pair.a, pair.b));
            let whom = if *household { "in one household" } else { "by one person" };
            let message = format!("{names} cannot be held together {whom}, see `{}`", path(*with));
            let sources = catalogue.pairs.get(*pair).map(|pair| &pair.sources);
            let rule = sources.and_then(|sources| sources.first()).map(super::source_text);
            (at, codes::IMPOSSIBLE_PAIR, message, rule.map(|rule| format!("the rule: {rule}")))
        }
        IdentityProblem::ExPoor { at, identity } => {
            let message = format!("`{identity}` contradicts `exPoor`");
            (
                at,
                codes::CONTRADICTION,
                message,
                Some(String::from(
                    "`m_unstable` households were registered poor, `m_edge` households were not",
                )),
            )
        }
    };
    Problem { path: path(*at), line: None, code, message, hint }
}

fn path(at: RecordPlace) -> String {
    match at.member {
        Some(member) => format!("members[{member}].identities[{}]", at.record),
        None => format!("identities[{}]", at.record),
    }
}
