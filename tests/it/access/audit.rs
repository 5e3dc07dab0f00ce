//! The audit log: what stands in it, and that a change of it is found.

use assistance_toolbox::app::access::Role;
use assistance_toolbox::app::audit::{AuditError, verify};
use assistance_toolbox::documents::audit::{Entry, Link};
use assistance_toolbox::store::{AuditHead, Store};

use super::{App, app_on, claims};
use crate::support::database::{Backend, Database, Raw, on_both};

on_both! {
    the_log_is_listed_on_the_command_line,
    whatever_is_changed_past_the_database_is_found,
    the_database_refuses_a_change,
    a_whole_log_is_verified_to_its_end,
    async everything_done_with_stored_data_stands_in_the_log_and_refusals_too,
    async without_a_record_nothing_is_shown,
    async an_auditor_reads_the_log_and_that_is_recorded_too,
}

fn told(app: &App) -> Vec<String> {
    let page = app.store.audit(0, 1_000).wait().unwrap();
    let line = |entry: Entry| {
        let Entry { at, subject, roles, purpose, action, object, outcome } = entry;
        assert_eq!(at.timestamp(), super::app::NOW);
        let (purpose, object) = (purpose.unwrap_or_default(), object.unwrap_or_default());
        [subject, roles.join("+"), purpose, action, object, outcome].join("|")
    };
    page.rows.into_iter().map(|row| line(row.entry)).collect()
}

