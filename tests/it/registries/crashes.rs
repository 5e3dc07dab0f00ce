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

fn a_killed_import_leaves_the_database_as_it_was(backend: Backend) {
    let desk = Desk::on(backend);
    desk.import(&desk.list("first.csv", &[dibao("1", "甲", &number(1))]), &[]).done();
    let before = desk.dump();
    let big = desk.path("big.csv");
    write(BufWriter::new(std::fs::File::create(&big).unwrap()), &rows(8_000)).unwrap();
    let big = desk.name("big.csv");
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
    let mut killed_while_writing = 0;
    for kill in 1..=5_u64 {
        let mut import = desk.spawn(&["import", "--registry", "social-assistance", &big]);
        // Once it has written so much of what it never commits.
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(20) {
            let size = written();
            if size > kill * 250_000 || import.try_wait().unwrap().is_some() {
                killed_while_writing += u64::from(size > kill * 250_000);
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        import.kill().unwrap();
        assert!(!import.wait().unwrap().success(), "it was killed before its end");
        assert_eq!(desk.dump(), before);
    }
    assert!(killed_while_writing >= 3, "{killed_while_writing} of 5 had begun to write");
    let done = desk.import(&big, &[]).done();
    assert_eq!(done, "import 2: 8000 new, 0 changed, 0 unchanged, 0 ended, 0 refused\n");
}
