//! A row of a registry as columns.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::{Map, Value};

use super::{ListedId, ListedPerson, SealedNumber, Statement};
use crate::domain::facts::Fact;
use crate::domain::period::Validity;
use crate::domain::registries::{Registry, StatedIdentity};
use crate::store::error::StoreError;
use crate::store::schema::registry_rows;
use crate::store::types::{day, fact_columns, fact_value, identity};

/// A row of `registry_rows`.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = registry_rows, treat_none_as_default_value = false)]
#[diesel(check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
pub(super) struct Row {
    seq: i64,
    number: i64,
    file: i64,
    line: i64,
    registry: String,
    household_no: String,
    region: String,
    pub(super) person: String,
    name: String,
    id_key: Option<i64>,
    id_sealed: Option<String>,
    birth_date: Option<NaiveDate>,
    identity: Option<String>,
    of_household: Option<bool>,
    held_since: Option<NaiveDate>,
    held_until: Option<NaiveDate>,
    evidence: Option<String>,
    facts: String,
    pub(super) stated_seq: i64,
    closed_seq: Option<i64>,
}

/// How many columns a row has.
pub(super) const COLUMNS: usize = 20;

impl Row {
    /// The row of a statement.
    pub(super) fn new(registry: Registry, id: ListedId, stated: &Statement) -> Result<Self, StoreError> {
        let held = stated.identity.as_ref();
        Ok(Self {
            seq: id.seq,
            number: id.number,
            file: stated.at.0,
            line: stated.at.1,
            registry: registry.code().to_owned(),
            household_no: stated.household_no.clone(),
            region: stated.region.as_str().to_owned(),
            person: stated.person.clone(),
            name: stated.name.clone(),
            id_key: stated.number.as_ref().map(|number| number.key),
            id_sealed: stated.number.as_ref().map(|number| number.text.clone()),
            birth_date: stated.birth_date.map(day).transpose()?,
            identity: held.map(|stated| stated.identity.code().to_owned()),
            of_household: held.map(|stated| stated.of_household),
            held_since: held.map(|stated| day(stated.held.from)).transpose()?,
            held_until: held.and_then(|stated| stated.held.until).map(day).transpose()?,
            evidence: held.and_then(|stated| stated.evidence.clone()),
            facts: facts_text(&stated.facts)?,
            stated_seq: id.seq,
            closed_seq: None,
        })
    }

    /// Which row it is.
    pub(super) fn id(&self) -> ListedId {
        ListedId { seq: self.seq, number: self.number }
    }

    /// Whether both are about the same identity of the same person: the later one takes the other's place.
    pub(super) fn replaces(&self, other: &Self) -> bool {
        (&self.person, &self.identity, self.held_since) == (&other.person, &other.identity, other.held_since)
    }

    /// Whether both state the same. How the number is sealed, and where it stood in a file, makes no difference.
    pub(super) fn repeats(&self, other: &Self) -> bool {
        let said = |row: &Self| {
            let held = (row.of_household, row.held_since, row.held_until);
            (held, row.birth_date, row.id_key.is_some())
        };
        let texts = |row: &Self| {
            let Self { household_no, region, person, name, identity, evidence, facts, .. } = row.clone();
            (household_no, region, person, name, identity, evidence, facts)
        };
        said(self) == said(other) && texts(self) == texts(other)
    }

    /// The row as it was stated.
    pub(super) fn listed(self) -> Result<ListedPerson, StoreError> {
        let registry = self.registry.parse::<Registry>();
        let registry =
            registry.map_err(|_code| StoreError::Inconsistent("a registry that does not exist"))?;
        let region = self.region.parse();
        let number = match (self.id_key, self.id_sealed) {
            (Some(key), Some(text)) => Some(SealedNumber { key, text }),
            _ => None,
        };
        let identity = match (self.identity, self.held_since) {
            (Some(code), Some(from)) => Some(StatedIdentity {
                identity: identity(&code)?,
                of_household: self.of_household.unwrap_or_default(),
                held: Validity { from, until: self.held_until },
                evidence: self.evidence,
            }),
            _ => None,
        };
        let statement = Statement {
            at: (self.file, self.line),
            household_no: self.household_no,
            region: region.map_err(|_code| StoreError::Inconsistent("a town that is no code of a region"))?,
            person: self.person,
            name: self.name,
            number,
            birth_date: self.birth_date,
            identity,
            facts: facts_of(&self.facts)?,
        };
        let id = ListedId { seq: self.seq, number: self.number };
        let (stated_seq, closed_seq) = (self.stated_seq, self.closed_seq);
        Ok(ListedPerson { id, registry, statement, stated_seq, closed_seq })
    }
}

/// Facts as canonical JSON: what is a number in a fact's column is one here, and codes are text.
fn facts_text(facts: &[(Fact, i64)]) -> Result<String, StoreError> {
    let mut object = Map::new();
    for (fact, value) in facts {
        let value = match fact_columns(*fact, *value)? {
            (Some(number), _) => Value::from(number),
            (None, codes) => Value::from(codes),
        };
        if object.insert(fact.def().id.to_owned(), value).is_some() {
            return Err(StoreError::Unstorable("one fact stated twice"));
        }
    }
    // INVARIANT: the map keeps its keys in order, ids are plain, and numbers are whole.
    Ok(Value::Object(object).to_string())
}

fn facts_of(text: &str) -> Result<Vec<(Fact, i64)>, StoreError> {
    let object: Map<String, Value> = serde_json::from_str(text)
        .map_err(|_no_object| StoreError::Inconsistent("facts of a registry that cannot be read"))?;
    object.iter().map(|(id, value)| fact_value(id, (value.as_i64(), value.as_str()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_come_back_and_are_written_in_one_way_only() {
        let facts =
            [(Fact::RelationToHead, 1), (Fact::BirthDate, 7_300), (Fact::CountedIncomeYear, i64::MAX)];
        let text = facts_text(&facts).unwrap();
        let mut reversed = facts;
        reversed.reverse();
        assert_eq!(facts_text(&reversed).unwrap(), text);
        assert!(
            text.starts_with(r#"{"birth_date":7300,"counted_income_year":9223372036854775807,"#),
            "{text}"
        );
        let mut back = facts_of(&text).unwrap();
        back.sort_unstable();
        let mut expected = facts.to_vec();
        expected.sort_unstable();
        assert_eq!(back, expected);
        assert!(facts_text(&[facts[0], facts[0]]).is_err());
    }
}
