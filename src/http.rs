//! The HTTP transport: routes, the guard before the schema, limits, health, the portal's files.
//!
//! The schema comes in as an [`Executor`], so nothing here knows what it serves. Everything that a client sends goes
//! through [`guard`] before the schema sees it; `error` is the table of what a refusal looks like.

mod answer;
pub mod auth;
pub mod client;
mod cors;
mod documents;
pub mod error;
mod graphql;
pub mod guard;
mod health;
pub mod limits;
pub mod metrics;
mod operation;
pub mod origin;
mod portal;
pub mod rate;
mod request;
pub mod settings;
mod socket;
pub mod stop;
pub mod stored;
mod trace;

use std::{io, net::TcpListener, sync::Arc, time::Duration};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, middleware::from_fn, web};
use async_graphql::Executor;

pub use health::Probe;

use auth::Auth;
use documents::Documents;
use error::{Reason, Refusal};
use metrics::{Inside, Look, Metrics};
use rate::Rates;
use request::Media;
use settings::Settings;
pub use socket::Close;
use socket::Places;
use stop::Stop;
use stored::Stored;

/// How long a client whose request was given up may take to read the answer and hang up.
const LINGER: Duration = Duration::from_secs(1);

/// What the routes work with: one for the whole program, shared by its workers.
pub struct Service<E> {
    executor: E,
    settings: Settings,
    auth: Auth,
    probe: Probe,
    look: Look,
    documents: Documents,
    places: Places,
    rates: Rates,
    metrics: Metrics,
    stop: Stop,
}

impl<E: Executor> Service<E> {
    /// A service over a schema for which nobody can show who they are. `probe` answers `/health/ready`.
    pub fn new(executor: E, settings: Settings, probe: Probe) -> Self {
        let documents = Documents::new(&settings.limits.pinned, Stored::default(), settings.stored_only);
        let (places, rates) = (Places::new(&settings.sockets), Rates::new(settings.rate));
        Self {
            executor,
            settings,
            auth: Auth::closed(),
            probe,
            look: Arc::new(Inside::default),
            documents,
            places,
            rates,
            metrics: Metrics::new(),
            stop: Stop::new(),
        }
    }

    /// The same service with stored documents.
    #[must_use]
    pub fn with_stored(self, stored: Stored) -> Self {
        let documents = Documents::new(&self.settings.limits.pinned, stored, self.settings.stored_only);
        Self { documents, ..self }
    }

    /// The same service with a way to ask for what only others know, for `/metrics`.
    #[must_use]
    pub fn with_look(self, look: Look) -> Self {
        Self { look, ..self }
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
            .configure(metrics::configure::<E>)
            .configure(portal::configure::<E>)
            .default_service(web::to(no_such_route))
            .wrap(from_fn(cors::cors::<E>))
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
