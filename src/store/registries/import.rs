//! Taking in a list: held against what is listed, chunk by chunk, in one transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;

use super::read::last_import;
use super::row::{COLUMNS, Row};
use super::{ImportCounts, Imported, Intake, ListedId, NewImport, Statement};
use crate::domain::registries::Registry;
use crate::store::backend::{Connection, Keep, on};
use crate::store::error::StoreError;
use crate::store::schema::{import_files, imports, registry_rows};
use crate::store::types::{day, instant};

/// SQLite takes 32,766 values in a statement.
const MOST_ROWS: usize = 32_766 / COLUMNS;

/// Takes in the rows of an intake, all that it admits or nothing.
pub(in crate::store) fn import<I: Intake>(
    connection: &mut Connection,
    new: &NewImport,
    mut intake: I,
) -> Result<(Imported, I), StoreError> {
    let (as_of, at) = (day(new.as_of)?, instant(new.at)?);
    connection.deciding(|connection| {
        if let Some(last) = last_import(connection, None)?
            && last.import.keys_check != new.keys_check
        {
            return Ok(((Imported::OtherKeys, intake), Keep::No));
        }
        if let Some(last) = last_import(connection, Some(new.registry))? {
            if last.import.as_of > as_of {
                return Ok(((Imported::Later(last.seq, last.import.as_of), intake), Keep::No));
            }
            if last.import.files == new.files && last.import.complete >= new.complete {
                return Ok(((Imported::Repeated(last.seq), intake), Keep::No));
            }
        }
        let seq = next_seq(connection)?;
        let mut list =
            List { connection, registry: new.registry, seq, rows: 0, counts: ImportCounts::default() };
        while let Some(chunk) = intake.next_rows() {
            list.take(&chunk, &mut intake)?;
        }
        let closing = intake.close();
        list.counts.refused = closing.refused;
        // Whose row was refused is not known to be gone.
        if closing.refused == 0 {
            list.end(new.complete)?;
        }
        let counts = list.counts;
        if !closing.keep {
            return Ok(((Imported::Dropped(counts), intake), Keep::No));
        }
        if (counts.new, counts.changed, counts.ended) == (0, 0, 0) {
            return Ok(((Imported::NothingNew(counts), intake), Keep::No));
        }
        let row = (
            imports::seq.eq(seq),
            imports::registry.eq(new.registry.code()),
            imports::as_of.eq(as_of),
            imports::complete.eq(new.complete),
            imports::imported_by.eq(&new.by),
            imports::imported_at.eq(at),
            imports::keys_check.eq(&new.keys_check),
            imports::rows_new.eq(counts.new),
            imports::rows_changed.eq(counts.changed),
            imports::rows_unchanged.eq(counts.unchanged),
            imports::rows_ended.eq(counts.ended),
            imports::rows_refused.eq(counts.refused),
        );
        on!(connection, connection => diesel::insert_into(imports::table).values(row).execute(connection))?;
        for (file, sha256) in (1_i64..).zip(&new.files) {
            let row =
                (import_files::seq.eq(seq), import_files::file.eq(file), import_files::sha256.eq(sha256));
            on!(connection, connection => diesel::insert_into(import_files::table)
                .values(row)
                .execute(connection))?;
        }
        Ok(((Imported::Kept(seq, counts), intake), Keep::Yes))
    })
}

/// The number after the last one.
fn next_seq(connection: &mut Connection) -> Result<i64, StoreError> {
    let last = on!(connection, connection => imports::table
        .select(diesel::dsl::max(imports::seq))
        .first::<Option<i64>>(connection))?;
    last.unwrap_or(0).checked_add(1).ok_or(StoreError::Inconsistent("the last number of an import"))
}

/// The list of a registry while an import is written.
struct List<'a> {
    connection: &'a mut Connection,
    registry: Registry,
    seq: i64,
    rows: i64,
    counts: ImportCounts,
}

/// Statements of this import, by what they are about.
#[derive(Default)]
struct Beside<'a> {
    persons: HashMap<&'a str, Vec<&'a Statement>>,
    households: HashMap<&'a str, Vec<&'a Statement>>,
}

impl<'a> Beside<'a> {
    fn add(&mut self, stated: &'a Statement) {
        self.persons.entry(&stated.person).or_default().push(stated);
        self.households.entry(&stated.household_no).or_default().push(stated);
    }

    /// Those about the same household or the same person, each once.
    fn of(&self, row: &Statement) -> Vec<&'a Statement> {
        let household = self.households.get(row.household_no.as_str()).into_iter().flatten();
        let person = self.persons.get(row.person.as_str()).into_iter().flatten();
        let elsewhere = person.filter(|stated| stated.household_no != row.household_no);
        household.chain(elsewhere).copied().collect()
    }
}

/// What a chunk changes.
#[derive(Default)]
struct Changes {
    add: Vec<Row>,
    repeat: Vec<ListedId>,
    close: Vec<ListedId>,
}

