//! The configured database, for the subcommands that need it.

use std::io;

use super::Io;
use crate::config::Config;
use crate::store::{DatabaseUrl, Store, StoreError};

/// Reads the configuration; if it is wrong, prints everything that is and gives nothing.
pub(super) fn configuration(io: &mut Io<'_>) -> io::Result<Option<Config>> {
    match Config::from_environment() {
        Ok(config) => Ok(Some(config)),
        Err(errors) => {
            for error in errors.0 {
                writeln!(io.err, "error: {error}")?;
            }
            Ok(None)
        }
    }
}

/// Opens the database and brings it up to date; answers the migrations that were run.
pub(super) fn opened(url: &DatabaseUrl, io: &mut Io<'_>) -> io::Result<Option<(Store, Vec<String>)>> {
    let open = || -> Result<(Store, Vec<String>), StoreError> {
        let store = Store::open(url)?;
        let done = store.migrate().wait()?;
        Ok((store, done))
    };
    match open() {
        Ok(opened) => Ok(Some(opened)),
        Err(error) => {
            writeln!(io.err, "error: {error}")?;
            Ok(None)
        }
    }
}
