//! Deliveries over the API: recorded once, within the caller's region and department, and taken back.

use assistance_toolbox::app::access::Role;
use serde_json::{Value, json};

use super::{App, app_on, claims};
use crate::support::database::{Backend, on_both};

on_both! {
    async a_delivery_is_recorded_once_and_a_double_names_the_first,
    async what_is_out_of_scope_is_neither_recorded_nor_told_of,
    async a_list_is_recorded_whole_or_as_far_as_it_can_be,
    async what_is_taken_back_is_free_again_and_stands_in_the_ledger,
    async what_is_due_pages_and_adds_up_within_the_scope,
    async a_need_is_met_by_what_was_delivered,
    async broken_input_is_an_error_that_names_its_place,
    async every_delivery_joins_the_audit_log_with_its_outcome,
}

fn civil_affairs() -> Value {
    claims(&[Role::Officer], Some("civil_affairs"), Some("9901"))
}

/// The monthly top-up of a household under a key.
fn wish(key: &str, household: &str, rest: &str) -> String {
    format!("{{ key: \"{key}\", household: \"{household}\", measure: \"S1\", {rest} }}")
}

const JUNE: &str = "period: \"2024-06\", given: { amount: \"762\" }";

async fn record(app: &App, wish: &str, claims: &Value, fields: &str) -> Value {
    let document = format!("mutation {{ recordDelivery(input: {wish}) {{ {fields} }} }}");
    let answer = app.ask(&document, Some(claims)).await;
    assert_eq!(answer.body.get("errors"), None, "{}", answer.body);
    answer.body["data"]["recordDelivery"].clone()
}

async fn a_delivery_is_recorded_once_and_a_double_names_the_first(backend: Backend) {
    let app = app_on(backend);
    app.save("H1", Some("990101001"));
    let told =
        "outcome delivery { number paid period recordedBy of { key measures { key } } department { key } }
        refusal { code rule month earlierNumber earlier { key paid } due }";
    let first = record(&app, &wish("a", "H1", JUNE), &civil_affairs(), told).await;
    let delivery = json!({
        "number": 2, "paid": "762.00", "period": "2024-06", "recordedBy": "zhang.san",
        "of": { "key": "S1", "measures": [{ "key": "S1" }] }, "department": { "key": "civil_affairs" },
    });
    assert_eq!(first, json!({ "outcome": "RECORDED", "delivery": delivery, "refusal": null }));
    let again = record(&app, &wish("a", "H1", JUNE), &civil_affairs(), "outcome delivery { number }").await;
    assert_eq!(again, json!({ "outcome": "REPEATED", "delivery": { "number": 2 } }));
    let double = record(&app, &wish("b", "H1", JUNE), &civil_affairs(), told).await;
    assert_eq!((&double["outcome"], &double["delivery"]), (&json!("REFUSED"), &Value::Null));
    assert_eq!(
        double["refusal"],
        json!({
            "code": "double", "rule": "measure:S1", "month": "2024-06", "earlierNumber": 2,
            "earlier": { "key": "a", "paid": "762.00" }, "due": null,
        })
    );
    let other = "period: \"2024-06\", given: { amount: \"1\" }";
    let other = record(&app, &wish("a", "H1", other), &civil_affairs(), "refusal { code }").await;
    assert_eq!(other["refusal"]["code"], "key_used");
    let more = "period: \"2024-07\", given: { amount: \"762.01\" }";
    let more = record(&app, &wish("c", "H1", more), &civil_affairs(), "refusal { code due }").await;
    assert_eq!(more["refusal"], json!({ "code": "more_than_due", "due": "762.00" }));
}

