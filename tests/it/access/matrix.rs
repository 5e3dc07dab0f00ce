//! Each role, with each region and department in its token, against each root field and node type.

use assistance_toolbox::app::access::{Access, RULES, Role};
use serde_json::{Value, json};

use super::proposals::PROPOSALS;
use super::table::document;
use super::{App, app_on, claims};
use crate::support::database::{Backend, on_both};

on_both! {
    async each_role_sees_what_its_token_allows,
    async nobody_known_sees_nothing_stored,
    async what_is_out_of_scope_looks_like_what_is_not_there,
    async a_list_pages_and_counts_within_the_scope,
    async a_stored_household_is_told_in_full,
    async nobody_states_anything_about_a_household_of_another_region,
}

/// Households, as they are stored: H1 in one county, H2 in another of the prefecture, H3 nowhere known.
fn filled(backend: Backend) -> App {
    let app = app_on(backend);
    for (key, town) in [("H1", Some("990101001")), ("H2", Some("990102001001")), ("H3", None)] {
        app.save(key, town);
        // To each of them April was paid by mistake and taken back, and May was paid.
        app.pay(key, "April", "2024-04");
        app.take_back(key, 2);
        app.pay(key, "May", "2024-05");
    }
    app.plant_event("H2", Some("990102001001"));
    app
}

/// What the table says, written down once more, by hand: for which households a role is answered, by the region and
/// department of its token. `None`: it is refused.
fn sees(
    what: &str,
    role: Role,
    (region, department): (Option<&str>, Option<&str>),
) -> Option<&'static [&'static str]> {
    let all: &[&str] = match region {
        None => &["H1", "H2", "H3"],
        Some("9901") => &["H1", "H2"],
        Some("990101" | "990101001") => &["H1"],
        Some("990102") => &["H2"],
        Some("98") => &[],
        Some(other) => panic!("{other}"),
    };
    if what == "Query.auditLog" {
        // What the document asks for is in nobody's name.
        return (role == Role::Auditor).then_some(&[]);
    }
    match role {
        Role::Portal | Role::Operator => None,
        Role::Auditor if what.starts_with("Mutation.") => None,
        Role::Caseworker if region.is_none() || what == "Query.verifyLedger" => None,
        Role::Officer if !DELIVERIES.contains(&what) || department.is_none() => None,
        // What was delivered, and what is asked for here, is of the civil affairs.
        Role::Officer if department != Some("civil_affairs") => Some(&[]),
        Role::Officer | Role::Caseworker | Role::Coordinator | Role::Auditor => Some(all),
    }
}

