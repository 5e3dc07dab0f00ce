//! Exports: what offices open is whole, exact, in their language, and computes nothing.

use std::fs::File;
use std::io::{Cursor, empty};
use std::path::Path;

use assistance_toolbox::app::clock::Clock;
use assistance_toolbox::cli::{Cli, Exit, Io};
use assistance_toolbox::documents::sheet::{CellKind, Options, Sheet, Source};
use assistance_toolbox::documents::table::{TableFormat, TableWriter, Value};
use assistance_toolbox::domain::money::Fen;
use assistance_toolbox::store::Store;
use chrono::{DateTime, NaiveDate, Utc};
use clap::Parser;
use proptest::prelude::*;

use crate::merging::{import_both, invented, report};
use crate::support::root;

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> DateTime<Utc> {
        "2024-07-01T08:00:00Z".parse().unwrap()
    }
}

fn run(folder: &Path, command: &str) -> (Exit, String, String) {
    let policies = root().join("policies");
    let mut words = vec![String::from("assistance-toolbox")];
    words.extend(command.split(' ').map(|word| match word.strip_prefix("cases/") {
        Some(case) => policies.join("cases").join(case).display().to_string(),
        None => word.replace("FOLDER", &folder.display().to_string()),
    }));
    words.push(format!("--database=sqlite:{}/a.sqlite", folder.display()));
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let (out_stream, err_stream) = (&mut out, &mut err);
    let locale = Some(String::from("zh-CN"));
    let mut io = Io { input: &mut empty(), out: out_stream, err: err_stream, clock: &Fixed, locale };
    let exit = Cli::try_parse_from(words).unwrap().run(&mut io).unwrap();
    (exit, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

/// The cells of a table, amounts with two decimals as CSV has them.
fn cells(source: Source<'_>, amounts: &[&str]) -> Vec<Vec<String>> {
    let mut sheet = Sheet::open(source, &Options::default()).unwrap();
    let heading = sheet.heading().to_vec();
    let mut rows = vec![heading.clone()];
    while let Some(row) = sheet.next_row().unwrap() {
        let cell = |place: usize| {
            let cell = row.cell(place);
            match cell.kind {
                CellKind::Number if amounts.contains(&heading[place].as_str()) => {
                    let (sign, digits) =
                        cell.text.strip_prefix('-').map_or(("", cell.text), |rest| ("-", rest));
                    format!("{sign}{}", Fen::from_yuan(digits).unwrap())
                }
                _ => cell.text.to_owned(),
            }
        };
        rows.push((0..heading.len()).map(cell).collect());
    }
    rows
}

const AMOUNTS: [&str; 6] =
    ["金额（元）", "应发（元）", "已发（元）", "未发（元）", "合规费用（元）", "amount (yuan)"];

#[test]
fn packages_dues_and_the_ledger_are_exported_alike_in_both_formats() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    for case in ["h1", "h4"] {
        let (exit, _, err) = run(folder, &format!("household save cases/{case}.toml --from 2024-01-01"));
        assert_eq!((exit, err.as_str()), (Exit::Done, ""));
    }
    std::fs::write(
        folder.join("roll.csv"),
        "流水号,户号,成员,措施,期间,金额,发放日期,部门\nK1,h4,,S1,2024-06,462,2024-06-28,civil_affairs\n",
    )
    .unwrap();
    let (_, told, err) = run(folder, "ledger record FOLDER/roll.csv --accept-good-lines");
    assert!(err.is_empty(), "{told} {err}");
    run(folder, "ledger reverse h4 1 --reason 错发 --key R1 --day 2024-06-30");
    for (what, arguments) in [("packages", "--on 2024-06-01"), ("dues", "--period 2024-06"), ("ledger", "")] {
        let mut tables = Vec::new();
        for file in ["table.csv", "table.xlsx"] {
            let command = format!("export {what} {arguments} --out FOLDER/{file}");
            let (exit, told, err) = run(folder, command.replace("  ", " ").as_str());
            assert_eq!((exit, err.as_str()), (Exit::Done, ""), "{told}");
            tables.push(cells(Source::detect(File::open(folder.join(file)).unwrap()).unwrap(), &AMOUNTS));
        }
        assert_eq!(tables[0], tables[1], "{what}");
        let shown: Vec<String> = tables[0].iter().map(|row| row.join(" | ")).collect();
        insta::assert_snapshot!(format!("export_{what}"), shown.join("\n"));
        assert!(!folder.join("table.csv.part").exists());
    }
    let (_, told, _) = run(folder, "export packages h1 --on 2024-06-01 --lang en --out FOLDER/en.csv");
    assert!(told.ends_with("rows\n") && told.contains("en.csv: "), "{told}");
    let english = std::fs::read_to_string(folder.join("en.csv")).unwrap();
    assert!(english.starts_with("\u{feff}household,town,member,name,measure code,"), "{english}");
    let (exit, _, err) = run(folder, "export packages none h1 --on 2024-06-01 --out FOLDER/en.csv");
    assert_eq!(exit, Exit::Failed);
    assert_eq!(err, "left out: household none: no household of this key is known on 2024-06-01\n");
}

#[test]
fn what_fails_leaves_nothing_behind() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    std::fs::create_dir(folder.join("place")).unwrap();
    let (exit, told, err) = run(folder, "export ledger --out FOLDER/place");
    assert_eq!((exit, told.as_str()), (Exit::Failed, ""));
    assert!(err.starts_with("error: "), "{err}");
    assert!(!folder.join("place.part").exists());
    assert_eq!(run(folder, "export ledger --out FOLDER/none/a.csv").0, Exit::Failed);
}

