//! Databases for tests: of both kinds, empty, and gone when the test is over.

use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};

use assistance_toolbox::store::{DatabaseUrl, Store};
use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{Connection as _, PgConnection, QueryResult, QueryableByName, RunQueryDsl, SqliteConnection};

use super::cluster::{MIGRATED, cluster};

/// Makes two tests of each function that takes a [`Backend`]: `NAME::sqlite` and `NAME::postgres`. Those that are
/// `async` say so.
macro_rules! on_both {
    () => {};
    (async $name:ident $(, $($rest:tt)*)?) => {
        mod $name {
            #[actix_web::test]
            async fn sqlite() {
                super::$name($crate::support::database::Backend::Sqlite).await;
            }

            #[actix_web::test]
            async fn postgres() {
                super::$name($crate::support::database::Backend::Postgres).await;
            }
        }
        $($crate::support::database::on_both! { $($rest)* })?
    };
    ($name:ident $(, $($rest:tt)*)?) => {
        mod $name {
            #[test]
            fn sqlite() {
                super::$name($crate::support::database::Backend::Sqlite);
            }

            #[test]
            fn postgres() {
                super::$name($crate::support::database::Backend::Postgres);
            }
        }
        $($crate::support::database::on_both! { $($rest)* })?
    };
}
pub(crate) use on_both;

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Backend {
    Sqlite,
    Postgres,
}

/// A database that is gone when the thread ends that made it.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    url: String,
}

impl Backend {
    /// How many cases a random test has that makes a database for each: those of a server cost more to make.
    pub(crate) fn cases(self, count: u32) -> u32 {
        match self {
            Self::Sqlite => count,
            Self::Postgres => count.div_ceil(4),
        }
    }

    /// An empty database with its tables, open. The cheapest there is.
    pub(crate) fn store(self) -> Store {
        match self {
            Self::Sqlite => opened("sqlite::memory:"),
            Self::Postgres => self.database().store(),
        }
    }

    /// An empty database that several may open.
    pub(crate) fn database(self) -> Database {
        match self {
            Self::Sqlite => {
                let database = self.bare();
                database.store();
                database
            }
            Self::Postgres => copied(MIGRATED),
        }
    }

    /// A database without any table.
    pub(crate) fn bare(self) -> Database {
        match self {
            Self::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let url = format!("sqlite:{}", folder.path().join("a.sqlite").display());
                hold(Held::Folder(folder));
                Database { url }
            }
            Self::Postgres => copied("template1"),
        }
    }
}

impl Database {
    /// Where it is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Its name on the server.
    pub(crate) fn name(&self) -> &str {
        self.url.trim_start_matches("postgres:///").split('?').next().unwrap()
    }

    /// Where it is, parsed.
    pub(crate) fn parsed(&self) -> DatabaseUrl {
        self.url.parse().unwrap()
    }

    /// Opens it, with its tables.
    pub(crate) fn store(&self) -> Store {
        opened(&self.url)
    }

    /// A connection past the store.
    pub(crate) fn raw(&self) -> Raw {
        match self.parsed().file() {
            Some(file) => Raw::Sqlite(SqliteConnection::establish(file.to_str().unwrap()).unwrap()),
            None => Raw::Postgres(PgConnection::establish(&self.url).unwrap()),
        }
    }
}

/// A connection past the store.
pub(crate) enum Raw {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

impl Raw {
    /// Runs statements.
    pub(crate) fn run(&mut self, statements: &str) -> QueryResult<()> {
        match self {
            Self::Sqlite(connection) => connection.batch_execute(statements),
            Self::Postgres(connection) => connection.batch_execute(statements),
        }
    }

    /// Runs one statement; how many rows it changed.
    pub(crate) fn changed(&mut self, statement: &str) -> QueryResult<usize> {
        match self {
            Self::Sqlite(connection) => diesel::sql_query(statement).execute(connection),
            Self::Postgres(connection) => diesel::sql_query(statement).execute(connection),
        }
    }

    /// The texts of a query's column `line`.
    pub(crate) fn lines(&mut self, query: &str) -> Vec<String> {
        let rows = match self {
            Self::Sqlite(connection) => diesel::sql_query(query).load::<Line>(connection),
            Self::Postgres(connection) => diesel::sql_query(query).load::<Line>(connection),
        };
        rows.unwrap().into_iter().map(|row| row.line).collect()
    }

    /// From now on no trigger and no foreign key stands in the way, as for an owner of the database who means it.
    pub(crate) fn force(&mut self) {
        if let Self::Postgres(_) = self {
            return self.run("SET session_replication_role = replica").unwrap();
        }
        self.run("PRAGMA foreign_keys = OFF").unwrap();
        for name in self.lines("SELECT name AS line FROM sqlite_master WHERE type = 'trigger'") {
            self.run(&format!("DROP TRIGGER {name}")).unwrap();
        }
    }

    /// Fails unless the database lets nobody change, delete, replace or empty the rows of a table.
    pub(crate) fn keeps(&mut self, table: &str, column: &str) {
        let own = match self {
            Self::Sqlite(_) => [
                String::from("PRAGMA recursive_triggers = ON"),
                format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}"),
            ],
            Self::Postgres(_) => [
                format!("TRUNCATE {table} CASCADE"),
                format!(
                    "INSERT INTO {table} SELECT * FROM {table} \
                     ON CONFLICT ON CONSTRAINT {table}_pkey DO UPDATE SET {column} = excluded.{column}"
                ),
            ],
        };
        let all = [format!("UPDATE {table} SET {column} = {column}"), format!("DELETE FROM {table}")];
        for statement in own.iter().chain(&all) {
            let refused = self.changed(statement);
            assert!(refused.is_err() || statement.starts_with("PRAGMA"), "{statement}");
        }
    }
}

fn opened(url: &str) -> Store {
    let store = Store::open(&url.parse().unwrap()).unwrap();
    store.migrate().wait().unwrap();
    store
}

fn copied(template: &str) -> Database {
    static NUMBER: AtomicUsize = AtomicUsize::new(1);
    let name = format!("t{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    // Twice as fast as by the log, for a copy of a few small tables.
    cluster().run(&format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"));
    let url = cluster().url(&name);
    hold(Held::Database(name));
    Database { url }
}

/// What is taken away when the thread ends; a test runs in a thread of its own.
enum Held {
    Folder(#[expect(dead_code, reason = "it is held to be dropped")] tempfile::TempDir),
    Database(String),
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Self::Database(name) = self {
            cluster().run(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

fn hold(held: Held) {
    thread_local!(static HELD: RefCell<Vec<Held>> = const { RefCell::new(Vec::new()) });
    HELD.with_borrow_mut(|all| all.push(held));
}
