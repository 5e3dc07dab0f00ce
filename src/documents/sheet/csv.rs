//! CSV in constant memory: cells are split first, in bytes, and decoded row by row.
//!
//! Delimiters, quotes and line ends are ASCII, and in UTF-8 and GB18030 alike no byte of a longer character
//! is one of them. So what is wrong with a character is known by line and column.

use std::io::{self, Read};

use csv_core::ReadRecordResult as Step;

use super::encoding::{BOM, Encoding};
use super::xlsx::{ARCHIVE, OLD_OFFICE};
use super::{Column, Fault, Limits, Options, Row, RowProblem, codes};

/// How many bytes are looked at ahead.
const AHEAD: usize = 1 << 16;

/// The characters between cells that are told apart by the heading.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// The rows of a CSV file.
pub(super) struct CsvRows<'a> {
    source: Box<dyn Read + Send + 'a>,
    core: csv_core::Reader,
    ahead: Ahead,
    /// The cells of the row as bytes, one after the other.
    cells: Vec<u8>,
    byte_ends: Vec<usize>,
    /// The same as text.
    text: String,
    ends: Vec<usize>,
    encoding: Option<Encoding>,
    /// The line of the row.
    line: u64,
    /// The line on which reading goes on.
    next_line: u64,
    limits: Limits,
    finished: bool,
}

/// The bytes that were read and not yet used: `bytes[from..to]`.
struct Ahead {
    bytes: Vec<u8>,
    from: usize,
    to: usize,
}

impl Ahead {
    fn rest(&self) -> &[u8] {
        self.bytes.get(self.from..self.to).unwrap_or_default()
    }

    fn skip(&mut self, count: usize) {
        self.from = self.from.saturating_add(count).min(self.to);
    }

