//! Saves of facts are links of the chain: facts that somebody changed behind the program's back are found, and the
//! save named whose facts they were.

use assistance_toolbox::app::timeline::{Happening, timeline};
use assistance_toolbox::domain::ledger::Given;

use super::{delivered, sample, save, with_income, yuan};
use crate::support::damage;
use crate::support::database::{Backend, Database, on_both};

on_both! {
    untouched_facts_are_whole_and_all_of_them_are_covered,
    a_changed_fact_is_found_and_its_save_named,
    a_deleted_an_added_and_a_moved_fact_are_found,
    what_a_save_closed_is_part_of_it,
    a_changed_a_missing_and_an_unlinked_save_are_found,
    a_save_from_before_the_chain_is_known_as_such_until_the_next_save_covers_it,
    the_timeline_has_the_saves_with_their_numbers_and_who_saved,
}

/// A database with two households; H4's chain: save 1, delivery 2, save 3 with change 4.
fn filled(backend: Backend) -> Database {
    let database = backend.database();
    let store = database.store();
    save(&store, sample("h4"), "2023-01-01");
    save(&store, sample("h1"), "2023-01-01");
    delivered(&store, "h4", ("-", "S1", "2024-03"), Given::Amount(yuan("462")));
    assert_eq!(save(&store, with_income(sample("h4"), 23_400), "2024-06-01").event, Some(4));
    database
}

/// The numbers in the chain and of the save of everything that a verification finds, all of it about H4.
fn after(backend: Backend, sql: &str) -> Vec<(Option<i64>, Option<i64>)> {
    let verified = damage::after(&filled(backend), sql);
    assert!(verified.broken.iter().all(|broken| broken.household == "h4"), "{verified:?}");
    assert_eq!(verified.uncovered_saves, 0);
    verified.broken.iter().map(|broken| (broken.entry, broken.save)).collect()
}

fn untouched_facts_are_whole_and_all_of_them_are_covered(backend: Backend) {
    let verified = damage::after(&filled(backend), "SELECT 1");
    assert_eq!((verified.households, verified.entries), (2, 5));
    assert_eq!((verified.broken, verified.uncovered_saves), (Vec::new(), 0));
}

fn a_changed_fact_is_found_and_its_save_named(backend: Backend) {
    let first = [(Some(1), Some(1))];
    for change in [
        "UPDATE facts SET number = number + 1 WHERE line = (SELECT min(line) FROM facts WHERE household_key = 'h4' \
         AND seq = 1 AND number IS NOT NULL) AND household_key = 'h4' AND seq = 1",
        "UPDATE facts SET valid_from = '2022-12-31' WHERE household_key = 'h4' AND seq = 1 AND line = 0",
        "UPDATE facts SET valid_until = '2030-01-01' WHERE household_key = 'h4' AND seq = 1 AND line = 0",
        "UPDATE facts SET person_key = NULL WHERE household_key = 'h4' AND seq = 1 AND person_key IS NOT NULL",
        "UPDATE household_details SET place = 'longnan' WHERE household_key = 'h4'",
        "UPDATE household_details SET town = '340621' WHERE household_key = 'h4'",
        "UPDATE person_details SET name = 'x' WHERE household_key = 'h4' AND line = 0",
        "UPDATE person_details SET position = position + 9 WHERE household_key = 'h4' AND line = 0",
        "UPDATE identity_records SET identity = 'tekun' WHERE household_key = 'h4' AND line = 0",
        "UPDATE identity_records SET held_since = '2020-01-01' WHERE household_key = 'h4' AND line = 0",
        "UPDATE identity_records SET source = 'x' WHERE household_key = 'h4' AND line = 0",
        "UPDATE persons SET key = 'x' WHERE household_key = 'h4' AND key = (SELECT min(key) FROM persons)",
    ] {
        assert_eq!(after(backend, change), first, "{change}");
    }
}

fn a_deleted_an_added_and_a_moved_fact_are_found(backend: Backend) {
    assert_eq!(
        after(backend, "DELETE FROM facts WHERE household_key = 'h4' AND seq = 2"),
        [(Some(3), Some(2))]
    );
    let deleted = "DELETE FROM facts WHERE household_key = 'h4' AND seq = 1 AND line = 2";
    assert_eq!(after(backend, deleted), [(Some(1), Some(1))]);
    let added = |seq: i64| {
        format!(
            "INSERT INTO facts (household_key, seq, line, fact, number, valid_from) \
             VALUES ('h4', {seq}, 99, 'has_loan', 1, '2024-01-01')"
        )
    };
    assert_eq!(after(backend, &added(2)), [(Some(3), Some(2))]);
    // A save that never was.
    assert_eq!(after(backend, &added(3)), [(None, Some(3))]);
    assert_eq!(after(backend, &added(0)), [(None, Some(0))]);
    // Another place in the save.
    let moved = "UPDATE facts SET line = 1000 WHERE household_key = 'h4' AND seq = 1 AND line = 2";
    assert_eq!(after(backend, moved), [(Some(1), Some(1))]);
}

