//! Reading a household.

use crate::documents::reader::{Node, Problem, Report, Table, quoted_list};
use crate::documents::tree::Tree;
use crate::domain::facts::{Fact, FactSet, Household, IdentityRecord, Person, days_of};
use crate::domain::identity::Identity;
use crate::domain::money::Fen;
use crate::domain::period::Validity;
use crate::domain::region::Region;
use crate::domain::schedule::Schedule;
use crate::domain::vocabulary::{ChoiceSet, FACTS, FactDef, FactType, Level};

/// The codes of problems that only households have.
pub mod codes {
    crate::documents::codes! {
        /// Two members have one key.
        KEY_TWICE = "key_twice";
        /// A key that looks like an ID number, or is too long.
        BAD_KEY = "bad_key";
        /// A list that is empty or too long.
        BAD_LENGTH = "bad_length";
        /// A town that is no code of one.
        BAD_TOWN = "bad_town";
        /// A validity that ends before it begins.
        BAD_VALIDITY = "bad_validity";
        /// An identity that this kind of holder cannot have.
        WRONG_HOLDER = "wrong_holder";
        /// One identity, twice at the same time.
        HELD_TWICE = "held_twice";
        /// Identities that cannot be held together.
        IMPOSSIBLE_PAIR = "impossible_pair";
        /// Facts that contradict one another.
        CONTRADICTION = "contradiction";
    }
}

pub use crate::domain::facts::MOST_MEMBERS;
/// The most records of one list.
pub(in crate::documents) const MOST_RECORDS: usize = 50;
const LONGEST_KEY: usize = 64;
const LONGEST_TEXT: usize = 200;

/// Reads a household; the pairs of its identities are not looked at.
///
/// # Errors
/// Everything that is wrong, each with its path.
pub fn read(tree: &Tree) -> Result<Household, Vec<Problem>> {
    let report = Report::discreet();
    let household = report.root(tree).table().and_then(household);
    let problems = report.into_problems();
    match household {
        Some(household) if problems.is_empty() => Ok(household),
        _ => Err(problems),
    }
}

fn household(table: Table<'_>) -> Option<Household> {
    let key = table.need("key").and_then(|node| key(&node));
    let place = table.get("place").and_then(|node| short(&node));
    let town = table.get("town").and_then(|node| town(&node));
    let identities = identities(&table);
    let facts = facts(&table, Level::Household);
    let members = table.need("members").and_then(|node| members(&node));
    table.finish();
    Some(Household { key: key?, place, town, identities, facts, members: members? })
}

fn members(node: &Node<'_>) -> Option<Vec<Person>> {
    let items = node.list()?;
    if items.is_empty() || items.len() > MOST_MEMBERS {
        let message = format!("a household has from 1 to {MOST_MEMBERS} members");
        node.refuse(codes::BAD_LENGTH, message, None);
        return None;
    }
    let mut people: Vec<Person> = Vec::with_capacity(items.len());
    for item in &items {
        let Some(person) = item.table().and_then(person) else { continue };
        if people.iter().any(|known| known.key == person.key) {
            item.refuse(codes::KEY_TWICE, String::from("another member has the same `key`"), None);
        }
        people.push(person);
    }
    Some(people)
}

fn person(table: Table<'_>) -> Option<Person> {
    let key = table.need("key").and_then(|node| key(&node));
    let name = table.get("name").and_then(|node| short(&node));
    let identities = identities(&table);
    let facts = facts(&table, Level::Person);
    table.finish();
    Some(Person { key: key?, name, identities, facts })
}

/// A key appears in answers and logs, so it must not be an ID number.
pub(in crate::documents) fn key(node: &Node<'_>) -> Option<String> {
    let text = node.text()?;
    if !is_plain(text) {
        node.refuse(codes::BAD_KEY, format!("a key has at most {LONGEST_KEY} plain characters"), None);
        return None;
    }
    if is_id_number(text) {
        let hint = String::from("choose a number of your own, such as `P1`");
        node.refuse(codes::BAD_KEY, String::from("a key must not be an ID number"), Some(hint));
        return None;
    }
    Some(text.to_owned())
}

/// Whether a text could be the key of a household or a member. One that could not must not be recorded.
pub fn is_key(text: &str) -> bool {
    !text.is_empty() && is_plain(text) && !is_id_number(text)
}

fn is_plain(text: &str) -> bool {
    text.chars().count() <= LONGEST_KEY && !text.chars().any(char::is_control)
}

fn is_id_number(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits >= 14 && text.chars().count() - digits <= 1
}

pub(in crate::documents) fn short(node: &Node<'_>) -> Option<String> {
    let text = node.text()?;
    if text.chars().count() > LONGEST_TEXT {
        node.refuse(codes::BAD_LENGTH, format!("a text has at most {LONGEST_TEXT} characters"), None);
        return None;
    }
    Some(text.to_owned())
}

fn town(node: &Node<'_>) -> Option<Region> {
    let town = node.text()?.parse().ok().filter(Region::is_town);
    if town.is_none() {
        let hint = Some(String::from("9 digits name a town (GB/T 10114), 12 a village"));
        node.refuse_expecting(codes::BAD_TOWN, "the code of a town or village", hint);
    }
    town
}

