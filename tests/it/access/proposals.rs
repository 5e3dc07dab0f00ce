//! A department proposes a better standard, somebody else approves it, packages change on its date; and each role,
//! with each department and region, against every field of proposals.

use assistance_toolbox::app::access::{RULES, Role};
use assistance_toolbox::app::catalogues::Catalogues;
use assistance_toolbox::documents::package::{canonical, document as package_document};
use assistance_toolbox::domain::resolve::resolve;
use serde_json::{Value, json};

use super::table::document;
use super::{App, app_on, claims};
use crate::support::database::{Backend, on_both};
use crate::support::root;

on_both! {
    async a_better_standard_goes_from_its_department_into_force,
    async a_proposal_that_was_overtaken_is_made_anew,
    async each_role_sees_and_does_what_its_token_allows,
}

/// What is about proposals, and asked here.
pub(super) const PROPOSALS: [&str; 10] = [
    "Query.checkProposal",
    "Query.dryRun",
    "Query.proposal",
    "Query.proposals",
    "Mutation.approveProposal",
    "Mutation.cancelDryRun",
    "Mutation.proposeMeasure",
    "Mutation.rejectProposal",
    "Mutation.startDryRun",
    "Mutation.withdrawProposal",
];

pub(super) const PUPIL: &str = "key = \"H1\"\nplace = \"huaibei-parallel\"\ntown = \"990101001\"\n\
    identities = [{ type = \"m_edge\", since = 2023-11-01 }]\n\
    [[members]]\nkey = \"p1\"\nbirthDate = 1980-01-01\n\
    [[members]]\nkey = \"p2\"\nbirthDate = 2014-05-01\n[members.study]\nstage = \"primary\"\nboarding = true\n";

fn who(subject: &str, roles: &[Role], department: Option<&str>) -> Value {
    let mut claims = claims(roles, department, None);
    claims["sub"] = json!(subject);
    claims
}

/// The measure C7 with a higher rate for boarders in primary school from autumn on.
pub(super) fn better() -> String {
    let text = std::fs::read_to_string(root().join("policies/measures/C7.toml")).unwrap();
    let (before, rest) = text.split_once("from = 2021-01-01\n").unwrap();
    let later = "\n[[standards]]\nid = \"C7-boarding-primary\"\nzh = \"小学寄宿生\"\nen = \"boarder, primary\"\n\
        identities = [\"tekun\", \"dibao\", \"dibao_edge\", \"rigid\", \"m_unstable\", \"m_edge\", \"m_sudden\"]\n\
        from = 2024-09-01\nperiod = \"year\"\nsource = \"document: S49\"\n\
        [[standards.conditions]]\nzh = \"就读小学\"\nen = \"in primary school\"\nwhen = 'stage == \"primary\"'\n\
        source = \"document: S49\"\n\
        [[standards.conditions]]\nzh = \"寄宿\"\nen = \"boards at school\"\nwhen = \"boarding\"\nsource = \"document: S49\"\n\
        [[standards.parts]]\nzh = \"生活补助\"\nen = \"living allowance\"\nsource = \"document: S49\"\ngives = \"amount\"\n\
        amount = 1250\n";
    format!("{before}from = 2021-01-01\nuntil = 2024-09-01\n{rest}{later}")
}

pub(super) fn input(text: &str) -> String {
    let text = serde_json::to_string(text).unwrap();
    format!("input: {{ change: {{ text: {{ text: {text}, form: TOML }} }}, reason: \"prices rose\" }}")
}

async fn data(app: &App, document: &str, claims: &Value) -> Value {
    let answer = app.ask(document, Some(claims)).await;
    assert_eq!(answer.body.get("errors"), None, "{document}: {}", answer.body);
    answer.body["data"].clone()
}

const REFUSED: &str = "proposal { number } violations { severity code path line } refusal { code }";

fn propose(text: &str) -> String {
    format!("mutation {{ proposeMeasure({}) {{ {REFUSED} }} }}", input(text))
}

