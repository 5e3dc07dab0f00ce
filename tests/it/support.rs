//! What tests share: the real policies, the sample households, and packages by key.

pub(crate) mod cluster;
pub(crate) mod damage;
pub(crate) mod database;
pub(crate) mod socket;

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use assistance_toolbox::app::clock::Clock;
use assistance_toolbox::documents::household::{Format, parse};
use assistance_toolbox::documents::package::document;
use assistance_toolbox::domain::catalogue::Catalogue;
use assistance_toolbox::domain::facts::Household;
use assistance_toolbox::domain::package::Package;
use assistance_toolbox::domain::resolve::resolve;
use assistance_toolbox::domain::rulebook::Rulebook;
use assistance_toolbox::policy_files;
use chrono::{DateTime, Utc};
use serde_json::Value;

/// The repository's own folder.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The real policies, with the places that only tests use.
pub(crate) fn catalogue() -> Arc<Catalogue> {
    static CATALOGUE: LazyLock<Arc<Catalogue>> = LazyLock::new(|| {
        let (catalogue, _warnings) = policy_files::compile(&policy_texts()).unwrap();
        Arc::new(catalogue)
    });
    Arc::clone(&CATALOGUE)
}

/// The files of [`catalogue`].
pub(crate) fn policy_texts() -> Vec<(String, String)> {
    let mut files = Vec::new();
    collect(&root().join("policies"), "", &mut files);
    let place = std::fs::read_to_string(root().join("tests/it/fixtures/places/low-cap.toml")).unwrap();
    files.push((String::from("jurisdictions/low-cap.toml"), place));
    files
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            if name != "cases" {
                collect(&entry.path(), &format!("{name}/"), files);
            }
        } else if entry.path().extension().is_some_and(|ending| ending == "toml") {
            files.push((name, std::fs::read_to_string(entry.path()).unwrap()));
        }
    }
}

/// A household from TOML.
pub(crate) fn household(text: &str) -> Household {
    parse(text, Format::Toml, &catalogue()).unwrap()
}

/// A package with what is needed to read it.
pub(crate) struct Resolved {
    pub(crate) rulebook: Rulebook,
    pub(crate) household: Household,
    pub(crate) package: Package,
}

/// Resolves a household.
pub(crate) fn resolved(household: Household, place: &str, on: &str) -> Resolved {
    let rulebook = Rulebook::compile(&catalogue(), place, on.parse().unwrap()).unwrap();
    let package = resolve(&rulebook, &household).unwrap();
    Resolved { rulebook, household, package }
}

impl Resolved {
    /// The canonical form.
    pub(crate) fn document(&self) -> Value {
        document(&self.rulebook, &self.household, &self.package)
    }

    /// What is taken, as (measure, beneficiary, identity), in package order.
    pub(crate) fn taken(&self) -> Vec<(String, String, String)> {
        let document = self.document();
        let entitlements = document["entitlements"].as_array().unwrap();
        let lines = entitlements.iter().flat_map(|one| {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let lines = one["lines"].as_array().unwrap().iter();
            lines.map(move |line| (text(&line["measure"]), text(&one["beneficiary"]), text(&one["identity"])))
        });
        lines.collect()
    }
}

/// The program, configured by nothing but what the test adds.
pub(crate) fn program() -> std::process::Command {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_assistance-toolbox"));
    for variable in assistance_toolbox::config::VARIABLES {
        command.env_remove(variable);
    }
    command
}

/// A clock that stands still.
pub(crate) struct At(pub(crate) &'static str);

impl Clock for At {
    fn now(&self) -> DateTime<Utc> {
        self.0.parse().unwrap()
    }
}
