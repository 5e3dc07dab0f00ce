//! Policy files: a folder of TOML becomes a checked [`Catalogue`], or a list of everything that is wrong.
//!
//! [`compile`] is pure: the names of all files come first, so that every reference can be checked where
//! it stands; then each file is read; then the checks look at what only several things together show.

mod canonical;
mod checks;
mod common;
mod diagnostic;
mod draft;
mod income;
mod matching;
mod measures;
mod names;
mod parts;
mod past;
mod places;
mod review;
mod rules;
mod small;
mod standards;
mod terms;
mod wordings;

use std::fs;
use std::path::{Path, PathBuf};

pub use canonical::content_hash;
pub use diagnostic::{Diagnostic, Severity, codes};
pub use names::is_policy_file;
pub use review::{Change, MOST_BYTES, Review, codes as review_codes, review};

use self::common::tables;
use self::diagnostic::{Findings, Site};
use self::draft::{Draft, Located};
use self::names::{File, Names, Topic};
use crate::documents::reader::{Report, Table};
use crate::domain::catalogue::Catalogue;

/// Where sample households stand, which are no policies.
const SAMPLES: &str = "cases/";

/// Reads a folder of policy files; warnings are dropped.
///
/// # Errors
/// Everything that is wrong, sorted by file and line, warnings included.
pub fn load(dir: &Path) -> Result<Catalogue, Vec<Diagnostic>> {
    check(dir).map(|(catalogue, _)| catalogue)
}

/// Reads a folder of policy files: the catalogue with the warnings.
///
/// # Errors
/// Everything that is wrong, sorted by file and line, warnings included.
pub fn check(dir: &Path) -> Result<(Catalogue, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut files = Vec::new();
    collect(dir, "", &mut files);
    files.sort();
    let place = |mut list: Vec<Diagnostic>| {
        for diagnostic in &mut list {
            let inside = Path::new(&diagnostic.file).components();
            diagnostic.file = dir.components().chain(inside).collect::<PathBuf>().display().to_string();
        }
        list
    };
    let texts = files.iter().map(|(path, text)| (path.as_str(), text.as_deref().map_err(String::as_str)));
    match compile_texts(texts) {
        Ok((catalogue, warnings)) => Ok((catalogue, place(warnings))),
        Err(found) => Err(place(found)),
    }
}

/// The policy files of a folder with their texts, by path inside it; sample households are left out. They compile
/// to what [`check`] answers.
///
/// # Errors
/// The files that cannot be read.
pub fn texts(dir: &Path) -> Result<Vec<(String, String)>, Vec<Diagnostic>> {
    let mut files = Vec::new();
    collect(dir, "", &mut files);
    files.sort();
    let mut texts = Vec::new();
    let mut unreadable = Vec::new();
    for (path, text) in files.into_iter().filter(|(path, _)| !path.starts_with(SAMPLES)) {
        match text {
            Ok(text) => texts.push((path, text)),
            Err(error) => {
                let message = format!("cannot be read: {error}");
                let file = dir.join(&path).display().to_string();
                unreadable.push(Diagnostic::new(&file, None, codes::UNREADABLE_FILE, message, None));
            }
        }
    }
    if unreadable.is_empty() { Ok(texts) } else { Err(unreadable) }
}

/// Compiles policy files, each with its path inside the folder (`measures/D1.toml`) and its text:
/// the catalogue with the warnings, sorted by file and line.
///
/// # Errors
/// Everything that is wrong, sorted by file and line, warnings included.
pub fn compile(files: &[(String, String)]) -> Result<(Catalogue, Vec<Diagnostic>), Vec<Diagnostic>> {
    compile_texts(files.iter().map(|(path, text)| (path.as_str(), Ok(text.as_str()))))
}

