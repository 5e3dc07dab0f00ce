//! The table against the schema: nothing without a rule, and no rule that is not enforced.

use std::collections::BTreeSet;

use assistance_toolbox::app::access::{Access, RULES, Role, Rows, Rule};
use serde_json::Value;

use super::{app, claims};

/// What of the schema needs a rule: root fields, and types that have an id.
async fn needed() -> BTreeSet<String> {
    let query = "{ __schema { queryType { name fields { name } } mutationType { name fields { name } }
        subscriptionType { name fields { name } } } __type(name: \"Node\") { possibleTypes { name } } }";
    let answer = app().ask(query, Some(&claims(&[Role::Auditor], None, None))).await;
    let data = &answer.body["data"];
    let names = |list: &Value| {
        let list = list.as_array().cloned().unwrap_or_default();
        list.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let mut needed = BTreeSet::new();
    for root in ["queryType", "mutationType", "subscriptionType"] {
        let root = &data["__schema"][root];
        let name = root["name"].as_str().unwrap_or_default();
        needed.extend(names(&root["fields"]).into_iter().map(|field| format!("{name}.{field}")));
    }
    needed.extend(names(&data["__type"]["possibleTypes"]).into_iter().map(|name| format!("Node.{name}")));
    needed
}

#[actix_web::test]
async fn every_root_field_and_node_type_has_exactly_one_rule() {
    let ruled: BTreeSet<String> = RULES.iter().map(|rule| rule.what.to_owned()).collect();
    assert_eq!(ruled.len(), RULES.len(), "a rule stands twice");
    let needed = needed().await;
    assert!(needed.len() > 30 && needed.contains("Node.Household"), "{needed:?}");
    assert_eq!(needed.difference(&ruled).collect::<Vec<_>>(), Vec::<&String>::new(), "without a rule");
    assert_eq!(ruled.difference(&needed).collect::<Vec<_>>(), Vec::<&String>::new(), "rules for nothing");
}

const HOUSEHOLD: &str = "household: { key: \"H\", members: [{ key: \"P\" }] }";

/// A delivery to H1 that was recorded before, so that repeating it changes nothing.
const DELIVERY: &str = "{ key: \"May H1\", household: \"H1\", measure: \"S1\", period: \"2024-05\", given: { amount: \
    \"762.00\" }, day: \"2024-05-02\", department: \"civil_affairs\" }";

/// A document that asks for what a rule is about, and nothing else.
#[expect(clippy::too_many_lines, reason = "one row for each rule, to be read beside the table")]
pub(super) fn document(what: &str) -> String {
    let fields = match what {
        "Query.auditLog" => {
            "auditLog(first: 9, filter: { subject: \"nobody\" }) { totalCount edges { node { number } } }"
        }
        "Query.cascades" => "cascades { id }",
        "Query.catalogueSummary" => "catalogueSummary { hash }",
        "Query.compareIncomes" => {
            return "{ compareIncomes(input: { place: \"huaibei\", statement: { key: \"H\", complete: true, members: \
                    [{ key: \"P\" }], items: [] } }) { problems { path } } }"
                .to_owned();
        }
        "Query.deliveries" => {
            "deliveries(first: 9, measure: \"S1\") { totalCount totals { deliveries paid } edges { node { household \
             number } } }"
        }
        "Query.departments" => "departments { id }",
        "Query.documents" => "documents { id }",
        "Query.dues" => {
            "dues(period: \"2024-05\", measure: \"S1\", first: 9) { totalCount edges { node { household left } } }"
        }
        "Query.eligibilityMatrix" => "eligibilityMatrix { on }",
        "Query.exclusions" => "exclusions { id }",
        "Query.explainMeasure" => {
            return format!(
                "{{ explainMeasure(input: {{ place: \"huaibei\", measure: {{ key: \"D1\" }}, {HOUSEHOLD} }}) {{ \
                 explanation {{ measure {{ key }} }} problems {{ path }} }} }}"
            );
        }
        "Mutation.revealIdNumber" => {
            return "mutation { revealIdNumber(input: { household: \"H1\", member: \"p1\" }) { idNumber problems { \
                    code } } }"
                .to_owned();
        }
        "Mutation.recordDeliveries" => {
            return format!(
                "mutation {{ recordDeliveries(deliveries: [{DELIVERY}]) {{ kept results {{ refusal {{ code }} }} }} }}"
            );
        }
        "Mutation.recordDelivery" => {
            return format!("mutation {{ recordDelivery(input: {DELIVERY}) {{ refusal {{ code }} }} }}");
        }
        "Mutation.reverseDelivery" => {
            return "mutation { reverseDelivery(input: { key: \"back H1\", household: \"H1\", number: 2, reason: \"mistake\", \
                    day: \"2024-05-02\" }) { refusal { code } } }"
                .to_owned();
        }
        "Mutation.approveProposal" => {
            return "mutation { approveProposal(number: 9) { refusal { code } } }".to_owned();
        }
        "Mutation.cancelDryRun" => return "mutation { cancelDryRun(number: 9) { number } }".to_owned(),
        "Mutation.proposeMeasure" => {
            return "mutation { proposeMeasure(input: { change: { retire: { measure: \"X1\", from: \"2030-01-01\" } }, \
                    reason: \"none\" }) { refusal { code } } }"
                .to_owned();
        }
        "Mutation.rejectProposal" => {
            return "mutation { rejectProposal(number: 9, reason: \"none\") { refusal { code } } }"
                .to_owned();
        }
        "Mutation.startDryRun" => {
            return "mutation { startDryRun(proposal: 9) { refusal { code } } }".to_owned();
        }
        "Mutation.withdrawProposal" => {
            return "mutation { withdrawProposal(number: 9) { refusal { code } } }".to_owned();
        }
        "Query.checkProposal" => {
            return "{ checkProposal(input: { change: { retire: { measure: \"X1\", from: \"2030-01-01\" } }, \
                    reason: \"none\" }) { refusal { code } } }"
                .to_owned();
        }
        "Query.dryRun" => "dryRun(number: 9) { number }",
        "Query.proposal" => "proposal(number: 1) { number }",
        "Query.proposals" => "proposals(first: 9) { totalCount edges { node { number } } }",
        "Mutation.saveHousehold" => {
            return "mutation { saveHousehold(input: { from: \"2024-06-01\", household: { key: \"H1\", town: \"990101001\", \
                    place: \"huaibei\", members: [{ key: \"P1\" }] } }) { household { key } problems { code } } }"
                .to_owned();
        }
        "Mutation.savePackage" => {
            return "mutation { savePackage(input: { household: \"H1\", on: \"2024-06-01\" }) { saved { household } \
                    problems { code } } }"
                .to_owned();
        }
        "Query.householdChain" => "householdChain(key: \"H1\", first: 1) { edges { node { kind } } }",
        "Query.householdEvents" => {
            "householdEvents(household: \"H2\", first: 9) { totalCount edges { node { household } } }"
        }
        "Query.leads" => "leads(region: \"990102\", first: 9) { totalCount }",
        "Query.packageChanges" => {
            "packageChanges(key: \"H1\", from: \"2024-01-01\", to: \"2024-06-01\") { problems { code } }"
        }
        "Query.registryReport" => "registryReport { all { monitored { persons } } }",
        "Query.matchProposals" => "matchProposals(first: 9) { totalCount }",
        "Query.registryContradictions" => "registryContradictions(first: 9) { totalCount }",
        "Mutation.decideMatch" => {
            return "mutation { decideMatch(input: { proposal: 9, accept: true, reason: \"same\" }) { problems { code } } }"
                .to_owned();
        }
        "Query.savedPackages" => "savedPackages(key: \"H2\", first: 9) { totalCount }",
        "Query.household" => "household(key: \"H1\") { key }",
        "Query.householdNeeds" => "householdNeeds(key: \"H1\", period: \"2024-05\") { household }",
        "Query.householdPackage" => "householdPackage(key: \"H1\") { package { household } }",
        "Query.households" => "households(first: 9) { totalCount edges { node { key } } }",
        "Query.identityPairs" => "identityPairs { sources { text } }",
        "Query.identityTypes" => "identityTypes { id }",
        "Query.incomeRuleSets" => "incomeRuleSets { key }",
        "Query.loopSummary" => {
            "loopSummary(period: \"2024-05\", measure: \"S1\") { households totals { payments delivered { amount } } }"
        }
        "Query.measure" => "measure(key: { key: \"D1\" }) { id }",
        "Query.measures" => "measures(first: 1) { totalCount }",
        "Query.needs" => "needs { id }",
        "Query.parameters" => "parameters { name }",
        "Query.place" => "place(key: \"huaibei\") { id }",
        "Query.places" => "places { id }",
        "Query.reach" => "reach(identities: [DIBAO]) { count }",
        "Query.resolvePackage" => {
            return format!(
                "{{ resolvePackage(input: {{ place: \"huaibei\", {HOUSEHOLD} }}) {{ package {{ household }} problems \
                 {{ path }} }} }}"
            );
        }
        "Query.trackGap" => "trackGap { count }",
        "Query.verifyLedger" => "verifyLedger { households brokenCount }",
        "Query.vocabulary" => "vocabulary { key }",
        "Node.Cascade" => return by_id("cascade:X1"),
        "Node.Delivery" => return by_id("delivery:H1/4"),
        "Node.Department" => return by_id("department:health"),
        "Node.Document" => return by_id("document:S02"),
        "Node.Exclusion" => return by_id("exclusion:E1"),
        "Node.Household" => return by_id("household:H1"),
        "Node.Identity" => return by_id("identity:dibao"),
        "Query.node" | "Node.Measure" => return by_id("measure:D1"),
        "Node.Need" => return by_id("need:food"),
        "Node.Place" => return by_id("place:huaibei"),
        other => panic!("say here how to ask for `{other}`"),
    };
    format!("{{ {fields} }}")
}

fn by_id(plain: &str) -> String {
    use base64::Engine as _;
    let id = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(plain);
    format!("{{ node(id: \"{id}\") {{ id __typename }} }}")
}

/// What is open to anybody is not refused either, so the documents above are right.
#[actix_web::test]
async fn what_is_open_is_answered_without_a_token_and_without_keys() {
    for app in [app(), app().without_keys()] {
        let open: Vec<_> = RULES.iter().filter(|rule| rule.access == Access::Anybody).collect();
        let answers = app.send(open.iter().map(|rule| super::app::query(&document(rule.what)))).await;
        for (rule, answer) in open.iter().zip(answers) {
            assert_eq!(
                (answer.status, answer.body.get("errors")),
                (200, None),
                "{} {}",
                rule.what,
                answer.body
            );
        }
    }
}

/// A table in which one thing after the other is closed shows which resolver asks it.
#[actix_web::test]
async fn every_rule_is_enforced() {
    const OPERATORS: Access = Access::Roles(&[(Role::Operator, Rows::All)]);
    // What is followed goes another way: see the tests of the chain.
    for closed in RULES.iter().filter(|rule| !rule.what.starts_with("Subscription.")) {
        let change = |rule: &Rule| {
            let access = if rule.what == closed.what { OPERATORS } else { Access::Anybody };
            Rule { what: rule.what, access }
        };
        let rules: &'static [Rule] = RULES.iter().map(change).collect::<Vec<_>>().leak();
        let app = app().with_rules(rules);
        let document = document(closed.what);
        let coordinator = app.ask(&document, Some(&claims(&[Role::Coordinator], None, None))).await;
        assert_eq!(coordinator.error(), ("FORBIDDEN", "role_required"), "{}", closed.what);
        let fields = document.split_once('{').unwrap().1;
        let field = fields.split(['{', '(', ' ']).find(|word| !word.is_empty()).unwrap();
        assert_eq!(coordinator.body["errors"][0]["path"][0], field, "{}", closed.what);
        let nobody = app.ask(&document, None).await;
        assert_eq!(nobody.error(), ("UNAUTHENTICATED", "token_required"), "{}", closed.what);
        let operator = app.ask(&document, Some(&claims(&[Role::Operator], None, None))).await;
        assert_eq!(operator.body.get("errors"), None, "{}", closed.what);
    }
}

/// A field that somebody forgets is closed to all, not open to all.
#[actix_web::test]
async fn without_a_rule_nobody_is_let_in() {
    let app = app().with_rules(&[]);
    let auditor = claims(&[Role::Auditor], None, None);
    let answer = app.ask("{ places { id } }", Some(&auditor)).await;
    assert_eq!(answer.error(), ("INTERNAL_SERVER_ERROR", "internal"));
    assert_eq!(answer.body["data"], Value::Null);
}
