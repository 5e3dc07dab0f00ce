//! What is saved comes back.

use assistance_toolbox::domain::region::Region;
use assistance_toolbox::store::{AsKnown, ListQuery, Outcome, StoreError};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::random::{household, plain};
use super::{at, day, from, get, save};
use crate::support::database::{Backend, on_both};

on_both! {
    any_household_comes_back_as_it_was,
    a_sequence_of_saves_leaves_each_day_as_last_stated_and_each_state_as_known_then,
    a_save_that_has_not_seen_the_last_one_is_a_conflict,
    lists_go_by_key_page_by_page_with_a_total,
    what_has_no_place_in_the_database_is_refused_without_being_repeated,
    an_answer_can_be_awaited,
}

fn code(text: &str) -> Region {
    text.parse().unwrap()
}

fn quick(cases: u32) -> TestRunner {
    TestRunner::new(ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() })
}

fn any_household_comes_back_as_it_was(backend: Backend) {
    let store = backend.store();
    let number = std::cell::Cell::new(0);
    let run = quick(64).run(&household("H"), |mut household| {
        household.key = format!("H{}", number.replace(number.get() + 1));
        let saved = save(&store, &household, from("2024-01-01", "2024-01-02T00:00:00Z")).unwrap();
        prop_assert_eq!((saved.outcome, saved.seq), (Outcome::Created, 1));
        prop_assert_eq!(get(&store, &household.key, "2024-01-01"), Some(household.clone()));
        prop_assert_eq!(get(&store, &household.key, "2023-12-31"), None);
        let again = save(&store, &household, from("2024-03-01", "2024-03-02T00:00:00Z")).unwrap();
        prop_assert_eq!((again.outcome, again.seq), (Outcome::Unchanged, 1));
        Ok(())
    });
    run.unwrap();
}

fn a_sequence_of_saves_leaves_each_day_as_last_stated_and_each_state_as_known_then(backend: Backend) {
    let run = quick(backend.cases(24)).run(
        &prop::collection::vec((household("H"), 1_u32..28, prop::option::of(1_u64..10)), 1..6),
        |saves| {
            let store = backend.store();
            let dawn = day("2024-01-01");
            let mut believed = vec![None; 40];
            let mut history = Vec::new();
            for (index, (household, from_day, days)) in saves.iter().enumerate() {
                let mut recording = from("2024-01-01", "2024-06-01T00:00:00Z");
                recording.valid.from = dawn + chrono::Days::new(u64::from(*from_day));
                recording.valid.until = days.map(|days| recording.valid.from + chrono::Days::new(days));
                recording.recorded_at += chrono::TimeDelta::hours(i64::try_from(index).unwrap());
                let saved = save(&store, household, recording.clone()).unwrap();
                for (on, slot) in dawn.iter_days().zip(&mut believed) {
                    if recording.valid.contains(on) {
                        *slot = Some(household.clone());
                    }
                }
                history.push((saved.seq, recording.recorded_at, believed.clone()));
            }
            for (seq, recorded_at, believed) in history {
                for (on, expected) in dawn.iter_days().zip(believed).step_by(3) {
                    for known in [AsKnown::After(seq), AsKnown::At(recorded_at)] {
                        let found = store.household("H", on, known).wait().unwrap();
                        prop_assert_eq!(found.map(|stored| stored.household), expected.clone());
                    }
                }
            }
            Ok(())
        },
    );
    run.unwrap();
}

fn a_save_that_has_not_seen_the_last_one_is_a_conflict(backend: Backend) {
    let store = backend.store();
    let mut household = plain("H1");
    let expecting = |seq| {
        let mut recording = from("2024-01-01", "2024-01-02T00:00:00Z");
        recording.expected_seq = Some(seq);
        recording
    };
    let early = save(&store, &household, expecting(3));
    assert_eq!(early, Err(StoreError::Conflict { expected: 3, found: 0 }));
    assert_eq!(save(&store, &household, expecting(0)).unwrap().seq, 1);
    household.town = Some(code("990101001"));
    assert_eq!(save(&store, &household, expecting(1)).unwrap().seq, 2);
    let late = save(&store, &household, expecting(1));
    assert_eq!(late, Err(StoreError::Conflict { expected: 1, found: 2 }));
}

