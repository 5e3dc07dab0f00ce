//! The versioned tables, each with its row and the four things that are done with it.
//!
//! A row is a slot (what it is about), a value (what it says) and the columns that migrations/README.md
//! explains under "Two times".

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::Value;

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

    /// The name of the table.
    const TABLE: &'static str;

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
    /// The rows of a household that are believed now.
    fn load_open(connection: &mut Connection, household: &str) -> Result<Vec<Self>, StoreError>;
    /// The rows of a household that a save of this number or a later one recorded or closed, in their order.
    fn load_since(connection: &mut Connection, household: &str, since: i64) -> Result<Vec<Self>, StoreError>;
    /// Ends the recorded interval of rows at a save.
    fn close(connection: &mut Connection, save: Save<'_>, rows: &[RowId]) -> Result<(), StoreError>;
    /// The rows of a save.
    fn rows(save: Save<'_>, stated: Vec<(Self::Slot, Self::Value, Validity)>) -> Vec<Self>;
    /// Adds rows.
    fn add(connection: &mut Connection, rows: &[Self]) -> Result<(), StoreError>;
    /// The save that recorded the row, and its line there.
    fn id(&self) -> RowId;
    /// The save that closed it, if one did.
    fn closed_by(&self) -> Option<i64>;
    /// Everything that was said when it was recorded, for a digest.
    fn told(&self) -> Value;
    /// The row as [`timeline::plan`] takes it.
    fn split(self) -> timeline::Row<RowId, Self::Slot, Self::Value>;
}

/// Columns of the widest table below; SQLite takes 32,766 values in a statement.
const MOST_ROWS: usize = 32_766 / 13;

macro_rules! versioned {
    ($(#[$doc:meta])* $row:ident in $table:ident,
     slot { $($slot:ident: $slot_type:ty),* }, value { $($value:ident: $value_type:ty),* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Queryable, Selectable, Insertable)]
        #[diesel(table_name = $table, treat_none_as_default_value = false)]
        #[diesel(check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
        pub(super) struct $row {
            household_key: String,
            seq: i64,
            line: i64,
            $(pub(super) $slot: $slot_type,)*
            $(pub(super) $value: $value_type,)*
            valid_from: NaiveDate,
            valid_until: Option<NaiveDate>,
            closed_seq: Option<i64>,
        }

        impl Versioned for $row {
            type Slot = ($($slot_type,)*);
            type Value = ($($value_type,)*);

            const TABLE: &'static str = stringify!($table);

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

            fn load_open(connection: &mut Connection, household: &str) -> Result<Vec<Self>, StoreError> {
                use $table::dsl;
                let rows = on!(connection, connection => $table::table
                    .filter(dsl::household_key.eq(household))
                    .filter(dsl::closed_seq.is_null())
                    .select(Self::as_select())
                    .load(connection))?;
                Ok(rows)
            }

            fn load_since(
                connection: &mut Connection,
                household: &str,
                since: i64,
            ) -> Result<Vec<Self>, StoreError> {
                use $table::dsl;
                let rows = on!(connection, connection => $table::table
                    .filter(dsl::household_key.eq(household))
                    .filter(dsl::seq.ge(since).or(dsl::closed_seq.ge(since)))
                    .order((dsl::seq, dsl::line))
                    .select(Self::as_select())
                    .load(connection))?;
                Ok(rows)
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

            fn rows(save: Save<'_>, stated: Vec<(Self::Slot, Self::Value, Validity)>) -> Vec<Self> {
                let row = |(line, (slot, value, valid)): (i64, (Self::Slot, Self::Value, Validity))| {
                    let ($($slot,)*) = slot;
                    let ($($value,)*) = value;
                    Self {
                        household_key: save.household.to_owned(),
                        seq: save.seq,
                        line,
                        $($slot,)*
                        $($value,)*
                        valid_from: valid.from,
                        valid_until: valid.until,
                        closed_seq: None,
                    }
                };
                (0_i64..).zip(stated).map(row).collect()
            }

            fn add(connection: &mut Connection, rows: &[Self]) -> Result<(), StoreError> {
                for part in rows.chunks(MOST_ROWS) {
                    on!(connection, connection => diesel::insert_into($table::table)
                        .values(part)
                        .execute(connection))?;
                }
                Ok(())
            }

            fn id(&self) -> RowId {
                (self.seq, self.line)
            }

            fn closed_by(&self) -> Option<i64> {
                self.closed_seq
            }

            fn told(&self) -> Value {
                Value::Array(vec![
                    self.line.told(),
                    $(self.$slot.told(),)*
                    $(self.$value.told(),)*
                    self.valid_from.told(),
                    self.valid_until.told(),
                ])
            }

            fn split(self) -> timeline::Row<RowId, Self::Slot, Self::Value> {
                timeline::Row {
                    id: (self.seq, self.line),
                    slot: ($(self.$slot,)*),
                    value: ($(self.$value,)*),
                    valid: Validity { from: self.valid_from, until: self.valid_until },
                }
            }
        }
    };
}

versioned! {
    /// Where a household is.
    HouseholdRow in household_details,
    slot {}, value { place: Option<String>, town: Option<String> }
}

versioned! {
    /// A member.
    PersonRow in person_details,
    slot { person_key: String }, value { position: i64, name: Option<String> }
}

versioned! {
    /// An entry of a registry about the household, or about a member.
    IdentityRow in identity_records,
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
    FactRow in facts,
    slot { person_key: Option<String>, fact: String },
    value { number: Option<i64>, codes: Option<String> }
}

/// A column's value in a digest.
trait Told {
    fn told(&self) -> Value;
}

impl Told for i64 {
    fn told(&self) -> Value {
        Value::from(*self)
    }
}

impl Told for String {
    fn told(&self) -> Value {
        Value::from(self.as_str())
    }
}

impl Told for NaiveDate {
    fn told(&self) -> Value {
        Value::from(self.to_string())
    }
}

impl<T: Told> Told for Option<T> {
    fn told(&self) -> Value {
        self.as_ref().map_or(Value::Null, Told::told)
    }
}

/// The lines of each save.
fn by_save(rows: &[RowId]) -> BTreeMap<i64, Vec<i64>> {
    let mut saves = BTreeMap::<i64, Vec<i64>>::new();
    for (seq, line) in rows {
        saves.entry(*seq).or_default().push(*line);
    }
    saves
}
