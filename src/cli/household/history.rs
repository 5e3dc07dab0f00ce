//! `household changes` and `household chain`.

use std::io;

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::app::households::{self, StoredPackageError};
use crate::app::monitoring::changed;
use crate::app::timeline::{Happening, timeline};
use crate::cli::common::{Format, ShowArgs, day};
use crate::cli::database::{Stored, StoredArgs};
use crate::cli::show::{Grid, Words};
use crate::cli::{Exit, Io};
use crate::documents::change::Change;
use crate::domain::money::Fen;
use crate::domain::text::Lang;
use crate::store::{AsKnown, ChainEvent, EventKind};

/// Arguments of `household changes`.
#[derive(Debug, clap::Args)]
pub(super) struct ChangesArgs {
    /// The household's key
    key: String,
    /// The first day
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: NaiveDate,
    /// The second day [default: today in China]
    #[arg(long, value_name = "DATE", value_parser = day)]
    to: Option<NaiveDate>,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

/// Arguments of `household chain`.
#[derive(Debug, clap::Args)]
pub(super) struct ChainArgs {
    /// The household's key
    key: String,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

/// Prints what changed between the packages of two days.
pub(super) fn changes(args: &ChangesArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let Stored { store, policies } = match args.stored.open(io)? {
        Ok(stored) => stored,
        Err(exit) => return Ok(exit),
    };
    let to = args.to.unwrap_or_else(|| io.clock.today());
    let fetch = |on| households::fetch(&store, &args.key, on, AsKnown::Now).wait();
    let (before, after) = match (fetch(args.from), fetch(to)) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(error), _) | (_, Err(error)) => return super::failed(&error, io),
    };
    if before.is_none() && after.is_none() {
        writeln!(io.err, "error: {}", StoredPackageError::NotFound { on: args.from })?;
        return Ok(Exit::Failed);
    }
    let (before, after) = (before.as_ref(), after.as_ref());
    let told = changed(
        &policies,
        (before.map(|found| &found.household), args.from),
        (after.map(|found| &found.household), to),
    );
    let change = match told {
        Ok(change) => change,
        Err(error) => {
            writeln!(io.err, "error: {error}")?;
            return Ok(Exit::Failed);
        }
    };
    if args.show.format == Format::Json {
        writeln!(io.out, "{}", change.text().map_err(io::Error::other)?)?;
        return Ok(Exit::Done);
    }
    let words = Words { catalogue: policies.catalogue(), lang: args.show.lang(io) };
    let title = format!("{} {} → {to}", args.key, args.from);
    words.print(&change, &title, io.out)?;
    Ok(Exit::Done)
}

/// Prints everything that happened to a household.
pub(super) fn chain(args: &ChainArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let Stored { store, policies } = match args.stored.open(io)? {
        Ok(stored) => stored,
        Err(exit) => return Ok(exit),
    };
    let all = match timeline(&store, &args.key) {
        Ok(Some(all)) => all,
        Ok(None) => {
            writeln!(io.err, "error: no household of this key is known")?;
            return Ok(Exit::Failed);
        }
        Err(error) => return super::failed(&error, io),
    };
    if args.show.format == Format::Json {
        for happening in &all {
            writeln!(io.out, "{}", document(&args.key, happening))?;
        }
        return Ok(Exit::Done);
    }
    let words = Words { catalogue: policies.catalogue(), lang: args.show.lang(io) };
    let titles = match words.lang {
        Lang::Zh => ["序号", "记录时间", "何事", "内容", "何人", "哈希"],
        Lang::En => ["No.", "Recorded", "What", "Content", "By", "Hash"],
    };
    let columns: Vec<(usize, &str)> = [4, 16, 10, 34, 11, 8].into_iter().zip(titles).collect();
    let mut grid = Grid::new(&columns);
    for happening in &all {
        grid.row(row(&words, happening));
    }
    let title = match words.lang {
        Lang::Zh => format!("一户一链：{}，{} 条", args.key, all.len()),
        Lang::En => format!("The chain of {}: {} entries", args.key, all.len()),
    };
    grid.print(&title, io.out)?;
    Ok(Exit::Done)
}

