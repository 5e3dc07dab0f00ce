//! `package`: list the saved packages of a household, and compute one again.

use std::io;
use std::sync::Arc;

use serde_json::json;

use super::common::{Format, ShowArgs};
use super::database::DatabaseArgs;
use super::show::Grid;
use super::{Exit, Io};
use crate::app::catalogues::Catalogues;
use crate::app::saved::{Replay, SavedId, replay};
use crate::domain::text::Lang;
use crate::store::{AsKnown, ChainEvent, EventKind, EventQuery, Store, StoreError};

/// The arguments of `package`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the packages of a household that `household package --save` saved
    List(ListArgs),
    /// Compute a saved package again, from the facts and the catalogue of then, and compare byte for byte
    Replay(ReplayArgs),
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    /// The household's key
    key: String,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(Debug, clap::Args)]
struct ReplayArgs {
    /// The saved package: the household's key and the number in its chain, such as `h4:3`
    #[arg(value_name = "KEY:NUMBER")]
    id: SavedId,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(super) fn run(args: &Args, io: &mut Io<'_>) -> io::Result<Exit> {
    match &args.command {
        Command::List(args) => list(args, io),
        Command::Replay(args) => again(args, io),
    }
}

fn list(args: &ListArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let store = match args.database.open(io)? {
        Ok((store, _migrations)) => store,
        Err(exit) => return Ok(exit),
    };
    let query = EventQuery {
        kind: EventKind::Package,
        household: Some(args.key.clone()),
        within: None,
        after: 0,
        first: u32::MAX,
    };
    let saved = match store.events(query).wait() {
        Ok(page) => page.items,
        Err(error) => return failed(&error, io),
    };
    if args.show.format == Format::Json {
        for one in &saved {
            writeln!(io.out, "{}", document(one))?;
        }
        return Ok(Exit::Done);
    }
    let zh = args.show.lang(io) == Lang::Zh;
    let titles = if zh {
        ["编号", "日期", "地区", "保存时间", "何人", "目录", "引擎"]
    } else {
        ["Id", "Day", "Place", "Saved", "By", "Catalogue", "Engine"]
    };
    let columns: Vec<(usize, &str)> = [14, 10, 14, 16, 12, 8, 6].into_iter().zip(titles).collect();
    let mut grid = Grid::dense(&columns);
    for one in &saved {
        grid.row([
            id(one).to_string().as_str(),
            &one.event.on.to_string(),
            one.event.place.as_deref().unwrap_or_default(),
            &one.recorded_at.format("%Y-%m-%d %H:%M").to_string(),
            &one.actor,
            one.catalogue.get(..8).unwrap_or_default(),
            &one.engine,
        ]);
    }
    let title = if zh { "保存的帮扶包" } else { "Saved packages" };
    let title = format!("{title} {}: {}", args.key, saved.len());
    grid.print(&title, io.out)?;
    if grid.is_empty() {
        writeln!(io.out, "{title}")?;
    }
    Ok(Exit::Done)
}

fn id(saved: &ChainEvent) -> SavedId {
    SavedId { household: saved.household.clone(), seq: saved.seq }
}

fn document(saved: &ChainEvent) -> serde_json::Value {
    json!({
        "id": id(saved).to_string(),
        "on": saved.event.on.to_string(),
        "place": saved.event.place,
        "factsSeq": saved.event.facts_seq,
        "catalogue": saved.catalogue,
        "engine": saved.engine,
        "savedAt": saved.recorded_at.to_rfc3339(),
        "savedBy": saved.actor,
    })
}

fn again(args: &ReplayArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let store = match args.database.open(io)? {
        Ok((store, _migrations)) => Arc::new(store),
        Err(exit) => return Ok(exit),
    };
    let saved = match store.event(&args.id.household, args.id.seq).wait() {
        Ok(Some(saved)) if saved.event.kind == EventKind::Package => saved,
        Ok(_) => {
            writeln!(io.err, "error: no package is saved as `{}`", args.id)?;
            return Ok(Exit::Failed);
        }
        Err(error) => return failed(&error, io),
    };
    let told = match replayed(&store, &saved) {
        Ok(told) => told,
        Err(error) => return failed(&error, io),
    };
    if args.show.format == Format::Json {
        let mut document = document(&saved);
        if let Some(fields) = document.as_object_mut() {
            fields.insert(String::from("replay"), json!(told.code()));
        }
        writeln!(io.out, "{document}")?;
    } else {
        writeln!(io.out, "{}: {}", args.id, words(&told, &saved, args.show.lang(io)))?;
    }
    Ok(if told == Replay::Same { Exit::Done } else { Exit::Failed })
}

fn replayed(store: &Arc<Store>, saved: &ChainEvent) -> Result<Replay, StoreError> {
    let kept =
        saved.catalogue.parse().ok().map(|hash| Catalogues::new(Arc::clone(store)).of_hash_waiting(hash));
    let policies = match kept {
        Some(Ok(kept)) => kept,
        Some(Err(error)) => return Ok(Replay::Failed(error.to_string())),
        None => None,
    };
    let known = AsKnown::After(saved.event.facts_seq);
    let found = store.household(&saved.household, saved.event.on, known).wait()?;
    Ok(replay(policies.as_deref(), saved, found.map(|found| found.household)))
}

fn words(told: &Replay, saved: &ChainEvent, lang: Lang) -> String {
    match told {
        Replay::Same => lang.pick("重算结果逐字节相同", "the same, byte for byte").to_owned(),
        Replay::Differs => format!(
            "{} {}",
            lang.pick("重算结果不同；保存时的引擎", "differs; saved by engine"),
            saved.engine
        ),
        Replay::NoCatalogue => format!(
            "{} {}",
            lang.pick(
                "需要另一个政策目录，数据库未保存",
                "needs another catalogue, which the database does not keep:"
            ),
            saved.catalogue
        ),
        Replay::NoFacts => lang.pick("没有当时的资料", "the facts of then are not there").to_owned(),
        Replay::Failed(error) => format!("{} {error}", lang.pick("无法重算：", "cannot be computed again:")),
    }
}

fn failed(error: &StoreError, io: &mut Io<'_>) -> io::Result<Exit> {
    writeln!(io.err, "error: {error}")?;
    Ok(Exit::Failed)
}
