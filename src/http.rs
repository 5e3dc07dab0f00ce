//! The HTTP transport: routes, the guard before the schema, limits, health, the portal's files.
//!
//! The schema comes in as an [`Executor`], so nothing here knows what it serves. Everything that a client sends goes
//! through [`guard`] before the schema sees it; `error` is the table of what a refusal looks like.

mod answer;
pub mod auth;
pub mod client;
mod documents;
pub mod error;
mod graphql;
pub mod guard;
mod health;
pub mod limits;
mod operation;
pub mod origin;
mod portal;
mod request;
pub mod settings;
mod socket;
pub mod stop;
mod trace;

use std::{io, net::TcpListener, time::Duration};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, middleware::from_fn, web};
use async_graphql::Executor;

pub use health::Probe;

use auth::Auth;
use documents::Documents;
use error::{Reason, Refusal};
use request::Media;
use settings::Settings;
pub use socket::Close;
use socket::Places;
use stop::Stop;

/// How long a client whose request was given up may take to read the answer and hang up.
const LINGER: Duration = Duration::from_secs(1);

/// What the routes work with: one for the whole program, shared by its workers.
pub struct Service<E> {
    executor: E,
    settings: Settings,
    auth: Auth,
    probe: Probe,
    documents: Documents,
    places: Places,
    stop: Stop,
}

impl<E: Executor> Service<E> {
    /// A service over a schema for which nobody can show who they are. `probe` answers `/health/ready`.
    pub fn new(executor: E, settings: Settings, probe: Probe) -> Self {
        let documents = Documents::new(&settings.limits.pinned);
        let places = Places::new(&settings.sockets);
        Self { executor, settings, auth: Auth::closed(), probe, documents, places, stop: Stop::new() }
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

/// Serves on a bound socket until the process is told to stop by SIGTERM or SIGINT. Then, in this order: it is not
/// ready any more, nothing new is accepted, sockets are closed, requests that run are answered.
///
/// # Errors
/// The socket cannot be served, or signals cannot be listened for.
pub async fn serve<E: Executor>(service: Service<E>, listener: TcpListener) -> io::Result<()> {
    let (head_time, stop) = (service.settings.limits.head_time, service.settings.stop);
    let told = service.stop.on_signal(stop.notice)?;
    let service = web::Data::new(service);
    HttpServer::new(move || {
        let service = service.clone();
        App::new().configure(|config| configure(config, service))
    })
    .client_request_timeout(head_time)
    .client_disconnect_timeout(LINGER)
    .shutdown_signal(told)
    .shutdown_timeout(stop.for_requests())
    .listen(listener)?
    .run()
    .await
}

async fn no_such_route(request: HttpRequest) -> HttpResponse {
    let refusal = Refusal::new(Reason::NoSuchRoute, "there is nothing here: the API is at `/graphql`");
    answer::refusal(refusal, Media::Json, &trace::correlation(&request))
}
