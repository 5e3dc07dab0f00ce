//! What only a server has: its URL, its settings, and connections that break.

use assistance_toolbox::domain::catalogue::CatalogueHash;
use assistance_toolbox::store::{
    DatabaseUrl, ListQuery, NewCatalogue, Store, StoreError, Unavailable, UrlError,
};

use super::random::plain;
use super::{at, day, from, get, save};
use crate::support::cluster::cluster;
use crate::support::database::{Backend, Database};
use crate::support::program;

fn database() -> Database {
    Backend::Postgres.database()
}

fn saved(store: &Store, key: &str) -> Result<i64, StoreError> {
    save(store, &plain(key), from("2024-01-01", "2024-01-02T00:00:00Z")).map(|saved| saved.seq)
}

fn refused(url: &str) -> StoreError {
    Store::open(&url.parse().unwrap()).err().unwrap()
}

#[test]
fn a_url_is_read_strictly() {
    for text in [
        "postgres:///a",
        "postgresql:///a",
        "POSTGRES://localhost/a",
        "postgres://user@localhost/a",
        "postgres://user:pass%40word@127.0.0.1:5433/a",
        "postgres://user@[::1]:5433/a",
        "postgres://%2Fvar%2Frun%2Fpostgresql/a",
        "postgres:///a?host=/var/run/postgresql&port=5433&user=u&password=p",
        "postgres://db.example/a?sslmode=disable",
    ] {
        assert!(text.parse::<DatabaseUrl>().is_ok(), "{text}");
    }
    for (text, expected) in [
        ("postgres:a", "comes `//`"),
        ("postgres:/a", "comes `//`"),
        ("postgres://localhost", "no database is named"),
        ("postgres://localhost/", "no database is named"),
        ("postgres://localhost/a/b", "has a `/`"),
        ("postgres://user:secret@host/a", "not encrypted"),
        ("postgres://user:secret@10.0.0.7/a", "not encrypted"),
        ("postgres://user:secret@host/a?sslmode=require", "sslmode=disable"),
        ("postgres://user:secret@localhost/a?sslmode=prefer", "no encrypted connection"),
        ("postgres://user:se@cret@localhost/a", "escaped as `%40`"),
        ("postgres://user:secret/2@localhost/a", "escaped as `%2F`"),
        ("postgres://user:secret%@localhost/a", "escaped as `%25`"),
        ("postgres://user:secret%zz@localhost/a", "escaped as `%25`"),
        ("postgres://user:secret%00@localhost/a", "control character"),
        ("postgres://user:secret%ff@localhost/a", "not UTF-8"),
        ("postgres://user:sec ret@localhost/a", "white space"),
        ("postgres://user:secret#1@localhost/a", "`%23`"),
        ("postgres://user:secret?1@localhost/a", "no database is named"),
        ("postgres://localhost:0/a", "1 to 65535"),
        ("postgres://localhost:65536/a", "1 to 65535"),
        ("postgres://localhost:port/a", "1 to 65535"),
        ("postgres://[::1/a", "closing bracket"),
        ("postgres://[::1]5432/a", "comes the port"),
        ("postgres://localhost,other/a?sslmode=disable", "one host"),
        ("postgres:///a?host=", "one host"),
        ("postgres://localhost/a?host=other", "says again"),
        ("postgres://localhost/a?options=-cfsync=off", "the options are"),
        ("postgres://localhost/a?sslmode", "has no value"),
    ] {
        let error = text.parse::<DatabaseUrl>().unwrap_err();
        assert!(matches!(error, UrlError::NoServer(_)), "{text}");
        assert!(error.to_string().contains(expected), "`{text}` gives: {error}");
        assert!(!format!("{error} {error:?}").contains("sec"), "{error}");
    }
}

