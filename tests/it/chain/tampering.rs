//! A chain whose events somebody changed behind the program's back.

use assistance_toolbox::domain::ledger::Given;

use super::{delivered, sample, save, with_income, yuan};
use crate::support::damage;
use crate::support::database::{Backend, Database, on_both};

on_both! {
    an_untouched_chain_is_whole,
    every_changed_column_is_found_and_its_event_named,
    a_missing_event_and_a_cut_off_tail_are_named,
    the_database_itself_refuses_to_change_an_event_or_to_use_a_number_twice,
}

/// A database with a chain of eight: saves 1, 4 and 7, each but the first with the change after it; deliveries 2, 3
/// and 6.
fn filled(backend: Backend) -> Database {
    let database = backend.database();
    let store = database.store();
    save(&store, sample("h4"), "2023-01-01");
    delivered(&store, "h4", ("-", "S1", "2024-03"), Given::Amount(yuan("462")));
    delivered(&store, "h4", ("-", "S1", "2024-04"), Given::Amount(yuan("462")));
    assert_eq!(save(&store, with_income(sample("h4"), 23_400), "2024-06-01").event, Some(5));
    delivered(&store, "h4", ("-", "S1", "2024-06"), Given::Amount(yuan("312")));
    assert_eq!(save(&store, sample("h4"), "2024-06-01").event, Some(8));
    database
}

/// What a verification finds after some statements of SQL by somebody whom no trigger stops.
fn after(backend: Backend, sql: &str) -> Vec<(String, Option<i64>)> {
    damage::named(&damage::after(&filled(backend), sql))
}

fn an_untouched_chain_is_whole(backend: Backend) {
    assert_eq!(after(backend, "SELECT 1"), []);
}

fn every_changed_column_is_found_and_its_event_named(backend: Backend) {
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
        let sql = format!("UPDATE chain_events SET {change} WHERE household_key = 'h4' AND seq = 5");
        assert_eq!(after(backend, &sql), [("h4".to_owned(), Some(5))], "{change}");
    }
}

fn a_missing_event_and_a_cut_off_tail_are_named(backend: Backend) {
    let gone = |seq: &str| format!("DELETE FROM chain_events WHERE household_key = 'h4' AND seq {seq};");
    assert!(after(backend, &gone("= 5")).contains(&("h4".to_owned(), Some(5))));
    assert_eq!(after(backend, &gone("= 8")), [("h4".to_owned(), Some(8))]);
    // A delivery between two events is missed as well.
    let delivery = "DELETE FROM ledger_lines WHERE seq = 6; DELETE FROM ledger_entries WHERE seq = 6; \
                    DELETE FROM delivery_slots WHERE entry = 6;";
    assert!(after(backend, delivery).contains(&("h4".to_owned(), Some(6))));
}

fn the_database_itself_refuses_to_change_an_event_or_to_use_a_number_twice(backend: Backend) {
    let mut raw = filled(backend).raw();
    raw.keeps("chain_events", "actor");
    raw.keeps("household_saves", "recorded_by");
    let insert = match backend {
        Backend::Sqlite => "INSERT OR REPLACE INTO",
        Backend::Postgres => "INSERT INTO",
    };
    let copy = |table: &str, seq: i64, change: &str| {
        format!(
            "CREATE TEMP TABLE copy AS SELECT * FROM {table} WHERE seq = {seq}; UPDATE copy SET {change}; \
             {insert} {table} SELECT * FROM copy;"
        )
    };
    for refused in [
        copy("chain_events", 5, "seq = 6, position = 9"),
        copy("chain_events", 5, "seq = 4, position = 9"),
        copy("chain_events", 5, "seq = 9"),
        copy("ledger_entries", 2, "seq = 5, idempotency_key = 'other'"),
        copy("ledger_entries", 2, "seq = 4, idempotency_key = 'other'"),
        copy("household_saves", 2, "seq = 4, chain_seq = 6"),
        copy("household_saves", 2, "seq = 4, chain_seq = 5"),
        copy("household_saves", 2, "seq = 4"),
    ] {
        assert!(raw.run(&refused).is_err(), "{refused}");
        raw.run("DROP TABLE IF EXISTS copy").unwrap();
    }
    // What is new is let in.
    let free = copy("chain_events", 5, "seq = 9, position = 9");
    raw.run(&free).unwrap();
}
