//! PostgreSQL: the settings of a connection, its transactions, and what its errors mean.
//!
//! One transaction writes at a time, over all processes, as on SQLite: whoever writes takes an advisory lock of the
//! database first and keeps it to the end. So what a transaction reads is still true when it writes, and nobody is
//! refused because somebody else wrote.

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::sql_types::{Bool, Text};
use diesel::{Connection as _, PgConnection, QueryableByName, RunQueryDsl};

use super::{Access, LONGEST_WAIT};
use crate::store::error::{StoreError, Unavailable};
use crate::store::url::Server;

/// The advisory lock of whoever writes: `assist` in ASCII. It counts within the one database.
const WRITER: i64 = 0x6173_7369_7374;

/// After how many seconds of silence both ends of a connection begin to ask whether the other is still there. A
/// writer that vanished with its machine holds the lock until then.
const SILENCE: u32 = 60;

/// Connects to a database that is there.
pub(super) fn open(server: &Server, access: Access) -> Result<PgConnection, StoreError> {
    let mut connection = PgConnection::establish(&server.parameters(SILENCE))?;
    let encoding = "SELECT current_setting('server_encoding') AS value";
    if diesel::sql_query(encoding).get_result::<Setting>(&mut connection)?.value != "UTF8" {
        return Err(Unavailable::NotUtf8.into());
    }
    let (isolation, read_only) = match access {
        Access::Read => ("repeatable read", "on"),
        Access::Write => ("read committed", "off"),
    };
    // Waiting for the lock counts as running a statement, so a statement may take longer than that. A stronger
    // setting than `on` stays: it waits for replicas, too.
    connection.batch_execute(&format!(
        "SET lock_timeout = {LONGEST_WAIT};
         SET statement_timeout = {statement};
         SET idle_in_transaction_session_timeout = {LONGEST_WAIT};
         SET default_transaction_isolation = '{isolation}';
         SET default_transaction_read_only = {read_only};
         SET tcp_keepalives_idle = {SILENCE};
         SET tcp_keepalives_interval = 10;
         SET tcp_keepalives_count = 3;
         SELECT set_config('synchronous_commit', 'on', false)
         WHERE current_setting('synchronous_commit') IN ('off', 'local');",
        statement = LONGEST_WAIT.saturating_mul(2),
    ))?;
    Ok(connection)
}

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = Text)]
    value: String,
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

/// Whether the server is still there.
pub(super) fn answers(connection: &mut PgConnection) -> bool {
    connection.batch_execute("SELECT 1").is_ok()
}

/// Begins a transaction that sees one state of the database.
pub(super) fn begin_reading(connection: &mut PgConnection) -> Result<(), StoreError> {
    let status = AnsiTransactionManager::transaction_manager_status_mut(connection);
    if status.transaction_depth()?.is_some() {
        // Within a transaction that writes nobody else does, so its reads see one state as they are.
        return Ok(AnsiTransactionManager::begin_transaction(connection)?);
    }
    let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    Ok(AnsiTransactionManager::begin_transaction_sql(connection, begin)?)
}

/// Begins a transaction as the one writer. Each statement after the lock sees what the last writer committed; under
/// a stricter isolation the statement that waits for the lock would fix what is seen to before.
pub(super) fn begin_writing(connection: &mut PgConnection) -> Result<(), StoreError> {
    let begin =
        format!("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_advisory_xact_lock({WRITER})");
    AnsiTransactionManager::begin_transaction_sql(connection, &begin).map_err(|error| {
        match connection.batch_execute("ROLLBACK") {
            // The server is there, so what it refused is the lock.
            Ok(()) => Unavailable::Busy.into(),
            Err(_gone) => error.into(),
        }
    })
}

/// Whether everything in the transaction went well. One in which a statement failed would be rolled back by COMMIT
/// without an error, if somebody passed over the failure; this statement is refused in it.
pub(super) fn check(connection: &mut PgConnection) -> Result<(), StoreError> {
    Ok(connection.batch_execute("SELECT 1")?)
}

/// Commits, or says that it cannot be known whether it did.
pub(super) fn commit(connection: &mut PgConnection) -> Result<(), StoreError> {
    AnsiTransactionManager::commit_transaction(connection).map_err(|error| match error.into() {
        StoreError::Unavailable(Unavailable::NoConnection) => Unavailable::Unconfirmed.into(),
        other => other,
    })
}

/// The driver hands on no code of an error, and the server's texts may be in any language: one question tells
/// whether the tables are missing. A text may repeat values, so it is dropped.
pub(super) fn explain(connection: &mut PgConnection, error: StoreError) -> StoreError {
    if !error.is_unexplained() {
        return error;
    }
    let missing = "SELECT to_regclass('__diesel_schema_migrations') IS NULL AS yes";
    match diesel::sql_query(missing).get_result::<Answer>(connection) {
        Ok(Answer { yes: true }) => Unavailable::NotMigrated.into(),
        Ok(Answer { yes: false }) => error.without_detail(),
        Err(gone) => match gone.into() {
            lost @ StoreError::Unavailable(_) => lost,
            _ => error.without_detail(),
        },
    }
}
