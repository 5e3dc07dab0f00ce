//! Taking in the list of a registry: files are read, checked and sealed on one thread, and written on the store's.

mod judge;
mod rows;

pub use judge::codes;

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread::Builder;

use chrono::{DateTime, NaiveDate, Utc};
use sha2::{Digest as _, Sha256};

use super::vault::{Vault, VaultError};
use crate::documents::registry::Layout;
use crate::documents::sheet::RowProblem;
use crate::domain::catalogue::Catalogue;
use crate::domain::registries::Registry;
pub use crate::store::{ImportCounts, Imported, StoredImport};
use crate::store::{NewImport, Store, StoreError, Unavailable};
use judge::Judge;
use rows::Producer;

/// What is to be taken in, and how.
#[derive(Clone, Debug)]
pub struct Request {
    /// Whose list it is.
    pub registry: Registry,
    /// Its files.
    pub files: Vec<PathBuf>,
    /// Their columns.
    pub layout: Layout,
    /// The day of which the list speaks.
    pub as_of: NaiveDate,
    /// Whether whom the list leaves out is no longer in the registry.
    pub complete: bool,
    /// Whether rows that can be taken are, though others cannot.
    pub accept_good_rows: bool,
    /// Whether everything is done but kept.
    pub dry_run: bool,
    /// Who imports.
    pub by: String,
    /// Now.
    pub at: DateTime<Utc>,
}

/// Hears of an import while it goes on, on the thread that writes.
pub trait Listener: Send + 'static {
    /// A row cannot be taken, or a whole file; `file` is its place in the request. Problems come in the order of
    /// files and lines.
    fn problem(&mut self, file: usize, problem: RowProblem);

    /// So many rows and so many bytes of the files were taken so far.
    fn progress(&mut self, rows: u64, bytes: u64);
}

/// Why an import did not come to its end; nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// A file of the request.
    #[error("cannot be read: {why}")]
    File {
        /// Its place in the request.
        file: usize,
        /// The system's reason.
        why: String,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keys.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// Takes a list in, all of it or nothing, unless the request accepts what is good. Gives the listener back.
///
/// # Errors
/// [`ImportError`].
pub fn import<L: Listener>(
    catalogue: Arc<Catalogue>,
    store: &Store,
    vault: Arc<Vault>,
    request: Request,
    listener: L,
) -> Result<(Imported, L), ImportError> {
    let mut files = Vec::with_capacity(request.files.len());
    for (file, path) in request.files.iter().enumerate() {
        files.push(sha256(path).map_err(|error| ImportError::File { file, why: error.to_string() })?);
    }
    let new = NewImport {
        registry: request.registry,
        as_of: request.as_of,
        complete: request.complete,
        by: request.by,
        at: request.at,
        keys_check: vault.check(),
        files,
    };
    // A few chunks lie between the two threads, so that memory does not grow with the list.
    let (sender, chunks) = sync_channel(4);
    let producer = Producer { registry: request.registry, layout: request.layout, vault };
    let paths = request.files;
    let reader = Builder::new().name(String::from("import")).spawn(move || producer.run(&paths, &sender));
    let reader = reader.map_err(|_error| StoreError::from(Unavailable::GivenUp))?;
    let keep = if request.dry_run {
        judge::Keep::Nothing
    } else if request.accept_good_rows {
        judge::Keep::GoodRows
    } else {
        judge::Keep::AllOrNothing
    };
    let judge = Judge::new(catalogue, chunks, keep, listener);
    let (imported, judge) = store.import(new, judge).wait()?;
    let (listener, broken) = judge.end();
    // The channel is closed with the judge, so the reader ends too.
    let _ended = reader.join();
    broken.map_or(Ok((imported, listener)), Err)
}

/// The imports that were kept, the last one first, at most so many.
///
/// # Errors
/// The database.
pub fn list(store: &Store, first: u32) -> Result<Vec<StoredImport>, StoreError> {
    store.imports(first).wait()
}

fn sha256(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut part = vec![0; 1 << 16];
    loop {
        match file.read(&mut part)? {
            0 => return Ok(hex::encode(hash.finalize())),
            read => hash.update(part.get(..read).unwrap_or_default()),
        }
    }
}