async fn tries(app: &App, officer: &Value) {
    // A wrong first try: the old version does not end, and a condition has a mistake.
    let wrong =
        better().replace("until = 2024-09-01\n", "").replacen("when = \"boarding\"", "when = \"bording\"", 1);
    let answer =
        data(app, &format!("{{ checkProposal({}) {{ holds violations {{ severity code path line hint }} refusal {{ code }} }} }}",
            input(&wrong)), officer).await;
    let checked = &answer["checkProposal"];
    assert_eq!((&checked["holds"], &checked["refusal"]), (&json!(false), &Value::Null), "{checked}");
    assert_eq!(checked["violations"][0]["code"], "bad_condition", "{checked}");
    assert_eq!(checked["violations"][0]["path"], "standards[0].conditions[1].when", "{checked}");
    let wrong = better().replace("until = 2024-09-01\n", "");
    let refused = data(app, &propose(&wrong), officer).await;
    let refused = &refused["proposeMeasure"];
    assert_eq!((&refused["proposal"], &refused["refusal"]["code"]), (&Value::Null, &json!("violations")));
    let told = |violation: &Value| (violation["code"].clone(), violation["path"].clone());
    let told: Vec<_> = refused["violations"].as_array().unwrap().iter().map(told).collect();
    let dominated = (json!("dominated_standard"), json!("standards[0]"));
    assert_eq!(told, [dominated, (json!("overlapping_versions"), json!("standards[4]"))], "{refused}");
}

async fn proposes(app: &App, officer: &Value, other: &Value, coordinator: &Value) {
    // Another department is refused everywhere.
    let foreign = data(app, &propose(&better()), other).await;
    assert_eq!(foreign["proposeMeasure"]["violations"][0]["code"], "not_own_measure", "{foreign}");
    let taken = better().replace("department = \"education\"", "department = \"health\"");
    for claims in [other, officer] {
        let moved = data(app, &propose(&taken), claims).await;
        assert_eq!(moved["proposeMeasure"]["violations"][0]["code"], "not_own_measure", "{moved}");
    }

    let made = data(app, &propose(&better()), officer).await;
    assert_eq!(
        made["proposeMeasure"],
        json!({ "proposal": { "number": 1 }, "violations": [], "refusal": null })
    );
    for hidden in [
        "{ hidden: proposal(number: 1) { number } }",
        "mutation { hidden: withdrawProposal(number: 1) { refusal { code } } }",
        "mutation { hidden: startDryRun(proposal: 1) { refusal { code } } }",
    ] {
        assert_eq!(data(app, hidden, other).await, json!({ "hidden": null }), "{hidden}");
    }
    let list = "{ proposals(first: 9, open: true) { totalCount edges { node { number state measure { key } department { key } } } } }";
    assert_eq!(data(app, list, other).await["proposals"]["totalCount"], 0);
    let listed = data(app, list, coordinator).await;
    let node = json!({ "number": 1, "state": "PROPOSED", "measure": { "key": "C7" }, "department": { "key": "education" } });
    assert_eq!(listed["proposals"], json!({ "totalCount": 1, "edges": [{ "node": node }] }));
}

async fn tries_out(app: &App, officer: &Value, other: &Value) {
    // Who gains, and what it costs.
    let run =
        data(app, "mutation { startDryRun(proposal: 1) { dryRun { number on } refusal { code } } }", officer)
            .await;
    assert_eq!(run["startDryRun"]["dryRun"], json!({ "number": 1, "on": "2024-09-01" }), "{run}");
    assert_eq!(data(app, "{ dryRun(number: 1) { number } }", other).await, json!({ "dryRun": null }));
    let report = "{ dryRun(number: 1) { state householdsDone householdsExpected report { households gains: count(fares: GAINS) \
        loses: count(fares: LOSES) costs { of identity town amounts { period before after difference } } \
        shifts { measure was becomes entitlements } sample { household fares } } } }";
    let done = loop {
        let run = data(app, report, officer).await;
        if run["dryRun"]["state"] != "RUNNING" {
            break run["dryRun"].clone();
        }
    };
    let found = &done["report"];
    assert_eq!(
        (&done["state"], &done["householdsDone"], &done["householdsExpected"]),
        (&json!("DONE"), &json!(1), &json!(1))
    );
    assert_eq!(
        (&found["households"], &found["gains"], &found["loses"]),
        (&json!(1), &json!(1), &json!(0)),
        "{done}"
    );
    let costs = found["costs"].as_array().unwrap();
    let yearly = costs
        .iter()
        .filter(|cost| cost["amounts"]["period"] == "YEAR" && cost["amounts"]["difference"] == "250.00");
    let of: Vec<_> = yearly.map(|cost| (&cost["of"], &cost["identity"], &cost["town"])).collect();
    let expected = [
        (&json!("ALL"), &Value::Null, &Value::Null),
        (&json!("IDENTITY"), &json!("M_EDGE"), &Value::Null),
        (&json!("TOWN"), &Value::Null, &json!("990101001")),
    ];
    assert_eq!(of, expected, "{done}");
    let standard = "C7-boarding-primary";
    let shift = json!({ "measure": "C7", "was": standard, "becomes": standard, "entitlements": 1 });
    assert_eq!(
        (&found["shifts"], &found["sample"]),
        (&json!([shift]), &json!([{ "household": "H1", "fares": "GAINS" }]))
    );
}

