//! The chain of a household: what a save of facts changes, and nothing that leaves it unseen.

mod api;
mod cli;
mod difference;
mod events;
mod leads;
mod saved;
mod saves;
mod subscription;
mod tampering;

use std::sync::{Arc, LazyLock};

use assistance_toolbox::app::deliveries::{deliver, reverse};
use assistance_toolbox::app::households::{self, Statement};
use assistance_toolbox::app::monitoring::watch;
use assistance_toolbox::app::policies::Policies;
use assistance_toolbox::documents::change::Change;
use assistance_toolbox::domain::facts::{Fact, FactSet, Household};
use assistance_toolbox::domain::identity::Identity;
use assistance_toolbox::domain::ledger::{Delivery, Given, Order};
use assistance_toolbox::domain::money::Fen;
use assistance_toolbox::domain::period::Validity;
use assistance_toolbox::domain::vocabulary::FACTS;
use assistance_toolbox::store::{ChainEvent, Recorded, Reversal, Reversed, Roll, Saved, Sight, Store, Whole};
use chrono::NaiveDate;

use crate::support::{At, catalogue, household, root};

static POLICIES: LazyLock<Arc<Policies>> = LazyLock::new(|| Arc::new(Policies::new((*catalogue()).clone())));

/// The time of every save and delivery: 5 July 2024 in China.
const NOW: At = At("2024-07-05T02:00:00Z");

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A sample household of the repository.
fn sample(case: &str) -> Household {
    household(&std::fs::read_to_string(root().join(format!("policies/cases/{case}.toml"))).unwrap())
}

fn save(store: &Store, household: Household, from: &str) -> Saved {
    save_by(&POLICIES, store, household, from)
}

fn save_by(policies: &Arc<Policies>, store: &Store, household: Household, from: &str) -> Saved {
    let statement = Statement { valid: Validity::new(day(from), None).unwrap(), expected_seq: None };
    households::save(store, household, statement, watch(policies, "a test", &NOW)).wait().unwrap()
}

/// H4 as it was, and from June 2024 on without its dibao.
fn without_dibao(mut household: Household) -> Household {
    let record = household.identities.iter_mut().find(|record| record.identity == Identity::Dibao).unwrap();
    record.held = Validity::new(record.held.from, Some(day("2024-06-01"))).unwrap();
    household
}

fn with_income(mut household: Household, yuan: i64) -> Household {
    household.facts.set(Fact::CountedIncomeYear, yuan * 100);
    household
}

/// The facts, but for one.
fn facts_without(facts: &FactSet, left_out: Fact) -> FactSet {
    let mut rest = FactSet::default();
    for def in FACTS.iter().filter(|def| def.fact != left_out) {
        rest.set_known(def.fact, facts.get(def.fact));
    }
    rest
}

/// Records one delivery; it stands as the entry that is answered.
fn delivered(
    store: &Store,
    household: &str,
    (who, measure, covers): (&str, &str, &str),
    given: Given,
) -> i64 {
    let measures = &catalogue().measures;
    let owner = measures.iter().find(|known| known.id == measure).unwrap().department.clone();
    let delivery = Delivery {
        key: format!("{household} {who} {measure} {covers}"),
        household: household.to_owned(),
        order: Order {
            measure: measure.to_owned(),
            beneficiary: (who != "-").then(|| who.to_owned()),
            covers: covers.parse().unwrap(),
            given,
            day: day("2024-06-28"),
            department: owner,
        },
    };
    let circumstances = ("a test", "2024-07-05T02:00:00Z".parse().unwrap());
    let roll = Roll { deliveries: vec![delivery], whole: Whole::AllOrNone, sight: Sight::default() };
    let mut batch = deliver(&POLICIES, store, roll, circumstances, |_done| {}).wait().unwrap();
    match batch.results.remove(0) {
        Recorded::New(entry, _) => entry,
        other => panic!("{other:?}"),
    }
}

/// Takes a delivery back.
fn taken_back(store: &Store, household: &str, entry: i64) {
    let reversal = Reversal {
        key: format!("back {household} {entry}"),
        household: household.to_owned(),
        entry,
        reason: String::from("recorded by mistake"),
        day: day("2024-07-01"),
        sight: Sight::default(),
    };
    let circumstances = ("a test", "2024-07-05T02:00:00Z".parse().unwrap());
    let reversed = reverse(&POLICIES, store, reversal, circumstances).wait().unwrap();
    assert!(matches!(reversed, Reversed::New(_)), "{reversed:?}");
}

fn yuan(text: &str) -> Fen {
    Fen::from_yuan(text).unwrap()
}

/// The events of a household's chain.
fn events(store: &Store, household: &str) -> Vec<ChainEvent> {
    store.chain(household).wait().unwrap().0
}

fn change(event: &ChainEvent) -> Change {
    Change::read(&event.event.content).unwrap()
}
