//! One value of a document, and the kinds of values it can be read as.

use chrono::NaiveDate;

use super::{Problem, Report, Table, codes, expected_one_of, number};
use crate::documents::tree::{Tree, Value};
use crate::domain::money::Fen;
use crate::domain::ratio::Ratio;

/// One value with its path. Every reading method reports what is wrong and then returns `None`.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    tree: &'a Tree,
    path: String,
    report: &'a Report,
}

impl<'a> Node<'a> {
    pub(super) fn new(tree: &'a Tree, path: String, report: &'a Report) -> Self {
        Self { tree, path, report }
    }

    /// The value itself.
    pub fn value(&self) -> &'a Value {
        &self.tree.value
    }

    /// Where it stands.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The line on which it begins.
    pub fn line(&self) -> Option<usize> {
        self.tree.line
    }

    /// Reports a problem of this value.
    pub fn refuse(&self, code: &'static str, message: String, hint: Option<String>) {
        let path = self.path.clone();
        self.report.add(Problem { path, line: self.tree.line, code, message, hint });
    }

    /// Reports that something else was expected; what was found is quoted in policy files only.
    pub fn refuse_expecting(&self, code: &'static str, expected: &str, hint: Option<String>) {
        let found = match self.value() {
            Value::Text(text) if self.report.quotes => format!("`{text}`"),
            Value::Integer(number) if self.report.quotes => format!("`{number}`"),
            Value::Decimal(number) if self.report.quotes => format!("`{number}`"),
            other => other.kind().to_owned(),
        };
        self.refuse(code, format!("expected {expected}, found {found}"), hint);
    }

    /// Yes or no.
    pub fn boolean(&self) -> Option<bool> {
        match self.value() {
            Value::Bool(yes) => Some(*yes),
            _ => self.wrong("true or false"),
        }
    }

    /// A text that is not empty.
    pub fn text(&self) -> Option<&'a str> {
        match self.value() {
            Value::Text(text) if text.trim().is_empty() => {
                self.refuse(codes::EMPTY_TEXT, "the text is empty".to_owned(), None);
                None
            }
            Value::Text(text) => Some(text),
            _ => self.wrong("a text"),
        }
    }

    /// One of a closed list of codes: its index.
    pub fn pick<'c>(&self, allowed: impl IntoIterator<Item = &'c str> + Clone) -> Option<usize> {
        let text = self.text()?;
        let found = allowed.clone().into_iter().position(|code| code == text);
        if found.is_none() {
            let hint = expected_one_of(text, allowed);
            self.refuse_expecting(codes::UNKNOWN_VALUE, "one of the allowed words", Some(hint));
        }
        found
    }

    /// One of a closed list of codes: what it stands for.
    pub fn choice<T: Copy>(&self, choices: &[(&'static str, T)]) -> Option<T> {
        let index = self.pick(choices.iter().map(|(code, _)| *code))?;
        choices.get(index).map(|(_, value)| *value)
    }

    /// A day: a TOML date, or a text `YYYY-MM-DD`.
    pub fn date(&self) -> Option<NaiveDate> {
        let date = match self.value() {
            Value::Date(date) => Some(*date),
            // chrono would also take `2024-1-1` and `+2024-01-01`.
            Value::Text(text)
                if text.len() == 10 && text.starts_with(|first: char| first.is_ascii_digit()) =>
            {
                text.parse().ok()
            }
            _ => None,
        };
        if date.is_none() {
            self.refuse_expecting(codes::BAD_DATE, "a day such as 2024-01-31", None);
        }
        date
    }

    /// A whole number from `least` to `most`.
    pub fn whole(&self, least: i64, most: i64) -> Option<i64> {
        match self.value() {
            Value::Integer(number) if (least..=most).contains(number) => Some(*number),
            Value::Integer(_) => {
                let expected = format!("a whole number from {least} to {most}");
                self.refuse_expecting(codes::OUT_OF_RANGE, &expected, None);
                None
            }
            _ => self.wrong("a whole number"),
        }
    }

    /// An amount of yuan that is not negative: a whole number, or a text with at most two decimals.
    pub fn money(&self) -> Option<Fen> {
        self.number("an amount of yuan", |text| Fen::from_yuan(text).map_err(number::NumberError::from))
    }

    /// A share from 0 to 1: a percentage or a fraction in a text.
    pub fn rate(&self) -> Option<Ratio> {
        self.number("a rate", number::rate)
    }

    /// A factor from 0: a percentage or a fraction in a text.
    pub fn factor(&self) -> Option<Ratio> {
        self.number("a factor", number::share)
    }

    /// A price in yuan for one unit, as fen: a text with any number of decimals.
    pub fn price(&self) -> Option<Ratio> {
        self.number("a price", number::price)
    }

    /// A number that is not negative, in thousandths: a whole number, or a text with at most three
    /// decimals.
    pub fn thousandths(&self) -> Option<i64> {
        self.number("a number", number::thousandths)
    }

    /// A list: its items.
    pub fn list(&self) -> Option<Vec<Node<'a>>> {
        let Value::List(items) = self.value() else { return self.wrong("a list") };
        let nodes = items.iter().enumerate().map(|(index, item)| Node {
            tree: item,
            path: format!("{}[{index}]", self.path),
            report: self.report,
        });
        Some(nodes.collect())
    }

    /// A table.
    pub fn table(&self) -> Option<Table<'a>> {
        let Value::Table(entries) = self.value() else { return self.wrong("a table") };
        Some(Table::new(entries, self.path.clone(), self.tree.line, self.report))
    }

    fn number<T>(&self, what: &str, read: impl Fn(&str) -> Result<T, number::NumberError>) -> Option<T> {
        let read = match self.value() {
            Value::Text(text) => read(text),
            Value::Integer(number) => read(&number.to_string()),
            Value::Decimal(_) => {
                self.refuse_expecting(codes::FLOAT, what, Some("write the number in quotes".to_owned()));
                return None;
            }
            _ => return self.wrong(what),
        };
        match read {
            Ok(number) => Some(number),
            Err(error) => {
                self.refuse_expecting(error.code, error.expected, None);
                None
            }
        }
    }

    fn wrong<T>(&self, expected: &str) -> Option<T> {
        self.refuse_expecting(codes::WRONG_TYPE, expected, None);
        None
    }
}
