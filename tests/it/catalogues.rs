//! The catalogues that the database keeps: seeded, opened by hash, exchanged while in use, written out again.

mod cli;
mod commands;
mod forms;
mod kinds;
mod live;
mod proposals;
mod tampering;

use std::path::Path;
use std::sync::Arc;

use assistance_toolbox::app::catalogues::{Catalogues, SEEDER};
use assistance_toolbox::domain::catalogue::CatalogueHash;
use assistance_toolbox::policy_files;
use assistance_toolbox::store::{Kept, NewCatalogue, PolicyTexts, Store, Which};
use chrono::{DateTime, Utc};

use crate::support::database::{Backend, on_both};
use crate::support::root;

on_both! {
    an_empty_database_is_seeded_once_and_keeps_every_byte,
    every_catalogue_opens_by_its_hash,
}

fn now() -> DateTime<Utc> {
    "2024-06-01T04:00:00Z".parse().unwrap()
}

/// The files of the folder.
fn texts() -> PolicyTexts {
    policy_files::texts(&root().join("policies")).unwrap()
}

/// The files with the one text in a file replaced by the other.
fn edited(path: &str, from: &str, to: &str) -> PolicyTexts {
    let mut files = texts();
    let file = files.iter_mut().find(|(known, _)| known == path).unwrap();
    assert!(file.1.contains(from), "{path} has not `{from}`");
    file.1 = file.1.replacen(from, to, 1);
    files
}

fn hash(files: &PolicyTexts) -> CatalogueHash {
    policy_files::compile(files).unwrap().0.hash
}

fn add(store: &Store, after: i64, files: PolicyTexts) -> Kept {
    let catalogue = hash(&files);
    let new = NewCatalogue { after, catalogue, files, recorded_at: now(), recorded_by: "li".to_owned() };
    store.add_catalogue(new).wait().unwrap()
}

fn an_empty_database_is_seeded_once_and_keeps_every_byte(backend: Backend) {
    let store = Arc::new(backend.store());
    let catalogues = Catalogues::new(Arc::clone(&store));
    let live = catalogues.start(&root().join("policies"), now()).unwrap();
    assert_eq!((live.seq(), live.now().catalogue().hash), (1, hash(&texts())));
    let (version, files) = store.catalogue(Which::Latest).wait().unwrap().unwrap();
    assert_eq!(files, texts());
    assert_eq!((version.recorded_by.as_str(), version.recorded_at), (SEEDER, now()));
    // A folder that is not there is not asked for any more.
    let again = catalogues.start(Path::new("/nowhere"), now()).unwrap();
    assert_eq!(again.seq(), 1);
    assert!(Catalogues::new(Arc::new(backend.store())).start(Path::new("/nowhere"), now()).is_err());
}

fn every_catalogue_opens_by_its_hash(backend: Backend) {
    let store = Arc::new(backend.store());
    let changed = edited("measures/C7.toml", "from = 2021-01-01", "from = 2021-02-01");
    let reworded = edited("measures/C7.toml", "zh = \"小学寄宿生\"", "zh = \"小学住校生\"");
    assert_eq!(add(&store, 0, texts()), Kept::Added(1));
    assert_eq!(add(&store, 1, changed.clone()), Kept::Added(2));
    assert_eq!(add(&store, 1, changed.clone()), Kept::Behind(2));
    assert_eq!(add(&store, 2, reworded.clone()), Kept::Added(3));
    assert_eq!(hash(&reworded), hash(&texts()));
    let catalogues = Catalogues::new(Arc::clone(&store));
    for _ in 0..2 {
        let open = catalogues.of_hash_waiting(hash(&changed)).unwrap().unwrap();
        assert_eq!(open.catalogue().hash, hash(&changed));
        // The last words of an equal catalogue count.
        let open = catalogues.of_hash_waiting(hash(&texts())).unwrap().unwrap();
        let standard = &open.catalogue().measure("C7").unwrap().standards[0];
        assert_eq!(standard.name.zh, "小学住校生");
    }
    assert!(catalogues.of_hash_waiting(CatalogueHash([7; 32])).unwrap().is_none());
    assert_eq!(store.catalogue(Which::Seq(2)).wait().unwrap().unwrap().1, changed);
    let numbers = |before, first| -> Vec<i64> {
        store.catalogues(before, first).wait().unwrap().iter().map(|version| version.seq).collect()
    };
    assert_eq!((numbers(None, 2), numbers(Some(2), 9)), (vec![3, 2], vec![1]));
}
