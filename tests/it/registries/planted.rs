//! Known numbers and names are planted in lists; nothing that the program writes, but the names in the database,
//! may hold them.

use std::path::Path;

use assistance_toolbox::domain::id_number::IdNumber;
use assistance_toolbox::store::Store;

use super::desk::{Desk, dibao, line};
use super::number;

const NAMES: [&str; 3] = ["欧阳测试", "司马样例", "诸葛虚构"];

/// Where a text stands in a file or an output, in UTF-8 or in GB18030.
fn holds(bytes: &[u8], text: &str) -> bool {
    let (gb, _, _) = encoding_rs::GB18030.encode(text);
    let found = |wanted: &[u8]| bytes.windows(wanted.len()).any(|window| window == wanted);
    found(text.as_bytes()) || found(&gb)
}

fn part(number: &IdNumber, places: std::ops::Range<usize>) -> &str {
    number.reveal().get(places).unwrap()
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(path).unwrap()))
        .collect()
}

#[test]
fn planted_numbers_and_names_come_out_nowhere() {
    let desk = Desk::new();
    // A connection that stays keeps the log files of the database.
    let store = Store::open(&format!("sqlite:{}", desk.database().display()).parse().unwrap()).unwrap();
    store.migrate().wait().unwrap();
    let (one, two, three) = (number(101), number(102), number(103));
    let good = [
        dibao("1", NAMES[0], &one),
        line("1", NAMES[1], two.reveal(), ",,,,"),
        line("2", NAMES[2], "", ",,,,"),
    ];
    // A wrong check character, a number among names and households, twice, with a letter, cut off, and rounded.
    let wrong_check =
        format!("{}{}", part(&three, 0..17), if three.reveal().ends_with('1') { '2' } else { '1' });
    let letter = format!("{}Y", part(&three, 0..17));
    let cut = part(&three, 0..16).to_owned();
    let bad = [
        dibao("1", NAMES[0], &one),
        dibao("1", NAMES[0], &one),
        dibao("2", NAMES[0], &one),
        line("1", NAMES[1], &wrong_check, ",,,,"),
        line("1", NAMES[1], &letter, ",,,,"),
        line("1", NAMES[1], &cut, ",,,,"),
        line("1", NAMES[1], "1.10101E+17", ",,,,"),
        line(three.reveal(), NAMES[1], "", ",,,,"),
        line("3", three.reveal(), "", ",,,,"),
        line("3", NAMES[2], "", &format!("低保对象,全户,{},,", three.reveal())),
        line("3", NAMES[2], "", &format!("{},全户,2024-01-01,,", NAMES[1])),
        line("3", NAMES[2], "", &format!("低保对象,全户,2024-01-01,,{}", three.reveal())),
        format!("3,{},{},,,,,,", NAMES[1], NAMES[2]),
        format!("3,{}", NAMES[2]),
    ];
    let (good, bad) = (desk.list("good.csv", &good), desk.list("bad.csv", &bad));
    // A list without a heading begins with somebody's data.
    let bare = std::fs::read_to_string(&good).unwrap();
    std::fs::write(desk.path("bare.csv"), bare.split_once('\n').unwrap().1).unwrap();
    let (bare, report) = (desk.name("bare.csv"), desk.name("report.csv"));
    let take = |file: &str, more: &[&str]| {
        let mut arguments = vec!["import", "--registry", "social-assistance", file];
        arguments.extend(more);
        desk.run(&arguments)
    };
    let answers = [
        take(&good, &["--dry-run"]),
        take(&good, &[]),
        take(&bad, &["--report", &report]),
        take(&bad, &["--format", "json"]),
        take(&bad, &["--lang", "en"]),
        take(&bad, &["--accept-good-rows"]),
        take(&bare, &[]),
        take(&good, &["--complete"]),
        take(&good, &["--by", "clerk", "--date", "2000-01-01"]),
        take(one.reveal(), &[]),
        desk.run(&["import", "list"]),
        desk.run(&["import", "list", "--format", "json"]),
        desk.run(&["keys", "rotate"]),
        desk.run(&["keys", "list"]),
        desk.run(&["keys", "reseal"]),
        desk.run(&["keys", "retire", "--key", "1"]),
        desk.run(&["household", "list", "--format", "json"]),
        desk.run(&["audit", "verify"]),
        desk.run(&["ledger", "verify"]),
        desk.run(&["migrate"]),
    ];
    assert!(answers[1].out.contains('3') && answers[1].code == 0, "{:?}", answers[1]);
    assert!(answers[2].err.lines().count() >= 12, "{}", answers[2].err);
    assert_eq!(answers[15].code, 0, "{:?}", answers[15]);
    let whole = [one.reveal(), two.reveal(), three.reveal(), &wrong_check, &letter, &cut, "1.10101E+17"];
    // Without the region, the century and the check character: as an old number has it, or a part that leaks.
    let parts = [part(&one, 8..17), part(&two, 8..17), part(&three, 8..16)];
    for (place, answer) in answers.iter().enumerate() {
        let said = format!("{}\n{}", answer.out, answer.err);
        // The one that names a file by a number repeats the name that it was given.
        for planted in whole.iter().chain(&parts).filter(|_| place != 9) {
            assert!(!said.contains(planted), "{planted} is told: {said}");
        }
        for name in NAMES {
            assert!(!said.contains(name), "{name} is told: {said}");
        }
    }
    let mut seen = Vec::new();
    for (name, bytes) in files(desk.folder.path()) {
        let input = ["good.csv", "bad.csv", "bare.csv"].contains(&name.as_str());
        assert!(!whole.iter().any(|planted| name.contains(planted)), "{name}");
        for planted in whole.iter().chain(&parts) {
            assert!(input || !holds(&bytes, planted), "{planted} stands in {name}");
        }
        if name == "report.csv" {
            assert!(!NAMES.iter().any(|planted| holds(&bytes, planted)));
        }
        seen.push(name);
    }
    for expected in ["a.sqlite", "a.sqlite-wal", "report.csv"] {
        assert!(seen.iter().any(|name| name == expected), "{expected} of {seen:?}");
    }
    // The search finds what is there: names stand in the database, and numbers in the lists.
    let database = [desk.path("a.sqlite"), desk.path("a.sqlite-wal")];
    assert!(database.iter().any(|file| holds(&std::fs::read(file).unwrap(), NAMES[0])));
    assert!(holds(&std::fs::read(good).unwrap(), one.reveal()));
    drop(store);
}
