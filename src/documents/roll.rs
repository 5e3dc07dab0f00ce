//! Rolls: deliveries as the lines of a CSV file, as a department's monthly payment list.

use std::io::Read;

use chrono::NaiveDate;

use crate::domain::ledger::{Covers, Delivery, Given, Order};
use crate::domain::money::Fen;

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

/// What is wrong with a roll, and where. Amounts and keys of people are not repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}{}: {message}", column.map(|column| format!(", column `{column}`")).unwrap_or_default())]
pub struct RollProblem {
    /// The line.
    pub line: u64,
    /// The Chinese heading of the column.
    pub column: Option<&'static str>,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// Reads a whole roll: UTF-8, with or without a byte order mark.
///
/// # Errors
/// Every problem of the file, in its order.
pub fn read(source: impl Read) -> Result<Vec<RollLine>, Vec<RollProblem>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(source);
    let mut records = reader.byte_records();
    let mut problems = Vec::new();
    let problem =
        |line: u64, column: Option<&'static str>, message: String| RollProblem { line, column, message };
    let heading = match records.next() {
        Some(Ok(heading)) => heading,
        Some(Err(_)) => return Err(vec![problem(1, None, "this is no CSV file".to_owned())]),
        None => return Err(vec![problem(1, None, "the file is empty: expected a heading".to_owned())]),
    };
    let mut places: [Option<usize>; 9] = [None; 9];
    for (place, cell) in heading.iter().enumerate() {
        let cell = if place == 0 { cell.strip_prefix("\u{feff}".as_bytes()).unwrap_or(cell) } else { cell };
        let name = std::str::from_utf8(cell).unwrap_or_default().trim();
        let known = COLUMNS.iter().position(|(code, zh)| *code == name || *zh == name);
        match known.and_then(|column| places.get_mut(column)) {
            Some(slot @ None) => *slot = Some(place),
            Some(Some(_)) => problems.push(problem(1, None, format!("two columns are headed `{name}`"))),
            None => {
                let all = COLUMNS.map(|(_, zh)| zh).join("、");
                problems.push(problem(1, None, format!("column {} is none of {all}", place + 1)));
            }
        }
    }
    for ((_, zh), place) in COLUMNS.iter().zip(places) {
        let optional = ["成员", "金额", "合规费用"].contains(zh);
        if place.is_none() && !optional {
            problems.push(problem(1, Some(zh), "the column is missing".to_owned()));
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut lines = Vec::new();
    for record in records {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                problems.push(problem(line, None, "the line cannot be read".to_owned()));
                break;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let mut row = Row { line, record: &record, places: &places, problems: &mut problems };
        if record.len() != heading.len() {
            let message = format!("expected {} cells, found {}", heading.len(), record.len());
            problems.push(problem(line, None, message));
            continue;
        }
        lines.extend(row.delivery().map(|delivery| RollLine { line, delivery }));
    }
    if problems.is_empty() { Ok(lines) } else { Err(problems) }
}

struct Row<'a> {
    line: u64,
    record: &'a csv::ByteRecord,
    places: &'a [Option<usize>; 9],
    problems: &'a mut Vec<RollProblem>,
}

impl Row<'_> {
    fn delivery(&mut self) -> Option<Delivery> {
        let key = self.required(0).filter(|key| {
            let fits = key.len() <= LONGEST_KEY && !key.chars().any(char::is_control);
            if !fits {
                self.wrong(0, &format!("expected at most {LONGEST_KEY} bytes of text"));
            }
            fits
        });
        let household = self.required(1);
        let beneficiary = self.cell(2).filter(|text| !text.is_empty());
        let measure = self.required(3);
        let covers = self
            .required(4)
            .and_then(|text| text.parse::<Covers>().map_err(|error| self.wrong(4, &error.to_string())).ok());
        let given = self.given();
        let day = self.required(7).and_then(|text| {
            let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok().filter(|day| day.to_string() == text);
            day.or_else(|| {
                self.wrong(7, "expected a day such as `2024-06-30`");
                None
            })
        });
        let department = self.required(8);
        let order = Order {
            measure: measure?,
            beneficiary,
            covers: covers?,
            given: given?,
            day: day?,
            department: department?,
        };
        Some(Delivery { key: key?, household: household?, order })
    }

    fn given(&mut self) -> Option<Given> {
        let amount = self.cell(5).filter(|text| !text.is_empty());
        let expense = self.cell(6).filter(|text| !text.is_empty());
        match (amount, expense) {
            (Some(word), None) if IN_KIND.contains(&word.as_str()) => Some(Given::InKind),
            (Some(amount), None) => self.yuan(5, &amount).map(Given::Amount),
            (None, Some(expense)) => self.yuan(6, &expense).map(Given::Expense),
            (Some(_), Some(_)) => {
                self.wrong(5, "a claim states its expense only, everything else its amount only");
                None
            }
            (None, None) => {
                self.wrong(5, "expected an amount in yuan, or `实物`, or for a claim the expense");
                None
            }
        }
    }

    fn yuan(&mut self, column: usize, text: &str) -> Option<Fen> {
        Fen::from_yuan(text)
            .map_err(|_error| self.wrong(column, "expected yuan with at most two decimals"))
            .ok()
    }

    fn required(&mut self, column: usize) -> Option<String> {
        let text = self.cell(column)?;
        if text.is_empty() {
            self.wrong(column, "the cell is empty");
            return None;
        }
        Some(text)
    }

    fn cell(&mut self, column: usize) -> Option<String> {
        let place = self.places.get(column).copied().flatten();
        let Some(cell) = place.map(|place| self.record.get(place).unwrap_or_default()) else {
            return Some(String::new());
        };
        let text = std::str::from_utf8(cell).ok().map(|text| text.trim().to_owned());
        if text.is_none() {
            self.wrong(column, "the text is not UTF-8");
        }
        text
    }

    fn wrong(&mut self, column: usize, message: &str) {
        let column = COLUMNS.get(column).map(|(_, zh)| *zh);
        self.problems.push(RollProblem { line: self.line, column, message: message.to_owned() });
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