impl List<'_> {
    fn take<I: Intake>(&mut self, chunk: &[Statement], intake: &mut I) -> Result<(), StoreError> {
        let (now, before): (Vec<Row>, Vec<Row>) =
            self.of_persons(chunk)?.into_iter().partition(|row| row.stated_seq == self.seq);
        let stated = now.into_iter().chain(self.of_households(chunk)?);
        // A row that is found by its person and by its household is one.
        let stated: BTreeMap<ListedId, Row> = stated.map(|row| (row.id(), row)).collect();
        let stated = stated.into_values().map(|row| Ok(row.listed()?.statement));
        let stated = stated.collect::<Result<Vec<Statement>, StoreError>>()?;
        let mut beside = Beside::default();
        for statement in &stated {
            beside.add(statement);
        }
        let mut listed = HashMap::<&str, Vec<&Row>>::new();
        for row in &before {
            listed.entry(&row.person).or_default().push(row);
        }
        let mut changes = Changes::default();
        for statement in chunk {
            if !intake.admits(statement, &beside.of(statement)) {
                continue;
            }
            beside.add(statement);
            let id = ListedId { seq: self.seq, number: self.rows + 1 };
            let row = Row::new(self.registry, id, statement)?;
            let mut before = listed.get(statement.person.as_str()).into_iter().flatten();
            match before.find(|before| row.replaces(before)) {
                Some(before) if row.repeats(before) => {
                    changes.repeat.push(before.id());
                    self.counts.unchanged += 1;
                    continue;
                }
                Some(before) => {
                    changes.close.push(before.id());
                    self.counts.changed += 1;
                }
                None => self.counts.new += 1,
            }
            self.rows = id.number;
            changes.add.push(row);
        }
        self.write(&changes)
    }

    /// What is listed of the persons of a chunk.
    fn of_persons(&mut self, chunk: &[Statement]) -> Result<Vec<Row>, StoreError> {
        use registry_rows::dsl;
        let persons: BTreeSet<&str> = chunk.iter().map(|stated| stated.person.as_str()).collect();
        let rows = on!(&mut *self.connection, connection => registry_rows::table
            .filter(dsl::registry.eq(self.registry.code()))
            .filter(dsl::person.eq_any(persons))
            .filter(dsl::closed_seq.is_null())
            .select(Row::as_select())
            .load(connection))?;
        Ok(rows)
    }

    /// What this import stated of the households of a chunk.
    fn of_households(&mut self, chunk: &[Statement]) -> Result<Vec<Row>, StoreError> {
        use registry_rows::dsl;
        let households: BTreeSet<&str> = chunk.iter().map(|stated| stated.household_no.as_str()).collect();
        let rows = on!(&mut *self.connection, connection => registry_rows::table
            .filter(dsl::registry.eq(self.registry.code()))
            .filter(dsl::household_no.eq_any(households))
            .filter(dsl::closed_seq.is_null())
            .filter(dsl::stated_seq.eq(self.seq))
            .select(Row::as_select())
            .load(connection))?;
        Ok(rows)
    }

    /// What is replaced is closed first: the indexes let one row only be open.
    fn write(&mut self, changes: &Changes) -> Result<(), StoreError> {
        use registry_rows::dsl;
        let by_import = |ids: &[ListedId]| {
            let mut imports = BTreeMap::<i64, Vec<i64>>::new();
            for id in ids {
                imports.entry(id.seq).or_default().push(id.number);
            }
            imports
        };
        for (seq, numbers) in by_import(&changes.close) {
            on!(&mut *self.connection, connection => diesel::update(registry_rows::table)
                .filter(dsl::seq.eq(seq))
                .filter(dsl::number.eq_any(numbers))
                .set(dsl::closed_seq.eq(self.seq))
                .execute(connection))?;
        }
        for (seq, numbers) in by_import(&changes.repeat) {
            on!(&mut *self.connection, connection => diesel::update(registry_rows::table)
                .filter(dsl::seq.eq(seq))
                .filter(dsl::number.eq_any(numbers))
                .set(dsl::stated_seq.eq(self.seq))
                .execute(connection))?;
        }
        for part in changes.add.chunks(MOST_ROWS) {
            on!(&mut *self.connection, connection => diesel::insert_into(registry_rows::table)
                .values(part)
                .execute(connection))?;
        }
        Ok(())
    }

    /// Closes what is no longer stated: of persons whom the list states otherwise now, and of a complete list,
    /// of all whom it leaves out.
    fn end(&mut self, complete: bool) -> Result<(), StoreError> {
        use registry_rows::dsl;
        macro_rules! stale {
            () => {
                diesel::update(registry_rows::table)
                    .filter(dsl::registry.eq(self.registry.code()))
                    .filter(dsl::closed_seq.is_null())
                    .filter(dsl::stated_seq.lt(self.seq))
            };
        }
        let closed = dsl::closed_seq.eq(self.seq);
        let ended = if complete {
            on!(&mut *self.connection, connection => stale!().set(closed).execute(connection))?
        } else {
            let stated = diesel::alias!(registry_rows as stated);
            on!(&mut *self.connection, connection => stale!()
                .filter(dsl::person.eq_any(stated
                    .filter(stated.field(dsl::registry).eq(self.registry.code()))
                    .filter(stated.field(dsl::stated_seq).eq(self.seq))
                    .select(stated.field(dsl::person))))
                .set(closed)
                .execute(connection))?
        };
        self.counts.ended = i64::try_from(ended).unwrap_or(i64::MAX);
        Ok(())
    }
}