/// Whoever is out of scope is told what they would be told if there were nothing.
async fn what_is_out_of_scope_is_neither_recorded_nor_told_of(backend: Backend) {
    let app = app_on(backend);
    app.save("H1", Some("990101001"));
    app.pay("H1", "June", "2024-06");
    let told =
        "outcome delivery { number } refusal { code message rule earlierNumber earlier { number } on }";
    let elsewhere = claims(&[Role::Officer], Some("civil_affairs"), Some("9902"));
    let caseworker = claims(&[Role::Caseworker], None, Some("990102"));
    for actor in [&elsewhere, &caseworker] {
        let hidden = record(&app, &wish("x", "H1", JUNE), actor, told).await;
        assert_eq!(hidden["refusal"]["code"], "nothing_known");
        assert_eq!(hidden, record(&app, &wish("x", "H9", JUNE), actor, told).await);
        // Not even under the key and with the content of what was recorded.
        let same = format!("{JUNE}, day: \"2024-05-02\", department: \"civil_affairs\"");
        assert_eq!(record(&app, &wish("June H1", "H1", &same), actor, told).await, hidden);
    }
    let health = claims(&[Role::Officer], Some("health"), None);
    let foreign = format!("{JUNE}, department: \"civil_affairs\"");
    let hidden = record(&app, &wish("x", "H1", &foreign), &health, told).await;
    assert_eq!(hidden["refusal"]["code"], "wrong_department");
    assert_eq!(hidden, record(&app, &wish("x", "H9", &foreign), &health, told).await);
    // A department delivers only what it owns.
    let own =
        record(&app, &wish("x", "H1", "period: \"2024-05\", given: { amount: \"1\" }"), &health, told).await;
    assert_eq!(own["refusal"]["code"], "wrong_department");
    let back = |household: &str| {
        format!(
            "mutation {{ reverseDelivery(input: {{ key: \"r\", household: \"{household}\", number: 2, reason: \"x\" }}) \
             {{ outcome reversal {{ number }} refusal {{ code message earlierNumber }} }} }}"
        )
    };
    for actor in [&elsewhere, &caseworker, &health] {
        let hidden = app.ask(&back("H1"), Some(actor)).await.body;
        assert_eq!(hidden["data"]["reverseDelivery"]["refusal"]["code"], "no_such_delivery");
        assert_eq!(hidden, app.ask(&back("H9"), Some(actor)).await.body);
    }
    assert_eq!(app.store.ledger("H1").wait().unwrap().len(), 1);
}

async fn a_list_is_recorded_whole_or_as_far_as_it_can_be(backend: Backend) {
    let app = app_on(backend);
    app.save("H1", Some("990101001"));
    app.save("H2", Some("990102001"));
    let list = |whole: bool| {
        let wishes =
            [wish("a", "H1", JUNE), wish("b", "H1", JUNE), wish("c", "H2", JUNE), wish("d", "H9", JUNE)];
        format!(
            "mutation {{ recordDeliveries(allOrNone: {whole}, deliveries: [{}]) {{ kept recorded repeated refused results \
             {{ key outcome delivery {{ number }} refusal {{ code }} }} }} }}",
            wishes.join(", ")
        )
    };
    let outcomes = |body: &Value| {
        let payload = &body["data"]["recordDeliveries"];
        let results = payload["results"].as_array().unwrap_or_else(|| panic!("{body}"));
        let told: Vec<String> = results
            .iter()
            .map(|result| {
                let code = result["refusal"]["code"].as_str().unwrap_or("-");
                format!("{} {code} {}", result["outcome"].as_str().unwrap(), result["delivery"])
            })
            .collect();
        let counts = ["recorded", "repeated", "refused"].map(|name| payload[name].as_i64().unwrap());
        (payload["kept"].as_bool().unwrap(), counts, told)
    };
    let coordinator = claims(&[Role::Coordinator], None, None);
    let none = app.ask(&list(true), Some(&coordinator)).await.body;
    let expected =
        ["NOT_KEPT - null", "REFUSED double null", "NOT_KEPT - null", "REFUSED nothing_known null"];
    assert_eq!(outcomes(&none), (false, [0, 0, 2], expected.map(str::to_owned).to_vec()));
    assert!(app.store.ledger("H1").wait().unwrap().is_empty());
    let some = app.ask(&list(false), Some(&coordinator)).await.body;
    let expected = [
        "RECORDED - {\"number\":2}",
        "REFUSED double null",
        "RECORDED - {\"number\":2}",
        "REFUSED nothing_known null",
    ];
    assert_eq!(outcomes(&some), (true, [2, 0, 2], expected.map(str::to_owned).to_vec()));
    let again = app.ask(&list(false), Some(&coordinator)).await.body;
    assert_eq!(outcomes(&again).1, [0, 2, 2]);
}

