//! `serve`: the GraphQL API over HTTP.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use super::database::{configuration, opened, started};
use super::{Exit, Io};
use crate::app::access::RULES;
use crate::app::catalogues::{Catalogues, Live};
use crate::app::clock::SystemClock;
use crate::app::records::Records;
use crate::app::vault::Vault;
use crate::config::{Config, Jwks};
use crate::http::auth::{Auth, KeysSource, KnownDepartment, Trust};
use crate::http::stored::Stored;
use crate::store::Store;
use crate::{graphql, http, policy_files, telemetry};

pub(super) fn run(io: &mut Io<'_>) -> io::Result<Exit> {
    let Some(config) = configuration(io)? else { return Ok(Exit::BadInput) };
    if let Err(error) = telemetry::init(config.log_format, &config.log) {
        writeln!(io.err, "error: {error}")?;
        return Ok(Exit::BadInput);
    }
    // Tried before anything is opened, so that a mistake leaves nothing behind; the departments follow.
    let tried = |keys: Option<Keys>| auth(keys.as_ref(), Arc::new(|_id| false)).map(|_tried| keys);
    let keys = match keys(&config).and_then(tried) {
        Ok(keys) => keys,
        Err(error) => {
            writeln!(io.err, "error: {error}")?;
            return Ok(Exit::BadInput);
        }
    };
    let stored = match stored(&config) {
        Ok(stored) => stored,
        Err(error) => {
            writeln!(io.err, "error: {error}")?;
            return Ok(Exit::BadInput);
        }
    };
    let vault = match &config.id_keys {
        None => None,
        Some(file) => match super::keys::vault(Some(file), io)? {
            Ok(vault) => Some(Arc::new(vault)),
            Err(exit) => return Ok(exit),
        },
    };
    let Some((store, _)) = opened(&config.database_url, io)? else { return Ok(Exit::Failed) };
    let store = Arc::new(store);
    let catalogues = Catalogues::new(Arc::clone(&store));
    let Some(live) = started(catalogues.start(&config.policies, io.clock.now()), io)? else {
        return Ok(Exit::Failed);
    };
    let policies = live.now();
    if policy_files::load(&config.policies).is_ok_and(|folder| folder.hash != policies.catalogue().hash) {
        tracing::warn!(
            "the folder of the policies differs from the catalogue of the database, which is in use"
        );
    }
    let live = Arc::new(live);
    let known = Arc::clone(&live);
    let auth = match auth(keys.as_ref(), Arc::new(move |id| known.has_department(id))) {
        Ok(auth) => auth,
        Err(error) => {
            writeln!(io.err, "error: {error}")?;
            return Ok(Exit::BadInput);
        }
    };
    let listener = match TcpListener::bind(config.address) {
        Ok(listener) => listener,
        Err(error) => {
            writeln!(io.err, "error: cannot listen at {}: {error}", config.address)?;
            return Ok(Exit::Failed);
        }
    };
    let address = listener.local_addr()?;
    writeln!(io.err, "GraphQL at http://{address}/graphql, GraphiQL at http://{address}/graphiql")?;
    let hash = policies.catalogue().hash;
    tracing::info!(%address, catalogue = %hash, seq = live.seq(), "serving");
    drop(policies);
    match serve(&config, Parts { catalogues, live, store, auth, stored, vault }, listener) {
        Ok(()) => Ok(Exit::Done),
        Err(error) => {
            writeln!(io.err, "error: the service stopped: {error}")?;
            Ok(Exit::Failed)
        }
    }
}

/// Where the keys of tokens stand, and whom they must name.
struct Keys {
    source: KeysSource,
    issuer: String,
    audience: String,
}

/// Who can show who they are. Nobody can without keys, and then only this machine is served: what is open to
/// everybody is cheap to ask for, but not for everybody in a network.
fn keys(config: &Config) -> Result<Option<Keys>, String> {
    if let (Some(jwks), Some(issuer), Some(audience)) =
        (&config.jwks, &config.token_issuer, &config.token_audience)
    {
        let source = match jwks {
            Jwks::File(path) => KeysSource::File(path.clone()),
            Jwks::Url(url) => KeysSource::Url { url: url.clone(), roots: config.jwks_certificates.clone() },
        };
        return Ok(Some(Keys { source, issuer: issuer.clone(), audience: audience.clone() }));
    }
    if config.jwks.is_some() {
        return Err(String::from(
            "`ASSISTANCE_JWKS` needs `ASSISTANCE_TOKEN_ISSUER` and `ASSISTANCE_TOKEN_AUDIENCE`",
        ));
    }
    if !config.address.ip().is_loopback() {
        return Err(format!(
            "`ASSISTANCE_ADDRESS` is `{}`: without `ASSISTANCE_JWKS` only an address of this machine is served, \
             such as `127.0.0.1:8080`",
            config.address
        ));
    }
    Ok(None)
}

/// The check of tokens, which may name these departments.
fn auth(keys: Option<&Keys>, department: KnownDepartment) -> Result<Auth, String> {
    let Some(Keys { source, issuer, audience }) = keys else { return Ok(Auth::closed()) };
    let trust = Trust { issuer: issuer.clone(), audience: audience.clone(), department };
    Auth::with_keys(source, trust, Arc::new(SystemClock))
        .map_err(|error| format!("`ASSISTANCE_JWKS`: {error}"))
}

/// The documents that clients may ask for by their hash.
fn stored(config: &Config) -> Result<Stored, String> {
    match &config.stored_documents {
        Some(folder) => {
            Stored::read(folder).map_err(|error| format!("`ASSISTANCE_STORED_DOCUMENTS`: {error}"))
        }
        None if config.http.stored_only && config.http.limits.pinned.is_empty() => Err(String::from(
            "`ASSISTANCE_STORED_ONLY` needs `ASSISTANCE_STORED_DOCUMENTS` or `ASSISTANCE_PINNED_DOCUMENTS`",
        )),
        None => Ok(Stored::default()),
    }
}

/// What is served.
struct Parts {
    catalogues: Catalogues,
    live: Arc<Live>,
    store: Arc<Store>,
    auth: Auth,
    stored: Stored,
    vault: Option<Arc<Vault>>,
}

fn serve(config: &Config, parts: Parts, listener: TcpListener) -> io::Result<()> {
    let Parts { catalogues, live, store, auth, stored, vault } = parts;
    let records = Records::new(Arc::clone(&store), Arc::new(SystemClock), RULES);
    let records = match vault {
        Some(vault) => records.with_vault(vault),
        None => records,
    };
    let schema = graphql::schema(Arc::clone(&live), records, Arc::new(SystemClock));
    let probed = Arc::clone(&store);
    let probe: http::Probe = Arc::new(move || {
        let store = Arc::clone(&probed);
        Box::pin(async move { store.is_up_to_date().await.unwrap_or(false) })
    });
    let shown = Arc::clone(&live);
    let look = Arc::new(move || {
        let catalogue = shown.now().catalogue().hash.to_string();
        http::metrics::Inside { waiting: store.waiting(), catalogue }
    });
    let service = http::Service::new(schema, config.http.clone(), probe).with_auth(auth);
    let service = service.with_stored(stored).with_look(look);
    actix_web::rt::System::new().block_on(async {
        tokio::select! {
            served = http::serve(service, listener) => served,
            () = catalogues.follow(&live) => Ok(()),
        }
    })
}
