//! `import`: takes in the list of a registry, and lists what was taken in.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::common::{Format, ShowArgs, day};
use super::database::{DatabaseArgs, Stored, StoredArgs};
use super::deed::Deed;
use super::households::told;
use super::keys::vault;
use super::problems::{Problems, Told};
use super::show::Grid;
use super::{Exit, Io};
use crate::app::imports::{self, ImportCounts, ImportError, Imported, Request, StoredImport};
use crate::app::vault::Vault;
use crate::documents::package::canonical;
use crate::documents::registry::{Layout, parse_map};
use crate::domain::catalogue::Catalogue;
use crate::domain::registries::Registry;
use crate::domain::text::Lang;
use crate::store::Store;

/// The arguments of `import`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    take: TakeArgs,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// The lists that were taken in, the last one first
    List(ListArgs),
}

#[derive(Debug, clap::Args)]
struct TakeArgs {
    /// Whose list it is
    #[arg(long, required = true, value_name = "REGISTRY",
          value_parser = clap::builder::PossibleValuesParser::new(["social-assistance", "monitoring"]))]
    registry: Option<String>,
    /// The files of the list
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Do everything but keep it
    #[arg(long)]
    dry_run: bool,
    /// Take the rows that can be taken, and report the others; nobody is then taken from the list
    #[arg(long, conflicts_with = "complete")]
    accept_good_rows: bool,
    /// The list is all of the registry: whom it leaves out is no longer in it
    #[arg(long)]
    complete: bool,
    /// The day of which the list speaks; not before that of the last one [default: today in China]
    #[arg(long, value_name = "DATE", value_parser = day)]
    date: Option<NaiveDate>,
    /// The columns of another office's table: a map as in docs/registries.md [default: the plain layout]
    #[arg(long, value_name = "MAP")]
    layout: Option<PathBuf>,
    /// The worksheet, by name [default: that of the map, or the first]
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Write every problem to a new CSV file
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Who imports, for the record
    #[arg(long, value_name = "NAME", default_value = "command line")]
    by: String,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    /// How many at most
    #[arg(long, value_name = "COUNT", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    first: u32,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(super) fn run(args: &Args, io: &mut Io<'_>) -> io::Result<Exit> {
    match &args.command {
        Some(Command::List(args)) => list(args, io),
        None => take(&args.take, io),
    }
}

fn take(args: &TakeArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    // The parser asks for it, and takes no other.
    let registry = args.registry.as_deref().and_then(|code| code.parse::<Registry>().ok());
    let Some(registry) = registry else { return Ok(Exit::BadInput) };
    let Some(layout) = layout(args, io)? else { return Ok(Exit::BadInput) };
    let vault = match vault(None, io)? {
        Ok(vault) => vault,
        Err(exit) => return Ok(exit),
    };
    let problems = match Problems::new(args.files.clone(), args.report.as_deref(), args.show.lang(io)) {
        Ok(problems) => problems,
        Err(error) => {
            let path = args.report.as_deref().unwrap_or_else(|| std::path::Path::new("")).display();
            writeln!(io.err, "error: `--report`: cannot write `{path}`: {error}")?;
            return Ok(Exit::BadInput);
        }
    };
    let Stored { store, policies } = match args.stored.open(io)? {
        Ok(stored) => stored,
        Err(exit) => return Ok(exit),
    };
    let request = Request {
        registry,
        files: args.files.clone(),
        layout,
        as_of: args.date.unwrap_or_else(|| io.clock.today()),
        complete: args.complete,
        accept_good_rows: args.accept_good_rows,
        dry_run: args.dry_run,
        by: args.by.clone(),
        at: io.clock.now(),
    };
    let deed = Deed {
        what: if args.dry_run { "Command.import.dryRun" } else { "Command.import" },
        by: &args.by,
        object: Some(registry.code().to_owned()),
        why: None,
    };
    deed.record(&store, io, |io| {
        let catalogue = Arc::clone(policies.catalogue());
        taken(args, (catalogue, &store, Arc::new(vault)), request, problems, io)
    })
}

