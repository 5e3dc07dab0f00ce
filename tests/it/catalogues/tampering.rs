//! Nothing that was in use is changed, and what was changed past the program is not used.

use assistance_toolbox::app::catalogues::{CatalogueError, Catalogues};
use assistance_toolbox::domain::catalogue::CatalogueHash;
use assistance_toolbox::store::{Kept, NewCatalogue, StoreError, Which};
use diesel::prelude::*;

use super::{add, file, hash, now, texts};

#[test]
fn versions_and_their_texts_only_join() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sqlite");
    let store = file(&path);
    assert_eq!(add(&store, 0, texts()), Kept::Added(1));
    let mut connection = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    diesel::sql_query("PRAGMA recursive_triggers = ON").execute(&mut connection).unwrap();
    for statement in [
        "UPDATE policy_texts SET text = 'x'",
        "DELETE FROM policy_texts",
        "INSERT OR REPLACE INTO policy_texts SELECT hash, 'x' FROM policy_texts",
        "UPDATE catalogue_versions SET catalogue = catalogue",
        "DELETE FROM catalogue_versions",
        "INSERT OR REPLACE INTO catalogue_versions SELECT * FROM catalogue_versions",
        "INSERT INTO catalogue_versions SELECT 3, catalogue, recorded_at, recorded_by FROM catalogue_versions",
        "UPDATE catalogue_files SET path = 'x'",
        "DELETE FROM catalogue_files",
        "INSERT OR REPLACE INTO catalogue_files SELECT * FROM catalogue_files",
    ] {
        assert!(diesel::sql_query(statement).execute(&mut connection).is_err(), "{statement}");
    }
    assert_eq!(store.catalogue(Which::Latest).wait().unwrap().unwrap().1, texts());
    diesel::sql_query("DROP TRIGGER policy_texts_stay").execute(&mut connection).unwrap();
    let change =
        "UPDATE policy_texts SET text = replace(text, '2021', '2020') WHERE text LIKE '%C7-boarding%'";
    assert!(diesel::sql_query(change).execute(&mut connection).unwrap() > 0);
    let changed = store.catalogue(Which::Latest).wait();
    assert_eq!(changed, Err(StoreError::Inconsistent("a policy text that was changed")));
}

#[test]
fn files_that_compile_to_something_else_are_not_used() {
    let store = super::memory();
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
