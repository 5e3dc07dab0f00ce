//! Saves of facts are links of the chain: facts that somebody changed behind the program's back are found, and the
//! save named whose facts they were.

use std::path::Path;

use assistance_toolbox::app::timeline::{Happening, timeline};
use assistance_toolbox::domain::ledger::Given;
use diesel::connection::SimpleConnection;

use super::{at, delivered, memory, sample, save, with_income, yuan};
use crate::support::damage;

/// A file with two households; H4's chain: save 1, delivery 2, save 3 with change 4.
fn filled(path: &Path) {
    let store = at(path);
    save(&store, sample("h4"), "2023-01-01");
    save(&store, sample("h1"), "2023-01-01");
    delivered(&store, "h4", ("-", "S1", "2024-03"), Given::Amount(yuan("462")));
    assert_eq!(save(&store, with_income(sample("h4"), 23_400), "2024-06-01").event, Some(4));
}

/// The numbers in the chain and of the save of everything that a verification finds, all of it about H4.
fn after(sql: &str) -> Vec<(Option<i64>, Option<i64>)> {
    let verified = damage::after(filled, sql);
    assert!(verified.broken.iter().all(|broken| broken.household == "h4"), "{verified:?}");
    assert_eq!(verified.uncovered_saves, 0);
    verified.broken.iter().map(|broken| (broken.entry, broken.save)).collect()
}

#[test]
fn untouched_facts_are_whole_and_all_of_them_are_covered() {
    let verified = damage::after(filled, "SELECT 1");
    assert_eq!((verified.households, verified.entries), (2, 5));
    assert_eq!((verified.broken, verified.uncovered_saves), (Vec::new(), 0));
}

#[test]
fn a_changed_fact_is_found_and_its_save_named() {
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
        assert_eq!(after(change), first, "{change}");
    }
}

#[test]
fn a_deleted_an_added_and_a_moved_fact_are_found() {
    assert_eq!(after("DELETE FROM facts WHERE household_key = 'h4' AND seq = 2"), [(Some(3), Some(2))]);
    let deleted = "DELETE FROM facts WHERE household_key = 'h4' AND seq = 1 AND line = 2";
    assert_eq!(after(deleted), [(Some(1), Some(1))]);
    let added = |seq: i64| {
        format!(
            "INSERT INTO facts (household_key, seq, line, fact, number, valid_from) \
             VALUES ('h4', {seq}, 99, 'has_loan', 1, '2024-01-01')"
        )
    };
    assert_eq!(after(&added(2)), [(Some(3), Some(2))]);
    // A save that never was.
    assert_eq!(after(&added(3)), [(None, Some(3))]);
    assert_eq!(after(&added(0)), [(None, Some(0))]);
    // Another place in the save.
    let moved = "UPDATE facts SET line = 1000 WHERE household_key = 'h4' AND seq = 1 AND line = 2";
    assert_eq!(after(moved), [(Some(1), Some(1))]);
}

#[test]
fn what_a_save_closed_is_part_of_it() {
    let opened = "UPDATE facts SET closed_seq = NULL WHERE household_key = 'h4' AND closed_seq = 2";
    assert_eq!(after(opened), [(Some(3), Some(2))]);
    let closed = "UPDATE facts SET closed_seq = 2 WHERE household_key = 'h4' AND seq = 1 AND line = 2";
    assert_eq!(after(closed), [(Some(3), Some(2))]);
    let by_nobody = "UPDATE facts SET closed_seq = 7 WHERE household_key = 'h4' AND seq = 1 AND line = 2";
    assert_eq!(after(by_nobody), [(None, Some(7))]);
}

#[test]
fn a_changed_a_missing_and_an_unlinked_save_are_found() {
    for change in [
        "valid_from = '2024-05-31'",
        "valid_until = '2030-01-01'",
        "recorded_by = 'somebody else'",
        "recorded_at = '2024-07-05 02:00:01'",
        "digest = replace(digest, substr(digest, 1, 1), 'g')",
        "hash = replace(hash, substr(hash, 1, 1), 'g')",
    ] {
        let sql = format!("UPDATE household_saves SET {change} WHERE household_key = 'h4' AND seq = 2");
        assert!(after(&sql).iter().any(|(entry, _)| *entry == Some(3)), "{change}");
    }
    let gone = "DELETE FROM household_saves WHERE household_key = 'h4' AND seq = 2";
    assert!(after(gone).contains(&(Some(3), None)));
    // The household would be shown as it was before.
    assert_eq!(after("UPDATE households SET facts_seq = 1 WHERE key = 'h4'"), [(None, Some(2))]);
    let unlinked = "UPDATE household_saves SET chain_seq = NULL, digest = NULL, hash = NULL \
                    WHERE household_key = 'h4' AND seq = 2";
    let verified = damage::after(filled, unlinked);
    assert_eq!(verified.uncovered_saves, 1);
    assert!(damage::named(&verified).contains(&("h4".to_owned(), Some(3))));
}

/// Makes the saves of a database as those of a program from before the chain.
const FROM_BEFORE: &str = "DROP TRIGGER household_saves_never_change; DROP TRIGGER chain_events_never_go; UPDATE household_saves SET chain_seq = NULL, \
     digest = NULL, hash = NULL, recorded_by = NULL; DELETE FROM ledger_heads; DELETE FROM chain_events;";

#[test]
fn a_save_from_before_the_chain_is_known_as_such_until_the_next_save_covers_it() {
    let before = |path: &Path| {
        let store = at(path);
        save(&store, sample("h4"), "2023-01-01");
        save(&store, with_income(sample("h4"), 23_500), "2023-02-01");
        damage::connect(path).batch_execute(FROM_BEFORE).unwrap();
    };
    let change = "UPDATE facts SET number = number + 1 WHERE household_key = 'h4' AND seq = 1 AND line = 1 \
                  AND number IS NOT NULL";
    let verified = damage::after(before, change);
    assert_eq!((verified.uncovered_saves, verified.broken.len()), (2, 0), "nothing tells");
    let covered = |path: &Path| {
        before(path);
        save(&at(path), with_income(sample("h4"), 23_400), "2024-06-01");
    };
    let whole = damage::after(covered, "SELECT 1");
    assert_eq!((whole.uncovered_saves, whole.broken), (0, Vec::new()));
    let changed = "UPDATE person_details SET name = 'x' WHERE household_key = 'h4' AND seq = 1 AND line = 0";
    let verified = damage::after(covered, changed);
    assert_eq!(verified.broken.iter().map(|broken| broken.save).collect::<Vec<_>>(), [Some(3)]);
    let moved = "UPDATE household_saves SET valid_from = '2023-01-02' WHERE household_key = 'h4' AND seq = 2";
    assert_eq!(damage::after(covered, moved).broken.len(), 1);
}

#[test]
fn the_timeline_has_the_saves_with_their_numbers_and_who_saved() {
    let store = memory();
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
