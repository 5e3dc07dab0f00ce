//! The migrations, carried inside the program.

use diesel::migration::{MigrationSource, MigrationVersion};
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::backend::{Connection, on};
use super::error::StoreError;

// The files are read when this file is compiled; see migrations/README.md.
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// Runs what is pending, all of it or nothing; answers the versions that it ran.
pub(super) fn run(connection: &mut Connection) -> Result<Vec<String>, StoreError> {
    connection.writing(|connection| {
        refuse_newer(connection)?;
        let ran = match connection {
            Connection::Sqlite(sqlite) => sqlite.run_pending_migrations(SQLITE).map(|ran| versions(&ran)),
        };
        ran.map_err(failed)
    })
}

/// Takes back the last migration; answers its version, or nothing if there is none.
pub(super) fn revert_last(connection: &mut Connection) -> Result<Option<String>, StoreError> {
    connection.writing(|connection| {
        refuse_newer(connection)?;
        let applied = on!(connection, connection => connection.applied_migrations()).map_err(failed)?;
        if applied.is_empty() {
            return Ok(None);
        }
        let reverted = match connection {
            Connection::Sqlite(sqlite) => {
                sqlite.revert_last_migration(SQLITE).map(|version| version.to_string())
            }
        };
        reverted.map(Some).map_err(failed)
    })
}

/// Whether nothing is pending.
pub(super) fn is_up_to_date(connection: &mut Connection) -> Result<bool, StoreError> {
    let pending = match connection {
        Connection::Sqlite(sqlite) => sqlite.has_pending_migration(SQLITE),
    };
    pending.map(|pending| !pending).map_err(failed)
}

/// A newer program may have changed what this one would read and write.
fn refuse_newer(connection: &mut Connection) -> Result<(), StoreError> {
    let applied = on!(connection, connection => connection.applied_migrations()).map_err(failed)?;
    let known = match connection {
        Connection::Sqlite(_) => MigrationSource::<Sqlite>::migrations(&SQLITE).map_err(failed)?,
    };
    let known: Vec<_> = known.iter().map(|migration| migration.name().version().to_string()).collect();
    if applied.iter().any(|version| !known.contains(&version.to_string())) {
        return Err(StoreError::Inconsistent("a newer version of this program migrated the database"));
    }
    Ok(())
}

fn versions(ran: &[MigrationVersion<'_>]) -> Vec<String> {
    ran.iter().map(ToString::to_string).collect()
}

fn failed(error: Box<dyn std::error::Error + Send + Sync>) -> StoreError {
    match error.downcast::<diesel::result::Error>() {
        Ok(error) => (*error).into(),
        Err(error) => StoreError::migration(&error.to_string()),
    }
}
