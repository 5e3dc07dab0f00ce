//! What may be recorded, once.

use assistance_toolbox::app::closed_loop::{Asked, rows};
use assistance_toolbox::domain::ledger::{Given, OwedState, Refusal};
use assistance_toolbox::store::{Recorded, Reversed, Sight, Whole};

use super::{POLICIES, amount, code, delivery, record, record_all, sample, store_with, take_back, yuan};
use crate::support::database::{Backend, on_both};

on_both! {
    none_is_doubled_and_none_refused_for_want_of_time,
    what_is_due_is_recorded_once_and_the_first_is_named,
    what_is_taken_back_can_be_delivered_again,
    what_is_not_due_is_refused_with_its_reason,
    a_roll_is_recorded_whole_or_not_at_all,
    what_is_owed_closes_when_it_is_delivered,
}

const S1: (&str, &str, &str) = ("-", "S1", "2024-06");

fn what_is_due_is_recorded_once_and_the_first_is_named(backend: Backend) {
    let store = store_with(backend, [sample("h4")]);
    assert_eq!(record(&store, delivery("a", "h4", S1, amount("462"))), Recorded::New(2, Some(yuan("462"))));
    // The same request again, even much later, is the first one.
    assert_eq!(record(&store, delivery("a", "h4", S1, amount("462"))), Recorded::Repeated(2));
    // The same key for something else is a mistake, not a delivery.
    assert_eq!(record(&store, delivery("a", "h4", S1, amount("461"))), Recorded::KeyUsed);
    let Recorded::Refused(refusal) = record(&store, delivery("b", "h4", S1, amount("462"))) else { panic!() };
    assert!(
        matches!(refusal, Refusal::Double { entry: 2, ref rule, .. } if rule == "measure:S1"),
        "{refusal:?}"
    );
    // Another month is another delivery.
    let july = ("-", "S1", "2024-07");
    assert_eq!(record(&store, delivery("c", "h4", july, amount("462"))), Recorded::New(3, Some(yuan("462"))));
    assert_eq!(store.ledger("h4").wait().unwrap().len(), 2);
}

fn what_is_taken_back_can_be_delivered_again(backend: Backend) {
    let store = store_with(backend, [sample("h4")]);
    record(&store, delivery("a", "h4", S1, amount("462")));
    assert_eq!(take_back(&store, "h4", 2, "r"), Reversed::New(3));
    assert_eq!(take_back(&store, "h4", 2, "r"), Reversed::Repeated(3));
    assert_eq!(take_back(&store, "h4", 2, "s"), Reversed::AlreadyReversed(3));
    assert_eq!(take_back(&store, "h4", 3, "t"), Reversed::NoSuchEntry);
    assert_eq!(take_back(&store, "h4", 9, "u"), Reversed::NoSuchEntry);
    // The key of a delivery is used up for good, and does not stand for a second one.
    assert_eq!(take_back(&store, "h4", 2, "a"), Reversed::KeyUsed);
    assert_eq!(record(&store, delivery("b", "h4", S1, amount("462"))), Recorded::New(4, Some(yuan("462"))));
    assert!(store.verify_ledger(None, None).wait().unwrap().broken.is_empty());
}

fn what_is_not_due_is_refused_with_its_reason(backend: Backend) {
    let store = store_with(backend, [sample("h4"), sample("h1")]);
    for (household, order, given, expected) in [
        ("h4", S1, amount("462.01"), "more_than_due"),
        ("h4", S1, amount("0"), "wrong_amount"),
        ("h4", S1, Given::InKind, "wrong_amount"),
        ("h4", S1, Given::Expense(yuan("10")), "wrong_amount"),
        ("h4", ("-", "S1", "2024"), amount("462"), "wrong_period"),
        ("h4", ("-", "S1", "2024-06-01"), amount("462"), "wrong_period"),
        ("h4", ("p9", "S1", "2024-06"), amount("462"), "unknown_beneficiary"),
        ("h4", ("p1", "S2", "2024-06"), amount("462"), "not_eligible"),
        ("h4", ("p1", "D1", "2024-06-10"), amount("5"), "wrong_amount"),
        ("h4", ("p1", "D1", "2024-06"), Given::Expense(yuan("5")), "wrong_period"),
        ("h4", ("-", "S1", "2019-06"), amount("462"), "nothing_known"),
        ("h9", S1, amount("462"), "nothing_known"),
        ("h4", S1, amount("400"), "recorded"),
    ] {
        let key = format!("{household} {order:?} {given:?}");
        assert_eq!(code(&record(&store, delivery(&key, household, order, given))), expected, "{key}");
    }
    let mut foreign = delivery("f", "h1", S1, amount("762"));
    foreign.order.department = "medical_insurance".to_owned();
    assert_eq!(code(&record(&store, foreign)), "wrong_department");
    let mut unknown = delivery("u", "h1", S1, amount("762"));
    unknown.order.measure = "Z9".to_owned();
    assert_eq!(code(&record(&store, unknown)), "unknown_measure");
}

