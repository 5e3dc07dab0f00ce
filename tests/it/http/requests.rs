//! What counts as a GraphQL request over HTTP.

use actix_web::test::TestRequest;
use assistance_toolbox::http::error::Reason;
use serde_json::json;

use super::bench;

const BODY: &str = r#"{"query":"{ __typename }"}"#;

fn post() -> TestRequest {
    TestRequest::post().uri("/graphql")
}

fn get(query: &str) -> TestRequest {
    let encoded: String = query.bytes().map(|byte| format!("%{byte:02x}")).collect();
    TestRequest::get().uri(&format!("/graphql?query={encoded}"))
}

#[actix_web::test]
async fn a_post_of_json_is_answered_in_the_media_type_the_client_likes_best() {
    for (accept, expected) in [
        ("", "application/json; charset=utf-8"),
        ("*/*", "application/json; charset=utf-8"),
        ("application/json", "application/json; charset=utf-8"),
        ("application/*;q=0.5, text/html", "application/json; charset=utf-8"),
        ("application/graphql-response+json", "application/graphql-response+json; charset=utf-8"),
        (
            "application/graphql-response+json, application/json;q=0.9",
            "application/graphql-response+json; charset=utf-8",
        ),
        ("application/graphql-response+json;q=0.4, application/json", "application/json; charset=utf-8"),
        ("application/graphql-response+json;q=0, */*", "application/json; charset=utf-8"),
    ] {
        for content in
            ["application/json", "application/json; charset=UTF-8", "application/graphql-response+json"]
        {
            let request = post().insert_header(("content-type", content)).set_payload(BODY);
            let request = if accept.is_empty() { request } else { request.insert_header(("accept", accept)) };
            let answer = bench().send(request).await;
            answer.is_fine();
            assert_eq!(answer.header("content-type"), expected, "{accept}");
        }
    }
}

#[actix_web::test]
async fn a_client_that_accepts_neither_type_is_refused() {
    let answer = bench().send(post().insert_header(("accept", "text/html")).set_json(json!({}))).await;
    answer.is_refused(Reason::NotAcceptable);
}

#[actix_web::test]
async fn a_body_that_is_not_json_by_its_header_is_refused() {
    bench().send(post().set_payload(BODY)).await.is_refused(Reason::UnsupportedMediaType);
    for content in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json; charset=utf-16",
        "application/json; charset=iso-8859-1",
        "nonsense",
    ] {
        let answer = bench().send(post().insert_header(("content-type", content)).set_payload(BODY)).await;
        answer.is_refused(Reason::UnsupportedMediaType);
    }
    let packed = post()
        .insert_header(("content-type", "application/json"))
        .insert_header(("content-encoding", "gzip"));
    bench().send(packed.set_payload(BODY)).await.is_refused(Reason::UnsupportedMediaType);
}

#[actix_web::test]
async fn a_get_runs_queries_with_variables_and_a_name() {
    bench().send(get("{ __typename }")).await.is_fine();
    let uri = "/graphql?query=query+A($n:Int!){number(value:$n)}query+B{name}&variables=%7B%22n%22:7%7D&operationName=A";
    let answer = bench().send(TestRequest::get().uri(uri)).await;
    answer.is_fine();
    assert_eq!(answer.json()["data"]["number"], 7);
}

#[actix_web::test]
async fn a_get_passes_the_same_guard() {
    let answer =
        bench().send(get(&format!("{{ any(value: {}{}) }}", "[".repeat(2_000), "]".repeat(2_000)))).await;
    answer.is_refused(Reason::BracketsTooDeep);
    let nested = format!("{}{}", "%5B".repeat(40), "%5D".repeat(40));
    let request =
        TestRequest::get().uri(&format!("/graphql?query=%7Bname%7D&variables=%7B%22a%22:{nested}%7D"));
    bench().send(request).await.is_refused(Reason::JsonTooDeep);
    bench().send(TestRequest::get().uri("/graphql")).await.is_refused(Reason::QueryMissing);
    let request = TestRequest::get().uri("/graphql?query=%7Bname%7D&variables=%5B%5D");
    bench().send(request).await.is_refused(Reason::ParameterInvalid);
    let request = TestRequest::get().uri("/graphql?query=%7Bname%7D&query=%7Bname%7D");
    bench().send(request).await.is_refused(Reason::ParameterInvalid);
    let request = TestRequest::get().uri("/graphql?query=%7Bname%7D&variables=%7B");
    bench().send(request).await.is_refused(Reason::MalformedJson);
}

