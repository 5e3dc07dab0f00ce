//! Imports that are killed while they write.

use std::io::BufWriter;
use std::time::{Duration, Instant};

use assistance_toolbox::documents::registry::write;
use assistance_toolbox::domain::id_number::IdNumber;
use assistance_toolbox::domain::registries::RegistryRow;
use chrono::Days;

use super::day;
use super::desk::{Desk, dibao};
use super::number;
use crate::support::database::{Backend, Raw, on_both};

on_both! {
    a_killed_import_leaves_the_database_as_it_was,
}

/// Persons of households of four, without identities.
fn rows(count: u16) -> Vec<RegistryRow> {
    let row = |place: u16| RegistryRow {
        household_no: format!("H{:05}", place / 4),
        region: "990101001".parse().unwrap(),
        name: format!("甲{place}"),
        id_number: IdNumber::compose(
            "990101",
            day("1950-01-01") + Days::new(u64::from(place % 10_000)),
            place / 10_000,
        ),
        identity: None,
        facts: Vec::new(),
    };
    (0..count).map(row).collect()
}

/// Every import that is killed leaves all or nothing; three of them are killed in the midst of writing, after more
/// and more of what is never committed.
fn a_killed_import_leaves_the_database_as_it_was(backend: Backend) {
    const MOST_TRIES: u64 = 30;
    let mut killed_while_writing = 0;
    for kill in 1..=MOST_TRIES {
        let desk = Desk::on(backend);
        desk.import(&desk.list("first.csv", &[dibao("1", "甲", &number(1))]), &[]).done();
        let before = desk.dump();
        let big = desk.path("big.csv");
        write(BufWriter::new(std::fs::File::create(&big).unwrap()), &rows(8_000)).unwrap();
        let mut raw = desk.raw();
        // What stands in the log of a file, or in the pages of a table, that nobody has committed.
        let mut written = || -> u64 {
            match &raw {
                Raw::Sqlite(_) => desk.log_bytes(),
                Raw::Postgres(_) => {
                    raw.lines("SELECT pg_relation_size('registry_rows')::text AS line")[0].parse().unwrap()
                }
            }
        };
        let bytes = (kill % 5 + 1) * 250_000;
        let mut import = desk.spawn(&["import", "--registry", "social-assistance", &desk.name("big.csv")]);
        let start = Instant::now();
        let mut begun = false;
        while !begun && start.elapsed() < Duration::from_secs(20) && import.try_wait().unwrap().is_none() {
            begun = written() > bytes;
            std::thread::sleep(Duration::from_millis(1));
        }
        import.kill().unwrap();
        let acknowledged = import.wait().unwrap().success();
        let left = desk.dump();
        let whole = left.len() - before.len() >= 8_000;
        assert!(whole || left == before, "{} rows are left of {}", left.len(), before.len());
        assert!(whole || !acknowledged, "what was acknowledged is lost");
        killed_while_writing += u64::from(begun && !whole);
        if killed_while_writing == 3 {
            let done = desk.import(&desk.name("big.csv"), &[]).done();
            assert_eq!(done, "import 2: 8000 new, 0 changed, 0 unchanged, 0 ended, 0 refused\n");
            return;
        }
    }
    panic!("{killed_while_writing} imports of {MOST_TRIES} were killed in the midst of writing");
}
