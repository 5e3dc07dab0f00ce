//! A tree as TOML and as JSON. What the two cannot both hold is refused, so that they convert into one another
//! without loss: lines and remarks are no data, a day is a day in TOML and its text in JSON.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::{Entry, Tree, Value};

/// A value that TOML or JSON has no form for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NoForm(&'static str);

/// The tree as TOML: plain values of a table first, then its tables.
///
/// # Errors
/// A tree that is no table, or holds a null or a decimal number.
pub fn to_toml(tree: &Tree) -> Result<String, NoForm> {
    let Value::Table(entries) = &tree.value else { return Err(NoForm("a document is a table")) };
    let mut out = String::new();
    table(&mut out, entries, "")?;
    Ok(out)
}

/// The tree as JSON of several lines; days are texts.
///
/// # Errors
/// A tree that holds a decimal number, or a text that would come back as a day.
pub fn to_json(tree: &Tree) -> Result<String, NoForm> {
    let mut out = String::new();
    json(&mut out, &tree.value, 0)?;
    out.push('\n');
    Ok(out)
}

/// The tree of JSON as that of TOML: texts that are days become days.
#[must_use]
pub fn with_days(tree: &Tree) -> Tree {
    let value = match &tree.value {
        Value::Text(text) => day(text).map_or_else(|| tree.value.clone(), Value::Date),
        Value::List(items) => Value::List(items.iter().map(with_days).collect()),
        Value::Table(entries) => {
            let entry = |entry: &Entry| Entry {
                key: entry.key.clone(),
                line: entry.line,
                tree: with_days(&entry.tree),
            };
            Value::Table(entries.iter().map(entry).collect())
        }
        plain => plain.clone(),
    };
    Tree { value, line: tree.line }
}

fn day(text: &str) -> Option<NaiveDate> {
    crate::domain::period::written_day(text)
}

