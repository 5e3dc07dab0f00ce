//! Listing households.

use diesel::prelude::*;

use super::{ListPage, ListQuery, Listed};
use crate::store::backend::{Connection, on};
use crate::store::error::StoreError;
use crate::store::schema::household_details;
use crate::store::types::town;

type Columns = (String, Option<String>, Option<String>);

/// One page, and how many there are in all, of one state of the database.
pub(in crate::store) fn list(connection: &mut Connection, query: &ListQuery) -> Result<ListPage, StoreError> {
    use household_details::dsl;
    macro_rules! matching {
        () => {{
            let mut rows = household_details::table
                .filter(dsl::closed_seq.is_null())
                .filter(dsl::valid_from.le(query.on))
                .filter(dsl::valid_until.is_null().or(dsl::valid_until.gt(query.on)))
                .into_boxed();
            if let Some(region) = &query.within {
                // A code is of digits only, so nothing in it is a pattern.
                rows = rows.filter(dsl::town.like(format!("{region}%")));
            }
            rows
        }};
    }
    connection.reading(|connection| {
        let total = on!(connection, connection => matching!().count().get_result::<i64>(connection))?;
        let before = match &query.after {
            None => 0,
            Some(after) => on!(connection, connection => matching!()
                .filter(dsl::household_key.le(after))
                .count()
                .get_result::<i64>(connection))?,
        };
        let most = i64::from(query.first);
        let rows = on!(connection, connection => {
            let mut rows = matching!();
            if let Some(after) = &query.after {
                rows = rows.filter(dsl::household_key.gt(after));
            }
            rows.select((dsl::household_key, dsl::place, dsl::town))
                .order(dsl::household_key.asc())
                .limit(most.saturating_add(1))
                .load::<Columns>(connection)
        })?;
        let first = usize::try_from(query.first).unwrap_or(usize::MAX);
        let more = rows.len() > first;
        let listed = |(key, place, code): Columns| Ok(Listed { key, place, town: town(code.as_deref())? });
        let items = rows.into_iter().take(first).map(listed).collect::<Result<_, StoreError>>()?;
        Ok(ListPage { items, more, before, total })
    })
}
