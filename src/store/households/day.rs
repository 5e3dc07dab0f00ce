//! Reading many households of one day, a chunk at a time.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::ListQuery;
use super::fetch::Rows;
use crate::domain::facts::Household;
use crate::store::backend::{Connection, on};
use crate::store::error::StoreError;
use crate::store::rows::{FactRow, HouseholdRow, IdentityRow, PersonRow, Versioned};
use crate::store::schema::household_details;

/// The next households of a day, as they are known now: five queries for a chunk, whatever its length.
pub(in crate::store) fn of_a_day(
    connection: &mut Connection,
    query: &ListQuery,
) -> Result<Vec<Household>, StoreError> {
    connection.reading(|connection| {
        let keys = keys(connection, query)?;
        let mut whole: BTreeMap<String, Rows> =
            keys.iter().map(|key| (key.clone(), Rows::default())).collect();
        macro_rules! share_out {
            ($row:ident to $field:ident) => {
                for row in $row::load_many(connection, &keys, query.on)? {
                    if let Some(rows) = whole.get_mut(row.household()) {
                        rows.$field.push(row);
                    }
                }
            };
        }
        share_out!(HouseholdRow to details);
        share_out!(PersonRow to persons);
        share_out!(IdentityRow to identities);
        share_out!(FactRow to facts);
        whole.into_iter().map(|(key, rows)| rows.household(&key)).collect()
    })
}

fn keys(connection: &mut Connection, query: &ListQuery) -> Result<Vec<String>, StoreError> {
    use household_details::dsl;
    let keys = on!(connection, connection => {
        let mut rows = household_details::table
            .filter(dsl::closed_seq.is_null())
            .filter(dsl::valid_from.le(query.on))
            .filter(dsl::valid_until.is_null().or(dsl::valid_until.gt(query.on)))
            .into_boxed();
        if let Some(region) = &query.within {
            // A code is of digits only, so nothing in it is a pattern.
            rows = rows.filter(dsl::town.like(format!("{region}%")));
        }
        if let Some(after) = &query.after {
            rows = rows.filter(dsl::household_key.gt(after));
        }
        rows.select(dsl::household_key)
            .order(dsl::household_key.asc())
            .limit(i64::from(query.first))
            .load::<String>(connection)
    })?;
    Ok(keys)
}
