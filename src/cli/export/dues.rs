//! `export dues`.

use std::io;

use super::{Filled, Heading, OutArgs, Table};
use crate::app::closed_loop::{self, Asked};
use crate::app::deliveries::offer_of;
use crate::cli::database::{Stored, StoredArgs};
use crate::cli::ledger::period;
use crate::cli::show::identity_name;
use crate::cli::{Exit, Io};
use crate::documents::table::Value;
use crate::domain::catalogue::Catalogue;
use crate::domain::ledger::{Covers, DueAmount, Owed, OwedState};
use crate::domain::region::Region;
use crate::domain::text::{Lang, Text};
use crate::store::Sight;

/// Arguments of `export dues`.
#[derive(Debug, clap::Args)]
pub(super) struct DuesArgs {
    /// The households' keys [default: all]
    households: Vec<String>,
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
    #[arg(long, conflicts_with = "households")]
    town: Option<Region>,
    #[command(flatten)]
    out: OutArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

const HEADINGS: [Heading; 12] = [
    ("户号", "household"),
    ("成员", "member"),
    ("措施编码", "measure code"),
    ("措施", "measure"),
    ("身份类型", "identity"),
    ("期间", "period"),
    ("应发（元）", "due (yuan)"),
    ("应发说明", "how much"),
    ("已发（元）", "delivered (yuan)"),
    ("未发（元）", "left (yuan)"),
    ("状态", "state"),
    ("部门", "department"),
];

pub(super) fn run(args: &DuesArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let Stored { store, policies } = match args.stored.open(io)? {
        Ok(stored) => stored,
        Err(exit) => return Ok(exit),
    };
    let today = io.clock.today();
    let deed = ("Command.export.dues", args.town.as_ref(), &*store);
    args.out.write(deed, ("应发清单", "dues"), &HEADINGS, io, |table, lang| {
        let mut filled = Filled::default();
        let named: Vec<Option<String>> = args.households.iter().cloned().map(Some).collect();
        // Without a name, one walk through all of them.
        let walks = if named.is_empty() { vec![None] } else { named };
        for household in walks {
            let asked = Asked {
                sight: Sight { within: args.town.clone(), department: args.department.clone() },
                household,
                offer: args.measure.as_ref().map(|measure| offer_of(policies.catalogue(), measure)),
                period: args.period,
                today,
            };
            let (rows, unresolved) = closed_loop::rows(&policies, &store, asked).wait()?;
            for row in rows {
                let offer = Offer::of(policies.catalogue(), &row.owed.due.offer);
                add(table, &row.household, &offer, &row.owed, lang)?;
                filled.rows += 1;
            }
            let told = |key: String| format!("household {key}: what is due cannot be told exactly");
            filled.left_out.extend(unresolved.into_iter().map(told));
        }
        Ok(filled)
    })
}

/// A measure or cascade.
struct Offer<'c> {
    catalogue: &'c Catalogue,
    name: Option<&'c Text>,
    department: &'c str,
}

impl<'c> Offer<'c> {
    fn of(catalogue: &'c Catalogue, id: &str) -> Self {
        let cascade = catalogue.cascades.iter().find(|cascade| cascade.id == id);
        let first = cascade.and_then(|cascade| cascade.links.first()).map_or(id, String::as_str);
        let measure = catalogue.measures.iter().find(|measure| measure.id == first);
        Self {
            catalogue,
            name: cascade.map(|cascade| &cascade.name).or(measure.map(|measure| &measure.name)),
            department: measure.map_or("", |measure| measure.department.as_str()),
        }
    }
}

fn add(table: &mut Table, household: &str, offer: &Offer<'_>, owed: &Owed, lang: Lang) -> io::Result<()> {
    let (due, told) = match owed.due.amount {
        DueAmount::Exact(amount) => (Some(amount), ""),
        DueAmount::ByClaims(known) => (known, lang.pick("按报销申请", "by claims")),
        DueAmount::Unpriced => (None, lang.pick("无定价", "no price")),
        DueAmount::NotKnown => (None, lang.pick("未知", "not known")),
    };
    let (state, left) = match owed.state {
        OwedState::Delivered => (lang.pick("已发放", "delivered"), None),
        OwedState::Outstanding(left) => (lang.pick("待发放", "outstanding"), Some(left)),
        OwedState::Overdue(left) => (lang.pick("逾期", "overdue"), Some(left)),
        OwedState::Open => (lang.pick("待落实", "open"), None),
        OwedState::NotKnown => (lang.pick("未知", "not known"), None),
    };
    let period = owed.due.covers.to_string();
    let row: [Value<'_>; HEADINGS.len()] = [
        household.into(),
        owed.beneficiary.as_deref().unwrap_or(lang.pick("全户", "household")).into(),
        owed.due.offer.as_str().into(),
        offer.name.map(|name| name.get(lang)).into(),
        identity_name(offer.catalogue, owed.due.identity, lang).into(),
        period.as_str().into(),
        due.into(),
        told.into(),
        owed.delivered.into(),
        left.into(),
        state.into(),
        offer.department.into(),
    ];
    table.row(&row)
}
