//! Reading what is listed, and the imports.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::row::Row;
use super::{ImportCounts, ListedPerson, NewImport, StoredImport};
use crate::domain::registries::Registry;
use crate::store::backend::{Connection, on};
use crate::store::error::StoreError;
use crate::store::schema::{import_files, imports, merged_persons, registry_rows};

/// What the registries list now of a member of a merged household, in the order of registries and rows.
pub(in crate::store) fn of_member(
    connection: &mut Connection,
    household: &str,
    member: &str,
) -> Result<Vec<ListedPerson>, StoreError> {
    use registry_rows::dsl;
    connection.reading(|connection| {
        let persons = on!(connection, connection => merged_persons::table
            .filter(merged_persons::household_key.eq(household))
            .filter(merged_persons::person_key.eq(member))
            .select(merged_persons::person)
            .load::<String>(connection))?;
        let mut listed = Vec::new();
        for registry in Registry::ALL {
            let rows: Vec<Row> = on!(connection, connection => registry_rows::table
                .filter(dsl::registry.eq(registry.code()))
                .filter(dsl::person.eq_any(&persons))
                .filter(dsl::closed_seq.is_null())
                .order((dsl::seq.asc(), dsl::number.asc()))
                .select(Row::as_select())
                .load(connection))?;
            for row in rows {
                listed.push(row.listed()?);
            }
        }
        Ok(listed)
    })
}

/// Every row that was ever stated, or was until an import, in the order of registries, household numbers and rows.
pub(in crate::store) fn all(
    connection: &mut Connection,
    at: Option<i64>,
) -> Result<Vec<ListedPerson>, StoreError> {
    use registry_rows::dsl;
    let mut listed = Vec::new();
    connection.reading(|connection| {
        for registry in Registry::ALL {
            let rows: Vec<Row> = on!(connection, connection => {
                let mut rows = registry_rows::table.filter(dsl::registry.eq(registry.code())).into_boxed();
                if let Some(at) = at {
                    rows = rows.filter(dsl::seq.le(at));
                }
                rows.order((dsl::household_no.asc(), dsl::seq.asc(), dsl::number.asc()))
                    .select(Row::as_select())
                    .load(connection)
            })?;
            for row in rows {
                listed.push(row.listed()?);
            }
        }
        Ok(listed)
    })
}

/// What a registry lists now, in the order of household numbers, after a household's; whole households only, and
/// about so many rows.
pub(in crate::store) fn page(
    connection: &mut Connection,
    registry: Registry,
    after: Option<&str>,
    about: u32,
) -> Result<Vec<ListedPerson>, StoreError> {
    use registry_rows::dsl;
    macro_rules! listed {
        () => {
            registry_rows::table
                .filter(dsl::registry.eq(registry.code()))
                .filter(dsl::household_no.gt(after.unwrap_or_default()))
                .filter(dsl::closed_seq.is_null())
        };
    }
    connection.reading(|connection| {
        let last = on!(connection, connection => listed!()
            .order(dsl::household_no.asc())
            .offset(i64::from(about.saturating_sub(1)))
            .select(dsl::household_no)
            .first::<String>(connection)
            .optional())?;
        let rows = on!(connection, connection => {
            let mut rows = listed!().into_boxed();
            if let Some(last) = &last {
                rows = rows.filter(dsl::household_no.le(last));
            }
            rows.order((dsl::household_no.asc(), dsl::seq.asc(), dsl::number.asc()))
                .select(Row::as_select())
                .load(connection)
        })?;
        rows.into_iter().map(Row::listed).collect()
    })
}

/// The last import that was kept, of one registry or of any.
pub(in crate::store) fn last_import(
    connection: &mut Connection,
    registry: Option<Registry>,
) -> Result<Option<StoredImport>, StoreError> {
    Ok(imports_of(connection, registry, 1)?.pop())
}

/// The imports that were kept, the last one first, at most so many.
pub(in crate::store) fn imports(
    connection: &mut Connection,
    first: u32,
) -> Result<Vec<StoredImport>, StoreError> {
    connection.reading(|connection| imports_of(connection, None, first))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = imports, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
struct ImportRow {
    seq: i64,
    registry: String,
    as_of: NaiveDate,
    complete: bool,
    imported_by: String,
    imported_at: NaiveDateTime,
    keys_check: String,
    rows_new: i64,
    rows_changed: i64,
    rows_unchanged: i64,
    rows_ended: i64,
    rows_refused: i64,
}

fn imports_of(
    connection: &mut Connection,
    registry: Option<Registry>,
    first: u32,
) -> Result<Vec<StoredImport>, StoreError> {
    let rows = on!(connection, connection => {
        let mut rows = imports::table.select(ImportRow::as_select()).into_boxed();
        if let Some(registry) = registry {
            rows = rows.filter(imports::registry.eq(registry.code()));
        }
        rows.order(imports::seq.desc()).limit(i64::from(first)).load(connection)
    })?;
    let seqs: Vec<i64> = rows.iter().map(|row| row.seq).collect();
    let mut files = BTreeMap::<i64, Vec<String>>::new();
    for part in seqs.chunks(1_000) {
        let found = on!(connection, connection => import_files::table
            .filter(import_files::seq.eq_any(part))
            .order((import_files::seq, import_files::file))
            .select((import_files::seq, import_files::sha256))
            .load::<(i64, String)>(connection))?;
        for (seq, sha256) in found {
            files.entry(seq).or_default().push(sha256);
        }
    }
    let stored = rows.into_iter().map(|row| {
        let registry = row.registry.parse();
        Ok(StoredImport {
            seq: row.seq,
            import: NewImport {
                registry: registry
                    .map_err(|_code| StoreError::Inconsistent("a registry that does not exist"))?,
                as_of: row.as_of,
                complete: row.complete,
                by: row.imported_by,
                at: row.imported_at.and_utc(),
                keys_check: row.keys_check,
                files: files.remove(&row.seq).unwrap_or_default(),
            },
            counts: ImportCounts {
                new: row.rows_new,
                changed: row.rows_changed,
                unchanged: row.rows_unchanged,
                ended: row.rows_ended,
                refused: row.rows_refused,
            },
        })
    });
    stored.collect()
}
