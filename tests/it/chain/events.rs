//! What a save changes in the package is told exactly, and what was delivered for nothing is named.

use std::fmt::Write as _;

use assistance_toolbox::documents::change::{Amount, Change, Entitlement, Named, NeedMoved, Why};
use assistance_toolbox::domain::facts::Fact;
use assistance_toolbox::domain::ledger::Given;
use assistance_toolbox::domain::money::Fen;
use assistance_toolbox::store::EventKind;

use super::{change, day, delivered, events, sample, save, with_income, without_dibao, yuan};
use crate::support::database::{Backend, on_both};

on_both! {
    h4_losing_dibao_falls_back_to_the_monitored_chain,
    a_lower_amount_is_told_with_what_was_paid_too_much_and_only_once,
    what_is_gained_says_why_it_was_not_there,
    an_unknown_fact_leaves_what_was_paid_in_question,
    what_is_taken_instead_is_named,
    the_first_day_counts_where_a_statement_does_not_speak_about_today,
}

/// `offer beneficiary identity: measure=amount ...`, amounts in yuan.
fn told(one: &Entitlement) -> String {
    let amount = |amount: &Amount| match amount {
        Amount::Priced { payment } | Amount::PricedInPart { payment } => Fen::new(*payment).to_string(),
        Amount::Loan { ceiling } => format!("loan {}", Fen::new(*ceiling)),
        Amount::Open { .. } => String::from("open"),
        Amount::ByHeads { .. } => String::from("by heads"),
        Amount::Unpriced => String::from("unpriced"),
    };
    let lines: Vec<String> =
        one.lines.iter().map(|line| format!("{}={}", line.measure, amount(&line.amount))).collect();
    let who = one.beneficiary.as_deref().unwrap_or("-");
    format!("{} {who} {}: {}", one.offer, one.identity, lines.join(" "))
}

fn summary(change: &Change) -> String {
    let mut text = String::new();
    for (word, list) in [("gained", &change.gained), ("lost", &change.lost)] {
        for moved in list {
            let Why { code, identity, instead, missing } = &moved.why;
            writeln!(text, "{word} {}", told(&moved.entitlement)).unwrap();
            writeln!(text, "    {code} {identity:?} {instead:?} {missing:?}").unwrap();
        }
    }
    for one in &change.changed {
        writeln!(text, "changed {}\n     to {}", told(&one.before), told(&one.after)).unwrap();
    }
    for need in &change.needs {
        let NeedMoved { need, beneficiary, before, after } = need;
        writeln!(text, "need {need} of {beneficiary:?}: {before:?} to {after:?}").unwrap();
    }
    for one in &change.reclaim {
        writeln!(text, "reclaim {:?} of {:?} paid by entry {}: {}", one.amount, one.paid, one.entry, one.why)
            .unwrap();
    }
    text
}

fn lost(change: &Change) -> Vec<(String, String)> {
    change.lost.iter().map(|moved| (told(&moved.entitlement), moved.why.code.clone())).collect()
}

fn changed(change: &Change) -> Vec<(String, String)> {
    change.changed.iter().map(|one| (told(&one.before), told(&one.after))).collect()
}

fn h4_losing_dibao_falls_back_to_the_monitored_chain(backend: Backend) {
    let store = backend.store();
    assert_eq!(save(&store, sample("h4"), "2023-01-01").event, None, "nothing was known before");
    let may = delivered(&store, "h4", ("-", "S1", "2024-05"), Given::Amount(yuan("462")));
    let june = delivered(&store, "h4", ("-", "S1", "2024-06"), Given::Amount(yuan("462")));
    let claim = delivered(&store, "h4", ("p1", "D1", "2024-06-10"), Given::Expense(yuan("200000")));
    assert_eq!((may, june, claim), (2, 3, 4));
    let saved = save(&store, without_dibao(sample("h4")), "2024-06-01");
    assert_eq!((saved.seq, saved.event), (2, Some(6)));

    let events = events(&store, "h4");
    let [event] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((event.seq, event.position, event.event.kind), (6, 1, EventKind::Change));
    assert_eq!((event.event.on, event.event.facts_seq), (day("2024-07-05"), 2));
    assert_eq!(event.event.town.as_ref().map(ToString::to_string).as_deref(), Some("990101001"));
    let change = change(event);
    assert_eq!(change.unresolved, None);
    assert!(change.gained.is_empty(), "{:?}", change.gained);
    insta::assert_snapshot!("h4_loses_dibao", summary(&change));
    let cascade = changed(&change).into_iter().find(|(before, _)| before.contains("D3=")).unwrap();
    assert!(cascade.0.ends_with("p1 dibao: D3=141500.00 D1=43875.00"), "{cascade:?}");
    assert!(cascade.1.ends_with("p1 m_unstable: D3=126250.00 D1=42450.00"), "{cascade:?}");
    assert!(change.changed.iter().all(|one| one.identity_ended));
    assert!(
        lost(&change).contains(&(String::from("S1 - dibao: S1=462.00"), String::from("no_identity"))),
        "{:?}",
        lost(&change)
    );
    // The month before is untouched; of the claim nothing is taken back, because the cascade is still open.
    let reclaim: Vec<_> =
        change.reclaim.iter().map(|one| (one.entry, one.amount, one.why.as_str())).collect();
    assert_eq!(reclaim, [(june, Some(46_200), "not_eligible")]);
    assert!(change.reclaim[0].certain);
    assert!(store.verify_ledger(None, None).wait().unwrap().broken.is_empty());
}