/// Two names, as a household or a member may bear them, and what becomes of them.
#[test]
fn no_text_becomes_a_formula() {
    for (format, hidden) in [(TableFormat::Csv, "'=HYPERLINK(1)"), (TableFormat::Xlsx, "=HYPERLINK(1)")] {
        let mut out = Cursor::new(Vec::new());
        let mut table = TableWriter::new(&mut out, format, ("表", Fixed.now()), &["a", "b"]).unwrap();
        table.row(&["=HYPERLINK(1)".into(), Value::Money(Fen::new(-5))]).unwrap();
        table.finish().unwrap();
        let source = Source::detect(Cursor::new(out.into_inner())).unwrap();
        let mut sheet = Sheet::open(source, &Options::default()).unwrap();
        let row = sheet.next_row().unwrap().unwrap();
        assert_eq!((row.cell(0).kind, row.cell(0).text), (CellKind::Text, hidden));
        assert_eq!(row.cell(1).text, "-0.05", "an amount below zero is a number");
    }
}

fn table(format: TableFormat, rows: &[(String, i64, i64)]) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let name = ("表", Fixed.now());
    let mut table =
        TableWriter::new(&mut out, format, name, &["text", "amount (yuan)", "day", "count"]).unwrap();
    for (text, fen, days) in rows {
        let day = NaiveDate::from_ymd_opt(1950, 1, 1).unwrap() + chrono::Days::new(days.unsigned_abs());
        let row = [text.as_str().into(), Value::Money(Fen::new(*fen)), day.into(), Value::Count(*days)];
        table.row(&row).unwrap();
    }
    table.finish().unwrap();
    out.into_inner()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Every amount that the toolbox accepts, and every text that computes nothing, comes back the same.
    #[test]
    fn what_is_written_is_read_back_in_both_formats(
        rows in prop::collection::vec(("[张a][张a0\"',;\n 〇]{0,9}x", 0..=Fen::LARGEST.value(), 0..30_000_i64), 1..8),
    ) {
        let [csv, xlsx] = [TableFormat::Csv, TableFormat::Xlsx].map(|format| {
            let bytes = table(format, &rows);
            cells(Source::detect(Cursor::new(bytes)).unwrap(), &AMOUNTS)
        });
        prop_assert_eq!(&csv, &xlsx);
        for (row, (text, fen, days)) in csv[1..].iter().zip(&rows) {
            prop_assert_eq!(&row[0], text.trim());
            prop_assert_eq!(&row[1], &Fen::new(*fen).to_string());
            prop_assert_eq!(&row[3], &days.to_string());
        }
    }
}

/// The same table at the same time is the same file.
#[test]
fn a_workbook_says_when_it_was_made_and_nothing_else_of_the_machine() {
    let rows = [("a".to_owned(), 1, 1)];
    assert_eq!(table(TableFormat::Xlsx, &rows), table(TableFormat::Xlsx, &rows));
}

/// The figures of the overlap, as the report tells them: 2,728 of 2,995 in small.
#[test]
fn the_overlap_of_two_lists_is_exported() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    let (exit, _, err) = run(folder, "export report --out FOLDER/none.csv");
    assert_eq!((exit, err.as_str()), (Exit::Done, ""));
    let store = Store::open(&format!("sqlite:{}/a.sqlite", folder.display()).parse().unwrap()).unwrap();
    import_both(&store, &invented("longnan-2024-03", Some(300), 0), "2024-03-31");
    let told = report(&store).overlap;
    for ending in ["csv", "xlsx"] {
        let (exit, _, err) = run(folder, &format!("export report --out FOLDER/report.{ending}"));
        assert_eq!((exit, err.as_str()), (Exit::Done, ""));
        let bytes = std::fs::read(folder.join(format!("report.{ending}"))).unwrap();
        let rows = cells(Source::detect(Cursor::new(bytes)).unwrap(), &[]);
        assert_eq!(rows.len(), 2 + told.towns.len());
        let [town, share] = ["乡镇", "监测人口中纳入低收入人口的占比"];
        let column = |heading: &str| rows[0].iter().position(|cell| cell == heading).unwrap();
        assert_eq!(rows[1][column(town)], "合计");
        assert_eq!(rows[1][column(share)], told.all.monitored_persons_in_low_income().percent());
        assert_eq!(rows[1][column("监测人口")], told.all.monitored.persons.to_string());
        assert_eq!(rows[2][column("两份都在（人）")], told.towns[0].1.persons.both.to_string());
    }
}
