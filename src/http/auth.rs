//! Who is asking: a bearer token (RFC 6750) that is a signed JSON Web Token (RFC 7519), and the purpose.
//!
//! A token stands in the one `Authorization` header and nowhere else; on a socket, in the first message. Without one
//! nobody knows who asks; with one that is not right in every point the request is refused. Without configured keys
//! no token is right.

mod crypto;
pub mod development;
mod keys;
mod remote;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderName};
use jsonwebtoken::{Validation, decode, decode_header};
use percent_encoding::percent_decode;
use serde::Deserialize;

pub use keys::KeysError;
pub use remote::{KeysUrl, KeysUrlError};

use super::error::{Reason, Refusal};
use crate::app::access::{Actor, Caller, Claims, Purpose};
use crate::app::clock::Clock;
use keys::{Key, KeyFile};
use remote::RemoteKeys;

/// Bytes of a token.
const MOST_BYTES: usize = 8 * 1024;

/// How far clocks may be apart, in seconds.
const SKEW: i64 = 60;

/// The header that says what stored data are looked at for: UTF-8, or percent-encoded where a client cannot send it.
const PURPOSE: HeaderName = HeaderName::from_static("assistance-purpose");

/// Whether there is a department of an id now.
pub type KnownDepartment = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// Who issues tokens and whom they are for.
#[derive(Clone)]
#[expect(missing_debug_implementations, reason = "a function has nothing to show")]
pub struct Trust {
    /// The claim `iss`.
    pub issuer: String,
    /// One of the claim `aud`.
    pub audience: String,
    /// The departments that a token may name: asked for each token, since they change with the catalogue.
    pub department: KnownDepartment,
}

/// Checks who is asking.
pub struct Auth(Option<Checker>);

/// Where the keys of tokens come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeysSource {
    /// A file, read again when it changes.
    File(PathBuf),
    /// An address, fetched again and again.
    Url {
        /// The address.
        url: KeysUrl,
        /// A file of the certificates (PEM) that may vouch for it; those that the public trusts if there is none.
        roots: Option<PathBuf>,
    },
}

enum Keys {
    File(KeyFile),
    Remote(RemoteKeys),
}

impl Keys {
    fn key(&self, id: &str) -> Option<Key> {
        match self {
            Self::File(keys) => keys.key(id),
            Self::Remote(keys) => keys.key(id),
        }
    }
}

struct Checker {
    keys: Keys,
    trust: Trust,
    clock: Arc<dyn Clock>,
}

/// What is read of a token; anything else in it is not ours.
#[derive(Deserialize)]
struct TokenClaims {
    // One text, where the library would take a list too.
    #[serde(rename = "iss")]
    _issuer: String,
    sub: String,
    exp: i64,
    nbf: Option<i64>,
    roles: Vec<String>,
    department: Option<String>,
    region: Option<String>,
}

/// Somebody whose token is right, for as long as it is.
pub(super) struct Bearer {
    pub(super) actor: Actor,
    /// From now until the token has expired for everybody.
    pub(super) valid_for: Duration,
}

/// A token that is not right. Which point it is, is for the log of who runs the service.
type Wrong = &'static str;

impl Auth {
    /// No keys: nobody can show who they are.
    pub const fn closed() -> Self {
        Self(None)
    }

    /// Tokens signed with a key of this source.
    ///
    /// # Errors
    /// The file holds no usable keys; an address may not answer yet.
    pub fn with_keys(source: &KeysSource, trust: Trust, clock: Arc<dyn Clock>) -> Result<Self, KeysError> {
        crypto::install();
        let keys = match source {
            KeysSource::File(path) => Keys::File(KeyFile::open(path)?),
            KeysSource::Url { url, roots } => Keys::Remote(RemoteKeys::start(url.clone(), roots.as_deref())?),
        };
        Ok(Self(Some(Checker { keys, trust, clock })))
    }

    /// Whether somebody could show who they are.
    pub(super) const fn has_keys(&self) -> bool {
        self.0.is_some()
    }

