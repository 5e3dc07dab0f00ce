//! Rows of a rule set: how items are treated.

use serde_json::{Value, json};

use super::super::common::{both, push, sources, validity};
use super::super::diagnostic::codes;
use super::super::names::{Names, nearest};
use crate::documents::reader::{Node, Table};
use crate::domain::income::items::{ITEMS, Item, Side, WORKPLACE, Workplace};
use crate::domain::income::rules::{Requirement, Row};
use crate::domain::period::Validity;
use crate::domain::vocabulary::{ChoiceSet, MODE, STAGE};

/// What a row can say of receipts and of costs, and whether that adds or takes off.
const TREATMENTS: [(&str, (Side, bool)); 4] = [
    ("counted", (Side::Receipt, true)),
    ("left_out", (Side::Receipt, false)),
    ("taken_off", (Side::Cost, true)),
    ("not_taken_off", (Side::Cost, false)),
];

/// The key of the requirement of evidence.
const EVIDENCE: &str = "evidence";

/// A row. One without dates of its own holds as long as its rule set.
pub(super) fn row(table: &Table<'_>, of_set: Option<Validity>, names: &Names) -> Option<Row> {
    let items = table.need("items").and_then(|node| items(&node));
    let treatment = table.need("is").and_then(|node| Some((node.choice(&TREATMENTS)?, node)));
    if let (Some(items), Some(((side, _), node))) = (&items, &treatment)
        && let Some(item) = items.iter().find(|item| item.def().side != *side)
    {
        let (what, right) = match item.def().side {
            Side::Receipt => ("receipt", "`counted` or `left_out`"),
            Side::Cost => ("cost", "`taken_off` or `not_taken_off`"),
        };
        let message = format!("`{}` is a {what}", item.def().id);
        node.refuse(codes::WRONG_TREATMENT, message, Some(format!("a {what} is {right}")));
    }
    let only_if = table.get("only_if").map_or(Some(Vec::new()), |node| only_if(&node));
    if let (Some(items), Some(only_if)) = (&items, &only_if) {
        let lacks =
            |item: &&Item| only_if.iter().any(|asked| !item.circumstances().contains(&asked.circumstance()));
        if let Some(item) = items.iter().find(lacks) {
            let message = format!("nothing of the kind is known of `{}`", item.def().id);
            table.refuse_key("only_if", codes::WRONG_REQUIREMENT, message, None);
        }
    }
    let text = both(table, "zh", "en");
    let dated = table.get("from").is_some() || table.get("until").is_some();
    let validity = if dated { validity(table) } else { of_set };
    let sources = sources(table, "source", names);
    Some(Row {
        items: items?,
        counts: treatment?.0.1,
        only_if: only_if?,
        text: text?,
        validity: validity?,
        sources: sources?,
    })
}

fn items(node: &Node<'_>) -> Option<Vec<Item>> {
    let list = node.list()?;
    if list.is_empty() {
        node.refuse(codes::EMPTY_LIST, "no item is named".to_owned(), None);
        return None;
    }
    list.iter().map(item).fold(Some(Vec::new()), push)
}

fn item(node: &Node<'_>) -> Option<Item> {
    let id = node.text()?;
    let found = Item::by_id(id);
    if found.is_none() {
        let hint = nearest(id, ITEMS.iter().map(|def| def.id), "an item of the statement");
        node.refuse(codes::UNKNOWN_ITEM, format!("no item is called `{id}`"), Some(hint));
    }
    found
}

fn only_if(node: &Node<'_>) -> Option<Vec<Requirement>> {
    let table = node.table()?;
    let workplace = table.get("workplace").map(|node| {
        let place = pick(&node, &WORKPLACE)?;
        Workplace::ALL.get(place).copied().map(Requirement::Workplace)
    });
    let stages = table.get("stages").map(|node| {
        let stages = node.list()?.iter().map(|node| pick(node, &STAGE)).fold(Some(Vec::new()), push)?;
        Some(Requirement::Stages(stages))
    });
    let mode = table.get("mode").map(|node| pick(&node, &MODE).map(Requirement::Mode));
    let evidence = table.get(EVIDENCE).map(|node| {
        let asked = node.boolean()?;
        if !asked {
            node.refuse(codes::WRONG_REQUIREMENT, "no evidence cannot be asked for".to_owned(), None);
        }
        asked.then_some(Requirement::Evidence)
    });
    table.finish();
    [workplace, stages, mode, evidence].into_iter().flatten().fold(Some(Vec::new()), push)
}

fn pick(node: &Node<'_>, set: &ChoiceSet) -> Option<usize> {
    node.pick(set.values.iter().map(|choice| choice.code))
}

/// The canonical form of a requirement, as files write it.
pub(in super::super) fn requirement_value(requirement: &Requirement) -> Value {
    let code = |set: &'static ChoiceSet, at: usize| set.values.get(at).map(|choice| choice.code);
    match requirement {
        Requirement::Workplace(place) => {
            let at = Workplace::ALL.iter().position(|known| known == place);
            json!({ "workplace": at.and_then(|at| code(&WORKPLACE, at)) })
        }
        Requirement::Stages(stages) => {
            json!({ "stages": stages.iter().map(|stage| code(&STAGE, *stage)).collect::<Vec<_>>() })
        }
        Requirement::Mode(mode) => json!({ "mode": code(&MODE, *mode) }),
        Requirement::Evidence => json!({ EVIDENCE: true }),
    }
}