async fn decides(app: &App, officer: &Value, other: &Value, coordinator: &Value) {
    // Nobody approves their own.
    let approve = "mutation { approveProposal(number: 1, reason: \"agreed\") { proposal { state steps { state by catalogue } } \
        violations { code } refusal { code } } }";
    assert_eq!(app.ask(approve, Some(officer)).await.error(), ("FORBIDDEN", "role_required"));
    assert_eq!(app.ask(approve, Some(other)).await.error(), ("FORBIDDEN", "role_required"));
    let both = who("li", &[Role::Officer, Role::Coordinator], Some("education"));
    let own = data(app, approve, &both).await;
    assert_eq!(own["approveProposal"]["refusal"]["code"], "maker_is_checker");
    let mut narrow = coordinator.clone();
    narrow["region"] = json!("9901");
    assert_eq!(data(app, approve, &narrow).await["approveProposal"]["refusal"]["code"], "region_limited");
    let approved = data(app, approve, coordinator).await;
    let steps = json!([
        { "state": "PROPOSED", "by": "li", "catalogue": null },
        { "state": "APPROVED", "by": "wang", "catalogue": 2 },
    ]);
    let expected =
        json!({ "proposal": { "state": "APPROVED", "steps": steps }, "violations": [], "refusal": null });
    assert_eq!(approved["approveProposal"], expected);
    assert_eq!(
        data(app, approve, coordinator).await["approveProposal"]["refusal"]["code"],
        "already_decided"
    );
}

async fn a_better_standard_goes_from_its_department_into_force(backend: Backend) {
    let app = app_on(backend);
    app.save_as(crate::support::household(PUPIL));
    let officer = who("li", &[Role::Officer], Some("education"));
    let other = who("zhao", &[Role::Officer], Some("health"));
    let coordinator = who("wang", &[Role::Coordinator], None);
    let auditor = who("wu", &[Role::Auditor], None);
    let paid = |data: &Value| {
        let canonical = data["householdPackage"]["package"]["canonical"].as_str().unwrap();
        let package: Value = serde_json::from_str(canonical).unwrap();
        let lines = package["entitlements"].as_array().unwrap().iter();
        let mut lines = lines.flat_map(|one| one["lines"].as_array().unwrap().clone());
        let line = lines.find(|line| line["measure"] == "C7").unwrap();
        line["amount"]["payment"].as_i64().unwrap()
    };
    let package = |on: &str| {
        format!(
            "{{ householdPackage(key: \"H1\", on: \"{on}\") {{ package {{ canonical }} }} catalogueSummary {{ hash }} }}"
        )
    };
    let old = data(&app, &package("2024-09-01"), &auditor).await;
    assert_eq!(paid(&old), 100_000);

    tries(&app, &officer).await;
    proposes(&app, &officer, &other, &coordinator).await;
    tries_out(&app, &officer, &other).await;
    decides(&app, &officer, &other, &coordinator).await;

    // Packages change on its date and not before.
    let before = data(&app, &package("2024-08-31"), &auditor).await;
    let after = data(&app, &package("2024-09-01"), &auditor).await;
    assert_eq!((paid(&before), paid(&after)), (100_000, 125_000));
    let hash = |data: &Value| data["catalogueSummary"]["hash"].as_str().unwrap().to_owned();
    assert_ne!(hash(&after), hash(&old));

    // The package of before comes out as it did, byte for byte, of the catalogue that it names.
    let kept = Catalogues::new(std::sync::Arc::clone(&app.store));
    let policies = kept.of_hash(hash(&old).parse().unwrap()).await.unwrap().unwrap();
    let rulebook = policies.rulebook("huaibei-parallel", "2024-09-01".parse().unwrap()).unwrap();
    let household = crate::support::household(PUPIL);
    let package = resolve(&rulebook, &household).unwrap();
    let bytes = canonical(&package_document(&rulebook, &household, &package)).unwrap();
    assert_eq!(
        String::from_utf8(bytes).unwrap(),
        old["householdPackage"]["package"]["canonical"].as_str().unwrap()
    );

    // Every step stands in the log, refusals too.
    let page = app.store.audit(0, 1000).wait().unwrap();
    let told = |action: &str| -> Vec<String> {
        let rows = page.rows.iter().filter(|row| row.entry.action == action);
        rows.map(|row| format!("{} {}", row.entry.subject, row.entry.outcome)).collect()
    };
    assert_eq!(
        told("Mutation.proposeMeasure"),
        ["li violations", "zhao violations", "zhao violations", "li violations", "li done"]
    );
    assert_eq!(
        told("Mutation.approveProposal"),
        [
            "li refused_role",
            "zhao refused_role",
            "li maker_is_checker",
            "wang region_limited",
            "wang done",
            "wang already_decided"
        ]
    );
}

