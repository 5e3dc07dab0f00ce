//! The lists of the two registries: what each import stated about whom, and what is listed now.
//!
//! A number stands here sealed only, and who a row is about as a keyed hash; the keys are no concern of the store.

mod import;
mod read;
mod row;
mod seals;

pub(super) use import::import;
pub(super) use read::{all, imports, of_member, page};
pub use seals::{Resealed, Resealing};
pub(super) use seals::{reseal, seals};

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::facts::Fact;
use crate::domain::region::Region;
use crate::domain::registries::{Registry, StatedIdentity};

/// An ID number as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedNumber {
    /// The number of the key that seals it.
    pub key: i64,
    /// Nonce and cipher text.
    pub text: String,
}

/// What a registry states of one person: a row of its list.
#[derive(Clone, PartialEq, Eq)]
pub struct Statement {
    /// The file of the import, from 1 on, and the line in it.
    pub at: (i64, i64),
    /// The household's number in the registry.
    pub household_no: String,
    /// The town or village.
    pub region: Region,
    /// Who it is about: a keyed hash of the ID number, 64 hexadecimal digits, the same in both registries. Of a
    /// person without a number it is one of registry, household, name and date of birth, and matches nobody else.
    pub person: String,
    /// The name.
    pub name: String,
    /// The number, if the registry states one.
    pub number: Option<SealedNumber>,
    /// The date of birth, by the number or as stated.
    pub birth_date: Option<NaiveDate>,
    /// The identity; `None` for a member who is only listed with the household.
    pub identity: Option<StatedIdentity>,
    /// Facts that the row states.
    pub facts: Vec<(Fact, i64)>,
}

/// Identifies a stored row: the import, and the row's number in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListedId {
    /// The import that recorded it.
    pub seq: i64,
    /// Its number there, from 1 on.
    pub number: i64,
}

/// A row that a registry lists now, or did.
#[derive(Clone, PartialEq, Eq)]
pub struct ListedPerson {
    /// Which row.
    pub id: ListedId,
    /// The registry.
    pub registry: Registry,
    /// What it states.
    pub statement: Statement,
    /// The last import that stated it.
    pub stated_seq: i64,
    /// The import from which on it is no longer listed.
    pub closed_seq: Option<i64>,
}

/// The circumstances of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewImport {
    /// The registry.
    pub registry: Registry,
    /// The day of which the list speaks.
    pub as_of: NaiveDate,
    /// Whether the list is all of the registry, so that whom it leaves out is no longer listed.
    pub complete: bool,
    /// Who imports.
    pub by: String,
    /// Now.
    pub at: DateTime<Utc>,
    /// A value by which it is seen that the numbers are hashed with the key of the imports before.
    pub keys_check: String,
    /// SHA-256 of each file, in hexadecimal.
    pub files: Vec<String>,
}

/// Counts of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ImportCounts {
    /// Of persons, or of identities of persons, that were not listed.
    pub new: i64,
    /// Listed before with other content.
    pub changed: i64,
    /// Listed before just so.
    pub unchanged: i64,
    /// Listed before, and no longer.
    pub ended: i64,
    /// Not taken.
    pub refused: i64,
}

/// An import that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredImport {
    /// Its number.
    pub seq: i64,
    /// Its circumstances.
    pub import: NewImport,
    /// What it did.
    pub counts: ImportCounts,
}

/// What came of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imported {
    /// It is kept under this number.
    Kept(i64, ImportCounts),
    /// It says nothing that was not known, so nothing was written.
    NothingNew(ImportCounts),
    /// It was not to be kept, so nothing was written.
    Dropped(ImportCounts),
    /// The very files were the registry's last import, of this number.
    Repeated(i64),
    /// The registry's list of a later day is there already, by the import of this number.
    Later(i64, NaiveDate),
    /// The numbers of the database are hashed with another key.
    OtherKeys,
}

/// Where the rows of an import come from, and who judges them. It is asked by the thread that writes, inside the
/// transaction.
pub trait Intake: Send + 'static {
    /// The next rows, a thousand at most; `None` after the last.
    fn next_rows(&mut self) -> Option<Vec<Statement>>;

    /// Whether a row may stand beside those that the same import stated about the same person or household before.
    fn admits(&mut self, row: &Statement, beside: &[&Statement]) -> bool;

    /// After the last row: how many were not taken, and whether the import is to be kept.
    fn close(&mut self) -> Closing;
}

/// How an import ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closing {
    /// How many rows were not taken, by whatever reason.
    pub refused: i64,
    /// Whether to keep what was taken.
    pub keep: bool,
}

impl std::fmt::Debug for Statement {
    /// Says where it stands, and nothing of the person.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Statement").field("at", &self.at).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for ListedPerson {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("ListedPerson").field("id", &self.id).finish_non_exhaustive()
    }
}