async fn what_is_taken_back_is_free_again_and_stands_in_the_ledger(backend: Backend) {
    let app = app_on(backend);
    app.save("H1", Some("990101001"));
    app.pay("H1", "June", "2024-06");
    let back = |key: &str, number: i64| {
        format!(
            "mutation {{ reverseDelivery(input: {{ key: \"{key}\", household: \"H1\", number: {number}, reason: \"wrong \
             month\" }}) {{ outcome reversal {{ number reverses reason paid }} refusal {{ code earlierNumber }} }} }}"
        )
    };
    let ask = async |key: &str, number: i64| {
        app.ask(&back(key, number), Some(&civil_affairs())).await.body["data"]["reverseDelivery"].clone()
    };
    let reversal = json!({ "number": 3, "reverses": 2, "reason": "wrong month", "paid": "762.00" });
    assert_eq!(ask("r", 2).await, json!({ "outcome": "RECORDED", "reversal": reversal, "refusal": null }));
    assert_eq!(ask("r", 2).await["outcome"], "REPEATED");
    assert_eq!(ask("s", 2).await["refusal"], json!({ "code": "already_reversed", "earlierNumber": 3 }));
    assert_eq!(ask("t", 3).await["refusal"]["code"], "no_such_delivery");
    let again = record(&app, &wish("a", "H1", JUNE), &civil_affairs(), "delivery { number }").await;
    assert_eq!(again["delivery"]["number"], 4);
    let ledger = "{ deliveries(household: \"H1\", reversals: true, period: \"2024\", first: 2) { totalCount totals {
        deliveries paid period measure { key } } edges { cursor node { number reverses reversedBy } } pageInfo {
        hasNextPage hasPreviousPage endCursor } } }";
    let page = app.ask(ledger, Some(&civil_affairs())).await.body["data"]["deliveries"].clone();
    assert_eq!(page["totalCount"], 3);
    let total = json!([{ "deliveries": 1, "paid": "762.00", "period": "MONTH", "measure": { "key": "S1" } }]);
    assert_eq!(page["totals"], total);
    let nodes: Vec<&Value> = page["edges"].as_array().unwrap().iter().map(|edge| &edge["node"]).collect();
    assert_eq!(
        nodes,
        [
            &json!({ "number": 2, "reverses": null, "reversedBy": 3 }),
            &json!({ "number": 3, "reverses": 2, "reversedBy": null }),
        ]
    );
    assert_eq!(
        (&page["pageInfo"]["hasNextPage"], &page["pageInfo"]["hasPreviousPage"]),
        (&json!(true), &json!(false))
    );
    let after = page["pageInfo"]["endCursor"].as_str().unwrap();
    let rest = ledger.replace("first: 2", &format!("first: 2, after: \"{after}\""));
    let rest = app.ask(&rest, Some(&civil_affairs())).await.body["data"]["deliveries"].clone();
    assert_eq!(rest["edges"][0]["node"]["number"], 4);
    assert_eq!(
        (&rest["pageInfo"]["hasNextPage"], &rest["pageInfo"]["hasPreviousPage"]),
        (&json!(false), &json!(true))
    );
}

/// A page of dues goes on where the last one ended, and the sums are those of all pages.
async fn what_is_due_pages_and_adds_up_within_the_scope(backend: Backend) {
    let app = app_on(backend);
    for key in ["H1", "H2", "H3"] {
        app.save(key, Some("990101001"));
    }
    app.save("H4", Some("990201001"));
    app.pay("H2", "May", "2024-05");
    let caseworker = claims(&[Role::Caseworker], None, Some("9901"));
    let page = "edges { node { household of { key } due left state deliveries } } pageInfo { endCursor hasNextPage }";
    let mut after = String::new();
    let mut found = Vec::new();
    for _ in 0..9 {
        let document =
            format!("{{ dues(period: \"2024-05\", measure: \"S1\", first: 1 {after}) {{ {page} }} }}");
        let dues = app.ask(&document, Some(&caseworker)).await.body["data"]["dues"].clone();
        found.extend(dues["edges"].as_array().unwrap().iter().map(|edge| edge["node"].clone()));
        if dues["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = format!(", after: \"{}\"", dues["pageInfo"]["endCursor"].as_str().unwrap());
    }
    let row = |household: &str, left: Value, state: &str, deliveries: Value| {
        json!({
            "household": household, "of": { "key": "S1" }, "due": "762.00", "left": left, "state": state,
            "deliveries": deliveries,
        })
    };
    assert_eq!(
        found,
        [
            row("H1", json!("762.00"), "OVERDUE", json!([])),
            row("H2", Value::Null, "DELIVERED", json!([2])),
            row("H3", json!("762.00"), "OVERDUE", json!([])),
        ]
    );
    let totals = "totals { of { key } period payments due { count amount } delivered { count amount } closed outstanding { \
                  count } overdue { count amount } open unpriced unknown }";
    let document =
        format!("{{ loopSummary(period: \"2024-05\", measure: \"S1\") {{ households {totals} }} }}");
    let summary = app.ask(&document, Some(&caseworker)).await;
    assert_eq!(
        summary.body["data"]["loopSummary"],
        json!({
            "households": 3,
            "totals": [{
                "of": { "key": "S1" }, "period": "MONTH", "payments": 3,
                "due": { "count": 3, "amount": "2286.00" }, "delivered": { "count": 1, "amount": "762.00" }, "closed": 1,
                "outstanding": { "count": 0 }, "overdue": { "count": 2, "amount": "1524.00" },
                "open": 0, "unpriced": 0, "unknown": 0,
            }],
        }),
        "{}",
        summary.body
    );
    // All of it, with what has no price, adds up the same over pages.
    let document = format!("{{ dues(period: \"2024-05\", first: 100) {{ totalCount {totals} {page} }} }}");
    let all = app.ask(&document, Some(&caseworker)).await.body["data"]["dues"].clone();
    assert_eq!(all["totalCount"], all["edges"].as_array().unwrap().len());
    let payments: i64 =
        all["totals"].as_array().unwrap().iter().map(|one| one["payments"].as_i64().unwrap()).sum();
    assert_eq!(all["totalCount"], payments);
}

