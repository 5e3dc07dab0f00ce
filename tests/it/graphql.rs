//! The API over the project's own policies, with the places that only tests use.

mod catalogue;
mod errors;
mod income;
mod measures;
mod packages;
mod reach;

use std::sync::{Arc, LazyLock};

use assistance_toolbox::app::access::RULES;
use assistance_toolbox::app::catalogues::Live;
use assistance_toolbox::app::clock::Clock;
use assistance_toolbox::app::policies::Policies;
use assistance_toolbox::app::records::Records;
use assistance_toolbox::documents::household::{Format, parse, write};
use assistance_toolbox::graphql::{Schema, schema};
use assistance_toolbox::store::Store;
use async_graphql::{Executor as _, Request, Response, Variables};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::support;

/// The date of the worked households.
const ON: &str = "2024-06-01";

static POLICIES: LazyLock<Arc<Policies>> =
    LazyLock::new(|| Arc::new(Policies::new((*support::catalogue()).clone())));

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
    let store = Store::open(&"sqlite::memory:".parse().unwrap()).unwrap();
    store.migrate().wait().unwrap();
    let records = Records::new(Arc::new(store), Arc::new(Noon), RULES);
    schema(Arc::new(Live::fixed(Arc::clone(&POLICIES))), records, Arc::new(Noon))
});

struct Noon;

impl Clock for Noon {
    fn now(&self) -> DateTime<Utc> {
        "2024-06-01T04:00:00Z".parse().unwrap()
    }
}

/// A worked household, as the JSON document that it is written as.
fn household(name: &str) -> Value {
    let text = std::fs::read_to_string(support::root().join("policies/cases").join(name)).unwrap();
    write(&parse(&text, Format::Toml, POLICIES.catalogue()).unwrap())
}

async fn answer(query: &str, variables: Value) -> Response {
    SCHEMA.execute(Request::new(query).variables(Variables::from_json(variables))).await
}

/// The data of a query that has no errors.
async fn data_with(query: &str, variables: Value) -> Value {
    let response = answer(query, variables).await;
    assert_eq!(response.errors, Vec::new());
    response.data.into_json().unwrap()
}

async fn data(query: &str) -> Value {
    data_with(query, json!({})).await
}

/// The only error of a query, as clients see it.
async fn error(query: &str, variables: Value) -> Value {
    let response = answer(query, variables).await;
    assert_eq!(response.errors.len(), 1, "{:?}", response.errors);
    serde_json::to_value(&response.errors[0]).unwrap()
}

/// The texts at the end of a path of keys; a list stands for each of its items.
fn texts(value: &Value, path: &[&str]) -> Vec<String> {
    match (value, path) {
        (Value::Array(items), _) => items.iter().flat_map(|item| texts(item, path)).collect(),
        (Value::String(text), []) => vec![text.clone()],
        (other, []) => vec![other.to_string()],
        (object, [key, rest @ ..]) => texts(&object[*key], rest),
    }
}
