//! Which keys seal the stored numbers, and sealing them anew.

use diesel::prelude::*;

use super::row::Row;
use super::{ListedId, ListedPerson, SealedNumber};
use crate::store::backend::{Connection, on};
use crate::store::error::StoreError;
use crate::store::schema::registry_rows;

/// How many numbers each key seals, by the number of the key.
pub(in crate::store) fn seals(connection: &mut Connection) -> Result<Vec<(i64, i64)>, StoreError> {
    use registry_rows::dsl;
    let counts = on!(connection, connection => registry_rows::table
        .filter(dsl::id_key.is_not_null())
        .group_by(dsl::id_key)
        .order(dsl::id_key.asc())
        .select((dsl::id_key.assume_not_null(), diesel::dsl::count_star()))
        .load(connection))?;
    Ok(counts)
}

/// A part of the numbers that are sealed anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resealing {
    /// The key that is to seal them; those that it seals already stay.
    pub key: i64,
    /// Only rows after this one.
    pub after: Option<ListedId>,
    /// How many at most.
    pub most: u32,
}

/// How far a part went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resealed {
    /// How many were sealed anew.
    pub count: u64,
    /// The last row; `None` if no more follow.
    pub last: Option<ListedId>,
}

/// Seals a part of the numbers anew, in one transaction. `None` of `with` gives it up.
pub(in crate::store) fn reseal(
    connection: &mut Connection,
    part: Resealing,
    with: &dyn Fn(&ListedPerson) -> Option<SealedNumber>,
) -> Result<Option<Resealed>, StoreError> {
    use registry_rows::dsl;
    connection.writing(|connection| {
        let after = part.after.unwrap_or(ListedId { seq: 0, number: 0 });
        let later = dsl::seq.gt(after.seq).or(dsl::seq.eq(after.seq).and(dsl::number.gt(after.number)));
        let rows = on!(connection, connection => registry_rows::table
            .filter(later)
            .filter(dsl::id_key.ne(part.key))
            .order((dsl::seq.asc(), dsl::number.asc()))
            .limit(i64::from(part.most))
            .select(Row::as_select())
            .load(connection))?;
        let mut done = Resealed { count: 0, last: None };
        for row in rows {
            let listed = row.listed()?;
            let Some(sealed) = with(&listed) else { return Ok(None) };
            let id = listed.id;
            on!(connection, connection => diesel::update(registry_rows::table.find((id.seq, id.number)))
                .set((dsl::id_key.eq(sealed.key), dsl::id_sealed.eq(sealed.text)))
                .execute(connection))?;
            done = Resealed { count: done.count + 1, last: Some(id) };
        }
        Ok(Some(done))
    })
}
