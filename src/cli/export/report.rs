//! `export report`: how the two lists overlap.

use std::io;

use super::{Filled, Heading, OutArgs};
use crate::app::registries::Registers;
use crate::cli::database::{Stored, StoredArgs};
use crate::cli::{Exit, Io};
use crate::documents::table::Value;
use crate::domain::region::Region;
use crate::domain::registries::report::Overlap;

/// Arguments of `export report`.
#[derive(Debug, clap::Args)]
pub(super) struct ReportArgs {
    /// Only this town, by code; a county, or anything wider, does as well
    #[arg(long, value_name = "CODE")]
    town: Option<Region>,
    /// The lists as they were after this import [default: as they are]
    #[arg(long, value_name = "IMPORT")]
    after: Option<i64>,
    #[command(flatten)]
    out: OutArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

const HEADINGS: [Heading; 13] = [
    ("乡镇", "town"),
    ("低收入户", "low-income households"),
    ("低收入人口", "low-income people"),
    ("监测户", "monitored households"),
    ("监测人口", "monitored people"),
    ("只在低收入人口（人）", "low-income list only (people)"),
    ("只在监测对象（人）", "monitoring list only (people)"),
    ("两份都在（人）", "both (people)"),
    ("监测人口中纳入低收入人口的占比", "share of monitored people in the low-income list"),
    ("监测户中有人纳入的", "monitored households of which somebody is in it"),
    ("监测户中全部纳入的", "monitored households of which everybody is in it"),
    ("监测户中有人纳入的占比", "share of monitored households of which somebody is in it"),
    ("两份都在的家庭", "families in both"),
];

pub(super) fn run(args: &ReportArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let Stored { store, policies } = match args.stored.open(io)? {
        Ok(stored) => stored,
        Err(exit) => return Ok(exit),
    };
    let deed = ("Command.export.report", args.town.as_ref(), &*store);
    args.out.write(deed, ("两库重合情况", "overlap"), &HEADINGS, io, |table, lang| {
        let registers = Registers::load(&store, args.after)?;
        let report = registers.report(args.town.as_ref(), policies.catalogue()).overlap;
        let mut filled = Filled::default();
        let towns = report.towns.iter().map(|(town, overlap)| (town.to_string(), overlap));
        for (name, overlap) in
            std::iter::once((lang.pick("合计", "all").to_owned(), &report.all)).chain(towns)
        {
            let persons = overlap.monitored_persons_in_low_income().percent();
            let households = overlap.monitored_households_in_low_income().percent();
            table.row(&row(&name, overlap, [&persons, &households]))?;
            filled.rows += 1;
        }
        Ok(filled)
    })
}

fn row<'r>(
    name: &'r str,
    overlap: &Overlap,
    [persons, households]: [&'r str; 2],
) -> [Value<'r>; HEADINGS.len()] {
    let count = |number: u64| i64::try_from(number).map_or(Value::Empty, Value::Count);
    [
        name.into(),
        count(overlap.low_income.households),
        count(overlap.low_income.persons),
        count(overlap.monitored.households),
        count(overlap.monitored.persons),
        count(overlap.persons.only_low_income),
        count(overlap.persons.only_monitored),
        count(overlap.persons.both),
        persons.into(),
        count(overlap.monitored_households_with_some),
        count(overlap.monitored_households_with_all),
        households.into(),
        count(overlap.families.both),
    ]
}
