//! Tokens, right and wrong, over HTTP. Nobody is let in by a wrong one, and no server error comes of it.

use std::sync::Arc;

use actix_web::test::TestRequest;
use assistance_toolbox::app::access::Role;
use assistance_toolbox::app::catalogues::Catalogues;
use assistance_toolbox::app::clock::Clock as _;
use assistance_toolbox::http::auth::development::DevelopmentKey;
use assistance_toolbox::policy_files;
use assistance_toolbox::store::NewCatalogue;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use serde_json::{Value, json};

use super::app::{NOW, Noon, query};
use super::{Answer, App, app, claims};
use crate::support::policy_texts;

pub(super) const DOCUMENT: &str = "{ household(key: \"H1\") { key } }";

pub(super) fn filled() -> App {
    let app = app();
    app.save("H1", Some("990101001"));
    app
}

pub(super) fn auditor() -> Value {
    claims(&[Role::Auditor], None, None)
}

pub(super) fn with(name: &str, value: Value) -> Value {
    let mut claims = auditor();
    claims[name] = value;
    claims
}

fn bearer(token: &str) -> TestRequest {
    query(DOCUMENT).insert_header(("authorization", format!("Bearer {token}")))
}

#[track_caller]
fn is_refused(answer: &Answer, case: &str) {
    assert_eq!(answer.status, 401, "{case}: {}", answer.body);
    assert!(answer.challenge().starts_with("Bearer"), "{case}: {}", answer.challenge());
    assert_eq!(answer.error().0, "UNAUTHENTICATED", "{case}: {}", answer.body);
    assert!(!answer.body.to_string().contains("H1"), "{case}: {}", answer.body);
}

#[track_caller]
fn is_let_in(answer: &Answer, case: &str) {
    assert_eq!((answer.status, answer.body.get("errors")), (200, None), "{case}: {}", answer.body);
    assert_eq!(answer.body["data"]["household"]["key"], "H1", "{case}");
}

/// A token of parts, each in Base64.
fn joined(header: &Value, claims: &Value, signature: &[u8]) -> String {
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let [header, claims] = [header, claims].map(|value| part(value.to_string().as_bytes()));
    format!("{header}.{claims}.{}", part(signature))
}

fn kid(app: &App) -> Value {
    app.key.key_set()["keys"][0]["kid"].clone()
}

#[actix_web::test]
async fn a_right_token_lets_in() {
    let app = filled();
    let token = app.key.sign(&auditor()).unwrap();
    for value in [format!("Bearer {token}"), format!("bearer {token}"), format!("BEARER  {token} ")] {
        is_let_in(&app.one(query(DOCUMENT).insert_header(("authorization", value.as_str()))).await, &value);
    }
    is_let_in(
        &app.one(bearer(&app.key.sign(&with("aud", json!(["other", "assistance"]))).unwrap())).await,
        "aud",
    );
    // A media type of its own makes no difference.
    let accept = ("accept", "application/graphql-response+json");
    is_let_in(&app.one(bearer(&token).insert_header(accept)).await, "accept");
}

#[actix_web::test]
async fn clocks_may_be_a_minute_apart_and_no_more() {
    let app = filled();
    for (name, value, good) in [
        ("exp", NOW - 59, true),
        ("exp", NOW - 60, false),
        ("exp", NOW - 3600, false),
        ("exp", i64::MIN, false),
        ("exp", i64::MAX, true),
        ("nbf", NOW + 60, true),
        ("nbf", NOW + 61, false),
        ("nbf", i64::MAX, false),
        ("nbf", i64::MIN, true),
    ] {
        let case = format!("{name} {value}");
        let answer = app.one(bearer(&app.key.sign(&with(name, json!(value))).unwrap())).await;
        if good { is_let_in(&answer, &case) } else { is_refused(&answer, &case) }
    }
    let mut without = auditor();
    without.as_object_mut().unwrap().remove("nbf");
    is_let_in(&app.one(bearer(&app.key.sign(&without).unwrap())).await, "without nbf");
}

