//! Column maps: how the tables of another office are laid out.

use super::layout::{Known, Layout, Target, bare};
use super::row::holds;
use crate::documents::reader::{Node, Problem, Report, Table};
use crate::documents::sheet::Options;
use crate::documents::tree::{Value, parse_toml};

/// The codes of problems that only column maps have, beside those of
/// [`documents::reader`](crate::documents::reader::codes).
pub mod map_codes {
    crate::documents::codes! {
        /// The map is no TOML.
        SYNTAX = "syntax";
        /// One heading for two columns.
        HEADING_TWICE = "heading_twice";
        /// A column that has both a heading and a fixed value.
        HEADING_AND_FIXED = "heading_and_fixed";
        /// A word or fixed value that the column cannot hold.
        BAD_VALUE = "bad_value";
    }
}

/// The farthest down that a heading may stand.
const LAST_HEADING_ROW: i64 = 100;

/// Reads a column map: TOML, described in `docs/registries.md`. What it does not name is as in the plain
/// layout.
///
/// # Errors
/// Everything that is wrong with it, each with its line.
pub fn parse(text: &str) -> Result<Layout, Vec<Problem>> {
    let tree = parse_toml(text).map_err(|error| {
        let (line, code) = (Some(error.line), map_codes::SYNTAX);
        vec![Problem { path: String::new(), line, code, message: error.message, hint: None }]
    })?;
    let report = Report::quoting();
    let layout = report.root(&tree).table().map(layout);
    let mut problems = report.into_problems();
    problems.sort_by_key(|problem| problem.line);
    match layout {
        Some(layout) if problems.is_empty() => Ok(layout),
        _ => Err(problems),
    }
}

fn layout(table: Table<'_>) -> Layout {
    let mut layout = Layout::plain();
    let row = table.get("heading_row").and_then(|node| node.whole(1, LAST_HEADING_ROW));
    layout.options = Options {
        heading_row: row.and_then(|row| u32::try_from(row).ok()).unwrap_or(1),
        worksheet: table.get("worksheet").and_then(|node| node.text()).map(str::to_owned),
        ..Options::default()
    };
    if let Some(node) = table.get("other_columns") {
        layout.leaves_others = node.choice(&[("problem", false), ("leave_out", true)]).unwrap_or_default();
    }
    let mut headings = Headings::default();
    if let Some(node) = table.get("leave_out") {
        layout.left_out = headings.take(&node);
    }
    let columns = table.get("columns").and_then(|node| node.table());
    let fixed = table.get("fixed").and_then(|node| node.table());
    let words = table.get("words").and_then(|node| node.table());
    for known in &mut layout.columns {
        let code = known.target.code();
        let named = columns.as_ref().and_then(|table| table.get(code));
        let value = fixed.as_ref().and_then(|table| table.get(code));
        if let (Some(_), Some(value)) = (&named, &value) {
            let message = format!("`{code}` has a heading as well: keep one of the two");
            value.refuse(map_codes::HEADING_AND_FIXED, message, None);
        }
        if let Some(node) = named {
            known.headings = headings.take(&node);
        }
        if let Some(node) = value {
            known.headings.clear();
            known.fixed = node.text().filter(|text| fits(known.target, text, &node)).map(str::to_owned);
        }
        if let Some(table) = words.as_ref().and_then(|table| table.get(code)).and_then(|node| node.table()) {
            known.words = words_of(known, &table);
        }
    }
    for part in [columns, fixed, words].into_iter().flatten() {
        part.finish();
    }
    table.finish();
    layout
}

/// The headings that the map gave so far.
#[derive(Default)]
struct Headings(Vec<String>);

impl Headings {
    /// A heading or a list of them.
    fn take(&mut self, node: &Node<'_>) -> Vec<String> {
        let nodes = match node.value() {
            Value::List(_) => node.list().unwrap_or_default(),
            _ => vec![node.clone()],
        };
        let mut taken = Vec::new();
        for node in nodes {
            let Some(heading) = node.text() else { continue };
            if self.0.iter().any(|known| bare(known).eq(bare(heading))) {
                let message = format!("the heading `{heading}` stands in this map twice");
                node.refuse(map_codes::HEADING_TWICE, message, None);
            }
            self.0.push(heading.to_owned());
            taken.push(heading.to_owned());
        }
        taken
    }
}

/// Words of the office with ours. They are a table with keys of its own.
fn words_of(known: &Known, table: &Table<'_>) -> Vec<(String, String)> {
    let mut words = Vec::new();
    for entry in table.entries() {
        let refuse = |message: String| table.refuse_key(&entry.key, map_codes::BAD_VALUE, message, None);
        match &entry.tree.value {
            Value::Text(ours) => match holds(known.target, ours.trim()) {
                Ok(()) => words.push((entry.key.trim().to_owned(), ours.trim().to_owned())),
                Err(fault) => refuse(fault.message.into_owned()),
            },
            other => refuse(format!("expected a text, found {}", other.kind())),
        }
    }
    words
}

/// Whether a column can hold a fixed value; reports it if not.
fn fits(target: Target, text: &str, node: &Node<'_>) -> bool {
    let held = holds(target, text.trim());
    if let Err(fault) = &held {
        node.refuse(map_codes::BAD_VALUE, fault.message.to_string(), None);
    }
    held.is_ok()
}

impl Target {
    /// The name of the column in a map.
    fn code(self) -> &'static str {
        match self {
            Self::Field(field) => field.names().0,
            Self::Fact(fact) => fact.def().id,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::layout::Field;
    use super::*;
    use crate::domain::vocabulary::FACTS;

    #[test]
    fn every_column_has_a_name_and_a_heading_of_its_own() {
        let plain = Layout::plain();
        let codes: BTreeSet<_> = plain.columns.iter().map(|known| known.target.code()).collect();
        let headings: BTreeSet<_> = plain.columns.iter().flat_map(|known| &known.headings).collect();
        let columns = Field::ALL.len() + FACTS.iter().filter(|def| def.path.is_some()).count();
        assert_eq!((codes.len(), headings.len()), (columns, 2 * columns));
        assert_eq!(parse(""), Ok(plain));
    }
}