fn row(words: &Words<'_>, happening: &Happening) -> [String; 6] {
    let lang = words.lang;
    let (seq, at, what, content, by, hash) = match happening {
        Happening::Save(save) => {
            let until = save.valid.until.map(|until| format!(" → {until}")).unwrap_or_default();
            let which = match lang {
                Lang::Zh => format!("第 {} 次", save.seq),
                Lang::En => format!("save {}", save.seq),
            };
            let content = format!("{which}\n{}{until}", save.valid.from);
            let link = save.link.as_ref();
            let actor = link.map(|link| link.actor.clone()).unwrap_or_default();
            let (seq, hash) = (link.map(|link| link.seq), link.map(|link| link.hash));
            (seq, save.recorded_at, lang.pick("信息录入", "facts"), content, actor, hash)
        }
        Happening::Entry(entry) => {
            let paid =
                entry.paid().map_or(lang.pick("实物", "in kind").to_owned(), |paid| paid.to_string());
            let who = entry.beneficiary.as_deref().unwrap_or(lang.pick("全户", "household"));
            let covered = format!("{} {who} {}\n{paid} {}", entry.offer, entry.covers, entry.department);
            let (what, content) = match &entry.reverses {
                None => (lang.pick("发放", "delivery"), covered),
                Some((taken, reason)) => {
                    (lang.pick("冲销", "reversal"), format!("← {taken}: {reason}\n{covered}"))
                }
            };
            let hash = Some(entry.hash);
            (Some(entry.seq), entry.recorded_at, what, content, entry.actor.clone(), hash)
        }
        Happening::Event(event) => {
            let (what, content) = match event.event.kind {
                EventKind::Change => (lang.pick("待遇变化", "change"), changed_in(words, event)),
                EventKind::Package => {
                    let place = event.event.place.as_deref().unwrap_or_default();
                    let content = format!("{place} {}\n{}:{}", event.event.on, event.household, event.seq);
                    (lang.pick("保存帮扶包", "package"), content)
                }
            };
            (Some(event.seq), event.recorded_at, what, content, event.actor.clone(), Some(event.hash))
        }
    };
    let hash = hash.map(|hash| hash.to_string()).unwrap_or_default();
    [
        seq.map(|seq: i64| seq.to_string()).unwrap_or_default(),
        at.format("%Y-%m-%d %H:%M").to_string(),
        what.to_owned(),
        content,
        by,
        hash.get(..8).unwrap_or_default().to_owned(),
    ]
}

fn changed_in(words: &Words<'_>, event: &ChainEvent) -> String {
    let summary = Change::read(&event.event.content).map(|change| words.summary(&change));
    format!("{}\n{}", event.event.on, summary.unwrap_or_default())
}

fn document(household: &str, happening: &Happening) -> Value {
    match happening {
        Happening::Save(save) => json!({
            "household": household,
            "kind": "facts",
            "entry": save.link.as_ref().map(|link| link.seq),
            "save": save.seq,
            "from": save.valid.from.to_string(),
            "until": save.valid.until.map(|until| until.to_string()),
            "digest": save.link.as_ref().map(|link| &link.digest),
            "actor": save.link.as_ref().map(|link| &link.actor),
            "recordedAt": save.recorded_at.to_rfc3339(),
            "hash": save.link.as_ref().map(|link| link.hash.to_string()),
        }),
        Happening::Entry(entry) => json!({
            "household": household,
            "kind": if entry.reverses.is_some() { "reversal" } else { "delivery" },
            "entry": entry.seq,
            "reverses": entry.reverses.as_ref().map(|(taken, _)| taken),
            "reason": entry.reverses.as_ref().map(|(_, reason)| reason),
            "offer": entry.offer,
            "beneficiary": entry.beneficiary,
            "period": entry.covers.to_string(),
            "paid": entry.paid().map(Fen::value),
            "department": entry.department,
            "actor": entry.actor,
            "recordedAt": entry.recorded_at.to_rfc3339(),
            "hash": entry.hash.to_string(),
        }),
        Happening::Event(event) => json!({
            "household": household,
            "kind": event.event.kind.code(),
            "entry": event.seq,
            "on": event.event.on.to_string(),
            "place": event.event.place,
            "factsSeq": event.event.facts_seq,
            "content": serde_json::from_str::<Value>(&event.event.content).unwrap_or_default(),
            "catalogue": event.catalogue,
            "engine": event.engine,
            "actor": event.actor,
            "recordedAt": event.recorded_at.to_rfc3339(),
            "hash": event.hash.to_string(),
        }),
    }
}
