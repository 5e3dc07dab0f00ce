//! graphql-transport-ws over real sockets: what is answered, and with which code each violation ends.

use std::{collections::HashSet, net::SocketAddr, time::Duration};

use assistance_toolbox::http::{Close, limits::SocketLimits};
use serde_json::{Value, json};

use super::{Bench, SHORT, bench, socket};
use crate::support::socket::{BINARY, CLOSE, HANDSHAKE, Heard, PING, Socket, TEXT};

/// The service with other limits for sockets.
fn limited(change: impl FnOnce(&mut SocketLimits)) -> Bench {
    bench().settings(|settings| change(&mut settings.sockets))
}

fn greeted(bench: &Bench) -> Socket {
    Socket::greeted(socket(bench), &Value::Null)
}

fn next(id: &str, data: &Value) -> Value {
    json!({"type": "next", "id": id, "payload": {"data": data}})
}

fn complete(id: &str) -> Value {
    json!({"type": "complete", "id": id})
}

#[test]
fn a_subscription_is_told_to_its_end() {
    let mut socket = greeted(&bench());
    assert!(socket.head.to_lowercase().contains("\r\nsec-websocket-protocol: graphql-transport-ws\r\n"));
    socket.subscribe("a", "subscription { count(to: 3) }");
    for number in 0..3 {
        assert_eq!(socket.text(), next("a", &json!({ "count": number })));
    }
    assert_eq!(socket.text(), complete("a"));
    // The id is free again.
    socket.subscribe("a", "subscription { tick }");
    assert_eq!(socket.text(), next("a", &json!({ "tick": true })));
    assert_eq!(socket.text(), complete("a"));
}

#[test]
fn an_event_that_takes_too_long_ends_its_subscription() {
    let mut socket = greeted(&bench().limits(|limits| limits.execution_time = SHORT));
    // To wait for an event is another matter.
    socket.subscribe("waits", "subscription { forever }");
    socket.subscribe("s", "subscription { stuck { value } }");
    assert_eq!(socket.text(), next("s", &json!({ "stuck": { "value": true } })));
    let failed = socket.text();
    assert_eq!((&failed["type"], &failed["id"]), (&json!("error"), &json!("s")), "{failed}");
    assert_eq!(failed["payload"][0]["extensions"]["reason"], "execution_timeout", "{failed}");
    socket.subscribe("s", "subscription { tick }");
    assert_eq!(socket.text(), next("s", &json!({ "tick": true })));
    assert_eq!(socket.text(), complete("s"));
}

#[test]
fn queries_and_mutations_are_answered_too() {
    let mut socket = greeted(&bench());
    for (document, data) in
        [("{ number(value: 7) }", json!({"number": 7})), ("mutation { set }", json!({"set": true}))]
    {
        socket.subscribe("q", document);
        assert_eq!(socket.text(), next("q", &data));
        assert_eq!(socket.text(), complete("q"));
    }
    let payload = json!({"query": "query A { me { number(value: 1) } } query B($v: Int!) { number(value: $v) }",
        "operationName": "B", "variables": {"v": 5}, "extensions": {}});
    socket.say(&json!({"type": "subscribe", "id": "v", "payload": payload}));
    assert_eq!(socket.text(), next("v", &json!({"number": 5})));
}

#[test]
fn operations_run_side_by_side_and_end_when_told() {
    let mut socket = greeted(&bench());
    socket.subscribe("still", "subscription { forever }");
    socket.subscribe("slow", "{ slow }");
    socket.subscribe("quick", "{ number(value: 1) }");
    assert_eq!(socket.text(), next("quick", &json!({"number": 1})));
    assert_eq!(socket.text(), complete("quick"));
    socket.say(&complete("still"));
    socket.say(&complete("slow"));
    // What has ended before, or never was, is no matter.
    socket.say(&complete("still"));
    socket.say(&complete("never"));
    socket.subscribe("still", "subscription { tick }");
    assert_eq!(socket.text(), next("still", &json!({"tick": true})));
    assert_eq!(socket.text(), complete("still"));
}

#[test]
fn pings_of_both_kinds_are_answered() {
    let mut socket = Socket::open(super::socket(&bench()));
    socket.say(&json!({"type": "ping"}));
    assert_eq!(socket.text(), json!({"type": "pong"}));
    socket.say(&json!({"type": "ping", "payload": {"at": 1}}));
    assert_eq!(socket.text(), json!({"type": "pong", "payload": {"at": 1}}));
    socket.say(&json!({"type": "pong"}));
    socket.frame(PING, true, b"there?").unwrap();
    assert_eq!(socket.hear(), Heard::Pong(b"there?".to_vec()));
}