/// Claims each of which is wrong in one point.
pub(super) fn wrong_claims() -> Vec<Value> {
    let mut wrong = Vec::new();
    for name in ["iss", "aud", "sub", "exp", "roles"] {
        let mut without = auditor();
        without.as_object_mut().unwrap().remove(name);
        wrong.push(without);
        wrong.push(with(name, Value::Null));
        wrong.push(with(name, json!({})));
    }
    for (name, value) in [
        ("iss", json!("https://other.example")),
        ("iss", json!(["https://issuer.example", "https://other.example"])),
        ("aud", json!("other")),
        ("aud", json!([])),
        ("sub", json!("")),
        ("sub", json!("a".repeat(201))),
        ("exp", json!("1717214400")),
        ("exp", json!(1e300)),
        ("exp", json!(true)),
        ("nbf", json!("now")),
        ("roles", json!("auditor")),
        ("roles", json!([])),
        ("roles", json!(["auditor", "root"])),
        ("roles", json!([1])),
        ("department", json!("no_such_department")),
        ("department", json!(1)),
        ("region", json!("9")),
        ("region", json!(99)),
        ("region", json!("99%")),
    ] {
        wrong.push(with(name, value));
    }
    wrong
}

#[actix_web::test]
async fn claims_that_are_wrong_let_nobody_in() {
    let app = filled();
    let wrong = wrong_claims();
    let requests = wrong.iter().map(|claims| bearer(&app.key.sign(claims).unwrap()));
    let answers = app.send(requests).await;
    for (claims, answer) in wrong.iter().zip(&answers) {
        is_refused(answer, &claims.to_string());
        assert_eq!(answer.error().1, "token_invalid");
    }
    for list in [json!([]), json!("text"), json!(null), json!(1)] {
        is_refused(&app.one(bearer(&app.key.sign(&list).unwrap())).await, "no object");
    }
}

#[actix_web::test]
async fn garbage_lets_nobody_in_and_breaks_nothing() {
    let app = filled();
    let good = app.key.sign(&auditor()).unwrap();
    let mut tokens: Vec<String> =
        ["", ".", "..", "...", "a.b.c", "null", "{}", "====.====.====", "e30.e30.e30", "\u{7f}"]
            .map(str::to_owned)
            .to_vec();
    tokens.push("A".repeat(9_000));
    tokens.push(format!("{good}.{good}"));
    tokens.push(format!("{good} {good}"));
    tokens.push(format!("{good},{good}"));
    tokens.push(good.replace('.', " "));
    // Every cut of a right token, and every byte of it changed.
    tokens.extend((0..good.len()).step_by(7).map(|end| good.chars().take(end).collect()));
    for at in 0..good.len() {
        let mut bytes = good.clone().into_bytes();
        // The last character holds bits that nothing is read from; a stricter reader refuses them all the same.
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        tokens.push(String::from_utf8(bytes).unwrap());
    }
    let requests = tokens.iter().filter_map(|token| {
        let value = actix_web::http::header::HeaderValue::from_str(&format!("Bearer {token}")).ok()?;
        Some(query(DOCUMENT).insert_header(("authorization", value)))
    });
    let answers = app.send(requests.collect::<Vec<_>>()).await;
    assert!(answers.len() > good.len());
    for answer in &answers {
        is_refused(answer, "garbage");
    }
    for value in ["", "Bearer", "Basic YTpi", "Token abc", "Bearer:abc", good.as_str()] {
        is_refused(&app.one(query(DOCUMENT).insert_header(("authorization", value))).await, value);
    }
    let odd = actix_web::http::header::HeaderValue::from_bytes(b"Bearer \xff\xfe").unwrap();
    is_refused(&app.one(query(DOCUMENT).insert_header(("authorization", odd))).await, "bytes");
}

