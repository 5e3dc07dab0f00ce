//! Looking at a save, inside its transaction.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{ChainEvent, Observed, Standing, Watch, append};
use crate::domain::facts::Household;
use crate::domain::period::Validity;
use crate::store::backend::Connection;
use crate::store::error::StoreError;
use crate::store::households::{AsKnown, fetch};
use crate::store::ledger::{claimed, standing};

/// A household before and after the save.
type BeforeAndAfter = (Option<Household>, Option<Household>);

/// Shows a save that was just written to whoever watches, and appends the event that it caused.
pub(in crate::store) fn watch(
    connection: &mut Connection,
    (household, facts_seq): (&str, i64),
    valid: Validity,
    watch: &Watch,
) -> Result<Option<ChainEvent>, StoreError> {
    // Nothing was known before the first save, so nothing can have changed.
    if facts_seq <= 1 {
        return Ok(None);
    }
    let on = if valid.contains(watch.today) { watch.today } else { valid.from };
    let mut days: BTreeMap<NaiveDate, BeforeAndAfter> = BTreeMap::new();
    let (before, after) = both(connection, (household, facts_seq), on)?;
    days.insert(on, (before.clone(), after.clone()));
    let mut seen = Vec::new();
    for entry in standing(connection, household)? {
        let day = entry.covers.first_day();
        if !valid.contains(day) {
            continue;
        }
        let (before, after) = match days.get(&day) {
            Some(known) => known.clone(),
            None => days.entry(day).or_insert(both(connection, (household, facts_seq), day)?).clone(),
        };
        let expense = match entry.expense {
            Some(_) => Some(claimed(connection, household, &entry)?),
            None => None,
        };
        seen.push(Standing { entry, expense, before, after });
    }
    let observed = Observed { key: household.to_owned(), on, before, after, facts_seq, standing: seen };
    match (watch.observe)(&observed) {
        Some(event) => append(connection, household, &event, &watch.circumstances).map(Some),
        None => Ok(None),
    }
}

fn both(
    connection: &mut Connection,
    (household, facts_seq): (&str, i64),
    on: NaiveDate,
) -> Result<BeforeAndAfter, StoreError> {
    let before = fetch(connection, household, on, AsKnown::After(facts_seq - 1))?;
    let after = fetch(connection, household, on, AsKnown::Now)?;
    Ok((before.map(|stored| stored.household), after.map(|stored| stored.household)))
}
