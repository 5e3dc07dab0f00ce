//! The migrations, carried inside the program.

use diesel::migration::{MigrationSource, MigrationVersion};
use diesel::pg::Pg;
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use diesel::{QueryableByName, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::backend::{Connection, on};
use super::error::StoreError;

// The files are read when this file is compiled; see migrations/README.md.
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Runs what is pending, all of it or nothing; answers the versions that it ran.
pub(super) fn run(connection: &mut Connection) -> Result<Vec<String>, StoreError> {
    // Whoever finds nothing to do waits for no writer, and needs no right to make tables.
    let nothing_pending = connection.reading(|connection| {
        refuse_newer(connection)?;
        is_up_to_date(connection)
    })?;
    if nothing_pending {
        return Ok(Vec::new());
    }
    connection.writing(|connection| {
        refuse_newer(connection)?;
        let ran = match connection {
            Connection::Sqlite(sqlite) => sqlite.run_pending_migrations(SQLITE).map(|ran| versions(&ran)),
            Connection::Postgres(server) => server.run_pending_migrations(POSTGRES).map(|ran| versions(&ran)),
        };
        ran.map_err(failed)
    })
}

/// Takes back the last migration; answers its version, or nothing if there is none.
pub(super) fn revert_last(connection: &mut Connection) -> Result<Option<String>, StoreError> {
    connection.writing(|connection| {
        refuse_newer(connection)?;
        if applied(connection)?.is_empty() {
            return Ok(None);
        }
        let reverted = match connection {
            Connection::Sqlite(sqlite) => {
                sqlite.revert_last_migration(SQLITE).map(|version| version.to_string())
            }
            Connection::Postgres(server) => {
                server.revert_last_migration(POSTGRES).map(|version| version.to_string())
            }
        };
        reverted.map(Some).map_err(failed)
    })
}

/// Whether nothing is pending.
pub(super) fn is_up_to_date(connection: &mut Connection) -> Result<bool, StoreError> {
    let known = known(connection)?;
    let applied = applied(connection)?;
    Ok(known.iter().all(|version| applied.contains(version)))
}

/// A newer program may have changed what this one would read and write.
fn refuse_newer(connection: &mut Connection) -> Result<(), StoreError> {
    let known = known(connection)?;
    if applied(connection)?.iter().any(|version| !known.contains(version)) {
        return Err(StoreError::Inconsistent("a newer version of this program migrated the database"));
    }
    Ok(())
}

/// The versions of this program.
fn known(connection: &Connection) -> Result<Vec<String>, StoreError> {
    macro_rules! versions {
        ($backend:ty, $migrations:expr) => {{
            let known = MigrationSource::<$backend>::migrations(&$migrations).map_err(failed)?;
            known.iter().map(|migration| migration.name().version().to_string()).collect()
        }};
    }
    Ok(match connection {
        Connection::Sqlite(_) => versions!(Sqlite, SQLITE),
        Connection::Postgres(_) => versions!(Pg, POSTGRES),
    })
}

/// The versions of the database. The driver's own question makes the table that it reads, which not everybody may.
fn applied(connection: &mut Connection) -> Result<Vec<String>, StoreError> {
    let made = match connection {
        Connection::Sqlite(_) => {
            "SELECT name AS text FROM sqlite_master WHERE name = '__diesel_schema_migrations'"
        }
        Connection::Postgres(_) => {
            "SELECT relname::text AS text FROM pg_class WHERE oid = to_regclass('__diesel_schema_migrations')"
        }
    };
    let versions = "SELECT version AS text FROM __diesel_schema_migrations";
    let ask = |connection: &mut Connection, question: &str| -> Result<Vec<String>, StoreError> {
        let rows = on!(connection, connection => diesel::sql_query(question).load::<Line>(connection))?;
        Ok(rows.into_iter().map(|line| line.text).collect())
    };
    if ask(connection, made)?.is_empty() { Ok(Vec::new()) } else { ask(connection, versions) }
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    text: String,
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
