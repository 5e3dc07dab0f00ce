//! JSON to a tree.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{DEEPEST, Entry, SyntaxError, Tree, Value, too_deep};

/// Reads a JSON document.
///
/// # Errors
/// The first mistake of its syntax, a key that stands twice, or nesting beyond [`DEEPEST`].
pub fn parse_json(text: &str) -> Result<Tree, SyntaxError> {
    let mut document = serde_json::Deserializer::from_str(text);
    let value = Seed { depth: 0 }.deserialize(&mut document);
    let tree = value.and_then(|value| document.end().map(|()| unplaced(value)));
    tree.map_err(|error| {
        let written = error.to_string();
        // The place stands in fields of its own.
        let message = written.rsplit_once(" at line ").map_or(written.as_str(), |(message, _)| message);
        SyntaxError { line: error.line().max(1), column: error.column().max(1), message: message.to_owned() }
    })
}

/// The tree of a JSON value that was read already.
pub fn from_json_value(value: &serde_json::Value) -> Tree {
    unplaced(match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(yes) => Value::Bool(*yes),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(whole) => Value::Integer(whole),
            None => Value::Decimal(number.to_string()),
        },
        serde_json::Value::String(text) => Value::Text(text.clone()),
        serde_json::Value::Array(items) => Value::List(items.iter().map(from_json_value).collect()),
        serde_json::Value::Object(entries) => {
            let entry = |(key, value)| entry(String::clone(key), from_json_value(value));
            Value::Table(entries.iter().map(entry).collect())
        }
    })
}

fn unplaced(value: Value) -> Tree {
    Tree { value, line: None }
}

fn entry(key: String, tree: Tree) -> Entry {
    Entry { key, line: None, tree }
}

/// Reads one value that stands inside `depth` tables and lists.
#[derive(Clone, Copy)]
struct Seed {
    depth: usize,
}

impl Seed {
    fn inner<E: Error>(self) -> Result<Self, E> {
        if self.depth < DEEPEST { Ok(Self { depth: self.depth + 1 }) } else { Err(E::custom(too_deep())) }
    }
}

impl<'de> DeserializeSeed<'de> for Seed {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, yes: bool) -> Result<Value, E> {
        Ok(Value::Bool(yes))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Integer(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        Ok(i64::try_from(number).map_or_else(|_too_large| Value::Decimal(number.to_string()), Value::Integer))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Decimal(number.to_string()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut list = Vec::new();
        while let Some(value) = items.next_element_seed(inner)? {
            list.push(unplaced(value));
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut entries = Vec::new();
        let mut seen = std::collections::HashSet::new();
        while let Some(key) = pairs.next_key::<String>()? {
            if !seen.insert(key.clone()) {
                return Err(A::Error::custom(format_args!("the key `{key}` stands here twice")));
            }
            entries.push(entry(key, unplaced(pairs.next_value_seed(inner)?)));
        }
        Ok(Value::Table(entries))
    }
}
