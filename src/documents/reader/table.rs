//! A table that is being read.

use std::cell::{Cell, RefCell};

use super::{Node, Problem, Report, codes, expected_one_of};
use crate::documents::tree::{Entry, Value};

/// A table that is being read. It notes which keys were asked for; [`Table::finish`] reports the rest.
#[derive(Debug)]
pub struct Table<'a> {
    entries: &'a [Entry],
    path: String,
    line: Option<usize>,
    report: &'a Report,
    asked: RefCell<Vec<&'static str>>,
    rest_is_known: Cell<bool>,
}

impl<'a> Table<'a> {
    pub(super) fn new(entries: &'a [Entry], path: String, line: Option<usize>, report: &'a Report) -> Self {
        Self { entries, path, line, report, asked: RefCell::default(), rest_is_known: Cell::default() }
    }

    /// The line on which the table begins.
    pub fn line(&self) -> Option<usize> {
        self.line
    }

    /// The path of the table.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The entries as they are, for tables whose keys are not fixed.
    pub fn entries(&self) -> &'a [Entry] {
        self.entries
    }

    /// The value of a key that may be left out; `null` counts as left out.
    pub fn get(&self, key: &'static str) -> Option<Node<'a>> {
        self.asked.borrow_mut().push(key);
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        (entry.tree.value != Value::Null).then(|| Node::new(&entry.tree, self.path_of(key), self.report))
    }

    /// The value of a key that must be there.
    pub fn need(&self, key: &'static str) -> Option<Node<'a>> {
        let found = self.get(key);
        if found.is_none() {
            self.refuse_key(key, codes::MISSING_KEY, format!("`{key}` is missing"), None);
        }
        found
    }

    /// Reports a problem of the table as a whole.
    pub fn refuse(&self, code: &'static str, message: String, hint: Option<String>) {
        let path = self.path.clone();
        self.report.add(Problem { path, line: self.line, code, message, hint });
    }

    /// Reports a problem of a key, whether or not it is there.
    pub fn refuse_key(&self, key: &str, code: &'static str, message: String, hint: Option<String>) {
        let entry = self.entries.iter().find(|entry| entry.key == key);
        let line = entry.and_then(|entry| entry.line).or(self.line);
        self.report.add(Problem { path: self.path_of(key), line, code, message, hint });
    }

    /// Leaves keys that nobody asks for unreported: what they could mean was not to be found out.
    pub fn leave_rest(&self) {
        self.rest_is_known.set(true);
    }

    /// Ends the reading: every key that nobody asked for is unknown.
    pub fn finish(self) {
        let asked = self.asked.borrow();
        for entry in self.entries.iter().filter(|_| !self.rest_is_known.get()) {
            let key = entry.key.as_str();
            if !asked.contains(&key) {
                let hint = expected_one_of(key, asked.iter().copied());
                let message = format!("the key `{key}` means nothing here");
                self.refuse_key(key, codes::UNKNOWN_KEY, message, Some(hint));
            }
        }
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}
