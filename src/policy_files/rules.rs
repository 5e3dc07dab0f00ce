//! Exclusions and cascades.

use super::common::{UNITS, both, known_names, push, sources, validity, word};
use super::diagnostic::codes;
use super::names::{Names, nearest};
use super::terms::fact;
use crate::documents::reader::{Node, Table};
use crate::domain::catalogue::{Cascade, Exclusion, ExclusionMode};
use crate::domain::facts::Fact;
use crate::domain::vocabulary::{FactType, Level};

pub(super) const MODES: [(&str, ExclusionMode); 3] = [
    ("highest", ExclusionMode::Highest),
    ("priority", ExclusionMode::Priority),
    ("choice", ExclusionMode::Choice),
];

pub(super) fn exclusion(table: &Table<'_>, names: &Names) -> Option<Exclusion> {
    let id = word(table, "id");
    let text = both(table, "zh", "en");
    let mode = table.need("mode").and_then(|node| node.choice(&MODES));
    let members = table.need("members").and_then(|node| members(&node, names));
    let scope = table.need("scope").and_then(|node| node.choice(&UNITS));
    let validity = validity(table);
    let sources = sources(table, "source", names);
    Some(Exclusion {
        id: id?,
        text: text?,
        mode: mode?,
        members: members?,
        scope: scope?,
        validity: validity?,
        sources: sources?,
    })
}

/// Measures or standards, at least two and no one twice.
fn members(node: &Node<'_>, names: &Names) -> Option<Vec<String>> {
    let member = |node: &Node<'_>| {
        let id = node.text()?;
        if names.measures.allows(id) || names.standards.allows(id) {
            return Some(id.to_owned());
        }
        let hint = nearest(
            id,
            names.measures.iter().chain(names.standards.iter()),
            "the id of a measure or standard",
        );
        node.refuse(codes::UNKNOWN_MEMBER, format!("no measure or standard is called `{id}`"), Some(hint));
        None
    };
    let members: Vec<String> = node.list()?.iter().map(member).fold(Some(Vec::new()), push)?;
    let mut different = members.clone();
    different.sort();
    different.dedup();
    if different.len() < 2 || different.len() < members.len() {
        let message = "an exclusion needs at least two different members".to_owned();
        node.refuse(codes::TOO_FEW_MEMBERS, message, Some("name each measure or standard once".to_owned()));
        return None;
    }
    Some(members)
}

pub(super) fn cascade(table: &Table<'_>, names: &Names) -> Option<Cascade> {
    let id = word(table, "id");
    let name = both(table, "zh", "en");
    let links = table.need("links");
    if let Some(node) = &links
        && node.list().is_some_and(|links| links.len() < 2)
    {
        let message = "a cascade needs at least two links".to_owned();
        node.refuse(
            codes::TOO_FEW_LINKS,
            message,
            Some("name the measures in the order in which they pay".to_owned()),
        );
    }
    let links = known_names(links, &names.measures, codes::UNKNOWN_MEASURE, "measure");
    let basis = table.need("basis").and_then(|node| cost(&node, Level::Person));
    let sources = sources(table, "source", names);
    Some(Cascade { id: id?, name: name?, links: links?, basis: basis?, sources: sources? })
}

/// A fact that holds an amount of money, of a person or of the household.
pub(super) fn cost(node: &Node<'_>, level: Level) -> Option<Fact> {
    let fact = fact(node)?;
    let def = fact.def();
    if !matches!(def.ty, FactType::Money) || def.level != level {
        let whose = if level == Level::Person { "a person" } else { "the household" };
        let message = format!("`{}` is no amount of money of {whose}", def.id);
        node.refuse(codes::WRONG_FACT, message, None);
        return None;
    }
    Some(fact)
}
