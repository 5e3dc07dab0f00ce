//! Tables as offices export them: CSV and XLSX, read row by row into the same cells.
//!
//! A [`Sheet`] has a heading and hands out one [`Row`] at a time. CSV is read in constant memory whatever
//! the file holds; XLSX is bounded before it is unpacked ([`Limits`]). What is wrong is a [`RowProblem`]
//! with the line and the column; it never repeats what stands in a cell.

mod csv;
mod encoding;
mod problem;
mod values;
mod xlsx;

use std::io::{self, Read, Seek, SeekFrom};

use self::csv::CsvRows;
use self::xlsx::{ARCHIVE, ReadSeek, XlsxRows};

pub use problem::{Column, Fault, RowProblem, codes};
pub use values::{date, quantity, truth, whole, yuan};

/// A table from outside, by its format.
#[expect(missing_debug_implementations, reason = "a stream has nothing to show")]
pub struct Source<'a>(Kind<'a>);

enum Kind<'a> {
    Csv(Box<dyn Read + Send + 'a>),
    Xlsx(Box<dyn ReadSeek + Send + 'a>),
}

impl<'a> Source<'a> {
    /// CSV: UTF-8 with or without a byte order mark, or GB18030; cells between commas, semicolons or tabs.
    /// It needs no buffer of its own.
    pub fn csv(source: impl Read + Send + 'a) -> Self {
        Self(Kind::Csv(Box::new(source)))
    }

    /// XLSX: one worksheet of a workbook.
    pub fn xlsx(source: impl Read + Seek + Send + 'a) -> Self {
        Self(Kind::Xlsx(Box::new(source)))
    }

    /// XLSX if the source begins as an archive, CSV otherwise.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn detect(mut source: impl Read + Seek + Send + 'a) -> io::Result<Self> {
        let mut start = Vec::new();
        source.by_ref().take(4).read_to_end(&mut start)?;
        source.seek(SeekFrom::Start(0))?;
        Ok(if start == ARCHIVE { Self::xlsx(source) } else { Self::csv(source) })
    }
}

/// Where in the file the table stands, and how large it may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The row of the heading, counted from 1; what stands above it is left out.
    pub heading_row: u32,
    /// The worksheet by name; the first if `None`. CSV has no worksheets.
    pub worksheet: Option<String>,
    /// The bounds.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self { heading_row: 1, worksheet: None, limits: Limits::default() }
    }
}

/// The bounds of a table. What goes beyond them is refused before memory is taken for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of one row's cells.
    pub row_bytes: usize,
    /// The most columns.
    pub columns: usize,
    /// The most rows of a worksheet, besides the heading. CSV may have any number.
    pub rows: usize,
    /// The most cells of a worksheet, with the empty ones between others.
    pub cells: usize,
    /// The most bytes of an XLSX file.
    pub packed: u64,
    /// The most bytes of all its parts unpacked, and of the texts of a worksheet's cells.
    pub unpacked: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            row_bytes: 1 << 20,
            columns: 256,
            rows: 200_000,
            cells: 10_000_000,
            packed: 64 << 20,
            unpacked: 256 << 20,
        }
    }
}

/// A table that is being read.
#[expect(missing_debug_implementations, reason = "a stream has nothing to show, and its rows are of people")]
pub struct Sheet<'a> {
    rows: Rows<'a>,
    heading: Vec<String>,
}

enum Rows<'a> {
    Csv(Box<CsvRows<'a>>),
    Xlsx(XlsxRows),
}

impl<'a> Sheet<'a> {
    /// Reads the heading.
    ///
    /// # Errors
    /// The file cannot be read, is none of its format, goes beyond the limits, or has no heading.
    pub fn open(source: Source<'a>, options: &Options) -> Result<Self, RowProblem> {
        let rows = match source.0 {
            Kind::Csv(source) => Rows::Csv(Box::new(CsvRows::open(source, options)?)),
            Kind::Xlsx(source) => Rows::Xlsx(XlsxRows::open(source, options)?),
        };
        let mut sheet = Self { rows, heading: Vec::new() };
        let Some(heading) = sheet.next_row()? else {
            return Err(Fault::new(codes::EMPTY_FILE, "the file is empty: expected a heading").at(1, None));
        };
        let mut heading: Vec<String> =
            (0..heading.len()).map(|place| heading.cell(place).text.to_owned()).collect();
        while heading.last().is_some_and(String::is_empty) {
            heading.pop();
        }
        sheet.heading = heading;
        Ok(sheet)
    }

