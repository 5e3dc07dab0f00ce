//! SQLite: its file, and the settings of a connection.

use std::fs::{DirBuilder, OpenOptions};
use std::io::ErrorKind;
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{Connection as _, QueryableByName, RunQueryDsl, SqliteConnection};

use super::{Access, LONGEST_WAIT};
use crate::store::error::{StoreError, Unavailable};

/// How much of the database the writing connection keeps in memory, in KiB, so that a long transaction does not
/// write its pages twice.
const WRITE_CACHE: u32 = 65_536;

/// Takes the lock of whoever writes.
pub(super) const BEGIN_WRITING: &str = "BEGIN IMMEDIATE";

/// Connects to a file, or to a database of its own in memory.
pub(super) fn open(file: Option<&Path>, access: Access) -> Result<SqliteConnection, StoreError> {
    let mut connection = match file {
        None => SqliteConnection::establish(":memory:")?,
        Some(path) => SqliteConnection::establish(&file_uri(path)?)?,
    };
    // First the time-out, because the others already wait for locks.
    connection.batch_execute(&format!("PRAGMA busy_timeout = {LONGEST_WAIT};"))?;
    let mode = diesel::sql_query("PRAGMA journal_mode = WAL").get_result::<JournalMode>(&mut connection)?;
    if file.is_some() && !mode.journal_mode.eq_ignore_ascii_case("wal") {
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
    Ok(connection)
}

#[derive(QueryableByName)]
struct JournalMode {
    #[diesel(sql_type = Text)]
    journal_mode: String,
}

/// Makes an empty file where there is none, and its folder if only the last one is missing. The file
/// holds personal data, so nobody but its owner may read it.
pub(super) fn prepare(path: &Path) -> Result<(), StoreError> {
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

    fn setting(sqlite: &mut SqliteConnection, name: &str) -> i64 {
        let query = format!("SELECT * FROM (SELECT {name} AS value FROM pragma_{name})");
        diesel::sql_query(query).get_result::<Setting>(sqlite).unwrap().value
    }

    #[test]
    fn every_connection_carries_the_settings() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("odd %41 name?.sqlite");
        prepare(&file).unwrap();
        for access in [Access::Write, Access::Read] {
            let mut connection = open(Some(&file), access).unwrap();
            assert_eq!(setting(&mut connection, "synchronous"), 2, "FULL");
            assert_eq!(setting(&mut connection, "foreign_keys"), 1);
            assert_eq!(setting(&mut connection, "recursive_triggers"), 1);
            assert_eq!(setting(&mut connection, "query_only"), i64::from(access == Access::Read));
            let timeout = "SELECT timeout AS value FROM pragma_busy_timeout";
            assert_eq!(
                diesel::sql_query(timeout).get_result::<Setting>(&mut connection).unwrap().value,
                i64::from(LONGEST_WAIT)
            );
            let mode = "SELECT journal_mode FROM pragma_journal_mode";
            let mode = diesel::sql_query(mode).get_result::<JournalMode>(&mut connection).unwrap();
            assert_eq!(mode.journal_mode, "wal");
        }
    }
}
