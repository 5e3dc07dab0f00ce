//! A newer catalogue comes into use without a restart and without a torn answer.

use std::sync::Arc;

use assistance_toolbox::app::access::RULES;
use assistance_toolbox::app::catalogues::Catalogues;
use assistance_toolbox::app::clock::SystemClock;
use assistance_toolbox::app::records::Records;
use assistance_toolbox::graphql::schema;
use assistance_toolbox::store::Kept;
use async_graphql::Executor as _;

use super::{add, edited, hash, now, texts};
use crate::support::database::{Backend, on_both};
use crate::support::root;

on_both! {
    async another_process_is_followed_and_a_running_request_keeps_its_catalogue,
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
