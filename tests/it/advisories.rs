//! The lock file against a dated list of advisories.

use serde::Deserialize;

use crate::support::root;

#[derive(Deserialize)]
struct Lock {
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
}

#[derive(Deserialize)]
struct List {
    advisories: Vec<Advisory>,
}

#[derive(Deserialize)]
struct Advisory {
    id: String,
    #[serde(rename = "crate")]
    krate: String,
    fixed: Option<String>,
}

fn numbers(version: &str) -> Vec<u64> {
    let release = version.split(['-', '+']).next().unwrap();
    release.split('.').map(|part| part.parse().unwrap()).collect()
}

fn hits(lock: &str, list: &str) -> Vec<String> {
    let lock: Lock = toml::from_str(lock).unwrap();
    let list: List = toml::from_str(list).unwrap();
    let hit = |package: &Package| {
        let bad = list.advisories.iter().filter(|advisory| {
            let fixed =
                advisory.fixed.as_deref().is_some_and(|fixed| numbers(&package.version) >= numbers(fixed));
            advisory.krate == package.name && !fixed
        });
        bad.map(|advisory| format!("{} {}: {}", package.name, package.version, advisory.id))
            .collect::<Vec<_>>()
    };
    lock.package.iter().flat_map(hit).collect()
}

#[test]
fn no_locked_crate_has_a_known_advisory() {
    let read = |name: &str| std::fs::read_to_string(root().join(name)).unwrap();
    assert_eq!(hits(&read("Cargo.lock"), &read("tests/advisories.toml")), Vec::<String>::new());
}

#[test]
fn an_old_version_and_a_refused_crate_are_found() {
    let lock =
        "[[package]]\nname = \"a\"\nversion = \"1.9.0\"\n[[package]]\nname = \"b\"\nversion = \"0.1.0\"\n";
    let list = "[[advisories]]\nid = \"X\"\ncrate = \"a\"\nfixed = \"1.10.0\"\n[[advisories]]\nid = \"Y\"\ncrate = \"b\"\n";
    assert_eq!(hits(lock, list), ["a 1.9.0: X", "b 0.1.0: Y"]);
    assert_eq!(hits(&lock.replace("1.9.0", "1.10.0"), list), ["b 0.1.0: Y"]);
}
