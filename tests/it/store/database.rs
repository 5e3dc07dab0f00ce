//! Files, URLs, and what is said when they cannot be used.

use assistance_toolbox::domain::facts::Fact;
use assistance_toolbox::store::{DatabaseUrl, Store, StoreError, Unavailable, UrlError};
use diesel::prelude::*;
use diesel::sql_types::Text;
use std::path::Path;

use super::random::plain;
use super::{from, get, save};
use crate::support::database::{Backend, on_both};

on_both! {
    two_stores_on_one_database_see_each_other_and_lose_nothing,
}

#[derive(QueryableByName)]
struct Mode {
    #[diesel(sql_type = Text)]
    journal_mode: String,
}

fn open(path: &Path) -> Result<Store, StoreError> {
    Store::open(&DatabaseUrl::sqlite_file(path))
}

fn refused(path: &Path) -> StoreError {
    open(path).and_then(|store| store.migrate().wait()).unwrap_err()
}

/// The settings of a connection are tested beside it, in `src/store/backend.rs`.
#[test]
fn a_file_is_made_with_a_write_ahead_log_and_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data/a.sqlite");
    open(&file).unwrap().migrate().wait().unwrap();
    let mut connection = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    let mode = diesel::sql_query("PRAGMA journal_mode").get_result::<Mode>(&mut connection).unwrap();
    assert_eq!(mode.journal_mode, "wal");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

fn two_stores_on_one_database_see_each_other_and_lose_nothing(backend: Backend) {
    let database = backend.bare();
    let stores = [(), ()].map(|()| Store::open(&database.parsed()).unwrap());
    std::thread::scope(|scope| {
        for store in &stores {
            scope.spawn(|| store.migrate().wait().unwrap());
        }
    });
    std::thread::scope(|scope| {
        for (offset, store) in (0_i64..).zip(&stores) {
            scope.spawn(move || {
                for round in 0..25 {
                    let mut household = plain("H1");
                    household.facts.set(Fact::CountedIncomeYear, round * 2 + offset);
                    save(store, &household, from("2024-01-01", "2024-01-02T00:00:00Z")).unwrap();
                }
            });
        }
    });
    let mut last = plain("H1");
    last.facts.set(Fact::CountedIncomeYear, -1);
    let saved = save(&stores[0], &last, from("2024-01-01", "2024-01-02T00:00:00Z")).unwrap();
    assert_eq!(saved.seq, 51, "each of the 50 saves differs from the one before");
    assert_eq!(get(&stores[1], "H1", "2024-06-01"), Some(last));
}

#[test]
fn what_cannot_be_opened_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("no/such/a.sqlite");
    assert_eq!(refused(&missing), Unavailable::NoFolder.into());

    let garbage = folder.path().join("garbage.sqlite");
    std::fs::write(&garbage, "this is a letter and no database. ".repeat(200)).unwrap();
    assert_eq!(refused(&garbage), Unavailable::NotADatabase.into());

    let damaged = folder.path().join("damaged.sqlite");
    drop(open(&damaged).unwrap().migrate().wait().unwrap());
    let mut bytes = std::fs::read(&damaged).unwrap();
    for byte in bytes.iter_mut().skip(100) {
        *byte = 0x5a;
    }
    std::fs::write(&damaged, bytes).unwrap();
    assert_eq!(refused(&damaged), Unavailable::Damaged.into());

    let is_folder = folder.path().join("folder.sqlite");
    std::fs::create_dir(&is_folder).unwrap();
    assert_eq!(refused(&is_folder), Unavailable::CannotOpen.into());
    for error in [refused(&garbage), refused(&missing)] {
        assert!(error.to_string().starts_with("the database is not available: "), "{error}");
    }

    let empty = folder.path().join("empty.sqlite");
    let unmigrated = save(&open(&empty).unwrap(), &plain("H1"), from("2024-01-01", "2024-01-02T00:00:00Z"));
    assert_eq!(unmigrated, Err(Unavailable::NotMigrated.into()));
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_says_so() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let shut = folder.path().join("shut");
    std::fs::create_dir(&shut).unwrap();
    std::fs::set_permissions(&shut, std::fs::Permissions::from_mode(0o555)).unwrap();
    // The superuser may write anywhere; a folder that the system itself keeps shut stands in.
    let shut = if std::fs::write(shut.join("probe"), "").is_ok() { Path::new("/proc/self") } else { &shut };
    let error = refused(&shut.join("a.sqlite"));
    let said = matches!(
        error,
        StoreError::Unavailable(
            Unavailable::Forbidden | Unavailable::ReadOnly | Unavailable::NoFolder | Unavailable::CannotOpen
        )
    );
    assert!(said, "{error}");
}

#[test]
fn a_mistyped_url_is_never_a_file_name() {
    for text in
        ["sqlite::memory:", "sqlite:data/a.sqlite", "sqlite:/srv/a.db", "sqlite:///srv/a.db", "SQLite:a"]
    {
        assert!(text.parse::<DatabaseUrl>().is_ok(), "{text}");
    }
    let same: DatabaseUrl = "sqlite:///srv/a.db".parse().unwrap();
    assert_eq!(same.file(), Some(Path::new("/srv/a.db")));

    for (text, expected) in [
        ("", "has no scheme"),
        ("data/a.sqlite", "has no scheme"),
        ("sqlite", "has no scheme"),
        ("sqlite;data/a.sqlite", "has no scheme"),
        (" sqlite:a", "has no scheme"),
        ("://a", "has no scheme"),
        ("1sqlite:a", "has no scheme"),
        ("postgresq://user:secret@host/a", "unsupported scheme `postgresq`"),
        ("sqlite3:a", "unsupported scheme `sqlite3`"),
        ("sqllite:a", "unsupported scheme `sqllite`"),
        ("mysql://host/a", "unsupported scheme `mysql`"),
        ("C:\\data\\a.sqlite", "unsupported scheme `C`"),
        ("file:a.sqlite", "unsupported scheme `file`"),
        ("sqlite:", "the path is empty"),
        ("sqlite:  ", "the path is empty"),
        ("sqlite:///", "the path is a folder"),
        ("sqlite://data/a.sqlite", "a third `/`"),
        ("sqlite:memory", "spelt `:memory:`"),
        ("sqlite:memory:", "spelt `:memory:`"),
        ("sqlite::memory", "spelt `:memory:`"),
        ("sqlite::MEMORY:", "spelt `:memory:`"),
        ("sqlite::memroy:", "does not look like that"),
        ("sqlite:sqlite://a", "does not look like that"),
        ("sqlite:file:a", "does not look like that"),
        ("sqlite:a.sqlite?mode=ro", "options"),
        ("sqlite:data/", "the path is a folder"),
        ("sqlite:a.sqlite ", "white space"),
        ("sqlite:a\0b", "control characters"),
    ] {
        let error = text.parse::<DatabaseUrl>().unwrap_err();
        assert!(error.to_string().contains(expected), "`{text}` gives: {error}");
        assert!(!error.to_string().contains("secret"));
    }
    assert_eq!("sqlite3:a".parse::<DatabaseUrl>(), Err(UrlError::UnsupportedScheme(String::from("sqlite3"))));
}
