//! The catalogues that the database keeps: the first comes from the folder of policies, and every other one
//! from an approved proposal.
//!
//! [`Catalogues`] opens any of them by its hash, so that whatever was computed can be computed again.
//! [`Live`] is the one in use: whoever asks takes a snapshot and works with it to the end, while
//! [`Catalogues::refresh`] puts a newer one in its place.

mod drift;

pub use drift::{Drift, DriftKind, drift};

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::policies::Policies;
use crate::domain::catalogue::CatalogueHash;
use crate::policy_files::{self, Diagnostic};
use crate::store::{CatalogueVersion, NewCatalogue, PolicyTexts, Store, StoreError, Which};

/// How many catalogues are kept open beside the one in use.
const MOST_OPEN: usize = 16;

/// How often the database is asked whether another process took a catalogue into use.
pub const POLL: Duration = Duration::from_secs(1);

/// Who puts the first catalogue into a database.
pub const SEEDER: &str = "policies folder";

/// Why a catalogue of the database cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The database has no catalogue at all.
    #[error("the database has no catalogue yet")]
    None,
    /// Its files do not compile with this version of the program.
    #[error("the files of catalogue {seq} do not compile: {first}")]
    Broken {
        /// Its number.
        seq: i64,
        /// The first thing that is wrong.
        first: String,
    },
    /// Its files compile to another hash than they did when it was recorded.
    #[error(
        "the files of catalogue {seq} compile to {found}, not to {said}, with this version of the program"
    )]
    OtherHash {
        /// Its number.
        seq: i64,
        /// What was recorded.
        said: CatalogueHash,
        /// What they compile to.
        found: CatalogueHash,
    },
    /// The folder that an empty database is filled from has errors.
    #[error("the policies have errors")]
    Folder(Vec<Diagnostic>),
}

/// The catalogues of a database, opened on demand.
pub struct Catalogues {
    store: Arc<Store>,
    /// Those that were asked for last, the very last first.
    open: Mutex<Vec<Arc<Policies>>>,
}

impl Catalogues {
    /// The catalogues of a database.
    pub fn new(store: Arc<Store>) -> Self {
        Self { store, open: Mutex::default() }
    }

    /// The catalogue of a hash, ready to use; `None` if the database never had it.
    ///
    /// # Errors
    /// [`CatalogueError`].
    pub async fn of_hash(&self, hash: CatalogueHash) -> Result<Option<Arc<Policies>>, CatalogueError> {
        if let Some(open) = self.remembered(hash) {
            return Ok(Some(open));
        }
        let found = self.store.catalogue(Which::Hash(hash)).await?;
        found.map(|found| self.opened(&found)).transpose()
    }

    /// As [`Self::of_hash`], for a thread that may block.
    ///
    /// # Errors
    /// [`CatalogueError`].
    pub fn of_hash_waiting(&self, hash: CatalogueHash) -> Result<Option<Arc<Policies>>, CatalogueError> {
        if let Some(open) = self.remembered(hash) {
            return Ok(Some(open));
        }
        let found = self.store.catalogue(Which::Hash(hash)).wait()?;
        found.map(|found| self.opened(&found)).transpose()
    }

    /// The catalogue in use, from the database; one without a catalogue gets that of a folder first. It blocks.
    ///
    /// # Errors
    /// [`CatalogueError`].
    pub fn start(&self, folder: &Path, now: DateTime<Utc>) -> Result<Live, CatalogueError> {
        if self.store.latest_catalogue().wait()?.is_none() {
            seed(&self.store, folder, now)?;
        }
        self.in_use()
    }

    /// The catalogue in use, from the database. It blocks.
    ///
    /// # Errors
    /// [`CatalogueError`]; [`CatalogueError::None`] is what [`Self::start`] makes up for.
    pub fn in_use(&self) -> Result<Live, CatalogueError> {
        let found = self.store.catalogue(Which::Latest).wait()?.ok_or(CatalogueError::None)?;
        let policies = self.opened(&found)?;
        Ok(Live::of(found.0.seq, policies))
    }

    /// Takes the last catalogue of the database into use, if it is another one; answers whether it is.
    ///
    /// # Errors
    /// [`CatalogueError`]; the catalogue in use stays.
    pub async fn refresh(&self, live: &Live) -> Result<bool, CatalogueError> {
        let latest = self.store.latest_catalogue().await?;
        if latest.is_none_or(|latest| latest.seq <= live.seq()) {
            return Ok(false);
        }
        let Some(found) = self.store.catalogue(Which::Latest).await? else { return Ok(false) };
        let policies = self.opened(&found)?;
        Ok(live.replace(found.0.seq, policies))
    }

