//! The store, through its public face and, where the schema is meant, past it.

mod cli;
mod database;
mod history;
mod migrations;
mod packages;
mod postgres;
mod random;
mod round_trip;

use assistance_toolbox::domain::facts::Household;
use assistance_toolbox::domain::period::Validity;
use assistance_toolbox::store::{AsKnown, Recording, Saved, Store, StoreError};
use chrono::{DateTime, NaiveDate, Utc};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn from(day_text: &str, recorded_at: &str) -> Recording {
    let valid = Validity::new(day(day_text), None).unwrap();
    Recording { valid, recorded_at: at(recorded_at), recorded_by: String::from("a test"), expected_seq: None }
}

fn save(store: &Store, household: &Household, recording: Recording) -> Result<Saved, StoreError> {
    store.save_household(household.clone(), recording).wait()
}

fn get(store: &Store, key: &str, on: &str) -> Option<Household> {
    store.household(key, day(on), AsKnown::Now).wait().unwrap().map(|stored| stored.household)
}
