//! Lists on the command line.

use super::desk::{Desk, HEADING, dibao, line};
use super::number;
use crate::support::database::{Backend, on_both};

on_both! {
    a_list_is_taken_in_once_and_a_later_one_tells_what_is_different,
    the_other_registry_has_identities_of_its_own,
    a_bad_row_keeps_the_whole_list_out_unless_good_rows_are_accepted,
    many_problems_are_counted_and_half_a_file_is_not_accepted,
    every_encoding_says_the_same,
    several_files_are_one_list,
    the_table_of_another_office_is_read_by_a_map,
    a_workbook_says_what_a_csv_file_says,
}

fn good() -> Vec<String> {
    vec![
        dibao("1", "甲", &number(1)),
        dibao("1", "乙", &number(2)),
        line("2", "丙", number(3).reveal(), "特困人员,本人,2023-05-01,,"),
        line("3", "丁", "", ",,,,"),
    ]
}

fn a_list_is_taken_in_once_and_a_later_one_tells_what_is_different(backend: Backend) {
    let desk = Desk::on(backend);
    let first = desk.list("first.csv", &good());
    let taken = desk.import(&first, &["--date", "2024-06-01"]).done();
    assert_eq!(taken, "import 1: 4 new, 0 changed, 0 unchanged, 0 ended, 0 refused\n");
    let before = desk.dump();
    assert_eq!(before.len(), 6, "{before:?}");

    let again = desk.import(&first, &["--date", "2024-07-01"]).done();
    assert_eq!(again, "these files were import 1, nothing was written\n");
    let mut rows = good();
    rows.reverse();
    let other = desk.list("other.csv", &rows);
    let again = desk.import(&other, &["--date", "2024-07-01"]).done();
    assert_eq!(
        again,
        "nothing new, nothing was written: 0 new, 0 changed, 4 unchanged, 0 ended, 0 refused\n"
    );
    assert_eq!(desk.dump(), before, "the same rows change nothing");

    rows[0] = line("3", "丁", "", "低保对象,全户,2024-06-01,2025-06-01,");
    rows.remove(1);
    let later = desk.list("later.csv", &rows);
    let complete = ["--date", "2024-07-01", "--complete"];
    let dry = desk.import(&later, &[&complete[..], &["--dry-run", "--format", "json"]].concat()).done();
    let expected = r#"{"counts":{"changed":0,"ended":2,"new":1,"refused":0,"unchanged":2},"dryRun":true,"import":null,"moreProblems":0,"outcome":"dry_run","problems":[],"registry":"social-assistance"}"#;
    assert_eq!(dry.trim(), expected);
    assert_eq!(desk.dump(), before, "a dry run writes nothing");
    let taken = desk.import(&later, &complete).done();
    assert_eq!(taken, "import 2: 1 new, 0 changed, 2 unchanged, 2 ended, 0 refused\n");

    let list = desk.run(&["import", "list", "--format", "json"]).done();
    let lines: Vec<serde_json::Value> =
        list.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), &lines[0]["import"], &lines[0]["complete"]), (2, &2.into(), &true.into()));
    assert_eq!(lines[1]["counts"]["new"], 4);
    let table = desk.run(&["import", "list", "--lang", "zh"]).done();
    assert!(table.contains("低收入人口") && table.contains("2024-07-01"), "{table}");

    let older = desk.import(&first, &["--date", "2024-06-30"]).refused();
    assert!(older.contains("the list of 2024-07-01 is there already, as import 2"), "{older}");
}

fn the_other_registry_has_identities_of_its_own(backend: Backend) {
    let desk = Desk::on(backend);
    let rows = [line("M1", "甲", number(1).reveal(), "脱贫不稳定户,全户,2024-01-01,,")];
    let file = desk.list("monitored.csv", &rows);
    let wrong = desk.import(&file, &[]);
    assert!(wrong.code == 2 && wrong.err.contains("(wrong_track)"), "{wrong:?}");
    let taken = desk.run(&["import", "--registry", "monitoring", "--lang", "zh", &file]).done();
    assert_eq!(taken, "导入 1：新增 1，变更 0，未变 0，退出 0，拒绝 0\n");
}