#[test]
fn a_message_may_come_in_parts() {
    let mut socket = Socket::open(super::socket(&bench()));
    socket.frame(TEXT, false, b"{\"type\":").unwrap();
    socket.frame(PING, true, b"").unwrap();
    socket.frame(0, false, b"").unwrap();
    socket.frame(0, true, b"\"connection_init\"}").unwrap();
    assert_eq!(socket.hear(), Heard::Pong(Vec::new()));
    assert_eq!(socket.text(), json!({"type": "connection_ack"}));
}

/// What is refused before it runs is refused as over HTTP, and the socket stays.
#[actix_web::test]
async fn the_limits_and_errors_are_those_of_http() {
    let bench = bench().limits(|limits| limits.execution_time = SHORT);
    let mut socket = greeted(&bench);
    let many = format!("{{ {} }}", "name ".repeat(401));
    let deep = "{ me ".repeat(11) + "{ name " + &"}".repeat(12);
    let list = format!("{{ texts(values: [{}]) }}", "\"a\" ".repeat(2_000));
    for document in [
        "{ nothing }",
        "{ name(",
        "{ number(value: \"x\") }",
        "query A { name } query B { name }",
        "{ ...F } fragment F on Query { ...F }",
        "{ slow }",
        "{ panics }",
        &many,
        &deep,
        &list,
        &"#".repeat(40_000),
    ] {
        let payload = json!({"query": document});
        socket.say(&json!({"type": "subscribe", "id": "x", "payload": payload}));
        let told = socket.text();
        assert_eq!((&told["type"], &told["id"]), (&json!("error"), &json!("x")), "{told}");
        let mut errors = told["payload"].clone();
        let http = bench
            .send(
                actix_web::test::TestRequest::post()
                    .uri("/graphql")
                    .peer_addr("127.0.0.1:9".parse().unwrap())
                    .set_json(payload),
            )
            .await;
        let mut expected = http.json()["errors"].clone();
        for errors in [&mut errors, &mut expected] {
            if let Some(id) = errors[0]["extensions"].as_object_mut().unwrap().get_mut("correlationId") {
                assert!(!id.as_str().unwrap().is_empty());
                *id = Value::Null;
            }
        }
        assert_eq!(errors, expected, "{document}");
        assert!(!told.to_string().contains("Zhang"), "{told}");
    }
    let variables = json!({"v": "x".repeat(200_000)});
    let document = format!("query($v: String!) {{ texts(values: [{}]) }}", "$v ".repeat(30));
    let payload = json!({"query": document, "variables": variables});
    socket.say(&json!({"type": "subscribe", "id": "x", "payload": payload}));
    assert_eq!(socket.text()["payload"][0]["extensions"]["reason"], "variables_too_large");
}

#[test]
fn a_query_whose_fields_fail_is_answered_with_data_and_errors() {
    let mut socket = greeted(&bench());
    socket.subscribe("q", "{ tells }");
    let told = socket.text();
    assert_eq!(told["type"], "next");
    assert_eq!(told["payload"]["data"], Value::Null);
    assert_eq!(told["payload"]["errors"][0]["extensions"]["reason"], "negative_amount");
    assert_eq!(socket.text(), complete("q"));
}

#[test]
fn a_subscription_that_cannot_open_ends_with_an_error_and_one_event_that_fails_does_not() {
    let mut socket = greeted(&bench());
    socket.subscribe("no", "subscription { refuses }");
    let told = socket.text();
    assert_eq!((&told["type"], &told["id"]), (&json!("error"), &json!("no")));
    assert_eq!(told["payload"][0]["extensions"]["code"], "FORBIDDEN");
    socket.subscribe("some", "subscription { failing }");
    assert_eq!(socket.text(), next("some", &json!({"failing": true})));
    let failed = socket.text();
    assert_eq!(failed["type"], "next");
    assert_eq!(failed["payload"]["errors"][0]["message"], "internal error", "{failed}");
    assert_eq!(socket.text(), next("some", &json!({"failing": false})));
    assert_eq!(socket.text(), complete("some"));
    socket.subscribe("panic", "subscription { panics }");
    assert_eq!(socket.text(), next("panic", &json!({"panics": true})));
    let ended = socket.text();
    assert_eq!(ended["type"], "error");
    assert_eq!(ended["payload"][0]["extensions"]["reason"], "internal");
    socket.subscribe("after", "{ number(value: 1) }");
    assert_eq!(socket.text(), next("after", &json!({"number": 1})));
}