#[actix_web::test]
async fn a_mutation_by_get_is_refused_and_told_where_to_go() {
    for query in ["mutation { set }", "mutation A { set }"] {
        let answer = bench().send(get(query)).await;
        answer.is_refused(Reason::MutationByGet);
        assert_eq!(answer.status, 405);
        assert_eq!(answer.header("allow"), "POST");
    }
    // The name decides which operation runs, not the order.
    let both = "query A { name } mutation B { set }";
    let uri = get(both).to_request().uri().to_string();
    bench()
        .send(TestRequest::get().uri(&format!("{uri}&operationName=B")))
        .await
        .is_refused(Reason::MutationByGet);
    bench().send(TestRequest::get().uri(&format!("{uri}&operationName=A"))).await.is_fine();
    bench().query("mutation { set }").await.is_fine();
}

#[actix_web::test]
async fn other_methods_and_paths_are_refused_in_the_same_shape() {
    for method in
        [actix_web::http::Method::PUT, actix_web::http::Method::DELETE, actix_web::http::Method::OPTIONS]
    {
        let answer = bench().send(TestRequest::with_uri("/graphql").method(method)).await;
        answer.is_refused(Reason::MethodNotAllowed);
        assert_eq!(answer.header("allow"), "GET, POST");
    }
    bench().send(TestRequest::get().uri("/nothing?query=secret")).await.is_refused(Reason::NoSuchRoute);
}

#[actix_web::test]
async fn batches_are_refused() {
    bench().post(json!([])).await.is_refused(Reason::BatchRefused);
    bench().post(json!([{"query": "{ name }"}])).await.is_refused(Reason::BatchRefused);
    // A list in the order of the parameters must not pass as one request either.
    bench().post(json!(["{ name }", null, null])).await.is_refused(Reason::BatchRefused);
}

#[actix_web::test]
async fn parameters_of_the_wrong_type_name_the_parameter() {
    for (body, place) in [
        (json!({"query": 1}), "`query`"),
        (json!({"query": "{name}", "operationName": []}), "`operationName`"),
        (json!({"query": "{name}", "variables": "{}"}), "`variables`"),
        (json!({"query": "{name}", "extensions": false}), "`extensions`"),
    ] {
        let answer = bench().post(body).await;
        answer.is_refused(Reason::ParameterInvalid);
        assert!(answer.json()["errors"][0]["message"].as_str().unwrap().contains(place));
    }
    bench().post(json!({})).await.is_refused(Reason::QueryMissing);
    bench().post(json!({"query": null})).await.is_refused(Reason::QueryMissing);
    bench().post(json!("query")).await.is_refused(Reason::ParameterInvalid);
    let nulls = json!({"query": "{name}", "operationName": null, "variables": null, "extensions": null});
    bench().post(nulls).await.is_fine();
}

#[actix_web::test]
async fn an_operation_that_cannot_be_chosen_is_refused() {
    let two = "query A { name } query B { name }";
    bench().query(two).await.is_refused(Reason::OperationNameRequired);
    bench().post(json!({"query": two, "operationName": "C"})).await.is_refused(Reason::UnknownOperation);
    bench().post(json!({"query": "{name}", "operationName": "C"})).await.is_refused(Reason::UnknownOperation);
    bench().post(json!({"query": two, "operationName": "B"})).await.is_fine();
    bench().query("subscription { tick }").await.is_refused(Reason::SubscriptionUnsupported);
}
