//! A document as a tree that still knows the order and the lines of its entries.

use chrono::NaiveDate;

mod json;
mod toml;
mod write;

pub use json::{from_json_value, parse_json};
pub use toml::parse_toml;
pub use write::{NoForm, to_json, to_toml, with_days};

/// How deep tables and lists may be nested.
pub const DEEPEST: usize = 32;

/// A value with the line on which it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    /// The value.
    pub value: Value,
    /// The line, counted from 1; unknown in JSON.
    pub line: Option<usize>,
}

/// What a document can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// JSON's `null`.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number of 64 bits.
    Integer(i64),
    /// Any other number, as a text; never computed with.
    Decimal(String),
    /// A text.
    Text(String),
    /// TOML's date without a time. JSON writes dates as texts.
    Date(NaiveDate),
    /// A list.
    List(Vec<Tree>),
    /// A table (an object), in the order of the document, no key twice.
    Table(Vec<Entry>),
}

/// One key of a table with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The line of the key, counted from 1; unknown in JSON.
    pub line: Option<usize>,
    /// The value.
    pub tree: Tree,
}

/// The text is no document of its kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct SyntaxError {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// What is wrong, without any text of the document.
    pub message: String,
}

impl Tree {
    /// The same data without the lines, so that two documents can be compared.
    #[must_use]
    pub fn unplaced(&self) -> Self {
        let value = match &self.value {
            Value::List(items) => Value::List(items.iter().map(Self::unplaced).collect()),
            Value::Table(entries) => {
                let entry =
                    |entry: &Entry| Entry { key: entry.key.clone(), line: None, tree: entry.tree.unplaced() };
                Value::Table(entries.iter().map(entry).collect())
            }
            plain => plain.clone(),
        };
        Self { value, line: None }
    }
}

impl Value {
    /// What kind of value it is, for messages.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Integer(_) => "a whole number",
            Self::Decimal(_) => "a decimal number",
            Self::Text(_) => "a text",
            Self::Date(_) => "a date",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

fn too_deep() -> String {
    format!("nested deeper than {DEEPEST} levels")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(tree: &Tree) -> String {
        let text = match &tree.value {
            Value::List(items) => format!("[{}]", items.iter().map(summary).collect::<Vec<_>>().join(" ")),
            Value::Table(entries) => {
                let entries = entries.iter().map(|entry| {
                    let line = entry.line.map_or(String::new(), |line| format!("@{line}"));
                    format!("{}{line}={}", entry.key, summary(&entry.tree))
                });
                format!("{{{}}}", entries.collect::<Vec<_>>().join(" "))
            }
            other => format!("{other:?}"),
        };
        text + &tree.line.map_or(String::new(), |line| format!("@{line}"))
    }

    #[test]
    fn toml_keeps_order_and_lines() {
        let text = "b = 1\na.x = \"γ\"\n\n[[list]]\nfrom = 2024-01-01\n[[list]]\n[list.deep]\nrate = 0.50\n";
        assert_eq!(
            summary(&parse_toml(text).unwrap()),
            "{b@1=Integer(1)@1 a@2={x@2=Text(\"γ\")@2}@2 list@4=[{from@5=Date(2024-01-01)@5}@4 \
             {deep@7={rate@8=Decimal(\"0.50\")@8}@7}@6]@4}@1"
        );
    }

    #[test]
    fn json_keeps_order_and_refuses_a_key_twice() {
        let tree = parse_json(r#"{"b": [1, 0.5, null, true], "a": "x"}"#).unwrap();
        assert_eq!(summary(&tree), "{b=[Integer(1) Decimal(\"0.5\") Null Bool(true)] a=Text(\"x\")}");
        let twice = parse_json("{\"a\": 1,\n \"a\": 2}").unwrap_err();
        assert_eq!((twice.line, twice.message.as_str()), (2, "the key `a` stands here twice"));
        let value = serde_json::json!({"n": 18_446_744_073_709_551_615_u64, "d": -0.5});
        assert_eq!(
            summary(&from_json_value(&value)),
            "{d=Decimal(\"-0.5\") n=Decimal(\"18446744073709551615\")}"
        );
    }

    #[test]
    fn nesting_ends_at_the_limit() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse_json(&nested(DEEPEST)).is_ok());
        assert!(parse_toml(&format!("a = {}", nested(DEEPEST - 1))).is_ok());
        for depth in [DEEPEST + 1, 2000, 200_000] {
            assert!(parse_json(&nested(depth)).is_err());
            assert!(parse_toml(&format!("a = {}", nested(depth))).is_err());
            assert!(parse_toml(&format!("{}a = 1", "a.".repeat(depth))).is_err());
        }
    }

    #[test]
    fn syntax_errors_say_where() {
        let error = parse_toml("a = 1\n中 = =\n").unwrap_err();
        assert_eq!(error.line, 2);
        let error = parse_json("{\"a\": 1,\n \"b\" 2}").unwrap_err();
        assert_eq!(error.to_string(), "line 2, column 6: expected `:`");
        assert!(parse_json("1 2").is_err() && parse_json("").is_err());
    }
}