fn a_bad_row_keeps_the_whole_list_out_unless_good_rows_are_accepted(backend: Backend) {
    let desk = Desk::on(backend);
    let rows = [
        dibao("1", "甲", &number(1)),
        dibao("1", "甲", &number(1)),
        dibao("2", "甲", &number(1)),
        line("1", "乙", number(2).reveal(), "刚性支出困难家庭,全户,2024-02-01,,"),
        line("4", "戊", number(5).reveal(), "特困人员,本人,2023-05-01,,"),
        line("4", "戊", number(5).reveal(), "特困人员,本人,2023-06-01,,"),
        line("4", "己", "99010119900101001", "低保对象,全户,2024-01-01,,"),
        dibao("4", "庚", &number(7)),
    ];
    let file = desk.list("bad.csv", &rows);
    let report = desk.name("report.csv");
    let refused = desk.import(&file, &["--report", &report]);
    assert_eq!(refused.code, 2);
    assert_eq!(
        refused.out,
        "there are problems, nothing was written: 3 new, 0 changed, 0 unchanged, 0 ended, 5 refused\n"
    );
    let said = refused.err.replace(&file, "bad.csv");
    insta::allow_duplicates! {
        insta::assert_snapshot!(said, @"
        bad.csv: line 3, column `身份证号`: the person stands in line 2 already (duplicate_row)
        bad.csv: line 4, column `户号`: the person stands in another household too, see line 2 (two_households)
        bad.csv: line 5, column `身份类型`: `rigid` and `dibao` cannot be held together in one household, see line 2 (impossible_pair)
        bad.csv: line 7, column `身份类型`: `tekun` is held twice at the same time, see line 6 (held_twice)
        bad.csv: line 8, column 4 `身份证号`: expected 18 characters, or 15 digits of an old number (id_number_length)
        ");
    }
    assert_eq!(desk.dump(), Vec::<String>::new());
    let report = std::fs::read_to_string(report).unwrap();
    assert!(report.starts_with("\u{feff}File,Line,Column,Heading,Code,Message\n"), "{report}");
    assert_eq!(report.lines().count(), 6, "{report}");

    let taken = desk.import(&file, &["--accept-good-rows", "--format", "json"]);
    assert_eq!(taken.code, 2);
    let document: serde_json::Value = serde_json::from_str(&taken.out).unwrap();
    assert_eq!((&document["outcome"], &document["counts"]["new"]), (&"kept".into(), &3.into()));
    assert_eq!(
        (&document["problems"][0]["code"], &document["problems"][0]["line"]),
        (&"duplicate_row".into(), &3.into())
    );
    assert_eq!(desk.dump().len(), 5);
    let both = desk.import(&file, &["--accept-good-rows", "--complete"]).refused();
    assert!(both.contains("cannot be used with"), "{both}");
}

fn many_problems_are_counted_and_half_a_file_is_not_accepted(backend: Backend) {
    let desk = Desk::on(backend);
    let rows: Vec<String> = (1..=30).map(|order| line("1", "甲", &format!("{order}"), ",,,,")).collect();
    let file = desk.list("bad.csv", &rows);
    let refused = desk.import(&file, &[]);
    assert!(refused.err.ends_with("and 10 more; `--report FILE` writes all of them\n"), "{}", refused.err);
    assert_eq!(refused.err.lines().count(), 21);

    let half = format!("{HEADING}\n{}\n\"2,", dibao("1", "甲", &number(1)));
    std::fs::write(desk.path("half.csv"), half).unwrap();
    let refused = desk.import(&desk.name("half.csv"), &["--accept-good-rows"]);
    assert!(refused.code == 2 && refused.out.contains("nothing was written"), "{refused:?}");
    let heading =
        desk.import(&desk.list("x.csv", &[]).replace("x.csv", "id-keys.toml"), &["--accept-good-rows"]);
    assert!(heading.code == 2 && heading.out.contains("nothing was written"), "{heading:?}");
    let missing = desk.import(&desk.name("missing.csv"), &[]).refused();
    assert!(missing.contains("missing.csv: error: cannot be read"), "{missing}");
    assert_eq!(desk.dump(), Vec::<String>::new());
}

fn every_encoding_says_the_same(backend: Backend) {
    let desk = Desk::on(backend);
    let text = format!("{HEADING}\n{}\n", good().join("\n"));
    let (gb, _, lossy) = encoding_rs::GB18030.encode(&text);
    assert!(!lossy);
    std::fs::write(desk.path("gb.csv"), gb).unwrap();
    std::fs::write(desk.path("mark.csv"), format!("\u{feff}{text}")).unwrap();
    std::fs::write(desk.path("plain.csv"), text).unwrap();
    let first = desk.import(&desk.name("gb.csv"), &[]).done();
    assert!(first.contains("4 new"), "{first}");
    for other in ["mark.csv", "plain.csv"] {
        let same = desk.import(&desk.name(other), &[]).done();
        assert!(same.contains("nothing new") && same.contains("4 unchanged"), "{same}");
    }
}

fn several_files_are_one_list(backend: Backend) {
    let desk = Desk::on(backend);
    let rows = good();
    let (one, other) = (desk.list("1.csv", &rows[..2]), desk.list("2.csv", &rows[1..]));
    let twice = desk.import(&one, &[&other]);
    let said = twice.err.replace(&desk.folder.path().display().to_string(), "");
    assert_eq!(
        said,
        "/2.csv: line 2, column `身份证号`: the person stands in line 3 of file 1 already (duplicate_row)\n"
    );
    let rest = desk.list("3.csv", &rows[2..]);
    assert!(desk.import(&one, &[&rest]).done().contains("4 new"));
}

fn the_table_of_another_office_is_read_by_a_map(backend: Backend) {
    let desk = Desk::on(backend);
    let table = format!(
        "社会救助对象花名册,,,,,,,,\n序号,家庭编号,行政区划代码,姓名,公民身份号码,救助类别,保障方式,批准日期,停止日期\n\
         1,001,990101001,某某,{},农村低保,整户保,2023年1月1日,长期\n",
        number(1).reveal()
    );
    std::fs::write(desk.path("roster.csv"), table).unwrap();
    let file = desk.name("roster.csv");
    let taken = desk.import(&file, &["--layout", "docs/registry-layouts/assistance-roster.toml"]).done();
    assert_eq!(taken, "import 1: 1 new, 0 changed, 0 unchanged, 0 ended, 0 refused\n");
    std::fs::write(desk.path("map.toml"), "heading_row = 2\nheading = 1\n").unwrap();
    let map = desk.name("map.toml");
    let said = desk.import(&file, &["--layout", &map]).refused();
    assert!(said.starts_with(&format!("{map}:2: heading")), "{said}");
}

fn a_workbook_says_what_a_csv_file_says(backend: Backend) {
    let desk = Desk::on(backend);
    desk.import(&desk.list("first.csv", &good()), &[]).done();
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().set_name("说明").unwrap();
    let sheet = book.add_worksheet().set_name("名单").unwrap();
    for (line, text) in (0_u32..).zip([HEADING.to_owned()].iter().chain(&good())) {
        for (column, cell) in (0_u16..).zip(text.split(',')) {
            sheet.write_string(line, column, cell).unwrap();
        }
    }
    book.save(desk.path("list.xlsx")).unwrap();
    let same = desk.import(&desk.name("list.xlsx"), &["--sheet", "名单"]).done();
    assert!(same.contains("nothing new") && same.contains("4 unchanged"), "{same}");
    let none = desk.import(&desk.name("list.xlsx"), &["--sheet", "别的", "--accept-good-rows"]);
    assert!(none.code == 2 && none.err.contains("(no_worksheet)"), "{none:?}");
}
