//! `serve`: the GraphQL API over HTTP.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use super::database::{configuration, opened};
use super::{Exit, Io};
use crate::app::clock::SystemClock;
use crate::app::policies::Policies;
use crate::config::Config;
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
    match serve(&config, Policies::new(catalogue), store, listener) {
        Ok(()) => Ok(Exit::Done),
        Err(error) => {
            writeln!(io.err, "error: the service stopped: {error}")?;
            Ok(Exit::Failed)
        }
    }
}

fn serve(config: &Config, policies: Policies, store: Store, listener: TcpListener) -> io::Result<()> {
    let schema = graphql::schema(Arc::new(policies), Arc::new(SystemClock));
    let store = Arc::new(store);
    let probe: http::Probe = Arc::new(move || {
        let store = Arc::clone(&store);
        Box::pin(async move { store.is_up_to_date().await.unwrap_or(false) })
    });
    let service = http::Service::new(schema, config.limits.clone(), probe);
    actix_web::rt::System::new().block_on(http::serve(service, listener))
}
