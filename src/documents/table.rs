//! Tables for offices: CSV and XLSX, written row by row with headings of the reader's language.
//!
//! Nothing in a table is a formula. XLSX keeps texts as texts; in CSV a text that a spreadsheet would take
//! for a formula begins with an apostrophe, which spreadsheets do for it as well.

use std::io::{self, Seek, Write};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as CellFormat, Workbook, Worksheet, XlsxError};

use crate::domain::money::Fen;

/// A format of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// Comma separated values in UTF-8, with the byte order mark by which spreadsheets know it.
    Csv,
    /// A workbook of one worksheet.
    Xlsx,
}

/// What a cell of a table holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Nothing.
    Empty,
    /// A text; keys and codes are texts too, so that no digit of them is lost.
    Text(&'a str),
    /// A number.
    Count(i64),
    /// An amount, shown in yuan with two decimals.
    Money(Fen),
    /// A day.
    Date(NaiveDate),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

impl From<Fen> for Value<'_> {
    fn from(amount: Fen) -> Self {
        Self::Money(amount)
    }
}

impl From<NaiveDate> for Value<'_> {
    fn from(day: NaiveDate) -> Self {
        Self::Date(day)
    }
}

/// The most rows of a worksheet, with the heading.
const MOST_ROWS: u32 = 1_048_576;

/// A table that is being written.
#[expect(missing_debug_implementations, reason = "a stream has nothing to show")]
pub struct TableWriter<W: Write + Seek + Send>(Form<W>);

enum Form<W: Write + Seek + Send> {
    Csv(Box<csv::Writer<W>>),
    Xlsx(Box<Sheet<W>>),
}

struct Sheet<W> {
    out: W,
    created: ExcelDateTime,
    worksheet: Worksheet,
    money: CellFormat,
    date: CellFormat,
    next: u32,
}

impl<W: Write + Seek + Send> TableWriter<W> {
    /// Begins a table. A workbook is kept in memory until [`Self::finish`], says that it was made at
    /// `created`, and calls its worksheet `name`.
    ///
    /// # Errors
    /// If it cannot be written, or the name is none of a worksheet.
    pub fn new(
        mut out: W,
        format: TableFormat,
        (name, created): (&str, DateTime<Utc>),
        headings: &[&str],
    ) -> io::Result<Self> {
        let form = match format {
            TableFormat::Csv => {
                out.write_all("\u{feff}".as_bytes())?;
                let mut writer = csv::Writer::from_writer(out);
                writer.write_record(headings)?;
                Form::Csv(Box::new(writer))
            }
            TableFormat::Xlsx => {
                let mut worksheet = Worksheet::new();
                worksheet.set_name(name).map_err(failed)?;
                worksheet.set_freeze_panes(1, 0).map_err(failed)?;
                let bold = CellFormat::new().set_bold();
                for (column, heading) in (0..).zip(headings) {
                    worksheet.write_string_with_format(0, column, *heading, &bold).map_err(failed)?;
                    worksheet.set_column_width(column, 16).map_err(failed)?;
                }
                Form::Xlsx(Box::new(Sheet {
                    out,
                    created: ExcelDateTime::from_timestamp(created.timestamp()).map_err(failed)?,
                    worksheet,
                    money: CellFormat::new().set_num_format("#,##0.00"),
                    date: CellFormat::new().set_num_format("yyyy-mm-dd"),
                    next: 1,
                }))
            }
        };
        Ok(Self(form))
    }

    /// Adds a row.
    ///
    /// # Errors
    /// If it cannot be written, or a worksheet can hold no more.
    pub fn row(&mut self, cells: &[Value<'_>]) -> io::Result<()> {
        match &mut self.0 {
            Form::Csv(writer) => {
                for cell in cells {
                    match cell {
                        Value::Empty => writer.write_field(""),
                        Value::Text(text) if is_formula(text) => writer.write_field(format!("'{text}")),
                        Value::Text(text) => writer.write_field(text),
                        Value::Count(count) => writer.write_field(count.to_string()),
                        Value::Money(amount) => writer.write_field(amount.to_string()),
                        Value::Date(day) => writer.write_field(day.to_string()),
                    }?;
                }
                writer.write_record(None::<&[u8]>)?;
                Ok(())
            }
            Form::Xlsx(sheet) => sheet.row(cells),
        }
    }

    /// Ends the table.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(self) -> io::Result<()> {
        match self.0 {
            Form::Csv(mut writer) => writer.flush(),
            Form::Xlsx(sheet) => {
                let Sheet { mut out, created, worksheet, .. } = *sheet;
                let mut workbook = Workbook::new();
                workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
                workbook.push_worksheet(worksheet);
                workbook.save_to_writer(&mut out).map_err(failed)?;
                out.flush()
            }
        }
    }
}

impl<W> Sheet<W> {
    fn row(&mut self, cells: &[Value<'_>]) -> io::Result<()> {
        let row = self.next;
        if row >= MOST_ROWS {
            let message = format!("a worksheet holds {MOST_ROWS} rows at most: write CSV");
            return Err(io::Error::other(message));
        }
        for (column, cell) in (0..).zip(cells) {
            let worksheet = &mut self.worksheet;
            let written = match cell {
                Value::Empty => continue,
                Value::Text(text) => worksheet.write_string(row, column, *text),
                Value::Count(count) => worksheet.write_number(row, column, number(&count.to_string())),
                Value::Money(amount) => {
                    let amount = number(&amount.to_string());
                    worksheet.write_number_with_format(row, column, amount, &self.money)
                }
                Value::Date(day) => match excel_day(*day) {
                    Some(date) => worksheet.write_datetime_with_format(row, column, &date, &self.date),
                    None => worksheet.write_string(row, column, day.to_string()),
                },
            };
            written.map_err(failed)?;
        }
        self.next += 1;
        Ok(())
    }
}

/// A decimal number as a spreadsheet holds it, which is a float: the one nearest to the number, as if a
/// person had typed it. It shows the same digits again for all numbers of at most 15 digits, so for every
/// amount below 10,000,000,000,000.00 yuan; the largest that the toolbox accepts is 1,000,000,000.00.
fn number(decimal: &str) -> f64 {
    decimal.parse().unwrap_or(f64::NAN)
}

/// Days before 1900 are none of a spreadsheet's.
fn excel_day(day: NaiveDate) -> Option<ExcelDateTime> {
    let part = |number: u32| u8::try_from(number).ok();
    ExcelDateTime::from_ymd(u16::try_from(day.year()).ok()?, part(day.month())?, part(day.day())?).ok()
}

/// Whether a spreadsheet that opens CSV would compute something of the text.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

fn failed(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        error => io::Error::other(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_the_float_that_shows_its_digits_again() {
        for fen in [0, 1, 10, 29, 6784, 100_000_000_001, Fen::LARGEST.value(), 999_999_999_999_999] {
            for fen in [fen, -fen] {
                let amount = Fen::new(fen).to_string();
                assert_eq!(format!("{:.2}", number(&amount)), amount.replace("-0.00", "0.00"));
            }
        }
    }

    #[test]
    fn texts_that_compute_are_told() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"] {
            assert!(is_formula(text), "{text}");
        }
        assert!(!is_formula("民批=1") && !is_formula(""));
    }
}
