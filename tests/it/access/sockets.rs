//! Who is asking over a socket: the same tokens, the same rules, the same log.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use assistance_toolbox::app::access::Role;
use assistance_toolbox::http::auth::development::DevelopmentKey;
use assistance_toolbox::http::rate::Rate;
use serde_json::{Value, json};

use super::app::NOW;
use super::claims;
use super::tokens::{DOCUMENT, auditor, filled, foreign_tokens, with, wrong_claims};
use crate::support::socket::{HANDSHAKE, Heard, Socket};

fn bearer(token: &str) -> Value {
    json!({ "authorization": format!("Bearer {token}") })
}

fn ask(socket: &mut Socket, document: &str) -> Value {
    socket.subscribe("q", document);
    let answer = socket.text();
    if answer["type"] == "next" {
        assert_eq!(socket.text(), json!({ "type": "complete", "id": "q" }));
    }
    answer["payload"].clone()
}

#[track_caller]
fn is_forbidden(address: SocketAddr, token: &str, case: &str) {
    let mut socket = Socket::open(address);
    socket.say(&json!({ "type": "connection_init", "payload": bearer(token) }));
    // Even what was sent along with it is not answered.
    socket.subscribe("q", "{ places { id } }");
    assert_eq!(socket.hear(), Heard::Closed(Some(4403)), "{case}");
}

#[test]
fn a_right_token_lets_in_and_what_is_done_is_recorded() {
    let app = filled();
    let caseworker = app.key.sign(&claims(&[Role::Caseworker], None, Some("990101"))).unwrap();
    let mut payload = bearer(&caseworker);
    payload["purpose"] = json!("复核");
    let mut socket = Socket::greeted(app.serve(), &payload);
    assert_eq!(ask(&mut socket, DOCUMENT), json!({ "data": { "household": { "key": "H1" } } }));
    let refused = ask(&mut socket, "{ household(key: \"H9\") { key } }");
    assert_eq!(refused, json!({ "data": { "household": null } }));
    let rows = app.store.audit(0, 9).wait().unwrap().rows;
    let told: Vec<_> =
        rows.iter().map(|row| (row.entry.purpose.as_deref(), row.entry.outcome.as_str())).collect();
    assert_eq!(told, [(Some("复核"), "shown"), (Some("复核"), "not_found")]);
}

#[test]
fn without_a_token_only_what_is_open_is_answered() {
    let app = filled();
    let mut socket = Socket::greeted(app.serve(), &Value::Null);
    assert_eq!(
        ask(&mut socket, "{ place(key: \"huaibei\") { key } }"),
        json!({ "data": { "place": { "key": "huaibei" } } })
    );
    let answer = ask(&mut socket, DOCUMENT);
    assert_eq!(answer["errors"][0]["extensions"]["reason"], "token_required", "{answer}");
    assert_eq!(answer["data"], Value::Null);
}

#[test]
fn wrong_tokens_let_nobody_in() {
    let app = filled();
    let address = app.serve();
    for (case, token) in foreign_tokens(&app) {
        is_forbidden(address, &token, case);
    }
    let mut wrong = wrong_claims();
    wrong.extend([("exp", NOW - 60), ("nbf", NOW + 61)].map(|(name, value)| with(name, json!(value))));
    for claims in wrong {
        is_forbidden(address, &app.key.sign(&claims).unwrap(), &claims.to_string());
    }
    let good = app.key.sign(&auditor()).unwrap();
    for token in
        ["", ".", "..", "a.b.c", "null", "e30.e30.e30", &format!("{good}.{good}"), &"A".repeat(9_000)]
    {
        is_forbidden(address, token, token);
    }
    for end in (0..good.len()).step_by(31) {
        is_forbidden(address, &good.chars().take(end).collect::<String>(), "a part");
    }
}

/// Neither the address nor a header or cookie of the handshake says who asks.
#[test]
fn a_token_stands_in_the_first_message_and_nowhere_else() {
    let app = filled();
    let address = app.serve();
    let good = app.key.sign(&auditor()).unwrap();
    let (header, cookie) = (format!("Bearer {good}"), format!("token={good}; access_token={good}"));
    let headers = [&HANDSHAKE[..], &[("authorization", &header), ("cookie", &cookie)]].concat();
    for name in ["access_token", "token", "authorization"] {
        let path = format!("/graphql?{name}={good}");
        let mut socket = Socket::with(address, &path, &headers).ok().unwrap();
        socket.say(&json!({ "type": "connection_init", "payload": { "token": good, "access_token": good } }));
        assert_eq!(socket.text()["type"], "connection_ack");
        let answer = ask(&mut socket, DOCUMENT);
        assert_eq!(answer["errors"][0]["extensions"]["reason"], "token_required", "{answer}");
    }
}