async fn a_proposal_that_was_overtaken_is_made_anew(backend: Backend) {
    let app = app_on(backend);
    let officer = who("li", &[Role::Officer], Some("education"));
    let coordinator = who("wang", &[Role::Coordinator], None);
    let retire = "mutation { proposeMeasure(input: { change: { retire: { measure: \"C7\", from: \"2025-01-01\" } }, reason: \"x\" }) \
        { proposal { number } violations { code } refusal { code } } }";
    let propose = format!("mutation {{ proposeMeasure({}) {{ {REFUSED} }} }}", input(&better()));
    assert_eq!(data(&app, &propose, &officer).await["proposeMeasure"]["proposal"]["number"], 1);
    assert_eq!(data(&app, retire, &officer).await["proposeMeasure"]["proposal"]["number"], 2);
    let approve = |number: i64| {
        format!(
            "mutation {{ approveProposal(number: {number}) {{ refusal {{ code }} violations {{ code }} }} }}"
        )
    };
    assert_eq!(data(&app, &approve(1), &coordinator).await["approveProposal"]["refusal"], Value::Null);
    let overtaken = data(&app, &approve(2), &coordinator).await;
    assert_eq!(overtaken["approveProposal"]["refusal"]["code"], "changed_meanwhile");
    let reject = "mutation { rejectProposal(number: 2, reason: \"overtaken\") { proposal { state } refusal { code } } }";
    assert_eq!(data(&app, reject, &coordinator).await["rejectProposal"]["proposal"]["state"], "REJECTED");

    // The coordinating department looks after what the measures stand on; departments do not.
    let exclusions = std::fs::read_to_string(root().join("policies/exclusions.toml")).unwrap();
    let exclusions =
        serde_json::to_string(&exclusions.replace("from = ", "until = 2090-01-01\nfrom = ")).unwrap();
    let exclude = format!(
        "{{ checkProposal(input: {{ change: {{ text: {{ path: \"exclusions.toml\", text: {exclusions}, form: TOML }} }}, \
         reason: \"x\" }}) {{ holds violations {{ code }} }} }}"
    );
    let foreign = data(&app, &exclude, &officer).await;
    assert_eq!(foreign["checkProposal"]["violations"][0]["code"], "not_own_measure", "{foreign}");
    let own = data(&app, &exclude, &coordinator).await;
    assert_eq!(own["checkProposal"], json!({ "holds": true, "violations": [] }));
    let extend = "mutation { proposeMeasure(input: { change: { extend: { place: \"huaibei\", id: \"more\", zh: \"扩展\", \
        en: \"more\", from: \"2025-01-01\", measures: [\"M1\"], like: M_EDGE, to: [DIBAO], source: \"paper\" } }, reason: \"x\" }) \
        { proposal { number file text(form: JSON) department { key } } violations { code path } refusal { code } } }";
    let foreign = data(&app, extend, &officer).await;
    assert_eq!(foreign["proposeMeasure"]["violations"][0]["code"], "not_own_measure", "{foreign}");
    let made = data(&app, extend, &coordinator).await;
    let proposal = &made["proposeMeasure"]["proposal"];
    assert_eq!((&proposal["number"], &proposal["department"]), (&json!(3), &Value::Null), "{made}");
    let text: Value = serde_json::from_str(proposal["text"].as_str().unwrap()).unwrap();
    assert_eq!(text["extensions"].as_array().unwrap().last().unwrap()["id"], "more");
    let withdraw = "mutation { withdrawProposal(number: 3) { proposal { state } refusal { code } } }";
    assert_eq!(data(&app, withdraw, &officer).await["withdrawProposal"], Value::Null);
    assert_eq!(
        data(&app, withdraw, &coordinator).await["withdrawProposal"]["proposal"]["state"],
        "WITHDRAWN"
    );
}

