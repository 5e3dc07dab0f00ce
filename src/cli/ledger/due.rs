//! `ledger due`.

use std::collections::BTreeMap;
use std::io;

use chrono::NaiveDate;
use serde_json::json;

use crate::app::deliveries::owed_to;
use crate::app::households;
use crate::app::policies::Policies;
use crate::cli::common::{Format, PolicyArgs, ShowArgs};
use crate::cli::database::DatabaseArgs;
use crate::cli::show::Grid;
use crate::cli::{Exit, Io};
use crate::documents::roll;
use crate::domain::ledger::{Covers, Delivery, DueAmount, Given, Order, Owed, OwedState};
use crate::domain::money::Fen;
use crate::domain::region::Region;
use crate::domain::text::Lang;

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
    policies: PolicyArgs,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// Reads a month or a year.
pub(in crate::cli) fn period(text: &str) -> Result<Covers, &'static str> {
    match text.parse() {
        Ok(covers @ (Covers::Month(_) | Covers::Year(_))) => Ok(covers),
        _ => Err("expected a month such as `2024-06`, or a year such as `2024`"),
    }
}

/// One row with whose it is.
struct Row {
    household: String,
    owed: Owed,
    department: String,
}

pub(super) fn due(args: &DueArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let Some(policies) = args.policies.load(io)? else { return Ok(Exit::Failed) };
    let store = match args.database.open(io)? {
        Ok((store, _migrations)) => store,
        Err(exit) => return Ok(exit),
    };
    let span = (args.period.first_day(), args.period.end());
    let today = io.clock.today();
    let mut rows = Vec::new();
    let keys = match &args.household {
        Some(key) => Ok(vec![key.clone()]),
        None => households::keys(&store, span.1.pred_opt().unwrap_or(span.0), args.town.as_ref()),
    };
    let keys = match keys {
        Ok(keys) => keys,
        Err(error) => return failed(&error, io),
    };
    for key in keys {
        let owed = match owed_to(&policies, &store, &key, span, today) {
            Ok(owed) => owed,
            Err(error) => return failed(&error, io),
        };
        for owed in owed {
            let department = department_of(&policies, &owed.due.offer);
            let wanted = args.measure.as_ref().is_none_or(|measure| *measure == owed.due.offer)
                && args.department.as_ref().is_none_or(|code| *code == department);
            if wanted {
                rows.push(Row { household: key.clone(), owed, department });
            }
        }
    }
    match (&args.roll, args.show.format) {
        (Some(prefix), _) => roll::write(&mut *io.out, outstanding(&rows, prefix, today).iter())?,
        (None, Format::Json) => print_json(&rows, io)?,
        (None, Format::Table) => print(&rows, args.show.lang(io), io)?,
    }
    Ok(Exit::Done)
}

/// The department of a measure, or of the first link of a cascade.
fn department_of(policies: &Policies, offer: &str) -> String {
    let catalogue = policies.catalogue();
    let cascade = catalogue.cascades.iter().find(|cascade| cascade.id == offer);
    let id = cascade.and_then(|cascade| cascade.links.first()).map_or(offer, String::as_str);
    let measure = catalogue.measures.iter().find(|measure| measure.id == id);
    measure.map(|measure| measure.department.clone()).unwrap_or_default()
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

fn print(rows: &[Row], lang: Lang, io: &mut Io<'_>) -> io::Result<()> {
    let zh = lang == Lang::Zh;
    let titles = if zh {
        ["户号", "成员", "措施", "期间", "应发", "已发", "状态"]
    } else {
        ["Household", "Member", "Measure", "Period", "Due", "Delivered", "State"]
    };
    let widths = [16, 10, 10, 10, 12, 10, 12];
    let columns: Vec<(usize, &str)> = widths.into_iter().zip(titles).collect();
    let mut grid = Grid::new(&columns);
    let mut totals: BTreeMap<&str, [i64; 3]> = BTreeMap::new();
    for row in rows {
        let owed = &row.owed;
        grid.row([
            row.household.as_str(),
            owed.beneficiary.as_deref().unwrap_or(lang.pick("全户", "all")),
            &owed.due.offer,
            &owed.due.covers.to_string(),
            &amount(owed.due.amount, lang),
            &owed.delivered.to_string(),
            &state(owed.state, lang),
        ]);
        let sums = totals.entry(&owed.due.offer).or_default();
        let due = match owed.due.amount {
            DueAmount::Exact(fen) => fen.value(),
            DueAmount::ByClaims(_) | DueAmount::Unpriced | DueAmount::NotKnown => 0,
        };
        let left = match owed.state {
            OwedState::Outstanding(left) | OwedState::Overdue(left) => left.value(),
            _ => 0,
        };
        for (sum, one) in sums.iter_mut().zip([due, owed.delivered.value(), left]) {
            *sum += one;
        }
    }
    let title = if zh {
        format!("应发与已发：{} 项", rows.len())
    } else {
        format!("Due and delivered: {}", rows.len())
    };
    grid.print(&title, io.out)?;
    for (offer, [due, delivered, left]) in totals {
        let [due, delivered, left] = [due, delivered, left].map(Fen::new);
        if zh {
            writeln!(io.out, "{offer}：应发 {due}，已发 {delivered}，未发 {left}")?;
        } else {
            writeln!(io.out, "{offer}: due {due}, delivered {delivered}, left {left}")?;
        }
    }
    Ok(())
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

fn failed(error: &dyn std::error::Error, io: &mut Io<'_>) -> io::Result<Exit> {
    writeln!(io.err, "error: {error}")?;
    Ok(Exit::Failed)
}