fn taken(
    args: &TakeArgs,
    (catalogue, store, vault): (Arc<Catalogue>, &Store, Arc<Vault>),
    request: Request,
    problems: Problems,
    io: &mut Io<'_>,
) -> io::Result<Exit> {
    let (imported, problems) = match imports::import(catalogue, store, vault, request, problems) {
        Ok(done) => done,
        Err(ImportError::File { file, why }) => {
            let path = args.files.get(file).map(|path| path.display().to_string()).unwrap_or_default();
            writeln!(io.err, "{path}: error: cannot be read: {why}")?;
            return Ok(Exit::BadInput);
        }
        Err(error) => {
            writeln!(io.err, "error: {error}")?;
            return Ok(Exit::Failed);
        }
    };
    let Some(problems) = problems.finish(io)? else { return Ok(Exit::Failed) };
    report(args, imported, &problems, io)
}

/// The columns; if the map has mistakes, prints them and gives nothing.
fn layout(args: &TakeArgs, io: &mut Io<'_>) -> io::Result<Option<Layout>> {
    let layout = match &args.layout {
        None => Layout::plain(),
        Some(path) => {
            let name = path.display();
            let text = match std::fs::read_to_string(path) {
                Ok(text) => text,
                Err(error) => {
                    writeln!(io.err, "{name}: error: cannot be read: {error}")?;
                    return Ok(None);
                }
            };
            match parse_map(&text) {
                Ok(layout) => layout,
                Err(problems) => {
                    for problem in &problems {
                        let line = problem.line.map(|line| format!(":{line}")).unwrap_or_default();
                        writeln!(io.err, "{name}{line}: {}", told(problem))?;
                    }
                    return Ok(None);
                }
            }
        }
    };
    let mut options = layout.options().clone();
    if args.sheet.is_some() {
        options.worksheet.clone_from(&args.sheet);
    }
    Ok(Some(layout.with_options(options)))
}

fn report(args: &TakeArgs, imported: Imported, problems: &Told, io: &mut Io<'_>) -> io::Result<Exit> {
    let json = args.show.format == Format::Json;
    if !json {
        problems.print(args.report.is_some(), io)?;
    }
    let (outcome, seq, counts) = match imported {
        Imported::Kept(seq, counts) => ("kept", Some(seq), counts),
        Imported::NothingNew(counts) => ("nothing_new", None, counts),
        Imported::Dropped(counts) if counts.refused == 0 => ("dry_run", None, counts),
        Imported::Dropped(counts) => ("refused", None, counts),
        Imported::Repeated(seq) => ("repeated", Some(seq), ImportCounts::default()),
        Imported::Later(seq, day) => {
            writeln!(
                io.err,
                "error: the list of {day} is there already, as import {seq}: an older one cannot follow it; \
                 say by `--date` of which day this one is"
            )?;
            return Ok(Exit::BadInput);
        }
        Imported::OtherKeys => {
            writeln!(
                io.err,
                "error: the key file is not the one of this database: its numbers are hashed with another key, \
                 and nobody would be recognised; set `ASSISTANCE_ID_KEYS` to the right file"
            )?;
            return Ok(Exit::BadInput);
        }
    };
    if json {
        let document = json!({
            "registry": args.registry,
            "outcome": outcome,
            "dryRun": args.dry_run,
            "import": seq,
            "counts": counts_document(counts),
            "problems": problems.document(),
            "moreProblems": problems.more(),
        });
        print_json(&document, io)?;
    } else {
        let (zh, en) = words(outcome, seq);
        let lang = problems.lang();
        let first = lang.pick(&zh, &en);
        let ImportCounts { new, changed, unchanged, ended, refused } = counts;
        if outcome == "repeated" {
            writeln!(io.out, "{first}")?;
        } else if lang == Lang::Zh {
            writeln!(
                io.out,
                "{first}：新增 {new}，变更 {changed}，未变 {unchanged}，退出 {ended}，拒绝 {refused}"
            )?;
        } else {
            writeln!(
                io.out,
                "{first}: {new} new, {changed} changed, {unchanged} unchanged, {ended} ended, {refused} refused"
            )?;
        }
    }
    Ok(if counts.refused == 0 { Exit::Done } else { Exit::BadInput })
}

