//! Keys from an address: fetched in the background, again and again, so that they change without a restart.
//!
//! While the address does not answer, or answers with what is no key set, the keys of before count. A token that names
//! a key that is not known has them fetched sooner: whoever issues tokens may have begun to use a new one.

use std::fs;
use std::path::Path;
use std::str::FromStr;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::Builder;
use std::time::{Duration, Instant};

use ureq::Agent;
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

use super::keys::{Key, KeySet, KeysError, MOST_BYTES, parse};

/// Time between two fetches when nothing asks for one.
const REFRESH: Duration = Duration::from_mins(5);

/// Time between two fetches at least, whatever tokens name.
const SOONEST: Duration = Duration::from_secs(10);

/// Time until the first fetch after one that failed; it doubles with each that fails, up to the longest.
const RETRY: Duration = Duration::from_secs(1);
const LONGEST_RETRY: Duration = Duration::from_mins(1);

/// Time for one fetch.
const FETCH_TIME: Duration = Duration::from_secs(10);

/// Where keys are fetched: `https`, or `http` on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeysUrl(String);

/// An address from which no keys are fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "keys are fetched from `https://`, or from `http://` on this machine, without a user name in the address"
)]
pub struct KeysUrlError;

impl FromStr for KeysUrl {
    type Err = KeysUrlError;

    fn from_str(text: &str) -> Result<Self, KeysUrlError> {
        let (scheme, rest) = text.split_once("://").ok_or(KeysUrlError)?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = match authority.strip_prefix('[') {
            Some(bracketed) => bracketed.split(']').next().unwrap_or_default(),
            None => authority.split(':').next().unwrap_or_default(),
        };
        let here = matches!(host, "127.0.0.1" | "::1" | "localhost");
        let good = match scheme {
            "https" => true,
            "http" => here,
            _ => false,
        };
        if good && !host.is_empty() && !authority.contains('@') {
            Ok(Self(text.to_owned()))
        } else {
            Err(KeysUrlError)
        }
    }
}

/// Keys that are fetched for as long as this lives.
pub(super) struct RemoteKeys {
    known: Arc<RwLock<Arc<KeySet>>>,
    wanted: SyncSender<()>,
}

impl RemoteKeys {
    /// Begins to fetch. Until the first fetch is done no key is known.
    ///
    /// # Errors
    /// The certificates cannot be read, or there is no thread left.
    pub(super) fn start(url: KeysUrl, roots: Option<&Path>) -> Result<Self, KeysError> {
        let agent = agent(&url, roots)?;
        let known = Arc::new(RwLock::new(Arc::new(KeySet::new())));
        // One wish at a time is enough.
        let (wanted, wishes) = sync_channel(1);
        let keys = Arc::clone(&known);
        let thread = Builder::new().name(String::from("keys"));
        let started = thread.spawn(move || follow(&agent, &url, &keys, &wishes));
        started.map_err(|error| KeysError::Unreadable(error.kind().to_string()))?;
        Ok(Self { known, wanted })
    }

    /// The key of an id, if it is known by now.
    pub(super) fn key(&self, id: &str) -> Option<Key> {
        let keys = Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner));
        let key = keys.get(id).cloned();
        if key.is_none() {
            // There is a wish already, or nobody hears it any more.
            let _wished = self.wanted.try_send(());
        }
        key
    }
}

fn agent(url: &KeysUrl, roots: Option<&Path>) -> Result<Agent, KeysError> {
    let mut config = Agent::config_builder()
        .timeout_global(Some(FETCH_TIME))
        .https_only(url.0.starts_with("https://"))
        .max_redirects(0)
        .proxy(None)
        .user_agent("assistance-toolbox");
    if let Some(path) = roots {
        let unreadable = |error: std::io::Error| KeysError::Roots(error.kind().to_string());
        let pem = fs::read(path).map_err(unreadable)?;
        let items = parse_pem(&pem).collect::<Result<Vec<_>, _>>();
        let items = items.map_err(|_error| KeysError::Roots(String::from("it is no PEM")))?;
        let certificates: Vec<_> = items
            .into_iter()
            .filter_map(|item| match item {
                PemItem::Certificate(certificate) => Some(certificate),
                _ => None,
            })
            .collect();
        if certificates.is_empty() {
            return Err(KeysError::Roots(String::from("it holds no certificate")));
        }
        let roots = RootCerts::new_with_certs(&certificates);
        config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
    }
    Ok(config.build().new_agent())
}

/// Fetches until nobody wants keys any more.
fn follow(agent: &Agent, url: &KeysUrl, known: &RwLock<Arc<KeySet>>, wishes: &Receiver<()>) {
    let mut failed = Duration::ZERO;
    loop {
        let begun = Instant::now();
        match fetch(agent, url) {
            Ok(keys) => {
                let mut known = known.write().unwrap_or_else(PoisonError::into_inner);
                if known.keys().ne(keys.keys()) {
                    tracing::info!(keys = keys.len(), "the key set was fetched");
                }
                *known = Arc::new(keys);
                failed = Duration::ZERO;
            }
            Err(error) => {
                failed = failed.saturating_mul(2).clamp(RETRY, LONGEST_RETRY);
                tracing::error!(%error, "the key set could not be fetched; the keys of before still count");
            }
        }
        let pause = if failed.is_zero() { REFRESH } else { failed };
        match wishes.recv_timeout(pause) {
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {}
            // Tokens that name keys of their own invention must not make us ask without end.
            Ok(()) => {
                let rest = SOONEST.min(pause).saturating_sub(begun.elapsed());
                std::thread::sleep(rest);
            }
        }
    }
}

fn fetch(agent: &Agent, url: &KeysUrl) -> Result<KeySet, KeysError> {
    // The cause may hold the address, which is the operator's own.
    let unreadable = |error: ureq::Error| KeysError::Unreadable(error.to_string());
    let mut answer = agent.get(&url.0).call().map_err(unreadable)?;
    let status = answer.status().as_u16();
    if status != 200 {
        return Err(KeysError::Unreadable(format!("it was answered with {status}")));
    }
    let body = answer.body_mut().with_config().limit(MOST_BYTES).read_to_vec().map_err(unreadable)?;
    parse(&body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_fetched_from_elsewhere_only_over_https() {
        for good in [
            "https://issuer.example/keys",
            "https://issuer.example:8443/.well-known/jwks.json?a=b",
            "http://127.0.0.1:8081/keys",
            "http://[::1]/keys",
            "http://localhost",
        ] {
            assert_eq!(good.parse::<KeysUrl>(), Ok(KeysUrl(good.to_owned())));
        }
        for bad in [
            "http://issuer.example/keys",
            "http://127.0.0.1.example/keys",
            "http://127.0.0.1@issuer.example/keys",
            "https://user:secret@issuer.example/keys",
            "https:///keys",
            "ftp://127.0.0.1/keys",
            "file:///etc/keys",
            "issuer.example",
        ] {
            assert_eq!(bad.parse::<KeysUrl>(), Err(KeysUrlError), "{bad}");
        }
    }
}
