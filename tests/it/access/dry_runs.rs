//! Dry runs while they go on: followed, cancelled, beside everything else, and by nobody who may not.
//!
//! A dry run reads on the one connection for long readings. A test that holds this connection holds the dry run where
//! it is, for as long as it wants to.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use assistance_toolbox::app::access::{Actor, Caller, Claims, RULES, Role};
use assistance_toolbox::app::catalogues::Catalogues;
use assistance_toolbox::app::clock::Clock as _;
use assistance_toolbox::app::records::Records;
use assistance_toolbox::domain::period::Validity;
use assistance_toolbox::graphql::{Schema, schema};
use assistance_toolbox::store::{Pending, Recording, Store, WalkQuery};
use async_graphql::futures_util::{Stream, StreamExt as _};
use async_graphql::{Executor as _, Request, Response};
use serde_json::{Value, json};

use super::app::Noon;
use super::proposals::{PUPIL, better, input};
use crate::support::database::{Backend, on_both};
use crate::support::{household, root};

on_both! {
    async a_dry_run_is_followed_to_its_end_while_the_service_answers,
    async a_dry_run_that_is_cancelled_ends_without_a_report,
    async only_those_follow_who_see_the_run,
}

/// A service over a database that several connect to, with pupils and the proposal of a better standard for them.
struct Bench {
    store: Arc<Store>,
    schema: Schema,
}

const PUPILS: usize = 3;

async fn bench(backend: Backend) -> Bench {
    let store = Arc::new(backend.database().store());
    let live = Catalogues::new(Arc::clone(&store)).start(&root().join("policies"), Noon.now()).unwrap();
    let valid = Validity::new("2024-01-01".parse().unwrap(), None).unwrap();
    for number in 1..=PUPILS {
        let mut pupil = household(PUPIL);
        pupil.key = format!("H{number}");
        let recording = Recording {
            valid,
            recorded_at: Noon.now(),
            recorded_by: String::from("a test"),
            expected_seq: None,
        };
        store.save_household(pupil, recording).wait().unwrap();
    }
    let records = Records::new(Arc::clone(&store), Arc::new(Noon), RULES);
    let bench = Bench { store, schema: schema(Arc::new(live), records, Arc::new(Noon)) };
    let propose = format!("mutation {{ proposeMeasure({}) {{ proposal {{ number }} }} }}", input(&better()));
    assert_eq!(bench.officer(&propose).await["proposeMeasure"]["proposal"]["number"], 1);
    bench
}

fn request(document: &str, (role, department, region): (Role, Option<&str>, Option<&str>)) -> Request {
    let roles = [role.code().to_owned()];
    let actor = Actor::new(&Claims { subject: "li", roles: &roles, department, region }).unwrap();
    Request::new(document).data(Caller { actor: Some(actor), purpose: Some("review".parse().unwrap()) })
}

const OFFICER: (Role, Option<&str>, Option<&str>) = (Role::Officer, Some("education"), None);

impl Bench {
    async fn officer(&self, document: &str) -> Value {
        let response = self.schema.execute(request(document, OFFICER)).await;
        assert_eq!(response.errors, Vec::new(), "{document}");
        response.data.into_json().unwrap()
    }

    /// Holds every dry run that is started from now on, until something is sent or the sender is dropped.
    fn hold(&self) -> (Sender<()>, Pending<()>) {
        let (release, held) = channel();
        let query = WalkQuery {
            household: None,
            within: None,
            months: vec!["2024-06-01".parse().unwrap()],
            from_key: None,
        };
        let walk = self.store.walk_ledger(query, (), move |(), _stretch| {
            let _released = held.recv();
            ControlFlow::Break(())
        });
        (release, walk)
    }

    async fn start(&self) -> u64 {
        let started = self.officer("mutation { startDryRun(proposal: 1) { dryRun { number } } }").await;
        started["startDryRun"]["dryRun"]["number"].as_u64().unwrap()
    }

    fn follow(&self, number: u64) -> impl Stream<Item = Response> + Unpin + use<> {
        self.schema.execute_stream(request(&following(number), OFFICER), None)
    }
}

fn following(number: u64) -> String {
    format!(
        "subscription {{ dryRunProgress(number: {number}) {{ state householdsDone householdsExpected report {{ households \
         count(fares: GAINS) }} }} }}"
    )
}

async fn next(stream: &mut (impl Stream<Item = Response> + Unpin)) -> Option<Value> {
    let response = tokio::time::timeout(Duration::from_mins(1), stream.next()).await.unwrap()?;
    assert_eq!(response.errors, Vec::new());
    Some(response.data.into_json().unwrap()["dryRunProgress"].take())
}

