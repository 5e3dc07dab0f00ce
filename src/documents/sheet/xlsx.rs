//! XLSX: unpacked under bounds first, then read by a library into one compact store of cells.

mod guard;
mod store;

use std::io::{Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, SheetType, Xlsx, XlsxError};

use self::store::Store;

pub(super) use guard::{ARCHIVE, OLD_OFFICE};

use super::{CellKind, Fault, Options, Row, RowProblem, codes};

/// What an XLSX file is read from.
pub(super) trait ReadSeek: Read + Seek {}

impl<S: Read + Seek> ReadSeek for S {}

/// The rows of a worksheet.
pub(super) struct XlsxRows {
    store: Store,
    /// The next row is this one of the store.
    next: usize,
}

impl XlsxRows {
    /// Reads the worksheet. Only what stands within the limits is ever kept.
    pub(super) fn open(
        mut source: Box<dyn ReadSeek + Send + '_>,
        options: &Options,
    ) -> Result<Self, RowProblem> {
        guard::check(&mut source, &options.limits).map_err(|fault| fault.at(1, None))?;
        // The library is held to be careful, and yet a file made to break it must not end the program.
        let read = catch_unwind(AssertUnwindSafe(|| read(source, options)));
        let store = read.unwrap_or_else(|_panic| Err(broken().at(1, None)))?;
        Ok(Self { store, next: 0 })
    }

    /// Goes to the next row; `false` at the end.
    pub(super) fn advance(&mut self) -> bool {
        self.next += 1;
        self.next <= self.store.len()
    }

    /// The row that [`Self::advance`] went to.
    pub(super) fn row(&self) -> Row<'_> {
        self.store.row(self.next.saturating_sub(1))
    }
}

fn broken() -> Fault {
    Fault::new(codes::BROKEN_FILE, "the workbook is damaged, or is none")
}

fn read(source: Box<dyn ReadSeek + Send + '_>, options: &Options) -> Result<Store, RowProblem> {
    let mut workbook = Xlsx::new(source).map_err(|error| {
        let fault = match error {
            XlsxError::Password => Fault::new(codes::WRONG_FORMAT, "the workbook is protected by a password"),
            _ => broken(),
        };
        fault.at(1, None)
    })?;
    let worksheet = worksheet(&workbook, options)?;
    let mut store = Store::new(options.limits);
    let mut cells = workbook.worksheet_cells_reader(&worksheet).map_err(|_error| broken().at(1, None))?;
    loop {
        let cell = cells.next_cell_with_formula_metadata();
        let Some(cell) = cell.map_err(|_error| broken().at(store.line(), None))? else { break };
        let (row, column) = cell.pos;
        if u64::from(row) + 1 < u64::from(options.heading_row) {
            continue;
        }
        if cell.formula.is_some() {
            store.add(row, column, CellKind::Formula, "")?;
            continue;
        }
        match cell.value {
            DataRef::Empty => {}
            DataRef::String(text) | DataRef::DurationIso(text) => {
                store.add(row, column, CellKind::Text, &text)?;
            }
            DataRef::SharedString(text) => store.add(row, column, CellKind::Text, text)?,
            DataRef::Int(number) => store.add(row, column, CellKind::Number, &number.to_string())?,
            DataRef::Float(number) => store.add(row, column, CellKind::Number, &number.to_string())?,
            DataRef::Bool(yes) => {
                store.add(row, column, CellKind::Truth, if yes { "true" } else { "false" })?;
            }
            DataRef::DateTime(moment) if moment.is_datetime() => {
                store.add(row, column, CellKind::Date, &moment_text(moment.to_ymd_hms_milli()))?;
            }
            DataRef::DateTime(duration) => {
                store.add(row, column, CellKind::Number, &duration.as_f64().to_string())?;
            }
            DataRef::DateTimeIso(text) => {
                let day = text.strip_suffix("T00:00:00").unwrap_or(&text);
                store.add(row, column, CellKind::Date, day)?;
            }
            DataRef::Error(_) => store.add(row, column, CellKind::Error, "")?,
        }
    }
    store.finish()?;
    Ok(store)
}

/// The name of the worksheet that is asked for, or of the first.
fn worksheet(
    workbook: &Xlsx<Box<dyn ReadSeek + Send + '_>>,
    options: &Options,
) -> Result<String, RowProblem> {
    let mut sheets = workbook.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let found = match &options.worksheet {
        Some(name) => sheets.find(|sheet| sheet.name == *name),
        None => sheets.next(),
    };
    found.map(|sheet| sheet.name.clone()).ok_or_else(|| {
        let message = match &options.worksheet {
            Some(name) => format!("the workbook has no worksheet `{name}`"),
            None => "the workbook has no worksheet".to_owned(),
        };
        Fault::new(codes::NO_WORKSHEET, message).at(1, None)
    })
}

/// A day, with the time of day if there is one.
fn moment_text((year, month, day, hour, minute, second, milli): (u16, u8, u8, u8, u8, u8, u16)) -> String {
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second, milli) == (0, 0, 0, 0) {
        return date;
    }
    format!("{date} {hour:02}:{minute:02}:{second:02}")
}
