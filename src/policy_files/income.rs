//! Income arithmetics: rule sets, each in a file of its own.

mod rows;

use super::common::{
    both, identities, known_name, known_names, note, notes, push, sources, tables, unless_bad, validity, word,
};
use super::diagnostic::{Site, codes};
use super::draft::ReadRuleSet;
use super::names::Names;
use super::terms::{fact, term};
use crate::documents::reader::{Node, Table};
use crate::domain::catalogue::ParameterType;
use crate::domain::income::rules::{Indicator, Line, Role, RuleSet, Support, TrackOfRules};
use crate::domain::measure::Note;
use crate::domain::period::Period;
use crate::domain::ratio::Ratio;

pub(super) use rows::requirement_value;

pub(super) const ROLES: [(&str, Role); 3] =
    [("apart", Role::Apart), ("unified", Role::Unified), ("reading", Role::Reading)];
pub(super) const TRACKS: [(&str, TrackOfRules); 3] = [
    ("social_assistance", TrackOfRules::SocialAssistance),
    ("monitoring", TrackOfRules::Monitoring),
    ("both", TrackOfRules::Both),
];
const LINE_PERIODS: [(&str, Period); 2] = [("month", Period::Month), ("year", Period::Year)];

/// The rule set of a file of this stem.
pub(super) fn rule_set<'f>(
    table: &Table<'_>,
    file: &'f str,
    stem: &str,
    names: &Names,
) -> Option<ReadRuleSet<'f>> {
    let id = word(table, "id");
    if id.as_deref().is_some_and(|id| id != stem) {
        let message = format!("the rule set of this file is called `{}`", id.as_deref().unwrap_or_default());
        table.refuse_key("id", codes::FILE_NAME, message, Some(format!("`{stem}`, as the file")));
    }
    let name = both(table, "zh", "en");
    let short = both(table, "short_zh", "short_en");
    let role = table.need("role").and_then(|node| node.choice(&ROLES));
    let track = table.need("track").and_then(|node| node.choice(&TRACKS));
    let same_as = table.get("same_as").map(|node| lender(&node, names));
    let places = match table.get("places") {
        None => Some(Vec::new()),
        node => known_names(node, &names.places, codes::UNKNOWN_PLACE, "place"),
    };
    let validity = validity(table);
    let borrows = same_as.is_some();
    let period = remark(table, "period", !borrows, names);
    let heads = remark(table, "heads", !borrows, names);
    let floor = remark(table, "floor", false, names);
    let site = |line| Site { file, line };
    let rows = tables(table.get("rows"), |table| Some((rows::row(table, validity, names)?, table.line())));
    let lines = tables(table.get("lines"), |table| Some((line(table, names)?, table.line())));
    if !borrows && lines.is_empty() {
        let message = "the rule set has no line to hold income against".to_owned();
        table.refuse_key("lines", codes::EMPTY_LIST, message, None);
    }
    let indicators = tables(table.get("indicators"), |table| indicator(table, names));
    let notes = notes(table, names);
    let sources = sources(table, "source", names);
    let complete = rows.iter().all(Option::is_some) && lines.iter().all(Option::is_some);
    let (rows, row_sites) = rows.into_iter().flatten().map(|(row, line)| (row, site(line))).unzip();
    let (lines, line_sites) = lines.into_iter().flatten().map(|(row, line)| (row, site(line))).unzip();
    let set = RuleSet {
        id: id?,
        name: name?,
        short: short?,
        role: role?,
        track: track?,
        same_as: unless_bad(same_as)?,
        places: places?,
        validity: validity?,
        period: period?,
        heads: heads?,
        floor: floor?,
        rows,
        lines,
        indicators: indicators.into_iter().flatten().collect(),
        notes,
        sources: sources?,
    };
    Some(ReadRuleSet { set, site: site(table.line()), rows: row_sites, lines: line_sites, complete })
}

/// The rule set that lends what this one does not say.
fn lender(node: &Node<'_>, names: &Names) -> Option<String> {
    known_name(node, &names.rule_sets, codes::UNKNOWN_RULE_SET, "rule set")
}

/// A table that is one remark. `None` if it is wrong, or missing where it must be there.
#[expect(clippy::option_option, reason = "left out and wrong are different answers")]
fn remark(table: &Table<'_>, key: &'static str, needed: bool, names: &Names) -> Option<Option<Note>> {
    let node = if needed { Some(table.need(key)?) } else { table.get(key) };
    let Some(node) = node else { return Some(None) };
    let table = node.table()?;
    let read = note(&table, names);
    table.finish();
    read.map(Some)
}

fn line(table: &Table<'_>, names: &Names) -> Option<Line> {
    let id = word(table, "id");
    let name = both(table, "zh", "en");
    let amount = table.need("amount").and_then(|node| term(&node, ParameterType::Money, names, Node::money));
    let per = table.need("per").and_then(|node| node.choice(&LINE_PERIODS));
    let times = table.get("times").map(|node| node.factor());
    let unless_below = table.get("unless_below").map(|node| node.text().map(str::to_owned));
    let supports = table.need("supports");
    if let Some(node) = &supports
        && node.list().is_some_and(|list| list.is_empty())
    {
        node.refuse(codes::EMPTY_LIST, "the line supports nothing".to_owned(), None);
    }
    let supports = tables(supports, |table| support(table, names)).into_iter().fold(Some(Vec::new()), push);
    let sources = sources(table, "source", names);
    Some(Line {
        id: id?,
        name: name?,
        amount: amount?,
        per: per?,
        times: unless_bad(times)?.unwrap_or(Ratio::ONE),
        unless_below: unless_bad(unless_below)?,
        supports: supports?,
        sources: sources?,
    })
}

fn support(table: &Table<'_>, names: &Names) -> Option<Support> {
    let identities = table.need("identities").and_then(|node| identities(&node));
    let granted_by = table
        .need("granted_by")
        .and_then(|node| known_name(&node, &names.departments, codes::UNKNOWN_DEPARTMENT, "department"));
    let top_up =
        table.get("top_up").map(|node| known_name(&node, &names.measures, codes::UNKNOWN_MEASURE, "measure"));
    Some(Support { identities: identities?, granted_by: granted_by?, top_up: unless_bad(top_up)? })
}

fn indicator(table: &Table<'_>, names: &Names) -> Option<Indicator> {
    let name = both(table, "zh", "en");
    let fact = table.need("fact").and_then(|node| fact(&node));
    let sources = sources(table, "source", names);
    Some(Indicator { name: name?, fact: fact?, sources: sources? })
}
