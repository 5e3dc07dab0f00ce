//! `registry report`.

use std::io;

use serde_json::{Value, json};

use super::failed;
use crate::app::registries::{Registers, Report};
use crate::cli::common::{Format, ShowArgs};
use crate::cli::database::{Stored, StoredArgs};
use crate::cli::show::Grid;
use crate::cli::{Exit, Io};
use crate::domain::region::Region;
use crate::domain::registries::Registry;
use crate::domain::registries::report::{Overlap, Parts, Share, Size};
use crate::domain::text::Lang;

/// Arguments of `registry report`.
#[derive(Debug, clap::Args)]
pub(super) struct ReportArgs {
    /// Only this town, by code; a county, or anything wider, does as well
    #[arg(long, value_name = "CODE")]
    town: Option<Region>,
    /// The lists as they were after this import [default: as they are]
    #[arg(long, value_name = "IMPORT")]
    after: Option<i64>,
    /// Beside it the lists as they were after this import
    #[arg(long, value_name = "IMPORT")]
    before: Option<i64>,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

pub(super) fn report(args: &ReportArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let Stored { store, policies } = match args.stored.open(io)? {
        Ok(stored) => stored,
        Err(exit) => return Ok(exit),
    };
    let mut reports = Vec::new();
    for at in args.before.map(Some).into_iter().chain([args.after]) {
        match Registers::load(&store, at) {
            Ok(registers) => reports.push(registers.report(args.town.as_ref(), policies.catalogue())),
            Err(error) => return failed(&error, io),
        }
    }
    if args.show.format == Format::Json {
        reports.iter().try_for_each(|report| writeln!(io.out, "{}", document(report)))?;
        return Ok(Exit::Done);
    }
    let lang = args.show.lang(io);
    sizes(&reports, lang).print(lang.pick("两份名单", "The two lists"), io.out)?;
    parts(&reports, lang)
        .print(lang.pick("只在一份名单或两份都在", "In one list only, or in both"), io.out)?;
    shares(&reports, lang)
        .print(lang.pick("占比（均注明分母）", "Shares, each with its denominator"), io.out)?;
    state(&reports, lang).print(lang.pick("入库与待办", "What is stored, and what waits"), io.out)?;
    if let [report] = reports.as_slice() {
        towns(report, lang).print(lang.pick("分乡镇", "By town"), io.out)?;
    }
    Ok(Exit::Done)
}

/// A row's name, and what stands in it.
type Named<'n, F, T> = (&'n str, fn(F) -> T);

/// A table with a column for each report.
fn table(reports: &[Report], first: &str, what: [&str; 2], lang: Lang) -> Grid {
    let [one, other] = what;
    match reports {
        [_, _] => {
            let (before, after) = (lang.pick("之前", "before"), lang.pick("之后", "after"));
            let title = |when: &str, what: &str| format!("{what} {when}").trim_end().to_owned();
            let titles = [title(before, one), title(before, other), title(after, one), title(after, other)];
            let [a, b, c, d] = &titles;
            Grid::dense(&[
                (38, first),
                (12, a.as_str()),
                (12, b.as_str()),
                (12, c.as_str()),
                (12, d.as_str()),
            ])
        }
        _ => Grid::dense(&[(50, first), (20, one), (22, other)]),
    }
}

fn row(grid: &mut Grid, name: &str, cells: impl IntoIterator<Item = [String; 2]>) {
    grid.row(std::iter::once(name.to_owned()).chain(cells.into_iter().flatten()));
}

fn sizes(reports: &[Report], lang: Lang) -> Grid {
    let titles = [lang.pick("户", "households"), lang.pick("人", "people")];
    let mut grid = table(reports, lang.pick("名单", "list"), titles, lang);
    let size = |size: Size| [size.households.to_string(), size.persons.to_string()];
    for (place, registry) in Registry::ALL.into_iter().enumerate() {
        let imports: Vec<String> = reports
            .iter()
            .filter_map(|report| report.imports.get(place).copied().flatten())
            .map(|(seq, as_of)| match lang {
                Lang::Zh => format!("第{seq}次导入，{as_of}"),
                Lang::En => format!("import {seq}, {as_of}"),
            })
            .collect();
        let name = registry.name(lang);
        let all = reports.iter().map(|report| match registry {
            Registry::SocialAssistance => size(report.overlap.all.low_income),
            Registry::Monitoring => size(report.overlap.all.monitored),
        });
        row(&mut grid, format!("{name} {}", imports.join(" / ")).trim_end(), all);
    }
    grid
}

fn parts(reports: &[Report], lang: Lang) -> Grid {
    let titles = [lang.pick("人", "people"), lang.pick("家庭（合并后）", "families")];
    let mut grid = table(reports, "", titles, lang);
    let rows: [Named<'_, Parts, u64>; 3] = [
        (lang.pick("只在低收入人口", "low-income list only"), |parts| parts.only_low_income),
        (lang.pick("只在监测对象", "monitoring list only"), |parts| parts.only_monitored),
        (lang.pick("两份都在", "both"), |parts| parts.both),
    ];
    for (name, part) in rows {
        let cells = reports.iter().map(|report| {
            let all = report.overlap.all;
            [part(all.persons).to_string(), part(all.families).to_string()]
        });
        row(&mut grid, name, cells);
    }
    grid
}

