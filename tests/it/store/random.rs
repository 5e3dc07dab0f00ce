//! Random households, and plain ones.

use assistance_toolbox::domain::facts::{FactSet, Household, IdentityRecord, Person};
use assistance_toolbox::domain::identity::Identity;
use assistance_toolbox::domain::period::Validity;
use assistance_toolbox::domain::vocabulary::{FACTS, FactType, Level};
use chrono::{Days, NaiveDate};
use proptest::prelude::*;

/// A household of one member of whom nothing is known.
pub(super) fn plain(key: &str) -> Household {
    let person =
        Person { key: String::from("P1"), name: None, identities: Vec::new(), facts: FactSet::default() };
    Household {
        key: key.to_owned(),
        place: None,
        town: None,
        identities: Vec::new(),
        facts: FactSet::default(),
        members: vec![person],
    }
}

fn text() -> impl Strategy<Value = Option<String>> {
    proptest::option::of("[a-z '\"%;\u{4f4e}\u{4fdd}\u{1f600}]{0,6}")
}

fn date() -> impl Strategy<Value = NaiveDate> {
    (0_u64..20_000).prop_map(|days| NaiveDate::from_ymd_opt(1970, 1, 1).unwrap() + Days::new(days))
}

fn record() -> impl Strategy<Value = IdentityRecord> {
    let held = (date(), proptest::option::of(1_u64..4_000))
        .prop_map(|(from, days)| Validity { from, until: days.map(|days| from + Days::new(days)) });
    (0..Identity::ALL.len(), held, text(), text()).prop_map(|(index, held, source, evidence)| {
        IdentityRecord { identity: Identity::ALL[index], held, source, evidence }
    })
}

fn facts(level: Level) -> impl Strategy<Value = FactSet> {
    prop::collection::vec(proptest::option::weighted(0.3, 0_i64..i64::MAX), FACTS.len()).prop_map(
        move |values| {
            let mut facts = FactSet::default();
            for (def, value) in FACTS.iter().zip(values).filter(|(def, _)| def.level == level) {
                let most = match def.ty {
                    FactType::Bool => 1,
                    FactType::Count { most } => most,
                    FactType::Money | FactType::Quantity => 1_000_000_000,
                    FactType::Date => 30_000,
                    FactType::Choice(set) => i64::try_from(set.values.len()).unwrap() - 1,
                    FactType::Flags(set) => (1 << set.values.len()) - 1,
                };
                facts.set_known(def.fact, value.map(|value| value % (most + 1)));
            }
            facts
        },
    )
}

fn person() -> impl Strategy<Value = Person> {
    (text(), prop::collection::vec(record(), 0..3), facts(Level::Person))
        .prop_map(|(name, identities, facts)| Person { key: String::new(), name, identities, facts })
}

/// Any household of a key, also one that no document could state.
pub(super) fn household(key: &'static str) -> impl Strategy<Value = Household> {
    let members = prop::collection::btree_map("[A-E]{1,2}", person(), 1..4).prop_map(|people| {
        let keyed = people.into_iter().map(|(key, person)| Person { key, ..person });
        keyed.collect::<Vec<_>>()
    });
    let records = prop::collection::vec(record(), 0..4);
    let town = proptest::option::of("[0-9]{9}|[0-9]{12}".prop_map(|code| code.parse().unwrap()));
    (text(), town, records, facts(Level::Household), members.prop_shuffle()).prop_map(
        move |(place, town, identities, facts, members)| Household {
            key: key.to_owned(),
            place,
            town,
            identities,
            facts,
            members,
        },
    )
}
