//! Two times: the days a fact holds, and since when it is known.

use assistance_toolbox::domain::facts::Fact;
use assistance_toolbox::domain::period::Validity;
use assistance_toolbox::store::{AsKnown, Outcome, Recording, Store};

use super::random::plain;
use super::{at, day, from, save};
use crate::support::database::{Backend, on_both};

on_both! {
    a_change_counts_from_its_day_and_a_correction_from_when_it_was_recorded,
    a_member_who_leaves_is_seen_on_the_days_before,
    saves_stay_in_order_even_if_a_clock_goes_back,
}

fn income(store: &Store, on: &str, known: AsKnown) -> Option<i64> {
    let stored = store.household("H1", day(on), known).wait().unwrap();
    stored.and_then(|stored| stored.household.facts.get(Fact::CountedIncomeYear))
}

fn a_change_counts_from_its_day_and_a_correction_from_when_it_was_recorded(backend: Backend) {
    let store = backend.store();
    let mut household = plain("H1");
    let mut stating = |income, recording| {
        household.facts.set(Fact::CountedIncomeYear, income);
        save(&store, &household, recording).unwrap()
    };
    stating(100, from("2024-01-01", "2024-01-10T08:00:00Z"));
    stating(200, from("2024-06-01", "2024-06-10T08:00:00Z"));
    for (on, expected) in [
        ("2023-12-31", None),
        ("2024-01-01", Some(100)),
        ("2024-05-31", Some(100)),
        ("2024-06-01", Some(200)),
    ] {
        assert_eq!(income(&store, on, AsKnown::Now), expected, "{on}");
    }

    // In July it turns out that the income from January to May was 150 all along.
    let first_months = Validity::new(day("2024-01-01"), Some(day("2024-06-01"))).unwrap();
    let july = at("2024-07-10T08:00:00Z");
    let corrected = stating(
        150,
        Recording {
            valid: first_months,
            recorded_at: july,
            recorded_by: String::from("a test"),
            expected_seq: Some(2),
        },
    );
    assert_eq!((corrected.outcome, corrected.seq), (Outcome::Changed, 3));
    assert_eq!(income(&store, "2024-05-31", AsKnown::Now), Some(150));
    assert_eq!(income(&store, "2024-06-01", AsKnown::Now), Some(200));
    for (known, expected) in [
        (AsKnown::At(at("2024-01-10T07:59:59Z")), None),
        (AsKnown::At(at("2024-01-10T08:00:00Z")), Some(100)),
        (AsKnown::At(at("2024-07-10T07:59:59.999999Z")), Some(100)),
        (AsKnown::At(july), Some(150)),
        (AsKnown::After(0), None),
        (AsKnown::After(1), Some(100)),
        (AsKnown::After(2), Some(100)),
        (AsKnown::After(3), Some(150)),
    ] {
        assert_eq!(income(&store, "2024-03-01", known), expected, "{known:?}");
    }
}

fn a_member_who_leaves_is_seen_on_the_days_before(backend: Backend) {
    let store = backend.store();
    let mut household = plain("H1");
    let mut second = household.members[0].clone();
    second.key = String::from("P2");
    second.facts.set(Fact::Resides, 1);
    household.members.push(second);
    save(&store, &household, from("2024-01-01", "2024-01-02T00:00:00Z")).unwrap();
    save(&store, &plain("H1"), from("2024-06-01", "2024-06-02T00:00:00Z")).unwrap();
    let members = |on| super::get(&store, "H1", on).unwrap().members.len();
    assert_eq!((members("2024-05-31"), members("2024-06-01")), (2, 1));
}

fn saves_stay_in_order_even_if_a_clock_goes_back(backend: Backend) {
    let store = backend.store();
    let mut household = plain("H1");
    save(&store, &household, from("2024-01-01", "2024-02-01T00:00:00Z")).unwrap();
    household.facts.set(Fact::CountedIncomeYear, 7);
    save(&store, &household, from("2024-01-01", "2024-01-01T00:00:00Z")).unwrap();
    assert_eq!(income(&store, "2024-03-01", AsKnown::At(at("2024-01-15T00:00:00Z"))), None);
    assert_eq!(income(&store, "2024-03-01", AsKnown::At(at("2024-02-01T00:00:00Z"))), Some(7));
}
