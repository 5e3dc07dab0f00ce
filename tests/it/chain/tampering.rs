//! A chain whose events somebody changed behind the program's back.

use std::path::Path;

use assistance_toolbox::domain::ledger::Given;
use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};

use super::{at, delivered, sample, save, with_income, yuan};

/// A file with a chain of five: deliveries 1, 2 and 4, changes 3 and 5.
fn filled(path: &Path) {
    let store = at(path);
    save(&store, sample("h4"), "2023-01-01");
    delivered(&store, "h4", ("-", "S1", "2024-03"), Given::Amount(yuan("462")));
    delivered(&store, "h4", ("-", "S1", "2024-04"), Given::Amount(yuan("462")));
    assert_eq!(save(&store, with_income(sample("h4"), 23_400), "2024-06-01").event, Some(3));
    delivered(&store, "h4", ("-", "S1", "2024-06"), Given::Amount(yuan("312")));
    assert_eq!(save(&store, sample("h4"), "2024-06-01").event, Some(5));
}

/// What a verification finds after some statements of SQL.
fn after(sql: &str) -> Vec<(String, Option<i64>)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sqlite");
    filled(&path);
    let mut connection = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    connection.batch_execute(sql).unwrap();
    drop(connection);
    let verified = at(&path).verify_ledger(None, None).wait().unwrap();
    verified.broken.into_iter().map(|broken| (broken.household, broken.entry)).collect()
}

const FORCE: &str = "PRAGMA foreign_keys = OFF; DROP TRIGGER chain_events_never_change; \
     DROP TRIGGER chain_events_never_go; DROP TRIGGER ledger_entries_never_change; \
     DROP TRIGGER ledger_entries_never_go; DROP TRIGGER ledger_lines_never_go; ";

#[test]
fn an_untouched_chain_is_whole() {
    assert_eq!(after("SELECT 1"), []);
}

#[test]
fn every_changed_column_is_found_and_its_event_named() {
    for change in [
        "content = replace(content, '31200', '31201')",
        "content = content || ' '",
        "on_day = '2024-07-06'",
        "facts_seq = 1",
        "place = 'longnan'",
        "town = NULL",
        "kind = 'package'",
        "position = 7",
        "actor = 'somebody else'",
        "recorded_at = '2024-07-05 02:00:01'",
        "catalogue = '0'",
        "engine = '0'",
    ] {
        let sql = format!("{FORCE}UPDATE chain_events SET {change} WHERE household_key = 'h4' AND seq = 3");
        assert_eq!(after(&sql), [("h4".to_owned(), Some(3))], "{change}");
    }
}

#[test]
fn a_missing_event_and_a_cut_off_tail_are_named() {
    let gone =
        |seq: &str| format!("{FORCE}DELETE FROM chain_events WHERE household_key = 'h4' AND seq {seq};");
    assert!(after(&gone("= 3")).contains(&("h4".to_owned(), Some(3))));
    assert_eq!(after(&gone("= 5")), [("h4".to_owned(), Some(5))]);
    // A delivery between two events is missed as well.
    let delivery = format!(
        "{FORCE}DELETE FROM ledger_lines WHERE seq = 4; DELETE FROM ledger_entries WHERE seq = 4; \
         DELETE FROM delivery_slots WHERE entry = 4;"
    );
    assert!(after(&delivery).contains(&("h4".to_owned(), Some(4))));
}

#[test]
fn the_database_itself_refuses_to_change_an_event_or_to_use_a_number_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sqlite");
    filled(&path);
    let mut connection = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    let copy = |table: &str, seq: i64, change: &str| {
        format!(
            "CREATE TEMP TABLE copy AS SELECT * FROM {table} WHERE seq = {seq}; UPDATE copy SET {change}; \
             INSERT OR REPLACE INTO {table} SELECT * FROM copy;"
        )
    };
    for refused in [
        "UPDATE chain_events SET actor = 'x'".to_owned(),
        "DELETE FROM chain_events".to_owned(),
        "INSERT OR REPLACE INTO chain_events SELECT * FROM chain_events".to_owned(),
        copy("chain_events", 3, "seq = 4, position = 9"),
        copy("chain_events", 3, "seq = 6"),
        copy("ledger_entries", 2, "seq = 3, idempotency_key = 'other'"),
    ] {
        assert!(connection.batch_execute(&refused).is_err(), "{refused}");
        connection.batch_execute("DROP TABLE IF EXISTS temp.copy").unwrap();
    }
    // What is new is let in.
    let free = copy("chain_events", 3, "seq = 6, position = 9");
    connection.batch_execute(&free).unwrap();
}
