//! What for: the header `Assistance-Purpose`.

use assistance_toolbox::app::access::Role;
use serde_json::Value;

use super::{app, claims};

const DOCUMENT: &str = "{ household(key: \"H1\") { key } }";

#[actix_web::test]
async fn a_caseworker_says_what_for() {
    let app = app();
    app.save("H1", Some("990101001"));
    let caseworker = claims(&[Role::Caseworker], None, Some("9901"));
    let refused = app.one(super::app::query(DOCUMENT).insert_header(app.bearer(&caseworker))).await;
    assert_eq!((refused.status, refused.error()), (200, ("FORBIDDEN", "purpose_required")));
    assert_eq!(refused.body["data"]["household"], Value::Null);
    // What is open needs no purpose.
    let open = app.one(super::app::query("{ places { id } }").insert_header(app.bearer(&caseworker))).await;
    assert_eq!(open.body.get("errors"), None);
    let auditor = claims(&[Role::Auditor], None, None);
    let seen = app.one(super::app::query(DOCUMENT).insert_header(app.bearer(&auditor))).await;
    assert_eq!(seen.body["data"]["household"]["key"], "H1");
}

#[actix_web::test]
async fn a_purpose_is_short_text_in_either_spelling() {
    let app = app();
    app.save("H1", Some("990101001"));
    let caseworker = claims(&[Role::Caseworker], None, Some("9901"));
    let with = |values: &[&[u8]]| {
        let mut request = super::app::query(DOCUMENT).insert_header(app.bearer(&caseworker));
        for value in values {
            let value = actix_web::http::header::HeaderValue::from_bytes(value).unwrap();
            request = request.append_header(("assistance-purpose", value));
        }
        request
    };
    for good in ["review of 2024", "复核低保", "%E5%A4%8D%E6%A0%B8%E4%BD%8E%E4%BF%9D", &"a".repeat(200)] {
        let answer = app.one(with(&[good.as_bytes()])).await;
        assert_eq!(answer.body["data"]["household"]["key"], "H1", "{good}");
    }
    for bad in [&b""[..], b"  ", b"%0A", b"\xff", b"%FF", "a".repeat(201).as_bytes()] {
        let answer = app.one(with(&[bad])).await;
        assert_eq!((answer.status, answer.error()), (400, ("BAD_REQUEST", "purpose_invalid")), "{bad:?}");
        assert_eq!(answer.body.get("data"), None);
    }
    let twice = app.one(with(&[b"one", b"two"])).await;
    assert_eq!(twice.error(), ("BAD_REQUEST", "purpose_invalid"));
    let page = app.store.audit(0, 9).wait().unwrap();
    let purposes: Vec<_> = page.rows.into_iter().map(|row| row.entry.purpose.unwrap()).collect();
    assert_eq!(purposes[..3], ["review of 2024", "复核低保", "复核低保"].map(str::to_owned));
}