/// Tokens that the key of an app did not sign, with what each is.
pub(super) fn foreign_tokens(app: &App) -> Vec<(&'static str, String)> {
    let (kid, good) = (kid(app), auditor());
    let stranger = DevelopmentKey::new().unwrap();
    let mut tokens = vec![("a strange key", stranger.sign(&good).unwrap())];
    let signed = |header: &Value| joined(header, &good, &[0; 64]);
    for alg in ["none", "None", "NONE", "", "HS256", "HS512", "RS256", "ES384", "ES256", "eddsa", "Ed25519"] {
        tokens.push((alg, signed(&json!({ "alg": alg, "typ": "JWT", "kid": kid }))));
        tokens.push((alg, signed(&json!({ "alg": alg, "typ": "JWT" }))));
    }
    let unsigned = joined(&json!({ "alg": "none", "kid": kid }), &good, &[]);
    tokens.push(("none without a signature", unsigned));
    tokens.push(("no algorithm", signed(&json!({ "kid": kid }))));
    tokens.push(("algorithm of another type", signed(&json!({ "alg": ["EdDSA"], "kid": kid }))));
    // The right signature under another header or other claims.
    let right = app.key.sign(&good).unwrap();
    let parts: Vec<&str> = right.split('.').collect();
    let [header, _, signature] = parts[..] else { panic!("{right}") };
    let more = URL_SAFE_NO_PAD.encode(with("roles", json!(["auditor", "coordinator"])).to_string());
    tokens.push(("changed claims", format!("{header}.{more}.{signature}")));
    let unknown = URL_SAFE_NO_PAD.encode(json!({ "alg": "EdDSA", "kid": "unknown" }).to_string());
    tokens.push(("unknown key", format!("{unknown}.{}.{signature}", parts[1])));
    let nameless = URL_SAFE_NO_PAD.encode(json!({ "alg": "EdDSA" }).to_string());
    tokens.push(("no key", format!("{nameless}.{}.{signature}", parts[1])));
    // A symmetric signature with the public key as its secret.
    let public = app.key.key_set()["keys"][0]["x"].as_str().unwrap().to_owned();
    for secret in [URL_SAFE_NO_PAD.decode(&public).unwrap(), public.into_bytes()] {
        let header = json!({ "alg": "HS256", "typ": "JWT", "kid": kid });
        let unsigned = joined(&header, &good, &[]);
        let message = unsigned.trim_end_matches('.');
        tokens.push((
            "HS256 with the public key",
            format!("{message}.{}", URL_SAFE_NO_PAD.encode(hs256(&secret, message))),
        ));
    }
    tokens
}

#[actix_web::test]
async fn a_token_that_somebody_else_made_lets_nobody_in() {
    let app = filled();
    let tokens = foreign_tokens(&app);
    let answers = app.send(tokens.iter().map(|(_, token)| bearer(token))).await;
    for ((case, _), answer) in tokens.iter().zip(&answers) {
        is_refused(answer, case);
    }
}

/// HMAC with SHA-256 (RFC 2104).
fn hs256(secret: &[u8], message: &str) -> Vec<u8> {
    use sha2::{Digest as _, Sha256};
    let mut block = [0; 64];
    block[..secret.len()].copy_from_slice(secret);
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().to_vec()
}

#[actix_web::test]
async fn a_token_stands_in_one_header_and_nowhere_else() {
    let app = filled();
    let token = app.key.sign(&auditor()).unwrap();
    let header = ("authorization", format!("Bearer {token}"));
    let twice = query(DOCUMENT).append_header(header.clone()).append_header(header.clone());
    is_refused(&app.one(twice).await, "two headers");
    let second = query(DOCUMENT).append_header(header).append_header(("authorization", "Basic YTpi"));
    is_refused(&app.one(second).await, "a second header");
    let body = json!({ "query": DOCUMENT });
    for name in ["access_token", "token", "authorization", "bearer"] {
        let uri = format!("/graphql?{name}={token}");
        is_refused(&app.one(TestRequest::post().uri(&uri).set_json(&body)).await, name);
        let get = format!("/graphql?query=%7Bhousehold(key:%22H1%22)%7Bkey%7D%7D&{name}={token}");
        is_refused(&app.one(TestRequest::get().uri(&get)).await, name);
        is_refused(
            &app.one(query(DOCUMENT).insert_header(("cookie", format!("{name}={token}")))).await,
            name,
        );
        let inside = json!({ "query": DOCUMENT, "extensions": { name: token }, name: token });
        is_refused(&app.one(TestRequest::post().uri("/graphql").set_json(inside)).await, name);
    }
    is_refused(&app.one(query(DOCUMENT)).await, "none");
    let header = ("proxy-authorization", format!("Bearer {token}"));
    is_refused(&app.one(query(DOCUMENT).insert_header(header)).await, "another header");
}

