//! Nothing that was in use is changed, and what was changed past the program is not used.

use assistance_toolbox::app::catalogues::{CatalogueError, Catalogues};
use assistance_toolbox::domain::catalogue::CatalogueHash;
use assistance_toolbox::store::{Kept, NewCatalogue, StoreError, Which};

use super::{add, hash, now, texts};
use crate::support::database::{Backend, on_both};

on_both! {
    versions_and_their_texts_only_join,
    files_that_compile_to_something_else_are_not_used,
}

fn versions_and_their_texts_only_join(backend: Backend) {
    let database = backend.database();
    let store = database.store();
    assert_eq!(add(&store, 0, texts()), Kept::Added(1));
    let mut raw = database.raw();
    raw.keeps("policy_texts", "text");
    raw.keeps("catalogue_versions", "catalogue");
    raw.keeps("catalogue_files", "path");
    let gap = "INSERT INTO catalogue_versions SELECT 3, catalogue, recorded_at, recorded_by FROM catalogue_versions";
    assert!(raw.run(gap).is_err());
    assert_eq!(store.catalogue(Which::Latest).wait().unwrap().unwrap().1, texts());
    raw.force();
    let change =
        "UPDATE policy_texts SET text = replace(text, '2021', '2020') WHERE text LIKE '%C7-boarding%'";
    assert!(raw.changed(change).unwrap() > 0);
    let changed = store.catalogue(Which::Latest).wait();
    assert_eq!(changed, Err(StoreError::Inconsistent("a policy text that was changed")));
}

fn files_that_compile_to_something_else_are_not_used(backend: Backend) {
    let store = std::sync::Arc::new(backend.store());
    let said = CatalogueHash([9; 32]);
    let new = |after, files| NewCatalogue {
        after,
        catalogue: said,
        files,
        recorded_at: now(),
        recorded_by: "li".to_owned(),
    };
    store.add_catalogue(new(0, texts())).wait().unwrap();
    let catalogues = Catalogues::new(std::sync::Arc::clone(&store));
    let error = catalogues.of_hash_waiting(said).unwrap_err();
    assert_eq!(error, CatalogueError::OtherHash { seq: 1, said, found: hash(&texts()) });
    store.add_catalogue(new(1, vec![("a.toml".to_owned(), "x = ".to_owned())])).wait().unwrap();
    let error = catalogues.of_hash_waiting(said).unwrap_err();
    assert!(matches!(error, CatalogueError::Broken { seq: 2, .. }), "{error}");
}
