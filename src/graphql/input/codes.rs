//! Household documents may write codes in any case of letters, or in Chinese; enum values of the
//! schema have one spelling. Households and income statements in variables are respelled before they are validated.

use async_graphql::{Name, Value, Variables};

use crate::domain::identity::Identity;
use crate::domain::income::items::{ITEMS, WORKPLACE};
use crate::domain::vocabulary::{ChoiceSet, FACTS, FactType, Level, MODE, STAGE};

/// Spells the codes of households and statements in variables as the schema does.
pub fn spell_all(variables: &mut Variables) {
    variables.values_mut().for_each(spell);
}

/// A household is told by its members, a statement also by `complete`; an input holds one under its own
/// name.
fn spell(value: &mut Value) {
    let Value::Object(fields) = value else { return };
    if fields.contains_key("members") && fields.contains_key("complete") {
        statement(value);
    } else if fields.contains_key("members") {
        household(value);
    } else if let Some(inner) = fields.get_mut("household") {
        household(inner);
    } else if let Some(inner) = fields.get_mut("statement") {
        statement(inner);
    }
}

/// Respells the codes of an income statement.
fn statement(value: &mut Value) {
    let items = |holder: &mut Value| {
        each(holder, "items", |one| {
            let Some(code) = entry(one, "item") else { return };
            respell(code, |text| {
                let known = ITEMS.iter().find(|def| def.id.eq_ignore_ascii_case(text) || def.zh == text);
                known.map(|def| def.id)
            });
        });
    };
    items(value);
    each(value, "members", |member| {
        items(member);
        for (list, key, set) in
            [("work", "place", &WORKPLACE), ("study", "stage", &STAGE), ("study", "mode", &MODE)]
        {
            each(member, list, |record| {
                if let Some(one) = entry(record, key) {
                    respell(one, |text| code(set, text));
                }
            });
        }
    });
}

fn each(value: &mut Value, key: &str, mut each: impl FnMut(&mut Value)) {
    if let Some(Value::List(items)) = entry(value, key) {
        items.iter_mut().for_each(&mut each);
    }
}

fn household(value: &mut Value) {
    holder(value, Level::Household);
    if let Some(Value::List(members)) = entry(value, "members") {
        for member in members {
            holder(member, Level::Person);
        }
    }
}

/// Respells the identities and facts of a household or a member.
fn holder(value: &mut Value, level: Level) {
    if let Some(Value::List(records)) = entry(value, "identities") {
        for record in records {
            if let Some(code) = entry(record, "type") {
                respell(code, |text| {
                    Identity::ALL.into_iter().map(Identity::code).find(|code| code.eq_ignore_ascii_case(text))
                });
            }
        }
    }
    for def in FACTS.iter().filter(|def| def.level == level) {
        let (FactType::Choice(set) | FactType::Flags(set)) = def.ty else { continue };
        let Some(path) = def.path else { continue };
        let fact = match path.split_once('.') {
            None => entry(value, path),
            Some((group, key)) => entry(value, group).and_then(|group| entry(group, key)),
        };
        match fact {
            Some(Value::List(items)) => {
                for item in items {
                    respell(item, |text| code(set, text));
                }
            }
            Some(one) => respell(one, |text| code(set, text)),
            None => {}
        }
    }
}

fn code(set: &'static ChoiceSet, text: &str) -> Option<&'static str> {
    Some(set.values.get(set.index_of(text)?)?.code)
}

/// A text that means no code stays as it is, for the validation to refuse.
fn respell(value: &mut Value, code: impl Fn(&str) -> Option<&'static str>) {
    if let Value::String(text) = value
        && let Some(code) = code(text)
    {
        *value = Value::Enum(Name::new(code.to_ascii_uppercase()));
    }
}

fn entry<'v>(value: &'v mut Value, key: &str) -> Option<&'v mut Value> {
    match value {
        Value::Object(fields) => fields.get_mut(key),
        _ => None,
    }
}
