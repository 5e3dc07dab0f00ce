//! The database URL. It is parsed here and not by the driver, which takes a mistyped URL for a file name.

mod postgres;

pub(super) use postgres::Server;

use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Which database to use: `sqlite:PATH`, `sqlite::memory:` or `postgres://USER@HOST:PORT/DATABASE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseUrl(pub(super) Target);

/// What a URL names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A SQLite file.
    SqliteFile(PathBuf),
    /// A SQLite database that lives as long as the store.
    SqliteMemory,
    /// A database of a PostgreSQL server.
    Postgres(Server),
}

/// Why a text is no database URL. The text itself is not repeated: it may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// It does not begin with a scheme.
    #[error("the database URL has no scheme; write `sqlite:PATH` or `postgres://USER@HOST/DATABASE`")]
    NoScheme,
    /// The scheme is not supported.
    #[error("unsupported scheme `{0}` in the database URL; supported are `sqlite` and `postgres`")]
    UnsupportedScheme(String),
    /// The scheme is followed by something that is no path.
    #[error("the database URL names no SQLite file: {0}; write `sqlite:PATH` or `sqlite::memory:`")]
    NoFile(&'static str),
    /// The scheme is followed by something that names no database of a server.
    #[error("the database URL names no PostgreSQL database: {0}; write `postgres://USER@HOST:PORT/DATABASE`")]
    NoServer(&'static str),
}

impl DatabaseUrl {
    /// A SQLite file.
    pub fn sqlite_file(path: impl Into<PathBuf>) -> Self {
        Self(Target::SqliteFile(path.into()))
    }

    /// The database file, if it is one.
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Target::SqliteFile(path) => Some(path),
            Target::SqliteMemory | Target::Postgres(_) => None,
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        let (scheme, rest) = text.split_once(':').ok_or(UrlError::NoScheme)?;
        if !is_scheme(scheme) {
            return Err(UrlError::NoScheme);
        }
        if scheme.eq_ignore_ascii_case("sqlite") {
            return sqlite(rest).map(DatabaseUrl).map_err(UrlError::NoFile);
        }
        if ["postgres", "postgresql"].iter().any(|name| scheme.eq_ignore_ascii_case(name)) {
            let server = Server::parse(rest).map_err(UrlError::NoServer)?;
            return Ok(Self(Target::Postgres(server)));
        }
        Err(UrlError::UnsupportedScheme(scheme.to_owned()))
    }
}

/// Letters, digits, `+`, `-` and `.` after a first letter (RFC 3986).
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '+' | '-' | '.'))
}

fn sqlite(rest: &str) -> Result<Target, &'static str> {
    if rest == ":memory:" {
        return Ok(Target::SqliteMemory);
    }
    // `sqlite:///srv/a.sqlite` has an empty host; `sqlite://srv/a.sqlite` would have the host `srv`.
    let path = match rest.strip_prefix("//") {
        Some(path) if path.starts_with('/') => path,
        Some(_) => return Err("after `sqlite://` comes a third `/`"),
        None => rest,
    };
    if path.trim().is_empty() {
        return Err("the path is empty");
    }
    if path.trim_matches(':').eq_ignore_ascii_case("memory") {
        return Err("the database in memory is spelt `:memory:`");
    }
    if path.starts_with(':') || path.ends_with(':') || path.contains("://") || path.starts_with("file:") {
        return Err("a path does not look like that");
    }
    if path.contains(['?', '#']) {
        return Err("options after `?` or `#` are not supported");
    }
    if path.ends_with(['/', '\\']) {
        return Err("the path is a folder");
    }
    if path.trim() != path || path.chars().any(char::is_control) {
        return Err("the path has white space around it or control characters in it");
    }
    Ok(Target::SqliteFile(PathBuf::from(path)))
}
