//! `ledger show` and `ledger verify`.

use std::io;

use serde_json::json;

use crate::cli::common::{self, Format};
use crate::cli::database::DatabaseArgs;
use crate::cli::show::Grid;
use crate::cli::{Exit, Io};
use crate::domain::money::Fen;
use crate::domain::text::Lang;
use crate::store::Entry;

/// Arguments of `ledger show`.
#[derive(Debug, clap::Args)]
pub(super) struct EntriesArgs {
    /// The household's key
    household: String,
    #[command(flatten)]
    show: common::ShowArgs,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// Arguments of `ledger verify`.
#[derive(Debug, clap::Args)]
pub(super) struct VerifyArgs {
    /// The household's key [default: all]
    household: Option<String>,
    #[command(flatten)]
    show: common::ShowArgs,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(super) fn show(args: &EntriesArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let store = match args.database.open(io)? {
        Ok((store, _migrations)) => store,
        Err(exit) => return Ok(exit),
    };
    let entries = match store.ledger(&args.household).wait() {
        Ok(entries) => entries,
        Err(error) => {
            writeln!(io.err, "error: {error}")?;
            return Ok(Exit::Failed);
        }
    };
    if args.show.format == Format::Json {
        for entry in &entries {
            writeln!(io.out, "{}", document(&args.household, entry))?;
        }
        return Ok(Exit::Done);
    }
    let lang = args.show.lang(io);
    let titles = match lang {
        Lang::Zh => ["序号", "何事", "成员", "措施", "期间", "发放", "部门", "哈希"],
        Lang::En => ["No.", "What", "Member", "Measure", "Period", "Paid", "Department", "Hash"],
    };
    let widths = [4, 14, 8, 10, 10, 12, 12, 8];
    let columns: Vec<(usize, &str)> = widths.into_iter().zip(titles).collect();
    let mut grid = Grid::new(&columns);
    for entry in &entries {
        let what = match &entry.reverses {
            None => lang.pick("发放", "delivery").to_owned(),
            Some((taken, reason)) => format!("{} {taken}\n{reason}", lang.pick("冲销", "takes back")),
        };
        grid.row([
            entry.seq.to_string().as_str(),
            &what,
            entry.beneficiary.as_deref().unwrap_or(lang.pick("全户", "all")),
            &entry.offer,
            &entry.covers.to_string(),
            &entry.paid().map_or(lang.pick("实物", "in kind").to_owned(), |paid| paid.to_string()),
            &entry.department,
            entry.hash.to_string().get(..8).unwrap_or_default(),
        ]);
    }
    let title = match lang {
        Lang::Zh => format!("一户一链：{}，{} 条", args.household, entries.len()),
        Lang::En => format!("The chain of {}: {} entries", args.household, entries.len()),
    };
    grid.print(&title, io.out)?;
    if grid.is_empty() {
        writeln!(io.out, "{title}")?;
    }
    Ok(Exit::Done)
}

fn document(household: &str, entry: &Entry) -> serde_json::Value {
    let lines = entry.lines.iter().map(
        |line| json!({ "measure": line.measure, "standard": line.standard, "paid": line.paid.map(Fen::value) }),
    );
    json!({
        "household": household,
        "entry": entry.seq,
        "reverses": entry.reverses.as_ref().map(|(entry, _)| entry),
        "reason": entry.reverses.as_ref().map(|(_, reason)| reason),
        "beneficiary": entry.beneficiary,
        "offer": entry.offer,
        "identity": entry.identity,
        "period": entry.covers.to_string(),
        "expense": entry.expense.map(Fen::value),
        "lines": lines.collect::<serde_json::Value>(),
        "day": entry.day.to_string(),
        "department": entry.department,
        "actor": entry.actor,
        "factsSeq": entry.facts_seq,
        "catalogue": entry.catalogue,
        "engine": entry.engine,
        "recordedAt": entry.recorded_at.to_rfc3339(),
        "hash": entry.hash.to_string(),
    })
}

pub(super) fn verify(args: &VerifyArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let store = match args.database.open(io)? {
        Ok((store, _migrations)) => store,
        Err(exit) => return Ok(exit),
    };
    let verified = match store.verify_ledger(args.household.clone(), None).wait() {
        Ok(verified) => verified,
        Err(error) => {
            writeln!(io.err, "error: {error}")?;
            return Ok(Exit::Failed);
        }
    };
    for broken in &verified.broken {
        let entry = broken.entry.map(|entry| format!(", entry {entry}")).unwrap_or_default();
        let save = broken.save.map(|save| format!(", save {save} of its facts")).unwrap_or_default();
        writeln!(io.err, "broken: household {}{entry}{save}: {}", broken.household, broken.what)?;
    }
    let (households, entries, broken) = (verified.households, verified.entries, verified.broken.len());
    let uncovered = verified.uncovered_saves;
    let exit = if broken == 0 { Exit::Done } else { Exit::Failed };
    if args.show.format == Format::Json {
        let report = json!({
            "households": households,
            "entries": entries,
            "uncoveredSaves": uncovered,
            "broken": broken,
        });
        writeln!(io.out, "{report}")?;
        return Ok(exit);
    }
    let lang = args.show.lang(io);
    match lang {
        Lang::Zh => writeln!(io.out, "核验 {households} 户、{entries} 条：不符 {broken} 处")?,
        Lang::En => {
            writeln!(io.out, "verified {households} households, {entries} entries: {broken} broken")?;
        }
    }
    if uncovered > 0 {
        match lang {
            Lang::Zh => writeln!(io.out, "另有 {uncovered} 次信息录入早于入链，无从核验")?,
            Lang::En => writeln!(
                io.out,
                "{uncovered} saves of facts are from before the chain: nothing tells whether they were changed"
            )?,
        }
    }
    Ok(exit)
}