    /// Keeps the catalogue in use up to date for ever. What cannot be taken into use is said once in the log.
    pub async fn follow(&self, live: &Live) {
        let mut told = None;
        loop {
            tokio::time::sleep(POLL).await;
            match self.refresh(live).await {
                Ok(true) => {
                    let (seq, catalogue) = (live.seq(), live.now().catalogue().hash);
                    tracing::info!(seq, %catalogue, "a new catalogue is in use");
                    told = None;
                }
                Ok(false) => told = None,
                Err(error) if told.as_ref() == Some(&error) => {}
                Err(error) => {
                    tracing::error!(%error, "a new catalogue cannot be taken into use");
                    told = Some(error);
                }
            }
        }
    }

    fn remembered(&self, hash: CatalogueHash) -> Option<Arc<Policies>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let at = open.iter().position(|policies| policies.catalogue().hash == hash)?;
        let found = open.remove(at);
        open.insert(0, Arc::clone(&found));
        Some(found)
    }

    fn opened(&self, found: &(CatalogueVersion, PolicyTexts)) -> Result<Arc<Policies>, CatalogueError> {
        let policies = Arc::new(compiled(&found.0, &found.1)?);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        // The newest texts of a hash: translations may have changed.
        open.retain(|known| known.catalogue().hash != policies.catalogue().hash);
        open.insert(0, Arc::clone(&policies));
        open.truncate(MOST_OPEN);
        Ok(policies)
    }
}

/// Compiles the files of a version, which must come out as they did when it was recorded.
///
/// # Errors
/// [`CatalogueError::Broken`] and [`CatalogueError::OtherHash`].
pub fn compiled(version: &CatalogueVersion, files: &PolicyTexts) -> Result<Policies, CatalogueError> {
    let seq = version.seq;
    let (catalogue, _warnings) = policy_files::compile(files).map_err(|diagnostics| {
        let first = diagnostics.first().map(ToString::to_string).unwrap_or_default();
        CatalogueError::Broken { seq, first }
    })?;
    if catalogue.hash != version.catalogue {
        return Err(CatalogueError::OtherHash { seq, said: version.catalogue, found: catalogue.hash });
    }
    Ok(Policies::new(catalogue))
}

/// Fills a database that has no catalogue with that of a folder; one that has keeps its own. It blocks.
///
/// # Errors
/// [`CatalogueError::Folder`] and the database.
pub fn seed(store: &Store, folder: &Path, now: DateTime<Utc>) -> Result<(), CatalogueError> {
    let files = policy_files::texts(folder).map_err(CatalogueError::Folder)?;
    // Checked as a folder, so that what is wrong is named by its path there.
    let catalogue = policy_files::load(folder).map_err(CatalogueError::Folder)?;
    let new = NewCatalogue {
        after: 0,
        catalogue: catalogue.hash,
        files,
        recorded_at: now,
        recorded_by: SEEDER.to_owned(),
    };
    store.add_catalogue(new).wait()?;
    Ok(())
}

/// The catalogue in use.
#[derive(Debug)]
pub struct Live(RwLock<(i64, Arc<Policies>)>);

impl Live {
    /// A catalogue under its number.
    fn of(seq: i64, policies: Arc<Policies>) -> Self {
        Self(RwLock::new((seq, policies)))
    }

    /// A catalogue that no database keeps, and that stays.
    pub fn fixed(policies: Arc<Policies>) -> Self {
        Self::of(0, policies)
    }

    /// The catalogue in use now: a snapshot, for one request from its beginning to its end.
    pub fn now(&self) -> Arc<Policies> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner).1)
    }

    /// Its number in the database, 0 for one that is not kept there.
    pub fn seq(&self) -> i64 {
        self.0.read().unwrap_or_else(PoisonError::into_inner).0
    }

    /// Whether it has a department of an id.
    pub fn has_department(&self, id: &str) -> bool {
        self.now().catalogue().departments.iter().any(|known| known.id == id)
    }

    /// Takes a later one into use; answers whether it was later.
    fn replace(&self, seq: i64, policies: Arc<Policies>) -> bool {
        let mut live = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if seq <= live.0 {
            return false;
        }
        *live = (seq, policies);
        true
    }
}
