//! Rolls: deliveries as the rows of a table, as a department's monthly payment list.

use super::sheet::{self, Cell, Column, Fault, Options, Row, RowProblem, Sheet, Source};
use crate::domain::ledger::{Covers, Delivery, Given, Order};

/// The columns of a roll: code and Chinese heading. Either is read; files are written in Chinese.
pub const COLUMNS: [(&str, &str); 9] = [
    ("key", "流水号"),
    ("household", "户号"),
    ("beneficiary", "成员"),
    ("measure", "措施"),
    ("period", "期间"),
    ("amount", "金额"),
    ("expense", "合规费用"),
    ("day", "发放日期"),
    ("department", "部门"),
];

/// The words for a delivery of goods or services.
const IN_KIND: [&str; 2] = [IN_KIND_ZH, "in-kind"];
const IN_KIND_ZH: &str = "实物";

/// The longest that an idempotency key may be.
pub const LONGEST_KEY: usize = 100;

/// A line of a roll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollLine {
    /// Its number in the file; the heading is line 1.
    pub line: u64,
    /// What it says.
    pub delivery: Delivery,
}

/// The codes of problems that only rolls have, beside those of every table
/// ([`sheet::codes`]).
pub mod codes {
    crate::documents::codes! {
        /// No month, year or day that a delivery can cover.
        BAD_PERIOD = "bad_period";
        /// Neither an amount nor an expense, or both.
        AMOUNT_OR_EXPENSE = "amount_or_expense";
    }
}

