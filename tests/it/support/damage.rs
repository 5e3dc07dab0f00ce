//! Databases that somebody with the file in hand changed behind the program's back.

use std::path::Path;

use assistance_toolbox::store::{Broken, Store, Verified};
use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection};

#[derive(QueryableByName)]
struct Trigger {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Opens the file past the program.
pub(crate) fn connect(path: &Path) -> SqliteConnection {
    SqliteConnection::establish(path.to_str().unwrap()).unwrap()
}

/// What a verification of a filled database finds after some statements of SQL, which no trigger and no foreign key
/// keeps from anything.
pub(crate) fn after(fill: impl FnOnce(&Path), sql: &str) -> Verified {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sqlite");
    fill(&path);
    let mut connection = connect(&path);
    let triggers = diesel::sql_query("SELECT name FROM sqlite_master WHERE type = 'trigger'");
    for trigger in triggers.load::<Trigger>(&mut connection).unwrap() {
        connection.batch_execute(&format!("DROP TRIGGER {}", trigger.name)).unwrap();
    }
    connection.batch_execute("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").unwrap();
    connection.batch_execute(sql).unwrap();
    drop(connection);
    let store = Store::open(&format!("sqlite:{}", path.display()).parse().unwrap()).unwrap();
    store.verify_ledger(None, None).wait().unwrap()
}

/// The household and the number in its chain of everything that was found.
pub(crate) fn named(verified: &Verified) -> Vec<(String, Option<i64>)> {
    let name = |broken: &Broken| (broken.household.clone(), broken.entry);
    verified.broken.iter().map(name).collect()
}