/// Compiles texts, or reports why there is none.
fn compile_texts<'f>(
    texts: impl Iterator<Item = (&'f str, Result<&'f str, &'f str>)>,
) -> Result<(Catalogue, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut findings = Findings::default();
    let files = names::parse(texts, &mut findings);
    let names = Names::of(&files, &mut findings);
    let mut draft = Draft::default();
    for file in &files {
        read(file, &names, &mut draft, &mut findings);
    }
    draft.sort();
    let mut catalogue = draft.catalogue();
    checks::run(&draft, &catalogue, &names, &mut findings);
    let mut list = findings.list;
    list.sort();
    list.dedup();
    if list.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Err(list);
    }
    match content_hash(&catalogue) {
        Ok(hash) => catalogue.hash = hash,
        Err(error) => {
            let message = format!("the catalogue has no canonical form: {error}");
            return Err(vec![Diagnostic::new("", None, codes::UNREADABLE_FILE, message, None)]);
        }
    }
    Ok((catalogue, list))
}

fn read<'f>(file: &File<'f>, names: &Names, draft: &mut Draft<'f>, findings: &mut Findings) {
    let report = Report::quoting();
    let Some(tree) = &file.tree else { return draft.troubled.push(file.topic) };
    if let Some(table) = report.root(tree).table() {
        match file.topic {
            Topic::Measure(stem) => draft.measures.extend(measures::measure(&table, file.path, stem, names)),
            Topic::Place(stem) => draft.places.extend(places::place(&table, file.path, stem, names)),
            Topic::Income(stem) => draft.income.extend(income::rule_set(&table, file.path, stem, names)),
            Topic::Small(topic) => read_small(topic, &table, file.path, names, draft),
        }
        table.finish();
    }
    for problem in report.into_problems() {
        let diagnostic =
            Diagnostic::new(file.path, problem.line, problem.code, problem.message, problem.hint);
        let diagnostic = diagnostic.at(problem.path);
        if diagnostic.severity == Severity::Error {
            draft.troubled.push(file.topic);
        }
        findings.list.push(diagnostic);
    }
}

fn read_small<'f>(topic: &str, table: &Table<'_>, file: &'f str, names: &Names, draft: &mut Draft<'f>) {
    match topic {
        "identities.toml" => {
            draft.identities = all(table, file, "identities", |table| small::identity_type(table, names));
            draft.pairs = all(table, file, "pairs", |table| small::identity_pair(table, names));
        }
        "departments.toml" => {
            draft.departments = all(table, file, "departments", |table| small::department(table, names));
        }
        "wordings.toml" => draft.wordings = all(table, file, "wordings", wordings::wording),
        "sources.toml" => draft.documents = all(table, file, "documents", small::document),
        "parameters.toml" => draft.parameters = all(table, file, "parameters", small::parameter),
        "needs.toml" => draft.needs = all(table, file, "needs", |table| small::need(table, names)),
        "exclusions.toml" => {
            draft.exclusions = all(table, file, "exclusions", |table| rules::exclusion(table, names));
        }
        "matching.toml" => draft.matching = all(table, file, "rules", |table| matching::rule(table, names)),
        _ => draft.cascades = all(table, file, "cascades", |table| rules::cascade(table, names)),
    }
}

/// The items of a list that may be left out, with where they stand.
fn all<'f, T>(
    table: &Table<'_>,
    file: &'f str,
    key: &'static str,
    read: impl Fn(&Table<'_>) -> Option<T>,
) -> Vec<Located<'f, T>> {
    let one =
        |table: &Table<'_>| Some(Located { item: read(table)?, site: Site { file, line: table.line() } });
    tables(table.get(key), one).into_iter().flatten().collect()
}

/// Collects the TOML files of a folder and its folders, by their paths inside it, with their texts or
/// why there is none.
fn collect(dir: &Path, inside: &str, files: &mut Vec<(String, Result<String, String>)>) {
    let entries = match fs::read_dir(dir.join(inside)).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
        Ok(entries) => entries,
        Err(error) => return files.push((inside.to_owned(), Err(error.to_string()))),
    };
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if inside.is_empty() { name } else { format!("{inside}/{name}") };
        if entry.path().is_dir() {
            collect(dir, &path, files);
        } else if entry.path().extension().is_some_and(|ending| ending == "toml") {
            files.push((path, fs::read_to_string(entry.path()).map_err(|error| error.to_string())));
        }
    }
}