#[test]
fn a_socket_runs_so_many_operations_and_no_more() {
    let mut socket = greeted(&limited(|limits| limits.operations = 2));
    socket.subscribe("a", "subscription { forever }");
    socket.subscribe("b", "subscription { forever }");
    socket.subscribe("c", "subscription { tick }");
    let told = socket.text();
    assert_eq!((&told["type"], &told["id"]), (&json!("error"), &json!("c")));
    assert_eq!(told["payload"][0]["extensions"]["reason"], "too_many_operations");
    socket.say(&complete("a"));
    socket.subscribe("c", "subscription { tick }");
    assert_eq!(socket.text(), next("c", &json!({"tick": true})));
}

/// Each message that breaks the protocol, alone on a socket that has been greeted.
#[test]
fn what_is_no_message_of_the_protocol_closes_with_4400() {
    let address = socket(&bench());
    let deep = format!("{}{}", "[".repeat(40), "]".repeat(40));
    for message in [
        "",
        "nonsense",
        "[]",
        "null",
        "{}",
        "{\"type\":1}",
        "{\"type\":\"start\"}",
        "{\"type\":\"connection_terminate\"}",
        "{\"type\":\"connection_ack\"}",
        "{\"type\":\"next\",\"id\":\"1\",\"payload\":{}}",
        "{\"type\":\"ping\",\"payload\":1}",
        "{\"type\":\"complete\"}",
        "{\"type\":\"complete\",\"id\":1}",
        "{\"type\":\"subscribe\",\"payload\":{\"query\":\"{name}\"}}",
        "{\"type\":\"subscribe\",\"id\":1,\"payload\":{\"query\":\"{name}\"}}",
        "{\"type\":\"subscribe\",\"id\":\"\",\"payload\":{\"query\":\"{name}\"}}",
        "{\"type\":\"subscribe\",\"id\":\"1\"}",
        "{\"type\":\"subscribe\",\"id\":\"1\",\"payload\":[]}",
        "{\"type\":\"subscribe\",\"id\":\"1\",\"payload\":{}}",
        "{\"type\":\"subscribe\",\"id\":\"1\",\"payload\":{\"query\":1}}",
        "{\"type\":\"subscribe\",\"id\":\"1\",\"payload\":{\"query\":\"{name}\",\"variables\":[]}}",
        &format!(
            "{{\"type\":\"subscribe\",\"id\":\"{}\",\"payload\":{{\"query\":\"{{name}}\"}}}}",
            "1".repeat(101)
        ),
        &format!(
            "{{\"type\":\"subscribe\",\"id\":\"1\",\"payload\":{{\"query\":\"{{name}}\",\"variables\":{{\"v\":{deep}}}}}}}"
        ),
    ] {
        let mut socket = Socket::greeted(address, &Value::Null);
        socket.frame(TEXT, true, message.as_bytes()).unwrap();
        assert_eq!(socket.closed(), Some(4400), "{message}");
    }
}

/// What a client does, and how that ends.
type Script = fn(&mut Socket);

/// Every reason to close but those of the service's own end and of tokens, which have tests of their own.
const VIOLATIONS: [(&str, Close, Script); 16] = [
    ("says nothing", Close::InitTimeout, |_| {}),
    ("only pings", Close::InitTimeout, |socket| socket.say(&json!({"type": "ping"}))),
    ("greets twice", Close::InitTwice, |socket| {
        greet(socket);
        greet(socket);
    }),
    ("subscribes first", Close::Unauthorized, |socket| socket.subscribe("a", "subscription { tick }")),
    ("asks first", Close::Unauthorized, |socket| socket.subscribe("a", "{ name }")),
    ("uses an id twice", Close::DuplicateId, |socket| {
        greet(socket);
        socket.subscribe("a", "subscription { forever }");
        socket.subscribe("a", "{ name }");
    }),
    ("greets with a list", Close::BadMessage, |socket| {
        socket.say(&json!({"type": "connection_init", "payload": []}));
    }),
    ("says a purpose that is none", Close::BadMessage, |socket| {
        socket.say(&json!({"type": "connection_init", "payload": {"purpose": "a\nb"}}));
    }),
    ("sends bytes", Close::BadMessage, |socket| socket.frame(BINARY, true, b"{}").unwrap()),
    ("sends what is not UTF-8", Close::NotUtf8, |socket| socket.frame(TEXT, true, b"\xff").unwrap()),
    ("sends too much", Close::TooLarge, |socket| {
        // The service may close before the end.
        let _sent = socket.frame(TEXT, true, &[b' '; 300_000]);
    }),
    ("announces too much", Close::TooLarge, |socket| {
        socket.raw(&[0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]).unwrap();
    }),
    ("sends too much in parts", Close::TooLarge, |socket| {
        let _sent = socket.frame(TEXT, false, &[b' '; 100_000]);
        for _ in 0..2 {
            let _sent = socket.frame(0, false, &[b' '; 100_000]);
        }
    }),
    ("goes on with what was not begun", Close::Broken, |socket| socket.frame(0, true, b"{}").unwrap()),
    ("masks nothing", Close::Broken, |socket| socket.raw(b"\x81\x02{}").unwrap()),
    ("sends what is no frame", Close::Broken, |socket| socket.raw(&[0xff, 0xff, 0, 0, 0, 0]).unwrap()),
];

