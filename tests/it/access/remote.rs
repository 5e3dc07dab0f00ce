//! Keys from an address, with a server of the test.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use assistance_toolbox::http::auth::KeysSource;
use assistance_toolbox::http::auth::development::DevelopmentKey;
use serde_json::json;

use super::tokens::{DOCUMENT, auditor, filled};
use crate::support::socket::{Heard, Socket};

/// What the server of the keys answers: a status line's end and a body.
type Said = Arc<Mutex<(&'static str, Vec<u8>)>>;

/// Answers every request with what is said at the time.
fn issuer(said: &Said) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, said) = (listener.local_addr().unwrap(), Arc::clone(said));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            let (status, body) = said.lock().unwrap().clone();
            let head =
                format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            let _gone = stream.write_all(&[head.as_bytes(), &body].concat());
        }
    });
    address
}

fn key_set(keys: &[&DevelopmentKey]) -> Vec<u8> {
    let keys: Vec<_> = keys.iter().map(|key| key.key_set()["keys"][0].clone()).collect();
    json!({ "keys": keys }).to_string().into_bytes()
}

/// Whether a token lets in by now.
fn lets_in(address: SocketAddr, token: &str) -> bool {
    let mut socket = Socket::open(address);
    let payload = json!({ "authorization": format!("Bearer {token}") });
    socket.say(&json!({ "type": "connection_init", "payload": payload }));
    match socket.hear() {
        Heard::Closed(Some(4403)) => return false,
        heard => assert_eq!(heard, Heard::Text(json!({ "type": "connection_ack" }))),
    }
    socket.subscribe("q", DOCUMENT);
    assert_eq!(socket.text()["payload"]["data"]["household"]["key"], "H1");
    true
}

#[track_caller]
fn soon(mut done: impl FnMut() -> bool) {
    for _ in 0..300 {
        if done() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("it did not come");
}

/// From before the address answers, over a rotation, to after it has ceased to answer.
#[test]
fn keys_are_fetched_and_follow_a_rotation_and_outlive_a_failure() {
    let mut app = filled();
    let new = DevelopmentKey::new().unwrap();
    let [old_token, new_token] = [&app.key, &new].map(|key| key.sign(&auditor()).unwrap());
    let said: Said = Arc::new(Mutex::new(("503 Busy", Vec::new())));
    let say = |status, body| *said.lock().unwrap() = (status, body);
    let url = format!("http://{}/keys", issuer(&said)).parse().unwrap();
    app.keys_at = Some(KeysSource::Url { url, roots: None });
    let address = app.serve();
    assert!(!lets_in(address, &old_token));
    // A key set that is too large or none is as good as no answer.
    say("200 OK", vec![b' '; 2 * 1024 * 1024]);
    assert!(!lets_in(address, &old_token));
    say("200 OK", key_set(&[&app.key]));
    soon(|| lets_in(address, &old_token));
    // A token under the new key has the keys fetched, though not more often than every ten seconds.
    say("200 OK", key_set(&[&new]));
    soon(|| lets_in(address, &new_token));
    assert!(!lets_in(address, &old_token));
    say("500 Broken", b"{\"keys\":[]}".to_vec());
    assert!(!lets_in(address, &old_token));
    assert!(lets_in(address, &new_token));
}

#[test]
fn the_certificates_are_read_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text, words) in [
        ("none.pem", None, "entity not found"),
        ("empty.pem", Some(""), "no certificate"),
        ("key.pem", Some("-----BEGIN CERTIFICATE-----\n???\n-----END CERTIFICATE-----\n"), "no PEM"),
    ] {
        let path = folder.path().join(name);
        if let Some(text) = text {
            std::fs::write(&path, text).unwrap();
        }
        let output = crate::support::program()
            .arg("serve")
            .current_dir(crate::support::root())
            .env("ASSISTANCE_DATABASE_URL", format!("sqlite:{}", folder.path().join("a.sqlite").display()))
            .env("ASSISTANCE_JWKS", "https://issuer.invalid/keys")
            .env("ASSISTANCE_JWKS_CERTIFICATES", &path)
            .envs([("ASSISTANCE_TOKEN_ISSUER", "i"), ("ASSISTANCE_TOKEN_AUDIENCE", "a")])
            .output()
            .unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(
            !output.status.success() && told.contains("file of certificates") && told.contains(words),
            "{told}"
        );
    }
}
