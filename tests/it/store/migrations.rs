//! The migrations, both ways, and what they leave.

use std::collections::BTreeMap;
use std::path::Path;

use assistance_toolbox::store::{Store, StoreError};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::random::plain;
use super::{from, get, save, url};

#[derive(QueryableByName, Debug, PartialEq, Eq)]
struct Definition {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Nullable<Text>)]
    sql: Option<String>,
}

#[derive(QueryableByName, Debug)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    required: i64,
}

#[derive(QueryableByName, Debug)]
struct Part {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    name: String,
}

fn connect(file: &Path) -> SqliteConnection {
    SqliteConnection::establish(file.to_str().unwrap()).unwrap()
}

fn schema(file: &Path) -> Vec<Definition> {
    let query = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name";
    diesel::sql_query(query).load(&mut connect(file)).unwrap()
}

fn tables(file: &Path) -> Vec<String> {
    let query = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
                 AND name <> '__diesel_schema_migrations' ORDER BY name";
    let tables = diesel::sql_query(query).load::<Definition>(&mut connect(file)).unwrap();
    tables.into_iter().map(|table| table.name).collect()
}

fn revert_all(store: &Store) -> usize {
    std::iter::from_fn(|| store.revert_last_migration().wait().unwrap()).count()
}

#[test]
fn up_down_and_up_again_leave_the_same_schema_empty_or_filled() {
    for filled in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.sqlite");
        let store = Store::open(&url(&file)).unwrap();
        let ran = store.migrate().wait().unwrap();
        assert!(!ran.is_empty());
        assert_eq!(store.migrate().wait().unwrap(), Vec::<String>::new());
        if filled {
            save(&store, &plain("H1"), from("2024-01-01", "2024-01-02T00:00:00Z")).unwrap();
            assert_eq!(get(&store, "H1", "2024-01-01"), Some(plain("H1")));
        }
        let up = schema(&file);
        assert_eq!(revert_all(&store), ran.len());
        assert_eq!(tables(&file), Vec::<String>::new());
        assert_eq!(store.migrate().wait().unwrap(), ran);
        assert_eq!(schema(&file), up);
        assert_eq!(get(&store, "H1", "2024-01-01"), None);
    }
}

#[test]
fn a_database_that_a_newer_program_migrated_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.sqlite");
    let store = Store::open(&url(&file)).unwrap();
    store.migrate().wait().unwrap();
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')";
    diesel::sql_query(newer).execute(&mut connect(&file)).unwrap();
    let refused = store.migrate().wait().unwrap_err();
    assert!(matches!(refused, StoreError::Inconsistent(why) if why.contains("newer")), "{refused}");
}

#[test]
fn every_foreign_key_has_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.sqlite");
    Store::open(&url(&file)).unwrap().migrate().wait().unwrap();
    let mut connection = connect(&file);
    let mut seen = 0;
    for table in tables(&file) {
        let parts = |connection: &mut SqliteConnection, query: String| {
            let mut whole = BTreeMap::<i64, Vec<String>>::new();
            for part in diesel::sql_query(query).load::<Part>(connection).unwrap() {
                whole.entry(part.id).or_default().push(part.name);
            }
            whole
        };
        let keys =
            format!("SELECT id, \"from\" AS name FROM pragma_foreign_key_list('{table}') ORDER BY id, seq");
        let indexes = format!(
            "SELECT list.seq AS id, info.name AS name FROM pragma_index_list('{table}') AS list, \
             pragma_index_info(list.name) AS info WHERE list.partial = 0 ORDER BY list.seq, info.seqno"
        );
        let indexes = parts(&mut connection, indexes);
        for key in parts(&mut connection, keys).into_values() {
            seen += 1;
            let serves = |index: &Vec<String>| {
                index.len() >= key.len() && key.iter().all(|column| index[..key.len()].contains(column))
            };
            assert!(indexes.values().any(serves), "`{table}` has no index on {key:?}");
        }
    }
    assert!(seen > 5, "the foreign keys were found");
}

#[test]
fn schema_rs_agrees_with_the_tables() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.sqlite");
    Store::open(&url(&file)).unwrap().migrate().wait().unwrap();
    let mut connection = connect(&file);
    let found: BTreeMap<String, Vec<String>> = tables(&file)
        .into_iter()
        .map(|table| {
            let query = format!(
                "SELECT name, type AS kind, \"notnull\" AS required FROM pragma_table_info('{table}') ORDER BY cid"
            );
            let columns = diesel::sql_query(query).load::<Column>(&mut connection).unwrap();
            (table, columns.iter().map(line).collect())
        })
        .collect();
    assert_eq!(declared(include_str!("../../../src/store/schema.rs")), found);
}

fn line(column: &Column) -> String {
    let kind = match column.kind.as_str() {
        "TEXT" => "Text",
        "BIGINT" => "BigInt",
        "BOOLEAN" => "Bool",
        "DATE" => "Date",
        "TIMESTAMP" => "Timestamp",
        other => panic!("`{other}` is no portable type"),
    };
    if column.required == 1 {
        format!("{} -> {kind}", column.name)
    } else {
        format!("{} -> Nullable<{kind}>", column.name)
    }
}

/// The tables of a file of `diesel::table!`, with the text of each column.
fn declared(text: &str) -> BTreeMap<String, Vec<String>> {
    let mut tables = BTreeMap::<String, Vec<String>>::new();
    let mut table = String::new();
    for line in text.lines().map(str::trim) {
        if let Some((name, _)) = line.strip_suffix(") {").and_then(|line| line.split_once(" (")) {
            name.clone_into(&mut table);
        } else if line.contains(" -> ") {
            tables.entry(table.clone()).or_default().push(line.trim_end_matches(',').to_owned());
        }
    }
    tables
}