fn a_roll_is_recorded_whole_or_not_at_all(backend: Backend) {
    let store = store_with(backend, [sample("h4"), sample("h1")]);
    let roll = || {
        vec![
            delivery("1", "h4", S1, amount("462")),
            delivery("2", "h1", S1, amount("99999")),
            delivery("3", "h1", S1, amount("762")),
        ]
    };
    let batch = record_all(&store, roll(), Whole::AllOrNone);
    assert_eq!(batch.results.iter().map(code).collect::<Vec<_>>(), ["recorded", "more_than_due", "recorded"]);
    assert!(!batch.kept);
    assert!(store.ledger("h4").wait().unwrap().is_empty() && store.ledger("h1").wait().unwrap().is_empty());
    let batch = record_all(&store, roll(), Whole::WhatCan);
    assert!(batch.kept);
    assert_eq!((store.ledger("h4").wait().unwrap().len(), store.ledger("h1").wait().unwrap().len()), (1, 1));
    let again = record_all(&store, roll(), Whole::WhatCan);
    assert_eq!(again.results.iter().map(code).collect::<Vec<_>>(), ["repeated", "more_than_due", "repeated"]);
}

fn what_is_owed_closes_when_it_is_delivered(backend: Backend) {
    let store = store_with(backend, [sample("h4")]);
    let state = |today: &str| {
        let asked = Asked {
            sight: Sight::default(),
            household: Some("h4".to_owned()),
            offer: Some("S1".to_owned()),
            period: "2024-06".parse().unwrap(),
            today: today.parse().unwrap(),
        };
        let (rows, unresolved) = rows(&POLICIES, &store, asked).wait().unwrap();
        assert_eq!((rows.len(), unresolved.len()), (1, 0));
        rows[0].owed.state
    };
    assert_eq!(state("2024-06-30"), OwedState::Outstanding(yuan("462")));
    assert_eq!(state("2024-07-01"), OwedState::Overdue(yuan("462")));
    record(&store, delivery("a", "h4", S1, amount("400")));
    assert_eq!(state("2024-07-01"), OwedState::Overdue(yuan("62")));
    take_back(&store, "h4", 2, "r");
    record(&store, delivery("b", "h4", S1, amount("462")));
    assert_eq!(state("2024-07-01"), OwedState::Delivered);
}

/// Many clients want the same deliveries at once, over several stores, each with connections of its own as another
/// process has them: each delivery is made once, and nobody is told to come again.
fn none_is_doubled_and_none_refused_for_want_of_time(backend: Backend) {
    const CLIENTS: usize = 64;
    let households: Vec<_> = (0..20)
        .map(|number| {
            let mut household = sample("h4");
            household.key = format!("h{number:02}");
            household
        })
        .collect();
    let database = backend.database();
    let stores: Vec<_> = (0..4).map(|_| database.store()).collect();
    super::fill(&stores[0], households);
    // 20 households in 10 months: 200 deliveries, and 20,032 attempts at them. Each is a dozen ways to a server and
    // back, so that a server is asked for a tenth.
    let attempts = match backend {
        Backend::Sqlite => 313,
        Backend::Postgres => 32,
    };
    let tallies: Vec<(usize, usize)> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let store = &stores[client % stores.len()];
                scope.spawn(move || {
                    let (mut made, mut doubles) = (0, 0);
                    for attempt in 0..attempts {
                        let which = (client * 7 + attempt * 13) % 200;
                        let (household, month) = (format!("h{:02}", which % 20), which / 20 + 1);
                        let covers = format!("2024-{month:02}");
                        let key = format!("{client}/{attempt}");
                        let one = delivery(&key, &household, ("-", "S1", &covers), amount("300"));
                        match record(store, one) {
                            Recorded::New(..) => made += 1,
                            Recorded::Refused(Refusal::Double { .. }) => doubles += 1,
                            other => panic!("{other:?}"),
                        }
                    }
                    (made, doubles)
                })
            })
            .collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    let made: usize = tallies.iter().map(|(made, _)| made).sum();
    let doubles: usize = tallies.iter().map(|(_, doubles)| doubles).sum();
    assert_eq!((made, made + doubles), (200, CLIENTS * attempts));
    // With the saves of the facts of the 20.
    let verified = stores[0].verify_ledger(None, None).wait().unwrap();
    assert_eq!((verified.entries, verified.broken), (220, vec![]));
}