    /// Reads on where nothing is left; nothing is left then only at the end.
    fn fill(&mut self, source: &mut dyn Read) -> io::Result<()> {
        if self.from < self.to {
            return Ok(());
        }
        (self.from, self.to) = (0, 0);
        while let Some(room) = self.bytes.get_mut(self.to..).filter(|room| !room.is_empty()) {
            match source.read(room) {
                Ok(0) => break,
                Ok(count) => self.to += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

impl<'a> CsvRows<'a> {
    /// Looks ahead for the encoding and the delimiter, and goes to the heading.
    pub(super) fn open(mut source: Box<dyn Read + Send + 'a>, options: &Options) -> Result<Self, RowProblem> {
        let mut ahead = Ahead { bytes: vec![0; AHEAD], from: 0, to: 0 };
        ahead.fill(&mut source).map_err(|error| unreadable(&error, 1))?;
        if ahead.rest().starts_with(ARCHIVE) || ahead.rest().starts_with(OLD_OFFICE) {
            let message = "this is a workbook or an archive, expected CSV";
            return Err(Fault::new(codes::WRONG_FORMAT, message).at(1, None));
        }
        if ahead.rest().starts_with(b"\xff\xfe") || ahead.rest().starts_with(b"\xfe\xff") {
            let fault = Fault::new(codes::ENCODING, "the text is UTF-16: save the file as `CSV UTF-8`");
            return Err(fault.at(1, None));
        }
        let mut encoding = None;
        if ahead.rest().starts_with(BOM) {
            ahead.skip(BOM.len());
            encoding = Some(Encoding::Utf8);
        }
        encoding = encoding.or_else(|| Encoding::of(ahead.rest()));
        let delimiter = delimiter(ahead.rest(), options.heading_row);
        let mut rows = Self {
            source,
            core: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            ahead,
            cells: vec![0; 4096],
            byte_ends: vec![0; 64],
            text: String::new(),
            ends: Vec::new(),
            encoding,
            line: 1,
            next_line: 1,
            limits: options.limits,
            finished: false,
        };
        for _above in 1..options.heading_row {
            rows.advance()?;
        }
        Ok(rows)
    }

    /// The row that [`Self::advance`] went to.
    pub(super) fn row(&self) -> Row<'_> {
        Row { line: self.line, text: &self.text, ends: &self.ends, kinds: &[] }
    }

    /// Goes to the next row in which anything stands; `false` at the end.
    pub(super) fn advance(&mut self) -> Result<bool, RowProblem> {
        while !self.finished {
            match self.split() {
                Ok(true) => {}
                Ok(false) => break,
                Err(problem) => {
                    self.finished = true;
                    return Err(problem);
                }
            }
            self.decode()?;
            if !self.text.trim().is_empty() {
                return Ok(true);
            }
        }
        self.finished = true;
        Ok(false)
    }

    /// Splits the next row into cells; `false` at the end.
    fn split(&mut self) -> Result<bool, RowProblem> {
        if !self.skip_line_ends()? {
            return Ok(false);
        }
        self.line = self.next_line;
        self.core.set_line(self.line);
        let (mut bytes, mut cells) = (0, 0);
        loop {
            self.fill()?;
            // A line end after the last row closes it, unless a quoted cell is still open.
            let last = self.ahead.rest().is_empty();
            let input = if last { b"\n" } else { self.ahead.rest() };
            let output = self.cells.get_mut(bytes..).unwrap_or_default();
            let ends = self.byte_ends.get_mut(cells..).unwrap_or_default();
            let (step, read, written, ended) = self.core.read_record(input, output, ends);
            self.ahead.skip(read);
            (bytes, cells) = (bytes + written, cells + ended);
            match step {
                Step::Record => break,
                Step::InputEmpty if last => {
                    let message = "a quotation mark is not closed before the end of the file: is it cut off?";
                    return Err(self.fault(codes::UNCLOSED_QUOTE, message));
                }
                Step::InputEmpty => {}
                Step::OutputFull if bytes >= self.limits.row_bytes => {
                    let most = self.limits.row_bytes;
                    let message =
                        format!("the row has more than {most} bytes: is a quotation mark not closed?");
                    return Err(Fault::new(codes::ROW_TOO_LONG, message).at(self.line, None));
                }
                Step::OutputFull => {
                    self.cells.resize((self.cells.len() * 2).min(self.limits.row_bytes), 0);
                }
                Step::OutputEndsFull if cells > self.limits.columns => {
                    let message = format!("the row has more than {} columns", self.limits.columns);
                    return Err(Fault::new(codes::TOO_MANY_COLUMNS, message).at(self.line, None));
                }
                Step::OutputEndsFull => {
                    self.byte_ends.resize((self.byte_ends.len() * 2).min(self.limits.columns + 1), 0);
                }
                // INVARIANT: there is input until the row ends, so the end is not met inside one.
                Step::End => return Ok(false),
            }
        }
        self.next_line = self.core.line();
        self.ends.clear();
        self.ends.extend(self.byte_ends.iter().take(cells));
        if cells > self.limits.columns {
            let message = format!("the row has more than {} columns", self.limits.columns);
            return Err(Fault::new(codes::TOO_MANY_COLUMNS, message).at(self.line, None));
        }
        let row = self.cells.get(..bytes).unwrap_or_default();
        if let Some(place) = row.iter().position(|byte| *byte == 0) {
            let column = self.ends.iter().position(|end| place < *end).map(Column::at);
            let fault = Fault::new(codes::NUL, "a byte 0: the file is damaged, or is no CSV");
            return Err(fault.at(self.line, column));
        }
        Ok(true)
    }

    /// Goes to the first byte of the next row; `false` at the end.
    fn skip_line_ends(&mut self) -> Result<bool, RowProblem> {
        loop {
            self.fill()?;
            match self.ahead.rest().first() {
                None => return Ok(false),
                Some(b'\n') => self.next_line = self.next_line.saturating_add(1),
                Some(b'\r') => {}
                Some(_) => return Ok(true),
            }
            self.ahead.skip(1);
        }
    }

    fn fill(&mut self) -> Result<(), RowProblem> {
        self.ahead.fill(&mut self.source).map_err(|error| unreadable(&error, self.next_line))
    }

    /// Makes text of the cells.
    fn decode(&mut self) -> Result<(), RowProblem> {
        let all = self.ends.last().copied().unwrap_or_default();
        let row = self.cells.get(..all).unwrap_or_default();
        if self.encoding.is_none() && !row.is_ascii() {
            // The rest of what was read ahead decides with it: a short word can be valid in both.
            let rest = Encoding::of(self.ahead.rest());
            self.encoding = Encoding::of(row).map(|encoding| rest.unwrap_or(encoding));
        }
        self.text.clear();
        if row.is_ascii() {
            Encoding::Utf8.decode(row, &mut self.text);
            return Ok(());
        }
        let encoding = self.encoding.unwrap_or(Encoding::Utf8);
        let mut from = 0;
        for (place, end) in self.ends.iter_mut().enumerate() {
            let cell = row.get(from..*end).unwrap_or_default();
            if !encoding.decode(cell, &mut self.text) {
                let message = format!("the text is not {}, as the file is elsewhere", encoding.name());
                return Err(Fault::new(codes::ENCODING, message).at(self.line, Some(Column::at(place))));
            }
            from = std::mem::replace(end, self.text.len());
        }
        Ok(())
    }

    fn fault(&self, code: &'static str, message: &'static str) -> RowProblem {
        Fault::new(code, message).at(self.line, None)
    }
}

/// The delimiter that stands most often in the heading, outside quotes.
fn delimiter(ahead: &[u8], heading_row: u32) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let (mut row, mut quoted, mut blank) = (1, false, true);
    for byte in ahead {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted && !blank => {
                if row >= heading_row {
                    break;
                }
                (row, blank, counts) = (row + 1, true, [0; DELIMITERS.len()]);
            }
            _ if quoted => {}
            _ => {
                for (count, delimiter) in counts.iter_mut().zip(DELIMITERS) {
                    *count += usize::from(*byte == delimiter);
                }
            }
        }
        blank = blank && matches!(byte, b'\n' | b'\r');
    }
    let most = counts.iter().max().copied().unwrap_or_default();
    let found = counts.iter().zip(DELIMITERS).find(|(count, _)| **count == most);
    found.map_or(b',', |(_, delimiter)| delimiter)
}

fn unreadable(error: &io::Error, line: u64) -> RowProblem {
    Fault::new(codes::UNREADABLE, format!("the file cannot be read: {}", error.kind())).at(line, None)
}
