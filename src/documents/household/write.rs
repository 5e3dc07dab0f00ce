//! Writing a household as the document that `super::read` reads back.

use serde_json::{Map, Value, json};

use crate::domain::facts::{Fact, FactSet, Household, IdentityRecord, Person, day_of};
use crate::domain::money::Fen;
use crate::domain::region::Region;
use crate::domain::vocabulary::{FACTS, FactType, Level};

/// The document of a household.
pub fn write(household: &Household) -> Value {
    let mut document = Map::new();
    document.insert(String::from("key"), json!(household.key));
    put(&mut document, "place", household.place.as_deref());
    put(&mut document, "town", household.town.as_ref().map(Region::as_str));
    identities(&mut document, &household.identities);
    facts(&mut document, &household.facts, Level::Household);
    document.insert(String::from("members"), household.members.iter().map(person).collect());
    Value::Object(document)
}

fn person(person: &Person) -> Value {
    let mut document = Map::new();
    document.insert(String::from("key"), json!(person.key));
    put(&mut document, "name", person.name.as_deref());
    identities(&mut document, &person.identities);
    facts(&mut document, &person.facts, Level::Person);
    Value::Object(document)
}

fn put(document: &mut Map<String, Value>, key: &str, text: Option<&str>) {
    if let Some(text) = text {
        document.insert(key.to_owned(), json!(text));
    }
}

fn identities(document: &mut Map<String, Value>, records: &[IdentityRecord]) {
    let record = |record: &IdentityRecord| {
        let mut entry = Map::new();
        entry.insert(String::from("type"), json!(record.identity.code()));
        entry.insert(String::from("since"), json!(record.held.from.to_string()));
        put(&mut entry, "until", record.held.until.map(|until| until.to_string()).as_deref());
        put(&mut entry, "source", record.source.as_deref());
        put(&mut entry, "evidence", record.evidence.as_deref());
        Value::Object(entry)
    };
    if !records.is_empty() {
        document.insert(String::from("identities"), records.iter().map(record).collect());
    }
}

fn facts(document: &mut Map<String, Value>, facts: &FactSet, level: Level) {
    for def in FACTS.iter().filter(|def| def.level == level) {
        let (Some(path), Some(value)) = (def.path, fact_value(facts, def.fact)) else { continue };
        match path.split_once('.') {
            None => {
                document.insert(path.to_owned(), value);
            }
            Some((group, key)) => {
                let group = document.entry(group).or_insert_with(|| json!({}));
                if let Value::Object(group) = group {
                    group.insert(key.to_owned(), value);
                }
            }
        }
    }
}

/// A known fact as documents write it.
pub fn fact_value(facts: &FactSet, fact: Fact) -> Option<Value> {
    let value = facts.get(fact)?;
    Some(match fact.def().ty {
        FactType::Bool => json!(value != 0),
        FactType::Count { .. } => json!(value),
        FactType::Money => json!(Fen::new(value).to_string()),
        FactType::Quantity => json!(format!("{}.{:03}", value.div_euclid(1000), value.rem_euclid(1000))),
        FactType::Date => json!(day_of(value)?.to_string()),
        FactType::Choice(set) => json!(set.values.get(usize::try_from(value).ok()?)?.code),
        FactType::Flags(set) => {
            let chosen = set.values.iter().enumerate().filter(|(index, _)| value & (1 << index) != 0);
            chosen.map(|(_, kind)| json!(kind.code)).collect()
        }
    })
}
