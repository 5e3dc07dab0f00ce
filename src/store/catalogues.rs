//! Every catalogue that was ever in use, as the texts of its policy files.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use sha2::{Digest, Sha256};

use super::backend::{Connection, on};
use super::error::StoreError;
use super::schema::{catalogue_files, catalogue_versions, policy_texts};
use super::types::instant;
use crate::domain::catalogue::CatalogueHash;

/// Policy files: each with its path inside their folder, `measures/D1.toml`, and its text.
pub type PolicyTexts = Vec<(String, String)>;

/// A catalogue that is, or was, in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueVersion {
    /// Its number, from 1 on without a gap. The last one is in use.
    pub seq: i64,
    /// The hash of what its files compile to. Two versions share it if they differ in translations only.
    pub catalogue: CatalogueHash,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// By whom.
    pub recorded_by: String,
}

/// A catalogue that is to come into use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCatalogue {
    /// The number of the version that it was made from, 0 for none: another one in between refuses it.
    pub after: i64,
    /// The hash of what its files compile to; the caller has compiled them.
    pub catalogue: CatalogueHash,
    /// All of its files.
    pub files: PolicyTexts,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// By whom.
    pub recorded_by: String,
}

/// What came of a [`NewCatalogue`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is in use, under this number.
    Added(i64),
    /// Another one came in between: this is the number of the last.
    Behind(i64),
}

type Columns = (i64, String, NaiveDateTime, String);

/// Adds a version, unless another one came in between.
pub(super) fn add(connection: &mut Connection, new: &NewCatalogue) -> Result<Kept, StoreError> {
    connection.writing(|connection| {
        let last = last_seq(connection)?;
        if last != new.after {
            return Ok(Kept::Behind(last));
        }
        write(connection, new).map(Kept::Added)
    })
}

/// Writes a version after the one that it was made from; inside a transaction.
pub(super) fn write(connection: &mut Connection, new: &NewCatalogue) -> Result<i64, StoreError> {
    let seq = new.after.checked_add(1).ok_or(StoreError::Inconsistent("the number of catalogues"))?;
    let version = (
        catalogue_versions::seq.eq(seq),
        catalogue_versions::catalogue.eq(new.catalogue.to_string()),
        catalogue_versions::recorded_at.eq(instant(new.recorded_at)?),
        catalogue_versions::recorded_by.eq(&new.recorded_by),
    );
    on!(connection, connection => diesel::insert_into(catalogue_versions::table)
        .values(version)
        .execute(connection))?;
    for (path, text) in &new.files {
        let hash = keep_text(connection, text)?;
        let file = (
            catalogue_files::seq.eq(seq),
            catalogue_files::path.eq(path),
            catalogue_files::text_hash.eq(hash),
        );
        on!(connection, connection => diesel::insert_into(catalogue_files::table)
            .values(file)
            .execute(connection))?;
    }
    Ok(seq)
}

/// Keeps a text, unless it is kept already; answers its hash. Inside a transaction.
pub(super) fn keep_text(connection: &mut Connection, text: &str) -> Result<String, StoreError> {
    let hash = hash_of(text);
    let known = on!(connection, connection => policy_texts::table
        .find(&hash)
        .select(policy_texts::hash)
        .first::<String>(connection)
        .optional())?;
    if known.is_none() {
        let row = (policy_texts::hash.eq(&hash), policy_texts::text.eq(text));
        on!(connection, connection => diesel::insert_into(policy_texts::table)
            .values(row)
            .execute(connection))?;
    }
    Ok(hash)
}

/// The version in use; `None` in a database that has none yet.
pub(super) fn latest(connection: &mut Connection) -> Result<Option<CatalogueVersion>, StoreError> {
    let found = on!(connection, connection => catalogue_versions::table
        .order(catalogue_versions::seq.desc())
        .first::<Columns>(connection)
        .optional())?;
    found.map(version).transpose()
}

/// The number of the version in use, 0 for none.
pub(super) fn last_seq(connection: &mut Connection) -> Result<i64, StoreError> {
    let last = on!(connection, connection => catalogue_versions::table
        .select(diesel::dsl::max(catalogue_versions::seq))
        .first::<Option<i64>>(connection))?;
    Ok(last.unwrap_or(0))
}

/// A version with its files, by path.
pub(super) fn with_files(
    connection: &mut Connection,
    which: Which,
) -> Result<Option<(CatalogueVersion, PolicyTexts)>, StoreError> {
    connection.reading(|connection| {
        let found = match which {
            Which::Latest => latest(connection)?,
            Which::Seq(seq) => on!(connection, connection => catalogue_versions::table
                .find(seq)
                .first::<Columns>(connection)
                .optional())?
            .map(version)
            .transpose()?,
            Which::Hash(hash) => on!(connection, connection => catalogue_versions::table
                .filter(catalogue_versions::catalogue.eq(hash.to_string()))
                .order(catalogue_versions::seq.desc())
                .first::<Columns>(connection)
                .optional())?
            .map(version)
            .transpose()?,
        };
        let Some(version) = found else { return Ok(None) };
        let files = files(connection, version.seq)?;
        Ok(Some((version, files)))
    })
}

/// Which version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The one in use.
    Latest,
    /// That of a number.
    Seq(i64),
    /// The last one that compiles to a hash.
    Hash(CatalogueHash),
}

/// The files of a version, by path; each text is held against its hash.
fn files(connection: &mut Connection, seq: i64) -> Result<PolicyTexts, StoreError> {
    let rows = on!(connection, connection => catalogue_files::table
        .inner_join(policy_texts::table.on(policy_texts::hash.eq(catalogue_files::text_hash)))
        .filter(catalogue_files::seq.eq(seq))
        .order(catalogue_files::path.asc())
        .select((catalogue_files::path, policy_texts::hash, policy_texts::text))
        .load::<(String, String, String)>(connection))?;
    let whole = |(path, hash, text): (String, String, String)| {
        if hash_of(&text) == hash {
            Ok((path, text))
        } else {
            Err(StoreError::Inconsistent("a policy text that was changed"))
        }
    };
    rows.into_iter().map(whole).collect()
}

/// The versions, the last first, at most so many, before a number if one is given.
pub(super) fn list(
    connection: &mut Connection,
    before: Option<i64>,
    first: u32,
) -> Result<Vec<CatalogueVersion>, StoreError> {
    let rows = on!(connection, connection => catalogue_versions::table
        .filter(catalogue_versions::seq.lt(before.unwrap_or(i64::MAX)))
        .order(catalogue_versions::seq.desc())
        .limit(i64::from(first))
        .load::<Columns>(connection))?;
    rows.into_iter().map(version).collect()
}

fn version(columns: Columns) -> Result<CatalogueVersion, StoreError> {
    let (seq, catalogue, recorded_at, recorded_by) = columns;
    let catalogue = catalogue.parse();
    let catalogue = catalogue.map_err(|_error| StoreError::Inconsistent("the hash of a catalogue"))?;
    Ok(CatalogueVersion { seq, catalogue, recorded_at: recorded_at.and_utc(), recorded_by })
}

fn hash_of(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}
