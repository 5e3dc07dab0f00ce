//! What is wrong in a table, and where.

use std::borrow::Cow;
use std::fmt;

/// The codes of problems that every table can have.
pub mod codes {
    crate::documents::codes! {
        /// The file cannot be read from the disk or the network.
        UNREADABLE = "unreadable";
        /// The file is of another format than it should be.
        WRONG_FORMAT = "wrong_format";
        /// A workbook that is damaged.
        BROKEN_FILE = "broken_file";
        /// A file, or what a worksheet holds, beyond the bound.
        FILE_TOO_LARGE = "file_too_large";
        /// An archive that unpacks to more than the bound.
        UNPACKS_TOO_LARGE = "unpacks_too_large";
        /// More rows than the bound.
        TOO_MANY_ROWS = "too_many_rows";
        /// No worksheet of the name.
        NO_WORKSHEET = "no_worksheet";
        /// There is not even a heading.
        EMPTY_FILE = "empty_file";
        /// A byte 0: a damaged file, or no text at all.
        NUL = "nul";
        /// Bytes that are no text in the encoding of the file.
        ENCODING = "encoding";
        /// A quoted cell that never ends: half a file.
        UNCLOSED_QUOTE = "unclosed_quote";
        /// A row beyond the bound.
        ROW_TOO_LONG = "row_too_long";
        /// More columns than the bound.
        TOO_MANY_COLUMNS = "too_many_columns";
        /// A row with more or fewer cells than the heading.
        CELL_COUNT = "cell_count";
        /// A column that must be there is not.
        MISSING_COLUMN = "missing_column";
        /// A column that means nothing here.
        UNKNOWN_COLUMN = "unknown_column";
        /// A column that is there twice.
        COLUMN_TWICE = "column_twice";
        /// A formula.
        FORMULA = "formula";
        /// An error of the spreadsheet.
        ERROR_CELL = "error_cell";
        /// An empty cell where something must stand.
        EMPTY_CELL = "empty_cell";
        /// A text that is too long, or has characters that are no text.
        BAD_TEXT = "bad_text";
        /// No day of the calendar.
        BAD_DATE = "bad_date";
        /// No amount of yuan.
        BAD_AMOUNT = "bad_amount";
        /// No number, or one outside its range.
        BAD_NUMBER = "bad_number";
        /// Neither yes nor no.
        BAD_TRUTH = "bad_truth";
        /// None of the words that may stand here.
        UNKNOWN_VALUE = "unknown_value";
    }
}

/// What is wrong with a row, and where. It never repeats what stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowProblem {
    /// The line of the file, or the row of the worksheet, counted from 1.
    pub line: u64,
    /// The column, if it is one's fault.
    pub column: Option<Column>,
    /// A stable code.
    pub code: &'static str,
    /// What is wrong, and what would be right.
    pub message: Cow<'static, str>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its number in the file, counted from 1; `None` for one that is missing.
    pub number: Option<usize>,
    /// Its heading, if it is one that we know: anything else could be somebody's data.
    pub heading: Option<Cow<'static, str>>,
}

/// What is wrong with a value, before it is said where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// A stable code.
    pub code: &'static str,
    /// What is wrong, and what would be right.
    pub message: Cow<'static, str>,
}

impl Fault {
    /// A fault.
    pub fn new(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into() }
    }

    /// The fault at its place.
    pub fn at(self, line: u64, column: Option<Column>) -> RowProblem {
        RowProblem { line, column, code: self.code, message: self.message }
    }
}

impl Column {
    /// The column at a place counted from 0.
    pub fn at(place: usize) -> Self {
        Self { number: Some(place.saturating_add(1)), heading: None }
    }

    /// The column at a place counted from 0, by its known heading.
    pub fn known(place: usize, heading: impl Into<Cow<'static, str>>) -> Self {
        Self { number: Some(place.saturating_add(1)), heading: Some(heading.into()) }
    }

    /// A column that the file does not have.
    pub fn missing(heading: impl Into<Cow<'static, str>>) -> Self {
        Self { number: None, heading: Some(heading.into()) }
    }
}

/// ``column 4 `金额` ``.
impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("column")?;
        if let Some(number) = self.number {
            write!(f, " {number}")?;
        }
        if let Some(heading) = &self.heading {
            write!(f, " `{heading}`")?;
        }
        Ok(())
    }
}

/// ``line 3, column 4 `金额`: the cell is empty (empty_cell)``.
impl fmt::Display for RowProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = &self.column {
            write!(f, ", {column}")?;
        }
        write!(f, ": {} ({})", self.message, self.code)
    }
}

impl std::error::Error for RowProblem {}
