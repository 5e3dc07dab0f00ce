//! Bodies that are too large, too slow, too deep.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::{Duration, Instant},
};

use actix_web::test::TestRequest;
use assistance_toolbox::http::error::Reason;
use serde_json::json;

use super::{SHORT, bench, socket};

/// A request whose body has exactly this many bytes.
fn padded(bytes: usize) -> String {
    let body = r#"{"query":"{ name }"}"#;
    format!("{body}{}", " ".repeat(bytes - body.len()))
}

fn post(body: String) -> TestRequest {
    TestRequest::post().uri("/graphql").insert_header(("content-type", "application/json")).set_payload(body)
}

#[actix_web::test]
async fn a_body_at_the_limit_passes_and_one_byte_more_is_refused() {
    bench().send(post(padded(256 * 1024))).await.is_fine();
    bench().send(post(padded(256 * 1024 + 1))).await.is_refused(Reason::BodyTooLarge);
    bench().send(post(padded(10_000_000))).await.is_refused(Reason::BodyTooLarge);
}

#[actix_web::test]
async fn the_json_of_variables_nests_32_levels_and_no_more() {
    // The object of the variables is the first level.
    let nested = |levels: usize| {
        let lists = levels - 1;
        let body = format!(
            r#"{{"query":"query($v: JSON!){{any(value:$v)}}","variables":{{"v":{}{}}}}}"#,
            "[".repeat(lists),
            "]".repeat(lists)
        );
        post(body)
    };
    bench().send(nested(32)).await.is_fine();
    bench().send(nested(33)).await.is_refused(Reason::JsonTooDeep);
    bench().send(nested(100_000)).await.is_refused(Reason::JsonTooDeep);
    // Brackets in a string nest nothing.
    let text = format!("{}\\\"{}", "[".repeat(99), "{".repeat(99));
    bench()
        .post(json!({"query": "query($v: String){name(value:$v)}", "variables": {"v": text}}))
        .await
        .is_fine();
}

#[actix_web::test]
async fn what_is_not_json_is_refused() {
    for body in ["", "{", "nonsense", "{\"query\": \"\u{0}\"}", "{\"query\":\"{name}\"} {}"] {
        bench().send(post(body.to_owned())).await.is_refused(Reason::MalformedJson);
    }
    let raw = TestRequest::post().uri("/graphql").insert_header(("content-type", "application/json"));
    bench().send(raw.set_payload(vec![b'"', 0xff, b'"'])).await.is_refused(Reason::MalformedJson);
}

#[actix_web::test]
async fn the_character_nul_is_refused_in_every_text() {
    let texts = "query($v: [String!]!){ texts(values: $v) }";
    let ask =
        async |value: &str| bench().post(json!({"query": texts, "variables": {"v": ["a", value]}})).await;
    ask("a\u{1}").await.is_fine();
    ask("a\\u0000").await.is_fine();
    ask("a\u{0}b").await.is_refused(Reason::NulCharacter);
    bench().query(r#"{ texts(values: ["a\u0000"]) }"#).await.is_refused(Reason::NulCharacter);
}

#[actix_web::test]
async fn large_variables_used_often_are_refused() {
    let document = |uses: usize| format!("query($v: String!){{texts(values:[{}])}}", "$v ".repeat(uses));
    let send = async |uses: usize| {
        let variables = json!({"v": "x".repeat(200_000)});
        bench().post(json!({"query": document(uses), "variables": variables})).await
    };
    send(20).await.is_fine();
    send(21).await.is_refused(Reason::VariablesTooLarge);
    send(900).await.is_refused(Reason::VariablesTooLarge);
    // Through fragments the uses add up as the fields do.
    let document = "query($v: String!){ ...A ...A ...A ...A ...A } fragment A on Query { a: texts(values:[$v $v $v $v $v]) }";
    let variables = json!({"v": "x".repeat(200_000)});
    bench()
        .post(json!({"query": document, "variables": variables}))
        .await
        .is_refused(Reason::VariablesTooLarge);
}

/// Writes raw bytes to a real server and reads until it closes the connection.
fn exchange(
    address: std::net::SocketAddr,
    head: &str,
    body: impl FnOnce(&mut TcpStream),
) -> (String, Duration) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    write!(stream, "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{head}\r\n\r\n")
        .unwrap();
    body(&mut stream);
    let start = Instant::now();
    let mut answer = Vec::new();
    let mut chunk = [0; 4096];
    while let Ok(read @ 1..) = stream.read(&mut chunk) {
        answer.extend_from_slice(&chunk[..read]);
    }
    (String::from_utf8_lossy(&answer).into_owned(), start.elapsed())
}

#[test]
fn a_chunked_body_has_the_same_limit() {
    let address = socket(&bench());
    let (answer, _) = exchange(address, "transfer-encoding: chunked", |stream| {
        let chunk = format!("{:x}\r\n{}\r\n", 16 * 1024, " ".repeat(16 * 1024));
        // The server may stop reading before the end.
        for _ in 0..17 {
            if stream.write_all(chunk.as_bytes()).is_err() {
                break;
            }
        }
    });
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("body_too_large"), "{answer}");
    assert!(answer.to_lowercase().contains("connection: close"), "{answer}");
}

#[test]
fn a_body_that_never_ends_is_given_up() {
    let address = socket(&bench().limits(|limits| limits.body_time = SHORT));
    for head in ["transfer-encoding: chunked", "content-length: 100"] {
        let (answer, waited) = exchange(address, head, |stream| {
            if head.starts_with("transfer") {
                stream.write_all(b"1\r\n{\r\n").unwrap();
            } else {
                stream.write_all(b"{").unwrap();
            }
        });
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        assert!(answer.contains("body_timeout"), "{answer}");
        assert!(waited >= SHORT, "{waited:?}");
    }
}

#[test]
fn a_body_that_trickles_is_given_up_too() {
    let address = socket(&bench().limits(|limits| limits.body_time = SHORT));
    let (answer, _) = exchange(address, "transfer-encoding: chunked", |stream| {
        let start = Instant::now();
        while start.elapsed() < SHORT * 2 && stream.write_all(b"1\r\n \r\n").is_ok() {
            std::thread::sleep(SHORT / 20);
        }
    });
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[test]
fn a_slow_body_holds_no_other_request_up() {
    let address = socket(&bench());
    let mut slow = Vec::new();
    for _ in 0..32 {
        let mut stream = TcpStream::connect(address).unwrap();
        let head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        slow.push(stream);
    }
    let body = padded(100);
    let (answer, waited) = exchange(address, "content-length: 100\r\nconnection: close", |stream| {
        stream.write_all(body.as_bytes()).unwrap();
    });
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    // The slow ones are given up after ten seconds.
    assert!(waited < Duration::from_secs(9), "{waited:?}");
}
