//! How values of the domain stand in columns. Lists are stored by their codes, so that a list may grow
//! or change its order.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, SubsecRound, Utc};

use super::error::StoreError;
use crate::domain::facts::Fact;
use crate::domain::identity::Identity;
use crate::domain::region::Region;
use crate::domain::vocabulary::{ChoiceSet, FACTS, FactType};

/// The value of a fact as its two columns.
pub(super) type FactColumns = (Option<i64>, Option<String>);

/// The columns of a fact.
pub(super) fn fact_columns(fact: Fact, value: i64) -> Result<FactColumns, StoreError> {
    let unknown = StoreError::Unstorable("a fact whose value is outside its list");
    match fact.def().ty {
        FactType::Bool | FactType::Count { .. } | FactType::Money | FactType::Quantity | FactType::Date => {
            Ok((Some(value), None))
        }
        FactType::Choice(set) => {
            let choice = usize::try_from(value).ok().and_then(|index| set.values.get(index));
            Ok((None, Some(choice.ok_or(unknown)?.code.to_owned())))
        }
        FactType::Flags(set) => {
            let all = set.values.iter().enumerate();
            let chosen = all.filter(|(bit, _)| value & (1_i64 << bit) != 0);
            let codes = chosen.map(|(_, choice)| choice.code).collect::<Vec<_>>().join(",");
            if flags(set, &codes) == Some(value) { Ok((None, Some(codes))) } else { Err(unknown) }
        }
    }
}

/// The fact and its value that stand in these columns.
pub(super) fn fact_value(id: &str, columns: (Option<i64>, Option<&str>)) -> Result<(Fact, i64), StoreError> {
    let def = FACTS.iter().find(|def| def.id == id);
    let def = def.ok_or(StoreError::Inconsistent("a fact that the vocabulary does not have"))?;
    let value = match (def.ty, columns) {
        (FactType::Choice(set), (None, Some(code))) => {
            index_of(set, code).and_then(|index| i64::try_from(index).ok())
        }
        (FactType::Flags(set), (None, Some(codes))) => flags(set, codes),
        (FactType::Choice(_) | FactType::Flags(_), _) => None,
        (_, (number, None)) => number,
        _ => None,
    };
    Ok((def.fact, value.ok_or(StoreError::Inconsistent("a fact whose value is not of its type"))?))
}

fn index_of(set: &ChoiceSet, code: &str) -> Option<usize> {
    set.values.iter().position(|value| value.code == code)
}

fn flags(set: &ChoiceSet, codes: &str) -> Option<i64> {
    let codes = codes.split(',').filter(|code| !code.is_empty());
    codes.map(|code| index_of(set, code)).try_fold(0, |mask, bit| Some(mask | (1_i64 << bit?)))
}

/// The identity type of a code.
pub(super) fn identity(code: &str) -> Result<Identity, StoreError> {
    code.parse().map_err(|_error| StoreError::Inconsistent("an identity type that does not exist"))
}

/// The town of a column.
pub(super) fn town(code: Option<&str>) -> Result<Option<Region>, StoreError> {
    let town = code.map(str::parse).transpose();
    town.map_err(|_error| StoreError::Inconsistent("a town that is no code of a region"))
}

/// A day, if both databases hold and order it rightly.
pub(super) fn day(date: NaiveDate) -> Result<NaiveDate, StoreError> {
    if (1..=9999).contains(&date.year()) {
        return Ok(date);
    }
    Err(StoreError::Unstorable("a day outside the years 1 to 9999"))
}

/// An instant as it is stored: UTC, to the microsecond.
pub(super) fn instant(instant: DateTime<Utc>) -> Result<NaiveDateTime, StoreError> {
    day(instant.date_naive())?;
    Ok(instant.naive_utc().trunc_subsecs(6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_comes_back_from_its_columns() {
        for def in &FACTS {
            let values: Vec<i64> = match def.ty {
                FactType::Bool => vec![0, 1],
                FactType::Choice(set) => (0..i64::try_from(set.values.len()).unwrap()).collect(),
                FactType::Flags(set) => (0..1_i64 << set.values.len()).collect(),
                _ => vec![0, 1, -1, i64::MAX, i64::MIN],
            };
            for value in values {
                let (number, codes) = fact_columns(def.fact, value).unwrap();
                assert_eq!(fact_value(def.id, (number, codes.as_deref())), Ok((def.fact, value)));
            }
        }
    }

    #[test]
    fn values_outside_a_list_are_refused_both_ways() {
        for (fact, value) in [(Fact::HouseGrade, 4), (Fact::HouseGrade, -1), (Fact::DisabilityKinds, 128)] {
            assert!(fact_columns(fact, value).is_err());
        }
        for (id, columns) in [
            ("house_grade", (None, Some("e"))),
            ("house_grade", (Some(1), None)),
            ("disability_kinds", (None, Some("limb,wing"))),
            ("cattle", (None, Some("two"))),
            ("unicorns", (Some(1), None)),
        ] {
            assert!(fact_value(id, columns).is_err(), "{id}");
        }
    }
}
