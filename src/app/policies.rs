//! The catalogue in use, and the rulebooks compiled from it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;

use crate::domain::catalogue::Catalogue;
use crate::domain::rulebook::{Rulebook, RulebookError};

/// How many rulebooks are kept. One is a few hundred kilobytes and compiles in milliseconds.
const MOST_RULEBOOKS: usize = 256;

/// A catalogue with its rulebooks, compiled once for each place and date that is asked for.
#[derive(Debug)]
pub struct Policies {
    catalogue: Arc<Catalogue>,
    rulebooks: Mutex<HashMap<(String, NaiveDate), Arc<Rulebook>>>,
}

impl Policies {
    /// Takes a checked catalogue into use.
    pub fn new(catalogue: Catalogue) -> Self {
        Self { catalogue: Arc::new(catalogue), rulebooks: Mutex::default() }
    }

    /// The catalogue.
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    /// The rules of a place on a date.
    ///
    /// # Errors
    /// An unknown place, or amounts that cannot be computed exactly.
    pub fn rulebook(&self, place: &str, on: NaiveDate) -> Result<Arc<Rulebook>, RulebookError> {
        let key = (place.to_owned(), on);
        // A poisoned lock means a panic between two map operations; the map itself is whole.
        if let Some(known) = self.rulebooks.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(known));
        }
        let compiled = Arc::new(Rulebook::compile(&self.catalogue, place, on)?);
        let mut rulebooks = self.rulebooks.lock().unwrap_or_else(PoisonError::into_inner);
        if rulebooks.len() >= MOST_RULEBOOKS {
            rulebooks.clear();
        }
        rulebooks.insert(key, Arc::clone(&compiled));
        Ok(compiled)
    }
}
