//! Health and the portal.

use actix_web::test::TestRequest;
use serde_json::json;

use super::bench;

#[actix_web::test]
async fn the_process_lives_even_when_it_is_not_ready() {
    let mut bench = bench();
    bench.ready = false;
    let live = bench.send(TestRequest::get().uri("/health/live")).await;
    assert_eq!((live.status, live.json()), (200, json!({"status": "live"})));
    let ready = bench.send(TestRequest::get().uri("/health/ready")).await;
    assert_eq!((ready.status, ready.json()), (503, json!({"status": "unavailable"})));
    bench.ready = true;
    let ready = bench.send(TestRequest::get().uri("/health/ready")).await;
    assert_eq!((ready.status, ready.json()), (200, json!({"status": "ready"})));
}

/// Holds for a build with the portal and for one without it.
#[actix_web::test]
async fn graphiql_loads_from_here_only_or_says_how_to_build_it() {
    let page = bench().send(TestRequest::get().uri("/graphiql")).await;
    if page.status == 404 {
        assert_eq!(page.header("content-type"), "text/plain; charset=utf-8");
        assert!(page.text.contains("portal/graphiql/build"), "{}", page.text);
        return;
    }
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("script-src 'self'") && policy.contains("connect-src 'self'"), "{policy}");
    assert!(!page.text.contains("//"), "an address of another host: {}", page.text);
    for reference in page.text.split(['"', '\'']).filter(|part| part.starts_with("/graphiql/")) {
        let file = bench().send(TestRequest::get().uri(reference)).await;
        assert_eq!(file.status, 200, "{reference}");
    }
}

#[actix_web::test]
async fn the_portal_serves_no_other_files() {
    for uri in ["/graphiql/nothing.js", "/graphiql/..%2f..%2fCargo.toml", "/graphiql/%2e%2e/Cargo.toml"] {
        assert_eq!(bench().send(TestRequest::get().uri(uri)).await.status, 404, "{uri}");
    }
}
