//! Reading an income statement.

use crate::documents::household::{
    MOST_MEMBERS, MOST_RECORDS, amount, choice, codes as household, key, short,
};
use crate::documents::reader::{Node, Problem, Report, Table, closest};
use crate::documents::tree::Tree;
use crate::domain::income::items::{Circumstance, ITEMS, Item, ItemDef, Record, WORKPLACE, Workplace};
use crate::domain::income::statement::{Circumstances, Entry, Member, Statement};
use crate::domain::package::Beneficiary;
use crate::domain::vocabulary::{Level, MODE, STAGE};

/// The codes of problems that only statements have.
pub mod codes {
    crate::documents::codes! {
        /// An item that belongs into a record, or to a person.
        MISPLACED_ITEM = "misplaced_item";
        /// Evidence of something that is not asked for any.
        NO_EVIDENCE_ASKED = "no_evidence_asked";
    }
}

/// The records that a holder has, by the key of their list.
const RECORDS: [(&str, Record, Level); 4] = [
    ("work", Record::Work, Level::Person),
    ("study", Record::Study, Level::Person),
    ("business", Record::Business, Level::Household),
    ("property", Record::Property, Level::Household),
];

/// Reads a statement.
///
/// # Errors
/// Everything that is wrong, each with its path.
pub fn read(tree: &Tree) -> Result<Statement, Vec<Problem>> {
    let report = Report::discreet();
    let statement = report.root(tree).table().and_then(statement);
    let problems = report.into_problems();
    match statement {
        Some(statement) if problems.is_empty() => Ok(statement),
        _ => Err(problems),
    }
}

fn statement(table: Table<'_>) -> Option<Statement> {
    let key = table.need("key").and_then(|node| key(&node));
    let place = table.get("place").and_then(|node| short(&node));
    let complete = table.need("complete").and_then(|node| node.boolean());
    let mut entries = Entries::default();
    let members = table.need("members").and_then(|node| members(&node, &mut entries));
    entries.holder(&table, Beneficiary::Household);
    table.finish();
    Some(Statement { key: key?, place, complete: complete?, members: members?, entries: entries.list })
}

fn members(node: &Node<'_>, entries: &mut Entries) -> Option<Vec<Member>> {
    let items = node.list()?;
    if items.is_empty() || items.len() > MOST_MEMBERS {
        let message = format!("a household has from 1 to {MOST_MEMBERS} members");
        node.refuse(household::BAD_LENGTH, message, None);
        return None;
    }
    let mut members: Vec<Member> = Vec::with_capacity(items.len());
    for (place, item) in items.iter().enumerate() {
        let Some(table) = item.table() else { continue };
        let key = table.need("key").and_then(|node| key(&node));
        let name = table.get("name").and_then(|node| short(&node));
        entries.holder(&table, Beneficiary::Person(place));
        table.finish();
        let Some(key) = key else { continue };
        if members.iter().any(|known| known.key == key) {
            item.refuse(household::KEY_TWICE, String::from("another member has the same `key`"), None);
        }
        members.push(Member { key, name });
    }
    Some(members)
}

/// The entries read so far.
#[derive(Debug, Default)]
struct Entries {
    list: Vec<Entry>,
    records: usize,
}

impl Entries {
    /// Reads the records and items of a person or of the household.
    fn holder(&mut self, table: &Table<'_>, who: Beneficiary) {
        let person = matches!(who, Beneficiary::Person(_));
        for (key, record, level) in RECORDS {
            if level == Level::Person && !person {
                continue;
            }
            for table in tables(table.get(key)) {
                self.record(&table, who, record);
                table.finish();
            }
        }
        for table in tables(table.get("items")) {
            self.item(&table, who);
            table.finish();
        }
    }

    /// Reads a record: one entry for each of its items. An amount that is left out is not known.
    fn record(&mut self, table: &Table<'_>, who: Beneficiary, record: Record) {
        let label = label(table);
        let mut circumstances = Circumstances::default();
        match record {
            Record::Work => {
                let place = table.get("place").and_then(|node| choice(&node, &WORKPLACE));
                circumstances.workplace = place.and_then(|place| Workplace::ALL.get(place).copied());
            }
            Record::Study => {
                circumstances.stage = table.get("stage").and_then(|node| choice(&node, &STAGE));
                circumstances.mode = table.get("mode").and_then(|node| choice(&node, &MODE));
            }
            Record::Business | Record::Property | Record::Listed => {}
        }
        for def in ITEMS.iter().filter(|def| def.record == record) {
            let amount = table.get(def.key).and_then(|node| amount(&node));
            let label = label.clone();
            self.list.push(Entry { who, item: def.item, record: self.records, label, amount, circumstances });
        }
        self.records += 1;
    }

    /// Reads an item that stands alone.
    fn item(&mut self, table: &Table<'_>, who: Beneficiary) {
        let found = table.need("item").and_then(|node| Some((listed(&node, who)?, node)));
        let label = label(table);
        let amount = table.get("amount").and_then(|node| amount(&node));
        let evidence = table.get("evidence").and_then(|node| Some((node.boolean()?, node)));
        let Some((item, _)) = found else { return };
        if let Some((_, node)) = &evidence
            && !item.circumstances().contains(&Circumstance::Evidence)
        {
            let message = format!("no rule asks for evidence of `{}`", item.def().id);
            node.refuse(codes::NO_EVIDENCE_ASKED, message, Some(String::from("leave it out")));
        }
        let evidence = evidence.map(|(evidence, _)| evidence);
        let circumstances = Circumstances { evidence, ..Circumstances::default() };
        self.list.push(Entry { who, item, record: self.records, label, amount, circumstances });
        self.records += 1;
    }
}

fn label(table: &Table<'_>) -> Option<String> {
    table.get("name").and_then(|node| short(&node))
}

/// The tables of a list that is not too long.
fn tables(node: Option<Node<'_>>) -> Vec<Table<'_>> {
    let Some(node) = node else { return Vec::new() };
    let Some(items) = node.list() else { return Vec::new() };
    if items.len() > MOST_RECORDS {
        let message = format!("a list has at most {MOST_RECORDS} records");
        node.refuse(household::BAD_LENGTH, message, None);
        return Vec::new();
    }
    items.iter().filter_map(Node::table).collect()
}

/// An item that may stand in this list, by its name or in Chinese.
fn listed(node: &Node<'_>, who: Beneficiary) -> Option<Item> {
    let text = node.text()?;
    let named = ITEMS.iter().find(|def| def.id.eq_ignore_ascii_case(text) || def.zh == text);
    let Some(def) = named else {
        let ids = ITEMS.iter().filter(|def| fits(def, who)).map(|def| def.id);
        // The nearest name is one of ours; the text itself is not told.
        let hint = closest(text, ids).map(|near| format!("did you mean `{near}`?"));
        let code = crate::documents::reader::codes::UNKNOWN_VALUE;
        node.refuse_expecting(code, "an item of receipts and costs", hint);
        return None;
    };
    if fits(def, who) {
        return Some(def.item);
    }
    let hint = match def.record {
        Record::Listed => String::from("state it with the member whose it is"),
        record => {
            let list = RECORDS.iter().find(|(_, known, _)| *known == record).map_or("", |(key, ..)| *key);
            format!("state it as `{}` of a record in `{list}`", def.key)
        }
    };
    node.refuse(codes::MISPLACED_ITEM, format!("`{}` does not stand here", def.id), Some(hint));
    None
}

fn fits(def: &ItemDef, who: Beneficiary) -> bool {
    def.record == Record::Listed && (def.level == Level::Household || who != Beneficiary::Household)
}
