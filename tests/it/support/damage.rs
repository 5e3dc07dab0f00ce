//! Databases that somebody changed behind the program's back.

use assistance_toolbox::store::{Broken, Verified};

use super::database::Database;

/// What a verification finds after some statements of SQL by somebody whom no trigger stops.
pub(crate) fn after(database: &Database, sql: &str) -> Verified {
    let mut raw = database.raw();
    raw.force();
    raw.run(sql).unwrap();
    database.store().verify_ledger(None, None).wait().unwrap()
}

/// The household and the number in its chain of everything that was found.
pub(crate) fn named(verified: &Verified) -> Vec<(String, Option<i64>)> {
    let name = |broken: &Broken| (broken.household.clone(), broken.entry);
    verified.broken.iter().map(name).collect()
}