fn identities(table: &Table<'_>) -> Vec<IdentityRecord> {
    let Some(node) = table.get("identities") else { return Vec::new() };
    let Some(items) = node.list() else { return Vec::new() };
    if items.len() > MOST_RECORDS {
        node.refuse(
            codes::BAD_LENGTH,
            format!("a list of identities has at most {MOST_RECORDS} records"),
            None,
        );
        return Vec::new();
    }
    items.iter().filter_map(|item| item.table().and_then(identity)).collect()
}

fn identity(table: Table<'_>) -> Option<IdentityRecord> {
    let ty = table.need("type").and_then(|node| identity_type(&node));
    let since = table.need("since").and_then(|node| node.date());
    let until = table.get("until").and_then(|node| node.date());
    let source = table.get("source").and_then(|node| short(&node));
    let evidence = table.get("evidence").and_then(|node| short(&node));
    let held = since.and_then(|since| {
        let held = Validity::new(since, until);
        if held.is_none() {
            let message = String::from("`until` is the first day no longer, so it comes after `since`");
            table.refuse_key("until", codes::BAD_VALIDITY, message, None);
        }
        held
    });
    table.finish();
    Some(IdentityRecord { identity: ty?, held: held?, source, evidence })
}

fn identity_type(node: &Node<'_>) -> Option<Identity> {
    let text = node.text()?;
    let found = Identity::ALL.into_iter().find(|known| known.code().eq_ignore_ascii_case(text));
    if found.is_none() {
        let allowed = quoted_list(Identity::ALL.map(Identity::code));
        node.refuse_expecting(
            crate::documents::reader::codes::UNKNOWN_VALUE,
            "an identity type",
            Some(format!("one of {allowed}")),
        );
    }
    found
}

/// Reads the facts of a level. Facts with a path of two parts stand in a table of their own.
fn facts(table: &Table<'_>, level: Level) -> FactSet {
    let mut facts = FactSet::default();
    let mut groups: Vec<(&'static str, Option<Table<'_>>)> = Vec::new();
    for def in FACTS.iter().filter(|def| def.level == level) {
        let Some(path) = def.path else { continue };
        let value = match path.split_once('.') {
            None => table.get(path).and_then(|node| value(&node, def)),
            Some((group, key)) => {
                if groups.iter().all(|(name, _)| *name != group) {
                    groups.push((group, table.get(group).and_then(|node| node.table())));
                }
                let found =
                    groups.iter().find(|(name, _)| *name == group).and_then(|(_, table)| table.as_ref());
                found.and_then(|table| table.get(key)).and_then(|node| value(&node, def))
            }
        };
        facts.set_known(def.fact, value);
    }
    for (_, group) in groups {
        if let Some(group) = group {
            group.finish();
        }
    }
    implied(&mut facts, level);
    facts
}

/// Somebody with no kind of disability has no grade and no certificate, stated or not.
fn implied(facts: &mut FactSet, level: Level) {
    if level == Level::Person && facts.get(Fact::DisabilityKinds) == Some(0) {
        for fact in [Fact::DisabilityGrade, Fact::DisabilityCertificate] {
            if facts.get(fact).is_none() {
                facts.set(fact, 0);
            }
        }
    }
}

fn value(node: &Node<'_>, def: &FactDef) -> Option<i64> {
    match def.ty {
        FactType::Bool => node.boolean().map(i64::from),
        FactType::Count { most } => node.whole(0, most),
        FactType::Money => amount(node).map(Fen::value),
        FactType::Quantity => {
            let amount = node.thousandths()?;
            in_range(node, amount, || format!("at most {}", Schedule::DEFAULT_RANGE / 1000))
        }
        FactType::Date => node.date().map(days_of),
        FactType::Choice(set) => choice(node, set).and_then(|index| i64::try_from(index).ok()),
        FactType::Flags(set) => {
            let chosen =
                node.list()?.into_iter().map(|item| choice(&item, set)).collect::<Option<Vec<_>>>()?;
            Some(chosen.into_iter().fold(0, |mask, index| mask | (1_i64 << index)))
        }
    }
}

/// An amount of money.
pub(in crate::documents) fn amount(node: &Node<'_>) -> Option<Fen> {
    let amount = node.money()?;
    let expected = || format!("at most {} yuan", Fen::new(Schedule::DEFAULT_RANGE));
    in_range(node, amount.value(), expected).map(Fen::new)
}

/// Schedules are declared over this range; a larger amount has no exact answer.
fn in_range(node: &Node<'_>, value: i64, expected: impl Fn() -> String) -> Option<i64> {
    if value > Schedule::DEFAULT_RANGE {
        node.refuse_expecting(crate::documents::reader::codes::OUT_OF_RANGE, &expected(), None);
        return None;
    }
    Some(value)
}

/// A code in any case of letters, or the Chinese name.
pub(in crate::documents) fn choice(node: &Node<'_>, set: &ChoiceSet) -> Option<usize> {
    let text = node.text()?;
    let found = set.index_of(text);
    if found.is_none() {
        let allowed = quoted_list(set.values.iter().map(|value| value.code));
        let expected = "a value of the list";
        node.refuse_expecting(
            crate::documents::reader::codes::UNKNOWN_VALUE,
            expected,
            Some(format!("one of {allowed}")),
        );
    }
    found
}
