//! Where a folder of policies and the catalogue of a database differ.

use std::collections::BTreeMap;

use crate::documents::tree::{Entry, Tree, Value, parse_toml};

/// A file in which the two differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// Its path inside the folder.
    pub path: String,
    /// The measure, place or rule set that it is about: its id, and its name in Chinese and English.
    pub about: Option<(String, String, String)>,
    /// How they differ.
    pub kind: DriftKind,
}

/// How a file differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DriftKind {
    /// Only the folder has it.
    Added,
    /// Only the database has it.
    Missing,
    /// Both have it, with other data: the keys that differ, an entry of a list by its id (`standards D1-tilted`).
    Changed(Vec<String>),
    /// Both have it with the same data: remarks or layout differ.
    Rewritten,
}

impl DriftKind {
    /// The word for it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Missing => "missing",
            Self::Changed(_) => "changed",
            Self::Rewritten => "rewritten",
        }
    }
}

/// Everything in which a folder differs from a database, by path.
pub fn drift(folder: &[(String, String)], database: &[(String, String)]) -> Vec<Drift> {
    let by_path =
        |files: &[(String, String)]| -> BTreeMap<String, String> { files.iter().cloned().collect() };
    let (folder, database) = (by_path(folder), by_path(database));
    let mut paths: Vec<&String> = folder.keys().chain(database.keys()).collect();
    paths.sort();
    paths.dedup();
    let differs = |path: &String| {
        let (ours, theirs) = (folder.get(path), database.get(path));
        let kind = match (ours, theirs) {
            (Some(ours), Some(theirs)) if ours == theirs => return None,
            (Some(ours), Some(theirs)) => changed(ours, theirs),
            (Some(_), None) => DriftKind::Added,
            (None, _) => DriftKind::Missing,
        };
        let about = ours.or(theirs).and_then(|text| about(text));
        Some(Drift { path: path.clone(), about, kind })
    };
    paths.into_iter().filter_map(differs).collect()
}

/// How two texts of a file differ.
fn changed(one: &str, other: &str) -> DriftKind {
    let (Ok(one), Ok(other)) = (parse_toml(one), parse_toml(other)) else {
        return DriftKind::Changed(Vec::new());
    };
    let (one, other) = (one.unplaced(), other.unplaced());
    if one == other { DriftKind::Rewritten } else { DriftKind::Changed(keys(&one, &other)) }
}

/// The keys whose values differ; of a list of entries with ids, the entries that differ.
fn keys(one: &Tree, other: &Tree) -> Vec<String> {
    let (one, other) = (entries(one), entries(other));
    let mut names: Vec<&str> = one.iter().chain(other).map(|entry| entry.key.as_str()).collect();
    let mut seen = Vec::new();
    names.retain(|name| {
        let first = !seen.contains(name);
        seen.push(*name);
        first
    });
    let mut different = Vec::new();
    for name in names {
        let (ours, theirs) = (value(one, name), value(other, name));
        if ours == theirs {
            continue;
        }
        let ids = ids(ours, theirs);
        if ids.is_empty() {
            different.push(name.to_owned());
        } else {
            different.extend(ids.into_iter().map(|id| format!("{name} {id}")));
        }
    }
    different
}

/// The ids of the entries of two lists that differ.
fn ids(one: Option<&Value>, other: Option<&Value>) -> Vec<String> {
    let list = |value: Option<&Value>| match value {
        Some(Value::List(items)) => items.clone(),
        _ => Vec::new(),
    };
    let (one, other) = (list(one), list(other));
    let id = |tree: &Tree| match value(entries(tree), "id") {
        Some(Value::Text(id)) => Some(id.clone()),
        _ => None,
    };
    let mut all: Vec<String> = one.iter().chain(&other).filter_map(id).collect();
    all.sort();
    all.dedup();
    let of = |list: &[Tree], wanted: &str| -> Vec<Tree> {
        list.iter().filter(|tree| id(tree).as_deref() == Some(wanted)).cloned().collect()
    };
    all.retain(|wanted| of(&one, wanted) != of(&other, wanted));
    all
}

fn about(text: &str) -> Option<(String, String, String)> {
    let tree = parse_toml(text).ok()?;
    let word = |key: &str| match value(entries(&tree), key) {
        Some(Value::Text(word)) => Some(word.clone()),
        _ => None,
    };
    Some((word("id")?, word("zh")?, word("en")?))
}

fn entries(tree: &Tree) -> &[Entry] {
    if let Value::Table(entries) = &tree.value { entries } else { &[] }
}

fn value<'t>(entries: &'t [Entry], key: &str) -> Option<&'t Value> {
    entries.iter().find(|entry| entry.key == key).map(|entry| &entry.tree.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> (String, String) {
        (path.to_owned(), text.to_owned())
    }

    #[test]
    fn what_differs_is_named_and_what_does_not_is_not() {
        let measure = "id = \"D1\"\nzh = \"甲\"\nen = \"a\"\nwith = []\n[[standards]]\nid = \"s\"\nfrom = 2021-01-01\n\
                       [[standards]]\nid = \"t\"\n";
        let database =
            [file("a.toml", "x = 1\n"), file("measures/D1.toml", measure), file("same.toml", "y = 1\n")];
        let folder = [
            file("b.toml", "z = 1\n"),
            file("measures/D1.toml", &measure.replace("2021", "2022").replace("[]", "[\"w\"]")),
            file("same.toml", "y = 1\n"),
        ];
        let found = drift(&folder, &database);
        let told: Vec<_> = found.iter().map(|one| (one.path.as_str(), &one.kind)).collect();
        let changed = DriftKind::Changed(vec!["with".to_owned(), "standards s".to_owned()]);
        assert_eq!(
            told,
            [("a.toml", &DriftKind::Missing), ("b.toml", &DriftKind::Added), ("measures/D1.toml", &changed),]
        );
        let about = found.last().and_then(|one| one.about.clone()).unwrap();
        assert_eq!(about, ("D1".to_owned(), "甲".to_owned(), "a".to_owned()));
    }

    #[test]
    fn remarks_are_no_data() {
        let found = drift(&[file("a.toml", "# why\nx = 1\n")], &[file("a.toml", "\nx = 1\n")]);
        assert_eq!(found.first().map(|one| one.kind.clone()), Some(DriftKind::Rewritten));
        let found = drift(&[file("a.toml", "x = \n")], &[file("a.toml", "x = 1\n")]);
        assert_eq!(found.first().map(|one| one.kind.clone()), Some(DriftKind::Changed(Vec::new())));
    }
}
