//! One random case: a catalogue, the trees of its conditions, and a household.

use std::collections::BTreeMap;
use std::sync::Arc;

use assistance_toolbox::domain::catalogue::Catalogue;
use assistance_toolbox::domain::facts::{Fact, FactSet, Household, IdentityRecord, Person};
use assistance_toolbox::domain::package::Package;
use assistance_toolbox::domain::period::Validity;
use assistance_toolbox::domain::resolve::resolve;
use assistance_toolbox::domain::rulebook::Rulebook;
use chrono::NaiveDate;
use proptest::prelude::{Strategy, any};

use super::households;
use super::measures;
use super::tape::Tape;
use super::tree::Tree;

pub(super) const PLACE: &str = "here";

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The day of every resolution.
pub(super) fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 6, 1).unwrap()
}

pub(super) fn valid(from: &str, until: Option<&str>) -> Validity {
    Validity::new(day(from), until.map(day)).unwrap()
}

/// A fact that is, or could be, stated.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stated {
    /// The member; `None` is the household.
    pub(super) who: Option<usize>,
    pub(super) fact: Fact,
    pub(super) value: i64,
    pub(super) known: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) key: &'static str,
    pub(super) identities: Vec<IdentityRecord>,
}

#[derive(Clone)]
pub(super) struct World {
    pub(super) catalogue: Catalogue,
    /// The tree of every condition, by its text.
    pub(super) trees: BTreeMap<String, Tree>,
    pub(super) identities: Vec<IdentityRecord>,
    pub(super) members: Vec<Member>,
    pub(super) facts: Vec<Stated>,
}

impl World {
    pub(super) fn household(&self) -> Household {
        let facts_of = |who: Option<usize>| {
            let mut set = FactSet::default();
            for stated in self.facts.iter().filter(|stated| stated.who == who && stated.known) {
                set.set(stated.fact, stated.value);
            }
            set
        };
        let members = self.members.iter().enumerate().map(|(index, member)| Person {
            key: member.key.to_owned(),
            name: None,
            identities: member.identities.clone(),
            facts: facts_of(Some(index)),
        });
        Household {
            key: "h".to_owned(),
            place: None,
            town: None,
            identities: self.identities.clone(),
            facts: facts_of(None),
            members: members.collect(),
        }
    }

    pub(super) fn rulebook(&self) -> Rulebook {
        Rulebook::compile(&Arc::new(self.catalogue.clone()), PLACE, today()).unwrap()
    }

    /// What the engine says.
    pub(super) fn package(&self) -> (Rulebook, Package) {
        let rulebook = self.rulebook();
        let package = resolve(&rulebook, &self.household()).unwrap();
        (rulebook, package)
    }

    fn draw(mut rules: Tape, mut people: Tape) -> Self {
        let (catalogue, trees) = measures::draw(&mut rules);
        let mut world =
            Self { catalogue, trees, identities: Vec::new(), members: Vec::new(), facts: Vec::new() };
        households::draw(&mut people, &mut world);
        world
    }
}

/// Random cases in which every fact that an amount depends on is known.
pub(super) fn worlds() -> impl Strategy<Value = World> {
    let bytes = |n: usize| proptest::collection::vec(any::<u8>(), n).prop_map(Tape::new);
    (bytes(400), bytes(150)).prop_map(|(rules, people)| World::draw(rules, people))
}