fn greet(socket: &mut Socket) {
    socket.say(&json!({"type": "connection_init"}));
}

#[test]
fn each_violation_closes_with_its_code() {
    let address = socket(&limited(|limits| limits.init_time = SHORT));
    for (name, close, script) in VIOLATIONS {
        let mut socket = Socket::open(address);
        script(&mut socket);
        assert_eq!(socket.closed(), Some(close.row().0), "{name}");
    }
}

#[test]
fn a_close_frame_is_sent_back() {
    let address = socket(&bench());
    for (payload, code) in
        [(&[][..], None), (&1000_u16.to_be_bytes(), Some(1000)), (&4321_u16.to_be_bytes(), Some(4321))]
    {
        let mut socket = Socket::greeted(address, &Value::Null);
        socket.subscribe("a", "subscription { forever }");
        socket.frame(CLOSE, true, payload).unwrap();
        assert_eq!(socket.closed(), code);
    }
}

#[test]
fn a_token_is_refused_without_keys_and_said_in_one_way() {
    let address = socket(&bench());
    for payload in [
        json!({"authorization": "Bearer a.b.c"}),
        json!({"authorization": ""}),
        json!({"Authorization": "Basic YTpi"}),
        json!({"authorization": 1}),
        json!({"authorization": "Bearer a.b.c", "Authorization": null}),
    ] {
        let mut socket = Socket::open(address);
        socket.say(&json!({"type": "connection_init", "payload": payload}));
        assert_eq!(socket.closed(), Some(4403), "{payload}");
    }
    // What is none of ours is let be.
    Socket::greeted(address, &json!({"authorization": null, "purpose": "复核", "other": [1]}));
}

#[test]
fn a_socket_without_operations_is_closed_and_one_with_an_operation_stays() {
    let address = socket(&limited(|limits| limits.idle_time = SHORT));
    let mut idle = Socket::greeted(address, &Value::Null);
    let mut busy = Socket::greeted(address, &Value::Null);
    busy.subscribe("a", "subscription { forever }");
    assert_eq!(idle.closed(), Some(1000));
    busy.say(&json!({"type": "ping"}));
    assert_eq!(busy.text(), json!({"type": "pong"}));
    busy.say(&complete("a"));
    assert_eq!(busy.closed(), Some(1000));
}

#[test]
fn a_silent_client_is_closed_and_one_that_answers_pings_stays() {
    let address = socket(&limited(|limits| limits.keep_alive = SHORT));
    let mut there = Socket::greeted(address, &Value::Null);
    let mut silent = Socket::greeted(address, &Value::Null);
    silent.answers_pings = false;
    let ends = std::thread::spawn(move || silent.closed());
    // Pings are answered while something is waited for.
    there.subscribe("a", "{ slow }");
    there.subscribe("b", "subscription { forever }");
    let listens = std::thread::spawn(move || {
        there.say(&complete("a"));
        std::iter::from_fn(|| (there.hear() != Heard::Ended).then_some(())).count()
    });
    assert_eq!(ends.join().unwrap(), Some(1008));
    assert!(!listens.is_finished());
}

/// What a client does not read takes no memory without end: so much waits, then the socket is closed.
#[test]
fn a_slow_reader_is_closed() {
    let bench = limited(|limits| (limits.send_time, limits.queue_bytes) = (SHORT, 100_000));
    let mut socket = greeted(&bench);
    socket.subscribe("a", "subscription { flood(bytes: 50000) }");
    std::thread::sleep(SHORT * 5);
    let mut read = 0;
    let end = loop {
        match socket.hear() {
            Heard::Text(text) => read += text.to_string().len(),
            other => break other,
        }
    };
    assert_eq!(end, Heard::Closed(Some(1013)));
    // The machine's own buffers, and ours.
    assert!(read < 20_000_000, "{read}");
}

