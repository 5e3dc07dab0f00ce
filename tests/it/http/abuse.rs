//! What keeps one client from taking everything, and everybody from what is not for them.

use actix_web::{http::Method, test::TestRequest};
use assistance_toolbox::http::{error::Reason, rate::Rate, settings::Introspection, stored::Stored};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Answer, Bench, bench, socket};
use crate::support::socket::Socket;

fn query(document: &str, from: &str) -> TestRequest {
    let peer = format!("{from}:1000").parse().unwrap();
    TestRequest::post().uri("/graphql").peer_addr(peer).set_json(json!({"query": document}))
}

#[track_caller]
fn is_limited(answer: &Answer) {
    answer.is_refused(Reason::RateLimited);
    let seconds: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=120).contains(&seconds), "{seconds}");
    assert_eq!(answer.json()["errors"][0]["extensions"]["retryAfter"], seconds);
}

#[actix_web::test]
async fn a_client_may_ask_so_much_and_no_more_and_others_are_not_held_up() {
    let bench = bench().settings(|settings| settings.rate = Rate { per_second: 1, burst: 10 });
    let asked = [
        // Each costs 1 and its one field.
        ("{ name }", "192.0.2.1"),
        ("{ name }", "192.0.2.1"),
        ("{ name a: name b: name c: name d: name }", "192.0.2.1"),
        // Some seconds may have passed.
        ("{ name a: name b: name c: name d: name e: name f: name }", "192.0.2.1"),
        ("{ name }", "192.0.2.2"),
    ];
    let answers = bench.send_all(asked.map(|(document, from)| query(document, from))).await;
    for (at, fine) in [true, true, true, false, true].into_iter().enumerate() {
        if fine { answers[at].is_fine() } else { is_limited(&answers[at]) }
    }
}

#[actix_web::test]
async fn what_is_asked_for_in_pages_costs_as_many_entries() {
    let bench = bench().settings(|settings| settings.rate = Rate { per_second: 1, burst: 90 });
    // The schema has no such argument: that the document is weighed before it is checked is what this rests on.
    let page = "{ me(first: 40) { name } }";
    let twenty = format!("{{ {} }}", "name ".repeat(20));
    let answers = bench.send_all([query(page, "192.0.2.1"), query(&twenty, "192.0.2.1")]).await;
    answers[0].is_refused(Reason::InvalidDocument);
    is_limited(&answers[1]);
    let by_variable = "query($n: Int) { me(first: $n) { number(value: 1) } }";
    let answers = bench.send_all([query(by_variable, "192.0.2.1"), query(&twenty, "192.0.2.1")]).await;
    is_limited(&answers[1]);
}

#[test]
fn operations_over_a_socket_are_charged_alike() {
    let bench = bench().settings(|settings| settings.rate = Rate { per_second: 1, burst: 20 });
    let mut socket = Socket::greeted(socket(&bench), &Value::Null);
    // The socket took 1.
    for _ in 0..2 {
        socket.subscribe(
            "q",
            "{ number(value: 1) a: number(value: 1) b: number(value: 1) c: number(value: 1) }",
        );
        assert_eq!(
            (socket.text()["type"].clone(), socket.text()["type"].clone()),
            (json!("next"), json!("complete"))
        );
    }
    // Some seconds may have passed.
    socket.subscribe("q", &format!("{{ {} }}", "name ".repeat(40)));
    let told = socket.text();
    assert_eq!(told["payload"][0]["extensions"]["reason"], "rate_limited", "{told}");
    assert!(told["payload"][0]["extensions"]["retryAfter"].is_u64(), "{told}");
}

#[actix_web::test]
async fn the_schema_is_told_as_the_setting_says() {
    for document in [
        "{ __schema { queryType { name } } }",
        "{ a: __type(name: \"Query\") { name } }",
        "query { ...F } fragment F on Query { __type(name: \"Query\") { name } }",
    ] {
        for (setting, fine) in
            [(Introspection::Open, true), (Introspection::Roles, true), (Introspection::Off, false)]
        {
            let answer = bench().settings(|settings| settings.introspection = setting).query(document).await;
            // Without keys nobody can have a role, and only this machine is served.
            if fine { answer.is_fine() } else { answer.is_refused(Reason::IntrospectionRefused) }
        }
    }
    let off = bench().settings(|settings| settings.introspection = Introspection::Off);
    off.query("{ __typename me { __typename } }").await.is_fine();
    let page = off.send(TestRequest::get().uri("/graphiql")).await;
    assert_eq!((page.status, page.text.contains("no GraphiQL here")), (404, true));
}

fn stored(text: &str) -> (Bench, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.graphql"), text).unwrap();
    let mut bench = bench();
    bench.stored = Stored::read(folder.path()).unwrap();
    (bench, hex::encode(Sha256::digest(text)))
}

fn by_hash(hash: &str) -> Value {
    json!({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash}}})
}

#[actix_web::test]
async fn a_stored_document_is_asked_for_by_its_hash_or_its_text_and_is_exempt_from_limits() {
    let text = format!("{{ {} }}", "name ".repeat(500));
    let (bench, hash) = stored(&text);
    let answer = bench.post(by_hash(&hash)).await;
    answer.is_fine();
    assert_eq!(answer.json()["data"], json!({"name": 0}));
    bench.query(&text).await.is_fine();
    bench.query(&format!("{text} ")).await.is_refused(Reason::TooManyFields);
    bench.post(by_hash(&"0".repeat(64))).await.is_refused(Reason::StoredDocumentUnknown);
    bench.post(by_hash("0")).await.is_refused(Reason::ParameterInvalid);
    bench.post(json!({"extensions": {"persistedQuery": {}}})).await.is_refused(Reason::QueryMissing);
    // By GET, as caches like it.
    let extensions = format!("%7B%22persistedQuery%22:%7B%22sha256Hash%22:%22{hash}%22%7D%7D");
    bench.send(TestRequest::get().uri(&format!("/graphql?extensions={extensions}"))).await.is_fine();
}

