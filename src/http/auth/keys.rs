//! The keys that tokens are checked with: a JSON Web Key Set (RFC 7517) in a file, read again when it changes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;

use super::crypto;

/// Bytes of a key set's file.
pub(super) const MOST_BYTES: u64 = 1024 * 1024;

/// A key with the one algorithm that it is for.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) algorithm: Algorithm,
    pub(super) key: DecodingKey,
}

/// Keys by their ids.
pub(super) type KeySet = BTreeMap<String, Key>;

/// Why there are no keys. Nothing of the file is repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeysError {
    /// The file.
    #[error("the key set cannot be read: {0}")]
    Unreadable(String),
    /// The certificates of who may answer with it.
    #[error("the file of certificates cannot be used: {0}")]
    Roots(String),
    /// Its text.
    #[error(
        "the key set is no JSON Web Key Set: expected an object with a list `keys` of objects with `kty`"
    )]
    NoKeySet,
    /// It holds what nobody but the issuer may have.
    #[error("key {0} of the key set holds a private or secret key")]
    Private(usize),
    /// A key that would have to be guessed.
    #[error("key {0} of the key set has no `kid` of its own")]
    NoId(usize),
    /// A key that cannot be used, or must not.
    #[error("key {0} of the key set is no usable public key")]
    Malformed(usize),
    /// There is no key for any algorithm that is served.
    #[error("the key set has no key for EdDSA (Ed25519) or ES256")]
    Empty,
}

#[derive(Deserialize)]
struct JwkSet {
    keys: Vec<Jwk>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    crv: Option<String>,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    x: Option<String>,
    y: Option<String>,
    // Private parts, of curves and of secrets.
    d: Option<serde::de::IgnoredAny>,
    k: Option<serde::de::IgnoredAny>,
}

/// Reads a key set. Keys of other kinds and for other uses are left out, as RFC 7517 has it.
///
/// # Errors
/// [`KeysError`]; keys are counted from 1.
pub(super) fn parse(text: &[u8]) -> Result<KeySet, KeysError> {
    let set: JwkSet = serde_json::from_slice(text).map_err(|_error| KeysError::NoKeySet)?;
    let mut keys = KeySet::new();
    for (number, jwk) in (1..).zip(set.keys) {
        if jwk.d.is_some() || jwk.k.is_some() {
            return Err(KeysError::Private(number));
        }
        let Some(algorithm) = algorithm(&jwk) else { continue };
        let key = decoding_key(algorithm, &jwk).ok_or(KeysError::Malformed(number))?;
        let id = jwk.kid.filter(|id| !id.is_empty()).ok_or(KeysError::NoId(number))?;
        if keys.insert(id, Key { algorithm, key }).is_some() {
            return Err(KeysError::NoId(number));
        }
    }
    if keys.is_empty() { Err(KeysError::Empty) } else { Ok(keys) }
}

/// The algorithm that a key is for, if it is one that is served and the key may check signatures.
fn algorithm(jwk: &Jwk) -> Option<Algorithm> {
    let (algorithm, name) = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
        ("OKP", Some("Ed25519")) => (Algorithm::EdDSA, "EdDSA"),
        ("EC", Some("P-256")) => (Algorithm::ES256, "ES256"),
        _ => return None,
    };
    let fits = jwk.alg.as_deref().is_none_or(|alg| alg == name)
        && jwk.usage.as_deref().is_none_or(|usage| usage == "sig")
        && jwk.key_ops.as_ref().is_none_or(|ops| ops.iter().any(|op| op == "verify"));
    fits.then_some(algorithm)
}

fn decoding_key(algorithm: Algorithm, jwk: &Jwk) -> Option<DecodingKey> {
    let part = |part: &Option<String>| URL_SAFE_NO_PAD.decode(part.as_ref()?).ok();
    let x = part(&jwk.x).filter(|x| x.len() == 32)?;
    if algorithm == Algorithm::EdDSA {
        crypto::ed25519(&x)?;
        return Some(DecodingKey::from_ed_der(&x));
    }
    let y = part(&jwk.y).filter(|y| y.len() == 32)?;
    let point = [&[4], x.as_slice(), y.as_slice()].concat();
    crypto::p256(&point)?;
    Some(DecodingKey::from_ec_der(&point))
}

/// A file of keys.
pub(super) struct KeyFile {
    path: PathBuf,
    known: Mutex<Known>,
}

struct Known {
    stamp: Option<Stamp>,
    keys: Arc<KeySet>,
}

/// What changes when a file is written anew or replaced.
type Stamp = (SystemTime, u64, u64);

impl KeyFile {
    /// Reads the keys.
    ///
    /// # Errors
    /// [`KeysError`].
    pub(super) fn open(path: &Path) -> Result<Self, KeysError> {
        let stamp = stamp(path);
        let keys = Arc::new(read(path)?);
        Ok(Self { path: path.to_owned(), known: Mutex::new(Known { stamp, keys }) })
    }