#[test]
fn places_are_limited_by_address_and_in_all_and_given_back() {
    for (all, own, status, reason) in [(9, 2, "429", "too_many_sockets"), (2, 9, "503", "sockets_full")] {
        let address = socket(&limited(|limits| (limits.sockets, limits.per_address) = (all, own)));
        let open = || Socket::with(address, "/graphql", &HANDSHAKE);
        let first = open().ok().unwrap();
        let _second = open().ok().unwrap();
        let refused = open().err().unwrap();
        assert!(refused.starts_with(&format!("HTTP/1.1 {status} ")), "{refused}");
        assert!(
            refused.contains(reason) && refused.to_lowercase().contains("\r\nretry-after: "),
            "{refused}"
        );
        drop(first);
        // Whether the place is free again shows a little later.
        let freed = (0..100).any(|_| {
            std::thread::sleep(Duration::from_millis(50));
            open().is_ok()
        });
        assert!(freed);
    }
}

#[track_caller]
fn refused(address: SocketAddr, path: &str, headers: &[(&str, &str)], status: &str, reason: &str) {
    let answer = Socket::with(address, path, headers).err().unwrap_or_default();
    assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{headers:?}: {answer}");
    assert!(answer.contains(reason), "{headers:?}: {answer}");
}

/// The handshake with one header more, or another value of it.
fn with<'h>(name: &'h str, value: &'h str) -> Vec<(&'h str, &'h str)> {
    HANDSHAKE.into_iter().filter(|header| header.0 != name).chain([(name, value)]).collect()
}

#[test]
fn a_handshake_names_the_protocol_and_a_page_that_may_ask() {
    let listed = "https://portal.example".parse().unwrap();
    let address = socket(&bench().settings(|settings| settings.origins.0.push(listed)));
    let without: Vec<_> =
        HANDSHAKE.into_iter().filter(|header| header.0 != "sec-websocket-protocol").collect();
    refused(address, "/graphql", &without, "400", "subprotocol_unsupported");
    for other in ["graphql-ws", "graphql-transport-ws2", "GRAPHQL-TRANSPORT-WS"] {
        refused(
            address,
            "/graphql",
            &with("sec-websocket-protocol", other),
            "400",
            "subprotocol_unsupported",
        );
    }
    for protocols in ["graphql-ws, graphql-transport-ws", " graphql-transport-ws ,x"] {
        let headers = with("sec-websocket-protocol", protocols);
        let socket = Socket::with(address, "/graphql", &headers).ok().unwrap();
        assert!(socket.head.to_lowercase().contains("sec-websocket-protocol: graphql-transport-ws\r\n"));
    }
    for (name, value) in
        [("sec-websocket-version", "8"), ("sec-websocket-key", "short"), ("connection", "close")]
    {
        refused(address, "/graphql", &with(name, value), "400", "handshake_invalid");
    }
    for origin in ["https://other.example", "null", "https://portal.example:1"] {
        refused(address, "/graphql", &with("origin", origin), "403", "origin_refused");
    }
    let own = format!("http://{address}");
    for origin in ["https://portal.example", &own] {
        assert!(Socket::with(address, "/graphql", &with("origin", origin)).is_ok(), "{origin}");
    }
    refused(address, "/other", &HANDSHAKE, "404", "no_such_route");
}

#[test]
fn the_codes_of_close_frames_are_part_of_the_interface() {
    let rows: Vec<String> =
        Close::ALL.iter().map(|close| format!("{} {}", close.row().0, close.row().1)).collect();
    insta::assert_snapshot!(rows.join("\n"), @r"
    1000 idle: no operation for too long
    1001 the service stops
    1002 not the WebSocket protocol
    1007 a message is not in UTF-8
    1008 pings are not answered
    1009 a message is too large
    1013 messages are not read: try again later
    4400 not a message of graphql-transport-ws
    4401 Unauthorized
    4403 Forbidden
    4408 Connection initialisation timeout
    4409 Subscriber for this id already exists
    4429 Too many initialisation requests
    ");
    let codes: HashSet<u16> = Close::ALL.iter().map(|close| close.row().0).collect();
    assert_eq!(codes.len(), Close::ALL.len());
    // RFC 6455: a control frame has at most 125 bytes.
    assert!(Close::ALL.iter().all(|close| close.row().1.len() <= 123));
}
