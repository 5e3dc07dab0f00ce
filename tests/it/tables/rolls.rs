//! Rolls: every form in which a department may hand them in, and the report of every mistake.

use std::io::Cursor;

use assistance_toolbox::documents::roll;
use assistance_toolbox::documents::sheet::Source;
use assistance_toolbox::domain::ledger::{Delivery, Given};
use assistance_toolbox::domain::money::Fen;
use encoding_rs::GB18030;
use rust_xlsxwriter::Workbook;

use super::told;

const ROLL: &str = "流水号,户号,成员,措施,期间,金额,合规费用,发放日期,部门\n\
                    K1,H1,,S1,2024-06,763.00,,2024-06-28,civil_affairs\n\
                    K2,H1,p1,D1,2024-06-03,,1000,2024/7/1,medical_security\n\
                    K3,H2,p2,M10,2024,实物,,2024年7月1日,housing\n";

fn lines(source: Source<'_>) -> Vec<(u64, Delivery)> {
    roll::read(source).unwrap().into_iter().map(|line| (line.line, line.delivery)).collect()
}

#[test]
fn a_roll_is_the_same_in_every_format() {
    let expected = lines(Source::csv(ROLL.as_bytes()));
    assert_eq!(expected.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3, 4]);
    let given: Vec<Given> = expected.iter().map(|(_, delivery)| delivery.order.given).collect();
    assert_eq!(given, [Given::Amount(Fen::new(76_300)), Given::Expense(Fen::new(100_000)), Given::InKind]);
    let (gb18030, _, _) = GB18030.encode(ROLL);
    assert_eq!(lines(Source::csv(&*gb18030)), expected);
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, line) in (0..).zip(ROLL.lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            match cell.parse::<f64>().ok().filter(|_| row > 0 && (column == 5 || column == 6)) {
                Some(amount) => sheet.write_number(row, column, amount).unwrap(),
                None => sheet.write_string(row, column, cell).unwrap(),
            };
        }
    }
    let source = Source::detect(Cursor::new(workbook.save_to_buffer().unwrap())).unwrap();
    assert_eq!(lines(source), expected);
    let mut written = Vec::new();
    roll::write(&mut written, expected.iter().map(|(_, delivery)| delivery)).unwrap();
    assert_eq!(lines(Source::csv(written.as_slice())), expected);
}

#[test]
fn every_mistake_of_a_roll_is_told() {
    let rows = [
        ",,,,,,,,",
        "K,H1,,S1,2024-13,7.005,,28.6.2024,civil_affairs",
        "K,H1,,S1,2024-06,1,1,2024-06-31,civil_affairs",
        "K,H1,,S1,2024-06,,,2024-06-30,",
        "K,H1",
    ];
    let heading = ROLL.lines().next().unwrap();
    let long = format!("{},H1,,S1,2024-06,1,,2024-06-30,x", "K".repeat(101));
    let text = format!("{heading}\n{}\n{long}\n", rows.join("\n"));
    insta::assert_snapshot!("roll", told(&roll::read(Source::csv(text.as_bytes())).unwrap_err()));
    let heading = heading.replace("成员", "户号").replace("部门", "单位");
    insta::assert_snapshot!("roll_heading", told(&roll::read(Source::csv(heading.as_bytes())).unwrap_err()));
}
