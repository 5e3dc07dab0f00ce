//! `household`: save, show and list stored households, and the package of one on any date.

mod history;

use std::io;
use std::path::PathBuf;

use chrono::NaiveDate;
use serde_json::json;

use super::common::{Format, ScopeArgs, ShowArgs, day};
use super::database::{DatabaseArgs, Stored, StoredArgs};
use super::households::Reader;
use super::resolve::print;
use super::show::Grid;
use super::{Exit, Io};
use crate::app::deliveries::circumstances;
use crate::app::households::{self, MOST_ON_A_PAGE, Statement, StoredPackageError};
use crate::app::monitoring::watch;
use crate::app::saved::{self, SavedId};
use crate::documents::household::write;
use crate::documents::package::canonical;
use crate::domain::period::Validity;
use crate::domain::region::Region;
use crate::domain::text::Lang;
use crate::store::{AsKnown, ListQuery, Outcome, StoreError};

/// The arguments of `household`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Store households as they are from a day on; what was stored before stays known as such
    Save(SaveArgs),
    /// Print a stored household as it was on a day, as the document that `save` takes
    Show(ShowOneArgs),
    /// List the stored households of a day by key
    List(ListArgs),
    /// Print the package of a stored household on a day, by its facts and the rules of that day
    Package(PackageArgs),
    /// Print what changed between the packages of two days: gained, lost, changed, and why
    Changes(history::ChangesArgs),
    /// Print everything that happened to a household, in one order: facts, deliveries, changes, saved packages
    Chain(history::ChainArgs),
}

#[derive(Debug, clap::Args)]
struct SaveArgs {
    /// Household documents: `.toml`, `.json`, `.ndjson` (one household a line), or folders of them
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The first day on which the households are like this [default: today in China]
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<NaiveDate>,
    /// The first day on which this says nothing any more [default: until something else is saved]
    #[arg(long, value_name = "DATE", value_parser = day)]
    until: Option<NaiveDate>,
    /// Who saves
    #[arg(long, value_name = "NAME", default_value = "command line")]
    actor: String,
    #[command(flatten)]
    stored: StoredArgs,
}

#[derive(Debug, clap::Args)]
struct ShowOneArgs {
    /// The household's key
    key: String,
    /// The day [default: today in China]
    #[arg(long, value_name = "DATE", value_parser = day)]
    on: Option<NaiveDate>,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    /// The day [default: today in China]
    #[arg(long, value_name = "DATE", value_parser = day)]
    on: Option<NaiveDate>,
    /// Only the households of this town, by code; a village, or anything wider, does as well
    #[arg(long, value_name = "CODE")]
    town: Option<Region>,
    /// How many at most
    #[arg(long, value_name = "COUNT", default_value_t = MOST_ON_A_PAGE,
          value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_ON_A_PAGE)))]
    first: u32,
    /// Only those after this key
    #[arg(long, value_name = "KEY")]
    after: Option<String>,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(Debug, clap::Args)]
