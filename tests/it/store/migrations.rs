//! The migrations, both ways, and what they leave.

use std::collections::{BTreeMap, BTreeSet};

use assistance_toolbox::store::{Store, StoreError};

use super::random::plain;
use super::{from, get, save};
use crate::support::database::{Backend, Raw, on_both};

on_both! {
    up_down_and_up_again_leave_the_same_schema_empty_or_filled,
    a_database_that_a_newer_program_migrated_is_refused,
    two_programs_that_start_at_once_migrate_once,
    every_foreign_key_has_an_index,
    schema_rs_agrees_with_the_tables,
}

/// Every object of a schema as it was defined, by kind and name.
fn schema(raw: &mut Raw) -> Vec<String> {
    raw.lines(match raw {
        Raw::Sqlite(_) => {
            "SELECT name || ': ' || coalesce(sql, '') AS line FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' \
             ORDER BY 1"
        }
        Raw::Postgres(_) => {
            "SELECT concat_ws(' ', 'column', table_name, column_name, data_type, is_nullable, collation_name) AS line \
             FROM information_schema.columns WHERE table_schema = 'public' \
             UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' \
             UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) \
             FROM pg_constraint WHERE connamespace = 'public'::regnamespace \
             UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal \
             UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace \
             ORDER BY 1"
        }
    })
}

fn tables(raw: &mut Raw) -> Vec<String> {
    raw.lines(match raw {
        Raw::Sqlite(_) => {
            "SELECT name AS line FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
             AND name <> '__diesel_schema_migrations' ORDER BY 1"
        }
        Raw::Postgres(_) => {
            "SELECT tablename::text AS line FROM pg_tables WHERE schemaname = 'public' \
             AND tablename <> '__diesel_schema_migrations' ORDER BY 1"
        }
    })
}

fn revert_all(store: &Store) -> usize {
    std::iter::from_fn(|| store.revert_last_migration().wait().unwrap()).count()
}

fn up_down_and_up_again_leave_the_same_schema_empty_or_filled(backend: Backend) {
    for filled in [false, true] {
        let database = backend.bare();
        let store = Store::open(&database.parsed()).unwrap();
        assert_eq!(store.is_up_to_date().wait(), Ok(false));
        let ran = store.migrate().wait().unwrap();
        assert!(!ran.is_empty());
        assert_eq!(store.migrate().wait().unwrap(), Vec::<String>::new());
        assert_eq!(store.is_up_to_date().wait(), Ok(true));
        if filled {
            save(&store, &plain("H1"), from("2024-01-01", "2024-01-02T00:00:00Z")).unwrap();
            assert_eq!(get(&store, "H1", "2024-01-01"), Some(plain("H1")));
        }
        let mut raw = database.raw();
        let up = schema(&mut raw);
        assert_eq!(revert_all(&store), ran.len());
        assert_eq!(tables(&mut raw), Vec::<String>::new());
        let left: Vec<String> = schema(&mut raw)
            .into_iter()
            .filter(|line| !line.contains("__diesel_schema_migrations"))
            .collect();
        assert_eq!(left, Vec::<String>::new(), "nothing but the driver's own table is left");
        assert_eq!(store.migrate().wait().unwrap(), ran);
        assert_eq!(schema(&mut raw), up);
        assert_eq!(get(&store, "H1", "2024-01-01"), None);
    }
}

fn a_database_that_a_newer_program_migrated_is_refused(backend: Backend) {
    let database = backend.database();
    let store = database.store();
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')";
    database.raw().run(newer).unwrap();
    let refused = store.migrate().wait().unwrap_err();
    assert!(matches!(refused, StoreError::Inconsistent(why) if why.contains("newer")), "{refused}");
}

