//! The cells of a worksheet, one text after the other.

use crate::documents::sheet::{CellKind, Column, Fault, Limits, Row, RowProblem, codes};

/// The rows of a worksheet in which anything stands, in their order.
pub(super) struct Store {
    text: String,
    ends: Vec<usize>,
    kinds: Vec<CellKind>,
    rows: Vec<StoredRow>,
    limits: Limits,
    /// The row being read: its number counted from 0, and where its cells and its text begin.
    open: Option<(u32, usize, usize)>,
}

struct StoredRow {
    line: u64,
    /// Its cells are the ones up to here, from the end of the row before.
    cells: usize,
    /// Its text begins here.
    text: usize,
}

impl Store {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            text: String::new(),
            ends: Vec::new(),
            kinds: Vec::new(),
            rows: Vec::new(),
            limits,
            open: None,
        }
    }

    /// The line that is being read.
    pub(super) fn line(&self) -> u64 {
        self.open.map_or(1, |(row, ..)| u64::from(row) + 1)
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn row(&self, place: usize) -> Row<'_> {
        let from = place.checked_sub(1).and_then(|before| self.rows.get(before)).map_or(0, |row| row.cells);
        let (line, to, text) =
            self.rows.get(place).map_or((0, from, 0), |row| (row.line, row.cells, row.text));
        Row {
            line,
            text: self.text.get(text..).unwrap_or_default(),
            ends: self.ends.get(from..to).unwrap_or_default(),
            kinds: self.kinds.get(from..to).unwrap_or_default(),
        }
    }

    /// Adds a cell. Cells come row by row and from left to right; what is left out between them is empty.
    pub(super) fn add(
        &mut self,
        row: u32,
        column: u32,
        kind: CellKind,
        text: &str,
    ) -> Result<(), RowProblem> {
        if self.open.is_none_or(|(open, ..)| open < row) {
            self.finish()?;
            self.open = Some((row, self.ends.len(), self.text.len()));
        }
        let line = u64::from(row) + 1;
        let refuse = |code, message: String, column| Err(Fault::new(code, message).at(line, column));
        let Some((_, first, start)) = self.open.filter(|(open, ..)| *open == row) else {
            return refuse(codes::BROKEN_FILE, "the rows of the worksheet are not in order".to_owned(), None);
        };
        let place = usize::try_from(column).unwrap_or(usize::MAX);
        if place >= self.limits.columns {
            let message = format!("the row has more than {} columns", self.limits.columns);
            return refuse(codes::TOO_MANY_COLUMNS, message, None);
        }
        let known = self.ends.len().saturating_sub(first);
        if place < known {
            let message = "the cells of the row are not in order".to_owned();
            return refuse(codes::BROKEN_FILE, message, Some(Column::at(place)));
        }
        let so_far = self.text.len().saturating_sub(start);
        if so_far.saturating_add(text.len()) > self.limits.row_bytes {
            let message = format!("the row has more than {} bytes", self.limits.row_bytes);
            return refuse(codes::ROW_TOO_LONG, message, None);
        }
        let cells = self.ends.len().saturating_add(place + 1 - known);
        let bytes = self.text.len().saturating_add(text.len());
        if cells > self.limits.cells
            || u64::try_from(bytes).map_or(true, |bytes| bytes > self.limits.unpacked)
        {
            let message = "the worksheet holds too much: split it into several files".to_owned();
            return refuse(codes::FILE_TOO_LARGE, message, None);
        }
        let end = self.text.len().saturating_sub(start);
        self.ends.resize(cells - 1, end);
        self.kinds.resize(cells - 1, CellKind::Text);
        if text.contains('\0') {
            let message = "a byte 0: the file is damaged".to_owned();
            return refuse(codes::NUL, message, Some(Column::at(place)));
        }
        self.text.push_str(text);
        self.ends.push(self.text.len().saturating_sub(start));
        self.kinds.push(kind);
        Ok(())
    }

    /// Ends the row that is being read; one in which nothing stands is left out.
    pub(super) fn finish(&mut self) -> Result<(), RowProblem> {
        let Some((row, first, start)) = self.open.take() else { return Ok(()) };
        let line = u64::from(row) + 1;
        let stands = self.text.get(start..).is_some_and(|text| !text.trim().is_empty())
            || self.kinds.iter().skip(first).any(|kind| *kind != CellKind::Text);
        if !stands {
            self.text.truncate(start);
            self.ends.truncate(first);
            self.kinds.truncate(first);
            return Ok(());
        }
        // The heading is a row as well.
        if self.rows.len() > self.limits.rows {
            let message = format!("the worksheet has more than {} rows: save it as CSV", self.limits.rows);
            return Err(Fault::new(codes::TOO_MANY_ROWS, message).at(line, None));
        }
        self.rows.push(StoredRow { line, cells: self.ends.len(), text: start });
        Ok(())
    }
}