async fn everything_done_with_stored_data_stands_in_the_log_and_refusals_too(backend: Backend) {
    let app = app_on(backend);
    app.save("H1", Some("990101001"));
    app.save("H2", Some("990102001"));
    let caseworker = claims(&[Role::Caseworker], None, Some("990101"));
    let portal = claims(&[Role::Portal, Role::Operator], None, None);
    app.ask("{ places { id } }", Some(&caseworker)).await;
    app.ask("{ household(key: \"H1\") { key } }", None).await;
    for document in [
        "{ household(key: \"H1\") { key members { name } facts { value } } }",
        "{ household(key: \"H2\") { key } }",
        "{ household(key: \"H9\") { key } }",
        // No key could be this: it is not repeated.
        "{ household(key: \"110101199003071234\") { key } }",
        "{ householdPackage(key: \"H1\") { package { household } } }",
        "{ node(id: \"aG91c2Vob2xkOkgx\") { id } }",
        "{ households(first: 9) { totalCount edges { node { key town } } } }",
        "{ households(first: 9, region: \"99\") { edges { node { members { key } lastSave } } } }",
    ] {
        let answer = app.ask(document, Some(&caseworker)).await;
        assert_eq!(answer.body.get("errors"), None, "{document} {}", answer.body);
    }
    app.ask("{ household(key: \"H1\") { key } }", Some(&portal)).await;
    app.one(super::app::query("{ household(key: \"H1\") { key } }").insert_header(app.bearer(&caseworker)))
        .await;
    insta::allow_duplicates! {
        insta::assert_snapshot!(told(&app).join("\n"), @r"
        zhang.san|caseworker|review|Query.household|H1|shown
        zhang.san|caseworker|review|Query.household|H2|out_of_scope
        zhang.san|caseworker|review|Query.household|H9|not_found
        zhang.san|caseworker|review|Query.household||not_found
        zhang.san|caseworker|review|Query.householdPackage|H1|shown
        zhang.san|caseworker|review|Node.Household|H1|shown
        zhang.san|caseworker|review|Query.households||shown
        zhang.san|caseworker|review|Query.households|99|shown
        zhang.san|caseworker|review|Query.households|H1|shown
        zhang.san|portal+operator|review|Query.household||refused_role
        zhang.san|caseworker||Query.household||refused_no_purpose
        ");
    }
    assert_eq!(verify(&app.store).unwrap().entries, 11);
}

/// What cannot be recorded is not shown.
async fn without_a_record_nothing_is_shown(backend: Backend) {
    let database = backend.database();
    let app = app_on(backend).with_store(database.store());
    app.save("H1", Some("990101001"));
    let mut raw = database.raw();
    raw.run(match backend {
        Backend::Sqlite => {
            "CREATE TRIGGER no_place BEFORE INSERT ON audit_entries BEGIN SELECT RAISE(ABORT, 'full'); END"
        }
        Backend::Postgres => {
            "CREATE TRIGGER no_place BEFORE INSERT ON audit_entries EXECUTE FUNCTION refuse('full')"
        }
    })
    .unwrap();
    let auditor = claims(&[Role::Auditor], None, None);
    for document in ["{ household(key: \"H1\") { key } }", "{ households(first: 1) { totalCount } }"] {
        let answer = app.ask(document, Some(&auditor)).await;
        assert_eq!(answer.error(), ("INTERNAL_SERVER_ERROR", "internal"), "{document}");
        assert!(!answer.body["data"].to_string().contains("H1"), "{}", answer.body);
        assert!(!answer.body.to_string().contains("totalCount"), "{}", answer.body);
    }
    raw.run(match backend {
        Backend::Sqlite => "DROP TRIGGER no_place",
        Backend::Postgres => "DROP TRIGGER no_place ON audit_entries",
    })
    .unwrap();
    let answer = app.ask("{ household(key: \"H1\") { key } }", Some(&auditor)).await;
    assert_eq!(answer.body["data"]["household"]["key"], "H1");
}

fn entry(number: i64) -> Entry {
    Entry {
        at: "2024-06-01T04:00:00.123456789Z".parse().unwrap(),
        subject: format!("s{number}"),
        roles: vec![String::from("auditor")],
        purpose: None,
        action: String::from("Query.household"),
        object: Some(String::from("H1")),
        outcome: String::from("shown"),
    }
}

/// A log of some entries, and a connection that goes past the store.
fn log(backend: Backend, entries: i64) -> (Database, Store, Raw) {
    let database = backend.database();
    let store = database.store();
    for number in 1..=entries {
        assert_eq!(store.append_audit(vec![entry(number)]).wait().unwrap().entries, number);
    }
    let raw = database.raw();
    (database, store, raw)
}

fn a_whole_log_is_verified_to_its_end(backend: Backend) {
    let (_, store, _) = log(backend, 0);
    assert_eq!(verify(&store), Ok(AuditHead { entries: 0, hash: Link::FIRST }));
    let (_, store, _) = log(backend, 5);
    let head = verify(&store).unwrap();
    assert_eq!((head.entries, head), (5, store.audit(0, 1).wait().unwrap().head));
}

fn the_database_refuses_a_change(backend: Backend) {
    let (_, store, mut raw) = log(backend, 3);
    raw.keeps("audit_entries", "outcome");
    raw.keeps("audit_heads", "hash");
    for (sql, words) in [
        ("UPDATE audit_entries SET outcome = 'x' WHERE seq = 2", "do not change"),
        ("DELETE FROM audit_entries WHERE seq = 3", "not deleted"),
        ("DELETE FROM audit_heads", "not deleted"),
        ("UPDATE audit_heads SET entries = 2", "by one"),
        ("UPDATE audit_heads SET hash = hash", "by one"),
    ] {
        let error = raw.run(sql).unwrap_err().to_string();
        assert!(error.contains(words), "{sql}: {error}");
    }
    assert_eq!(verify(&store).unwrap().entries, 3);
}

/// Somebody who owns the file can drop the triggers; the chain still tells.
fn whatever_is_changed_past_the_database_is_found(backend: Backend) {
    let other = "0123456789abcdef".repeat(4);
    let change = |sql: &str| {
        let (_, store, mut raw) = log(backend, 4);
        raw.force();
        let rows = raw.changed(sql).unwrap();
        assert!(rows > 0, "{sql}");
        verify(&store).unwrap_err()
    };
    for (column, value) in [
        ("recorded_at", "'2024-06-01 04:00:00.123457'"),
        ("subject", "'s9'"),
        ("roles", "'auditor,portal'"),
        ("purpose", "'x'"),
        ("action", "'x'"),
        ("object", "NULL"),
        ("outcome", "'x'"),
    ] {
        let sql = format!("UPDATE audit_entries SET {column} = {value} WHERE seq = 2");
        assert_eq!(change(&sql), AuditError::Changed(2), "{column}");
    }
    let hash = format!("UPDATE audit_entries SET hash = '{other}' WHERE seq = 4");
    assert_eq!(change(&hash), AuditError::Changed(4));
    assert_eq!(change("DELETE FROM audit_entries WHERE seq = 2"), AuditError::Missing(2));
    assert_eq!(change("DELETE FROM audit_entries WHERE seq > 2"), AuditError::Length { found: 2, said: 4 });
    assert_eq!(change("UPDATE audit_heads SET entries = 3"), AuditError::Length { found: 4, said: 3 });
    assert_eq!(change(&format!("UPDATE audit_heads SET hash = '{other}'")), AuditError::Head);
    let swapped = "UPDATE audit_entries SET seq = CASE seq WHEN 2 THEN 30 ELSE 2 END WHERE seq IN (2, 3)";
    assert!(matches!(change(swapped), AuditError::Changed(2) | AuditError::Missing(2)));
}

async fn an_auditor_reads_the_log_and_that_is_recorded_too(backend: Backend) {
    let app = app_on(backend);
    app.save("H1", Some("990101001"));
    let coordinator = claims(&[Role::Coordinator], None, None);
    let mut auditor = claims(&[Role::Auditor], None, None);
    auditor["sub"] = serde_json::json!("li.si");
    for key in ["H1", "H9", "H1"] {
        app.ask(&format!("{{ household(key: \"{key}\") {{ key }} }}"), Some(&coordinator)).await;
    }
    let list = async |arguments: &str, claims: &serde_json::Value| {
        let entry = "number at subject roles purpose action object outcome hash";
        let document = format!(
            "{{ auditLog({arguments}) {{ totalCount edges {{ node {{ {entry} }} }} pageInfo {{ hasNextPage \
             hasPreviousPage endCursor }} }} }}"
        );
        let answer = app.ask(&document, Some(claims)).await;
        assert_eq!(answer.body.get("errors"), None, "{}", answer.body);
        answer.body["data"]["auditLog"].clone()
    };
    let numbers = |list: &serde_json::Value| -> Vec<i64> {
        let edges = list["edges"].as_array().unwrap();
        edges.iter().map(|edge| edge["node"]["number"].as_i64().unwrap()).collect()
    };
    let first = list("first: 2", &auditor).await;
    assert_eq!((numbers(&first), &first["totalCount"]), (vec![3, 2], &serde_json::json!(3)));
    let newest = &first["edges"][0]["node"];
    assert_eq!(newest["at"], "2024-06-01T04:00:00.000000Z");
    assert_eq!((&newest["subject"], &newest["action"]), (&"zhang.san".into(), &"Query.household".into()));
    assert_eq!((&newest["object"], &newest["outcome"]), (&"H1".into(), &"shown".into()));
    let after = first["pageInfo"]["endCursor"].as_str().unwrap();
    let rest = list(&format!("first: 2, after: \"{after}\""), &auditor).await;
    assert_eq!(numbers(&rest), [1]);
    assert_eq!(rest["pageInfo"]["hasPreviousPage"], true);
    assert_eq!(rest["pageInfo"]["hasNextPage"], false);
    for (filter, expected) in [
        ("object: \"H1\"", &[3, 1][..]),
        ("subject: \"li.si\"", &[6, 5, 4]),
        ("action: \"Query.household\", object: \"H9\"", &[2]),
        ("from: \"2024-06-02\"", &[]),
        ("until: \"2024-06-01\"", &[]),
        ("from: \"2024-06-01\", until: \"2024-06-02\", subject: \"zhang.san\"", &[3, 2, 1]),
    ] {
        let found = list(&format!("first: 9, filter: {{ {filter} }}"), &auditor).await;
        assert_eq!(numbers(&found), expected, "{filter}");
    }
    // Entries lie in no region, so whoever sees one region sees none of them.
    let regional = list("first: 9", &claims(&[Role::Auditor], None, Some("99"))).await;
    assert_eq!((numbers(&regional), &regional["totalCount"]), (vec![], &serde_json::json!(0)));
    let read: Vec<String> = told(&app).into_iter().filter(|line| line.contains("auditLog")).collect();
    assert_eq!(read.len(), 9);
    assert_eq!(read[2], "li.si|auditor|review|Query.auditLog|H1|shown");
    let malformed =
        app.ask("{ auditLog(first: 1, after: \"YWZ0ZXI6eA\") { totalCount } }", Some(&auditor)).await;
    assert_eq!(malformed.error(), ("BAD_USER_INPUT", "malformed_cursor"));
}

fn the_log_is_listed_on_the_command_line(backend: Backend) {
    let (database, _, _) = log(backend, 3);
    let list = |arguments: &[&str]| {
        let output = crate::support::program()
            .args(["audit", "list", "--database", database.url()])
            .args(arguments)
            .output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    let json = list(&["--format", "json", "--first", "2"]);
    let seqs: Vec<String> = json
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["seq"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(seqs, ["3", "2"]);
    let table = list(&["--lang", "en", "--first", "2"]);
    assert!(table.contains("Audit entries 2 / 3") && table.contains("next page: --below 2"), "{table}");
    assert!(list(&["--lang", "zh", "--subject", "s1"]).contains("审计记录 1 / 1"));
    assert!(list(&["--lang", "en", "--from", "2024-06-02"]).contains("Audit entries 0 / 0"));
}