/// A wrong token is refused where none is needed, too: whoever sends one means it.
#[actix_web::test]
async fn a_wrong_token_is_refused_for_what_is_open() {
    let app = filled();
    let request = || query("{ places { id } }").insert_header(("authorization", "Bearer a.b.c"));
    for app in [&app, &super::app().without_keys()] {
        let answer = app.one(request()).await;
        is_refused(&answer, "open");
        assert_eq!(answer.body.get("data"), None);
    }
    // And a right one where no keys are configured.
    let app = filled().without_keys();
    is_refused(&app.one(bearer(&app.key.sign(&auditor()).unwrap())).await, "no keys");
}

#[actix_web::test]
async fn es256_is_served_and_each_key_has_one_algorithm() {
    let app = filled();
    let key = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
    let point = key.verifying_key().to_sec1_point(false);
    let [x, y] = [1, 33].map(|at| URL_SAFE_NO_PAD.encode(&point.as_bytes()[at..at + 32]));
    let mut set = app.key.key_set();
    let jwk = json!({ "kty": "EC", "crv": "P-256", "kid": "p", "x": x, "y": y });
    set["keys"].as_array_mut().unwrap().push(jwk);
    std::fs::write(&app.keys, set.to_string()).unwrap();
    let token = |header: &Value| {
        let unsigned = joined(header, &auditor(), &[]);
        let signature: p256::ecdsa::Signature = key.sign(unsigned.trim_end_matches('.').as_bytes());
        joined(header, &auditor(), &signature.to_bytes())
    };
    is_let_in(&app.one(bearer(&token(&json!({ "alg": "ES256", "kid": "p" })))).await, "ES256");
    for header in [
        json!({ "alg": "ES256", "kid": kid(&app) }),
        json!({ "alg": "EdDSA", "kid": "p" }),
        json!({ "alg": "ES256", "kid": "p", "crit": ["b64"], "b64": false }),
    ] {
        is_refused(&app.one(bearer(&token(&header))).await, &header.to_string());
    }
}

#[actix_web::test]
async fn keys_change_while_the_service_runs() {
    let app = filled();
    let new = DevelopmentKey::new().unwrap();
    let tokens = [app.key.sign(&auditor()).unwrap(), new.sign(&auditor()).unwrap()];
    let swapped = app.keys.with_extension("new");
    std::fs::write(&swapped, new.key_set().to_string()).unwrap();
    // Requests are built one by one, so the file changes between them.
    let requests = [0, 1, 0, 1].into_iter().zip(0..).map(|(which, step)| {
        if step == 2 {
            std::fs::rename(&swapped, &app.keys).unwrap();
        }
        bearer(&tokens[which])
    });
    let answers = app.send(requests).await;
    is_let_in(&answers[0], "the first key");
    is_refused(&answers[1], "a key to come");
    is_refused(&answers[2], "a key that was taken back");
    is_let_in(&answers[3], "the second key");
}

/// A department that joins the catalogue while the service runs is known from then on, and one that leaves it no more.
#[actix_web::test]
async fn departments_are_those_of_the_catalogue_in_use() {
    let mut app = filled();
    let catalogues = Catalogues::new(Arc::clone(&app.store));
    app.live = Arc::new(catalogues.in_use().unwrap());
    let ask = async |app: &App| app.ask(DOCUMENT, Some(&with("department", json!("statistics")))).await;
    is_refused(&ask(&app).await, "before");

    let mut files = policy_texts();
    let departments = files.iter_mut().find(|(path, _)| path == "departments.toml").unwrap();
    departments.1.push_str(
        "\n[[departments]]\nid = \"statistics\"\nzh = \"统计局\"\nen = \"statistics\"\nsource = \"paper\"\n",
    );
    for (after, files) in [(1, files), (2, policy_texts())] {
        let catalogue = policy_files::compile(&files).unwrap().0.hash;
        let (recorded_at, recorded_by) = (Noon.now(), "a test".to_owned());
        let new = NewCatalogue { after, catalogue, files, recorded_at, recorded_by };
        app.store.add_catalogue(new).wait().unwrap();
        assert!(catalogues.refresh(&app.live).await.unwrap());
        match after {
            1 => is_let_in(&ask(&app).await, "joined"),
            _ => is_refused(&ask(&app).await, "left"),
        }
    }
}
