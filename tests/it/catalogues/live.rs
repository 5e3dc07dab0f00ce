//! A newer catalogue comes into use without a restart and without a torn answer.

use std::sync::Arc;
use std::time::Duration;

use assistance_toolbox::app::access::{Actor, Caller, Claims, RULES};
use assistance_toolbox::app::catalogues::{Catalogues, Live, POLL};
use assistance_toolbox::app::clock::SystemClock;
use assistance_toolbox::app::records::Records;
use assistance_toolbox::graphql::{Schema, schema};
use assistance_toolbox::store::{Kept, Store};
use async_graphql::{Executor as _, Request};

use super::{add, edited, hash, now, texts};
use crate::support::database::{Backend, on_both};
use crate::support::root;

on_both! {
    async another_process_is_followed_and_a_running_request_keeps_its_catalogue,
    async an_approval_in_one_process_is_followed_by_the_other,
}

async fn another_process_is_followed_and_a_running_request_keeps_its_catalogue(backend: Backend) {
    let database = backend.database();
    let (ours, theirs) = (Arc::new(database.store()), database.store());
    let catalogues = Catalogues::new(Arc::clone(&ours));
    let live = Arc::new(catalogues.start(&root().join("policies"), now()).unwrap());
    let records = Records::new(ours, Arc::new(SystemClock), RULES);
    let schema = schema(Arc::clone(&live), records, Arc::new(SystemClock));
    let asked = || async {
        let answer = schema.execute(async_graphql::Request::new("{ catalogueSummary { hash } }")).await;
        answer.data.into_json().unwrap()["catalogueSummary"]["hash"].as_str().unwrap().to_owned()
    };
    assert!(!catalogues.refresh(&live).await.unwrap());
    assert_eq!(asked().await, hash(&texts()).to_string());
    let snapshot = live.now();

    let changed = edited("measures/C7.toml", "from = 2021-01-01", "from = 2021-02-01");
    assert_eq!(add(&theirs, 1, changed.clone()), Kept::Added(2));
    assert_eq!(asked().await, hash(&texts()).to_string());
    assert!(catalogues.refresh(&live).await.unwrap());
    assert_eq!((live.seq(), asked().await), (2, hash(&changed).to_string()));
    assert_eq!(snapshot.catalogue().hash, hash(&texts()));
    assert!(!catalogues.refresh(&live).await.unwrap());
}

/// A process that serves a database: its catalogue follows that of the database.
fn process(store: &Arc<Store>) -> (Arc<Live>, Schema) {
    let catalogues = Catalogues::new(Arc::clone(store));
    let live = Arc::new(catalogues.start(&root().join("policies"), now()).unwrap());
    let records = Records::new(Arc::clone(store), Arc::new(SystemClock), RULES);
    let schema = schema(Arc::clone(&live), records, Arc::new(SystemClock));
    let followed = Arc::clone(&live);
    actix_web::rt::spawn(async move { catalogues.follow(&followed).await });
    (live, schema)
}

fn by(subject: &str, role: &str, department: Option<&str>, document: &str) -> Request {
    let roles = [role.to_owned()];
    let actor = Actor::new(&Claims { subject, roles: &roles, department, region: None }).unwrap();
    Request::new(document).data(Caller { actor: Some(actor), purpose: None })
}

async fn an_approval_in_one_process_is_followed_by_the_other(backend: Backend) {
    let database = backend.database();
    let [(ours, schema), (theirs, other)] = [(); 2].map(|()| process(&Arc::new(database.store())));
    let old = ours.now().catalogue().hash;
    assert_eq!(theirs.now().catalogue().hash, old);
    let retire = "mutation { proposeMeasure(input: { change: { retire: { measure: \"C7\", from: \"2090-01-01\" } }, \
                  reason: \"over\" }) { proposal { number } } }";
    let made = schema.execute(by("li", "officer", Some("education"), retire)).await;
    assert_eq!(made.errors, Vec::new());
    // Made in one, approved in the other, which has the new catalogue at once.
    let approve = "mutation { approveProposal(number: 1) { refusal { code } } }";
    let approved = other.execute(by("wang", "coordinator", None, approve)).await;
    assert_eq!(approved.data.to_string(), "{approveProposal: {refusal: null}}");
    let new = theirs.now().catalogue().hash;
    assert_ne!(new, old);
    let follows = async {
        while ours.now().catalogue().hash != new {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), follows).await.unwrap();
    assert_eq!((ours.seq(), theirs.seq()), (2, 2));
    // Two looks are less than two seconds apart.
    assert!(POLL <= Duration::from_secs(1));
}
