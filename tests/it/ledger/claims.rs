//! Claims: a total split over any number of them pays what it pays at once.

use assistance_toolbox::app::packages::{Scope, package};
use assistance_toolbox::domain::facts::{Fact, Household};
use assistance_toolbox::domain::identity::Identity;
use assistance_toolbox::domain::ledger::Given;
use assistance_toolbox::domain::money::Fen;
use assistance_toolbox::domain::package::Amount;
use assistance_toolbox::store::{Recorded, Reversed};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::{POLICIES, code, delivery, record, sample, store_with, take_back, yuan};
use crate::support::database::{Backend, on_both};

on_both! {
    a_split_claim_pays_what_one_claim_pays,
    twenty_claims_pay_what_one_pays_over_the_deductible_and_the_cap,
    h4s_expense_pays_the_worked_sum_in_two_claims,
    a_claim_taken_back_leaves_the_account,
    an_expense_over_the_declared_range_is_refused,
}

/// H4 with only some of its identities.
fn with(identities: &[Identity]) -> Household {
    let mut household = sample("h4");
    household.identities.retain(|record| identities.contains(&record.identity));
    household
}

/// What the package pays for an expense of the year, by the cascade's links.
fn at_once(household: &Household, expense: Fen) -> i64 {
    let mut household = household.clone();
    household.members[0].facts.set(Fact::EligibleExpenseYear, expense.value());
    let scope = Scope { place: None, on: "2024-06-10".parse().unwrap() };
    let resolved = package(&POLICIES, household, scope).unwrap();
    let cascade =
        resolved.package.entitlements.iter().find(|one| resolved.rulebook.cascade_of(one.offer).is_some());
    let lines = cascade.into_iter().flat_map(|one| &one.lines);
    lines
        .map(|line| match &line.amount {
            Amount::Priced { payment, .. } => payment.value(),
            other => panic!("{other:?}"),
        })
        .sum()
}

fn claim(key: &str, expense: Fen) -> assistance_toolbox::domain::ledger::Delivery {
    delivery(key, "h4", ("p1", "D1", "2024-06-10"), Given::Expense(expense))
}

fn paid(recorded: &Recorded) -> i64 {
    match recorded {
        Recorded::New(_, paid) => paid.unwrap().value(),
        other => panic!("{other:?}"),
    }
}

/// Over the deductible, the bands and the cap, in either track and in both, at every prefix.
fn a_split_claim_pays_what_one_claim_pays(backend: Backend) {
    let config =
        ProptestConfig { cases: backend.cases(12), failure_persistence: None, ..ProptestConfig::default() };
    let cases = (prop::collection::vec(1..6_000_000_i64, 20), 0..3_usize);
    let run = TestRunner::new(config).run(&cases, |(parts, track)| {
        let tracks: [&[Identity]; 3] =
            [&[Identity::Dibao], &[Identity::MUnstable], &[Identity::Dibao, Identity::MUnstable]];
        let household = with(tracks[track]);
        let store = store_with(backend, [household.clone()]);
        let (mut expense, mut sum) = (0, 0);
        for (number, part) in parts.into_iter().enumerate() {
            expense += part;
            sum += paid(&record(&store, claim(&number.to_string(), Fen::new(part))));
            prop_assert_eq!(sum, at_once(&household, Fen::new(expense)), "after {}", expense);
        }
        prop_assert!(store.verify_ledger(None, None).wait().unwrap().broken.is_empty());
        Ok(())
    });
    run.unwrap();
}

/// The acceptance in plain figures: twenty claims, from below the deductible to far over the cap, in either track.
fn twenty_claims_pay_what_one_pays_over_the_deductible_and_the_cap(backend: Backend) {
    for (identity, place, first) in [
        // No deductible and 75 %; the cap stands in the profile of the province's text.
        (Identity::Dibao, "huaibei-anhui2022", "750.00"),
        // A deductible of 3,000 yuan.
        (Identity::MUnstable, "huaibei", "0.00"),
    ] {
        let mut household = with(&[identity]);
        household.place = Some(place.to_owned());
        let store = store_with(backend, [household.clone()]);
        let parts = std::iter::once("1000").chain(std::iter::repeat_n("60000", 19));
        let mut pays = Vec::new();
        let mut expense = 0;
        for (number, part) in parts.enumerate() {
            expense += yuan(part).value();
            pays.push(paid(&record(&store, claim(&number.to_string(), yuan(part)))));
            let sum: i64 = pays.iter().sum();
            assert_eq!(sum, at_once(&household, Fen::new(expense)), "{place} after {expense}");
        }
        assert_eq!(Fen::new(pays[0]), yuan(first), "{place}: below the deductible");
        let entries = store.ledger("h4").wait().unwrap();
        let assistance: Vec<i64> = entries
            .iter()
            .flat_map(|entry| &entry.lines)
            .filter(|line| line.measure == "D1")
            .map(|line| line.paid.unwrap().value())
            .collect();
        assert_eq!(Fen::new(assistance.iter().sum()), yuan("50000"), "{place}: the cap of the year");
        assert_eq!(assistance.last(), Some(&0), "{place}: nothing over the cap");
    }
}

fn h4s_expense_pays_the_worked_sum_in_two_claims(backend: Backend) {
    let store = store_with(backend, [sample("h4")]);
    let first = paid(&record(&store, claim("a", yuan("50000"))));
    let second = paid(&record(&store, claim("b", yuan("150000"))));
    // 141,500.00 by major illness insurance and 43,875.00 by medical assistance.
    assert_eq!(Fen::new(first + second), yuan("185375.00"));
    let entries = store.ledger("h4").wait().unwrap();
    let by_measure = |measure: &str| {
        let lines = entries.iter().flat_map(|entry| &entry.lines).filter(|line| line.measure == measure);
        Fen::new(lines.map(|line| line.paid.unwrap().value()).sum())
    };
    assert_eq!((by_measure("D3"), by_measure("D1")), (yuan("141500.00"), yuan("43875.00")));
}

/// The prefix stays exact when a claim in the middle is taken back and claimed again.
fn a_claim_taken_back_leaves_the_account(backend: Backend) {
    let household = sample("h4");
    let store = store_with(backend, [household.clone()]);
    let mut total = 0;
    for (key, expense) in [("a", "40000"), ("b", "70000"), ("c", "90000")] {
        total += paid(&record(&store, claim(key, yuan(expense))));
    }
    assert_eq!(total, at_once(&household, yuan("200000")));
    let entries = store.ledger("h4").wait().unwrap();
    let second = entries[1].paid().unwrap().value();
    assert_eq!(take_back(&store, "h4", 3, "r"), Reversed::New(5));
    let again = paid(&record(&store, claim("d", yuan("70000"))));
    assert_eq!(again, second);
    assert_eq!(total - second + again, at_once(&household, yuan("200000")));
    assert!(store.verify_ledger(None, None).wait().unwrap().broken.is_empty());
}

fn an_expense_over_the_declared_range_is_refused(backend: Backend) {
    let store = store_with(backend, [sample("h4")]);
    assert_eq!(code(&record(&store, claim("a", yuan("9999999.99")))), "recorded");
    assert_eq!(code(&record(&store, claim("b", yuan("0.02")))), "wrong_amount");
    assert_eq!(code(&record(&store, claim("c", yuan("0.01")))), "recorded");
    assert_eq!(code(&record(&store, claim("d", yuan("0")))), "wrong_amount");
}