    /// Who is asking, and what for.
    ///
    /// # Errors
    /// A token that is not right in every point, more than one `Authorization` header, or a purpose that is none.
    pub(super) fn caller(&self, request: &HttpRequest) -> Result<Caller, Refusal> {
        let actor = match authorization(request).map_err(refused)? {
            None => None,
            Some(authorization) => Some(self.bearer(authorization)?.actor),
        };
        Ok(Caller { actor, purpose: purpose(request)? })
    }

    /// Whose token this is: `Bearer ...`, as the header has it.
    ///
    /// # Errors
    /// A token that is not right in every point.
    pub(super) fn bearer(&self, authorization: &str) -> Result<Bearer, Refusal> {
        let keys = self.0.as_ref().ok_or("no keys are configured");
        keys.and_then(|keys| keys.bearer(token(authorization)?)).map_err(refused)
    }
}

impl Checker {
    fn bearer(&self, token: &str) -> Result<Bearer, Wrong> {
        if token.len() > MOST_BYTES {
            return Err("the token is too long");
        }
        let header = decode_header(token).map_err(|_error| "the token has no readable header")?;
        if header.crit.is_some() {
            return Err("the token has extensions");
        }
        let kid = header.kid.as_deref().ok_or("the token names no key")?;
        let key = self.keys.key(kid).ok_or("the token names a key that is not known")?;
        if header.alg != key.algorithm {
            return Err("the token's algorithm is not that of its key");
        }
        let claims = decode::<TokenClaims>(token, &key.key, &self.validation(key.algorithm));
        let claims = claims.map_err(|_error| "signature, issuer, audience or claims are wrong")?.claims;
        let now = self.clock.now().timestamp();
        let left = claims.exp.saturating_add(SKEW).saturating_sub(now);
        let Some(left @ 1..) = u64::try_from(left).ok() else { return Err("the token has expired") };
        if claims.nbf.is_some_and(|nbf| nbf.saturating_sub(SKEW) > now) {
            return Err("the token is not valid yet");
        }
        let department = claims.department.as_deref();
        if department.is_some_and(|id| !(self.trust.department)(id)) {
            return Err("the token names a department that is not known");
        }
        let region = claims.region.as_deref();
        let actor = Actor::new(&Claims { subject: &claims.sub, roles: &claims.roles, department, region });
        let actor = actor.map_err(|_error| "the token's claims cannot be read")?;
        Ok(Bearer { actor, valid_for: Duration::from_secs(left) })
    }

    fn validation(&self, algorithm: jsonwebtoken::Algorithm) -> Validation {
        let mut validation = Validation::new(algorithm);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.set_issuer(&[&self.trust.issuer]);
        validation.set_audience(&[&self.trust.audience]);
        // The library would read the machine's clock; the times are checked against ours.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation
    }
}

fn refused(wrong: Wrong) -> Refusal {
    tracing::info!(wrong, "a token was refused");
    Refusal::new(Reason::TokenInvalid, "the bearer token is not valid here, or not any more")
}

/// The one `Authorization` header, if there is one.
fn authorization(request: &HttpRequest) -> Result<Option<&str>, Wrong> {
    let mut headers = request.headers().get_all(header::AUTHORIZATION);
    let Some(value) = headers.next() else { return Ok(None) };
    if headers.next().is_some() {
        return Err("there are two `Authorization` headers");
    }
    value.to_str().map(Some).map_err(|_error| "the `Authorization` header is not plain text")
}

fn token(authorization: &str) -> Result<&str, Wrong> {
    let (scheme, token) = authorization.split_once(' ').ok_or("the authorization has no token")?;
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Err("the authorization is of another scheme");
    }
    Ok(token.trim_matches(' '))
}

fn purpose(request: &HttpRequest) -> Result<Option<Purpose>, Refusal> {
    let mut headers = request.headers().get_all(PURPOSE);
    let Some(value) = headers.next() else { return Ok(None) };
    let text = percent_decode(value.as_bytes()).decode_utf8().ok();
    let purpose = text.and_then(|text| text.parse().ok()).filter(|_| headers.next().is_none());
    purpose.map(Some).ok_or_else(|| {
        let message =
            "send one `Assistance-Purpose` of 1 to 200 plain characters in UTF-8, or percent-encoded";
        Refusal::new(Reason::PurposeInvalid, message)
    })
}
