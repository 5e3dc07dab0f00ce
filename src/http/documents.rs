//! Documents that passed the guard, parsed once and kept for the next request.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    error::{Reason, Refusal},
    guard::{self, Weight},
    limits::{Digest, Limits},
    request::Asked,
    stored::{Stored, digest},
};
use async_graphql::parser::types::ExecutableDocument;

/// What asks for the whole schema: the text that GraphiQL 4.1.2 sends (it bundles an older graphql-js than it asks
/// npm for), and those of graphql-js 16 by default and with all options on. Every byte counts.
const INTROSPECTION: [&str; 3] = [
    include_str!("pinned/introspection-graphiql.graphql"),
    include_str!("pinned/introspection.graphql"),
    include_str!("pinned/introspection-full.graphql"),
];

/// Documents of one generation of the cache. At the limit of tokens a parsed document takes some 0.4 MB.
const GENERATION: usize = 64;

/// A document that passed the guard; whether it may run still depends on the client's limits.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) document: ExecutableDocument,
    pub(super) weight: Weight,
    /// Exempt from the limits on depth and fields: stored, pinned, or the introspection of a known client.
    pub(super) pinned: bool,
}

/// The cache. Two generations stand in for a list of uses: what is asked for again moves to the young one.
#[derive(Debug)]
pub(super) struct Documents {
    pinned: HashSet<Digest>,
    stored: Stored,
    /// Whether no other documents than the pinned ones are answered.
    only: bool,
    generations: Mutex<Generations>,
}

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<Arc<str>, Arc<Checked>>,
    old: HashMap<Arc<str>, Arc<Checked>>,
}

impl Documents {
    pub(super) fn new(pinned: &[Digest], stored: Stored, only: bool) -> Self {
        let introspection = INTROSPECTION.iter().map(|text| digest(text));
        let pinned = introspection.chain(pinned.iter().copied()).chain(stored.digests()).collect();
        Self { pinned, stored, only, generations: Mutex::default() }
    }

    /// The text of what is asked for.
    ///
    /// # Errors
    /// No document is stored under the hash.
    pub(super) fn text(&self, asked: Asked) -> Result<String, Refusal> {
        match asked {
            Asked::Text(text) => Ok(text),
            Asked::Stored(digest) => {
                self.stored.get(&digest).map(|text| text.as_ref().to_owned()).ok_or_else(|| {
                    Refusal::new(Reason::StoredDocumentUnknown, "no document is stored under this hash")
                })
            }
        }
    }

    /// The checked document of a text, from the cache or through the guard and the parser.
    ///
    /// # Errors
    /// The text is over a limit, does not parse, or holds a cycle of fragments, or it is not stored and only stored
    /// ones are answered. Refusals are not kept.
    pub(super) fn check(&self, text: &str, limits: &Limits) -> Result<Arc<Checked>, Refusal> {
        if let Some(checked) = self.cached(text) {
            return Ok(checked);
        }
        let pinned = self.pinned.contains(&digest(text));
        if self.only && !pinned {
            return Err(Refusal::new(Reason::DocumentNotStored, "only stored documents are answered here"));
        }
        guard::text(text, limits)?;
        let document = guard::parse(text)?;
        let weight = guard::weigh(&document)?;
        let checked = Arc::new(Checked { document, weight, pinned });
        self.keep(text.into(), Arc::clone(&checked));
        Ok(checked)
    }

    fn cached(&self, text: &str) -> Option<Arc<Checked>> {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(checked) = generations.young.get(text) {
            return Some(Arc::clone(checked));
        }
        let (text, checked) = generations.old.remove_entry(text)?;
        generations.insert(text, Arc::clone(&checked));
        Some(checked)
    }

    fn keep(&self, text: Arc<str>, checked: Arc<Checked>) {
        self.generations.lock().unwrap_or_else(PoisonError::into_inner).insert(text, checked);
    }
}

impl Generations {
    fn insert(&mut self, text: Arc<str>, checked: Arc<Checked>) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(text, checked);
    }
}