fn shares(reports: &[Report], lang: Lang) -> Grid {
    let titles = [lang.pick("分子/分母", "part/whole"), "%"];
    let mut grid = table(reports, lang.pick("指标", "share"), titles, lang);
    let rows: [Named<'_, &Overlap, Share>; 5] = [
        (
            lang.pick(
                "监测人口中纳入低收入人口的",
                "monitored people in the low-income list, of monitored people",
            ),
            |all| all.monitored_persons_in_low_income(),
        ),
        (
            lang.pick(
                "监测户中有人纳入的",
                "monitored households with somebody in it, of monitored households",
            ),
            Overlap::monitored_households_in_low_income,
        ),
        (
            lang.pick(
                "监测户中全部纳入的",
                "monitored households with everybody in it, of monitored households",
            ),
            |all| Share { part: all.monitored_households_with_all, whole: all.monitored.households },
        ),
        (
            lang.pick("两份都在的人占两份名单总人口", "people in both, of people in either"),
            Overlap::persons_in_both_of_all,
        ),
        (
            lang.pick("两份都在的家庭占全部家庭", "families in both, of all families"),
            Overlap::families_in_both_of_all,
        ),
    ];
    for (name, share) in rows {
        let cells = reports.iter().map(|report| {
            let share = share(&report.overlap.all);
            [format!("{}/{}", share.part, share.whole), share.percent()]
        });
        row(&mut grid, name, cells);
    }
    grid
}

fn state(reports: &[Report], lang: Lang) -> Grid {
    let titles = [lang.pick("户", "households"), lang.pick("人", "people")];
    let mut grid = table(reports, "", titles, lang);
    let none = String::new;
    let cells = |cells: fn(&Report) -> [u64; 2]| -> Vec<[String; 2]> {
        reports.iter().map(|report| cells(report).map(|count| count.to_string())).collect()
    };
    let counts = |count: fn(&Report) -> u64| -> Vec<[String; 2]> {
        reports.iter().map(|report| [count(report).to_string(), none()]).collect()
    };
    let stored = cells(|report| [report.stored.households, report.stored.persons]);
    row(&mut grid, lang.pick("已入库，每户一条", "stored, each family once"), stored);
    row(
        &mut grid,
        lang.pick("未入库的家庭", "families that are not stored"),
        counts(|report| report.stored.waiting),
    );
    row(
        &mut grid,
        lang.pick("其中因矛盾不能合并", "of them not to be merged"),
        counts(|report| report.blocked),
    );
    row(&mut grid, lang.pick("矛盾", "contradictions"), counts(|report| report.contradictions));
    row(
        &mut grid,
        lang.pick("待人工判断的匹配", "matches that wait for a decision"),
        counts(|report| report.pending),
    );
    grid
}

fn towns(report: &Report, lang: Lang) -> Grid {
    let mut grid = Grid::dense(&[
        (14, lang.pick("乡镇", "town")),
        (16, lang.pick("低收入 户/人", "low-income h/p")),
        (16, lang.pick("监测 户/人", "monitored h/p")),
        (16, lang.pick("监测人口纳入", "of them in it")),
        (20, lang.pick("占监测人口", "% of monitored")),
    ]);
    for (town, overlap) in &report.overlap.towns {
        let size = |size: Size| format!("{}/{}", size.households, size.persons);
        let share = overlap.monitored_persons_in_low_income();
        grid.row([
            town.to_string(),
            size(overlap.low_income),
            size(overlap.monitored),
            share.part.to_string(),
            share.percent(),
        ]);
    }
    grid
}

fn document(report: &Report) -> Value {
    let share =
        |share: Share| json!({ "part": share.part, "whole": share.whole, "percent": share.percent() });
    let size = |size: Size| json!({ "households": size.households, "persons": size.persons });
    let parts = |parts: Parts| {
        let Parts { only_low_income, only_monitored, both } = parts;
        json!({ "onlyLowIncome": only_low_income, "onlyMonitored": only_monitored, "both": both })
    };
    let overlap = |overlap: &Overlap| {
        json!({
            "lowIncome": size(overlap.low_income),
            "monitored": size(overlap.monitored),
            "persons": parts(overlap.persons),
            "families": parts(overlap.families),
            "monitoredPersonsInLowIncome": share(overlap.monitored_persons_in_low_income()),
            "monitoredHouseholdsInLowIncome": share(overlap.monitored_households_in_low_income()),
            "monitoredHouseholdsWholly": overlap.monitored_households_with_all,
            "personsInBothOfAll": share(overlap.persons_in_both_of_all()),
            "familiesInBothOfAll": share(overlap.families_in_both_of_all()),
        })
    };
    let imports = report
        .imports
        .map(|import| import.map(|(seq, as_of)| json!({ "import": seq, "asOf": as_of.to_string() })));
    let towns = report.overlap.towns.iter();
    let stored = report.stored;
    json!({
        "imports": imports,
        "all": overlap(&report.overlap.all),
        "towns": towns.map(|(town, of)| json!({ "town": town.as_str(), "overlap": overlap(of) })).collect::<Value>(),
        "stored": { "households": stored.households, "persons": stored.persons, "waiting": stored.waiting },
        "contradictions": report.contradictions,
        "notToBeMerged": report.blocked,
        "pending": report.pending,
        "lastMerge": report.last_merge.as_ref().map(|merge| merge.seq),
    })
}
