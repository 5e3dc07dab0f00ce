//! The files by what they hold, and the names that each of them gives, read before anything else so
//! that every reference can be checked where it stands.

use std::collections::BTreeMap;

use super::diagnostic::{Findings, Site, codes};
use crate::documents::reader::closest;
use crate::documents::tree::{Tree, Value, parse_toml};
use crate::domain::catalogue::ParameterType;

/// The files that every folder has, by name without the ending.
const SMALL_FILES: [&str; 7] =
    ["identities", "departments", "sources", "parameters", "needs", "exclusions", "cascades"];

/// One policy file, parsed.
#[derive(Debug)]
pub(super) struct File<'f> {
    pub(super) path: &'f str,
    pub(super) topic: Topic<'f>,
    pub(super) tree: Tree,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic<'f> {
    /// One of [`SMALL_FILES`].
    Small(&'static str),
    /// One measure, the file's stem.
    Measure(&'f str),
    /// One place, the file's stem.
    Place(&'f str),
}

impl<'f> Topic<'f> {
    /// What the file of this path holds; `None` if it is unknown.
    fn of(path: &'f str) -> Option<Self> {
        let stem = path.strip_suffix(".toml")?;
        match stem.split_once('/') {
            Some(("measures", stem)) if !stem.contains('/') => Some(Self::Measure(stem)),
            Some(("jurisdictions", stem)) if !stem.contains('/') => Some(Self::Place(stem)),
            Some(_) => None,
            None => SMALL_FILES.into_iter().find(|name| *name == stem).map(Self::Small),
        }
    }
}

/// Parses every file. Sample households and readmes are left alone.
pub(super) fn parse<'f>(files: &'f [(String, String)], findings: &mut Findings) -> Vec<File<'f>> {
    let mut parsed = Vec::new();
    let mut given: Vec<&str> = Vec::new();
    for (path, text) in files {
        let ending = path.rsplit_once('.').map(|(_, ending)| ending);
        if path.starts_with("cases/") || ending != Some("toml") {
            continue;
        }
        given.push(path);
        let Some(topic) = Topic::of(path) else {
            let site = Site { file: path, line: None };
            let message = "no policy file has this name".to_owned();
            let hint = "`measures/<id>.toml`, `jurisdictions/<place>.toml` or one of the smaller files";
            findings.add(site, codes::UNKNOWN_FILE, message, hint);
            continue;
        };
        match parse_toml(text) {
            Ok(tree) => parsed.push(File { path, topic, tree }),
            Err(error) => {
                let site = Site { file: path, line: Some(error.line) };
                let message = format!("no TOML: {} (column {})", error.message, error.column);
                findings.add(site, codes::SYNTAX, message, "");
            }
        }
    }
    for name in SMALL_FILES {
        let path = format!("{name}.toml");
        if !given.contains(&path.as_str()) {
            let site = Site { file: &path, line: None };
            findings.add(site, codes::MISSING_FILE, "the file is missing".to_owned(), "");
        }
    }
    parsed
}

/// Every name that something can refer to.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) departments: Vec<String>,
    pub(super) needs: Vec<String>,
    pub(super) documents: Vec<String>,
    pub(super) measures: Vec<String>,
    pub(super) standards: Vec<String>,
    pub(super) places: Vec<String>,
    /// The type is unknown where it is not written rightly.
    pub(super) parameters: BTreeMap<String, Option<ParameterType>>,
}

/// How parameter types are written.
pub(super) const PARAMETER_TYPES: [(&str, ParameterType); 7] = [
    ("money", ParameterType::Money),
    ("rate", ParameterType::Rate),
    ("factor", ParameterType::Factor),
    ("price", ParameterType::Price),
    ("bands", ParameterType::Bands),
    ("date", ParameterType::Date),
    ("count", ParameterType::Count),
];

