//! `audit list`: the entries, the newest first.

use std::io;

use chrono::{NaiveDate, SecondsFormat};
use serde_json::json;

use crate::app::clock::begins;
use crate::cli::common::{Format, ShowArgs, day};
use crate::cli::database::DatabaseArgs;
use crate::cli::show::Grid;
use crate::cli::{Exit, Io};
use crate::documents::package::canonical;
use crate::store::{AuditQuery, AuditRow};

/// The arguments of `audit list`.
#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    /// Only what this subject of a token did
    #[arg(long)]
    subject: Option<String>,
    /// Only what was done to this object: the key of a household, the code of a region
    #[arg(long)]
    object: Option<String>,
    /// Only this action, such as `Query.household`
    #[arg(long)]
    action: Option<String>,
    /// Only from this day on
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<NaiveDate>,
    /// Only before this day
    #[arg(long, value_name = "DATE", value_parser = day)]
    until: Option<NaiveDate>,
    /// How many at most
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    first: u32,
    /// Only numbers below this one
    #[arg(long, value_name = "NUMBER")]
    below: Option<i64>,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(super) fn run(args: &ListArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let store = match args.database.open(io)? {
        Ok((store, _migrations)) => store,
        Err(exit) => return Ok(exit),
    };
    let query = AuditQuery {
        subject: args.subject.clone(),
        object: args.object.clone(),
        action: args.action.clone(),
        from: args.from.map(begins),
        until: args.until.map(begins),
        below: args.below,
        first: args.first,
    };
    let list = match store.list_audit(query).wait() {
        Ok(list) => list,
        Err(error) => {
            writeln!(io.err, "error: {error}")?;
            return Ok(Exit::Failed);
        }
    };
    if args.show.format == Format::Json {
        for row in &list.rows {
            io.out.write_all(&canonical(&document(row)).map_err(io::Error::other)?)?;
            writeln!(io.out)?;
        }
        return Ok(Exit::Done);
    }
    let lang = args.show.lang(io);
    let mut grid = Grid::dense(&[
        (6, lang.pick("序号", "No.")),
        (20, lang.pick("时间", "Time")),
        (16, lang.pick("人员与角色", "Who")),
        (21, lang.pick("操作与对象", "What")),
        (10, lang.pick("结果", "Outcome")),
        (10, lang.pick("事由", "Purpose")),
    ]);
    for AuditRow { seq, entry, .. } in &list.rows {
        grid.row([
            seq.to_string(),
            entry.at.to_rfc3339_opts(SecondsFormat::Secs, true),
            format!("{}\n{}", entry.subject, entry.roles.join(", ")),
            format!("{}\n{}", entry.action, entry.object.as_deref().unwrap_or_default()),
            entry.outcome.clone(),
            entry.purpose.clone().unwrap_or_default(),
        ]);
    }
    let (shown, total) = (list.rows.len(), list.total);
    writeln!(io.out, "{} {shown} / {total}", lang.pick("审计记录", "Audit entries"))?;
    grid.print("", io.out)?;
    if let Some(last) = list.rows.last().filter(|_| list.more) {
        writeln!(io.out, "{}: --below {}", lang.pick("下一页", "next page"), last.seq)?;
    }
    Ok(Exit::Done)
}

fn document(row: &AuditRow) -> serde_json::Value {
    let AuditRow { seq, entry, hash } = row;
    json!({
        "seq": seq.to_string(),
        "at": entry.at.to_rfc3339_opts(SecondsFormat::Micros, true),
        "subject": entry.subject,
        "roles": entry.roles,
        "purpose": entry.purpose,
        "action": entry.action,
        "object": entry.object,
        "outcome": entry.outcome,
        "hash": hash.to_string(),
    })
}
