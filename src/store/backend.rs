//! The connection: one of the supported databases, and the queries written once for all of them.

mod postgres;
mod sqlite;

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::{PgConnection, SqliteConnection};

use super::error::StoreError;
use super::url::Target;

/// A connection to one of the databases. Queries go through [`on`].
pub(super) enum Connection {
    /// SQLite.
    Sqlite(SqliteConnection),
    /// PostgreSQL.
    Postgres(PgConnection),
}

/// Runs a query on whichever database it is: the expression is compiled once for each of them.
macro_rules! on {
    ($connection:expr, $name:ident => $query:expr) => {
        match $connection {
            $crate::store::backend::Connection::Sqlite($name) => $query,
            $crate::store::backend::Connection::Postgres($name) => $query,
        }
    };
}
pub(super) use on;

/// How long a call waits for another process that writes, in milliseconds: longer than the longest transaction,
/// which records a whole roll. Whoever waits is not refused.
const LONGEST_WAIT: u32 = 300_000;

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Reading only; the database refuses a write.
    Read,
    /// Reading and writing.
    Write,
}

/// Whether what a transaction wrote stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keep {
    /// It is committed.
    Yes,
    /// It is rolled back.
    No,
}

impl Connection {
    /// Connects, with every setting that the store relies on.
    pub(super) fn open(target: &Target, access: Access) -> Result<Self, StoreError> {
        match target {
            Target::SqliteMemory => sqlite::open(None, access).map(Self::Sqlite),
            Target::SqliteFile(path) => sqlite::open(Some(path), access).map(Self::Sqlite),
            Target::Postgres(server) => postgres::open(server, access).map(Self::Postgres),
        }
    }

    /// Whether the database still answers on it. A file does not hang up.
    pub(super) fn answers(&mut self) -> bool {
        match self {
            Self::Sqlite(_) => true,
            Self::Postgres(connection) => postgres::answers(connection),
        }
    }

    /// Finds out more about an error that the driver does not tell closely enough.
    pub(super) fn explain(&mut self, error: StoreError) -> StoreError {
        match self {
            Self::Sqlite(_) => error,
            Self::Postgres(connection) => postgres::explain(connection, error),
        }
    }

    /// Runs reads that all see one state of the database.
    pub(super) fn reading<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let begun = match self {
            Self::Sqlite(sqlite) => {
                AnsiTransactionManager::begin_transaction(sqlite).map_err(StoreError::from)
            }
            Self::Postgres(connection) => postgres::begin_reading(connection),
        };
        self.finish(begun, |connection| Ok((work(connection)?, Keep::Yes)))
    }

    /// Runs writes that all happen or none. The lock is taken at once, so that what is read first is
    /// still true when it is written.
    pub(super) fn writing<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.deciding(|connection| Ok((work(connection)?, Keep::Yes)))
    }

    /// Like [`Connection::writing`], for work that may find at its end that nothing is to stay.
    pub(super) fn deciding<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<(T, Keep), StoreError>,
    ) -> Result<T, StoreError> {
        let begun = match self {
            Self::Sqlite(sqlite) => {
                AnsiTransactionManager::begin_transaction_sql(sqlite, sqlite::BEGIN_WRITING)
                    .map_err(StoreError::from)
            }
            Self::Postgres(connection) => postgres::begin_writing(connection),
        };
        self.finish(begun, |connection| {
            let done = work(connection)?;
            if let (Self::Postgres(connection), (_, Keep::Yes)) = (connection, &done) {
                postgres::check(connection)?;
            }
            Ok(done)
        })
    }

    fn finish<T>(
        &mut self,
        begun: Result<(), StoreError>,
        work: impl FnOnce(&mut Self) -> Result<(T, Keep), StoreError>,
    ) -> Result<T, StoreError> {
        begun?;
        let done = work(self);
        let keep = matches!(done, Ok((_, Keep::Yes)));
        let ended = match self {
            Self::Postgres(connection) if keep => postgres::commit(connection),
            Self::Sqlite(sqlite) if keep => {
                AnsiTransactionManager::commit_transaction(sqlite).map_err(StoreError::from)
            }
            other => on!(other, connection => AnsiTransactionManager::rollback_transaction(connection))
                .map_err(StoreError::from),
        };
        let (value, _) = done?;
        ended?;
        Ok(value)
    }
}

/// Makes an empty file where there is none. A database of a server is there already: making it is its operator's.
pub(super) fn prepare(target: &Target) -> Result<(), StoreError> {
    match target {
        Target::SqliteFile(path) => sqlite::prepare(path),
        Target::SqliteMemory | Target::Postgres(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::connection::SimpleConnection;

    #[test]
    fn a_reader_cannot_write_and_a_failed_write_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::SqliteFile(folder.path().join("a.sqlite"));
        prepare(&target).unwrap();
        let create = |connection: &mut Connection| {
            on!(connection, connection => SimpleConnection::batch_execute(connection, "CREATE TABLE t (a TEXT)"))?;
            Ok(())
        };
        let mut reader = Connection::open(&target, Access::Read).unwrap();
        assert!(reader.reading(create).is_err());
        let mut writer = Connection::open(&target, Access::Write).unwrap();
        let failed = writer.writing(|connection| {
            create(connection)?;
            Err::<(), _>(StoreError::Inconsistent("a test"))
        });
        assert_eq!(failed, Err(StoreError::Inconsistent("a test")));
        writer.writing(create).unwrap();
    }
}
