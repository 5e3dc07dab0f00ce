//! Registries as tables: one row a person, with the identity that the registry states.
//!
//! The layout is ours ([`Layout::plain`], described in `docs/registries.md`); a column map brings the
//! tables of other offices to it. Rows are read one at a time in constant memory, each with everything
//! that is wrong with it. Nothing is remembered between rows: who stands in a file twice is found by the
//! database that the rows go into.

mod layout;
mod map;
mod open;
mod row;
mod write;

use super::sheet::{RowProblem, Sheet, Source};
use crate::domain::registries::{Registry, RegistryRow};

use self::open::Columns;

pub use layout::{Field, Layout};
pub use map::{map_codes, parse as parse_map};
pub use write::write;

/// The codes of problems that only registries have, beside those of every table
/// ([`sheet::codes`](super::sheet::codes)).
pub mod codes {
    super::super::codes! {
        /// An ID number that is not of 18 characters, or 15 digits.
        ID_NUMBER_LENGTH = "id_number_length";
        /// An ID number with a character that cannot stand there.
        ID_NUMBER_CHARACTER = "id_number_character";
        /// An ID number that the spreadsheet took for a number.
        ID_NUMBER_ROUNDED = "id_number_rounded";
        /// An ID number whose date of birth does not exist.
        ID_NUMBER_BIRTH_DATE = "id_number_birth_date";
        /// An ID number whose check character does not fit.
        ID_NUMBER_CHECK = "id_number_check";
        /// A column of facts says another date of birth than the ID number.
        BIRTH_DATE_CONTRADICTS = "birth_date_contradicts";
        /// An ID number where a number of the household, a name or evidence should stand.
        ID_NUMBER_IN_TEXT = "id_number_in_text";
        /// A region that is no town or village.
        BAD_REGION = "bad_region";
        /// An identity of the other registry.
        WRONG_TRACK = "wrong_track";
        /// An identity that this kind of holder cannot have.
        WRONG_HOLDER = "wrong_holder";
        /// A period or evidence without an identity.
        WITHOUT_IDENTITY = "without_identity";
        /// An identity that ends before it begins.
        BAD_VALIDITY = "bad_validity";
    }
}

/// Begins to read a registry.
///
/// # Errors
/// The table cannot be read, or everything that is wrong with its heading.
pub fn read<'a>(
    source: Source<'a>,
    layout: &Layout,
    registry: Registry,
) -> Result<RegistryReader<'a>, Vec<RowProblem>> {
    let sheet = Sheet::open(source, layout.options()).map_err(|problem| vec![problem])?;
    let columns = Columns::find(layout, &sheet)?;
    Ok(RegistryReader { sheet, columns, registry })
}

/// The rows of a registry, each with its line: what it says, or everything that is wrong with it.
#[expect(missing_debug_implementations, reason = "a stream has nothing to show, and its rows are of people")]
pub struct RegistryReader<'a> {
    sheet: Sheet<'a>,
    columns: Columns,
    registry: Registry,
}

impl Iterator for RegistryReader<'_> {
    type Item = Result<(u64, RegistryRow), Vec<RowProblem>>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.sheet.next_row() {
            Ok(None) => None,
            Ok(Some(row)) => Some(row::read(&self.columns, self.registry, row)),
            Err(problem) => Some(Err(vec![problem])),
        }
    }
}