async fn a_dry_run_is_followed_to_its_end_while_the_service_answers(backend: Backend) {
    let bench = bench(backend).await;
    let (release, walk) = bench.hold();
    let number = bench.start().await;
    let mut followed = bench.follow(number);
    let begun =
        json!({ "state": "RUNNING", "householdsDone": 0, "householdsExpected": PUPILS, "report": null });
    assert_eq!(next(&mut followed).await, Some(begun));
    // It stands still, and everything else goes on: reading, saving, proposing.
    let coordinator = (Role::Coordinator, None, None);
    for (document, field, expected) in [
        (
            "{ householdPackage(key: \"H1\", on: \"2024-06-01\") { package { place { key } } } }",
            "householdPackage",
            json!({ "package": { "place": { "key": "huaibei-parallel" } } }),
        ),
        (
            "mutation { saveHousehold(input: { from: \"2024-06-01\", household: { key: \"H9\", members: [{ key: \"P\" }] } }) { \
          outcome } }",
            "saveHousehold",
            json!({ "outcome": "CREATED" }),
        ),
        ("{ proposals(first: 1) { totalCount } }", "proposals", json!({ "totalCount": 1 })),
        ("{ dryRun(number: 1) { state } }", "dryRun", json!({ "state": "RUNNING" })),
    ] {
        let answer = bench.schema.execute(request(document, coordinator)).await;
        assert_eq!(answer.errors, Vec::new(), "{document}");
        assert_eq!(answer.data.into_json().unwrap()[field], expected, "{document}");
    }
    release.send(()).unwrap();
    let mut last = Value::Null;
    while let Some(seen) = next(&mut followed).await {
        assert_ne!(last["state"], "DONE", "its end is told once");
        last = seen;
    }
    // The household that was saved meanwhile has no place and is looked at too.
    let report = json!({ "households": PUPILS + 1, "count": PUPILS });
    let done = PUPILS + 1;
    assert_eq!(
        last,
        json!({ "state": "DONE", "householdsDone": done, "householdsExpected": PUPILS, "report": report })
    );
    walk.await.unwrap();
    // Whoever comes late is told the end at once.
    let mut late = bench.follow(number);
    assert_eq!((next(&mut late).await, next(&mut late).await), (Some(last), None));
}

async fn a_dry_run_that_is_cancelled_ends_without_a_report(backend: Backend) {
    let bench = bench(backend).await;
    let (release, walk) = bench.hold();
    let number = bench.start().await;
    let mut followed = bench.follow(number);
    assert_eq!(next(&mut followed).await.unwrap()["state"], "RUNNING");
    let cancel = format!("mutation {{ cancelDryRun(number: {number}) {{ number state }} }}");
    let cancelled = bench.officer(&cancel).await;
    assert_eq!(cancelled["cancelDryRun"], json!({ "number": number, "state": "RUNNING" }));
    drop(release);
    let end =
        json!({ "state": "CANCELLED", "householdsDone": 0, "householdsExpected": PUPILS, "report": null });
    assert_eq!((next(&mut followed).await, next(&mut followed).await), (Some(end), None));
    walk.await.unwrap();
    // What is over stays as it is, and makes room for the next.
    assert_eq!(bench.officer(&cancel).await["cancelDryRun"]["state"], "CANCELLED");
    let (release, walk) = bench.hold();
    assert_eq!((bench.start().await, bench.start().await), (number + 1, number + 2));
    let busy = bench.officer("mutation { startDryRun(proposal: 1) { refusal { code } } }").await;
    assert_eq!(busy["startDryRun"]["refusal"]["code"], "busy");
    drop(release);
    walk.await.unwrap();
    for number in [number + 1, number + 2] {
        let mut followed = bench.follow(number);
        let mut last = Value::Null;
        while let Some(seen) = next(&mut followed).await {
            last = seen;
        }
        assert_eq!(last["state"], "DONE");
    }
}

/// The table of rules holds for what is followed too, and every look is recorded.
async fn only_those_follow_who_see_the_run(backend: Backend) {
    let bench = bench(backend).await;
    let number = bench.start().await;
    let mut end = bench.follow(number);
    while next(&mut end).await.is_some() {}
    let seen_before = bench.store.audit(0, 1000).wait().unwrap().rows.len();
    let mut cases = 0;
    for role in Role::ALL {
        for region in [None, Some("9901"), Some("98")] {
            for department in [None, Some("education"), Some("health")] {
                cases += 1;
                let case = format!("{role:?} {department:?} {region:?}");
                let asked = request(&following(number), (role, department, region));
                let mut stream = bench.schema.execute_stream(asked, None);
                let first = stream.next().await.unwrap();
                let allowed = match role {
                    Role::Officer => department.is_some(),
                    Role::Coordinator | Role::Auditor => true,
                    Role::Portal | Role::Caseworker | Role::Operator => false,
                };
                assert_eq!(first.errors.is_empty(), allowed, "{case} {first:?}");
                // It went over the households of all regions: who sees one region only does not see it.
                let own = role != Role::Officer || department == Some("education");
                let told = first.data.into_json().unwrap();
                let seen = allowed && own && region.is_none();
                assert_eq!(told["dryRunProgress"]["state"] == "DONE", seen, "{case} {told}");
                assert!(stream.next().await.is_none(), "{case}");
            }
        }
    }
    let rows = bench.store.audit(0, 1000).wait().unwrap().rows;
    let asked = rows.iter().skip(seen_before).filter(|row| row.entry.action == "Subscription.dryRunProgress");
    assert_eq!(asked.count(), cases);
    let mut nobody = bench.schema.execute_stream(Request::new(following(number)), None);
    assert_eq!(nobody.next().await.unwrap().errors.len(), 1);
    let mut unknown = bench.schema.execute_stream(request(&following(99), OFFICER), None);
    assert_eq!((next(&mut unknown).await, next(&mut unknown).await), (Some(Value::Null), None));
}
