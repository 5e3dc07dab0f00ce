//! TOML to a tree.

use std::ops::Range;

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};
use chrono::NaiveDate;

use super::{DEEPEST, Entry, SyntaxError, Tree, Value, too_deep};

/// Reads a TOML document.
///
/// # Errors
/// The first mistake of its syntax, a key that stands twice, or nesting beyond [`DEEPEST`].
pub fn parse_toml(text: &str) -> Result<Tree, SyntaxError> {
    let lines = Lines::of(text);
    match DeTable::parse(text) {
        Ok(table) => {
            let table = lines.table(table.get_ref(), 1)?;
            Ok(Tree { value: table, line: Some(1) })
        }
        Err(error) => {
            let start = error.span().map_or(text.len(), |span| span.start);
            Err(lines.error(start, error.message().to_owned()))
        }
    }
}

/// Where the lines of a text begin.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        let after_breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(after_breaks).collect() }
    }

    fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    fn error(&self, offset: usize, message: String) -> SyntaxError {
        let line = self.line(offset);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = self.text.get(start..offset).map_or(0, |before| before.chars().count());
        SyntaxError { line, column: before + 1, message }
    }

    fn table(&self, table: &DeTable<'_>, depth: usize) -> Result<Value, SyntaxError> {
        let mut pairs: Vec<_> = table.iter().collect();
        pairs.sort_by_key(|(key, _)| key.span().start);
        let entries = pairs.into_iter().map(|(key, value)| {
            Ok(Entry {
                key: key.get_ref().clone().into_owned(),
                line: Some(self.line(key.span().start)),
                tree: self.tree(value, depth + 1)?,
            })
        });
        Ok(Value::Table(entries.collect::<Result<_, _>>()?))
    }

    fn tree(&self, spanned: &Spanned<DeValue<'_>>, depth: usize) -> Result<Tree, SyntaxError> {
        let Range { start, .. } = spanned.span();
        if depth > DEEPEST + 1 {
            return Err(self.error(start, too_deep()));
        }
        let value = match spanned.get_ref() {
            DeValue::String(text) => Value::Text(text.clone().into_owned()),
            DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(whole) => Value::Integer(whole),
                Err(_too_large) => Value::Decimal(number.to_string()),
            },
            DeValue::Float(number) => Value::Decimal(number.as_str().to_owned()),
            DeValue::Boolean(yes) => Value::Bool(*yes),
            DeValue::Datetime(moment) => match (moment.date, moment.time) {
                (Some(date), None) => {
                    let (year, month, day) = (date.year.into(), date.month.into(), date.day.into());
                    match NaiveDate::from_ymd_opt(year, month, day) {
                        Some(date) => Value::Date(date),
                        None => return Err(self.error(start, "no day of the calendar".to_owned())),
                    }
                }
                // A moment of a day is no date; the reader says so.
                _ => Value::Text(moment.to_string()),
            },
            DeValue::Array(items) => {
                let items = items.iter().map(|item| self.tree(item, depth + 1));
                Value::List(items.collect::<Result<_, _>>()?)
            }
            DeValue::Table(table) => self.table(table, depth)?,
        };
        Ok(Tree { value, line: Some(self.line(start)) })
    }
}
