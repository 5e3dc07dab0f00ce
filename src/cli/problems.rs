//! What is wrong with the rows of a list or a roll: the first on the screen, all of them in a file.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::app::imports::Listener;
use crate::cli::Io;
use crate::documents::sheet::RowProblem;
use crate::domain::text::Lang;

/// How many problems are shown.
const SHOWN: usize = 20;

/// Hears of problems and of progress.
pub(super) struct Problems {
    files: Vec<PathBuf>,
    report: Option<csv::Writer<BufWriter<File>>>,
    failed: Option<io::Error>,
    told: Told,
    bar: ProgressBar,
}

/// The problems that were heard of.
pub(super) struct Told {
    lang: Lang,
    first: Vec<(String, RowProblem)>,
    count: u64,
}

impl Problems {
    /// Makes the report's file, if one is wanted, and a progress bar, which shows on a terminal only.
    pub(super) fn new(files: Vec<PathBuf>, report: Option<&Path>, lang: Lang) -> io::Result<Self> {
        let report = report.map(|path| writer(path, lang)).transpose()?;
        let sizes = files.iter().filter_map(|file| file.metadata().ok()).map(|data| data.len());
        let bar = ProgressBar::new(sizes.sum());
        // The template is fixed, so it parses.
        let style = ProgressStyle::with_template("{bar:40} {percent:>3} %  {msg}");
        let bar = bar.with_style(style.unwrap_or_else(|_template| ProgressStyle::default_bar()));
        let told = Told { lang, first: Vec::new(), count: 0 };
        Ok(Self { files, report, failed: None, told, bar })
    }

    /// Closes the report; `None` if it could not be written, which is said.
    pub(super) fn finish(mut self, io: &mut Io<'_>) -> io::Result<Option<Told>> {
        self.bar.finish_and_clear();
        let flushed = self.report.take().map(|mut report| report.flush()).transpose();
        if let Some(error) = self.failed.or(flushed.err()) {
            writeln!(io.err, "error: `--report`: cannot be written: {error}")?;
            return Ok(None);
        }
        Ok(Some(self.told))
    }
}

fn writer(path: &Path, lang: Lang) -> io::Result<csv::Writer<BufWriter<File>>> {
    let mut file = BufWriter::new(OpenOptions::new().write(true).create_new(true).open(path)?);
    // By this mark spreadsheets know UTF-8.
    file.write_all("\u{feff}".as_bytes())?;
    let mut writer = csv::Writer::from_writer(file);
    writer.write_record(match lang {
        Lang::Zh => ["文件", "行", "列", "列名", "代码", "说明"],
        Lang::En => ["File", "Line", "Column", "Heading", "Code", "Message"],
    })?;
    Ok(writer)
}

impl Listener for Problems {
    fn problem(&mut self, file: usize, problem: RowProblem) {
        self.told.count += 1;
        let path = self.files.get(file).map(|path| path.display().to_string()).unwrap_or_default();
        if let Some(report) = &mut self.report {
            let (line, column) = (problem.line.to_string(), problem.column.as_ref());
            let number = column.and_then(|column| column.number).map(|number| number.to_string());
            let number = number.unwrap_or_default();
            let heading = column.and_then(|column| column.heading.as_deref()).unwrap_or_default();
            let record = [&path, &line, &number, heading, problem.code, &problem.message];
            if let Err(error) = report.write_record(record) {
                self.failed.get_or_insert(error.into());
            }
        }
        if self.told.first.len() < SHOWN {
            self.told.first.push((path, problem));
        }
    }

    fn progress(&mut self, rows: u64, bytes: u64) {
        self.bar.set_position(bytes);
        let rows = match self.told.lang {
            Lang::Zh => format!("{rows} 行"),
            Lang::En => format!("{rows} rows"),
        };
        self.bar.set_message(rows);
    }
}

impl Told {
    /// The language of what is said.
    pub(super) fn lang(&self) -> Lang {
        self.lang
    }

    /// How many there are beyond those shown.
    pub(super) fn more(&self) -> u64 {
        self.count - u64::try_from(self.first.len()).unwrap_or(self.count)
    }

    /// Those shown.
    pub(super) fn document(&self) -> Value {
        let problems = self.first.iter().map(|(file, problem)| {
            let column = problem.column.as_ref();
            json!({
                "file": file,
                "line": problem.line,
                "column": column.and_then(|column| column.number),
                "heading": column.and_then(|column| column.heading.as_deref()),
                "code": problem.code,
                "message": problem.message,
            })
        });
        problems.collect()
    }

    /// Prints those shown, and how many more there are.
    pub(super) fn print(&self, reported: bool, io: &mut Io<'_>) -> io::Result<()> {
        for (file, problem) in &self.first {
            writeln!(io.err, "{file}: {problem}")?;
        }
        let more = self.more();
        if more > 0 {
            let all = match (self.lang, reported) {
                (Lang::Zh, true) => "，全部在报告文件中",
                (Lang::Zh, false) => "，用 `--report FILE` 写出全部",
                (Lang::En, true) => ", all of them in the report",
                (Lang::En, false) => "; `--report FILE` writes all of them",
            };
            match self.lang {
                Lang::Zh => writeln!(io.err, "另有 {more} 个问题{all}")?,
                Lang::En => writeln!(io.err, "and {more} more{all}")?,
            }
        }
        Ok(())
    }
}
