//! Random households: only identities that may be held together, facts often unknown.

use assistance_toolbox::domain::catalogue::IdentityPair;
use assistance_toolbox::domain::facts::{Fact, IdentityRecord};
use assistance_toolbox::domain::identity::Identity::{
    self, Dibao, DibaoEdge, MEdge, MSudden, MUnstable, Rigid, Tekun,
};
use assistance_toolbox::domain::vocabulary::Level;

use super::tape::Tape;
use super::tree::ASKED;
use super::world::{Member, Stated, World, valid};

/// Facts that amounts depend on, with values that a household may state.
pub(super) const BASES: [(Fact, [i64; 6]); 7] = [
    (Fact::EligibleExpenseYear, [0, 3000, 1000, 1500, 8000, 401]),
    (Fact::OwnCountedIncomeMonth, [0, 500, 700, 999, 2500, 3000]),
    (Fact::CountedIncomeYear, [0, 12_000, 30_000, 7000, 100_000, 60_000]),
    (Fact::NecessarySpendingYear, [0, 3000, 1000, 1500, 8000, 401]),
    (Fact::Cattle, [0, 1, 2, 3, 12, 24]),
    (Fact::Sheep, [0, 1, 2, 3, 12, 24]),
    (Fact::CropsMu, [0, 1000, 2500, 333, 12_000, 24_000]),
];

/// Section 3 of the facts.
pub(super) fn pairs() -> Vec<IdentityPair> {
    let mut pairs = Vec::new();
    for (index, a) in Identity::ALL.into_iter().enumerate() {
        for b in Identity::ALL.into_iter().skip(index + 1) {
            let tracks_differ = a.track() != b.track();
            let same_household =
                tracks_differ || matches!((a, b), (Tekun, Dibao | DibaoEdge) | (Dibao, DibaoEdge));
            pairs.push(IdentityPair { a, b, same_person: tracks_differ, same_household, sources: vec![] });
        }
    }
    pairs
}

pub(super) fn draw(tape: &mut Tape, world: &mut World) {
    let social = tape.of(&[Some(Dibao), None, Some(DibaoEdge), Some(Rigid), Some(Dibao)]);
    let monitored = tape.of(&[None, Some(MEdge), Some(MUnstable), Some(MSudden)]);
    for identity in [social, monitored].into_iter().flatten() {
        world.identities.push(record(tape, identity));
    }
    if social.is_some() && tape.chance(25) {
        // The identity was another one before.
        let before = Identity::ALL.into_iter().find(|other| Some(*other) != social && *other == DibaoEdge);
        let held = valid("2022-01-01", Some("2023-01-01"));
        world.identities.extend(before.map(|identity| IdentityRecord { held, ..plain(identity) }));
    }
    let count = tape.of(&[1, 2, 1, 2, 3, 4]);
    let keys = ["p", "b", "p10", "a"];
    for key in tape.order(4).into_iter().take(count).map(|index| keys[index]) {
        let mut identities = Vec::new();
        if social != Some(Rigid) {
            match tape.pick(6) {
                4 => identities.push(record(tape, Tekun)),
                5 => identities.push(record(tape, Dibao)),
                _ => {}
            }
        }
        world.members.push(Member { key, identities });
    }
    for (fact, values) in ASKED {
        for who in holders(fact, count) {
            let (value, known) = (tape.number(values), !tape.chance(30));
            world.facts.push(Stated { who, fact, value, known });
        }
    }
    for (fact, values) in BASES {
        for who in holders(fact, count) {
            let value = tape.of(&values);
            world.facts.push(Stated { who, fact, value, known: true });
        }
    }
}

fn holders(fact: Fact, count: usize) -> Vec<Option<usize>> {
    match fact.def().level {
        Level::Household => vec![None],
        Level::Person => (0..count).map(Some).collect(),
    }
}

fn plain(identity: Identity) -> IdentityRecord {
    IdentityRecord { identity, held: valid("2023-01-01", None), source: None, evidence: None }
}

fn record(tape: &mut Tape, identity: Identity) -> IdentityRecord {
    let held = match tape.pick(12) {
        8 => valid("2023-01-01", Some("2024-03-01")),
        9 => valid("2023-01-01", Some("2024-06-02")),
        10 => valid("2024-02-01", None),
        11 => valid("2024-07-01", None),
        _ => valid("2023-01-01", None),
    };
    IdentityRecord { held, ..plain(identity) }
}