fn lists_go_by_key_page_by_page_with_a_total(backend: Backend) {
    let store = backend.store();
    for number in 1..=7 {
        let mut household = plain(&format!("H{number}"));
        household.town = Some(code(&format!("99010100{}", number % 2)));
        save(&store, &household, from("2024-01-01", "2024-01-02T00:00:00Z")).unwrap();
    }
    let mut moved = plain("H1");
    moved.town = Some(code("990102009001"));
    save(&store, &moved, from("2024-05-01", "2024-05-02T00:00:00Z")).unwrap();
    save(&store, &plain("H8"), from("2024-05-01", "2024-05-02T00:00:00Z")).unwrap();

    let page = |on: &str, town: Option<&str>, after: Option<&str>, first| {
        let query = ListQuery { on: day(on), within: town.map(code), after: after.map(str::to_owned), first };
        let page = store.list_households(query).wait().unwrap();
        let keys: Vec<_> = page.items.iter().map(|item| item.key.clone()).collect();
        (keys.join(" "), page.before, page.more, page.total)
    };
    let is = |keys: &str, before, more, total| (keys.to_owned(), before, more, total);
    let early = "2024-02-01";
    assert_eq!(page(early, None, None, 3), is("H1 H2 H3", 0, true, 7));
    assert_eq!(page(early, None, Some("H3"), 3), is("H4 H5 H6", 3, true, 7));
    assert_eq!(page(early, None, Some("H6"), 3), is("H7", 6, false, 7));
    assert_eq!(page(early, Some("990101001"), Some("H1"), 9), is("H3 H5 H7", 1, false, 4));
    // A region holds the towns whose codes begin with its own; who has no town is in none.
    let moved = "2024-05-01";
    assert_eq!(page(moved, Some("990101001"), None, 9), is("H3 H5 H7", 0, false, 3));
    assert_eq!(page(moved, Some("990102009"), None, 9), is("H1", 0, false, 1));
    assert_eq!(page(moved, Some("990101"), None, 2), is("H2 H3", 0, true, 6));
    assert_eq!(page(moved, Some("99"), Some("H2"), 9), is("H3 H4 H5 H6 H7", 2, false, 7));
    assert_eq!(page(moved, None, Some("H7"), 9), is("H8", 7, false, 8));
    assert_eq!(page(moved, Some("98"), None, 9), is("", 0, false, 0));
    assert_eq!(page("2023-12-31", None, None, 9), is("", 0, false, 0));
    assert_eq!(page(early, None, None, 0), is("", 0, true, 7));
}

fn what_has_no_place_in_the_database_is_refused_without_being_repeated(backend: Backend) {
    let store = backend.store();
    let mut twice = plain("H1");
    twice.members.push(twice.members[0].clone());
    let mut odd = from("2024-01-01", "2024-01-02T00:00:00Z");
    odd.valid.from = chrono::NaiveDate::from_ymd_opt(12_000, 1, 1).unwrap();
    for (household, recording) in [(twice, from("2024-01-01", "2024-01-02T00:00:00Z")), (plain("H2"), odd)] {
        let refused = save(&store, &household, recording).unwrap_err();
        assert!(matches!(refused, StoreError::Unstorable(_)), "{refused}");
    }
    let known = AsKnown::At(at("2030-01-01T00:00:00Z"));
    assert_eq!(store.household("H1", day("2024-06-01"), known).wait(), Ok(None));
}

fn an_answer_can_be_awaited(backend: Backend) {
    let store = backend.store();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (saved, list) = runtime.block_on(async {
        let saved = store.save_household(plain("H1"), from("2024-01-01", "2024-01-02T00:00:00Z")).await;
        let query = ListQuery { on: day("2024-01-01"), within: None, after: None, first: 1 };
        (saved, store.list_households(query).await)
    });
    assert_eq!(saved.unwrap().outcome, Outcome::Created);
    assert_eq!(list.unwrap().total, 1);
}
