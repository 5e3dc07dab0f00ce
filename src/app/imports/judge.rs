//! Whether a row may stand beside the others of its list, and whether the list is kept.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use super::rows::Chunk;
use super::{ImportError, Listener};
use crate::documents::registry::Field;
use crate::documents::sheet::{Column, Fault, RowProblem, codes as sheet};
use crate::domain::catalogue::Catalogue;
use crate::domain::facts::Fact;
use crate::domain::identity_rules::{Clash, clash, contradicts};
use crate::domain::registries::StatedIdentity;
use crate::store::{Closing, Intake, Statement};

/// The codes of problems that a row has with other rows of its list.
pub mod codes {
    crate::documents::codes! {
        /// The same person with the same identity, or with none, twice.
        DUPLICATE_ROW = "duplicate_row";
        /// One person in two households of the registry.
        TWO_HOUSEHOLDS = "two_households";
        /// One identity, twice at the same time.
        HELD_TWICE = "held_twice";
        /// Identities that cannot be held together.
        IMPOSSIBLE_PAIR = "impossible_pair";
        /// An identity that contradicts a fact of the same row.
        CONTRADICTION = "contradiction";
    }
}

/// What is kept of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keep {
    Nothing,
    AllOrNothing,
    GoodRows,
}

/// Judges the rows that come from the reading thread.
pub(super) struct Judge<L> {
    catalogue: Arc<Catalogue>,
    chunks: Receiver<Result<Chunk, ImportError>>,
    keep: Keep,
    listener: L,
    /// Problems of the chunk at hand: told in the order of the files, once it is done.
    found: Vec<(usize, RowProblem)>,
    rows: u64,
    bytes: u64,
    refused: i64,
    /// Whether a file is damaged, so that what is missing of it is not known.
    damaged: bool,
    broken: Option<ImportError>,
}

/// Problems after which it is not known what else stood in the file.
const DAMAGE: [&str; 16] = [
    sheet::UNREADABLE,
    sheet::WRONG_FORMAT,
    sheet::BROKEN_FILE,
    sheet::FILE_TOO_LARGE,
    sheet::UNPACKS_TOO_LARGE,
    sheet::TOO_MANY_ROWS,
    sheet::NO_WORKSHEET,
    sheet::EMPTY_FILE,
    sheet::NUL,
    sheet::ENCODING,
    sheet::UNCLOSED_QUOTE,
    sheet::ROW_TOO_LONG,
    sheet::TOO_MANY_COLUMNS,
    sheet::MISSING_COLUMN,
    sheet::UNKNOWN_COLUMN,
    sheet::COLUMN_TWICE,
];

impl<L: Listener> Judge<L> {
    pub(super) fn new(
        catalogue: Arc<Catalogue>,
        chunks: Receiver<Result<Chunk, ImportError>>,
        keep: Keep,
        listener: L,
    ) -> Self {
        let (found, damaged, broken) = (Vec::new(), false, None);
        Self { catalogue, chunks, keep, listener, found, rows: 0, bytes: 0, refused: 0, damaged, broken }
    }

    /// The listener, and what kept the import from its end.
    pub(super) fn end(self) -> (L, Option<ImportError>) {
        (self.listener, self.broken)
    }

    fn tell(&mut self) {
        self.found.sort_by_key(|(file, problem)| (*file, problem.line));
        for (file, problem) in self.found.drain(..) {
            self.listener.problem(file, problem);
        }
        self.listener.progress(self.rows, self.bytes);
    }

    fn refuse(&mut self, file: usize, problems: Vec<RowProblem>) {
        self.refused += 1;
        self.damaged |= problems.iter().any(|problem| DAMAGE.contains(&problem.code));
        self.found.extend(problems.into_iter().map(|problem| (file, problem)));
    }
}

