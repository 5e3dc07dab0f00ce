//! Writing a registry in the plain layout.

use std::io::{self, Write};

use super::layout::{Field, OF_HOUSEHOLD, OF_PERSON, identity_words};
use crate::domain::facts::{Fact, day_of};
use crate::domain::id_number::IdNumber;
use crate::domain::money::Fen;
use crate::domain::registries::RegistryRow;
use crate::domain::vocabulary::{FACTS, FactType};

/// Writes rows in the plain layout: CSV with the byte order mark by which spreadsheets know UTF-8, Chinese
/// headings, and a column for every fact that a row states.
///
/// INVARIANT: this is the one place where whole ID numbers are written. A registry is an input of the
/// toolbox; everything that the toolbox answers shows them masked.
///
/// # Errors
/// If it cannot be written.
pub fn write<'r, R>(mut out: impl Write, rows: R) -> io::Result<()>
where
    R: IntoIterator<Item = &'r RegistryRow>,
    R::IntoIter: Clone,
{
    let rows = rows.into_iter();
    let mut stated = [false; Fact::COUNT];
    for (fact, _) in rows.clone().flat_map(|row| &row.facts) {
        if let Some(stated) = stated.get_mut(fact.index()) {
            *stated = true;
        }
    }
    let facts: Vec<Fact> = FACTS
        .iter()
        .map(|def| def.fact)
        .zip(stated)
        .filter_map(|(fact, stated)| stated.then_some(fact))
        .collect();
    out.write_all("\u{feff}".as_bytes())?;
    let mut writer = csv::Writer::from_writer(out);
    let headings = Field::ALL.iter().map(|field| field.names().1);
    writer.write_record(headings.chain(facts.iter().map(|fact| fact.def().zh)))?;
    for row in rows {
        for field in Field::ALL {
            writer.write_field(cell(row, field))?;
        }
        for fact in &facts {
            let stated = row.facts.iter().find(|(known, _)| known == fact);
            writer.write_field(stated.map(|(fact, value)| fact_text(*fact, *value)).unwrap_or_default())?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.flush()
}

fn cell(row: &RegistryRow, field: Field) -> String {
    let stated = row.identity.as_ref();
    let text = match field {
        Field::HouseholdNo => Some(row.household_no.clone()),
        Field::Region => Some(row.region.to_string()),
        Field::Name => Some(row.name.clone()),
        Field::IdNumber => row.id_number.as_ref().map(|number| IdNumber::reveal(number).to_owned()),
        Field::Identity => {
            stated.and_then(|one| identity_words(one.identity).first()).map(|&name| name.to_owned())
        }
        Field::Scope => stated.map(|one| {
            let [_, zh, ..] = if one.of_household { OF_HOUSEHOLD } else { OF_PERSON };
            zh.to_owned()
        }),
        Field::Since => stated.map(|one| one.held.from.to_string()),
        Field::Until => stated.and_then(|one| one.held.until).map(|until| until.to_string()),
        Field::Evidence => stated.and_then(|one| one.evidence.clone()),
    };
    text.unwrap_or_default()
}

/// A fact as a cell says it, in Chinese.
fn fact_text(fact: Fact, value: i64) -> String {
    let of = |index: usize, set: &crate::domain::vocabulary::ChoiceSet| {
        set.values.get(index).map_or_else(String::new, |value| value.zh.to_owned())
    };
    match fact.def().ty {
        FactType::Bool => if value == 0 { "否" } else { "是" }.to_owned(),
        FactType::Count { .. } => value.to_string(),
        FactType::Money => Fen::new(value).to_string(),
        FactType::Quantity => format!("{}.{:03}", value / 1000, value % 1000),
        FactType::Date => day_of(value).map(|day| day.to_string()).unwrap_or_default(),
        FactType::Choice(set) => {
            usize::try_from(value).map_or_else(|_none| String::new(), |index| of(index, set))
        }
        FactType::Flags(_) if value == 0 => "无".to_owned(),
        FactType::Flags(set) => {
            let chosen = (0..set.values.len()).filter(|index| value & (1 << index) != 0);
            chosen.map(|index| of(index, set)).collect::<Vec<_>>().join("、")
        }
    }
}
