//! The hash chain of a household's entries.

use std::fmt;

use sha2::{Digest, Sha256};

/// The hash of an entry and all before it: SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChainHash(pub [u8; 32]);

impl ChainHash {
    /// What the first entry follows.
    pub const START: Self = Self([0; 32]);
}

impl fmt::Display for ChainHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for ChainHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ChainHash({self})")
    }
}

/// The hash of an entry, from the one before it and its own canonical bytes.
pub fn link(before: ChainHash, entry: &[u8]) -> ChainHash {
    let mut hasher = Sha256::new();
    hasher.update(before.0);
    hasher.update(entry);
    ChainHash(hasher.finalize().into())
}
