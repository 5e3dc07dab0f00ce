//! Documents that were stored for clients: they are asked for by the SHA-256 of their text, and may be all that is
//! answered.

use std::{collections::HashMap, fs, path::Path, sync::Arc};

use sha2::{Digest as _, Sha256};

use super::limits::Digest;

/// How the name of a document's file ends.
const ENDING: &str = "graphql";

/// Stored documents by the SHA-256 of their text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored(HashMap<Digest, Arc<str>>);

/// Why a folder of documents cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoredError {
    /// The folder or a file.
    #[error("`{0}` cannot be read: {1}")]
    Unreadable(String, String),
    /// There is nothing in it.
    #[error("`{0}` holds no file that ends in `.{ENDING}`")]
    Empty(String),
}

impl Stored {
    /// Reads the files of a folder that end in `.graphql`, one document each. Every byte of a file counts.
    ///
    /// # Errors
    /// [`StoredError`].
    pub fn read(folder: &Path) -> Result<Self, StoredError> {
        let unreadable = |path: &Path, error: &std::io::Error| {
            StoredError::Unreadable(path.display().to_string(), error.kind().to_string())
        };
        let mut documents = HashMap::new();
        for entry in fs::read_dir(folder).map_err(|error| unreadable(folder, &error))? {
            let path = entry.map_err(|error| unreadable(folder, &error))?.path();
            if path.extension().is_some_and(|ending| ending == ENDING) {
                let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
                documents.insert(digest(&text), text.into());
            }
        }
        if documents.is_empty() {
            return Err(StoredError::Empty(folder.display().to_string()));
        }
        Ok(Self(documents))
    }

    /// The digests.
    pub(super) fn digests(&self) -> impl Iterator<Item = Digest> {
        self.0.keys().copied()
    }

    /// The document of a digest.
    pub(super) fn get(&self, digest: &Digest) -> Option<&Arc<str>> {
        self.0.get(digest)
    }
}

/// The SHA-256 of a document's text.
pub(super) fn digest(text: &str) -> Digest {
    Sha256::digest(text.as_bytes()).into()
}

/// A digest as a client writes it.
pub(super) fn read_digest(text: &str) -> Option<Digest> {
    let mut digest: Digest = [0; 32];
    hex::decode_to_slice(text, &mut digest).ok().map(|()| digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_holds_one_document_a_file() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Stored::read(folder.path()), Err(StoredError::Empty(_))));
        assert!(matches!(Stored::read(&folder.path().join("none")), Err(StoredError::Unreadable(..))));
        fs::write(folder.path().join("places.graphql"), "{ places { key } }\n").unwrap();
        fs::write(folder.path().join("notes.txt"), "{ needs { id } }").unwrap();
        let stored = Stored::read(folder.path()).unwrap();
        let [digest]: [Digest; 1] = stored.digests().collect::<Vec<_>>().try_into().unwrap();
        assert_eq!(stored.get(&digest).map(|text| &**text), Some("{ places { key } }\n"));
        assert_eq!(read_digest(&hex::encode(digest)), Some(digest));
        assert_eq!(read_digest("abc"), None);
    }
}
