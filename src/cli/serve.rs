//! `serve`: the GraphQL API over HTTP.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use super::database::{configuration, opened};
use super::{Exit, Io};
use crate::app::access::RULES;
use crate::app::clock::SystemClock;
use crate::app::policies::Policies;
use crate::app::records::Records;
use crate::config::Config;
use crate::domain::catalogue::Catalogue;
use crate::http::auth::{Auth, Trust};
use crate::store::Store;
use crate::{graphql, http, policy_files, telemetry};

pub(super) fn run(io: &mut Io<'_>) -> io::Result<Exit> {
    let Some(config) = configuration(io)? else { return Ok(Exit::BadInput) };
    if let Err(error) = telemetry::init(config.log_format, &config.log) {
        writeln!(io.err, "error: {error}")?;
        return Ok(Exit::BadInput);
    }
    let catalogue = match policy_files::load(&config.policies) {
        Ok(catalogue) => catalogue,
        Err(diagnostics) => {
            for diagnostic in diagnostics {
                writeln!(io.err, "{diagnostic}")?;
            }
            return Ok(Exit::Failed);
        }
    };
    let auth = match auth(&config, &catalogue) {
        Ok(auth) => auth,
        Err(error) => {
            writeln!(io.err, "error: {error}")?;
            return Ok(Exit::BadInput);
        }
    };
    let Some((store, _)) = opened(&config.database_url, io)? else { return Ok(Exit::Failed) };
    let listener = match TcpListener::bind(config.address) {
        Ok(listener) => listener,
        Err(error) => {
            writeln!(io.err, "error: cannot listen at {}: {error}", config.address)?;
            return Ok(Exit::Failed);
        }
    };
    let address = listener.local_addr()?;
    writeln!(io.err, "GraphQL at http://{address}/graphql, GraphiQL at http://{address}/graphiql")?;
    let hash = catalogue.hash;
    tracing::info!(%address, catalogue = %hash, "serving");
    match serve(&config, Parts { policies: Policies::new(catalogue), store, auth }, listener) {
        Ok(()) => Ok(Exit::Done),
        Err(error) => {
            writeln!(io.err, "error: the service stopped: {error}")?;
            Ok(Exit::Failed)
        }
    }
}

/// Who can show who they are. Nobody can without keys, and then only this machine is served: what is open to
/// everybody is cheap to ask for, but not for everybody in a network.
fn auth(config: &Config, catalogue: &Catalogue) -> Result<Auth, String> {
    let (Some(path), Some(issuer), Some(audience)) =
        (&config.jwks, &config.token_issuer, &config.token_audience)
    else {
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
        return Ok(Auth::closed());
    };
    let trust = Trust {
        issuer: issuer.clone(),
        audience: audience.clone(),
        departments: catalogue.departments.iter().map(|department| department.id.clone()).collect(),
    };
    Auth::with_keys(path, trust, Arc::new(SystemClock)).map_err(|error| format!("`ASSISTANCE_JWKS`: {error}"))
}

/// What is served.
struct Parts {
    policies: Policies,
    store: Store,
    auth: Auth,
}

fn serve(config: &Config, parts: Parts, listener: TcpListener) -> io::Result<()> {
    let Parts { policies, store, auth } = parts;
    let store = Arc::new(store);
    let records = Records::new(Arc::clone(&store), Arc::new(SystemClock), RULES);
    let schema = graphql::schema(Arc::new(policies), records, Arc::new(SystemClock));
    let probe: http::Probe = Arc::new(move || {
        let store = Arc::clone(&store);
        Box::pin(async move { store.is_up_to_date().await.unwrap_or(false) })
    });
    let service = http::Service::new(schema, config.http.clone(), probe).with_auth(auth);
    actix_web::rt::System::new().block_on(http::serve(service, listener))
}
