//! A saved package is computed again to the same bytes, whatever happened since.

use std::sync::Arc;

use assistance_toolbox::app::catalogues::{Catalogues, seed};
use assistance_toolbox::app::deliveries::circumstances;
use assistance_toolbox::app::households::package_of;
use assistance_toolbox::app::packages::Scope;
use assistance_toolbox::app::policies::Policies;
use assistance_toolbox::app::saved::{Replay, event, replay};
use assistance_toolbox::app::timeline::{Happening, timeline};
use assistance_toolbox::domain::ledger::Given;
use assistance_toolbox::policy_files;
use assistance_toolbox::store::{AsKnown, ChainEvent, EventKind, NewCatalogue, Store};

use super::{NOW, POLICIES, day, delivered, sample, save, with_income, without_dibao, yuan};
use crate::support::database::{Backend, on_both};
use crate::support::root;
use assistance_toolbox::app::clock::Clock as _;

on_both! {
    it_replays_after_the_facts_changed,
    it_replays_after_the_catalogue_changed,
    a_timeline_holds_everything_in_one_order,
}

/// Saves the package of a household on a day by some policies.
fn save_package(policies: &Policies, store: &Store, key: &str, on: &str) -> ChainEvent {
    let scope = Scope { place: None, on: day(on) };
    let (resolved, seq) = package_of(policies, store, key, scope, AsKnown::Now).unwrap();
    let event = event(&resolved, seq).unwrap();
    store.append_event(key, event, circumstances(policies, "a test", NOW.now())).wait().unwrap()
}

fn again(policies: Option<&Policies>, store: &Store, saved: &ChainEvent) -> Replay {
    let known = AsKnown::After(saved.event.facts_seq);
    let found = store.household(&saved.household, saved.event.on, known).wait().unwrap();
    replay(policies, saved, found.map(|found| found.household))
}

fn it_replays_after_the_facts_changed(backend: Backend) {
    let store = backend.store();
    save(&store, sample("h4"), "2023-01-01");
    let saved = save_package(&POLICIES, &store, "h4", "2024-06-15");
    assert_eq!((saved.seq, saved.event.kind, saved.event.facts_seq), (2, EventKind::Package, 1));
    assert_eq!(again(Some(&POLICIES), &store, &saved), Replay::Same);
    // The future is changed, then the past is corrected.
    save(&store, without_dibao(sample("h4")), "2024-06-01");
    save(&store, with_income(sample("h4"), 23_400), "2023-06-01");
    let now = save_package(&POLICIES, &store, "h4", "2024-06-15");
    assert_ne!(now.event.content, saved.event.content);
    assert_eq!(again(Some(&POLICIES), &store, &saved), Replay::Same);
    assert_eq!(again(Some(&POLICIES), &store, &now), Replay::Same);
    // Whoever changed the bytes is found out here as well.
    let mut forged = saved.clone();
    forged.event.content = forged.event.content.replace("46200", "46201");
    assert_ne!(forged, saved);
    assert_eq!(again(Some(&POLICIES), &store, &forged), Replay::Differs);
    let mut nowhere = saved;
    nowhere.event.facts_seq = 0;
    assert_eq!(again(Some(&POLICIES), &store, &nowhere), Replay::NoFacts);
    assert!(store.verify_ledger(None, None).wait().unwrap().broken.is_empty());
}

fn it_replays_after_the_catalogue_changed(backend: Backend) {
    let store = Arc::new(backend.store());
    seed(&store, &root().join("policies"), NOW.now()).unwrap();
    let old = Catalogues::new(Arc::clone(&store)).start(&root().join("policies"), NOW.now()).unwrap().now();
    save(&store, sample("h4"), "2023-01-01");
    let saved = save_package(&old, &store, "h4", "2024-06-15");

    // Another line for dibao comes into use.
    let mut files = policy_files::texts(&root().join("policies")).unwrap();
    let place = files.iter_mut().find(|(path, _)| path == "jurisdictions/huaibei.toml").unwrap();
    let changed = place.1.replace("9048", "9600");
    assert_ne!(changed, place.1);
    place.1 = changed;
    let new = Arc::new(Policies::new(policy_files::compile(&files).unwrap().0));
    let hash = new.catalogue().hash;
    assert_ne!(hash, old.catalogue().hash);
    let added = NewCatalogue {
        after: 1,
        catalogue: hash,
        files,
        recorded_at: NOW.now(),
        recorded_by: String::from("a test"),
    };
    store.add_catalogue(added).wait().unwrap();

    let later = save_package(&new, &store, "h4", "2024-06-15");
    assert_ne!(later.event.content, saved.event.content);
    // By the new catalogue alone the old package cannot be computed again, and that is said.
    assert_eq!(again(Some(&new), &store, &saved), Replay::NoCatalogue);
    let catalogues = Catalogues::new(Arc::clone(&store));
    for one in [&saved, &later] {
        let kept = catalogues.of_hash_waiting(one.catalogue.parse().unwrap()).unwrap();
        assert_eq!(again(kept.as_deref(), &store, one), Replay::Same);
    }
}

fn a_timeline_holds_everything_in_one_order(backend: Backend) {
    let store = backend.store();
    assert_eq!(timeline(&store, "h4").unwrap(), None);
    save(&store, sample("h4"), "2023-01-01");
    save_package(&POLICIES, &store, "h4", "2024-06-15");
    delivered(&store, "h4", ("-", "S1", "2024-06"), Given::Amount(yuan("462")));
    save(&store, without_dibao(sample("h4")), "2024-06-01");
    super::taken_back(&store, "h4", 3);
    let told: Vec<String> = timeline(&store, "h4")
        .unwrap()
        .unwrap()
        .into_iter()
        .map(|happening| match happening {
            Happening::Save(save) => format!("save {}", save.seq),
            Happening::Entry(entry) => format!("{} {:?}", entry.seq, entry.reverses.map(|(entry, _)| entry)),
            Happening::Event(event) => format!("{} {}", event.seq, event.event.kind.code()),
        })
        .collect();
    assert_eq!(told, ["save 1", "2 package", "3 None", "save 2", "5 change", "6 Some(3)"]);
}