async fn a_need_is_met_by_what_was_delivered(backend: Backend) {
    let app = app_on(backend);
    app.save("H1", Some("990101001"));
    let caseworker = claims(&[Role::Caseworker], None, Some("9901"));
    let standing = async || {
        let document =
            "{ householdNeeds(key: \"H1\", period: \"2024-05\") { on needs { need { key } standing rows {
            beneficiary standing deliveries } } } }";
        let needs = app.ask(document, Some(&caseworker)).await.body["data"]["householdNeeds"].clone();
        assert_eq!(needs["on"], "2024-05-01");
        let needs = needs["needs"].as_array().unwrap().clone();
        needs.into_iter().find(|one| one["need"]["key"] == "living").unwrap()
    };
    let living = standing().await;
    assert_eq!(living["standing"], "COVERED", "{living}");
    app.pay("H1", "May", "2024-05");
    let living = standing().await;
    assert_eq!((&living["standing"], &living["rows"][0]["deliveries"]), (&json!("MET"), &json!([2])));
}

async fn broken_input_is_an_error_that_names_its_place(backend: Backend) {
    let app = app_on(backend);
    app.save("H1", Some("990101001"));
    let coordinator = claims(&[Role::Coordinator], None, None);
    let long = "k".repeat(101);
    for (input, reason, field) in [
        (wish("", "H1", JUNE), "malformed_key", "input.key"),
        (wish(&long, "H1", JUNE), "malformed_key", "input.key"),
        (wish("a", "", JUNE), "malformed_text", "input.household"),
        (
            wish("a", "H1", "period: \"2024-13\", given: { amount: \"1\" }"),
            "malformed_period",
            "input.period",
        ),
        (
            wish("a", "H1", "period: \"2024-06\", given: { amount: \"1.001\" }"),
            "malformed_amount",
            "input.given",
        ),
        (wish("a", "H1", "period: \"2024-06\", given: { inKind: false }"), "malformed_amount", "input.given"),
    ] {
        let document = format!("mutation {{ recordDelivery(input: {input}) {{ outcome }} }}");
        let answer = app.ask(&document, Some(&coordinator)).await;
        assert_eq!(answer.error(), ("BAD_USER_INPUT", reason), "{input}: {}", answer.body);
        assert_eq!(answer.body["errors"][0]["extensions"]["field"], field, "{input}");
    }
    for (document, reason) in [
        ("mutation { recordDeliveries(deliveries: []) { kept } }", "list_size"),
        ("{ dues(period: \"2024-06-01\", first: 1) { totalCount } }", "malformed_period"),
        ("{ dues(period: \"2024-06\", first: 1, after: \"x\") { totalCount } }", "malformed_cursor"),
        ("{ deliveries(first: 1, region: \"9\") { totalCount } }", "malformed_region"),
        ("{ deliveries(first: 1, period: \"June\") { totalCount } }", "malformed_period"),
    ] {
        let answer = app.ask(document, Some(&coordinator)).await;
        assert_eq!(answer.error(), ("BAD_USER_INPUT", reason), "{document}: {}", answer.body);
    }
}

/// What was asked for, of whom, and what came of it.
async fn every_delivery_joins_the_audit_log_with_its_outcome(backend: Backend) {
    let database = backend.database();
    let store = database.store();
    let app = app_on(backend).with_store(store);
    app.save("H1", Some("990101001"));
    let list =
        [wish("a", "H1", JUNE), wish("b", "H1", JUNE), wish("c", "110101199003071234", JUNE)].join(", ");
    let document =
        format!("mutation {{ recordDeliveries(allOrNone: false, deliveries: [{list}]) {{ kept }} }}");
    app.ask(&document, Some(&civil_affairs())).await;
    let back = "mutation { reverseDelivery(input: { key: \"r\", household: \"H1\", number: 2, reason: \"x\" }) { outcome } }";
    app.ask(back, Some(&civil_affairs())).await;
    let lines = database.raw().lines(
        "SELECT action || ' ' || coalesce(object, '-') || ' ' || outcome AS line FROM audit_entries ORDER BY seq",
    );
    assert_eq!(
        lines,
        [
            "Mutation.recordDeliveries H1 done",
            "Mutation.recordDeliveries H1 double",
            "Mutation.recordDeliveries - nothing_known",
            "Mutation.reverseDelivery H1 done",
        ]
    );
}
