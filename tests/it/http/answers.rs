//! The shape of answers: codes, few errors, nothing of the inside.

use std::{
    collections::HashSet,
    io::{self, Write},
    sync::{Arc, Mutex},
};

use actix_web::test::TestRequest;
use assistance_toolbox::http::error::Reason;
use serde_json::json;

use super::{SHORT, bench};

#[actix_web::test]
async fn an_operation_that_takes_too_long_is_given_up() {
    let answer = bench().limits(|limits| limits.execution_time = SHORT).query("{ slow }").await;
    answer.is_refused(Reason::ExecutionTimeout);
    assert_eq!(answer.json()["errors"][0]["extensions"]["correlationId"], answer.header("x-correlation-id"));
}

#[actix_web::test]
async fn a_panic_is_answered_and_says_nothing() {
    let answer = bench().query("{ panics }").await;
    answer.is_refused(Reason::Internal);
    assert!(!answer.text.contains("Zhang"), "{}", answer.text);
}

#[actix_web::test]
async fn failures_of_the_inside_say_nothing_but_the_correlation_id() {
    for field in ["breaks", "breaksInWords", "leaks"] {
        let answer = bench().query(&format!("{{ {field} }}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let id = answer.header("x-correlation-id");
        assert!(!id.is_empty());
        assert_eq!(
            answer.json(),
            json!({
                "errors": [{
                    "message": "internal error",
                    "locations": [{"line": 1, "column": 3}],
                    "path": [field],
                    "extensions": {"code": "INTERNAL_SERVER_ERROR", "reason": "internal", "correlationId": id},
                }],
                "data": null,
            })
        );
    }
}

#[actix_web::test]
async fn errors_that_the_schema_codes_pass_as_they_are() {
    let answer = bench().query("{ tells }").await;
    assert_eq!(answer.status, 200);
    let error = answer.json()["errors"][0].clone();
    assert_eq!(error["message"], "`amount` must not be negative");
    assert_eq!(error["extensions"], json!({"code": "BAD_USER_INPUT", "reason": "negative_amount"}));
}

#[actix_web::test]
async fn documents_that_do_not_fit_the_schema_have_a_code_and_the_status_of_the_media_type() {
    for document in ["{ nothing }", "{ me }", "query($a: Int) { name }", "{ ...F }", "{ name @nothing }"] {
        bench().query(document).await.is_refused(Reason::InvalidDocument);
        let legacy = TestRequest::post().uri("/graphql").set_json(json!({"query": document}));
        let answer = bench().send(legacy).await;
        answer.is_refused(Reason::InvalidDocument);
        assert_eq!(answer.status, 200);
    }
}

#[actix_web::test]
async fn values_that_do_not_fit_their_type_are_the_clients_input() {
    bench().query("{ number(value: \"x\") }").await.is_refused(Reason::InvalidInput);
    let document = "query($v: Int!) { number(value: $v) }";
    let answer = bench().post(json!({"query": document, "variables": {"v": "x"}})).await;
    answer.is_refused(Reason::InvalidInput);
    let missing = bench().post(json!({"query": document})).await;
    assert_eq!(missing.json()["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{}", missing.text);
}

#[actix_web::test]
async fn an_answer_has_5_errors_and_says_how_many_more_there_were() {
    let many = async |count: usize| bench().query(&format!("{{ many(count: {count}) {{ value }} }}")).await;
    let five = many(5).await.json();
    assert_eq!(five["errors"].as_array().unwrap().len(), 5);
    assert_eq!(five.get("extensions"), None);
    let six = many(6).await.json();
    assert_eq!(six["errors"].as_array().unwrap().len(), 5);
    assert_eq!(six["extensions"], json!({"errorsCut": 1}));
    // Validation makes them too.
    let unknown: String = (0..100).map(|at| format!("a{at}: nothing{at} ")).collect();
    let answer = bench().query(&format!("{{ {unknown} }}")).await;
    assert_eq!(answer.json()["errors"].as_array().unwrap().len(), 5);
    assert_eq!(answer.json()["extensions"], json!({"errorsCut": 95}));
    assert!(answer.text.len() < 10_000, "{}", answer.text.len());
}

#[actix_web::test]
async fn a_message_is_cut() {
    let answer = bench().query("{ wordy }").await;
    let message = answer.json()["errors"][0]["message"].as_str().unwrap().to_owned();
    assert!(message.len() <= 1_003 && message.ends_with('…'), "{}", message.len());
    let answer = bench().query(&format!("{{ number(value: \"{}\") }}", "x".repeat(30_000))).await;
    assert!(answer.text.len() < 2_000, "{}", answer.text.len());
}

#[actix_web::test]
async fn every_answer_carries_the_security_headers_and_no_banner() {
    for uri in ["/graphql?query=%7Bname%7D", "/graphql", "/nothing", "/health/live", "/graphiql"] {
        let answer = bench().send(TestRequest::get().uri(uri)).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{uri}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{uri}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{uri}");
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{uri}");
        assert!(!answer.header("x-correlation-id").is_empty(), "{uri}");
        for banner in ["server", "x-powered-by"] {
            assert_eq!(answer.header(banner), "", "{uri}");
        }
    }
}

#[actix_web::test]
async fn correlation_ids_differ() {
    let service = actix_web::web::Data::new(bench().service());
    let app = actix_web::App::new().configure(|config| assistance_toolbox::http::configure(config, service));
    let app = actix_web::test::init_service(app).await;
    let mut seen = HashSet::new();
    for _ in 0..50 {
        let request = TestRequest::get().uri("/health/live").to_request();
        let response = actix_web::test::call_service(&app, request).await;
        assert!(seen.insert(response.headers().get("x-correlation-id").unwrap().clone()));
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(line)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[actix_web::test]
async fn the_log_holds_nothing_that_a_client_wrote() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone());
    // Other threads have no subscriber, and what they log first must not be switched off for everybody.
    let _already_set = tracing::subscriber::set_global_default(tracing_subscriber::registry());
    let guard = tracing::subscriber::set_default(subscriber.finish());
    for document in [
        "query Secret { secret: name(value: \"secret\") }",
        "{ secret }",
        "{ secret: breaks }",
        "{ secret: tells }",
        "{ secret(",
        "{ name @secret @secret }",
    ] {
        bench().query(document).await;
    }
    let body = json!({"query": "query($secret: Int!) { number(value: $secret) }", "variables": {"secret": "secret"}});
    let refused = bench().post(body).await;
    bench().send(TestRequest::post().uri("/graphql?secret").set_payload("secret")).await;
    bench().send(TestRequest::get().uri("/secret/graphql?query=secret")).await;
    bench().send(TestRequest::get().uri("/graphiql/secret")).await;
    let headers = [
        "user-agent",
        "origin",
        "referer",
        "cookie",
        "authorization",
        "assistance-purpose",
        "x-forwarded-for",
    ];
    for header in headers {
        for value in ["secret", "Bearer secret", "for=secret"] {
            let request = TestRequest::post().uri("/graphql").set_json(json!({"query": "{ name }"}));
            bench().send(request.insert_header((header, value))).await;
        }
    }
    let hashed = json!({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "secret"}}});
    bench().post(hashed).await;
    drop(guard);
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(!log.to_lowercase().contains("secret"), "{log}");
    assert!(log.contains(refused.header("x-correlation-id")), "{log}");
    assert!(log.contains("route=/graphql status=400") && log.contains("codes=BAD_USER_INPUT"), "{log}");
    assert!(log.contains("codes=INTERNAL_SERVER_ERROR"), "{log}");
}

/// The table is part of the interface: this is its exact text.
#[test]
fn the_table_of_refusals() {
    let rows: Vec<String> = Reason::ALL
        .iter()
        .map(|reason| {
            let row = reason.row();
            format!("{} {} {} {}", row.reason, row.code, row.json, row.response)
        })
        .collect();
    insta::assert_snapshot!(rows.join("\n"));
    let names: HashSet<_> = Reason::ALL.iter().map(|reason| reason.row().reason).collect();
    assert_eq!(names.len(), Reason::ALL.len());
}