fn table(out: &mut String, entries: &[Entry], path: &str) -> Result<(), NoForm> {
    for entry in entries.iter().filter(|entry| !has_head(&entry.tree.value)) {
        out.push_str(&key(&entry.key));
        out.push_str(" = ");
        inline(out, &entry.tree.value)?;
        out.push('\n');
    }
    for entry in entries {
        let name = key(&entry.key);
        let path = if path.is_empty() { name } else { format!("{path}.{name}") };
        let mut head = |open: &str, close: &str, entries: &[Entry]| {
            if !out.is_empty() {
                out.push('\n');
            }
            let _always = writeln!(out, "{open}{path}{close}");
            table(out, entries, &path)
        };
        match &entry.tree.value {
            Value::Table(inner) => head("[", "]", inner)?,
            Value::List(items) if has_head(&entry.tree.value) => {
                for item in items {
                    if let Value::Table(inner) = &item.value {
                        head("[[", "]]", inner)?;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether it is written under a head of its own: a table, or a list of nothing but tables.
fn has_head(value: &Value) -> bool {
    match value {
        Value::Table(_) => true,
        Value::List(items) => {
            !items.is_empty() && items.iter().all(|item| matches!(item.value, Value::Table(_)))
        }
        _ => false,
    }
}

fn inline(out: &mut String, value: &Value) -> Result<(), NoForm> {
    match value {
        Value::Null => return Err(NoForm("TOML has no null: leave the key out")),
        Value::Decimal(_) => return Err(NoForm("a number with a fraction is written as a text")),
        Value::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
        Value::Integer(number) => out.push_str(&number.to_string()),
        Value::Text(text) => quoted(out, text),
        Value::Date(day) => out.push_str(&day.to_string()),
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                inline(out, &item.value)?;
            }
            out.push(']');
        }
        Value::Table(entries) => {
            out.push('{');
            for (index, entry) in entries.iter().enumerate() {
                out.push_str(if index == 0 { " " } else { ", " });
                out.push_str(&key(&entry.key));
                out.push_str(" = ");
                inline(out, &entry.tree.value)?;
            }
            out.push_str(" }");
        }
    }
    Ok(())
}

fn key(name: &str) -> String {
    let bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if !name.is_empty() && name.bytes().all(bare) {
        return name.to_owned();
    }
    let mut out = String::new();
    quoted(&mut out, name);
    out
}

/// A basic string of TOML, which is a string of JSON too.
fn quoted(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            control if control.is_control() => {
                let _always = write!(out, "\\u{:04x}", u32::from(control));
            }
            plain => out.push(plain),
        }
    }
    out.push('"');
}

fn json(out: &mut String, value: &Value, depth: usize) -> Result<(), NoForm> {
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    };
    match value {
        Value::Null => out.push_str("null"),
        Value::Decimal(_) => return Err(NoForm("a number with a fraction is written as a text")),
        Value::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
        Value::Integer(number) => out.push_str(&number.to_string()),
        Value::Text(text) if day(text).is_some() => {
            return Err(NoForm("a text that is a day is written as a day"));
        }
        Value::Text(text) => quoted(out, text),
        Value::Date(day) => quoted(out, &day.to_string()),
        Value::List(items) if items.is_empty() => out.push_str("[]"),
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                line(out, depth + 1);
                json(out, &item.value, depth + 1)?;
            }
            line(out, depth);
            out.push(']');
        }
        Value::Table(entries) => {
            out.push('{');
            for (index, entry) in entries.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                line(out, depth + 1);
                quoted(out, &entry.key);
                out.push_str(": ");
                json(out, &entry.tree.value, depth + 1)?;
            }
            line(out, depth);
            out.push('}');
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{parse_json, parse_toml};
    use super::*;
    use proptest::prelude::*;

    /// A tree as TOML can hold it: in each table plain values come before tables, and no key stands twice.
    fn trees() -> impl Strategy<Value = Tree> {
        let text = "[a\"\\\\\n\t\u{7f}表-]{0,6}".prop_map(Value::Text);
        let date = (0_i32..9000).prop_map(|days| {
            Value::Date(NaiveDate::default() + chrono::Days::new(u64::try_from(days).unwrap()))
        });
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::Integer),
            text,
            date
        ];
        let leaf = leaf.prop_map(|value| Tree { value, line: None });
        let nested = leaf.prop_recursive(4, 40, 5, |inner| {
            let table = prop::collection::btree_map("[a-c .é]{0,3}", inner.clone(), 0..5).prop_map(|map| {
                let entries = map.into_iter().map(|(key, tree)| Entry { key, line: None, tree });
                let mut entries: Vec<Entry> = entries.collect();
                entries.sort_by_key(|entry| has_head(&entry.tree.value));
                Value::Table(entries)
            });
            let list = prop::collection::vec(inner, 0..4).prop_map(Value::List);
            prop_oneof![table, list].prop_map(|value| Tree { value, line: None })
        });
        nested.prop_filter("a document is a table", |tree| matches!(tree.value, Value::Table(_)))
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(tree in trees()) {
            let toml = to_toml(&tree).unwrap();
            prop_assert_eq!(&parse_toml(&toml).unwrap().unplaced(), &tree, "{}", toml);
            let json = to_json(&tree).unwrap();
            prop_assert_eq!(&with_days(&parse_json(&json).unwrap()), &tree, "{}", json);
        }
    }

    #[test]
    fn what_one_of_the_two_cannot_hold_is_refused() {
        let json = |text: &str| parse_json(text).unwrap();
        assert!(to_toml(&json("[1]")).is_err());
        assert!(to_toml(&json("{\"a\": null}")).is_err());
        assert!(to_toml(&json("{\"a\": 0.5}")).is_err());
        assert!(to_json(&json("{\"a\": 0.5}")).is_err());
        assert!(to_json(&parse_toml("a = \"2024-01-01\"").unwrap()).is_err());
    }
}