fn a_lower_amount_is_told_with_what_was_paid_too_much_and_only_once(backend: Backend) {
    let store = backend.store();
    save(&store, sample("h4"), "2023-01-01");
    let june = delivered(&store, "h4", ("-", "S1", "2024-06"), Given::Amount(yuan("462")));
    // 23,400 a year are 650 a head and month: (754 - 650) x 3 = 312.
    let saved = save(&store, with_income(sample("h4"), 23_400), "2024-06-01");
    assert_eq!(saved.event, Some(4));
    let told_change = change(&events(&store, "h4")[0]);
    assert_eq!(
        changed(&told_change),
        [(String::from("S1 - dibao: S1=462.00"), String::from("S1 - dibao: S1=312.00"))]
    );
    assert!(!told_change.changed[0].identity_ended);
    // What stands in chains has to be read for ever.
    insta::assert_snapshot!("h4_earns_more", &events(&store, "h4")[0].event.content);
    assert!(told_change.gained.is_empty() && told_change.lost.is_empty() && told_change.needs.is_empty());
    let reclaim = &told_change.reclaim[0];
    assert_eq!((reclaim.entry, reclaim.amount, reclaim.why.as_str()), (june, Some(15_000), "less_due"));

    // The same again says nothing; something that no package shows makes no event.
    assert_eq!(save(&store, with_income(sample("h4"), 23_400), "2024-06-01").event, None);
    let mut named = with_income(sample("h4"), 23_400);
    named.members[0].name = Some(String::from("somebody"));
    let saved = save(&store, named, "2024-06-01");
    assert_eq!((saved.seq, saved.event), (3, None));

    // The old income back: what was to be reclaimed is supported again.
    save(&store, sample("h4"), "2024-06-01");
    let back = change(&events(&store, "h4")[1]);
    assert_eq!((back.reclaim[0].amount, back.reclaim[0].why.as_str()), (Some(0), "supported_again"));
    assert_eq!(changed(&back).len(), 1);
}

fn what_is_gained_says_why_it_was_not_there(backend: Backend) {
    let store = backend.store();
    save(&store, without_dibao(sample("h4")), "2023-01-01");
    save(&store, sample("h4"), "2024-06-01");
    let gained = change(&events(&store, "h4")[0]).gained;
    let s1 = gained.iter().find(|moved| moved.entitlement.offer == "S1").unwrap();
    let no_dibao = Why {
        code: String::from("no_identity"),
        identity: Some(String::from("dibao")),
        instead: vec![],
        missing: vec![],
    };
    assert_eq!((told(&s1.entitlement), &s1.why), (String::from("S1 - dibao: S1=462.00"), &no_dibao));
}

fn an_unknown_fact_leaves_what_was_paid_in_question(backend: Backend) {
    let store = backend.store();
    save(&store, sample("h4"), "2023-01-01");
    delivered(&store, "h4", ("-", "S1", "2024-06"), Given::Amount(yuan("462")));
    let mut household = sample("h4");
    household.facts = super::facts_without(&household.facts, Fact::CountedIncomeYear);
    save(&store, household, "2024-06-01");
    let change = change(&events(&store, "h4")[0]);
    let reclaim = &change.reclaim[0];
    assert!(!reclaim.certain, "{reclaim:?}");
    assert_eq!(reclaim.why, "amount_not_known");
}

/// Full orphan living stands over the disability living allowance.
fn what_is_taken_instead_is_named(backend: Backend) {
    let store = backend.store();
    let mut household = sample("h1");
    household.place = Some(String::from("huaibei"));
    household.members[2].facts.set(Fact::DisabilityGrade, 2);
    household.members[2].facts.set(Fact::DisabilityCertificate, 1);
    household.members[2].facts.set(Fact::InInstitution, 0);
    save(&store, household.clone(), "2023-01-01");
    household.members[2].facts.set(Fact::Guardianship, 1);
    save(&store, household, "2024-06-01");
    let change = change(&events(&store, "h1")[0]);
    let lost = change.lost.iter().find(|moved| moved.entitlement.offer == "S3").unwrap();
    let instead = Named { offer: String::from("C4"), beneficiary: Some(String::from("p3")) };
    assert_eq!((lost.why.code.as_str(), &lost.why.instead), ("not_taken", &vec![instead]));
}

fn the_first_day_counts_where_a_statement_does_not_speak_about_today(backend: Backend) {
    let store = backend.store();
    save(&store, sample("h4"), "2023-01-01");
    save(&store, with_income(sample("h4"), 23_400), "2024-09-01");
    let event = &events(&store, "h4")[0];
    assert_eq!(event.event.on, day("2024-09-01"));
}