/// The answer that is expected of a document about H1.
fn expected(what: &str, seen: &[&str], other_department: bool) -> Value {
    let found = seen.contains(&"H1");
    // Another department learns nothing, not even whether there is such a household.
    let code = if other_department { "wrong_department" } else { "nothing_known" };
    let refusal = if found { Value::Null } else { json!({ "code": code }) };
    let null_or = |value: Value| if found { value } else { Value::Null };
    match what {
        "Query.auditLog" => json!({ "auditLog": { "totalCount": 0, "edges": [] } }),
        "Query.household" => json!({ "household": null_or(json!({ "key": "H1" })) }),
        "Query.householdPackage" => {
            json!({ "householdPackage": null_or(json!({ "package": { "household": "H1" } })) })
        }
        "Query.households" => {
            let edges: Vec<Value> = seen.iter().map(|key| json!({ "node": { "key": key } })).collect();
            json!({ "households": { "totalCount": seen.len(), "edges": edges } })
        }
        // Nothing was imported here; what is in the lists is tested beside the table.
        "Query.registryReport" => json!({ "registryReport": { "all": { "monitored": { "persons": 0 } } } }),
        "Query.matchProposals" => json!({ "matchProposals": { "totalCount": 0 } }),
        "Query.registryContradictions" => json!({ "registryContradictions": { "totalCount": 0 } }),
        "Mutation.decideMatch" => json!({ "decideMatch": { "problems": [{ "code": "no_proposal" }] } }),
        "Query.householdChain" => {
            json!({ "householdChain": null_or(json!({ "edges": [{ "node": { "kind": "FACTS" } }] })) })
        }
        "Query.householdEvents" => {
            let edges =
                if seen.contains(&"H2") { json!([{ "node": { "household": "H2" } }]) } else { json!([]) };
            json!({ "householdEvents": { "totalCount": edges.as_array().unwrap().len(), "edges": edges } })
        }
        // One lead of H2, which nobody changes meanwhile.
        "Query.leads" => json!({ "leads": { "totalCount": usize::from(seen.contains(&"H2")) } }),
        "Query.packageChanges" => json!({ "packageChanges": null_or(json!({ "problems": [] })) }),
        "Query.savedPackages" => {
            let known = if seen.contains(&"H2") { json!({ "totalCount": 0 }) } else { Value::Null };
            json!({ "savedPackages": known })
        }
        "Mutation.savePackage" => {
            json!({ "savePackage": { "saved": null_or(json!({ "household": "H1" })), "problems": [] } })
        }
        "Query.householdNeeds" => json!({ "householdNeeds": null_or(json!({ "household": "H1" })) }),
        "Query.deliveries" => {
            let node =
                |(key, number): (&&str, i64)| json!({ "node": { "household": key, "number": number } });
            let edges: Vec<Value> = seen.iter().flat_map(|key| [(key, 2), (key, 4)]).map(node).collect();
            let paid = format!("{}.00", 762 * seen.len());
            let totals =
                if seen.is_empty() { json!([]) } else { json!([{ "deliveries": seen.len(), "paid": paid }]) };
            json!({ "deliveries": { "totalCount": edges.len(), "totals": totals, "edges": edges } })
        }
        "Query.dues" => {
            let node = |key: &&str| json!({ "node": { "household": key, "left": null } });
            let edges: Vec<Value> = seen.iter().map(node).collect();
            json!({ "dues": { "totalCount": seen.len(), "edges": edges } })
        }
        "Query.loopSummary" => {
            let delivered = json!({ "amount": format!("{}.00", 762 * seen.len()) });
            let total = json!({ "payments": seen.len(), "delivered": delivered });
            let totals = if seen.is_empty() { json!([]) } else { json!([total]) };
            json!({ "loopSummary": { "households": seen.len(), "totals": totals } })
        }
        "Query.verifyLedger" => {
            json!({ "verifyLedger": { "households": seen.len(), "brokenCount": 0 } })
        }
        // No keys are configured here; what they open is tested with the registries.
        "Mutation.revealIdNumber" => {
            json!({ "revealIdNumber": { "idNumber": null, "problems": [{ "code": "no_id_keys" }] } })
        }
        "Mutation.recordDelivery" => json!({ "recordDelivery": { "refusal": refusal } }),
        "Mutation.recordDeliveries" => {
            json!({ "recordDeliveries": { "kept": found, "results": [{ "refusal": refusal }] } })
        }
        "Mutation.reverseDelivery" => {
            let refusal = if found { Value::Null } else { json!({ "code": "no_such_delivery" }) };
            json!({ "reverseDelivery": { "refusal": refusal } })
        }
        "Node.Delivery" => {
            json!({ "node": null_or(json!({ "id": "ZGVsaXZlcnk6SDEvNA", "__typename": "Delivery" })) })
        }
        "Mutation.saveHousehold" => {
            let problems = if found { json!([]) } else { json!([{ "code": "out_of_scope" }]) };
            let household = null_or(json!({ "key": "H1" }));
            json!({ "saveHousehold": { "household": household, "problems": problems } })
        }
        "Node.Household" => {
            json!({ "node": null_or(json!({ "id": "aG91c2Vob2xkOkgx", "__typename": "Household" })) })
        }
        other => panic!("say here what `{other}` answers"),
    }
}

/// What officers may do as well.
const DELIVERIES: [&str; 7] = [
    "Query.deliveries",
    "Query.dues",
    "Query.loopSummary",
    "Mutation.recordDeliveries",
    "Mutation.recordDelivery",
    "Mutation.reverseDelivery",
    "Node.Delivery",
];

