//! The database, for the subcommands that need it: the one they are given, or else the configured one; and the
//! catalogue in use there, for those that decide something.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Exit, Io};
use crate::app::catalogues::{CatalogueError, Catalogues, Live};
use crate::app::policies::Policies;
use crate::config::Config;
use crate::policy_files::{self, Diagnostic};
use crate::store::{DatabaseUrl, Store, StoreError};

/// Which database.
#[derive(Debug, clap::Args)]
pub(super) struct DatabaseArgs {
    /// The database: `sqlite:PATH`, where a missing file is made, or `postgres://USER@HOST:PORT/DATABASE` [default: the configured one]
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

/// Which database, for a subcommand that decides by its catalogue.
#[derive(Debug, clap::Args)]
pub(super) struct StoredArgs {
    /// The folder that a database without a catalogue is filled from; one that has a catalogue decides by it, and a
    /// folder that says something else is refused (`policies_differ`) [default: the configured one]
    #[arg(long, value_name = "DIR")]
    policies: Option<PathBuf>,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// A database, and the catalogue in use there when the command began.
pub(super) struct Stored {
    pub(super) store: Arc<Store>,
    pub(super) policies: Arc<Policies>,
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

impl StoredArgs {
    /// Opens the database with the catalogue in use there, which everything is decided by. If it cannot, says why.
    pub(super) fn open(&self, io: &mut Io<'_>) -> io::Result<Result<Stored, Exit>> {
        let store = match self.database.open(io)? {
            Ok((store, _migrations)) => Arc::new(store),
            Err(exit) => return Ok(Err(exit)),
        };
        let catalogues = Catalogues::new(Arc::clone(&store));
        let live = match (catalogues.in_use(), &self.policies) {
            (Err(CatalogueError::None), Some(folder)) => catalogues.start(folder, io.clock.now()),
            (Err(CatalogueError::None), None) => match configuration(io)? {
                Some(config) => catalogues.start(&config.policies, io.clock.now()),
                None => return Ok(Err(Exit::BadInput)),
            },
            (Ok(live), Some(folder)) => match agrees(&live, folder, io)? {
                Ok(()) => Ok(live),
                Err(exit) => return Ok(Err(exit)),
            },
            (found, _) => found,
        };
        Ok(started(live, io)?.map(|live| Stored { store, policies: live.now() }).ok_or(Exit::Failed))
    }
}

/// Whether a folder that was named says what the catalogue in use says. One that does not would decide otherwise
/// than whoever named it expects.
fn agrees(live: &Live, folder: &Path, io: &mut Io<'_>) -> io::Result<Result<(), Exit>> {
    match policy_files::load(folder) {
        Ok(catalogue) if catalogue.hash == live.now().catalogue().hash => Ok(Ok(())),
        Ok(_) => {
            let (folder, seq) = (folder.display(), live.seq());
            writeln!(
                io.err,
                "error: `--policies`: policies_differ: `{folder}` says something else than catalogue {seq}, which is \
                 in use in the database: leave `--policies` out to decide by that catalogue, or see `check {folder} \
                 --against-database`"
            )?;
            Ok(Err(Exit::BadInput))
        }
        Err(diagnostics) => {
            told(&diagnostics, io)?;
            Ok(Err(Exit::Failed))
        }
    }
}

/// The catalogue in use; if there is none, says why.
pub(super) fn started(live: Result<Live, CatalogueError>, io: &mut Io<'_>) -> io::Result<Option<Live>> {
    match live {
        Ok(live) => return Ok(Some(live)),
        Err(CatalogueError::Folder(diagnostics)) => told(&diagnostics, io)?,
        Err(error) => writeln!(io.err, "error: {error}")?,
    }
    Ok(None)
}

/// Prints what is wrong in a folder of policies.
pub(super) fn told(diagnostics: &[Diagnostic], io: &mut Io<'_>) -> io::Result<()> {
    diagnostics.iter().try_for_each(|diagnostic| writeln!(io.err, "{diagnostic}"))
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
