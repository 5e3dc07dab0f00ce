//! The transport through its own front door: the real routes over a small schema.

#![expect(
    clippy::format_collect,
    clippy::format_push_string,
    clippy::unused_async,
    reason = "the documents of a test are short"
)]

mod abuse;
mod answers;
mod bodies;
mod documents;
mod pages;
mod requests;
mod schema;
mod sockets;
mod stopping;

use std::{sync::Arc, time::Duration};

use actix_web::{
    App,
    http::header::HeaderMap,
    test::{self, TestRequest},
    web,
};
use assistance_toolbox::http::{
    Probe, Service, configure, error::Reason, limits::Limits, settings::Settings, stored::Stored,
};
use serde_json::{Value, json};

/// What came back.
struct Answer {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Asserts one error of this reason with its code, no data, and the status of the media type.
    #[track_caller]
    fn is_refused(&self, reason: Reason) {
        let row = reason.row();
        let status =
            if self.header("content-type").contains("graphql-response") { row.response } else { row.json };
        let body = self.json();
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(body["errors"][0]["extensions"]["code"], row.code, "{}", self.text);
        assert_eq!(body["errors"][0]["extensions"]["reason"], row.reason, "{}", self.text);
        assert!(body["errors"][0]["message"].is_string(), "{}", self.text);
        assert_eq!(body.get("data"), None, "{}", self.text);
    }

    /// Asserts an answer without errors.
    #[track_caller]
    fn is_fine(&self) {
        assert_eq!(self.status, 200, "{}", self.text);
        assert_eq!(self.json().get("errors"), None, "{}", self.text);
    }
}

/// The app under test.
#[derive(Clone)]
struct Bench {
    settings: Settings,
    stored: Stored,
    ready: bool,
}

fn bench() -> Bench {
    Bench { settings: Settings::default(), stored: Stored::default(), ready: true }
}

impl Bench {
    fn limits(mut self, change: impl FnOnce(&mut Limits)) -> Self {
        change(&mut self.settings.limits);
        self
    }

    fn settings(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    fn service(&self) -> Service<schema::Schema> {
        let ready = self.ready;
        let probe: Probe = Arc::new(move || Box::pin(async move { ready }));
        Service::new(schema::build(), self.settings.clone(), probe).with_stored(self.stored.clone())
    }

    async fn send(&self, request: TestRequest) -> Answer {
        self.send_all([request]).await.remove(0)
    }

    /// Sends requests through one service, one after the other.
    async fn send_all(&self, requests: impl IntoIterator<Item = TestRequest>) -> Vec<Answer> {
        let service = web::Data::new(self.service());
        let app = test::init_service(App::new().configure(|config| configure(config, service))).await;
        let mut answers = Vec::new();
        for request in requests {
            let response = test::call_service(&app, request.to_request()).await;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let text = String::from_utf8(test::read_body(response).await.to_vec()).unwrap();
            answers.push(Answer { status, headers, text });
        }
        answers
    }

    /// Sends a document by POST, asking for `application/graphql-response+json`.
    async fn query(&self, document: &str) -> Answer {
        self.post(json!({"query": document})).await
    }

    async fn post(&self, body: Value) -> Answer {
        let accept = ("accept", "application/graphql-response+json");
        self.send(TestRequest::post().uri("/graphql").insert_header(accept).set_json(body)).await
    }
}

/// Serves on a free port of this machine for the rest of the process.
fn socket(bench: &Bench) -> std::net::SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let service = bench.service();
    std::thread::spawn(|| {
        actix_web::rt::System::new().block_on(assistance_toolbox::http::serve(service, listener)).unwrap();
    });
    address
}

const SHORT: Duration = Duration::from_millis(300);