struct PackageArgs {
    /// The household's key
    key: String,
    /// Save it in the household's chain, so that `package replay` can compute it again
    #[arg(long)]
    save: bool,
    /// Who saves
    #[arg(long, value_name = "NAME", default_value = "command line")]
    actor: String,
    #[command(flatten)]
    scope: ScopeArgs,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

pub(super) fn run(args: &Args, io: &mut Io<'_>) -> io::Result<Exit> {
    match &args.command {
        Command::Save(args) => save(args, io),
        Command::Show(args) => show(args, io),
        Command::List(args) => list(args, io),
        Command::Package(args) => package(args, io),
        Command::Changes(args) => history::changes(args, io),
        Command::Chain(args) => history::chain(args, io),
    }
}

/// Saves every household or, if a document is wrong, none.
fn save(args: &SaveArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let Some(valid) = Validity::new(args.from.unwrap_or_else(|| io.clock.today()), args.until) else {
        writeln!(io.err, "error: `--until` is the first day no longer, so it comes after `--from`")?;
        return Ok(Exit::BadInput);
    };
    let Stored { store, policies } = match args.stored.open(io)? {
        Ok(stored) => stored,
        Err(exit) => return Ok(exit),
    };
    let mut reader = Reader::for_saving(policies.catalogue());
    args.files.iter().for_each(|file| reader.path(file));
    if !reader.problems.is_empty() {
        reader.problems.iter().try_for_each(|problem| writeln!(io.err, "{problem}"))?;
        return Ok(Exit::BadInput);
    }
    for input in reader.inputs {
        let key = input.household.key.clone();
        let statement = Statement { valid, expected_seq: None };
        let watch = watch(&policies, &args.actor, io.clock);
        match households::save(&store, input.household, statement, watch).wait() {
            Ok(saved) => {
                let (zh, en) = match saved.outcome {
                    Outcome::Created => ("新建", "created"),
                    Outcome::Changed => ("已变更", "changed"),
                    Outcome::Unchanged => ("没有变化", "unchanged"),
                };
                let seq = saved.seq;
                let event = saved.event.map_or_else(Default::default, |seq| {
                    (format!("，链上第 {seq} 条"), format!(", event {seq} of its chain"))
                });
                io.tell(
                    format!("{key}：{zh}，第 {seq} 次录入{}", event.0),
                    format!("{key}: {en}, save {seq}{}", event.1),
                )?;
            }
            Err(error) => {
                writeln!(io.err, "{}: error: {error}", input.name)?;
                return Ok(Exit::Failed);
            }
        }
    }
    Ok(Exit::Done)
}

fn show(args: &ShowOneArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let store = match args.database.open(io)? {
        Ok((store, _migrations)) => store,
        Err(exit) => return Ok(exit),
    };
    let on = args.on.unwrap_or_else(|| io.clock.today());
    match households::fetch(&store, &args.key, on, AsKnown::Now).wait() {
        Ok(Some(stored)) => {
            serde_json::to_writer_pretty(&mut *io.out, &write(&stored.household))?;
            writeln!(io.out)?;
            Ok(Exit::Done)
        }
        Ok(None) => {
            writeln!(io.err, "error: {}", StoredPackageError::NotFound { on })?;
            Ok(Exit::Failed)
        }
        Err(error) => failed(&error, io),
    }
}

fn list(args: &ListArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let store = match args.database.open(io)? {
        Ok((store, _migrations)) => store,
        Err(exit) => return Ok(exit),
    };
    let query = ListQuery {
        on: args.on.unwrap_or_else(|| io.clock.today()),
        within: args.town.clone(),
        after: args.after.clone(),
        first: args.first,
    };
    let page = match households::list(&store, query).wait() {
        Ok(page) => page,
        Err(error) => return failed(&error, io),
    };
    if args.show.format == Format::Json {
        for item in &page.items {
            let document = json!({ "key": item.key, "place": item.place, "town": item.town.as_ref().map(Region::as_str) });
            io.out.write_all(&canonical(&document).map_err(io::Error::other)?)?;
            writeln!(io.out)?;
        }
        return Ok(Exit::Done);
    }
    let zh = args.show.lang(io) == Lang::Zh;
    let [key, place, town] = if zh { ["户号", "地区", "乡镇"] } else { ["Key", "Place", "Town"] };
    let mut grid = Grid::new(&[(40, key), (24, place), (30, town)]);
    for item in &page.items {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let town = item.town.as_ref().map(ToString::to_string);
        grid.row([item.key.clone(), text(&item.place), text(&town)]);
    }
    let (shown, total) = (page.items.len(), page.total);
    let title =
        if zh { format!("家庭 {shown} / {total}") } else { format!("Households {shown} of {total}") };
    grid.print(&title, io.out)?;
    if grid.is_empty() {
        writeln!(io.out, "{title}")?;
    }
    if let Some(last) = page.items.last().filter(|_| page.more) {
        let next = if zh { "下一页" } else { "next page" };
        writeln!(io.out, "{next}: --after {}", last.key)?;
    }
    Ok(Exit::Done)
}

fn package(args: &PackageArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let Stored { store, policies } = match args.stored.open(io)? {
        Ok(stored) => stored,
        Err(exit) => return Ok(exit),
    };
    if let Some(problem) = args.scope.problem(&policies) {
        writeln!(io.err, "{problem}")?;
        return Ok(Exit::BadInput);
    }
    let (scope, lang) = (args.scope.scope(io), args.show.lang(io));
    let found = households::package_of(&policies, &store, &args.key, scope, AsKnown::Now);
    let (resolved, seq) = match found {
        Ok(found) => found,
        Err(error) => {
            writeln!(io.err, "error: {error}")?;
            return Ok(Exit::Failed);
        }
    };
    print(&resolved, args.show.format, lang, io.out)?;
    if !args.save {
        return Ok(Exit::Done);
    }
    let event = saved::event(&resolved, seq).map_err(io::Error::other)?;
    let circumstances = circumstances(&policies, &args.actor, io.clock.now());
    match store.append_event(&args.key, event, circumstances).wait() {
        Ok(event) => {
            let id = SavedId { household: event.household, seq: event.seq };
            writeln!(io.err, "{}: {id}", lang.pick("已保存", "saved"))?;
            Ok(Exit::Done)
        }
        Err(error) => failed(&error, io),
    }
}

fn failed(error: &StoreError, io: &mut Io<'_>) -> io::Result<Exit> {
    writeln!(io.err, "error: {error}")?;
    Ok(Exit::Failed)
}