#[test]
fn a_socket_ends_with_its_token() {
    let app = filled();
    // The clock of the test stands still, so this is right for a second more.
    let token = app.key.sign(&with("exp", json!(NOW - 59))).unwrap();
    let start = Instant::now();
    let mut socket = Socket::greeted(app.serve(), &bearer(&token));
    assert_eq!(ask(&mut socket, DOCUMENT)["data"]["household"]["key"], "H1");
    assert_eq!(socket.closed(), Some(4403));
    assert!(start.elapsed() >= Duration::from_secs(1), "{:?}", start.elapsed());
}

#[test]
fn a_socket_ends_when_its_key_is_taken_back() {
    let mut app = filled();
    app.settings.sockets.keep_alive = Duration::from_millis(300);
    let address = app.serve();
    let token = app.key.sign(&auditor()).unwrap();
    let mut waits = Socket::greeted(address, &bearer(&token));
    let mut asks = Socket::greeted(address, &bearer(&token));
    let new = app.keys.with_extension("new");
    std::fs::write(&new, DevelopmentKey::new().unwrap().key_set().to_string()).unwrap();
    std::fs::rename(new, &app.keys).unwrap();
    asks.subscribe("q", DOCUMENT);
    assert_eq!(asks.hear(), Heard::Closed(Some(4403)));
    assert_eq!(waits.closed(), Some(4403));
}

/// Who is known has a bucket of their own, over HTTP and over sockets together.
#[actix_web::test]
async fn what_an_actor_asks_for_is_charged_to_the_actor() {
    let mut app = filled();
    app.settings.rate = Rate { per_second: 1, burst: 30 };
    let document: String =
        (0..10).flat_map(|at| [format!("a{at}"), String::from(": places { id } ")]).collect();
    let ask = |subject: &str, from: &str| {
        let token = app.key.sign(&with("sub", json!(subject))).unwrap();
        let request =
            super::app::query(&format!("{{ {document} }}")).peer_addr(format!("{from}:9").parse().unwrap());
        request.insert_header(("authorization", format!("Bearer {token}")))
    };
    let requests = [("li", "192.0.2.1"), ("li", "192.0.2.2"), ("wang", "192.0.2.1"), ("wang", "192.0.2.3")];
    let answers = app.send(requests.map(|(subject, from)| ask(subject, from))).await;
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [200, 429, 200, 429]);
    assert_eq!(answers[1].error(), ("TOO_MANY_REQUESTS", "rate_limited"));
}

#[actix_web::test]
async fn the_schema_and_the_metrics_are_for_roles() {
    let app = filled();
    let schema = "{ __schema { queryType { name } } }";
    let metrics = |role: Option<Role>| {
        let request = actix_web::test::TestRequest::get().uri("/metrics");
        match role {
            Some(role) => request.insert_header(app.bearer(&claims(&[role], None, Some("99")))),
            None => request,
        }
    };
    for role in Role::ALL {
        let told = app.ask(schema, Some(&claims(&[role], None, Some("99")))).await;
        if matches!(role, Role::Portal | Role::Caseworker) {
            assert_eq!(
                (told.status, told.error()),
                (403, ("FORBIDDEN", "introspection_refused")),
                "{role:?}"
            );
        } else {
            assert_eq!(told.body["data"]["__schema"]["queryType"]["name"], "Query", "{role:?}");
        }
        if role != Role::Operator {
            assert_eq!(
                app.one(metrics(Some(role))).await.error(),
                ("FORBIDDEN", "role_required"),
                "{role:?}"
            );
        }
    }
    assert_eq!(app.ask(schema, None).await.error(), ("FORBIDDEN", "introspection_refused"));
    assert_eq!(app.one(metrics(None)).await.error(), ("FORBIDDEN", "role_required"));
    assert_eq!(app.status(metrics(Some(Role::Operator))).await, 200);
}
