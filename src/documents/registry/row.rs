//! One row: everything it says, or everything that is wrong with it.

use chrono::NaiveDate;

use super::codes;
use super::layout::{Field, OF_HOUSEHOLD, OF_PERSON, Target, identity_words};
use super::open::{Bound, Columns};
use crate::documents::sheet::{self, Cell, CellKind, Fault, Row, RowProblem};
use crate::domain::facts::{Fact, days_of};
use crate::domain::id_number::{IdNumber, IdNumberError};
use crate::domain::identity::{Holder, Identity};
use crate::domain::money::Fen;
use crate::domain::period::Validity;
use crate::domain::region::Region;
use crate::domain::registries::{Registry, RegistryRow, StatedIdentity};
use crate::domain::schedule::Schedule;
use crate::domain::vocabulary::{ChoiceSet, FactType};

/// The most characters of a household's number.
const LONGEST_NUMBER: usize = 64;
/// The most characters of a name or of evidence.
const LONGEST_TEXT: usize = 200;

/// Reads a row.
pub(super) fn read(
    columns: &Columns,
    registry: Registry,
    row: Row<'_>,
) -> Result<(u64, RegistryRow), Vec<RowProblem>> {
    let mut reading = Reading { columns, row, problems: Vec::new() };
    let read = reading.person(registry);
    match read {
        Some(person) if reading.problems.is_empty() => Ok((row.line(), person)),
        _ => Err(reading.problems),
    }
}

struct Reading<'r> {
    columns: &'r Columns,
    row: Row<'r>,
    problems: Vec<RowProblem>,
}

impl<'r> Reading<'r> {
    /// The person; `None` only with a problem.
    fn person(&mut self, registry: Registry) -> Option<RegistryRow> {
        let household_no = self.need(Field::HouseholdNo, |cell| text(cell, LONGEST_NUMBER));
        let region = self.need(Field::Region, region);
        let name = self.need(Field::Name, |cell| text(cell, LONGEST_TEXT));
        let id_number = self.may(Field::IdNumber, id_number);
        let identity = self.identity(registry);
        let facts = self.facts(id_number.as_ref().map(IdNumber::birth_date));
        Some(RegistryRow {
            household_no: household_no?.to_owned(),
            region: region?,
            name: name?.to_owned(),
            id_number,
            identity,
            facts,
        })
    }

    fn identity(&mut self, registry: Registry) -> Option<StatedIdentity> {
        if self.cell(Field::Identity).is_none_or(|(cell, _)| cell.is_empty()) {
            for field in [Field::Since, Field::Until, Field::Evidence] {
                if self.cell(field).is_some_and(|(cell, bound)| bound.is_of_the_row() && !cell.is_empty()) {
                    let message = "a period or evidence without an identity: state the identity, or empty it";
                    self.wrong(field, Fault::new(codes::WITHOUT_IDENTITY, message));
                }
            }
            return None;
        }
        let identity = self.need(Field::Identity, |cell| identity(cell, registry));
        let of_household = match identity {
            Some(identity) => self.of_household(identity),
            None => self.may(Field::Scope, of_household),
        };
        let since = self.need(Field::Since, sheet::date);
        let until = self.may(Field::Until, sheet::date);
        let evidence = self.may(Field::Evidence, |cell| text(cell, LONGEST_TEXT));
        let held = since.and_then(|since| {
            let held = Validity::new(since, until);
            if held.is_none() {
                let message = "the identity ends before it begins: this is the first day no longer";
                self.wrong(Field::Until, Fault::new(codes::BAD_VALIDITY, message));
            }
            held
        });
        Some(StatedIdentity {
            identity: identity?,
            of_household: of_household?,
            held: held?,
            evidence: evidence.map(str::to_owned),
        })
    }

    /// Who holds the identity: as stated, or the only one who can.
    fn of_household(&mut self, identity: Identity) -> Option<bool> {
        let only = match identity.holder() {
            Holder::Household => Some(true),
            Holder::Person => Some(false),
            Holder::Either => None,
        };
        let before = self.problems.len();
        match (self.may(Field::Scope, of_household), only) {
            (Some(stated), Some(only)) if stated != only => {
                let holder =
                    if only { "a household, not by a person" } else { "a person, not by a household" };
                let fault = Fault::new(codes::WRONG_HOLDER, format!("`{identity}` is held by {holder}"));
                self.wrong(Field::Scope, fault);
                None
            }
            (Some(stated), _) => Some(stated),
            (None, Some(only)) => Some(only),
            (None, None) if self.problems.len() > before => None,
            (None, None) => {
                let message = "dibao is held by a household or by one person: state `全户` or `本人`";
                self.wrong(Field::Scope, Fault::new(sheet::codes::EMPTY_CELL, message));
                None
            }
        }
    }

