//! Where a household lives.

use super::{AsKnown, Towns};
use crate::domain::period::Validity;
use crate::store::backend::Connection;
use crate::store::error::StoreError;
use crate::store::rows::{HouseholdRow, Versioned};
use crate::store::types::town;

/// The towns of a household on some days.
pub(in crate::store) fn towns(
    connection: &mut Connection,
    key: &str,
    days: Validity,
) -> Result<Towns, StoreError> {
    connection.reading(|connection| {
        let seq = super::fetch::last_save(connection, key, AsKnown::Now)?.unwrap_or(0);
        let rows = HouseholdRow::load_open(connection, key)?;
        let rows: Vec<_> = rows.into_iter().map(HouseholdRow::split).collect();
        let asked: Vec<_> = rows.iter().filter(|row| row.valid.overlaps(&days)).collect();
        let counted = if asked.is_empty() { rows.iter().collect() } else { asked };
        let towns = counted.into_iter().map(|row| town(row.value.1.as_deref())).collect::<Result<_, _>>()?;
        Ok(Towns { seq, towns })
    })
}
