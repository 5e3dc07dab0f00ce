//! A change of one policy file, looked at before anybody decides on it: everything that `check` would find,
//! what only a change can get wrong, and the catalogue that it would make.

use chrono::NaiveDate;

use super::diagnostic::{Diagnostic, Severity};
use super::past::{self, Said};
use crate::documents::tree::{Entry, Tree, Value, parse_toml};
use crate::domain::catalogue::Catalogue;

/// The codes of what only a change can get wrong, beside [`super::codes`].
pub mod codes {
    crate::documents::codes! {
        /// The text is larger than [`MOST_BYTES`](super::MOST_BYTES).
        TEXT_TOO_LONG = "text_too_long";
        /// No file that can be proposed.
        NOT_PROPOSABLE = "not_proposable";
        /// A measure of another department, or one that would be another department's.
        NOT_OWN_MEASURE = "not_own_measure";
        /// The text is the one in use.
        NOTHING_CHANGED = "nothing_changed";
        /// It would change what holds for days that are past.
        CHANGES_PAST = "changes_past";
        /// A correction: it changes what holds for days that are past.
        CORRECTS_PAST = "corrects_past";
    }
}

/// The largest text of a policy file that is taken, in bytes.
pub const MOST_BYTES: usize = 64 * 1024;

/// A change of one policy file.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// The files of the catalogue that it changes; they compile.
    pub base: &'a [(String, String)],
    /// The file, by its path.
    pub path: &'a str,
    /// The new text.
    pub text: &'a str,
    /// The day before which nothing may change.
    pub today: NaiveDate,
    /// Whether past days are meant to change all the same.
    pub correction: bool,
}

/// What a change does.
#[derive(Clone, Debug)]
pub struct Review {
    /// The catalogue that it makes; none if there are errors.
    pub catalogue: Option<Catalogue>,
    /// All files with the change.
    pub files: Vec<(String, String)>,
    /// What is wrong with it, and what a decision should know: errors first, then by file and line.
    pub violations: Vec<Diagnostic>,
}

impl Review {
    /// Whether nothing speaks against it.
    pub fn holds(&self) -> bool {
        self.catalogue.is_some() && !self.violations.iter().any(|one| one.severity == Severity::Error)
    }

    /// Adds something that is wrong with it, in a field of the changed file.
    pub fn refuse(&mut self, file: &str, path: &str, code: &'static str, message: String, hint: &str) {
        self.violations.push(error(file, path, code, message, hint));
        self.violations.sort_by_key(|one| one.severity);
    }
}

/// Looks at a change.
pub fn review(change: Change<'_>) -> Review {
    let Change { base, path, text, today, correction } = change;
    let mut files: Vec<(String, String)> = base.iter().filter(|(known, _)| known != path).cloned().collect();
    files.push((path.to_owned(), text.to_owned()));
    files.sort();
    let mut review = Review { catalogue: None, files, violations: Vec::new() };
    if text.len() > MOST_BYTES {
        let message = format!("the text has {} bytes, {MOST_BYTES} are the most", text.len());
        review.refuse(path, "", codes::TEXT_TOO_LONG, message, "");
        return review;
    }
    if base.iter().any(|(known, used)| known == path && used == text) {
        let message = "the text is the one in use".to_owned();
        review.refuse(path, "", codes::NOTHING_CHANGED, message, "");
    }
    let before = super::compile(base).ok();
    let known = before.as_ref().map(|(_, warnings)| warnings.as_slice()).unwrap_or_default();
    match super::compile(&review.files) {
        Ok((catalogue, warnings)) => {
            review.violations.extend(warnings.into_iter().filter(|warning| !known.contains(warning)));
            review.catalogue = Some(catalogue);
        }
        Err(found) => review.violations.extend(found.into_iter().filter(|one| !known.contains(one))),
    }
    if let (Some((before, _)), Some(after)) = (&before, &review.catalogue) {
        let used = base.iter().find(|(known, _)| known == path).map(|(_, text)| text.as_str());
        let (was, is) = (Said { text: used, catalogue: before }, Said { text: Some(text), catalogue: after });
        let changed = past::changes(path, was, is, today);
        let told = |field: &String| {
            if correction {
                let message = format!("a correction of what holds before {today}");
                let mut told = error(path, field, codes::CORRECTS_PAST, message, "");
                told.severity = Severity::Warning;
                told
            } else {
                let message = format!("it would change what holds before {today}");
                let hint = if past::is_undated(path) {
                    "it has no dates, so it counts for all days: propose it as a correction if that is meant"
                } else {
                    "end the version in force with `until`, and add one from a later day"
                };
                error(path, field, codes::CHANGES_PAST, message, hint)
            }
        };
        review.violations.extend(changed.iter().map(told));
    }
    place(&mut review.violations, &review.files);
    review.violations.sort_by_key(|one| one.severity);
    review
}

fn error(file: &str, path: &str, code: &'static str, message: String, hint: &str) -> Diagnostic {
    let hint = (!hint.is_empty()).then(|| hint.to_owned());
    Diagnostic::new(file, None, code, message, hint).at(path.to_owned())
}

/// Gives each violation a path and a line where it has the one and the other can be told.
fn place(violations: &mut [Diagnostic], files: &[(String, String)]) {
    for one in violations {
        let Some((_, text)) = files.iter().find(|(path, _)| *path == one.file) else { continue };
        let Ok(tree) = parse_toml(text) else { continue };
        let mut fields = Vec::new();
        walk(&tree, "", &mut fields);
        if let (true, Some(line)) = (one.path.is_empty(), one.line) {
            let found = fields.iter().find(|(_, at)| *at == Some(line));
            one.path = found.map(|(path, _)| path.clone()).unwrap_or_default();
        } else if one.line.is_none() && !one.path.is_empty() {
            one.line = fields.iter().find(|(path, _)| *path == one.path).and_then(|(_, line)| *line);
        }
    }
}

/// Every field of a document with its line, outer ones first.
fn walk(tree: &Tree, path: &str, fields: &mut Vec<(String, Option<usize>)>) {
    match &tree.value {
        Value::Table(entries) => {
            for Entry { key, line, tree } in entries {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                // A list of tables begins where its first item does; the item says more.
                if !matches!(tree.value, Value::List(_)) || line.is_none() {
                    fields.push((path.clone(), *line));
                    walk(tree, &path, fields);
                } else {
                    walk(tree, &path, fields);
                    fields.push((path, *line));
                }
            }
        }
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                let path = format!("{path}[{index}]");
                fields.push((path.clone(), item.line));
                walk(item, &path, fields);
            }
        }
        _ => {}
    }
}
