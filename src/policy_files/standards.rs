//! Standards of a measure, with their conditions.

use super::common::{PERIODS, both, identities, push, sources, tables, text, unless_bad, validity};
use super::diagnostic::{Site, codes};
use super::draft::StandardSite;
use super::names::Names;
use super::parts::part;
use super::terms::{condition, parameter};
use crate::documents::reader::Table;
use crate::domain::catalogue::ParameterType;
use crate::domain::measure::{Condition, Standard, Unit};
use crate::domain::money::Rounding;

pub(super) const ROUNDINGS: [(&str, Rounding); 2] =
    [("half_up_to_fen", Rounding::HalfUpToFen), ("up_to_yuan", Rounding::UpToYuan)];

/// The conditions of a table; `None` if one of them cannot be read.
pub(super) fn conditions(table: &Table<'_>, unit: Unit, names: &Names) -> Option<Vec<Condition>> {
    let read = tables(table.get("conditions"), |table| {
        let text = both(table, "zh", "en");
        let when = condition(table, unit, names);
        let sources = sources(table, "source", names);
        Some(Condition { text: text?, when: when?, sources: sources? })
    });
    read.into_iter().fold(Some(Vec::new()), push)
}

/// A standard with where it stands.
pub(super) fn standard<'f>(
    table: &Table<'_>,
    file: &'f str,
    unit: Unit,
    names: &Names,
) -> Option<(Standard, StandardSite<'f>)> {
    let site = |table: &Table<'_>| Site { file, line: table.line() };
    let id = text(table, "id");
    let name = both(table, "zh", "en");
    let validity = validity(table);
    let identities = table.need("identities").and_then(|node| identities(&node));
    let identity_on =
        table.get("identity_on").map(|node| parameter(&node, node.text()?, ParameterType::Date, names));
    let conditions = conditions(table, unit, names);
    let parts = tables(table.need("parts"), |table| Some((part(table, unit, names)?, site(table))));
    if parts.is_empty() && table.get("parts").is_some_and(|node| node.list().is_some()) {
        let message = "the standard gives nothing".to_owned();
        table.refuse_key("parts", codes::EMPTY_LIST, message, Some("add a `[[standards.parts]]`".to_owned()));
    }
    let parts = parts.into_iter().fold(Some(Vec::new()), push);
    let (parts, part_sites): (Option<Vec<_>>, _) = parts.map_or((None, Vec::new()), |parts| {
        let (parts, sites) = parts.into_iter().unzip();
        (Some(parts), sites)
    });
    let period = table.get("period").map(|node| node.choice(&PERIODS));
    let rounding = table.get("rounding").map_or(Some(Rounding::default()), |node| node.choice(&ROUNDINGS));
    let sources = sources(table, "source", names);
    let standard = Standard {
        id: id?,
        name: name?,
        validity: validity?,
        identities: identities?,
        identity_on: unless_bad(identity_on)?,
        conditions: conditions?,
        parts: parts?,
        period: unless_bad(period)?,
        rounding: rounding?,
        sources: sources?,
    };
    Some((standard, StandardSite { site: site(table), parts: part_sites }))
}