fn what_a_save_closed_is_part_of_it(backend: Backend) {
    let opened = "UPDATE facts SET closed_seq = NULL WHERE household_key = 'h4' AND closed_seq = 2";
    assert_eq!(after(backend, opened), [(Some(3), Some(2))]);
    let closed = "UPDATE facts SET closed_seq = 2 WHERE household_key = 'h4' AND seq = 1 AND line = 2";
    assert_eq!(after(backend, closed), [(Some(3), Some(2))]);
    let by_nobody = "UPDATE facts SET closed_seq = 7 WHERE household_key = 'h4' AND seq = 1 AND line = 2";
    assert_eq!(after(backend, by_nobody), [(None, Some(7))]);
}

fn a_changed_a_missing_and_an_unlinked_save_are_found(backend: Backend) {
    for change in [
        "valid_from = '2024-05-31'",
        "valid_until = '2030-01-01'",
        "recorded_by = 'somebody else'",
        "recorded_at = '2024-07-05 02:00:01'",
        "digest = replace(digest, substr(digest, 1, 1), 'g')",
        "hash = replace(hash, substr(hash, 1, 1), 'g')",
    ] {
        let sql = format!("UPDATE household_saves SET {change} WHERE household_key = 'h4' AND seq = 2");
        assert!(after(backend, &sql).iter().any(|(entry, _)| *entry == Some(3)), "{change}");
    }
    let gone = "DELETE FROM household_saves WHERE household_key = 'h4' AND seq = 2";
    assert!(after(backend, gone).contains(&(Some(3), None)));
    // The household would be shown as it was before.
    assert_eq!(after(backend, "UPDATE households SET facts_seq = 1 WHERE key = 'h4'"), [(None, Some(2))]);
    let unlinked = "UPDATE household_saves SET chain_seq = NULL, digest = NULL, hash = NULL \
                    WHERE household_key = 'h4' AND seq = 2";
    let verified = damage::after(&filled(backend), unlinked);
    assert_eq!(verified.uncovered_saves, 1);
    assert!(damage::named(&verified).contains(&("h4".to_owned(), Some(3))));
}

/// Makes the saves of a database as those of a program from before the chain.
const FROM_BEFORE: &str = "UPDATE household_saves SET chain_seq = NULL, digest = NULL, hash = NULL, \
     recorded_by = NULL; DELETE FROM ledger_heads; DELETE FROM chain_events;";

fn a_save_from_before_the_chain_is_known_as_such_until_the_next_save_covers_it(backend: Backend) {
    let before = || {
        let database = backend.database();
        let store = database.store();
        save(&store, sample("h4"), "2023-01-01");
        save(&store, with_income(sample("h4"), 23_500), "2023-02-01");
        let mut raw = database.raw();
        raw.force();
        raw.run(FROM_BEFORE).unwrap();
        database
    };
    let change =
        "UPDATE facts SET number = number + 1 WHERE household_key = 'h4' AND seq = 1 AND number > 1000";
    let verified = damage::after(&before(), change);
    assert_eq!((verified.uncovered_saves, verified.broken.len()), (2, 0), "nothing tells");
    let covered = || {
        let database = before();
        save(&database.store(), with_income(sample("h4"), 23_400), "2024-06-01");
        database
    };
    let whole = damage::after(&covered(), "SELECT 1");
    assert_eq!((whole.uncovered_saves, whole.broken), (0, Vec::new()));
    let changed = "UPDATE person_details SET name = 'x' WHERE household_key = 'h4' AND seq = 1 AND line = 0";
    let verified = damage::after(&covered(), changed);
    assert_eq!(verified.broken.iter().map(|broken| broken.save).collect::<Vec<_>>(), [Some(3)]);
    let moved = "UPDATE household_saves SET valid_from = '2023-01-02' WHERE household_key = 'h4' AND seq = 2";
    assert_eq!(damage::after(&covered(), moved).broken.len(), 1);
}

fn the_timeline_has_the_saves_with_their_numbers_and_who_saved(backend: Backend) {
    let store = backend.store();
    save(&store, sample("h4"), "2023-01-01");
    delivered(&store, "h4", ("-", "S1", "2024-03"), Given::Amount(yuan("462")));
    save(&store, with_income(sample("h4"), 23_400), "2024-06-01");
    let told = timeline(&store, "h4").unwrap().unwrap();
    let numbers = told.iter().map(|happening| match happening {
        Happening::Save(save) => save.link.as_ref().map(|link| (link.seq, link.actor.as_str())),
        Happening::Entry(entry) => Some((entry.seq, entry.actor.as_str())),
        Happening::Event(event) => Some((event.seq, event.actor.as_str())),
    });
    let numbers: Vec<_> = numbers.map(Option::unwrap).collect();
    assert_eq!(numbers, [1, 2, 3, 4].map(|seq| (seq, "a test")));
}