impl<L: Listener> Intake for Judge<L> {
    fn next_rows(&mut self) -> Option<Vec<Statement>> {
        self.tell();
        match self.chunks.recv() {
            Ok(Ok(chunk)) => {
                let count = chunk.rows.len() + chunk.refused.len();
                self.rows += u64::try_from(count).unwrap_or(u64::MAX);
                self.bytes = chunk.bytes;
                for (file, problems) in chunk.refused {
                    self.refuse(file, problems);
                }
                Some(chunk.rows)
            }
            Ok(Err(broken)) => {
                self.broken = Some(broken);
                None
            }
            Err(_closed) => None,
        }
    }

    fn admits(&mut self, row: &Statement, beside: &[&Statement]) -> bool {
        let Some((code, field, message)) = problem(&self.catalogue, row, beside) else { return true };
        let column = Column { number: None, heading: Some(field.names().1.into()) };
        let (file, line) = row.at;
        let line = u64::try_from(line).unwrap_or_default();
        let file = usize::try_from(file.saturating_sub(1)).unwrap_or_default();
        self.refuse(file, vec![Fault::new(code, message).at(line, Some(column))]);
        false
    }

    fn close(&mut self) -> Closing {
        self.tell();
        let whole = self.broken.is_none() && !self.damaged;
        let keep = match self.keep {
            Keep::Nothing => false,
            Keep::AllOrNothing => whole && self.refused == 0,
            Keep::GoodRows => whole,
        };
        Closing { refused: self.refused, keep }
    }
}

/// What is wrong with a row beside others of its person or household, and in which column.
fn problem(
    catalogue: &Catalogue,
    row: &Statement,
    beside: &[&Statement],
) -> Option<(&'static str, Field, String)> {
    let ex_poor = row.facts.iter().find(|(fact, _)| *fact == Fact::ExPoor).map(|(_, value)| *value != 0);
    if let Some(held) = &row.identity
        && contradicts(held.identity, ex_poor)
    {
        let message = format!("`{}` contradicts the column `{}`", held.identity, Fact::ExPoor.def().zh);
        return Some((codes::CONTRADICTION, Field::Identity, message));
    }
    beside.iter().find_map(|other| pair_problem(catalogue, row, other))
}

fn pair_problem(
    catalogue: &Catalogue,
    row: &Statement,
    other: &Statement,
) -> Option<(&'static str, Field, String)> {
    let place = if row.at.0 == other.at.0 {
        format!("line {}", other.at.1)
    } else {
        format!("line {} of file {}", other.at.1, other.at.0)
    };
    let same_person = row.person == other.person;
    if same_person && row.household_no != other.household_no {
        let message = format!("the person stands in another household too, see {place}");
        return Some((codes::TWO_HOUSEHOLDS, Field::HouseholdNo, message));
    }
    let duplicate = || {
        let message = format!("the person stands in {place} already");
        Some((codes::DUPLICATE_ROW, Field::IdNumber, message))
    };
    let (Some(one), Some(with)) = (&row.identity, &other.identity) else {
        return if same_person { duplicate() } else { None };
    };
    if same_person && (one.identity, one.held.from) == (with.identity, with.held.from) {
        return duplicate();
    }
    if !one.held.overlaps(&with.held) {
        return None;
    }
    let holder =
        |stated: &StatedIdentity, row: &Statement| (!stated.of_household).then(|| row.person.clone());
    let held = |stated: &StatedIdentity, row: &Statement| (holder(stated, row), stated.identity);
    match clash(catalogue, held(one, row), held(with, other))? {
        // Every member's row repeats what the household holds.
        Clash::Twice if !same_person => None,
        Clash::Twice => {
            let message = format!("`{}` is held twice at the same time, see {place}", one.identity);
            Some((codes::HELD_TWICE, Field::Identity, message))
        }
        Clash::Together { household, .. } => {
            let whom = if household { "in one household" } else { "by one person" };
            let (a, b) = (one.identity, with.identity);
            let message = format!("`{a}` and `{b}` cannot be held together {whom}, see {place}");
            Some((codes::IMPOSSIBLE_PAIR, Field::Identity, message))
        }
    }
}
