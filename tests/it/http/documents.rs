//! Documents that cost too much. Each limit passes at the limit and is refused one over it.

use actix_web::test::TestRequest;
use assistance_toolbox::http::{
    error::Reason,
    guard::{self, Weight},
    limits::Limits,
};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::bench;

fn fields(count: usize) -> String {
    let aliases: String = (0..count).map(|at| format!("a{at}: __typename ")).collect();
    format!("{{ {aliases}}}")
}

fn nested(levels: usize) -> String {
    format!("{}{}name{}{}", "{", "me{".repeat(levels - 1), "}".repeat(levels - 1), "}")
}

#[actix_web::test]
async fn a_list_nested_2000_deep_ends_no_process() {
    for (open, close) in [("[", "]"), ("{a:", "}"), ("[[", "]]")] {
        let document = format!("{{ any(value: {}1{}) }}", open.repeat(2_000), close.repeat(2_000));
        bench().query(&document).await.is_refused(Reason::BracketsTooDeep);
    }
    // The type of a variable recurses in the parser too, and so does its default.
    let types = format!("query($v: {}Int{}) {{ name }}", "[".repeat(2_000), "]".repeat(2_000));
    bench().query(&types).await.is_refused(Reason::BracketsTooDeep);
    let default = format!("query($v: Int = {}{}) {{ name }}", "[".repeat(2_000), "]".repeat(2_000));
    bench().query(&default).await.is_refused(Reason::BracketsTooDeep);
}

#[actix_web::test]
async fn brackets_nest_32_levels_and_no_more() {
    // The selection set and the arguments are two of them.
    let list =
        |levels: usize| format!("{{ any(value: {}1{}) }}", "[".repeat(levels - 2), "]".repeat(levels - 2));
    bench().query(&list(32)).await.is_fine();
    bench().query(&list(33)).await.is_refused(Reason::BracketsTooDeep);
}

#[actix_web::test]
async fn brackets_in_strings_and_comments_do_not_count() {
    let many = "[{(".repeat(50);
    for document in [
        format!("{{ name(value: \"{many}\") }}"),
        format!("{{ name(value: \"\\\"{many}\\\\\") }}"),
        format!("{{ name(value: \"\"\"{many} \\\"\"\" \" \"\" {many}\"\"\") }}"),
        format!("# {many} \" \"\"\"\n{{ name(value: \"\") }}"),
        format!("# {many}\r{{ name }}"),
    ] {
        bench().query(&document).await.is_fine();
    }
}

#[actix_web::test]
async fn a_string_hides_no_brackets_from_the_count() {
    let many = "[".repeat(2_000);
    for document in [
        // The parser gives up the block string and reads an empty string, then a string, then brackets.
        format!("{{ any(value: [\"\"\" [ \" {many}"),
        format!("{{ any(value: [\"\"\"\" {many}"),
        format!("{{ any(value: [\" \n {many} \" ]) }}"),
        "{ any(value: [\"\\".to_owned(),
    ] {
        bench().query(&document).await.is_refused(Reason::Syntax);
    }
    for document in [
        format!("{{ any(value: [\"\" {many}"),
        format!("{{ any(value: [\"#\" {many}"),
        format!("{{ any(value: [\"\\\\\" {many}"),
        format!("{{ any(value: [\"\"\"\\\\\"\"\" {many}\"\"\"\" "),
        format!("{{ any(value: [ # \" \r {many} # \" \n"),
        format!("{{ any(value: ])}}}}]] {many}"),
    ] {
        let answer = bench().query(&document).await;
        let reason = answer.json()["errors"][0]["extensions"]["reason"].clone();
        assert!(reason == "brackets_too_deep" || reason == "syntax", "{document:.40} {}", answer.text);
    }
}

#[actix_web::test]
async fn a_document_has_32_kb_and_no_more() {
    let of = |bytes: usize| format!("{{name}}#{}", "x".repeat(bytes - 7));
    bench().query(&of(32 * 1024)).await.is_fine();
    bench().query(&of(32 * 1024 + 1)).await.is_refused(Reason::DocumentTooLarge);
}

#[actix_web::test]
async fn a_document_has_2000_tokens_and_no_more() {
    let of = |tokens: usize| format!("{{texts(values:[{}])}}", "\"\" ".repeat(tokens - 9));
    bench().query(&of(2_000)).await.is_fine();
    bench().query(&of(2_001)).await.is_refused(Reason::TooManyTokens);
    // Commas and white space are none, numbers and dots are one each.
    let limits = Limits { tokens: 14, ..Limits::default() };
    let document = "{ a(x: -1.5e+3, y: $v) ,,, ...F }";
    assert_eq!(guard::text(document, &limits), Ok(()));
    let limits = Limits { tokens: 13, ..limits };
    assert_eq!(guard::text(document, &limits).unwrap_err().reason, Reason::TooManyTokens);
}