const STORED: [&str; 26] = [
    "Mutation.revealIdNumber",
    "Query.registryReport",
    "Query.matchProposals",
    "Query.registryContradictions",
    "Mutation.decideMatch",
    "Query.auditLog",
    "Query.leads",
    "Query.householdChain",
    "Query.householdEvents",
    "Query.packageChanges",
    "Query.savedPackages",
    "Mutation.savePackage",
    "Query.deliveries",
    "Query.dues",
    "Query.household",
    "Query.householdNeeds",
    "Query.householdPackage",
    "Query.households",
    "Query.loopSummary",
    "Query.verifyLedger",
    "Mutation.recordDeliveries",
    "Mutation.recordDelivery",
    "Mutation.reverseDelivery",
    "Mutation.saveHousehold",
    "Node.Delivery",
    "Node.Household",
];

async fn each_role_sees_what_its_token_allows(backend: Backend) {
    let app = filled(backend);
    let regions = [None, Some("9901"), Some("990101"), Some("990101001"), Some("990102"), Some("98")];
    let mut cases = Vec::new();
    let mut requests = Vec::new();
    for role in Role::ALL {
        for region in regions {
            for department in [None, Some("civil_affairs"), Some("health")] {
                let bearer = app.bearer(&claims(&[role], department, region));
                // What is open to anybody looks at no claim; once a role is enough.
                let plain = region.is_none() && department.is_none();
                let asked = RULES.iter().filter(|rule| {
                    !PROPOSALS.contains(&rule.what) && !rule.what.starts_with("Subscription.")
                });
                for rule in asked.filter(|rule| plain || rule.access != Access::Anybody) {
                    cases.push((role, (region, department), rule.what));
                    let request = super::app::query(&document(rule.what)).insert_header(bearer.clone());
                    requests.push(request.insert_header(("assistance-purpose", "review")));
                }
            }
        }
    }
    let answers = app.send(requests).await;
    let open = RULES.iter().filter(|rule| rule.access == Access::Anybody).count();
    let followed = RULES.iter().filter(|rule| rule.what.starts_with("Subscription.")).count();
    let elsewhere = PROPOSALS.len() + open + followed;
    assert_eq!(answers.len(), 6 * 6 * 3 * (RULES.len() - elsewhere) + 6 * open);
    for ((role, token, what), answer) in cases.into_iter().zip(answers) {
        let case = format!("{role:?} {token:?} {what}: {}", answer.body);
        assert_eq!(answer.status, 200, "{case}");
        if !STORED.contains(&what) {
            assert_eq!(answer.body.get("errors"), None, "{case}");
            continue;
        }
        if let Some(seen) = sees(what, role, token) {
            assert_eq!(answer.body.get("errors"), None, "{case}");
            let other = role == Role::Officer && token.1 != Some("civil_affairs");
            assert_eq!(answer.body["data"], expected(what, seen, other), "{case}");
            continue;
        }
        let reason = match role {
            Role::Caseworker if !["Query.auditLog", "Query.verifyLedger"].contains(&what) => {
                "own_region_or_department_required"
            }
            Role::Officer if DELIVERIES.contains(&what) => "own_region_or_department_required",
            _ => "role_required",
        };
        assert_eq!(answer.error(), ("FORBIDDEN", reason), "{case}");
        let hidden = answer.body["data"].as_object().is_none_or(|data| data.values().all(Value::is_null));
        assert!(hidden, "{case}");
    }
}

async fn nobody_known_sees_nothing_stored(backend: Backend) {
    let app = filled(backend);
    for what in STORED {
        let answer = app.ask(&document(what), None).await;
        assert_eq!((answer.status, answer.challenge()), (401, "Bearer"), "{what}");
        assert_eq!(answer.error(), ("UNAUTHENTICATED", "token_required"), "{what}");
    }
}

