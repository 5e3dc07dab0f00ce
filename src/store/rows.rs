//! The versioned tables, each with its row and the four things that are done with it.
//!
//! A row is a slot (what it is about), a value (what it says) and the columns that migrations/README.md
//! explains under "Two times".

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::backend::{Connection, on};
use super::error::StoreError;
use super::schema::{facts, household_details, identity_records, person_details};
use super::timeline;
use crate::domain::period::Validity;

/// Identifies a row within its table and household: the save that recorded it, and its line there.
pub(super) type RowId = (i64, i64);

/// The moment that is asked about: a day, as it was known after a save.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<'a> {
    /// The household.
    pub(super) household: &'a str,
    /// The day.
    pub(super) on: NaiveDate,
    /// The last save that counts.
    pub(super) seq: i64,
}

/// The save whose rows are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Save<'a> {
    /// The household.
    pub(super) household: &'a str,
    /// The number of the save.
    pub(super) seq: i64,
}

/// A row of a versioned table.
pub(super) trait Versioned: Sized {
    /// What a row is about.
    type Slot: Ord + Clone;
    /// What a row says.
    type Value: PartialEq + Clone;

    /// The rows that held on a day, as it was known after a save.
    fn load_at(connection: &mut Connection, at: At<'_>) -> Result<Vec<Self>, StoreError>;
    /// The rows of some households that hold on a day, as it is known now.
    fn load_many(
        connection: &mut Connection,
        households: &[String],
        on: NaiveDate,
    ) -> Result<Vec<Self>, StoreError>;
    /// The household.
    fn household(&self) -> &str;
    /// The rows of a household that are believed now, with their days, as [`timeline::plan`] takes them.
    fn load_open(connection: &mut Connection, household: &str) -> Result<Vec<Open<Self>>, StoreError>;
    /// Ends the recorded interval of rows at a save.
    fn close(connection: &mut Connection, save: Save<'_>, rows: &[RowId]) -> Result<(), StoreError>;
    /// Adds rows.
    fn add(
        connection: &mut Connection,
        save: Save<'_>,
        rows: Vec<(Self::Slot, Self::Value, Validity)>,
    ) -> Result<(), StoreError>;
}

/// A row with its days.
pub(super) type Open<R> = timeline::Row<RowId, <R as Versioned>::Slot, <R as Versioned>::Value>;

/// Columns of the widest table below; SQLite takes 32,766 values in a statement.
const MOST_ROWS: usize = 32_766 / 13;

macro_rules! versioned {
    ($(#[$doc:meta])* $row:ident and $version:ident in $table:ident,
     slot { $($slot:ident: $slot_type:ty),* }, value { $($value:ident: $value_type:ty),* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Queryable, Selectable, Insertable)]
        #[diesel(table_name = $table, treat_none_as_default_value = false)]
        #[diesel(check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
        pub(super) struct $row {
            household_key: String,
            $(pub(super) $slot: $slot_type,)*
            $(pub(super) $value: $value_type,)*
        }

        /// The row with the columns of both times, of which whoever asks about one day needs none.
        #[derive(Clone, Debug, Queryable, Selectable, Insertable)]
        #[diesel(table_name = $table, treat_none_as_default_value = false)]
        #[diesel(check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
        struct $version {
            #[diesel(embed)]
            row: $row,
            seq: i64,
            line: i64,
            valid_from: NaiveDate,
            valid_until: Option<NaiveDate>,
            closed_seq: Option<i64>,
        }

        impl Versioned for $row {
            type Slot = ($($slot_type,)*);
            type Value = ($($value_type,)*);

            fn load_at(connection: &mut Connection, at: At<'_>) -> Result<Vec<Self>, StoreError> {
                use $table::dsl;
                let rows = on!(connection, connection => $table::table
                    .filter(dsl::household_key.eq(at.household))
                    .filter(dsl::seq.le(at.seq))
                    .filter(dsl::closed_seq.is_null().or(dsl::closed_seq.gt(at.seq)))
                    .filter(dsl::valid_from.le(at.on))
                    .filter(dsl::valid_until.is_null().or(dsl::valid_until.gt(at.on)))
                    .select(Self::as_select())
                    .load(connection))?;
                Ok(rows)
            }

            fn load_many(
                connection: &mut Connection,
                households: &[String],
                on: NaiveDate,
            ) -> Result<Vec<Self>, StoreError> {
                use $table::dsl;
                let rows = on!(connection, connection => $table::table
                    .filter(dsl::household_key.eq_any(households))
                    .filter(dsl::closed_seq.is_null())
                    .filter(dsl::valid_from.le(on))
                    .filter(dsl::valid_until.is_null().or(dsl::valid_until.gt(on)))
                    .order(dsl::household_key.asc())
                    .select(Self::as_select())
                    .load(connection))?;
                Ok(rows)
            }

            fn household(&self) -> &str {
                &self.household_key
            }

            fn load_open(connection: &mut Connection, household: &str) -> Result<Vec<Open<Self>>, StoreError> {
                use $table::dsl;
                let rows: Vec<$version> = on!(connection, connection => $table::table
                    .filter(dsl::household_key.eq(household))
                    .filter(dsl::closed_seq.is_null())
                    .select($version::as_select())
                    .load(connection))?;
                let open = |version: $version| timeline::Row {
                    id: (version.seq, version.line),
                    slot: ($(version.row.$slot,)*),
                    value: ($(version.row.$value,)*),
                    valid: Validity { from: version.valid_from, until: version.valid_until },
                };
                Ok(rows.into_iter().map(open).collect())
            }

            fn close(
                connection: &mut Connection,
                save: Save<'_>,
                rows: &[RowId],
            ) -> Result<(), StoreError> {
                use $table::dsl;
                for (seq, lines) in by_save(rows) {
                    let closed = on!(connection, connection => diesel::update($table::table)
                        .filter(dsl::household_key.eq(save.household))
                        .filter(dsl::seq.eq(seq))
                        .filter(dsl::line.eq_any(&lines))
                        .filter(dsl::closed_seq.is_null())
                        .set(dsl::closed_seq.eq(save.seq))
                        .execute(connection))?;
                    if closed != lines.len() {
                        return Err(StoreError::Inconsistent("a row was closed in between"));
                    }
                }
                Ok(())
            }

            fn add(
                connection: &mut Connection,
                save: Save<'_>,
                rows: Vec<(Self::Slot, Self::Value, Validity)>,
            ) -> Result<(), StoreError> {
                let row = |(line, (slot, value, valid)): (i64, (Self::Slot, Self::Value, Validity))| {
                    let ($($slot,)*) = slot;
                    let ($($value,)*) = value;
                    $version {
                        row: Self { household_key: save.household.to_owned(), $($slot,)* $($value,)* },
                        seq: save.seq,
                        line,
                        valid_from: valid.from,
                        valid_until: valid.until,
                        closed_seq: None,
                    }
                };
                let rows: Vec<$version> = (0_i64..).zip(rows).map(row).collect();
                for part in rows.chunks(MOST_ROWS) {
                    on!(connection, connection => diesel::insert_into($table::table)
                        .values(part)
                        .execute(connection))?;
                }
                Ok(())
            }
        }
    };
}

versioned! {
    /// Where a household is.
    HouseholdRow and HouseholdVersion in household_details,
    slot {}, value { place: Option<String>, town: Option<String> }
}

versioned! {
    /// A member.
    PersonRow and PersonVersion in person_details,
    slot { person_key: String }, value { position: i64, name: Option<String> }
}

versioned! {
    /// An entry of a registry about the household, or about a member.
    IdentityRow and IdentityVersion in identity_records,
    slot { person_key: Option<String>, position: i64 },
    value {
        identity: String,
        held_since: NaiveDate,
        held_until: Option<NaiveDate>,
        source: Option<String>,
        evidence: Option<String>
    }
}

versioned! {
    /// A fact about the household, or about a member.
    FactRow and FactVersion in facts,
    slot { person_key: Option<String>, fact: String },
    value { number: Option<i64>, codes: Option<String> }
}

/// The lines of each save.
fn by_save(rows: &[RowId]) -> BTreeMap<i64, Vec<i64>> {
    let mut saves = BTreeMap::<i64, Vec<i64>>::new();
    for (seq, line) in rows {
        saves.entry(*seq).or_default().push(*line);
    }
    saves
}