impl Names {
    /// Collects the names of all files and reports those that are given twice.
    pub(super) fn of(files: &[File<'_>], findings: &mut Findings) -> Self {
        let mut names = Self::default();
        // Standards are named beside measures in exclusions: one space of names.
        let mut members: Given<'_> = Given::default();
        let mut codes_given: Given<'_> = Given::default();
        let mut places: Given<'_> = Given::default();
        for file in files {
            let tree = &file.tree;
            match file.topic {
                Topic::Measure(_) => {
                    names.measures.extend(members.note(file, tree, "id", findings, codes::DUPLICATE_ID));
                    codes_given.note(file, tree, "code", findings, codes::DUPLICATE_CODE);
                    for standard in items(tree, "standards") {
                        let id = text_of(standard, "id").map(|(id, _)| id.to_owned());
                        // Versions of one standard share their id within the file.
                        if id.is_some_and(|id| !names.standards.contains(&id) || members.elsewhere(&id, file))
                        {
                            let id = members.note(file, standard, "id", findings, codes::DUPLICATE_ID);
                            names.standards.extend(id);
                        }
                    }
                }
                Topic::Place(_) => {
                    names.places.extend(places.note(file, tree, "id", findings, codes::DUPLICATE_ID));
                }
                Topic::Small("parameters") => {
                    let mut given = Given::default();
                    for item in items(tree, "parameters") {
                        if let Some(name) = given.note(file, item, "name", findings, codes::DUPLICATE_ID) {
                            let written = text_of(item, "type").map(|(ty, _)| ty);
                            let ty = PARAMETER_TYPES.iter().find(|(code, _)| Some(*code) == written);
                            names.parameters.insert(name, ty.map(|(_, ty)| *ty));
                        }
                    }
                }
                Topic::Small(topic) => {
                    let list = if topic == "sources" { "documents" } else { topic };
                    let mut given = Given::default();
                    let ids: Vec<String> = items(tree, list)
                        .filter_map(|item| given.note(file, item, "id", findings, codes::DUPLICATE_ID))
                        .collect();
                    match topic {
                        "departments" => names.departments = ids,
                        "needs" => names.needs = ids,
                        "sources" => names.documents = ids,
                        _ => {}
                    }
                }
            }
        }
        names
    }
}

/// The hint for a name that is unknown: the nearest of the known ones, or a plain word.
pub(super) fn nearest<'n>(
    text: &str,
    names: impl IntoIterator<Item = &'n String>,
    otherwise: &str,
) -> String {
    match closest(text, names.into_iter().map(String::as_str)) {
        Some(close) => format!("did you mean `{close}`?"),
        None => otherwise.to_owned(),
    }
}

/// Where each name was first given.
#[derive(Default)]
struct Given<'f> {
    first: BTreeMap<&'f str, Site<'f>>,
}

impl<'f> Given<'f> {
    /// Notes the name under a key; one that was given before is reported.
    fn note(
        &mut self,
        file: &File<'f>,
        tree: &'f Tree,
        key: &str,
        findings: &mut Findings,
        code: &'static str,
    ) -> Option<String> {
        let (name, line) = text_of(tree, key)?;
        let site = Site { file: file.path, line };
        if let Some(first) = self.first.get(name) {
            let line = first.line.map_or(String::new(), |line| format!(":{line}"));
            let message = format!("`{name}` is given twice");
            findings.add(site, code, message, &format!("it stands in {}{line} already", first.file));
        } else {
            self.first.insert(name, site);
        }
        Some(name.to_owned())
    }

    fn elsewhere(&self, name: &str, file: &File<'_>) -> bool {
        self.first.get(name).is_some_and(|site| site.file != file.path)
    }
}

fn text_of<'t>(tree: &'t Tree, key: &str) -> Option<(&'t str, Option<usize>)> {
    let Value::Table(entries) = &tree.value else { return None };
    let entry = entries.iter().find(|entry| entry.key == key)?;
    let Value::Text(text) = &entry.tree.value else { return None };
    Some((text, entry.tree.line))
}

fn items<'t>(tree: &'t Tree, key: &str) -> impl Iterator<Item = &'t Tree> {
    let entries: &[_] = if let Value::Table(entries) = &tree.value { entries } else { &[] };
    let list = entries.iter().find(|entry| entry.key == key).map(|entry| &entry.tree.value);
    let items: &[Tree] = if let Some(Value::List(items)) = list { items } else { &[] };
    items.iter()
}