/// Reads a whole roll.
///
/// # Errors
/// Every problem of the file, in its order. Amounts and keys of people are not repeated.
pub fn read(source: Source<'_>) -> Result<Vec<RollLine>, Vec<RowProblem>> {
    let mut sheet = Sheet::open(source, &Options::default()).map_err(|problem| vec![problem])?;
    let places = places(&sheet)?;
    let (mut lines, mut problems) = (Vec::new(), Vec::new());
    loop {
        let row = match sheet.next_row() {
            Ok(None) => break,
            Ok(Some(row)) => row,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        let delivery = Line { row, places: &places, problems: &mut problems }.delivery();
        lines.extend(delivery.map(|delivery| RollLine { line: row.line(), delivery }));
    }
    if problems.is_empty() { Ok(lines) } else { Err(problems) }
}

/// Where each of the columns stands.
type Places = [Option<usize>; COLUMNS.len()];

fn places(sheet: &Sheet<'_>) -> Result<Places, Vec<RowProblem>> {
    let mut places: Places = [None; COLUMNS.len()];
    let mut problems = Vec::new();
    for (place, name) in sheet.heading().iter().enumerate() {
        let known = COLUMNS.iter().position(|(code, zh)| code == name || zh == name);
        let slot = known.and_then(|column| Some((COLUMNS.get(column)?.1, places.get_mut(column)?)));
        match slot {
            Some((_, slot @ None)) => *slot = Some(place),
            Some((zh, Some(_))) => {
                let fault = Fault::new(sheet::codes::COLUMN_TWICE, "another column is headed the same");
                problems.push(fault.at(1, Some(Column::known(place, zh))));
            }
            None => {
                let all = COLUMNS.map(|(_, zh)| zh).join("、");
                let fault = Fault::new(sheet::codes::UNKNOWN_COLUMN, format!("the heading is none of {all}"));
                problems.push(fault.at(1, Some(Column::at(place))));
            }
        }
    }
    for ((_, zh), place) in COLUMNS.iter().zip(places) {
        let optional = ["成员", "金额", "合规费用"].contains(zh);
        if place.is_none() && !optional {
            let fault = Fault::new(sheet::codes::MISSING_COLUMN, "the column is missing");
            problems.push(fault.at(1, Some(Column::missing(*zh))));
        }
    }
    if problems.is_empty() { Ok(places) } else { Err(problems) }
}

struct Line<'r, 'p> {
    row: Row<'r>,
    places: &'p Places,
    problems: &'p mut Vec<RowProblem>,
}

impl<'r> Line<'r, '_> {
    fn delivery(&mut self) -> Option<Delivery> {
        let key = self.required(0, |cell| {
            let key = cell.plain()?;
            if key.len() <= LONGEST_KEY && !key.chars().any(char::is_control) {
                return Ok(key);
            }
            let message = format!("expected at most {LONGEST_KEY} bytes of text");
            Err(Fault::new(sheet::codes::BAD_TEXT, message))
        });
        let household = self.required(1, |cell| cell.plain());
        let beneficiary = self.stated(2, |cell| cell.plain());
        let measure = self.required(3, |cell| cell.plain());
        let covers = self.required(4, |cell| {
            let covers = cell.plain()?.parse::<Covers>();
            covers.map_err(|error| Fault::new(codes::BAD_PERIOD, error.to_string()))
        });
        let given = self.given();
        let day = self.required(7, sheet::date);
        let department = self.required(8, |cell| cell.plain());
        let order = Order {
            measure: measure?.to_owned(),
            beneficiary: beneficiary.map(str::to_owned),
            covers: covers?,
            given: given?,
            day: day?,
            department: department?.to_owned(),
        };
        Some(Delivery { key: key?.to_owned(), household: household?.to_owned(), order })
    }

    fn given(&mut self) -> Option<Given> {
        let (amount, expense) = (self.cell(5), self.cell(6));
        match (amount.is_empty(), expense.is_empty()) {
            (false, true) if IN_KIND.contains(&amount.text) => Some(Given::InKind),
            (false, true) => self.stated(5, sheet::yuan).map(Given::Amount),
            (true, false) => self.stated(6, sheet::yuan).map(Given::Expense),
            (false, false) => {
                let message = "a claim states its expense only, everything else its amount only";
                self.wrong(5, Fault::new(codes::AMOUNT_OR_EXPENSE, message));
                None
            }
            (true, true) => {
                let message = "expected an amount in yuan, or `实物`, or for a claim the expense";
                self.wrong(5, Fault::new(codes::AMOUNT_OR_EXPENSE, message));
                None
            }
        }
    }

    fn required<T>(&mut self, column: usize, read: impl FnOnce(Cell<'r>) -> Result<T, Fault>) -> Option<T> {
        if self.cell(column).is_empty() {
            self.wrong(column, Fault::new(sheet::codes::EMPTY_CELL, "the cell is empty"));
            return None;
        }
        self.stated(column, read)
    }

    /// The value of a cell in which something stands.
    fn stated<T>(&mut self, column: usize, read: impl FnOnce(Cell<'r>) -> Result<T, Fault>) -> Option<T> {
        let cell = self.cell(column);
        if cell.is_empty() {
            return None;
        }
        read(cell).map_err(|fault| self.wrong(column, fault)).ok()
    }

    /// The cell of a column; an empty one if the roll has no such column.
    fn cell(&self, column: usize) -> Cell<'r> {
        let place = self.places.get(column).copied().flatten();
        self.row.cell(place.unwrap_or(usize::MAX))
    }

    fn wrong(&mut self, column: usize, fault: Fault) {
        let heading = COLUMNS.get(column).map_or("", |(_, zh)| *zh);
        let column = match self.places.get(column).copied().flatten() {
            Some(place) => Column::known(place, heading),
            None => Column::missing(heading),
        };
        self.problems.push(fault.at(self.row.line(), Some(column)));
    }
}

/// Writes deliveries as a roll, with the byte order mark by which spreadsheets know UTF-8.
///
/// # Errors
/// If it cannot be written.
pub fn write<'a>(
    mut out: impl std::io::Write,
    deliveries: impl IntoIterator<Item = &'a Delivery>,
) -> std::io::Result<()> {
    out.write_all("\u{feff}".as_bytes())?;
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(COLUMNS.map(|(_, zh)| zh))?;
    for delivery in deliveries {
        let order = &delivery.order;
        let (amount, expense) = match order.given {
            Given::Amount(amount) => (amount.to_string(), String::new()),
            Given::Expense(expense) => (String::new(), expense.to_string()),
            Given::InKind => (IN_KIND_ZH.to_owned(), String::new()),
        };
        writer.write_record([
            delivery.key.as_str(),
            delivery.household.as_str(),
            order.beneficiary.as_deref().unwrap_or_default(),
            order.measure.as_str(),
            order.covers.to_string().as_str(),
            amount.as_str(),
            expense.as_str(),
            order.day.to_string().as_str(),
            order.department.as_str(),
        ])?;
    }
    writer.flush()
}
