//! An income statement as a document: the shape of files and of the API's input, and the canonical form of
//! what comes of it.
//!
//! An amount that a record leaves out is not known, and neither is one that an item leaves out; what a
//! statement does not list is not there if the statement is `complete`. Messages never quote what was found.

mod read;
mod write;

pub use read::{codes, read};
pub use write::document;

use super::household::{Format, HouseholdError};
use crate::domain::income::Statement;

/// Reads a statement from a text.
///
/// # Errors
/// Everything that is wrong, each with its path.
pub fn parse(text: &str, format: Format) -> Result<Statement, HouseholdError> {
    let tree = match format {
        Format::Toml => super::tree::parse_toml(text),
        Format::Json => super::tree::parse_json(text),
    };
    read(&tree.map_err(HouseholdError::Syntax)?).map_err(HouseholdError::Problems)
}
