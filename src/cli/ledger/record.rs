//! `ledger record` and `ledger reverse`.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::json;

use crate::app::deliveries;
use crate::app::imports::Listener as _;
use crate::app::policies::Policies;
use crate::cli::common::{Format, ShowArgs, day};
use crate::cli::database::{Stored, StoredArgs};
use crate::cli::deed::Deed;
use crate::cli::problems::{Problems, Told};
use crate::cli::progress::Bar;
use crate::cli::{Exit, Io};
use crate::documents::household::is_key;
use crate::documents::roll::{self, RollLine};
use crate::documents::sheet::{RowProblem, Source};
use crate::domain::text::Lang;
use crate::store::{Batch, Recorded, Reversal, Reversed, Roll, Sight, Store, StoreError, Whole};

/// The most bytes that are taken from standard input. A roll cut off there ends in half a line, which is
/// refused.
const MOST_PIPED: u64 = 256 << 20;

/// Arguments of `ledger record`.
#[derive(Debug, clap::Args)]
pub(super) struct RecordArgs {
    /// The roll: CSV in UTF-8 or GB18030, or XLSX; `-` is standard input, of 256 MB at most
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Who records, for the ledger
    #[arg(long, value_name = "NAME", default_value = "command line")]
    by: String,
    /// Record the lines that can be, and report the others
    #[arg(long)]
    accept_good_lines: bool,
    /// Record line by line, and say of each that it is recorded as soon as it is on the disk
    #[arg(long, conflicts_with = "report")]
    one_by_one: bool,
    /// Write every line that is wrong or refused to a new CSV file
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

/// Arguments of `ledger reverse`.
#[derive(Debug, clap::Args)]
pub(super) struct ReverseArgs {
    /// The household's key
    household: String,
    /// The number of the entry
    entry: i64,
    /// Why it is taken back
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The idempotency key: repeating the command with it changes nothing
    #[arg(long)]
    key: String,
    /// The day [default: today in China]
    #[arg(long, value_name = "DATE", value_parser = day)]
    day: Option<NaiveDate>,
    /// Who records, for the ledger
    #[arg(long, value_name = "NAME", default_value = "command line")]
    by: String,
    #[command(flatten)]
    stored: StoredArgs,
}

pub(super) fn record(args: &RecordArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let name = args.file.display().to_string();
    let source = if name == "-" {
        let mut bytes = Vec::new();
        io.input.take(MOST_PIPED).read_to_end(&mut bytes).and_then(|_| Source::detect(Cursor::new(bytes)))
    } else {
        File::open(&args.file).and_then(Source::detect)
    };
    let read = match source {
        Ok(source) => roll::read(source),
        Err(error) => {
            writeln!(io.err, "{name}: error: cannot be read: {error}")?;
            return Ok(Exit::BadInput);
        }
    };
    let lang = args.show.lang(io);
    let mut problems = match Problems::new(vec![args.file.clone()], args.report.as_deref(), lang) {
        Ok(problems) => problems,
        Err(error) => {
            let path = args.report.as_deref().unwrap_or_else(|| std::path::Path::new("")).display();
            writeln!(io.err, "error: `--report`: cannot write `{path}`: {error}")?;
            return Ok(Exit::BadInput);
        }
    };
    let lines = match read {
        Ok(lines) => lines,
        Err(found) => {
            for problem in found {
                problems.problem(0, problem);
            }
            let Some(told) = problems.finish(io)? else { return Ok(Exit::Failed) };
            told.print(args.report.is_some(), io)?;
            return Ok(Exit::BadInput);
        }
    };
    let Stored { store, policies } = match args.stored.open(io)? {
        Ok(stored) => stored,
        Err(exit) => return Ok(exit),
    };
    let deed = Deed { what: "Command.ledger.record", by: &args.by, object: None, why: None };
    deed.record(&store, io, |io| {
        if args.one_by_one {
            return one_by_one(args, &name, &policies, &store, &lines, io);
        }
        together(args, (&policies, &store), &lines, problems, io)
    })
}

/// Records the lines together.
fn together(
    args: &RecordArgs,
    (policies, store): (&Arc<Policies>, &Store),
    lines: &[RollLine],
    mut problems: Problems,
    io: &mut Io<'_>,
) -> io::Result<Exit> {
    let whole = if args.accept_good_lines { Whole::WhatCan } else { Whole::AllOrNone };
    let orders = lines.iter().map(|line| line.delivery.clone()).collect();
    let by = (args.by.as_str(), io.clock.now());
    let roll = Roll { deliveries: orders, whole, sight: Sight::default() };
    let bar = Bar::new(lines.len(), args.show.lang(io).pick("入账", "recording"));
    let recorded = deliveries::deliver(policies, store, roll, by, bar.counter()).wait();
    bar.clear();
    match recorded {
        Ok(batch) => {
            for (line, result) in lines.iter().zip(&batch.results) {
                if let Some((code, why)) = refusal(result) {
                    let message = format!("refused: {why}").into();
                    problems.problem(0, RowProblem { line: line.line, column: None, code, message });
                }
            }
            let Some(told) = problems.finish(io)? else { return Ok(Exit::Failed) };
            report(args, &told, &batch, io)
        }
        Err(error) => {
            writeln!(io.err, "error: {error}")?;
            Ok(Exit::Failed)
        }
    }
}

/// Records every line in a transaction of its own. What is told as recorded outlives a crash.
fn one_by_one(
    args: &RecordArgs,
    name: &str,
    policies: &Arc<Policies>,
    store: &Store,
    lines: &[RollLine],
    io: &mut Io<'_>,
) -> io::Result<Exit> {
    let mut exit = Exit::Done;
    for line in lines {
        let by = (args.by.as_str(), io.clock.now());
        let roll = Roll {
            deliveries: vec![line.delivery.clone()],
            whole: Whole::AllOrNone,
            sight: Sight::default(),
        };
        let batch = match deliveries::deliver(policies, store, roll, by, |_done| {}).wait() {
            Ok(batch) => batch,
            Err(error) => {
                writeln!(io.err, "error: line {}: {error}", line.line)?;
                return Ok(Exit::Failed);
            }
        };
        for result in &batch.results {
            match refusal(result) {
                None => {
                    let (Recorded::New(entry, _) | Recorded::Repeated(entry)) = result else { continue };
                    writeln!(io.out, "line {}: entry {entry}", line.line)?;
                    io.out.flush()?;
                }
                Some((code, why)) => {
                    writeln!(io.err, "{name}: line {}: refused: {why} ({code})", line.line)?;
                    exit = Exit::BadInput;
                }
            }
        }
    }
    Ok(exit)
}

/// Why an order is not recorded, by its stable code and in words; `None` if it is.
fn refusal(result: &Recorded) -> Option<(&'static str, String)> {
    match result {
        Recorded::New(..) | Recorded::Repeated(_) => None,
        Recorded::KeyUsed => Some(("key_used", "this key was recorded with other content".to_owned())),
        Recorded::Refused(refusal) => Some((refusal.code(), refusal.to_string())),
    }
}

fn report(args: &RecordArgs, told: &Told, batch: &Batch, io: &mut Io<'_>) -> io::Result<Exit> {
    let (show, lines) = (&args.show, batch.results.len());
    let count = |test: &dyn Fn(&Recorded) -> bool| batch.results.iter().filter(|one| test(one)).count();
    let new = count(&|one| matches!(one, Recorded::New(..)));
    let repeated = count(&|one| matches!(one, Recorded::Repeated(_)));
    let refused = batch.results.len() - new - repeated;
    told.print(args.report.is_some(), io)?;
    let written = if batch.kept { new } else { 0 };
    if show.format == Format::Json {
        let report = json!({ "lines": lines, "recorded": written, "repeated": repeated, "refused": refused });
        writeln!(io.out, "{report}")?;
    } else if show.lang(io) == Lang::Zh {
        writeln!(io.out, "名册 {lines} 行：入账 {written}，此前已入账 {repeated}，拒绝 {refused}")?;
    } else {
        writeln!(io.out, "{lines} lines: {written} recorded, {repeated} recorded before, {refused} refused")?;
    }
    Ok(if refused == 0 { Exit::Done } else { Exit::BadInput })
}

pub(super) fn reverse(args: &ReverseArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let Stored { store, policies } = match args.stored.open(io)? {
        Ok(stored) => stored,
        Err(exit) => return Ok(exit),
    };
    let reversal = Reversal {
        key: args.key.clone(),
        household: args.household.clone(),
        entry: args.entry,
        reason: args.reason.clone(),
        day: args.day.unwrap_or_else(|| io.clock.today()),
        sight: Sight::default(),
    };
    let deed = Deed {
        what: "Command.ledger.reverse",
        by: &args.by,
        object: is_key(&args.household).then(|| args.household.clone()),
        why: Some(&args.reason),
    };
    deed.record(&store, io, |io| {
        let reversed = deliveries::reverse(&policies, &store, reversal, (&args.by, io.clock.now())).wait();
        told_reversed(args, reversed, io)
    })
}

fn told_reversed(
    args: &ReverseArgs,
    reversed: Result<Reversed, StoreError>,
    io: &mut Io<'_>,
) -> io::Result<Exit> {
    let (household, entry) = (&args.household, args.entry);
    match reversed {
        Ok(Reversed::New(by)) => {
            io.tell(
                format!("{household}：第 {entry} 条已由第 {by} 条冲销"),
                format!("{household}: entry {entry} is taken back by entry {by}"),
            )?;
            Ok(Exit::Done)
        }
        Ok(Reversed::Repeated(by)) => {
            io.tell(
                format!("{household}：第 {entry} 条此前已由第 {by} 条冲销"),
                format!("{household}: entry {entry} was taken back by entry {by} before"),
            )?;
            Ok(Exit::Done)
        }
        Ok(refused) => {
            let why = match refused {
                Reversed::AlreadyReversed(by) => format!("entry {by} took it back already"),
                Reversed::KeyUsed => "this key was recorded with other content".to_owned(),
                _ => "the ledger has no such delivery".to_owned(),
            };
            writeln!(io.err, "error: {household}: entry {entry}: refused: {why}")?;
            Ok(Exit::BadInput)
        }
        Err(error) => {
            writeln!(io.err, "error: {error}")?;
            Ok(Exit::Failed)
        }
    }
}
