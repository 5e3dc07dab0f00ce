//! Household documents may write codes in any case of letters, or in Chinese; enum values of the
//! schema have one spelling. Households in variables are respelled before they are validated.

use async_graphql::{Name, Value, Variables};

use crate::domain::identity::Identity;
use crate::domain::vocabulary::{ChoiceSet, FACTS, FactType, Level};

/// Spells the codes of households in variables as the schema does.
pub fn spell_all(variables: &mut Variables) {
    variables.values_mut().for_each(spell);
}

/// A household is told by its members; an input holds one under its own name.
fn spell(value: &mut Value) {
    let Value::Object(fields) = value else { return };
    if fields.contains_key("members") {
        household(value);
    } else if let Some(inner) = fields.get_mut("household") {
        household(inner);
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
                items.iter_mut().for_each(|item| respell(item, |text| code(set, text)))
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
