//! From files to statements: read, hashed and sealed, in chunks.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;

use super::ImportError;
use crate::app::vault::{Owner, Vault, VaultError};
use crate::documents::registry::{self, Layout};
use crate::documents::sheet::{RowProblem, Source};
use crate::domain::facts::{Fact, day_of};
use crate::domain::registries::{Registry, RegistryRow};
use crate::store::Statement;

/// How many rows go through at a time.
const CHUNK: usize = 1_000;

/// Some rows of the files, in their order.
#[derive(Default)]
pub(super) struct Chunk {
    pub(super) rows: Vec<Statement>,
    /// Rows that say nothing that can be taken, each with its file and everything that is wrong with it.
    pub(super) refused: Vec<(usize, Vec<RowProblem>)>,
    /// How many bytes of the files were read up to its end.
    pub(super) bytes: u64,
}

impl Chunk {
    fn is_full(&self) -> bool {
        self.rows.len() + self.refused.len() >= CHUNK
    }
}

/// Makes chunks of files.
pub(super) struct Producer {
    pub(super) registry: Registry,
    pub(super) layout: Layout,
    pub(super) vault: Arc<Vault>,
}

impl Producer {
    /// Sends every row of the files, until nobody listens any longer.
    pub(super) fn run(self, files: &[PathBuf], sender: &SyncSender<Result<Chunk, ImportError>>) {
        let bytes = Arc::new(AtomicU64::new(0));
        let mut chunk = Chunk::default();
        for (file, path) in files.iter().enumerate() {
            let source = match open(path, &bytes) {
                Ok(source) => source,
                Err(error) => {
                    let _nobody = sender.send(Err(ImportError::File { file, why: error.to_string() }));
                    return;
                }
            };
            let reader = match registry::read(source, &self.layout, self.registry) {
                Ok(reader) => reader,
                Err(problems) => {
                    chunk.refused.push((file, problems));
                    continue;
                }
            };
            for row in reader {
                match row.map(|(line, row)| self.statement(file, line, row)) {
                    Ok(Ok(statement)) => chunk.rows.push(statement),
                    Ok(Err(error)) => {
                        let _nobody = sender.send(Err(error.into()));
                        return;
                    }
                    Err(problems) => chunk.refused.push((file, problems)),
                }
                if chunk.is_full() {
                    chunk.bytes = bytes.load(Ordering::Relaxed);
                    if sender.send(Ok(std::mem::take(&mut chunk))).is_err() {
                        return;
                    }
                }
            }
        }
        chunk.bytes = bytes.load(Ordering::Relaxed);
        let _nobody = sender.send(Ok(chunk));
    }

    fn statement(&self, file: usize, line: u64, row: RegistryRow) -> Result<Statement, VaultError> {
        let stated_birth = || {
            let stated = row.facts.iter().find(|(fact, _)| *fact == Fact::BirthDate);
            stated.and_then(|(_, days)| day_of(*days))
        };
        let birth_date = row.birth_date().or_else(stated_birth);
        let household_no = row.household_no;
        let (person, number) = if let Some(number) = &row.id_number {
            let person = self.vault.person(number);
            let owner = Owner { registry: self.registry, household_no: &household_no, person: &person };
            let sealed = self.vault.seal(owner, number)?;
            (person, Some(sealed))
        } else {
            let name = &row.name;
            (self.vault.person_without_number(self.registry, &household_no, name, birth_date), None)
        };
        let place = i64::try_from(file).unwrap_or(i64::MAX).saturating_add(1);
        Ok(Statement {
            at: (place, i64::try_from(line).unwrap_or(i64::MAX)),
            household_no,
            region: row.region,
            person,
            name: row.name,
            number,
            birth_date,
            identity: row.identity,
            facts: row.facts,
        })
    }
}

fn open(path: &Path, bytes: &Arc<AtomicU64>) -> io::Result<Source<'static>> {
    let file = Counted { file: File::open(path)?, bytes: Arc::clone(bytes) };
    Source::detect(BufReader::with_capacity(1 << 16, file))
}

/// Counts what is read.
struct Counted {
    file: File,
    bytes: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(into)?;
        self.bytes.fetch_add(u64::try_from(read).unwrap_or(u64::MAX), Ordering::Relaxed);
        Ok(read)
    }
}

impl Seek for Counted {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}
