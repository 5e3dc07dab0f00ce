//! The package of a stored household is the package of its document.

use std::sync::Arc;

use assistance_toolbox::app::households::{self, Statement, StoredPackageError};
use assistance_toolbox::app::monitoring::watch;
use assistance_toolbox::app::packages::{Scope, package};
use assistance_toolbox::app::policies::Policies;
use assistance_toolbox::documents::household::{Format, parse};
use assistance_toolbox::documents::package::document;
use assistance_toolbox::domain::facts::Fact;
use assistance_toolbox::domain::period::Validity;
use assistance_toolbox::store::AsKnown;

use super::day;
use crate::support::database::{Backend, on_both};
use crate::support::{At, catalogue, root};

on_both! {
    every_sample_household_gets_the_package_of_its_document,
    the_package_follows_the_facts_of_its_day,
}

fn every_sample_household_gets_the_package_of_its_document(backend: Backend) {
    let catalogue = catalogue();
    let policies = Arc::new(Policies::new((*catalogue).clone()));
    let store = backend.store();
    let folder = root().join("policies/cases");
    let scope = Scope { place: Some("huaibei"), on: day("2024-06-01") };
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "toml") {
            continue;
        }
        let household = parse(&std::fs::read_to_string(&path).unwrap(), Format::Toml, &catalogue).unwrap();
        let valid = Validity::new(day("2024-01-01"), None).unwrap();
        let statement = Statement { valid, expected_seq: Some(0) };
        let watch = watch(&policies, "a test", &At("2024-01-02T00:00:00Z"));
        households::save(&store, household.clone(), statement, watch).wait().unwrap();
        let (stored, seq) =
            households::package_of(&policies, &store, &household.key, scope, AsKnown::Now).unwrap();
        assert_eq!(seq, 1);
        let given = package(&policies, household, scope).unwrap();
        assert_eq!(
            document(&stored.rulebook, &stored.household, &stored.package),
            document(&given.rulebook, &given.household, &given.package),
            "{}",
            path.display()
        );
        seen += 1;
    }
    assert!(seen > 0, "there are sample households");
}

fn the_package_follows_the_facts_of_its_day(backend: Backend) {
    let policies = Arc::new(Policies::new((*catalogue()).clone()));
    let store = backend.store();
    let mut household = super::random::plain("H1");
    household.place = Some(String::from("huaibei"));
    let mut save = |from: &str, income: i64| {
        household.facts.set(Fact::CountedIncomeYear, income);
        let valid = Validity::new(day(from), None).unwrap();
        let statement = Statement { valid, expected_seq: None };
        let watch = watch(&policies, "a test", &At("2024-08-01T00:00:00Z"));
        households::save(&store, household.clone(), statement, watch).wait().unwrap()
    };
    save("2024-01-01", 100);
    save("2024-06-01", 200);
    let income = |on: &str| {
        let scope = Scope { place: None, on: day(on) };
        let (resolved, _seq) = households::package_of(&policies, &store, "H1", scope, AsKnown::Now)?;
        Ok::<_, StoredPackageError>(resolved.household.facts.get(Fact::CountedIncomeYear))
    };
    assert_eq!(income("2024-05-31").unwrap(), Some(100));
    assert_eq!(income("2024-06-01").unwrap(), Some(200));
    let unknown = income("2023-12-31").unwrap_err();
    assert_eq!(unknown, StoredPackageError::NotFound { on: day("2023-12-31") });
}
