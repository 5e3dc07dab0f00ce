//! `ledger due`.

use std::io;

use chrono::NaiveDate;
use serde_json::json;

use super::offer_name;
use crate::app::closed_loop::{self, Asked, Row};
use crate::app::deliveries::offer_of;
use crate::cli::common::{Format, ShowArgs};
use crate::cli::database::{Stored, StoredArgs};
use crate::cli::show::Grid;
use crate::cli::{Exit, Io};
use crate::documents::roll;
use crate::domain::catalogue::Catalogue;
use crate::domain::ledger::{Covers, CoversKind, Delivery, DueAmount, Given, Order, OwedState, Tally};
use crate::domain::region::Region;
use crate::domain::text::Lang;
use crate::store::Sight;

/// Arguments of `ledger due`.
#[derive(Debug, clap::Args)]
pub(super) struct DueArgs {
    /// The household's key [default: all]
    household: Option<String>,
    /// The months whose periods count: a month `2024-06`, or a year `2024`
    #[arg(long, value_name = "PERIOD", value_parser = period)]
    period: Covers,
    /// Only this measure or cascade, by id
    #[arg(long, value_name = "ID")]
    measure: Option<String>,
    /// Only what this department owns, by code
    #[arg(long, value_name = "CODE")]
    department: Option<String>,
    /// Only the households of this town, by code; a village, or anything wider, does as well
    #[arg(long)]
    town: Option<Region>,
    /// Print what is outstanding as a roll, with this prefix for its keys
    #[arg(long, value_name = "PREFIX")]
    roll: Option<String>,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

/// Reads a month or a year.
pub(in crate::cli) fn period(text: &str) -> Result<Covers, &'static str> {
    match text.parse() {
        Ok(covers @ (Covers::Month(_) | Covers::Year(_))) => Ok(covers),
        _ => Err("expected a month such as `2024-06`, or a year such as `2024`"),
    }
}

pub(super) fn due(args: &DueArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let Stored { store, policies } = match args.stored.open(io)? {
        Ok(stored) => stored,
        Err(exit) => return Ok(exit),
    };
    let today = io.clock.today();
    let asked = Asked {
        sight: Sight { within: args.town.clone(), department: args.department.clone() },
        household: args.household.clone(),
        offer: args.measure.as_ref().map(|measure| offer_of(policies.catalogue(), measure)),
        period: args.period,
        today,
    };
    let (rows, unresolved) = match closed_loop::rows(&policies, &store, asked).wait() {
        Ok(found) => found,
        Err(error) => {
            writeln!(io.err, "error: {error}")?;
            return Ok(Exit::Failed);
        }
    };
    match (&args.roll, args.show.format) {
        (Some(prefix), _) => roll::write(&mut *io.out, outstanding(&rows, prefix, today).iter())?,
        (None, Format::Json) => print_json(&rows, io)?,
        (None, Format::Table) => print(policies.catalogue(), &rows, args.show.lang(io), io)?,
    }
    for household in &unresolved {
        writeln!(io.err, "household {household}: what is due cannot be told exactly")?;
    }
    Ok(if unresolved.is_empty() { Exit::Done } else { Exit::Failed })
}

/// What is outstanding with a price, as deliveries of today. Claims are left out: they bring their own
/// expense.
fn outstanding(rows: &[Row], prefix: &str, today: NaiveDate) -> Vec<Delivery> {
    let left = |row: &Row| {
        let (OwedState::Outstanding(left) | OwedState::Overdue(left)) = row.owed.state else { return None };
        let DueAmount::Exact(_) = row.owed.due.amount else { return None };
        if row.owed.delivered.value() > 0 {
            return None;
        }
        let who = row.owed.beneficiary.clone();
        let (offer, covers) = (&row.owed.due.offer, row.owed.due.covers);
        let key = [prefix, &row.household, who.as_deref().unwrap_or_default(), offer, &covers.to_string()];
        Some(Delivery {
            key: key.join("/"),
            household: row.household.clone(),
            order: Order {
                measure: offer.clone(),
                beneficiary: who,
                covers,
                given: Given::Amount(left),
                day: today,
                department: row.department.clone(),
            },
        })
    };
    rows.iter().filter_map(left).collect()
}

fn amount(amount: DueAmount, lang: Lang) -> String {
    match amount {
        DueAmount::Exact(fen) | DueAmount::ByClaims(Some(fen)) => fen.to_string(),
        DueAmount::ByClaims(None) => lang.pick("按报销申请", "by claims").to_owned(),
        DueAmount::Unpriced => lang.pick("无定价", "no price").to_owned(),
        DueAmount::NotKnown => lang.pick("未知", "not known").to_owned(),
    }
}