#[actix_web::test]
async fn only_stored_documents_are_answered_where_that_is_set() {
    let (bench, hash) = stored("{ name }");
    let bench = bench.settings(|settings| settings.stored_only = true);
    bench.post(by_hash(&hash)).await.is_fine();
    bench.query("{ name }").await.is_fine();
    for other in ["{ name  }", "{ number(value: 1) }", "{ broken"] {
        let answer = bench.query(other).await;
        answer.is_refused(Reason::DocumentNotStored);
        assert_eq!(answer.status, 403);
    }
    let mut socket = Socket::greeted(socket(&bench), &Value::Null);
    socket.subscribe("q", "{ number(value: 1) }");
    assert_eq!(socket.text()["payload"][0]["extensions"]["reason"], "document_not_stored");
}

#[actix_web::test]
async fn pages_of_the_list_get_leave_and_no_others() {
    let listed = "https://portal.example".parse().unwrap();
    let bench = bench().settings(|settings| settings.origins.0.push(listed));
    let leave = |origin: &'static str| {
        let request = TestRequest::default().method(Method::OPTIONS).uri("/graphql");
        let method = ("access-control-request-method", "POST");
        request.insert_header(("origin", origin)).insert_header(method)
    };
    let good = bench.send(leave("https://portal.example")).await;
    assert_eq!((good.status, good.text.as_str()), (204, ""));
    assert_eq!(good.header("access-control-allow-origin"), "https://portal.example");
    assert_eq!(good.header("access-control-allow-methods"), "GET, POST");
    assert_eq!(
        good.header("access-control-allow-headers"),
        "authorization, assistance-purpose, content-type"
    );
    assert_eq!((good.header("vary"), good.header("access-control-allow-credentials")), ("origin", ""));
    let bad = bench.send(leave("https://other.example")).await;
    bad.is_refused(Reason::OriginRefused);
    for header in ["origin", "methods", "headers", "credentials"] {
        assert_eq!(bad.header(&format!("access-control-allow-{header}")), "", "{header}");
    }
    let ask = |origin: &'static str| query("{ name }", "192.0.2.1").insert_header(("origin", origin));
    let good = bench.send(ask("https://portal.example")).await;
    good.is_fine();
    assert_eq!(good.header("access-control-allow-origin"), "https://portal.example");
    assert_eq!(good.header("access-control-expose-headers"), "retry-after, x-correlation-id");
    assert_eq!(good.header("cache-control"), "no-store");
    for other in ["https://other.example", "null"] {
        let answer = bench.send(ask(other)).await;
        assert_eq!((answer.header("access-control-allow-origin"), answer.header("vary")), ("", "origin"));
    }
    // Nobody is on the list by default.
    let answer = super::bench().send(leave("https://portal.example")).await;
    answer.is_refused(Reason::OriginRefused);
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

#[actix_web::test]
async fn what_is_counted_is_shown_on_this_machine_only() {
    let local = |request: TestRequest| request.peer_addr("127.0.0.1:9".parse().unwrap());
    let metrics = || TestRequest::get().uri("/metrics");
    let requests = vec![
        local(query("{ name }", "192.0.2.1")),
        query("{ tells }", "192.0.2.1"),
        query("{ panics }", "192.0.2.1"),
        query("mutation { set }", "192.0.2.1"),
        query("{ nothing(", "192.0.2.1"),
        metrics().peer_addr("192.0.2.1:9".parse().unwrap()),
        local(metrics()).insert_header(("x-forwarded-for", "192.0.2.1")),
        local(metrics()),
    ];
    let answers = bench().send_all(requests).await;
    answers[5].is_refused(Reason::RoleRequired);
    answers[6].is_refused(Reason::RoleRequired);
    let shown = &answers[7];
    assert_eq!(shown.header("content-type"), "application/openmetrics-text; version=1.0.0; charset=utf-8");
    let counted: Vec<&str> = shown
        .text
        .lines()
        .filter(|line| !line.contains("_bucket{") && !line.contains("_sum{") && !line.starts_with('#'))
        .collect();
    let mut sorted = counted.clone();
    sorted.sort_unstable();
    insta::assert_snapshot!(sorted.join("\n"), @r#"
    assistance_catalogue{hash=""} 1
    assistance_operation_duration_seconds_count{type="mutation"} 1
    assistance_operation_duration_seconds_count{type="query"} 3
    assistance_operations_total{type="mutation",outcome="data"} 1
    assistance_operations_total{type="query",outcome="data"} 1
    assistance_operations_total{type="query",outcome="errors"} 1
    assistance_operations_total{type="query",outcome="failed"} 1
    assistance_refusals_total{reason="internal"} 1
    assistance_refusals_total{reason="syntax"} 1
    assistance_sockets 0
    assistance_store_waiting 0
    assistance_subscription_events_total 0
    "#);
    assert!(shown.text.ends_with("# EOF\n"));
}
