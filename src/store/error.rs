//! What can go wrong with a database. Messages hold no SQL and no values: they reach logs and users.

use diesel::ConnectionError;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// Why a call of the store failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be used now; the same call may succeed later or elsewhere.
    #[error("the database is not available: {0}")]
    Unavailable(Unavailable),
    /// Somebody else saved the household first.
    #[error("the household was saved in between: {expected} was expected as its last save, {found} is")]
    Conflict {
        /// The number of the save that the caller had seen.
        expected: i64,
        /// The number of the last save.
        found: i64,
    },
    /// What is stored does not hold together: somebody else than this program wrote it, or a newer one.
    #[error("stored data do not hold together: {0}")]
    Inconsistent(&'static str),
    /// The caller's value has no place in the database.
    #[error("this cannot be stored: {0}")]
    Unstorable(&'static str),
    /// The database refused what this program asked for: a mistake in the program.
    #[error("the database refused an operation: {}", .0.kind)]
    Driver(DriverError),
}

/// What keeps a database from being used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// Another process held it for longer than the time-out, or too many calls wait.
    #[error("it is busy")]
    Busy,
    /// The folder of the file is missing.
    #[error("the folder of its file does not exist")]
    NoFolder,
    /// The system forbids it.
    #[error("this process may not open its file for writing")]
    Forbidden,
    /// The file or its folder cannot be written.
    #[error("its file or the folder of its file is read-only")]
    ReadOnly,
    /// The file cannot be opened.
    #[error("its file cannot be opened")]
    CannotOpen,
    /// The file is something else.
    #[error("its file is not a SQLite database")]
    NotADatabase,
    /// The file is broken.
    #[error("its file is damaged")]
    Damaged,
    /// The disk.
    #[error("the disk is full")]
    Full,
    /// The disk, too.
    #[error("reading or writing the disk failed")]
    Disk,
    /// Write-ahead logging does not work where the file is.
    #[error("it cannot keep a write-ahead log where its file is")]
    NoWriteAheadLog,
    /// Nobody ran the migrations.
    #[error("its tables are missing; run `migrate`")]
    NotMigrated,
    /// The server did not answer, or hung up.
    #[error("there is no connection to the server")]
    NoConnection,
    /// The server hung up while it was committing.
    #[error("the connection was lost while it was committing; what was asked for may have been done")]
    Unconfirmed,
    /// The server refuses this user, password or database.
    #[error("the server refuses the user, the password or the database")]
    Refused,
    /// The server, or a setting of the driver, asks for encryption.
    #[error("an encrypted connection is asked for, and this program makes none to a database")]
    NoEncryption,
    /// The database cannot hold every name.
    #[error("its encoding is not UTF8")]
    NotUtf8,
    /// The store is being closed, or the call failed half-way.
    #[error("the call was given up")]
    GivenUp,
}

/// An operation that the database refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriverError {
    kind: &'static str,
    // For people, in the debug form only.
    // INVARIANT: it names tables, columns and rules, never a value. SQLite's messages do no more; of PostgreSQL's
    // those of the kinds told apart below do no more, and all others are dropped before they leave a worker.
    detail: String,
}

impl StoreError {
    /// Whether a new connection is needed before the next call.
    pub(super) fn breaks_connection(&self) -> bool {
        matches!(self, Self::Driver(_))
            || matches!(self, Self::Unavailable(cause)
                if !matches!(cause, Unavailable::Busy | Unavailable::NotMigrated))
    }

    /// Whether the driver did not tell what went wrong.
    pub(super) fn is_unexplained(&self) -> bool {
        matches!(self, Self::Driver(error) if error.kind == UNEXPLAINED)
    }

    /// The same error without the text of the database.
    pub(super) fn without_detail(self) -> Self {
        match self {
            Self::Driver(error) => Self::driver(error.kind, ""),
            other => other,
        }
    }

    pub(super) fn migration(detail: &str) -> Self {
        Self::driver("a migration", detail)
    }

    fn driver(kind: &'static str, detail: &str) -> Self {
        Self::Driver(DriverError { kind, detail: detail.to_owned() })
    }
}

/// What an error is called of which nothing is known.
const UNEXPLAINED: &str = "a query";

impl From<Unavailable> for StoreError {
    fn from(cause: Unavailable) -> Self {
        Self::Unavailable(cause)
    }
}

