//! The two registries together: invented lists are imported, matched, merged and counted.

mod again;
pub(crate) mod decisions;
mod longnan;

use std::collections::BTreeMap;
use std::sync::Arc;

use assistance_toolbox::app::clock::Clock;
use assistance_toolbox::app::policies::Policies;
use assistance_toolbox::app::registries::{MergeOrder, MergeOutcome, Places, Registers, Report, merge};
use assistance_toolbox::domain::facts::Fact;
use assistance_toolbox::domain::registries::invented::{Like, Order, families};
use assistance_toolbox::domain::registries::{Registry, RegistryRow};
use assistance_toolbox::store::{Closing, Imported, Intake, NewImport, SealedNumber, Statement, Store};
use chrono::{DateTime, NaiveDate, Utc};
use sha2::{Digest as _, Sha256};

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> DateTime<Utc> {
        "2024-06-01T08:00:00Z".parse().unwrap()
    }
}

/// The policies as the program has them.
fn policies() -> Arc<Policies> {
    Arc::new(Policies::new((*crate::support::catalogue()).clone()))
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Both lists of an invented population.
pub(crate) fn invented(like: &str, persons: Option<u32>, without_numbers: u32) -> [Vec<RegistryRow>; 2] {
    let like = Like::named(like).unwrap();
    let counts = persons.map_or(like.counts, |persons| like.counts.scaled(persons));
    let order = Order { counts, on: like.day(), seed: 1, without_numbers };
    let all: Vec<_> = families(&order).unwrap().collect();
    Registry::ALL.map(|registry| all.iter().flat_map(|family| family.rows(registry).to_vec()).collect())
}

/// Rows as the import states them, with a plain hash in place of the keyed one.
struct Rows(std::vec::IntoIter<Statement>);

impl Intake for Rows {
    fn next_rows(&mut self) -> Option<Vec<Statement>> {
        let rows: Vec<Statement> = self.0.by_ref().take(1000).collect();
        (!rows.is_empty()).then_some(rows)
    }

    fn admits(&mut self, _row: &Statement, _beside: &[&Statement]) -> bool {
        true
    }

    fn close(&mut self) -> Closing {
        Closing { refused: 0, keep: true }
    }
}

fn statement(registry: Registry, (line, row): (i64, &RegistryRow)) -> Statement {
    let stated = row.facts.iter().find(|(fact, _)| *fact == Fact::BirthDate);
    let birth =
        row.birth_date().or(stated.and_then(|(_, days)| assistance_toolbox::domain::facts::day_of(*days)));
    let who = row.id_number.as_ref().map_or_else(
        || format!("{} {} {}", registry.code(), row.household_no, row.name),
        |number| number.reveal().to_owned(),
    );
    Statement {
        at: (1, line),
        household_no: row.household_no.clone(),
        region: row.region.clone(),
        person: hex::encode(Sha256::digest(who)),
        name: row.name.clone(),
        number: row.id_number.as_ref().map(|_| SealedNumber { key: 1, text: "sealed".to_owned() }),
        birth_date: birth,
        identity: row.identity.clone(),
        facts: row.facts.iter().filter(|(fact, _)| *fact != Fact::BirthDate).copied().collect(),
    }
}

fn import(store: &Store, registry: Registry, rows: &[RegistryRow], as_of: &str) -> i64 {
    let new = NewImport {
        registry,
        as_of: day(as_of),
        complete: true,
        by: "test".to_owned(),
        at: Fixed.now(),
        keys_check: "0".repeat(64),
        files: vec![format!("{:064}", rows.len() + as_of.len())],
    };
    let rows: Vec<Statement> = (2..).zip(rows).map(|row| statement(registry, row)).collect();
    match store.import(new, Rows(rows.into_iter())).wait().unwrap().0 {
        Imported::Kept(seq, _) => seq,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn import_both(store: &Store, lists: &[Vec<RegistryRow>; 2], as_of: &str) {
    for (registry, rows) in Registry::ALL.into_iter().zip(lists) {
        import(store, registry, rows, as_of);
    }
}

pub(crate) fn report(store: &Store) -> Report {
    Registers::load(store, None).unwrap().report(None, &crate::support::catalogue())
}

fn merged(store: &Store, dry_run: bool) -> MergeOutcome {
    let places = Places::parse(["longnan"]).unwrap();
    let order = MergeOrder { places, from: None, dry_run, by: "test".to_owned() };
    merge(&policies(), store, &order, &Fixed).unwrap()
}

/// The stored households of a day, by key, with how many members each has.
fn stored(store: &Store, on: &str) -> BTreeMap<String, usize> {
    let mut after = None;
    let mut found = BTreeMap::new();
    loop {
        let query = assistance_toolbox::store::ListQuery { on: day(on), within: None, after, first: 1000 };
        let page = store.list_households(query).wait().unwrap();
        for item in &page.items {
            found.insert(item.key.clone(), household(store, &item.key, on).members.len());
        }
        after = page.items.last().map(|item| item.key.clone());
        if !page.more {
            return found;
        }
    }
}

fn household(store: &Store, key: &str, on: &str) -> assistance_toolbox::domain::facts::Household {
    let known = assistance_toolbox::store::AsKnown::Now;
    store.household(key, day(on), known).wait().unwrap().unwrap().household
}