/// What is expected of a document of [`PROPOSALS`], as the table says once more by hand; `Err` for a refusal.
fn expected(what: &str, role: Role, department: Option<&str>) -> Result<Value, &'static str> {
    let decides = ["Mutation.approveProposal", "Mutation.rejectProposal"].contains(&what);
    match role {
        Role::Portal | Role::Caseworker | Role::Operator => return Err("role_required"),
        Role::Officer if decides => return Err("role_required"),
        Role::Officer if department.is_none() => return Err("own_region_or_department_required"),
        Role::Auditor if what.starts_with("Mutation.") || what == "Query.checkProposal" => {
            return Err("role_required");
        }
        Role::Officer | Role::Coordinator | Role::Auditor => {}
    }
    let field = what.split_once('.').unwrap().1;
    let sees = role != Role::Officer || department == Some("education");
    let value = match what {
        "Query.checkProposal" | "Mutation.proposeMeasure" => {
            json!({ "refusal": { "code": "unknown_measure" } })
        }
        "Query.proposal" if sees => json!({ "number": 1 }),
        "Query.proposals" if sees => json!({ "totalCount": 1, "edges": [{ "node": { "number": 1 } }] }),
        "Query.proposals" => json!({ "totalCount": 0, "edges": [] }),
        _ => Value::Null,
    };
    Ok(json!({ field: value }))
}

async fn each_role_sees_and_does_what_its_token_allows(backend: Backend) {
    let app = app_on(backend);
    let officer = who("li", &[Role::Officer], Some("education"));
    data(&app, &format!("mutation {{ proposeMeasure({}) {{ {REFUSED} }} }}", input(&better())), &officer)
        .await;
    let mut cases = Vec::new();
    let mut requests = Vec::new();
    for role in Role::ALL {
        for region in [None, Some("9901"), Some("98")] {
            for department in [None, Some("education"), Some("health")] {
                let bearer = app.bearer(&claims(&[role], department, region));
                for rule in RULES.iter().filter(|rule| PROPOSALS.contains(&rule.what)) {
                    cases.push((role, department, rule.what));
                    let request = super::app::query(&document(rule.what)).insert_header(bearer.clone());
                    requests.push(request.insert_header(("assistance-purpose", "review")));
                }
            }
        }
    }
    let answers = app.send(requests).await;
    assert_eq!(answers.len(), 6 * 3 * 3 * PROPOSALS.len());
    for ((role, department, what), answer) in cases.into_iter().zip(answers) {
        let case = format!("{role:?} {department:?} {what}: {}", answer.body);
        match expected(what, role, department) {
            Ok(expected) => {
                assert_eq!(answer.body.get("errors"), None, "{case}");
                assert_eq!(answer.body["data"], expected, "{case}");
            }
            Err(reason) => {
                assert_eq!(answer.error(), ("FORBIDDEN", reason), "{case}");
                let hidden =
                    answer.body["data"].as_object().is_none_or(|data| data.values().all(Value::is_null));
                assert!(hidden, "{case}");
            }
        }
    }
    for what in PROPOSALS {
        let answer = app.ask(&document(what), None).await;
        assert_eq!((answer.status, answer.error()), (401, ("UNAUTHENTICATED", "token_required")), "{what}");
    }
}
