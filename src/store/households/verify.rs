//! Whether the facts of a household still are what was saved.

use diesel::prelude::*;

use super::link::{SaveRow, Written, bytes, digest, saves_since, written_since};
use crate::store::backend::{Connection, on};
use crate::store::error::StoreError;
use crate::store::schema::households;

/// What stands in the tables about the saves of a household.
#[derive(Debug, Default)]
pub(in crate::store) struct CheckedSaves {
    /// The links: their numbers in the chain, their hashes, and the bytes that these are over.
    pub(in crate::store) links: Vec<(i64, String, Vec<u8>)>,
    /// How many saves no link covers: they are from before the chain.
    pub(in crate::store) uncovered: u64,
    /// What does not hold together: the number in the chain, the number of the save, and what is wrong.
    pub(in crate::store) broken: Vec<(Option<i64>, i64, &'static str)>,
}

/// Holds the rows of a household's facts against the digests of its saves.
pub(in crate::store) fn check(
    connection: &mut Connection,
    household: &str,
) -> Result<CheckedSaves, StoreError> {
    let rows = saves_since(connection, household, 1)?;
    let mut written = written_since(connection, household, i64::MIN)?;
    let mut checked = CheckedSaves::default();
    let last = on!(connection, connection => households::table
        .find(household)
        .select(households::facts_seq)
        .first::<i64>(connection)
        .optional())?;
    let known = rows.last().map(|row| row.seq);
    if last != known {
        let save = known.or(last).unwrap_or_default();
        checked.broken.push((None, save, "the household's last save is another one than its record says"));
    }
    let mut open: Vec<(SaveRow, Written)> = Vec::new();
    for row in rows {
        let own = written.remove(&row.seq).unwrap_or_default();
        open.push((row, own));
        if open.last().is_some_and(|(row, _)| row.chain_seq.is_some()) {
            close(&mut checked, &open)?;
            open.clear();
        }
    }
    checked.uncovered = u64::try_from(open.len()).unwrap_or(u64::MAX);
    for save in written.into_keys() {
        checked.broken.push((None, save, "facts of a save that is not there"));
    }
    Ok(checked)
}

/// Checks a link, which is the last of the saves that it covers.
fn close(checked: &mut CheckedSaves, covered: &[(SaveRow, Written)]) -> Result<(), StoreError> {
    let (Some((first, _)), Some((row, _))) = (covered.first(), covered.last()) else { return Ok(()) };
    let Some(seq) = row.chain_seq else { return Ok(()) };
    checked.links.push((seq, row.hash.clone().unwrap_or_default(), bytes(row, first.seq)?));
    let all: Vec<(&SaveRow, &Written)> = covered.iter().map(|(row, written)| (row, written)).collect();
    if row.digest != Some(digest(&all)?) {
        checked.broken.push((Some(seq), row.seq, "its facts are not what was saved"));
    }
    Ok(())
}
