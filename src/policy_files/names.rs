//! The files by what they hold, and the names that each of them gives, read before anything else so
//! that every reference can be checked where it stands.

use std::collections::BTreeMap;

use super::diagnostic::{Findings, Site, codes};
use super::wordings::Wordings;
use crate::documents::reader::closest;
use crate::documents::tree::{Tree, Value, parse_toml};
use crate::domain::catalogue::ParameterType;

/// The files that every folder has.
const SMALL_FILES: [&str; 8] = [
    "identities.toml",
    "departments.toml",
    "sources.toml",
    "parameters.toml",
    "needs.toml",
    "exclusions.toml",
    "cascades.toml",
    "wordings.toml",
];

/// The files that a folder may have.
const MORE_FILES: [&str; 1] = ["matching.toml"];

/// One policy file.
#[derive(Debug)]
pub(super) struct File<'f> {
    pub(super) path: &'f str,
    pub(super) topic: Topic<'f>,
    /// `None` for a file that is missing or no TOML, which is reported.
    pub(super) tree: Option<Tree>,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic<'f> {
    /// One of [`SMALL_FILES`] or [`MORE_FILES`].
    Small(&'static str),
    /// One measure, the file's stem.
    Measure(&'f str),
    /// One place, the file's stem.
    Place(&'f str),
    /// One income arithmetic, the file's stem.
    Income(&'f str),
}

impl<'f> Topic<'f> {
    /// What the file of this path holds; `None` if it is unknown.
    pub(super) fn of(path: &'f str) -> Option<Self> {
        let stem = path.strip_suffix(".toml")?;
        match stem.split_once('/') {
            Some(("measures", stem)) if !stem.contains('/') => Some(Self::Measure(stem)),
            Some(("jurisdictions", stem)) if !stem.contains('/') => Some(Self::Place(stem)),
            Some(("income", stem)) if !stem.contains('/') => Some(Self::Income(stem)),
            Some(_) => None,
            None => SMALL_FILES.into_iter().chain(MORE_FILES).find(|name| *name == path).map(Self::Small),
        }
    }
}

/// Whether a policy file can have this path: one of a fixed name, or one in its folder with a plain id.
pub fn is_policy_file(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    match Topic::of(path) {
        Some(Topic::Small(_)) => true,
        Some(Topic::Measure(id) | Topic::Place(id) | Topic::Income(id)) => {
            !id.is_empty() && id.bytes().all(plain)
        }
        None => false,
    }
}

/// Parses every text, or reports why there is none. Sample households and readmes are left alone.
pub(super) fn parse<'f>(
    texts: impl Iterator<Item = (&'f str, Result<&'f str, &'f str>)>,
    findings: &mut Findings,
) -> Vec<File<'f>> {
    let mut files = Vec::new();
    let mut folder_missing = false;
    for (path, text) in texts {
        let site = Site { file: path, line: None };
        let ending = path.rsplit_once('.').map(|(_, ending)| ending);
        let topic = Topic::of(path);
        let tree = match text {
            _ if path.starts_with(super::SAMPLES) => continue,
            Err(error) => {
                folder_missing = folder_missing || path.is_empty();
                findings.add(site, codes::UNREADABLE_FILE, format!("cannot be read: {error}"), "");
                None
            }
            Ok(_) if ending != Some("toml") => continue,
            Ok(_) if topic.is_none() => {
                let message = "no policy file has this name".to_owned();
                let hint = "`measures/<id>.toml`, `jurisdictions/<place>.toml`, `income/<id>.toml` or a smaller file";
                findings.add(site, codes::UNKNOWN_FILE, message, hint);
                continue;
            }
            Ok(text) => parse_toml(text)
                .map_err(|error| {
                    let site = Site { file: path, line: Some(error.line) };
                    let message = format!("no TOML: {} (column {})", error.message, error.column);
                    findings.add(site, codes::SYNTAX, message, "");
                })
                .ok(),
        };
        files.extend(topic.map(|topic| File { path, topic, tree }));
    }
    if folder_missing {
        // Everything is missing; it is enough to say so once.
        add_missing(&mut files, &mut Findings::default());
    } else {
        add_missing(&mut files, findings);
    }
    files
}

/// Reports the files that must be there and are not.
fn add_missing(files: &mut Vec<File<'_>>, findings: &mut Findings) {
    for path in SMALL_FILES {
        if !files.iter().any(|file| file.path == path) {
            let site = Site { file: path, line: None };
            findings.add(site, codes::MISSING_FILE, "the file is missing".to_owned(), "");
            files.push(File { path, topic: Topic::Small(path), tree: None });
        }
    }
    let folders = [
        ("measures", files.iter().any(|file| matches!(file.topic, Topic::Measure(_)))),
        ("jurisdictions", files.iter().any(|file| matches!(file.topic, Topic::Place(_)))),
    ];
    for (folder, _) in folders.into_iter().filter(|(_, found)| !found) {
        let site = Site { file: folder, line: None };
        findings.add(site, codes::MISSING_FILE, "the folder has no policy file".to_owned(), "");
    }
}

/// Names of one kind.
#[derive(Debug, Default)]
pub(super) struct Known {
    names: Vec<String>,
    /// Whether there may be more, in a file that cannot be read: then no name is refused.
    open: bool,
}

impl Known {
    /// Whether the name can be meant.
    pub(super) fn allows(&self, name: &str) -> bool {
        self.open || self.names.iter().any(|known| known == name)
    }

    /// Whether there may be names in a file that cannot be read.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// The names.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }
}

/// Every name that something can refer to.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) departments: Known,
    pub(super) needs: Known,
    pub(super) documents: Known,
    pub(super) measures: Known,
    pub(super) standards: Known,
    pub(super) places: Known,
    pub(super) parameters: Known,
    pub(super) rule_sets: Known,
    /// The Chinese wordings of what sources say.
    pub(super) wordings: Wordings,
    types: BTreeMap<String, ParameterType>,
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
        let mut members = Given::default();
        let mut measure_codes = Given::default();
        let mut places = Given::default();
        let mut rule_sets = Given::default();
        for file in files {
            let Some(tree) = &file.tree else {
                names.open(file.topic);
                continue;
            };
            match file.topic {
                Topic::Measure(_) => {
                    measure_codes.note(file, tree, "code", findings, codes::DUPLICATE_CODE);
                    let id = members.note(file, tree, "id", findings, codes::DUPLICATE_ID);
                    names.measures.names.extend(id);
                    names.standards.names.extend(standards(file, tree, &mut members, findings));
                }
                Topic::Place(_) => {
                    let id = places.note(file, tree, "id", findings, codes::DUPLICATE_ID);
                    names.places.names.extend(id);
                }
                Topic::Income(_) => {
                    let id = rule_sets.note(file, tree, "id", findings, codes::DUPLICATE_ID);
                    names.rule_sets.names.extend(id);
                }
                Topic::Small(path) => names.add_small(path, file, tree, findings),
            }
        }
        names
    }

    /// Refuses no name that a file which cannot be read may give.
    fn open(&mut self, topic: Topic<'_>) {
        match topic {
            Topic::Measure(_) => {
                self.measures.open = true;
                self.standards.open = true;
            }
            Topic::Place(_) => self.places.open = true,
            Topic::Income(_) => self.rule_sets.open = true,
            Topic::Small("departments.toml") => self.departments.open = true,
            Topic::Small("needs.toml") => self.needs.open = true,
            Topic::Small("sources.toml") => self.documents.open = true,
            Topic::Small("parameters.toml") => self.parameters.open = true,
            Topic::Small("wordings.toml") => self.wordings.open = true,
            Topic::Small(_) => {}
        }
    }

    fn add_small<'f>(&mut self, path: &str, file: &File<'f>, tree: &'f Tree, findings: &mut Findings) {
        let (list, key) = match path {
            "sources.toml" => ("documents", "id"),
            "parameters.toml" => ("parameters", "name"),
            "wordings.toml" => ("wordings", "en"),
            _ => (path.trim_end_matches(".toml"), "id"),
        };
        let mut given = Given::default();
        let mut ids = Vec::new();
        for item in items(tree, list) {
            let Some(id) = given.note(file, item, key, findings, codes::DUPLICATE_ID) else { continue };
            let ty = text_of(item, "type")
                .and_then(|(ty, _)| PARAMETER_TYPES.iter().find(|(code, _)| *code == ty));
            if let Some((_, ty)) = ty.filter(|_| list == "parameters") {
                self.types.entry(id.clone()).or_insert(*ty);
            }
            if let Some((zh, _)) = text_of(item, "zh").filter(|_| list == "wordings") {
                self.wordings.add(id.clone(), zh.to_owned());
            }
            ids.push(id);
        }
        match list {
            "departments" => self.departments.names = ids,
            "needs" => self.needs.names = ids,
            "documents" => self.documents.names = ids,
            "parameters" => self.parameters.names = ids,
            _ => {}
        }
    }

    /// The type of a parameter, if it is written rightly.
    pub(super) fn type_of(&self, parameter: &str) -> Option<ParameterType> {
        self.types.get(parameter).copied()
    }
}

/// The ids of a measure's standards. Versions of one standard share their id within the file.
fn standards<'f>(
    file: &File<'f>,
    tree: &'f Tree,
    members: &mut Given<'f>,
    findings: &mut Findings,
) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for item in items(tree, "standards") {
        if text_of(item, "id").is_some_and(|(id, _)| !ids.iter().any(|known| known == id)) {
            ids.extend(members.note(file, item, "id", findings, codes::DUPLICATE_ID));
        }
    }
    ids
}

/// The hint for a name that is unknown: the nearest of the known ones, or a plain word.
pub(super) fn nearest<'n>(text: &str, names: impl Iterator<Item = &'n str>, otherwise: &str) -> String {
    match closest(text, names) {
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