#[actix_web::test]
async fn a_name_has_256_bytes_and_no_more() {
    let of = |bytes: usize| format!("{{ {}: name }}", "a".repeat(bytes));
    bench().query(&of(256)).await.is_fine();
    bench().query(&of(257)).await.is_refused(Reason::NameTooLong);
}

#[actix_web::test]
async fn a_document_has_10_directives_and_no_more() {
    // Spread over fields and fragments, since each place allows a directive once.
    let of = |count: usize| {
        let fields: String = (0..count).map(|at| format!("a{at}: name @include(if: true) ")).collect();
        format!("{{ {fields} }}")
    };
    bench().query(&of(10)).await.is_fine();
    bench().query(&of(11)).await.is_refused(Reason::TooManyDirectives);
    bench().query(&format!("{{ name {} }}", "@a".repeat(900))).await.is_refused(Reason::TooManyDirectives);
}

#[actix_web::test]
async fn fields_nest_10_levels_and_no_more() {
    bench().query(&nested(10)).await.is_fine();
    bench().query(&nested(11)).await.is_refused(Reason::TooDeep);
    // A fragment adds where it is used.
    let with = |levels: usize| format!("{{ me {{ me {{ ...F }} }} }} fragment F on Query {}", nested(levels));
    bench().query(&with(8)).await.is_fine();
    bench().query(&with(9)).await.is_refused(Reason::TooDeep);
    let inline = format!("{{ ... {{ ... on Query {} }} }}", nested(10));
    bench().query(&inline).await.is_fine();
}

#[actix_web::test]
async fn typename_and_aliases_count_as_fields_up_to_100() {
    bench().query(&fields(100)).await.is_fine();
    bench().query(&fields(101)).await.is_refused(Reason::TooManyFields);
    // All operations count, since validation walks them all.
    let two = format!("query A {} query B {}", fields(60), fields(60));
    let answer = bench().post(json!({"query": two, "operationName": "A"})).await;
    answer.is_refused(Reason::TooManyFields);
}

#[actix_web::test]
async fn a_client_on_this_machine_has_400_fields() {
    let send = async |count: usize, peer: &str, forwarded: Option<&str>| {
        let mut request = TestRequest::post().uri("/graphql").peer_addr(peer.parse().unwrap());
        if let Some(name) = forwarded {
            request = request.insert_header((name, "10.0.0.1"));
        }
        bench().send(request.set_json(json!({"query": fields(count)}))).await
    };
    for peer in ["127.0.0.1:5000", "[::1]:5000"] {
        send(400, peer, None).await.is_fine();
        send(401, peer, None).await.is_refused(Reason::TooManyFields);
    }
    send(100, "10.0.0.1:5000", None).await.is_fine();
    send(101, "10.0.0.1:5000", None).await.is_refused(Reason::TooManyFields);
    for header in ["x-forwarded-for", "forwarded"] {
        send(101, "127.0.0.1:5000", Some(header)).await.is_refused(Reason::TooManyFields);
    }
}

fn fan_out(width: usize, levels: usize) -> String {
    let mut document = format!("{{ {} }}", "...F0 ".repeat(width));
    for level in 0..levels {
        let inside =
            if level + 1 == levels { "name".to_owned() } else { format!("...F{} ", level + 1).repeat(width) };
        document.push_str(&format!(" fragment F{level} on Query {{ {inside} }}"));
    }
    document
}

#[actix_web::test]
async fn a_fan_out_of_fragments_is_refused_at_once() {
    let document = fan_out(30, 6);
    assert!(document.len() < 2_000, "{}", document.len());
    bench().query(&document).await.is_refused(Reason::TooManyFields);
    // The count is exact while it fits, and stays at the top when it does not. Visiting every field of
    // the last one would outlast any test.
    let weight = |document: &str| guard::weigh(&guard::parse(document).unwrap()).unwrap();
    assert_eq!(
        weight(&fan_out(30, 6)),
        Weight { fields: 30_usize.pow(6), depth: 1, nesting: 7, cost: 30_usize.pow(6), ..Weight::default() }
    );
    assert_eq!(weight(&fan_out(10, 30)).fields, usize::MAX);
    bench().query(&fan_out(10, 2)).await.is_fine();
}

#[actix_web::test]
async fn a_fan_out_that_no_operation_uses_is_refused_too() {
    let document = format!("{{ name }} {}", fan_out(30, 6).split_once("} ").unwrap().1);
    bench().query(&document).await.is_refused(Reason::TooManyFields);
}

