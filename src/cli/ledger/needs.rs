//! `ledger needs`.

use std::io;

use serde_json::json;

use super::due::period;
use crate::app::closed_loop::{Needs, needs_of};
use crate::cli::common::{Format, ShowArgs};
use crate::cli::database::{Stored, StoredArgs};
use crate::cli::show::Grid;
use crate::cli::{Exit, Io};
use crate::domain::ledger::{Covers, NeedStanding};
use crate::domain::package::Beneficiary;
use crate::domain::text::Lang;

/// Arguments of `ledger needs`.
#[derive(Debug, clap::Args)]
pub(super) struct NeedsArgs {
    /// The household's key
    household: String,
    /// The period in which something has to be delivered: a month `2024-06`, or a year `2024`
    #[arg(long, value_name = "PERIOD", value_parser = period)]
    period: Covers,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

pub(super) fn needs(args: &NeedsArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let Stored { store, policies } = match args.stored.open(io)? {
        Ok(stored) => stored,
        Err(exit) => return Ok(exit),
    };
    match needs_of(&policies, &store, &args.household, args.period, io.clock.today()) {
        Ok(Some(needs)) if args.show.format == Format::Json => print_json(&needs, io)?,
        Ok(Some(needs)) => print(&needs, args, io)?,
        Ok(None) => {
            writeln!(io.err, "nothing is known of the household in {}", args.period)?;
            return Ok(Exit::BadInput);
        }
        Err(error) => {
            writeln!(io.err, "error: {error}")?;
            return Ok(Exit::Failed);
        }
    }
    Ok(Exit::Done)
}

/// The code of a standing in JSON.
const fn code(standing: NeedStanding) -> &'static str {
    match standing {
        NeedStanding::Met => "met",
        NeedStanding::Covered => "covered",
        NeedStanding::Unknown => "unknown",
        NeedStanding::Open => "open",
        NeedStanding::Unmet => "unmet",
    }
}

fn word(standing: NeedStanding, lang: Lang) -> &'static str {
    match standing {
        NeedStanding::Met => lang.pick("已满足", "met"),
        NeedStanding::Covered => lang.pick("已覆盖，未发放", "covered, not delivered"),
        NeedStanding::Unknown => lang.pick("未知", "not known"),
        NeedStanding::Open => lang.pick("待落实", "open"),
        NeedStanding::Unmet => lang.pick("无措施", "unmet"),
    }
}

fn who(needs: &Needs, who: Beneficiary) -> Option<&str> {
    match who {
        Beneficiary::Household => None,
        Beneficiary::Person(index) => needs.household.members.get(index).map(|member| member.key.as_str()),
    }
}

fn print(needs: &Needs, args: &NeedsArgs, io: &mut Io<'_>) -> io::Result<()> {
    let lang = args.show.lang(io);
    let titles = match lang {
        Lang::Zh => ["需求", "成员", "状态", "发放记录"],
        Lang::En => ["Need", "Member", "State", "Entries"],
    };
    let widths = [30, 12, 24, 23];
    let columns: Vec<(usize, &str)> = widths.into_iter().zip(titles).collect();
    let mut grid = Grid::dense(&columns);
    for need in &needs.needs {
        let name = needs.rulebook.catalogue.needs.get(need.need).map_or("", |known| known.name.get(lang));
        for row in &need.rows {
            let entries: Vec<String> = row.entries.iter().map(ToString::to_string).collect();
            grid.row([
                name,
                who(needs, row.who).unwrap_or(lang.pick("全户", "all")),
                word(row.standing, lang),
                &entries.join(lang.pick("、", ", ")),
            ]);
        }
    }
    let title = match lang {
        Lang::Zh => format!("{}：{} 的需求（按 {} 的帮扶包）", args.household, args.period, needs.on),
        Lang::En => format!("{}: needs in {} (package of {})", args.household, args.period, needs.on),
    };
    grid.print(&title, io.out)?;
    if grid.is_empty() {
        writeln!(io.out, "{title}")?;
    }
    Ok(())
}

fn print_json(needs: &Needs, io: &mut Io<'_>) -> io::Result<()> {
    for need in &needs.needs {
        let id = needs.rulebook.catalogue.needs.get(need.need).map_or("", |known| known.id.as_str());
        for row in &need.rows {
            let document = json!({
                "household": needs.household.key,
                "need": id,
                "beneficiary": who(needs, row.who),
                "state": code(row.standing),
                "entries": row.entries,
                "on": needs.on.to_string(),
            });
            writeln!(io.out, "{document}")?;
        }
    }
    Ok(())
}