fn two_programs_that_start_at_once_migrate_once(backend: Backend) {
    let database = backend.bare();
    let stores = [(), (), ()].map(|()| Store::open(&database.parsed()).unwrap());
    let ran: Vec<Vec<String>> = std::thread::scope(|scope| {
        let all: Vec<_> =
            stores.iter().map(|store| scope.spawn(|| store.migrate().wait().unwrap())).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(ran.iter().filter(|versions| !versions.is_empty()).count(), 1, "{ran:?}");
}

/// Columns in their order, by what they belong to.
fn parts(raw: &mut Raw, query: &str) -> Vec<Vec<String>> {
    let mut whole = BTreeMap::<String, Vec<String>>::new();
    for line in raw.lines(query) {
        let (id, name) = line.split_once(' ').unwrap();
        whole.entry(id.to_owned()).or_default().push(name.to_owned());
    }
    whole.into_values().collect()
}

fn every_foreign_key_has_an_index(backend: Backend) {
    let mut raw = backend.database().raw();
    let mut seen = 0;
    for table in tables(&mut raw) {
        let (keys, indexes) = match backend {
            Backend::Sqlite => (
                format!(
                    "SELECT id || ' ' || \"from\" AS line FROM pragma_foreign_key_list('{table}') ORDER BY id, seq"
                ),
                format!(
                    "SELECT list.seq || ' ' || info.name AS line FROM pragma_index_list('{table}') AS list, \
                     pragma_index_info(list.name) AS info WHERE list.partial = 0 ORDER BY list.seq, info.seqno"
                ),
            ),
            Backend::Postgres => {
                let columns = |from: &str, keys: &str, condition: &str| {
                    format!(
                        "SELECT own.oid || ' ' || attname AS line FROM {from}, unnest({keys}) WITH ORDINALITY \
                         AS part (number, place), pg_attribute WHERE {condition} \
                         AND attrelid = '{table}'::regclass AND attnum = number ORDER BY own.oid, place"
                    )
                };
                let index = "(SELECT indexrelid AS oid, * FROM pg_index) AS own";
                (
                    columns(
                        "pg_constraint AS own",
                        "conkey",
                        &format!("contype = 'f' AND conrelid = '{table}'::regclass"),
                    ),
                    columns(index, "indkey", &format!("indpred IS NULL AND indrelid = '{table}'::regclass")),
                )
            }
        };
        let indexes = parts(&mut raw, &indexes);
        for key in parts(&mut raw, &keys) {
            seen += 1;
            let serves = |index: &Vec<String>| {
                index.len() >= key.len() && key.iter().all(|column| index[..key.len()].contains(column))
            };
            assert!(indexes.iter().any(serves), "`{table}` has no index on {key:?}");
        }
    }
    assert!(seen > 20, "the foreign keys were found");
}

fn schema_rs_agrees_with_the_tables(backend: Backend) {
    let mut raw = backend.database().raw();
    let found: BTreeMap<String, Vec<String>> = tables(&mut raw)
        .into_iter()
        .map(|table| {
            let query = match backend {
                Backend::Sqlite => format!(
                    "SELECT name || '|' || type || '|' || \"notnull\" AS line FROM pragma_table_info('{table}') \
                     ORDER BY cid"
                ),
                Backend::Postgres => format!(
                    "SELECT concat_ws('|', column_name, data_type, (is_nullable = 'NO')::int, collation_name) AS line \
                     FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}' \
                     ORDER BY ordinal_position"
                ),
            };
            (table, raw.lines(&query).iter().map(|line| declaration(line)).collect())
        })
        .collect();
    assert_eq!(declared(include_str!("../../../src/store/schema.rs")), found);
}

/// A column as `diesel::table!` has it. Text is ordered by its bytes, so that both databases order it alike.
fn declaration(line: &str) -> String {
    let mut parts = line.split('|');
    let [name, kind, required] = [(); 3].map(|()| parts.next().unwrap());
    let kind = match (kind, parts.next()) {
        ("TEXT", None) | ("text", Some("C")) => "Text",
        ("BIGINT" | "bigint", None) => "BigInt",
        ("BOOLEAN" | "boolean", None) => "Bool",
        ("DATE" | "date", None) => "Date",
        ("TIMESTAMP" | "timestamp without time zone", None) => "Timestamp",
        other => panic!("{other:?} of `{name}` is no portable type"),
    };
    if required == "1" { format!("{name} -> {kind}") } else { format!("{name} -> Nullable<{kind}>") }
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

#[test]
fn both_databases_have_the_same_migrations_keys_and_indexes() {
    let names = |backend: &str| -> BTreeSet<String> {
        let folder = crate::support::root().join("migrations").join(backend);
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
    let indexes = |mut raw: Raw| -> BTreeSet<String> {
        let query = match raw {
            Raw::Sqlite(_) => {
                "SELECT tbl_name || '.' || name AS line FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
            }
            Raw::Postgres(_) => {
                "SELECT tablename || '.' || indexname AS line FROM pg_indexes WHERE schemaname = 'public' \
                 AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = indexname)"
            }
        };
        raw.lines(query).into_iter().collect()
    };
    assert_eq!(indexes(Backend::Sqlite.database().raw()), indexes(Backend::Postgres.database().raw()));
}

/// The text of each CHECK, whatever the databases make of it.
#[test]
fn both_databases_have_the_same_rules() {
    let rules = |backend: &str| -> BTreeMap<String, Vec<String>> {
        let folder = crate::support::root().join("migrations").join(backend);
        let mut tables = BTreeMap::<String, Vec<String>>::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path().join("up.sql")).unwrap();
            for part in text.split("CREATE TABLE ").skip(1) {
                let (table, rest) = part.split_once(' ').unwrap();
                let body = rest.split_once("\n)").unwrap().0;
                let rule =
                    |line: &&str| ["CHECK", "PRIMARY", "FOREIGN"].iter().any(|word| line.starts_with(word));
                let rules = body.lines().map(str::trim).filter(rule).map(|line| line.trim_end_matches(','));
                let columns = body.lines().filter(|line| line.contains("REFERENCES"));
                let columns = columns.map(|line| line.split_whitespace().last().unwrap());
                tables.entry(table.to_owned()).or_default().extend(rules.chain(columns).map(str::to_owned));
            }
        }
        tables
    };
    assert_eq!(rules("sqlite"), rules("postgres"));
}