fn state(state: OwedState, lang: Lang) -> String {
    match state {
        OwedState::Delivered => lang.pick("已发放", "delivered").to_owned(),
        OwedState::Outstanding(left) => format!("{} {left}", lang.pick("待发放", "outstanding")),
        OwedState::Overdue(left) => format!("{} {left}", lang.pick("逾期", "overdue")),
        OwedState::Open => lang.pick("待落实", "open").to_owned(),
        OwedState::NotKnown => lang.pick("未知", "not known").to_owned(),
    }
}

fn print(catalogue: &Catalogue, rows: &[Row], lang: Lang, io: &mut Io<'_>) -> io::Result<()> {
    let titles = match lang {
        Lang::Zh => ["户号", "成员", "措施", "期间", "应发", "已发", "状态"],
        Lang::En => ["Household", "Member", "Measure", "Period", "Due", "Delivered", "State"],
    };
    let widths = [13, 6, 22, 10, 10, 10, 9];
    let columns: Vec<(usize, &str)> = widths.into_iter().zip(titles).collect();
    let mut grid = Grid::new(&columns);
    let mut tally = Tally::default();
    let mut overflow = false;
    for row in rows {
        let owed = &row.owed;
        grid.row([
            row.household.as_str(),
            owed.beneficiary.as_deref().unwrap_or(lang.pick("全户", "all")),
            &offer_name(catalogue, &owed.due.offer, lang),
            &owed.due.covers.to_string(),
            &amount(owed.due.amount, lang),
            &owed.delivered.to_string(),
            &state(owed.state, lang),
        ]);
        overflow |= tally.add(owed).is_err();
    }
    let title = match lang {
        Lang::Zh => format!("应发与已发：{} 项", rows.len()),
        Lang::En => format!("Due and delivered: {}", rows.len()),
    };
    grid.print(&title, io.out)?;
    print_totals(catalogue, &tally, lang, io)?;
    if overflow {
        writeln!(io.err, "error: the sums are too large to be told")?;
    }
    Ok(())
}

/// The totals by measure and kind of period; no sum across them.
fn print_totals(catalogue: &Catalogue, tally: &Tally, lang: Lang, io: &mut Io<'_>) -> io::Result<()> {
    let titles = match lang {
        Lang::Zh => ["措施", "期间", "项数", "应发", "已发", "待发放", "逾期", "无价", "未知"],
        Lang::En => {
            ["Measure", "By", "Items", "Due", "Delivered", "Outstanding", "Overdue", "No price", "Not known"]
        }
    };
    let widths = [18, 5, 5, 10, 10, 11, 10, 5, 5];
    let columns: Vec<(usize, &str)> = widths.into_iter().zip(titles).collect();
    let mut grid = Grid::dense(&columns);
    for (offer, kind, total) in tally.rows() {
        grid.row([
            offer_name(catalogue, offer, lang),
            match kind {
                CoversKind::Month => lang.pick("月", "month"),
                CoversKind::Year => lang.pick("年", "year"),
                CoversKind::Day => lang.pick("次", "once"),
            }
            .to_owned(),
            total.payments.to_string(),
            total.due.amount.to_string(),
            total.delivered.amount.to_string(),
            total.outstanding.amount.to_string(),
            total.overdue.amount.to_string(),
            total.unpriced.to_string(),
            total.unknown.to_string(),
        ]);
    }
    grid.print(lang.pick("按措施合计", "By measure"), io.out)
}

fn print_json(rows: &[Row], io: &mut Io<'_>) -> io::Result<()> {
    for row in rows {
        let owed = &row.owed;
        let (kind, left) = match owed.state {
            OwedState::Delivered => ("delivered", None),
            OwedState::Outstanding(left) => ("outstanding", Some(left.value())),
            OwedState::Overdue(left) => ("overdue", Some(left.value())),
            OwedState::Open => ("open", None),
            OwedState::NotKnown => ("not_known", None),
        };
        let due = match owed.due.amount {
            DueAmount::Exact(fen) | DueAmount::ByClaims(Some(fen)) => Some(fen.value()),
            DueAmount::ByClaims(None) | DueAmount::Unpriced | DueAmount::NotKnown => None,
        };
        let document = json!({
            "household": row.household,
            "beneficiary": owed.beneficiary,
            "offer": owed.due.offer,
            "department": row.department,
            "identity": owed.due.identity.code(),
            "period": owed.due.covers.to_string(),
            "due": due,
            "delivered": owed.delivered.value(),
            "left": left,
            "state": kind,
            "entries": owed.entries,
        });
        writeln!(io.out, "{document}")?;
    }
    Ok(())
}
