//! The two registries over the API: the same figures as everywhere, narrowed to the caller's region.

use assistance_toolbox::app::access::Role;
use serde_json::{Value, json};

use super::{App, app_on, claims};
use crate::merging::decisions::propose;
use crate::merging::{import_both, invented, report};
use crate::support::database::{Backend, on_both};

on_both! {
    async the_report_is_that_of_the_lists_and_of_a_region_only,
    async a_match_is_decided_by_who_may_see_both,
    async contradictions_are_told_where_all_of_them_may_be_seen,
}

/// Both lists of a small invented population; four people of both have no number in the second.
fn filled(backend: Backend) -> App {
    let store = backend.store();
    import_both(&store, &invented("longnan-2024-03", Some(900), 4), "2024-03-31");
    assert_eq!(propose(&store), 4);
    app_on(backend).with_store(store)
}

async fn ask(app: &App, document: &str, role: Role, region: Option<&str>) -> Value {
    let answer = app.ask(document, Some(&claims(&[role], None, region))).await;
    assert_eq!(answer.body.get("errors"), None, "{}", answer.body);
    answer.body["data"].clone()
}

const REPORT: &str = "{ registryReport { all { monitored { persons } persons { both }
    monitoredPersonsInLowIncome { part whole percent } } towns { town } pendingMatches contradictions } }";

async fn the_report_is_that_of_the_lists_and_of_a_region_only(backend: Backend) {
    let app = filled(backend);
    let told = report(&app.store);
    let all = ask(&app, REPORT, Role::Auditor, None).await;
    let all = &all["registryReport"];
    let share = told.overlap.all.monitored_persons_in_low_income();
    assert_eq!(
        all["all"]["monitoredPersonsInLowIncome"],
        json!({ "part": share.part, "whole": share.whole, "percent": share.percent() })
    );
    assert_eq!((&all["pendingMatches"], &all["contradictions"]), (&json!(4), &json!(told.contradictions)));
    let (town, overlap) = &told.overlap.towns[0];
    let own = ask(&app, REPORT, Role::Caseworker, Some(town.as_str())).await;
    let own = &own["registryReport"];
    assert_eq!(own["all"]["monitored"]["persons"], json!(overlap.monitored.persons));
    assert!(own["towns"].as_array().unwrap().iter().all(|one| one["town"] == town.as_str()), "{own}");
    // Before the second list came in, nobody stood in both.
    let before = REPORT.replace("registryReport {", "registryReport(afterImport: 1) {");
    let before = ask(&app, &before, Role::Auditor, None).await;
    assert_eq!(before["registryReport"]["all"]["persons"]["both"], 0);
    assert_eq!(before["registryReport"]["all"]["monitored"]["persons"], 0);
    let elsewhere = ask(&app, REPORT, Role::Caseworker, Some("98")).await;
    assert_eq!(elsewhere["registryReport"]["all"]["monitored"]["persons"], 0);
    assert_eq!(elsewhere["registryReport"]["pendingMatches"], 0);
}

async fn a_match_is_decided_by_who_may_see_both(backend: Backend) {
    let app = filled(backend);
    let list = "{ matchProposals(first: 2) { totalCount pageInfo { hasNextPage endCursor }
        edges { node { number rule socialAssistance { town name hasNumber } monitoring { town name hasNumber } } } } }";
    let found = ask(&app, list, Role::Coordinator, None).await;
    let found = &found["matchProposals"];
    assert_eq!((&found["totalCount"], &found["pageInfo"]["hasNextPage"]), (&json!(4), &json!(true)));
    let first = &found["edges"][0]["node"];
    assert_eq!(first["socialAssistance"]["name"], first["monitoring"]["name"]);
    assert_eq!(first["monitoring"]["hasNumber"], false);
    let after = found["pageInfo"]["endCursor"].as_str().unwrap();
    let rest = list.replace("first: 2", &format!("first: 9, after: \"{after}\""));
    let rest = ask(&app, &rest, Role::Coordinator, None).await;
    assert_eq!(rest["matchProposals"]["edges"].as_array().unwrap().len(), 2);

    let decide = |reason: &str| {
        format!(
            "mutation {{ decideMatch(input: {{ proposal: {}, accept: true, reason: \"{reason}\" }}) {{ \
             proposal {{ decision {{ accepted by }} }} problems {{ code }} }} }}",
            first["number"]
        )
    };
    let nothing = |code: &str| json!({ "decideMatch": { "proposal": null, "problems": [{ "code": code }] } });
    // Another region's caseworker is told what nobody's proposal would tell.
    let stranger = ask(&app, &decide("seen"), Role::Caseworker, Some("98")).await;
    assert_eq!(stranger, nothing("no_proposal"));
    // Who looks through the log is told the difference.
    let outcome = || app.store.audit(0, 1000).wait().unwrap().rows.pop().unwrap().entry.outcome;
    assert_eq!(outcome(), "out_of_scope");
    let none = "mutation { decideMatch(input: { proposal: 99, accept: true, reason: \"seen\" }) { problems { code } } }";
    ask(&app, none, Role::Coordinator, None).await;
    assert_eq!(outcome(), "not_found");
    let hidden = ask(&app, list, Role::Caseworker, Some("98")).await;
    assert_eq!(hidden["matchProposals"]["totalCount"], 0);
    let town = first["monitoring"]["town"].as_str().unwrap();
    assert_eq!(ask(&app, &decide(""), Role::Caseworker, Some(town)).await, nothing("bad_reason"));
    let both = report(&app.store).overlap.all.persons.both;
    let done = ask(&app, &decide("证件核对一致"), Role::Caseworker, Some(town)).await;
    let decision = json!({ "accepted": true, "by": "zhang.san" });
    assert_eq!(done, json!({ "decideMatch": { "proposal": { "decision": decision }, "problems": [] } }));
    let told = ask(&app, REPORT, Role::Auditor, None).await;
    assert_eq!(told["registryReport"]["all"]["persons"]["both"], json!(both + 1));
    assert_eq!(told["registryReport"]["pendingMatches"], 3);
}

async fn contradictions_are_told_where_all_of_them_may_be_seen(backend: Backend) {
    let app = filled(backend);
    let list = "{ registryContradictions(first: 100) { totalCount edges { node { code merged
        said { registry householdNo town } } } } }";
    let all = ask(&app, list, Role::Auditor, None).await;
    let all = &all["registryContradictions"];
    assert_eq!(all["totalCount"], json!(report(&app.store).contradictions));
    let hidden = ask(&app, list, Role::Caseworker, Some("98")).await;
    assert_eq!(hidden["registryContradictions"], json!({ "totalCount": 0, "edges": [] }));
}
