//! TOML and JSON of a policy file are the same data.

use assistance_toolbox::app::proposals::{Form, converted};
use assistance_toolbox::documents::tree::{Tree, Value, parse_toml};

use super::{hash, texts};

#[test]
fn every_policy_file_comes_back_from_json_as_it_was() {
    let files = texts();
    let mut returned = Vec::new();
    for (path, text) in &files {
        let json = converted(text, Form::Toml, Form::Json).unwrap_or_else(|error| panic!("{path}: {error}"));
        let parsed: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert!(parsed.is_object(), "{path}");
        let toml = converted(&json, Form::Json, Form::Toml).unwrap();
        let tree = |text: &str| sorted(&parse_toml(text).unwrap().unplaced());
        assert_eq!(tree(&toml), tree(text), "{path}");
        returned.push((path.clone(), toml));
    }
    assert!(files.iter().filter(|(path, _)| path.starts_with("measures/")).count() == 34);
    assert_eq!(hash(&returned), hash(&files));
}

/// The order of keys is no data: an inline table may stand before a plain value.
fn sorted(tree: &Tree) -> Tree {
    let mut tree = tree.clone();
    match &mut tree.value {
        Value::List(items) => items.iter_mut().for_each(|item| *item = sorted(item)),
        Value::Table(entries) => {
            for entry in entries.iter_mut() {
                entry.tree = sorted(&entry.tree);
            }
            entries.sort_by(|one, other| one.key.cmp(&other.key));
        }
        _ => {}
    }
    tree
}