    /// The heading, as it stands in the file. It may be a row of people's data if the file has none.
    pub fn heading(&self) -> &[String] {
        &self.heading
    }

    /// The next row in which anything stands; `None` at the end.
    ///
    /// # Errors
    /// The row cannot be read. If the rest of the file cannot be read either, the next call answers `None`.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, RowProblem> {
        let found = match &mut self.rows {
            Rows::Csv(rows) => rows.advance()?,
            Rows::Xlsx(rows) => rows.advance(),
        };
        if !found {
            return Ok(None);
        }
        let row = match &self.rows {
            Rows::Csv(rows) => rows.row(),
            Rows::Xlsx(rows) => rows.row(),
        };
        // Before the heading is known nothing is held against it.
        if !self.heading.is_empty() {
            // A worksheet keeps no empty cells at the end of a row.
            let all = matches!(self.rows, Rows::Csv(_));
            row.fits(self.heading.len(), all)?;
        }
        Ok(Some(row))
    }
}

/// One row.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "a row is of people")]
pub struct Row<'a> {
    line: u64,
    text: &'a str,
    ends: &'a [usize],
    kinds: &'a [CellKind],
}

/// One cell.
#[derive(Clone, Copy, PartialEq, Eq)]
#[expect(missing_debug_implementations, reason = "a cell is of people")]
pub struct Cell<'a> {
    /// What it is.
    pub kind: CellKind,
    /// What it says, without spaces around it. Dates are `2024-06-30`, numbers plain decimals.
    pub text: &'a str,
}

/// What a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// Text; every cell of CSV. An empty one is no cell.
    Text,
    /// A number of a spreadsheet, of at most 15 exact digits.
    Number,
    /// A date of a spreadsheet.
    Date,
    /// Yes or no of a spreadsheet.
    Truth,
    /// A formula: what it gives is not ours to compute.
    Formula,
    /// An error such as `#N/A`.
    Error,
}

impl<'a> Row<'a> {
    /// The line of the file on which the row begins, or its number in the worksheet; counted from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// How many cells it has.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it has no cell.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Every column has a cell if all are written, and what stands beyond them is empty.
    fn fits(&self, columns: usize, all: bool) -> Result<(), RowProblem> {
        let beyond = (columns..self.len()).find(|place| !self.cell(*place).is_empty());
        if (self.len() >= columns || !all) && beyond.is_none() {
            return Ok(());
        }
        let message = format!("expected {columns} cells, as in the heading, found {}", self.len());
        Err(Fault::new(codes::CELL_COUNT, message).at(self.line, beyond.map(Column::at)))
    }

    /// The cell of a column, counted from 0; beyond the last one an empty text.
    pub fn cell(&self, place: usize) -> Cell<'a> {
        let end = self.ends.get(place).copied();
        let from = place.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let text = from.zip(end).and_then(|(from, end)| self.text.get(from..end)).unwrap_or_default().trim();
        Cell { kind: self.kinds.get(place).copied().unwrap_or(CellKind::Text), text }
    }
}

impl<'a> Cell<'a> {
    /// Whether nothing stands in it.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && !matches!(self.kind, CellKind::Formula | CellKind::Error)
    }

    /// What it says, whatever the spreadsheet took it for.
    ///
    /// # Errors
    /// A formula or an error.
    pub fn plain(&self) -> Result<&'a str, Fault> {
        match self.kind {
            CellKind::Formula => Err(Fault::new(codes::FORMULA, "a formula: paste the column as values")),
            CellKind::Error => {
                Err(Fault::new(codes::ERROR_CELL, "the cell holds an error of the spreadsheet"))
            }
            // A spreadsheet keeps 15 digits of a number; the others are lost before we see them.
            CellKind::Number if self.text.bytes().filter(u8::is_ascii_digit).count() > 15 => {
                Err(Fault::new(codes::BAD_NUMBER, "a number of too many digits: export the column as text"))
            }
            CellKind::Text | CellKind::Number | CellKind::Date | CellKind::Truth => Ok(self.text),
        }
    }
}
