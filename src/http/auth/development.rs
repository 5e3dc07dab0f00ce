//! Tokens for development and tests, signed with a local key. Nothing here is used by a service that runs.

use std::path::Path;
use std::{fs, io};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use ed25519_dalek::SigningKey;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::crypto;
use crate::app::access::{Actor, Role};

/// A private key, and the key set that a service checks its tokens with.
pub struct DevelopmentKey {
    id: String,
    key: SigningKey,
}

/// The private key as it stands in a file: a JSON Web Key (RFC 8037).
#[derive(Serialize, Deserialize)]
struct PrivateJwk {
    kty: String,
    crv: String,
    kid: String,
    x: String,
    d: String,
}

/// What a token says beside who it is for.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// Who issues it.
    pub issuer: &'a str,
    /// Whom it is for.
    pub audience: &'a str,
    /// From when it counts.
    pub from: DateTime<Utc>,
    /// For how many minutes.
    pub minutes: u32,
}

/// Why there is no key or token. Nothing of a key is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DevelopmentError {
    /// The system gives no random numbers.
    #[error("the system gives no random numbers")]
    NoRandom,
    /// The file is something else.
    #[error("the file holds no key that `token new-key` made")]
    NoKey,
    /// Somebody else can read the file.
    #[error("others can read the file: take their rights away, as with `chmod 600`")]
    Open,
    /// The token cannot be written.
    #[error("the token cannot be signed")]
    Unsigned,
}

impl DevelopmentKey {
    /// A new key.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn new() -> Result<Self, DevelopmentError> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|_error| DevelopmentError::NoRandom)?;
        Ok(Self::of(SigningKey::from_bytes(&seed)))
    }

    /// The id is the key's thumbprint (RFC 7638).
    fn of(key: SigningKey) -> Self {
        let x = public(&key);
        let members = format!("{{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"{x}\"}}");
        Self { id: URL_SAFE_NO_PAD.encode(Sha256::digest(members)), key }
    }

    /// Reads a key that [`Self::write`] wrote.
    ///
    /// # Errors
    /// The file cannot be read; others than its owner can read it; it is something else.
    pub fn read(path: &Path) -> io::Result<Result<Self, DevelopmentError>> {
        let text = fs::read(path)?;
        #[cfg(unix)]
        if std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path)?.permissions()) & 0o077 != 0 {
            return Ok(Err(DevelopmentError::Open));
        }
        let read = || {
            let jwk: PrivateJwk = serde_json::from_slice(&text).ok()?;
            let seed: [u8; 32] = URL_SAFE_NO_PAD.decode(&jwk.d).ok()?.try_into().ok()?;
            let key = Self::of(SigningKey::from_bytes(&seed));
            let whole =
                jwk.kty == "OKP" && jwk.crv == "Ed25519" && jwk.kid == key.id && jwk.x == public(&key.key);
            whole.then_some(key)
        };
        Ok(read().ok_or(DevelopmentError::NoKey))
    }

    /// Writes the key to a new file that only its owner can read.
    ///
    /// # Errors
    /// The file is there already, or cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let jwk = PrivateJwk {
            kty: String::from("OKP"),
            crv: String::from("Ed25519"),
            kid: self.id.clone(),
            x: public(&self.key),
            d: URL_SAFE_NO_PAD.encode(self.key.to_bytes()),
        };
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        serde_json::to_writer_pretty(&mut file, &jwk)?;
        io::Write::write_all(&mut file, b"\n")
    }

    /// The key set with its public part.
    pub fn key_set(&self) -> Value {
        let x = public(&self.key);
        json!({ "keys": [
            { "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": self.id, "x": x },
        ] })
    }

    /// A token for somebody.
    ///
    /// # Errors
    /// The library cannot write it.
    pub fn issue(&self, actor: &Actor, terms: Terms<'_>) -> Result<String, DevelopmentError> {
        let until = terms.from + TimeDelta::minutes(i64::from(terms.minutes));
        let mut claims = json!({
            "iss": terms.issuer,
            "aud": terms.audience,
            "sub": actor.subject(),
            "iat": terms.from.timestamp(),
            "nbf": terms.from.timestamp(),
            "exp": until.timestamp(),
            "roles": actor.roles().iter().map(|role| Role::code(*role)).collect::<Vec<_>>(),
        });
        if let Value::Object(claims) = &mut claims {
            let own = [("department", actor.department()), ("region", actor.region().map(AsRef::as_ref))];
            for (name, value) in own {
                if let Some(value) = value {
                    claims.insert(name.to_owned(), json!(value));
                }
            }
        }
        self.sign(&claims)
    }

    /// A token of any claims, right or wrong.
    ///
    /// # Errors
    /// The library cannot write it.
    pub fn sign(&self, claims: &Value) -> Result<String, DevelopmentError> {
        crypto::install();
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(self.id.clone());
        let key = EncodingKey::from_ed_der(&self.key.to_bytes());
        encode(&header, claims, &key).map_err(|_error| DevelopmentError::Unsigned)
    }
}

fn public(key: &SigningKey) -> String {
    URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes())
}
