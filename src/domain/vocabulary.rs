//! The one table of facts: files, conditions, the API, imports and the questions put to a clerk
//! all read it. A fact is added here and nowhere else.

use super::facts::Fact;

mod table;

pub use table::*;

/// Whether a fact describes a person or the household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// One member.
    Person,
    /// The household as a whole.
    Household,
}

/// What values a fact takes. Every value is held as one `i64`.
#[derive(Clone, Copy, Debug)]
pub enum FactType {
    /// 0 or 1.
    Bool,
    /// A whole number from 0.
    Count {
        /// The largest that is accepted.
        most: i64,
    },
    /// Fen; written as yuan.
    Money,
    /// Thousandths of a unit; written as a decimal.
    Quantity,
    /// Days since 1970-01-01; written as `YYYY-MM-DD`.
    Date,
    /// The index of one value of a list.
    Choice(&'static ChoiceSet),
    /// A bit per value of a list.
    Flags(&'static ChoiceSet),
}

/// A closed list of values.
#[derive(Debug)]
pub struct ChoiceSet {
    /// Its name in the API.
    pub name: &'static str,
    /// Its name in Chinese.
    pub zh: &'static str,
    /// The values, in order.
    pub values: &'static [Choice],
}

/// One value of a [`ChoiceSet`].
#[derive(Debug)]
pub struct Choice {
    /// The code of files, conditions and the API.
    pub code: &'static str,
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

impl ChoiceSet {
    /// The index of the value that has this code (in any case of letters) or Chinese name.
    pub fn index_of(&self, text: &str) -> Option<usize> {
        self.values.iter().position(|value| value.code.eq_ignore_ascii_case(text) || value.zh == text)
    }
}

/// One row of the vocabulary.
#[derive(Debug)]
pub struct FactDef {
    /// The fact.
    pub fact: Fact,
    /// Its name in conditions and canonical documents.
    pub id: &'static str,
    /// Where it stands in a household document; `None` for a derived fact.
    pub path: Option<&'static str>,
    /// Person or household.
    pub level: Level,
    /// What values it takes.
    pub ty: FactType,
    /// Its label in Chinese.
    pub zh: &'static str,
    /// Its label in English.
    pub en: &'static str,
    /// The question put to a clerk in Chinese; empty for a derived fact.
    pub ask_zh: &'static str,
    /// The question put to a clerk in English; empty for a derived fact.
    pub ask_en: &'static str,
}

impl Fact {
    /// The fact's row.
    pub fn def(self) -> &'static FactDef {
        // INVARIANT: the table has one row per fact, in order; a test below holds it.
        FACTS.get(self.index()).unwrap_or(&FACTS[0])
    }

    /// The fact of this name.
    pub fn by_id(id: &str) -> Option<Self> {
        FACTS.iter().find(|def| def.id == id).map(|def| def.fact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (index, def) in FACTS.iter().enumerate() {
            assert_eq!(def.fact.index(), index, "{}", def.id);
            assert_eq!(def.path.is_some(), !def.ask_zh.is_empty() && !def.ask_en.is_empty(), "{}", def.id);
        }
    }

    #[test]
    fn no_name_is_given_twice() {
        let ids: BTreeSet<_> = FACTS.iter().map(|def| def.id).collect();
        let paths: BTreeSet<_> =
            FACTS.iter().filter_map(|def| def.path.map(|path| (def.level, path))).collect();
        let given = FACTS.iter().filter(|def| def.path.is_some()).count();
        assert_eq!((ids.len(), paths.len()), (FACTS.len(), given));
    }
}
