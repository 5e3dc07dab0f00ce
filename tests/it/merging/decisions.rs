//! People without a number: proposed by a rule, joined by a decision.

use assistance_toolbox::app::clock::Clock;
use assistance_toolbox::app::registries::{MatchDecision, Registers, propose_matches};
use assistance_toolbox::store::{MatchDecided, Store};

use super::{Fixed, import_both, invented, merged, report};
use crate::support::database::{Backend, on_both};

on_both! {
    nobody_is_joined_before_a_person_has_decided_so,
    one_person_is_not_made_of_two_of_the_same_list,
}

fn decide(store: &Store, proposal: i64, accepted: bool) -> MatchDecided {
    let decision =
        MatchDecision { accepted, by: "clerk".to_owned(), at: Fixed.now(), reason: "seen".to_owned() };
    store.decide_match(proposal, decision, None).wait().unwrap()
}

pub(crate) fn propose(store: &Store) -> u64 {
    propose_matches(store, &crate::support::catalogue().matching, Fixed.now()).unwrap()
}

fn nobody_is_joined_before_a_person_has_decided_so(backend: Backend) {
    let store = backend.store();
    let whole = invented("longnan-2024-03", Some(600), 0);
    import_both(&store, &invented("longnan-2024-03", Some(600), 3), "2024-03-31");
    let in_both = report(&store).overlap.all.persons.both;
    assert_eq!(propose(&store), 3);
    assert_eq!(propose(&store), 0, "what was proposed is not proposed again");
    assert_eq!((report(&store).pending, report(&store).overlap.all.persons.both), (3, in_both));

    assert_eq!(decide(&store, 1, true), MatchDecided::Recorded);
    assert_eq!(decide(&store, 1, true), MatchDecided::Repeated);
    assert_eq!(decide(&store, 2, false), MatchDecided::Recorded);
    assert_eq!(decide(&store, 9, true), MatchDecided::NotFound);
    assert_eq!((report(&store).pending, report(&store).overlap.all.persons.both), (1, in_both + 1));

    // A later decision takes the place of an earlier one.
    assert_eq!(decide(&store, 2, true), MatchDecided::Recorded);
    assert_eq!(decide(&store, 3, true), MatchDecided::Recorded);
    let other = backend.store();
    import_both(&other, &whole, "2024-03-31");
    assert_eq!(report(&store).overlap, report(&other).overlap, "as if the numbers had been there");
    let outcome = merged(&store, false);
    assert_eq!((outcome.created, outcome.not_merged.len()), (outcome.families, 0));
    assert_eq!(merged(&store, false).seq, None);

    // Taken back, the two are two people again.
    assert_eq!(decide(&store, 1, false), MatchDecided::Recorded);
    let apart = merged(&store, false);
    assert!(apart.seq.is_some() && apart.persons == outcome.persons + 1, "{apart:?}");
}

fn one_person_is_not_made_of_two_of_the_same_list(backend: Backend) {
    let store = backend.store();
    let [mut low, mut monitored] = invented("longnan-2024-03", Some(60), 0);
    // Two people of one town with the same name, of whom the other list knows one, without a number.
    let (first, second) = (low[0].clone(), low[1].clone());
    let mut twin = second;
    twin.name.clone_from(&first.name);
    twin.region = first.region.clone();
    let number =
        assistance_toolbox::domain::id_number::IdNumber::compose("990102", first.birth_date().unwrap(), 7);
    twin.id_number = number;
    low[1] = twin;
    let mut unknown = first.clone();
    "M999999".clone_into(&mut unknown.household_no);
    unknown.identity = None;
    unknown.id_number = None;
    let birth = first.birth_date().unwrap();
    unknown.facts = vec![(
        assistance_toolbox::domain::facts::Fact::BirthDate,
        assistance_toolbox::domain::facts::days_of(birth),
    )];
    monitored.retain(|row| row.id_number != first.id_number);
    monitored.push(unknown);
    import_both(&store, &[low, monitored], "2024-03-31");
    assert_eq!(propose(&store), 2);
    assert_eq!(decide(&store, 1, true), MatchDecided::Recorded);
    assert_eq!(decide(&store, 2, true), MatchDecided::AlreadyMatched(1));
    let registers = Registers::load(&store, None).unwrap();
    assert_eq!(registers.accepted().len(), 1);
    // Once the first is taken back the other may be the one.
    assert_eq!(decide(&store, 1, false), MatchDecided::Recorded);
    assert_eq!(decide(&store, 2, true), MatchDecided::Recorded);
}