#[actix_web::test]
async fn a_cycle_of_fragments_is_refused() {
    for document in [
        "{ ...A } fragment A on Query { ...A }",
        "{ ...A } fragment A on Query { me { ...B } } fragment B on Query { ...A ...A ...A }",
        "{ name } fragment A on Query { ...B } fragment B on Query { ...A }",
    ] {
        bench().query(document).await.is_refused(Reason::FragmentCycle);
    }
    let wide: String = (0..20).map(|at| format!(" fragment F{at} on Query {{ {} }}", every(20))).collect();
    // Following every path of these would outlast any test.
    bench().query(&format!("{{ ...F0 }}{wide}")).await.is_refused(Reason::FragmentCycle);
}

/// The largest that the configuration lets through, so that no setting opens the hole again.
#[actix_web::test]
async fn the_largest_limits_that_can_be_set_overflow_no_stack() {
    let limits = |limits: &mut Limits| {
        (limits.tokens, limits.brackets, limits.json_depth) = (10_000, 100, 100);
        (limits.fields, limits.depth, limits.document_bytes) = (10_000, 30, 1024 * 1024);
    };
    let inside = |spread: &str| format!("{{ {}{spread}{} }}", "... { ".repeat(60), "}".repeat(60));
    let mut chain = inside("...F0");
    for at in 0..30 {
        chain.push_str(&format!(" fragment F{at} on Query {}", inside(&format!("...F{}", at + 1))));
    }
    chain.push_str(" fragment F30 on Query { name }");
    bench().limits(limits).query(&chain).await.is_refused(Reason::TooDeep);
    let list = format!("{{ any(value: {}1{}) }}", "[".repeat(98), "]".repeat(98));
    bench().limits(limits).query(&list).await.is_fine();
}

fn every(count: usize) -> String {
    (0..count).map(|at| format!("...F{at} ")).collect()
}

#[actix_web::test]
async fn a_long_chain_of_fragments_ends_no_process() {
    let chain = |levels: usize| {
        let mut document = "{ ...F0 }".to_owned();
        for at in 0..levels - 2 {
            document.push_str(&format!(" fragment F{at} on Query {{ ...F{} }}", at + 1));
        }
        document + &format!(" fragment F{} on Query {{ name }}", levels - 2)
    };
    bench().query(&chain(guard::NESTING)).await.is_fine();
    bench().query(&chain(guard::NESTING + 1)).await.is_refused(Reason::TooDeep);
    bench().query(&chain(240)).await.is_refused(Reason::TooDeep);
}

#[actix_web::test]
async fn introspection_by_its_known_text_is_exempt_and_by_another_text_is_not() {
    for text in [
        include_str!("../../../src/http/pinned/introspection-graphiql.graphql"),
        include_str!("../../../src/http/pinned/introspection.graphql"),
        include_str!("../../../src/http/pinned/introspection-full.graphql"),
    ] {
        let answer = bench().query(text).await;
        answer.is_fine();
        bench().query(&format!("{text} ")).await.is_refused(Reason::TooDeep);
    }
}

#[actix_web::test]
async fn a_document_can_be_pinned_by_its_hash() {
    let document = nested(12);
    bench().query(&document).await.is_refused(Reason::TooDeep);
    let pinned = bench().limits(|limits| limits.pinned.push(Sha256::digest(document.as_bytes()).into()));
    pinned.query(&document).await.is_fine();
    // The other limits hold for it.
    let deep = format!("{{ any(value: {}{}) }}", "[".repeat(40), "]".repeat(40));
    let pinned = bench().limits(|limits| limits.pinned.push(Sha256::digest(deep.as_bytes()).into()));
    pinned.query(&deep).await.is_refused(Reason::BracketsTooDeep);
}

#[actix_web::test]
async fn a_document_that_does_not_parse_is_not_quoted() {
    let answer = bench().query(&format!("{{ name {} ) }}", "secret ".repeat(500))).await;
    answer.is_refused(Reason::Syntax);
    assert!(!answer.text.contains("secret"), "{}", answer.text);
    assert!(answer.text.len() < 600, "{}", answer.text);
    assert!(answer.json()["errors"][0]["locations"][0]["line"].is_u64());
    bench().query("").await.is_refused(Reason::Syntax);
    bench().query("{ name } { name }").await.is_refused(Reason::Syntax);
    bench().query("query A { name } query A { name }").await.is_refused(Reason::Syntax);
    bench().query("type A { a: Int }").await.is_refused(Reason::Syntax);
    bench().query("{ 名 }").await.is_refused(Reason::Syntax);
}
