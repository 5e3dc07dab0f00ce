//! The smaller files: identities and pairs, departments, documents, parameters, needs.

use super::common::{UNITS, both, sources, text, word};
use super::diagnostic::codes;
use super::names::{Names, PARAMETER_TYPES};
use super::terms::condition;
use crate::documents::reader::Table;
use crate::domain::catalogue::{Department, IdentityPair, IdentityType, Need, ParameterDef};
use crate::domain::measure::Unit;
use crate::domain::source::Document;

pub(super) fn identity_type(table: &Table<'_>, names: &Names) -> Option<IdentityType> {
    let identity = table.need("id").and_then(|node| super::common::identity(&node));
    let name = both(table, "zh", "en");
    let test = both(table, "test_zh", "test_en");
    let sources = sources(table, "source", names);
    Some(IdentityType { identity: identity?, name: name?, test: test?, sources: sources? })
}

pub(super) fn identity_pair(table: &Table<'_>, names: &Names) -> Option<IdentityPair> {
    const ANSWERS: [(&str, bool); 2] = [("allow", true), ("exclude", false)];
    let a = table.need("a").and_then(|node| super::common::identity(&node));
    let b = table.need("b").and_then(|node| super::common::identity(&node));
    let same_person = table.need("same_person").and_then(|node| node.choice(&ANSWERS));
    let same_household = table.need("same_household").and_then(|node| node.choice(&ANSWERS));
    let sources = sources(table, "source", names);
    let (a, b) = (a?, b?);
    if a >= b {
        let message = format!("the pair `{a}`, `{b}` is not written in order");
        let hint = "the identity that identities.toml lists first is `a`, and the two differ".to_owned();
        table.refuse_key("a", codes::PAIR_ORDER, message, Some(hint));
        return None;
    }
    Some(IdentityPair { a, b, same_person: same_person?, same_household: same_household?, sources: sources? })
}

pub(super) fn department(table: &Table<'_>, names: &Names) -> Option<Department> {
    let id = word(table, "id");
    let name = both(table, "zh", "en");
    let sources = sources(table, "source", names);
    Some(Department { id: id?, name: name?, sources: sources? })
}

pub(super) fn document(table: &Table<'_>) -> Option<Document> {
    let id = text(table, "id");
    if let Some(id) = &id
        && !id.chars().all(|letter| letter.is_ascii_alphanumeric())
    {
        let message = format!("`{id}` is no id of a document");
        table.refuse_key("id", codes::BAD_ID, message, Some("letters and digits, such as `S02`".to_owned()));
    }
    let title = text(table, "title");
    let read_at = text(table, "read_at");
    let official = table.need("official").and_then(|node| node.boolean());
    Some(Document { id: id?, title: title?, read_at: read_at?, official: official? })
}

pub(super) fn parameter(table: &Table<'_>) -> Option<ParameterDef> {
    let name = word(table, "name");
    let ty = table.need("type").and_then(|node| node.choice(&PARAMETER_TYPES));
    let text = both(table, "zh", "en");
    Some(ParameterDef { name: name?, ty: ty?, text: text? })
}

pub(super) fn need(table: &Table<'_>, names: &Names) -> Option<Need> {
    let id = word(table, "id");
    let name = both(table, "zh", "en");
    let unit = table.need("unit").and_then(|node| node.choice(&UNITS));
    // Read as a person's where the unit is not known, so that no fact is refused for it.
    let when = condition(table, unit.unwrap_or(Unit::Person), names);
    let sources = sources(table, "source", names);
    Some(Need { id: id?, name: name?, unit: unit?, when: when?, sources: sources? })
}
