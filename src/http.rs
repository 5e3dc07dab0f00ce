//! The HTTP transport: routes, the guard before the schema, limits, health, the portal's files.
//!
//! The schema comes in as an [`Executor`], so nothing here knows what it serves. Everything that a client sends goes
//! through [`guard`] before the schema sees it; `error` is the table of what a refusal looks like.

mod answer;
pub mod auth;
mod documents;
pub mod error;
mod graphql;
pub mod guard;
mod health;
pub mod limits;
mod portal;
mod request;
mod trace;

use std::{io, net::TcpListener, time::Duration};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, middleware::from_fn, web};
use async_graphql::Executor;

pub use health::Probe;

use auth::Auth;
use documents::Documents;
use error::{Reason, Refusal};
use limits::Limits;
use request::Media;

/// How long a client whose request was given up may take to read the answer and hang up.
const LINGER: Duration = Duration::from_secs(1);

/// What the routes work with: one for the whole program, shared by its workers.
pub struct Service<E> {
    executor: E,
    limits: Limits,
    auth: Auth,
    probe: Probe,
    documents: Documents,
}

impl<E: Executor> Service<E> {
    /// A service over a schema for which nobody can show who they are. `probe` answers `/health/ready`.
    pub fn new(executor: E, limits: Limits, probe: Probe) -> Self {
        let documents = Documents::new(&limits.pinned);
        Self { executor, limits, auth: Auth::closed(), probe, documents }
    }

    /// The same service with a way to show who one is. The schema finds a [`crate::app::access::Caller`] among the
    /// data of each request.
    #[must_use]
    pub fn with_auth(self, auth: Auth) -> Self {
        Self { auth, ..self }
    }
}

/// Registers every route of the service.
pub fn configure<E: Executor>(config: &mut web::ServiceConfig, service: web::Data<Service<E>>) {
    config.service(
        web::scope("")
            .app_data(service)
            .configure(graphql::configure::<E>)
            .configure(health::configure::<E>)
            .configure(portal::configure)
            .default_service(web::to(no_such_route))
            .wrap(from_fn(trace::trace)),
    );
}

/// Serves on a bound socket until the process is told to stop (SIGTERM and SIGINT let running requests end).
///
/// # Errors
/// The socket cannot be served.
pub async fn serve<E: Executor>(service: Service<E>, listener: TcpListener) -> io::Result<()> {
    let head_time = service.limits.head_time;
    let service = web::Data::new(service);
    HttpServer::new(move || {
        let service = service.clone();
        App::new().configure(|config| configure(config, service))
    })
    .client_request_timeout(head_time)
    .client_disconnect_timeout(LINGER)
    .listen(listener)?
    .run()
    .await
}

async fn no_such_route(request: HttpRequest) -> HttpResponse {
    let refusal = Refusal::new(Reason::NoSuchRoute, "there is nothing here: the API is at `/graphql`");
    answer::refusal(refusal, Media::Json, &trace::correlation(&request))
}