    fn facts(&mut self, born: Option<NaiveDate>) -> Vec<(Fact, i64)> {
        let mut facts = Vec::new();
        for (known, bound) in &self.columns.facts {
            let cell = bound.cell(self.row);
            if cell.is_empty() {
                continue;
            }
            match fact(cell, *known) {
                Ok(value) if *known == Fact::BirthDate && born.is_some_and(|day| days_of(day) != value) => {
                    let message = "this is not the date of birth in the ID number";
                    let fault = Fault::new(codes::BIRTH_DATE_CONTRADICTS, message);
                    self.problems.push(fault.at(self.row.line(), Some(bound.column())));
                }
                Ok(value) => facts.push((*known, value)),
                Err(fault) => self.problems.push(fault.at(self.row.line(), Some(bound.column()))),
            }
        }
        facts
    }

    fn cell(&self, field: Field) -> Option<(Cell<'r>, &'r Bound)> {
        let bound = self.columns.field(field)?;
        Some((bound.cell(self.row), bound))
    }

    /// The value of a cell that must not be empty.
    fn need<T>(&mut self, field: Field, read: impl FnOnce(Cell<'r>) -> Result<T, Fault>) -> Option<T> {
        if self.cell(field).is_none_or(|(cell, _)| cell.is_empty()) {
            self.wrong(field, Fault::new(sheet::codes::EMPTY_CELL, "the cell is empty"));
            return None;
        }
        self.may(field, read)
    }

    /// The value of a cell that may be empty.
    fn may<T>(&mut self, field: Field, read: impl FnOnce(Cell<'r>) -> Result<T, Fault>) -> Option<T> {
        let (cell, _) = self.cell(field).filter(|(cell, _)| !cell.is_empty())?;
        read(cell).map_err(|fault| self.wrong(field, fault)).ok()
    }

    fn wrong(&mut self, field: Field, fault: Fault) {
        let column =
            self.columns.field(field).map_or_else(|| sheet::Column::missing(field.names().1), Bound::column);
        self.problems.push(fault.at(self.row.line(), Some(column)));
    }
}

fn text(cell: Cell<'_>, longest: usize) -> Result<&str, Fault> {
    let text = cell.plain()?;
    if text.len() > longest && text.chars().count() > longest {
        let message = format!("the text has more than {longest} characters");
        return Err(Fault::new(sheet::codes::BAD_TEXT, message));
    }
    if text.chars().any(char::is_control) {
        return Err(Fault::new(sheet::codes::BAD_TEXT, "the text has a line break or a control character"));
    }
    if holds_id_number(text) {
        let message = "an ID number stands here: it belongs in its own column only";
        return Err(Fault::new(codes::ID_NUMBER_IN_TEXT, message));
    }
    Ok(text)
}

/// Whether a number of 18 characters that is right stands in a text.
fn holds_id_number(text: &str) -> bool {
    let mut words = text.split(|char: char| !char.is_ascii_digit() && !matches!(char, 'X' | 'x'));
    text.len() >= 18 && words.any(|word| word.len() == 18 && IdNumber::parse(word).is_ok())
}

fn region(cell: Cell<'_>) -> Result<Region, Fault> {
    let found = cell.plain()?.parse().ok().filter(Region::is_town);
    found.ok_or_else(|| {
        let message = "expected the code of a town (9 digits) or village (12 digits)";
        Fault::new(codes::BAD_REGION, message)
    })
}

fn id_number(cell: Cell<'_>) -> Result<IdNumber, Fault> {
    let read = if cell.kind == CellKind::Number {
        Err(IdNumberError::Rounded)
    } else {
        let text = cell.plain()?;
        // Some offices write an apostrophe so that the spreadsheet leaves the digits alone.
        IdNumber::parse(text.strip_prefix('\'').unwrap_or(text))
    };
    read.map_err(|error| {
        let (code, message) = match error {
            IdNumberError::Length => {
                (codes::ID_NUMBER_LENGTH, "expected 18 characters, or 15 digits of an old number")
            }
            IdNumberError::Character => {
                (codes::ID_NUMBER_CHARACTER, "expected digits, with X as the last character at most")
            }
            IdNumberError::Rounded => (
                codes::ID_NUMBER_ROUNDED,
                "the spreadsheet took the ID number for a number, which loses digits: export the column as text",
            ),
            IdNumberError::BirthDate => {
                (codes::ID_NUMBER_BIRTH_DATE, "the date of birth in the ID number does not exist")
            }
            IdNumberError::Check => {
                (codes::ID_NUMBER_CHECK, "the check character does not fit the ID number")
            }
        };
        Fault::new(code, message)
    })
}

/// Whether a column can hold a text.
///
/// # Errors
/// It cannot. An empty text, which stands for an empty cell, can stand everywhere.
pub(super) fn holds(target: Target, text: &str) -> Result<(), Fault> {
    let cell = Cell { kind: CellKind::Text, text };
    match target {
        _ if text.is_empty() => Ok(()),
        Target::Fact(known) => fact(cell, known).map(drop),
        Target::Field(Field::HouseholdNo) => self::text(cell, LONGEST_NUMBER).map(drop),
        Target::Field(Field::Name | Field::Evidence) => self::text(cell, LONGEST_TEXT).map(drop),
        Target::Field(Field::Region) => region(cell).map(drop),
        Target::Field(Field::IdNumber) => id_number(cell).map(drop),
        Target::Field(Field::Identity) => {
            let [one, other] = Registry::ALL;
            let known = identity(cell, one).or_else(|_other_track| identity(cell, other));
            known.map(drop).map_err(|_fault| {
                let message = "expected an identity type such as `低保对象` or `边缘易致贫户`";
                Fault::new(sheet::codes::UNKNOWN_VALUE, message)
            })
        }
        Target::Field(Field::Scope) => of_household(cell).map(drop),
        Target::Field(Field::Since | Field::Until) => sheet::date(cell).map(drop),
    }
}

fn identity(cell: Cell<'_>, registry: Registry) -> Result<Identity, Fault> {
    let text = cell.plain()?;
    let is = |identity: &Identity| {
        identity_words(*identity).contains(&text) || identity.code().eq_ignore_ascii_case(text)
    };
    let names = || {
        let own = Identity::ALL.into_iter().filter(|identity| identity.track() == registry.track());
        let names = own.filter_map(|identity| identity_words(identity).first());
        names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    };
    match Identity::ALL.into_iter().find(is) {
        Some(identity) if identity.track() == registry.track() => Ok(identity),
        Some(_) => {
            let message = format!("an identity of the other registry: this one keeps {}", names());
            Err(Fault::new(codes::WRONG_TRACK, message))
        }
        None => Err(Fault::new(sheet::codes::UNKNOWN_VALUE, format!("expected one of {}", names()))),
    }
}

fn of_household(cell: Cell<'_>) -> Result<bool, Fault> {
    let text = cell.plain()?;
    let is = |words: [&str; 4]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    match (is(OF_HOUSEHOLD), is(OF_PERSON)) {
        (true, _) => Ok(true),
        (_, true) => Ok(false),
        _ => Err(Fault::new(sheet::codes::UNKNOWN_VALUE, "expected `全户` or `本人`")),
    }
}

/// The value of a fact, as the vocabulary codes it.
fn fact(cell: Cell<'_>, fact: Fact) -> Result<i64, Fault> {
    match fact.def().ty {
        FactType::Bool => sheet::truth(cell).map(i64::from),
        FactType::Count { most } => sheet::whole(cell, most),
        FactType::Money => {
            let amount = sheet::yuan(cell)?;
            if amount.value() > Schedule::DEFAULT_RANGE {
                let message = format!("expected at most {} yuan", Fen::new(Schedule::DEFAULT_RANGE));
                return Err(Fault::new(sheet::codes::BAD_AMOUNT, message));
            }
            Ok(amount.value())
        }
        FactType::Quantity => sheet::quantity(cell, Schedule::DEFAULT_RANGE),
        FactType::Date => sheet::date(cell).map(days_of),
        FactType::Choice(set) => choice(cell.plain()?, set),
        FactType::Flags(set) => {
            let text = cell.plain()?;
            if matches!(text, "无" | "none") {
                return Ok(0);
            }
            let kinds = text.split(['、', '，', ',', ';', '；', ' ']).map(str::trim);
            kinds
                .filter(|kind| !kind.is_empty())
                .try_fold(0, |mask, kind| choice(kind, set).map(|index| mask | (1_i64 << index)))
        }
    }
}

fn choice(text: &str, set: &ChoiceSet) -> Result<i64, Fault> {
    let index = set.index_of(text).and_then(|index| i64::try_from(index).ok());
    index.ok_or_else(|| {
        let names: Vec<String> = set.values.iter().map(|value| format!("`{}`", value.zh)).collect();
        Fault::new(sheet::codes::UNKNOWN_VALUE, format!("expected one of {}", names.join(", ")))
    })
}