#[test]
fn a_password_is_not_shown() {
    let url: DatabaseUrl = "postgres://user:secret@localhost/a".parse().unwrap();
    assert!(format!("{url:?}").contains("user") && !format!("{url:?}").contains("secret"), "{url:?}");
    let mut command = program();
    command.args(["migrate", "--database", "postgres://user:secret@localhost:1/a"]);
    let output = command.env("ASSISTANCE_LOG", "trace").output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(told.contains("there is no connection to the server") && !told.contains("secret"), "{told}");
}

#[test]
fn what_cannot_be_used_says_why() {
    let (there, cluster) = (database(), cluster());
    assert_eq!(refused(&cluster.url("no_such_database")), Unavailable::Refused.into());
    assert_eq!(refused(&there.url().replace("tester", "nobody_such")), Unavailable::Refused.into());
    assert_eq!(refused(&there.url().replace("host=/", "host=/no/such/")), Unavailable::NoConnection.into());
    assert_eq!(refused("postgres://127.0.0.1:1/a"), Unavailable::NoConnection.into());

    let bare = Store::open(&Backend::Postgres.bare().parsed()).unwrap();
    assert_eq!(saved(&bare, "H1"), Err(Unavailable::NotMigrated.into()));
    let query = ListQuery { on: day("2024-01-01"), within: None, after: None, first: 1 };
    assert_eq!(bare.list_households(query).wait().unwrap_err(), Unavailable::NotMigrated.into());

    cluster.run("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0");
    assert_eq!(refused(&cluster.url("latin")), Unavailable::NotUtf8.into());

    // The driver takes what the environment says of encryption, and cannot do it.
    let mut command = program();
    command.args(["migrate", "--database", there.url()]).env("PGSSLMODE", "require");
    let output = command.output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("an encrypted connection is asked for"), "{told}");
}

/// A table is replaced by a view that shows the settings of whoever asks.
#[test]
fn every_connection_carries_the_settings() {
    const SETTINGS: &str = "concat_ws(' ', current_setting('transaction_isolation'), \
         current_setting('transaction_read_only'), current_setting('synchronous_commit'), \
         current_setting('lock_timeout'), current_setting('statement_timeout'), \
         current_setting('idle_in_transaction_session_timeout'), current_setting('TimeZone'), \
         current_setting('application_name'))";
    let database = database();
    cluster().run(&format!(
        "ALTER DATABASE {name} SET synchronous_commit = off; ALTER DATABASE {name} SET lock_timeout = 1;
         ALTER DATABASE {name} SET default_transaction_read_only = on; ALTER DATABASE {name} SET timezone = 'PRC'",
        name = database.name()
    ));
    let mut raw = database.raw();
    raw.run("SET default_transaction_read_only = off").unwrap();
    raw.run(&format!(
        "CREATE VIEW settings AS SELECT {SETTINGS} AS line;
         CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
             'BEGIN NEW.recorded_by := (SELECT line FROM settings); RETURN NEW; END';
         CREATE TRIGGER note BEFORE INSERT ON catalogue_versions FOR EACH ROW EXECUTE FUNCTION note()"
    ))
    .unwrap();
    let store = database.store();
    let new = NewCatalogue {
        after: 0,
        catalogue: CatalogueHash([0; 32]),
        files: Vec::new(),
        recorded_at: at("2024-01-01T00:00:00Z"),
        recorded_by: String::new(),
    };
    store.add_catalogue(new).wait().unwrap();
    let rest = "on 5min 10min 5min UTC assistance-toolbox";
    let told = |store: &Store| store.latest_catalogue().wait().unwrap().unwrap().recorded_by;
    assert_eq!(told(&store), format!("read committed off {rest}"), "whoever writes");
    raw.run(
        "SET session_replication_role = replica; ALTER TABLE catalogue_versions RENAME TO kept;
         CREATE VIEW catalogue_versions AS
             SELECT seq, catalogue, recorded_at, (SELECT line FROM settings) AS recorded_by FROM kept",
    )
    .unwrap();
    assert_eq!(told(&store), format!("repeatable read on {rest}"), "whoever reads");
}