    /// The key of an id, from the file as it is now. While the file is broken or gone, the keys of before count:
    /// a slip must not lock everybody out. To take a key back, write a set without it.
    pub(super) fn key(&self, id: &str) -> Option<Key> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = stamp(&self.path);
        if stamp != known.stamp {
            match read(&self.path) {
                Ok(keys) => {
                    // Only now: after a read that failed, the next request tries again.
                    known.stamp = stamp;
                    tracing::info!(keys = keys.len(), "the key set was read again");
                    known.keys = Arc::new(keys);
                }
                Err(error) => {
                    tracing::error!(%error, "the key set is broken; the keys of before still count");
                }
            }
        }
        known.keys.get(id).cloned()
    }
}

fn read(path: &Path) -> Result<KeySet, KeysError> {
    let unreadable = |error: std::io::Error| KeysError::Unreadable(error.kind().to_string());
    if fs::metadata(path).map_err(unreadable)?.len() > MOST_BYTES {
        return Err(KeysError::Unreadable(format!("it is larger than {MOST_BYTES} bytes")));
    }
    parse(&fs::read(path).map_err(unreadable)?)
}

fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = fs::metadata(path).ok()?;
    #[cfg(unix)]
    let file = std::os::unix::fs::MetadataExt::ino(&metadata);
    #[cfg(not(unix))]
    let file = 0;
    Some((metadata.modified().ok()?, metadata.len(), file))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn ed25519() -> Value {
        // RFC 8037, appendix A.2.
        json!({ "kty": "OKP", "crv": "Ed25519", "kid": "a", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" })
    }

    fn p256() -> Value {
        // RFC 7517, appendix A.1.
        json!({ "kty": "EC", "crv": "P-256", "kid": "b", "use": "sig",
            "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM" })
    }

    fn with(mut jwk: Value, name: &str, value: Value) -> Value {
        jwk[name] = value;
        jwk
    }

    fn set(keys: &[Value]) -> Result<Vec<(String, Algorithm)>, KeysError> {
        let keys = parse(json!({ "keys": keys }).to_string().as_bytes())?;
        Ok(keys.into_iter().map(|(id, key)| (id, key.algorithm)).collect())
    }

    #[test]
    fn keys_of_other_kinds_and_uses_are_left_out() {
        let rsa = json!({ "kty": "RSA", "kid": "r", "n": "AQAB", "e": "AQAB" });
        let both = [(String::from("a"), Algorithm::EdDSA), (String::from("b"), Algorithm::ES256)];
        let encryption = with(with(p256(), "use", json!("enc")), "kid", json!("c"));
        let signing = with(with(ed25519(), "key_ops", json!(["sign"])), "kid", json!("c"));
        let other = with(with(ed25519(), "alg", json!("ES256")), "kid", json!("c"));
        assert_eq!(set(&[ed25519(), rsa.clone(), p256(), encryption, signing, other]), Ok(both.to_vec()));
        assert_eq!(set(&[rsa]), Err(KeysError::Empty));
    }

    #[test]
    fn a_key_set_that_is_wrong_is_refused() {
        for text in ["", "[]", "{}", "{\"keys\":1}", "{\"keys\":[{}]}"] {
            assert_eq!(parse(text.as_bytes()).map(|_| ()), Err(KeysError::NoKeySet), "{text}");
        }
        let cases = [
            (with(ed25519(), "d", json!("AA")), KeysError::Private(1)),
            (json!({ "kty": "oct", "kid": "s", "k": "AA" }), KeysError::Private(1)),
            (with(ed25519(), "kid", Value::Null), KeysError::NoId(1)),
            (with(ed25519(), "kid", json!("")), KeysError::NoId(1)),
            (with(ed25519(), "x", json!("AA")), KeysError::Malformed(1)),
            (with(ed25519(), "x", json!("not base64!")), KeysError::Malformed(1)),
            // The neutral element: anybody can sign under it.
            (
                with(ed25519(), "x", json!(URL_SAFE_NO_PAD.encode([&[1][..], &[0; 31]].concat()))),
                KeysError::Malformed(1),
            ),
            (with(p256(), "y", Value::Null), KeysError::Malformed(1)),
            // A point that is not on the curve.
            (with(p256(), "y", p256()["x"].clone()), KeysError::Malformed(1)),
        ];
        for (jwk, error) in cases {
            assert_eq!(set(std::slice::from_ref(&jwk)), Err(error), "{jwk}");
        }
        assert_eq!(set(&[ed25519(), ed25519()]), Err(KeysError::NoId(2)));
    }

    #[test]
    fn a_changed_file_is_read_again_and_a_broken_one_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("jwks.json");
        assert!(matches!(KeyFile::open(&path), Err(KeysError::Unreadable(_))));
        let write = |text: &str| {
            let new = folder.path().join("new");
            fs::write(&new, text).unwrap();
            fs::rename(new, &path).unwrap();
        };
        write(&json!({ "keys": [ed25519()] }).to_string());
        let file = KeyFile::open(&path).unwrap();
        let known = || (file.key("a").is_some(), file.key("b").is_some());
        assert_eq!(known(), (true, false));
        write(&json!({ "keys": [p256()] }).to_string());
        assert_eq!(known(), (false, true));
        write("{");
        assert_eq!(known(), (false, true));
        fs::remove_file(&path).unwrap();
        assert_eq!(known(), (false, true));
        write(&json!({ "keys": [ed25519(), p256()] }).to_string());
        assert_eq!(known(), (true, true));
    }
}