impl From<ConnectionError> for StoreError {
    fn from(error: ConnectionError) -> Self {
        match error {
            ConnectionError::BadConnection(message) => unavailable(&message)
                .or_else(|| turned_away(&message))
                .unwrap_or(Unavailable::NoConnection)
                .into(),
            ConnectionError::InvalidCString(_) | ConnectionError::InvalidConnectionUrl(_) => {
                Unavailable::CannotOpen.into()
            }
            ConnectionError::CouldntSetupConfiguration(error) => error.into(),
            _ => Unavailable::NoConnection.into(),
        }
    }
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::DatabaseError(kind, info) => {
                let message = info.message();
                unavailable(message).map_or_else(|| refused(kind, message), Self::Unavailable)
            }
            DieselError::DeserializationError(_) => {
                Self::Inconsistent("a column holds something else than its type")
            }
            DieselError::NotFound => Self::Inconsistent("a row is missing"),
            DieselError::SerializationError(_) | DieselError::InvalidCString(_) => {
                Self::Unstorable("a value that the database has no form for")
            }
            DieselError::RollbackErrorOnCommit { commit_error, .. } => (*commit_error).into(),
            DieselError::BrokenTransactionManager
            | DieselError::AlreadyInTransaction
            | DieselError::NotInTransaction => Self::driver("a transaction", ""),
            _ => Self::driver(UNEXPLAINED, ""),
        }
    }
}

fn refused(kind: DatabaseErrorKind, message: &str) -> StoreError {
    match kind {
        DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
            Unavailable::NoConnection.into()
        }
        DatabaseErrorKind::SerializationFailure => Unavailable::Busy.into(),
        DatabaseErrorKind::UniqueViolation => StoreError::driver("a row that is there already", message),
        DatabaseErrorKind::ForeignKeyViolation => StoreError::driver("a row without its parent", message),
        DatabaseErrorKind::NotNullViolation => StoreError::driver("a value that is missing", message),
        DatabaseErrorKind::CheckViolation | DatabaseErrorKind::RestrictViolation => {
            StoreError::driver("a value that a rule forbids", message)
        }
        // In whatever language the server speaks.
        DatabaseErrorKind::Unknown if message.ends_with(": 0x00") => {
            StoreError::Unstorable("a text with the character NUL")
        }
        DatabaseErrorKind::ReadOnlyTransaction => StoreError::driver("a write among reads", message),
        _ => StoreError::driver(UNEXPLAINED, message),
    }
}

/// Why PostgreSQL's driver could not connect. It speaks English; the server may not, and then it is said less
/// closely.
fn turned_away(message: &str) -> Option<Unavailable> {
    const TEXTS: &[(&str, Unavailable)] = &[
        ("SSL support is not compiled in", Unavailable::NoEncryption),
        ("too many clients", Unavailable::Busy),
        ("too many connections", Unavailable::Busy),
        ("connection slots are reserved", Unavailable::Busy),
        ("authentication failed", Unavailable::Refused),
        ("no password supplied", Unavailable::Refused),
        ("no pg_hba.conf entry", Unavailable::Refused),
        ("permission denied for database", Unavailable::Refused),
        ("\" does not exist", Unavailable::Refused),
    ];
    TEXTS.iter().find(|(text, _)| message.contains(text)).map(|(_, cause)| *cause)
}

/// SQLite's result codes reach us as their fixed English texts only; so do PostgreSQL's where the server speaks
/// English.
fn unavailable(message: &str) -> Option<Unavailable> {
    const TEXTS: &[(&str, Unavailable)] = &[
        ("database is locked", Unavailable::Busy),
        ("database table is locked", Unavailable::Busy),
        ("database schema is locked", Unavailable::Busy),
        ("unable to open database", Unavailable::CannotOpen),
        ("attempt to write a readonly database", Unavailable::ReadOnly),
        ("file is not a database", Unavailable::NotADatabase),
        ("database disk image is malformed", Unavailable::Damaged),
        ("malformed database schema", Unavailable::Damaged),
        ("database or disk is full", Unavailable::Full),
        ("disk I/O error", Unavailable::Disk),
        ("access permission denied", Unavailable::Forbidden),
        ("no such table", Unavailable::NotMigrated),
        ("canceling statement due to lock timeout", Unavailable::Busy),
        ("canceling statement due to statement timeout", Unavailable::Busy),
        ("could not extend file", Unavailable::Full),
    ];
    let message = message.to_ascii_lowercase();
    let known = TEXTS.iter().find(|(text, _)| message.starts_with(&text.to_ascii_lowercase()));
    known.map(|(_, cause)| *cause)
}