/// Out of scope is not found, byte for byte.
async fn what_is_out_of_scope_looks_like_what_is_not_there(backend: Backend) {
    let app = filled(backend);
    let caseworker = claims(&[Role::Caseworker], None, Some("990101"));
    for (hidden, missing) in [
        (
            "{ household(key: \"H2\") { key members { name } } }",
            "{ household(key: \"H9\") { key members { name } } }",
        ),
        (
            "{ householdPackage(key: \"H2\", place: \"huaibei\") { package { household } } }",
            "{ householdPackage(key: \"H9\", place: \"huaibei\") { package { household } } }",
        ),
        (
            "{ householdChain(key: \"H2\", first: 9) { totalCount } }",
            "{ householdChain(key: \"H9\", first: 9) { totalCount } }",
        ),
        (
            "{ savedPackages(key: \"H2\", first: 9) { totalCount } }",
            "{ savedPackages(key: \"H9\", first: 9) { totalCount } }",
        ),
        (
            "{ packageChanges(key: \"H2\", from: \"2024-01-01\") { problems { code } } }",
            "{ packageChanges(key: \"H9\", from: \"2024-01-01\") { problems { code } } }",
        ),
        (
            "{ householdEvents(household: \"H2\", first: 9) { totalCount } }",
            "{ householdEvents(household: \"H9\", first: 9) { totalCount } }",
        ),
        (
            "mutation { savePackage(input: { household: \"H2\" }) { saved { key } problems { code } } }",
            "mutation { savePackage(input: { household: \"H9\" }) { saved { key } problems { code } } }",
        ),
        // Base64 of `household:H2` and of `household:H9`.
        ("{ node(id: \"aG91c2Vob2xkOkgy\") { id } }", "{ node(id: \"aG91c2Vob2xkOkg5\") { id } }"),
    ] {
        let hidden = app.ask(hidden, Some(&caseworker)).await;
        let missing = app.ask(missing, Some(&caseworker)).await;
        assert_eq!((hidden.status, hidden.body), (missing.status, missing.body));
    }
}

async fn a_list_pages_and_counts_within_the_scope(backend: Backend) {
    let app = filled(backend);
    let coordinator = claims(&[Role::Coordinator], None, Some("9901"));
    let page = "edges { node { key town members { key } } } totalCount pageInfo { hasNextPage hasPreviousPage endCursor }";
    let first = app.ask(&format!("{{ households(first: 1) {{ {page} }} }}"), Some(&coordinator)).await;
    let list = &first.body["data"]["households"];
    assert_eq!(list["edges"][0]["node"]["key"], "H1");
    assert!(!list["edges"][0]["node"]["members"].as_array().unwrap().is_empty());
    assert_eq!((&list["totalCount"], &list["pageInfo"]["hasNextPage"]), (&json!(2), &json!(true)));
    let after = list["pageInfo"]["endCursor"].as_str().unwrap();
    let document = format!("{{ households(first: 9, after: \"{after}\") {{ {page} }} }}");
    let rest = app.ask(&document, Some(&coordinator)).await;
    let list = &rest.body["data"]["households"];
    assert_eq!(list["edges"].as_array().unwrap().len(), 1);
    assert_eq!(list["edges"][0]["node"]["town"], "990102001001");
    assert_eq!((&list["totalCount"], &list["pageInfo"]["hasNextPage"]), (&json!(2), &json!(false)));
    assert_eq!(list["pageInfo"]["hasPreviousPage"], true);
    for (region, total) in [("99", 2), ("990102", 1), ("98", 0)] {
        let document = format!("{{ households(first: 9, region: \"{region}\") {{ totalCount }} }}");
        let answer = app.ask(&document, Some(&coordinator)).await;
        assert_eq!(answer.body["data"]["households"]["totalCount"], total, "{region}");
    }
    for (arguments, reason, field) in
        [("first: 9, region: \"9\"", "malformed_region", "region"), ("first: 0", "page_size", "first")]
    {
        let answer =
            app.ask(&format!("{{ households({arguments}) {{ totalCount }} }}"), Some(&coordinator)).await;
        assert_eq!(answer.error(), ("BAD_USER_INPUT", reason));
        assert_eq!(answer.body["errors"][0]["extensions"]["field"], field);
    }
}

