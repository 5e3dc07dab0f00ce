//! The connection: one of the supported databases, and the queries written once for all of them.

use std::fs::{DirBuilder, OpenOptions};
use std::io::ErrorKind;
use std::path::Path;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::sql_types::Text;
use diesel::{Connection as _, QueryableByName, RunQueryDsl, SqliteConnection};

use super::error::{StoreError, Unavailable};
use super::url::Target;

/// A connection to one of the databases. Queries go through [`on`].
pub(super) enum Connection {
    /// SQLite.
    Sqlite(SqliteConnection),
}

/// Runs a query on whichever database it is: the expression is compiled once for each of them.
macro_rules! on {
    ($connection:expr, $name:ident => $query:expr) => {
        match $connection {
            $crate::store::backend::Connection::Sqlite($name) => $query,
        }
    };
}
pub(super) use on;

/// How long a call waits for another process that writes, in milliseconds: longer than the longest transaction,
/// which records a whole roll. Whoever waits is not refused.
const LONGEST_WAIT: u32 = 300_000;

/// How much of the database the writing connection keeps in memory, in KiB, so that a long transaction does not
/// write its pages twice.
const WRITE_CACHE: u32 = 65_536;

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
        let mut connection = match target {
            Target::SqliteMemory => SqliteConnection::establish(":memory:")?,
            Target::SqliteFile(path) => SqliteConnection::establish(&file_uri(path)?)?,
        };
        // First the time-out, because the others already wait for locks.
        connection.batch_execute(&format!("PRAGMA busy_timeout = {LONGEST_WAIT};"))?;
        let mode =
            diesel::sql_query("PRAGMA journal_mode = WAL").get_result::<JournalMode>(&mut connection)?;
        if matches!(target, Target::SqliteFile(_)) && !mode.journal_mode.eq_ignore_ascii_case("wal") {
            return Err(Unavailable::NoWriteAheadLog.into());
        }
        // Without recursive triggers, REPLACE takes rows away past the triggers that keep them.
        connection.batch_execute(
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON;",
        )?;
        match access {
            Access::Read => connection.batch_execute("PRAGMA query_only = ON;")?,
            Access::Write => connection.batch_execute(&format!("PRAGMA cache_size = -{WRITE_CACHE};"))?,
        }
        Ok(Self::Sqlite(connection))
    }

    /// Runs reads that all see one state of the database.
    pub(super) fn reading<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let begun = match self {
            Self::Sqlite(sqlite) => AnsiTransactionManager::begin_transaction(sqlite),
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
            Self::Sqlite(sqlite) => AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE"),
        };
        self.finish(begun, work)
    }

    fn finish<T>(
        &mut self,
        begun: diesel::QueryResult<()>,
        work: impl FnOnce(&mut Self) -> Result<(T, Keep), StoreError>,
    ) -> Result<T, StoreError> {
        begun?;
        let done = work(self);
        let keep = matches!(done, Ok((_, Keep::Yes)));
        let ended = on!(self, connection => if keep {
            AnsiTransactionManager::commit_transaction(connection)
        } else {
            AnsiTransactionManager::rollback_transaction(connection)
        });
        let (value, _) = done?;
        ended?;
        Ok(value)
    }
}

#[derive(QueryableByName)]
struct JournalMode {
    #[diesel(sql_type = Text)]
    journal_mode: String,
}

/// Makes an empty file where there is none, and its folder if only the last one is missing. The file
/// holds personal data, so nobody but its owner may read it.
pub(super) fn prepare(target: &Target) -> Result<(), StoreError> {
    let Target::SqliteFile(path) = target else { return Ok(()) };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(|error| folder_cause(error.kind()))?;
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| cause(error.kind()))?;
    Ok(())
}

fn folder_cause(kind: ErrorKind) -> Unavailable {
    match kind {
        ErrorKind::NotFound => Unavailable::NoFolder,
        other => cause(other),
    }
}

fn cause(kind: ErrorKind) -> Unavailable {
    match kind {
        ErrorKind::NotFound => Unavailable::NoFolder,
        ErrorKind::PermissionDenied => Unavailable::Forbidden,
        ErrorKind::ReadOnlyFilesystem => Unavailable::ReadOnly,
        ErrorKind::StorageFull => Unavailable::Full,
        _ => Unavailable::CannotOpen,
    }
}

/// The file as a URI, for which SQLite never makes a missing file.
fn file_uri(path: &Path) -> Result<String, StoreError> {
    let path = path.to_str().ok_or(Unavailable::CannotOpen)?;
    let mut uri = String::from("file:");
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_') {
            uri.push(char::from(byte));
        } else {
            uri.push('%');
            uri.push_str(&hex::encode_upper([byte]));
        }
    }
    uri.push_str("?mode=rw");
    Ok(uri)
}

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::sql_types::BigInt;

    #[derive(QueryableByName)]
    struct Setting {
        #[diesel(sql_type = BigInt)]
        value: i64,
    }

    fn setting(connection: &mut Connection, name: &str) -> i64 {
        let query = format!("SELECT * FROM (SELECT {name} AS value FROM pragma_{name})");
        let Connection::Sqlite(sqlite) = connection;
        diesel::sql_query(query).get_result::<Setting>(sqlite).unwrap().value
    }

    #[test]
    fn every_connection_carries_the_settings() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::SqliteFile(folder.path().join("odd %41 name?.sqlite"));
        prepare(&target).unwrap();
        for access in [Access::Write, Access::Read] {
            let mut connection = Connection::open(&target, access).unwrap();
            assert_eq!(setting(&mut connection, "synchronous"), 2, "FULL");
            assert_eq!(setting(&mut connection, "foreign_keys"), 1);
            assert_eq!(setting(&mut connection, "recursive_triggers"), 1);
            assert_eq!(setting(&mut connection, "query_only"), i64::from(access == Access::Read));
            let Connection::Sqlite(sqlite) = &mut connection;
            let timeout = "SELECT timeout AS value FROM pragma_busy_timeout";
            assert_eq!(
                diesel::sql_query(timeout).get_result::<Setting>(sqlite).unwrap().value,
                i64::from(LONGEST_WAIT)
            );
            let mode = "SELECT journal_mode FROM pragma_journal_mode";
            let mode = diesel::sql_query(mode).get_result::<JournalMode>(sqlite).unwrap();
            assert_eq!(mode.journal_mode, "wal");
        }
    }

    #[test]
    fn a_reader_cannot_write_and_a_failed_write_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::SqliteFile(folder.path().join("a.sqlite"));
        prepare(&target).unwrap();
        let create = |connection: &mut Connection| {
            on!(connection, connection => connection.batch_execute("CREATE TABLE t (a TEXT)"))?;
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
