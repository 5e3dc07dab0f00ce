//! Deliveries: nothing is paid twice, nothing beyond what is due, and nothing leaves the chain unseen.

mod claims;
mod crashes;
mod recording;
mod tampering;

use std::sync::{Arc, LazyLock};

use assistance_toolbox::app::deliveries::{deliver, reverse};
use assistance_toolbox::app::policies::Policies;
use assistance_toolbox::domain::facts::Household;
use assistance_toolbox::domain::ledger::{Delivery, Given, Order};
use assistance_toolbox::domain::money::Fen;
use assistance_toolbox::domain::period::Validity;
use assistance_toolbox::policy_files;
use assistance_toolbox::store::{Batch, Recorded, Recording, Reversal, Reversed, Roll, Sight, Store, Whole};
use chrono::{DateTime, Utc};

use crate::support::database::Backend;
use crate::support::{household, root};

static POLICIES: LazyLock<Arc<Policies>> =
    LazyLock::new(|| Arc::new(Policies::new(policy_files::load(&root().join("policies")).unwrap())));

fn now() -> DateTime<Utc> {
    "2024-07-05T02:00:00Z".parse().unwrap()
}

/// A sample household of the repository.
fn sample(case: &str) -> Household {
    household(&std::fs::read_to_string(root().join(format!("policies/cases/{case}.toml"))).unwrap())
}

/// A database that knows these households from 2023 on.
fn store_with(backend: Backend, households: impl IntoIterator<Item = Household>) -> Store {
    let store = backend.store();
    fill(&store, households);
    store
}

fn fill(store: &Store, households: impl IntoIterator<Item = Household>) {
    let valid = Validity::new("2023-01-01".parse().unwrap(), None).unwrap();
    for household in households {
        let recording =
            Recording { valid, recorded_at: now(), recorded_by: String::from("a test"), expected_seq: None };
        store.save_household(household, recording).wait().unwrap();
    }
}

/// A delivery in the words of a roll.
fn delivery(
    key: &str,
    household: &str,
    (who, measure, covers): (&str, &str, &str),
    given: Given,
) -> Delivery {
    let measures = &POLICIES.catalogue().measures;
    let owner = measures.iter().find(|known| known.id == measure).unwrap().department.clone();
    Delivery {
        key: key.to_owned(),
        household: household.to_owned(),
        order: Order {
            measure: measure.to_owned(),
            beneficiary: (who != "-").then(|| who.to_owned()),
            covers: covers.parse().unwrap(),
            given,
            day: "2024-06-28".parse().unwrap(),
            department: owner,
        },
    }
}

fn yuan(text: &str) -> Fen {
    Fen::from_yuan(text).unwrap()
}

fn amount(text: &str) -> Given {
    Given::Amount(yuan(text))
}

/// Records one delivery.
fn record(store: &Store, one: Delivery) -> Recorded {
    record_all(store, vec![one], Whole::AllOrNone).results.remove(0)
}

/// Records several.
fn record_all(store: &Store, deliveries: Vec<Delivery>, whole: Whole) -> Batch {
    let roll = Roll { deliveries, whole, sight: Sight::default() };
    deliver(&POLICIES, store, roll, ("a test", now()), |_done| {}).wait().unwrap()
}

/// The code of a refusal, or `recorded`.
fn code(recorded: &Recorded) -> &str {
    match recorded {
        Recorded::New(..) => "recorded",
        Recorded::Repeated(_) => "repeated",
        Recorded::KeyUsed => "key_used",
        Recorded::Refused(refusal) => refusal.code(),
    }
}

fn take_back(store: &Store, household: &str, entry: i64, key: &str) -> Reversed {
    let reversal = Reversal {
        key: key.to_owned(),
        household: household.to_owned(),
        entry,
        reason: "recorded by mistake".to_owned(),
        day: "2024-07-01".parse().unwrap(),
        sight: Sight::default(),
    };
    reverse(&POLICIES, store, reversal, ("a test", now())).wait().unwrap()
}
