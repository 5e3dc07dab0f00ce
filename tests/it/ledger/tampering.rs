//! A ledger that somebody changed behind the program's back.

use super::{amount, delivery, fill, record, sample};
use crate::support::damage;
use crate::support::database::{Backend, Database, on_both};

on_both! {
    an_untouched_ledger_is_whole,
    every_changed_column_is_found_and_its_entry_named,
    a_missing_entry_and_a_cut_off_tail_are_named,
    slots_that_do_not_fit_the_entries_are_found,
    the_database_itself_refuses_to_change_or_double_an_entry,
}

/// A database with three deliveries of one household and one of another. Number 1 of each chain is its facts.
fn filled(backend: Backend) -> Database {
    let database = backend.database();
    let store = database.store();
    fill(&store, [sample("h4"), sample("h1")]);
    for (key, month) in [("a", "2024-04"), ("b", "2024-05"), ("c", "2024-06")] {
        record(&store, delivery(key, "h4", ("-", "S1", month), amount("462")));
    }
    record(&store, delivery("d", "h1", ("-", "S1", "2024-06"), amount("762")));
    database
}

/// What a verification finds after some statements of SQL by somebody whom no trigger stops.
fn after(backend: Backend, sql: &str) -> Vec<(String, Option<i64>)> {
    damage::named(&damage::after(&filled(backend), sql))
}

fn an_untouched_ledger_is_whole(backend: Backend) {
    assert_eq!(after(backend, "SELECT 1"), []);
}

fn every_changed_column_is_found_and_its_entry_named(backend: Backend) {
    for change in [
        "UPDATE ledger_lines SET paid = paid + 1 WHERE household_key = 'h4' AND seq = 3",
        "UPDATE ledger_lines SET standard = 'x' WHERE household_key = 'h4' AND seq = 3",
        "DELETE FROM ledger_lines WHERE household_key = 'h4' AND seq = 3",
        "UPDATE ledger_entries SET identity = 'tekun' WHERE household_key = 'h4' AND seq = 3",
        "UPDATE ledger_entries SET delivered_on = '2024-06-29' WHERE household_key = 'h4' AND seq = 3",
        "UPDATE ledger_entries SET department = 'x' WHERE household_key = 'h4' AND seq = 3",
        "UPDATE ledger_entries SET actor = 'somebody else' WHERE household_key = 'h4' AND seq = 3",
        "UPDATE ledger_entries SET recorded_at = '2024-07-05 02:00:01' WHERE household_key = 'h4' AND seq = 3",
        "UPDATE ledger_entries SET catalogue = '0' WHERE household_key = 'h4' AND seq = 3",
    ] {
        assert_eq!(after(backend, change), [("h4".to_owned(), Some(3))], "{change}");
    }
}

fn a_missing_entry_and_a_cut_off_tail_are_named(backend: Backend) {
    let delete = |seq: &str| {
        format!(
            "DELETE FROM ledger_lines WHERE household_key = 'h4' AND seq {seq}; \
             DELETE FROM ledger_entries WHERE household_key = 'h4' AND seq {seq}; \
             DELETE FROM delivery_slots WHERE household_key = 'h4' AND entry {seq};"
        )
    };
    assert!(after(backend, &delete("= 3")).contains(&("h4".to_owned(), Some(3))));
    assert_eq!(after(backend, &delete("= 4")), [("h4".to_owned(), Some(4))]);
    // Even all deliveries of a household.
    assert_eq!(after(backend, &delete(">= 2")), [("h4".to_owned(), Some(2))]);
}

fn slots_that_do_not_fit_the_entries_are_found(backend: Backend) {
    for change in [
        "DELETE FROM delivery_slots WHERE household_key = 'h4' AND entry = 4",
        "UPDATE delivery_slots SET month = '2024-07-01' WHERE household_key = 'h4' AND entry = 4",
        "UPDATE delivery_slots SET deliveries = 2 WHERE household_key = 'h4' AND entry = 4",
    ] {
        assert!(!after(backend, change).is_empty(), "{change}");
    }
}

fn the_database_itself_refuses_to_change_or_double_an_entry(backend: Backend) {
    let mut raw = filled(backend).raw();
    raw.keeps("ledger_entries", "actor");
    raw.keeps("ledger_lines", "paid");
    assert!(raw.run("INSERT INTO delivery_slots SELECT * FROM delivery_slots LIMIT 1").is_err());
}