/// The stored household gives the same package as the document that it was saved from.
async fn a_stored_household_is_told_in_full(backend: Backend) {
    let app = filled(backend);
    let auditor = claims(&[Role::Auditor], None, None);
    let document = "{ household(key: \"H1\", on: \"2024-06-01\") { lastSave on place { key } town identities { type { code } }
        facts { fact { key } value } members { key name identities { type { code } held { from } } facts { fact { key } value } } }
        householdPackage(key: \"H1\", on: \"2024-06-01\") { package { canonical } problems { path } } }";
    let answer = app.ask(document, Some(&auditor)).await;
    assert_eq!(answer.body.get("errors"), None, "{}", answer.body);
    let data = &answer.body["data"];
    insta::assert_json_snapshot!("a_stored_household", data["household"]);
    let text = std::fs::read_to_string(crate::support::root().join("policies/cases/h1.toml")).unwrap();
    let mut household = crate::support::household(&text);
    household.key = String::from("H1");
    let place = household.place.clone().unwrap();
    let package = crate::support::resolved(household, &place, "2024-06-01").document();
    let told: Value =
        serde_json::from_str(data["householdPackage"]["package"]["canonical"].as_str().unwrap()).unwrap();
    assert_eq!(told, package);
    let before = app.ask("{ household(key: \"H1\", on: \"2023-12-31\") { key } }", Some(&auditor)).await;
    assert_eq!(before.body["data"]["household"], Value::Null);
}

/// What lies in another region on any day that a statement speaks about is not changed, and not told of.
async fn nobody_states_anything_about_a_household_of_another_region(backend: Backend) {
    let app = filled(backend);
    let caseworker = claims(&[Role::Caseworker], None, Some("990101"));
    let save = |key: &str, town: &str, from: &str, rest: &str| {
        format!(
            "mutation {{ saveHousehold(input: {{ from: \"{from}\" {rest}, household: {{ key: \"{key}\" town: \"{town}\", \
             members: [{{ key: \"P1\" }}] }} }}) {{ outcome lastSave household {{ town }} problems {{ path code }} }} }}"
        )
    };
    let refused = json!([{ "path": "town", "code": "out_of_scope" }]);
    for (key, town, from, rest) in [
        ("H9", "990102001", "2024-06-01", ""),
        ("H2", "990101001", "2024-06-01", ""),
        // Before H2 is known, but without an end; and with one, so that only a new stretch is claimed.
        ("H2", "990101001", "2023-06-01", ""),
        ("H2", "990101001", "2023-06-01", "until: \"2023-07-01\""),
        ("H3", "990101001", "2024-06-01", ""),
    ] {
        let answer = app.ask(&save(key, town, from, rest), Some(&caseworker)).await;
        let payload = &answer.body["data"]["saveHousehold"];
        assert_eq!((&payload["problems"], &payload["outcome"]), (&refused, &Value::Null), "{}", answer.body);
    }
    let moved = app.ask(&save("H1", "990101002", "2024-06-01", "lastSave: 1"), Some(&caseworker)).await;
    let payload = &moved.body["data"]["saveHousehold"];
    assert_eq!(
        payload,
        &json!({ "outcome": "CHANGED", "lastSave": 2, "household": { "town": "990101002" }, "problems": [] })
    );
    let late = app.ask(&save("H1", "990101003", "2024-06-01", "lastSave: 1"), Some(&caseworker)).await;
    assert_eq!(
        late.body["data"]["saveHousehold"]["problems"],
        json!([{ "path": "", "code": "changed_meanwhile" }])
    );
    let backwards =
        app.ask(&save("H1", "990101003", "2024-06-01", "until: \"2024-06-01\""), Some(&caseworker)).await;
    assert_eq!(backwards.error(), ("BAD_USER_INPUT", "empty_period"));
    let nowhere = save("H1", "990101001", "2024-06-01", "").replace("town:", "place: \"atlantis\" town:");
    let nowhere = app.ask(&nowhere, Some(&caseworker)).await;
    assert_eq!(
        nowhere.body["data"]["saveHousehold"]["problems"],
        json!([{ "path": "place", "code": "unknown_place" }])
    );
}