fn words(outcome: &str, seq: Option<i64>) -> (String, String) {
    let seq = seq.unwrap_or_default();
    let fixed = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
    match outcome {
        "kept" => (format!("导入 {seq}"), format!("import {seq}")),
        "nothing_new" => fixed("没有新内容，未写入", "nothing new, nothing was written"),
        "dry_run" => fixed("试运行，未写入", "a dry run, nothing was written"),
        "repeated" => (
            format!("这些文件已在导入 {seq} 中，未写入"),
            format!("these files were import {seq}, nothing was written"),
        ),
        _ => fixed("有问题，未写入", "there are problems, nothing was written"),
    }
}

fn counts_document(counts: ImportCounts) -> Value {
    let ImportCounts { new, changed, unchanged, ended, refused } = counts;
    json!({ "new": new, "changed": changed, "unchanged": unchanged, "ended": ended, "refused": refused })
}

fn print_json(document: &Value, io: &mut Io<'_>) -> io::Result<()> {
    io.out.write_all(&canonical(document).map_err(io::Error::other)?)?;
    writeln!(io.out)
}

fn list(args: &ListArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let store = match args.database.open(io)? {
        Ok((store, _migrations)) => store,
        Err(exit) => return Ok(exit),
    };
    let imports = match imports::list(&store, args.first) {
        Ok(imports) => imports,
        Err(error) => {
            writeln!(io.err, "error: {error}")?;
            return Ok(Exit::Failed);
        }
    };
    if args.show.format == Format::Json {
        imports.iter().try_for_each(|import| print_json(&import_document(import), io))?;
        return Ok(Exit::Done);
    }
    let lang = args.show.lang(io);
    let [seq, registry, as_of, at, new, changed, unchanged, ended, refused] = match lang {
        Lang::Zh => ["编号", "名册", "截至", "导入时间", "新增", "变更", "未变", "退出", "拒绝"],
        Lang::En => ["No.", "Registry", "As of", "Imported", "New", "Changed", "Same", "Ended", "Refused"],
    };
    let mut grid = Grid::dense(&[
        (5, seq),
        (17, registry),
        (10, as_of),
        (16, at),
        (6, new),
        (7, changed),
        (6, unchanged),
        (6, ended),
        (7, refused),
    ]);
    for StoredImport { seq, import, counts } in &imports {
        let at = import.at.format("%Y-%m-%d %H:%M").to_string();
        let counts = [counts.new, counts.changed, counts.unchanged, counts.ended, counts.refused];
        let before = [seq.to_string(), import.registry.name(lang).to_owned(), import.as_of.to_string(), at];
        grid.row(before.into_iter().chain(counts.map(|count| count.to_string())));
    }
    let title = lang.pick("已导入的名册（时间为 UTC）", "Lists taken in (times in UTC)");
    grid.print(title, io.out)?;
    if grid.is_empty() {
        writeln!(io.out, "{}", lang.pick("尚未导入名册", "no list was taken in yet"))?;
    }
    Ok(Exit::Done)
}

fn import_document(stored: &StoredImport) -> Value {
    let import = &stored.import;
    json!({
        "import": stored.seq,
        "registry": import.registry.code(),
        "asOf": import.as_of.to_string(),
        "complete": import.complete,
        "by": import.by,
        "at": import.at.to_rfc3339(),
        "files": import.files,
        "counts": counts_document(stored.counts),
    })
}