fn hang_up(database: &Database) {
    let hang_up = "SELECT pg_terminate_backend(pid, 10000)::text AS line FROM pg_stat_activity \
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
    assert!(!database.raw().lines(hang_up).is_empty(), "somebody was connected");
}

#[test]
fn a_lost_connection_is_told_once_and_made_again() {
    let database = database();
    let store = database.store();
    assert_eq!(saved(&store, "H1"), Ok(1));
    hang_up(&database);
    let lost = saved(&store, "H2");
    assert!(lost == Err(Unavailable::NoConnection.into()) || lost == Ok(1), "{lost:?}");
    assert_eq!(saved(&store, "H2"), Ok(1));
    // In a quiet moment nobody notices.
    hang_up(&database);
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    assert_eq!(saved(&store, "H3"), Ok(1));
    assert!(get(&store, "H3", "2024-01-01").is_some());
}

#[test]
fn a_connection_that_is_lost_while_it_commits_is_no_success() {
    let database = database();
    let store = database.store();
    database
        .raw()
        .run(
            "CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS
                 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(60); RETURN NULL; END';
             CREATE CONSTRAINT TRIGGER hang_up AFTER INSERT ON households DEFERRABLE INITIALLY DEFERRED
                 FOR EACH ROW WHEN (NEW.key = 'H2') EXECUTE FUNCTION hang_up()",
        )
        .unwrap();
    assert_eq!(saved(&store, "H2"), Err(Unavailable::Unconfirmed.into()));
    assert_eq!(saved(&store, "H1"), Ok(1));
    assert_eq!(get(&store, "H2", "2024-01-01"), None);
}

/// As docs/operations.md sets it up: whoever serves need not own the tables.
#[test]
fn a_user_without_the_right_to_change_tables_serves() {
    let database = database();
    cluster().run("DROP ROLE IF EXISTS clerk; CREATE ROLE clerk LOGIN");
    let mut owner = database.raw();
    owner
        .run(
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO clerk;
             GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO clerk;
             REVOKE INSERT, UPDATE, DELETE ON __diesel_schema_migrations FROM clerk",
        )
        .unwrap();
    let store = Store::open(&database.url().replace("tester", "clerk").parse().unwrap()).unwrap();
    assert_eq!(store.migrate().wait(), Ok(Vec::new()));
    assert_eq!(store.is_up_to_date().wait(), Ok(true));
    assert_eq!(saved(&store, "H1"), Ok(1));
    assert!(get(&store, "H1", "2024-01-01").is_some());
    assert!(store.revert_last_migration().wait().is_err());
    drop(store);
    owner.run("DROP OWNED BY clerk; DROP ROLE clerk").unwrap();
}

#[test]
fn a_text_that_the_database_cannot_hold_is_refused() {
    let store = database().store();
    let mut household = plain("H1");
    household.members[0].name = Some(String::from("a\0b"));
    let refused = save(&store, &household, from("2024-01-01", "2024-01-02T00:00:00Z"));
    assert_eq!(refused, Err(StoreError::Unstorable("a text with the character NUL")));
}

#[test]
fn what_the_database_refuses_is_told_without_a_value() {
    let database = database();
    let store = database.store();
    database
        .raw()
        .run(
            "ALTER TABLE persons ADD CONSTRAINT nobody CHECK (household_key <> 'H1');
             CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS
                 'BEGIN RAISE EXCEPTION ''% is refused'', NEW.key; END';
             CREATE TRIGGER shout BEFORE INSERT ON households FOR EACH ROW WHEN (NEW.key = 'H2')
                 EXECUTE FUNCTION shout()",
        )
        .unwrap();
    for (key, expected) in [("H1", "a value that a rule forbids"), ("H2", "a query")] {
        let error = saved(&store, key).unwrap_err();
        assert!(matches!(error, StoreError::Driver(_)) && error.to_string().contains(expected), "{error}");
        assert!(!format!("{error:?}").contains(key), "{error:?}");
    }
    assert_eq!(saved(&store, "H3"), Ok(1));
}
