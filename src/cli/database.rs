//! The database of a command, and `migrate`.

use std::io;

use super::{Exit, Io};
use crate::store::{DatabaseUrl, Store, StoreError};

/// Which database.
#[derive(Debug, clap::Args)]
pub(super) struct DatabaseArgs {
    /// The database: `sqlite:PATH`; a file that is missing is made
    #[arg(
        long,
        value_name = "URL",
        env = "ASSISTANCE_DATABASE_URL",
        hide_env_values = true,
        default_value = "sqlite:data/assistance.sqlite"
    )]
    database: String,
}

/// The arguments of `migrate`.
#[derive(Debug, clap::Args)]
pub(super) struct MigrateArgs {
    /// Take back the last migration instead, and with it the data of the tables that it made
    #[arg(long)]
    revert_last: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

impl DatabaseArgs {
    /// Opens the database with its tables as this program needs them; if that fails, says why.
    pub(super) fn open(&self, io: &mut Io<'_>) -> io::Result<Result<Store, Exit>> {
        let store = match self.connect(io)? {
            Ok(store) => store,
            Err(exit) => return Ok(Err(exit)),
        };
        match store.migrate().wait() {
            Ok(_ran) => Ok(Ok(store)),
            Err(error) => Ok(Err(failed(&error, io)?)),
        }
    }

    fn connect(&self, io: &mut Io<'_>) -> io::Result<Result<Store, Exit>> {
        let url: DatabaseUrl = match self.database.parse() {
            Ok(url) => url,
            Err(error) => {
                writeln!(io.err, "error: `--database`: {error}")?;
                return Ok(Err(Exit::BadInput));
            }
        };
        match Store::open(&url) {
            Ok(store) => Ok(Ok(store)),
            Err(error) => Ok(Err(failed(&error, io)?)),
        }
    }
}

pub(super) fn migrate(args: &MigrateArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let store = match args.database.connect(io)? {
        Ok(store) => store,
        Err(exit) => return Ok(exit),
    };
    let done = if args.revert_last {
        store.revert_last_migration().wait().map(|version| version.into_iter().collect())
    } else {
        store.migrate().wait()
    };
    match done {
        Ok(versions) => {
            versions.iter().try_for_each(|version| writeln!(io.out, "{version}"))?;
            Ok(Exit::Done)
        }
        Err(error) => failed(&error, io),
    }
}

/// Says that the database failed.
pub(super) fn failed(error: &StoreError, io: &mut Io<'_>) -> io::Result<Exit> {
    writeln!(io.err, "error: {error}")?;
    Ok(Exit::Failed)
}
