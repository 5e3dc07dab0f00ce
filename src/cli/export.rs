//! `export`: what is stored, as tables that offices open: CSV, or XLSX.
//!
//! A table is written beside its place and moved there when it is whole, so that nobody ever opens half of
//! one. Amounts are numbers, keys and codes texts, and nothing is a formula (`documents::table`).

mod dues;
mod ledger;
mod packages;
mod report;

use std::error::Error;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::PathBuf;

use clap::ValueEnum;

use super::common::LangArgs;
use super::deed::{Deed, ExportBy};
use super::{Exit, Io};
use crate::app::access::Purpose;
use crate::documents::table::{TableFormat, TableWriter};
use crate::domain::region::Region;
use crate::domain::text::Lang;
use crate::store::Store;

/// The arguments of `export`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// The packages of stored households on a day: a row for each measure of each entitlement
    Packages(packages::PackagesArgs),
    /// What is due, delivered, outstanding and overdue: a row for each payment
    Dues(dues::DuesArgs),
    /// The deliveries and what was taken back: a row for each measure of each entry
    Ledger(ledger::LedgerArgs),
    /// How the two lists overlap: a row for all towns together, and one for each
    Report(report::ReportArgs),
}

/// Where a table goes, and how it is written.
#[derive(Debug, clap::Args)]
struct OutArgs {
    /// The file; what stands there is replaced once the table is whole
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// CSV in UTF-8, or a workbook [default: by the ending of FILE, else csv]
    #[arg(long, value_enum)]
    format: Option<Form>,
    #[command(flatten)]
    by: ExportBy,
    #[command(flatten)]
    lang: LangArgs,
}

/// A form of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Comma separated values.
    Csv,
    /// A workbook of one worksheet.
    Xlsx,
}

/// Runs `export`.
pub(super) fn run(args: &Args, io: &mut Io<'_>) -> io::Result<Exit> {
    match &args.command {
        Command::Packages(args) => packages::run(args, io),
        Command::Dues(args) => dues::run(args, io),
        Command::Ledger(args) => ledger::run(args, io),
        Command::Report(args) => report::run(args, io),
    }
}

/// A table on its way into a file.
type Table = TableWriter<BufWriter<File>>;

/// A column: its heading in Chinese and in English.
type Heading = (&'static str, &'static str);

/// What a table holds: how many rows, and what could not be told, one line each.
#[derive(Debug, Default)]
struct Filled {
    rows: u64,
    left_out: Vec<String>,
}

impl OutArgs {
    /// Writes a table and says so, after the audit log says who exports what of the store. What could not be told is said as well, and is a failure; the table holds
    /// the rest.
    fn write<F>(
        &self,
        (what, object, store): (&'static str, Option<&Region>, &Store),
        (name_zh, name_en): Heading,
        headings: &[Heading],
        io: &mut Io<'_>,
        fill: F,
    ) -> io::Result<Exit>
    where
        F: FnOnce(&mut Table, Lang) -> Result<Filled, Box<dyn Error>>,
    {
        let object = object.map(ToString::to_string);
        let why = self.by.purpose.as_ref().map(Purpose::as_str);
        let deed = Deed { what, by: &self.by.by, object, why };
        if !deed.shown(store, io)? {
            return Ok(Exit::Failed);
        }
        let lang = self.lang.lang(io);
        let headings: Vec<&str> = headings.iter().map(|(zh, en)| lang.pick(zh, en)).collect();
        let mut beside = OsString::from(self.out.as_os_str());
        beside.push(".part");
        let written = (|| -> Result<Filled, Box<dyn Error>> {
            let part = File::create(&beside)?;
            let out = BufWriter::new(part.try_clone()?);
            let name = (lang.pick(name_zh, name_en), io.clock.now());
            let mut table = TableWriter::new(out, self.form(), name, &headings)?;
            let filled = fill(&mut table, lang)?;
            table.finish()?;
            part.sync_all()?;
            fs::rename(&beside, &self.out)?;
            Ok(filled)
        })();
        let filled = match written {
            Ok(filled) => filled,
            Err(error) => {
                // That it cannot be removed either is no second problem.
                let _gone = fs::remove_file(&beside);
                writeln!(io.err, "error: {}: {error}", self.out.display())?;
                return Ok(Exit::Failed);
            }
        };
        for line in &filled.left_out {
            writeln!(io.err, "left out: {line}")?;
        }
        let (path, rows) = (self.out.display(), filled.rows);
        match lang {
            Lang::Zh => writeln!(io.out, "{path}：{rows} 行")?,
            Lang::En => writeln!(io.out, "{path}: {rows} rows")?,
        }
        Ok(if filled.left_out.is_empty() { Exit::Done } else { Exit::Failed })
    }

    fn form(&self) -> TableFormat {
        let xlsx = self.out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
        match self.format {
            Some(Form::Xlsx) => TableFormat::Xlsx,
            None if xlsx => TableFormat::Xlsx,
            Some(Form::Csv) | None => TableFormat::Csv,
        }
    }
}
