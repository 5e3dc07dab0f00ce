//! The database, for the subcommands that need it: the one they are given, or else the configured one.

use std::io;

use super::{Exit, Io};
use crate::config::Config;
use crate::store::{DatabaseUrl, Store, StoreError};

/// Which database.
#[derive(Debug, clap::Args)]
pub(super) struct DatabaseArgs {
    /// The database: `sqlite:PATH`, where a missing file is made, or `postgres://USER@HOST:PORT/DATABASE` [default: the configured one]
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

impl DatabaseArgs {
    /// Opens the database and brings it up to date; answers the migrations that were run. If it cannot,
    /// says why.
    pub(super) fn open(&self, io: &mut Io<'_>) -> io::Result<Result<(Store, Vec<String>), Exit>> {
        let url = match &self.database {
            None => match configuration(io)? {
                Some(config) => config.database_url,
                None => return Ok(Err(Exit::BadInput)),
            },
            Some(text) => match text.parse() {
                Ok(url) => url,
                Err(error) => {
                    writeln!(io.err, "error: `--database`: {error}")?;
                    return Ok(Err(Exit::BadInput));
                }
            },
        };
        Ok(opened(&url, io)?.ok_or(Exit::Failed))
    }
}

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
