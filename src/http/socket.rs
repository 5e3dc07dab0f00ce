//! Operations over a WebSocket: the protocol graphql-transport-ws, in a layer of our own.
//!
//! Who asks is said in the first message and nowhere else. What is asked for goes the same way as over HTTP
//! ([`super::operation`]), queries and mutations too: the same guard, the same limits, the same errors. A socket is
//! bounded in everything that a client can make it hold: operations, bytes of a message, bytes that wait to be read,
//! time without an operation. [`Close`] is the table of the ways in which it ends.

mod close;
mod frames;
mod inlet;
mod message;
mod outlet;
mod places;
mod running;
mod session;

use actix_web::{HttpRequest, HttpResponse, guard::GuardContext, http::header, rt, web};
use async_graphql::Executor;
use tokio::time::Instant;
use tracing::{Instrument as _, info_span};

pub use close::Close;
pub(super) use places::Places;

use super::{
    Service, answer,
    client::Client,
    error::{Reason, Refusal},
    origin::Page,
    request::Media,
    trace,
};
use frames::Frames;
use places::{Full, Place};
use session::Session;

/// Seconds after which a client that found no room may try again.
const RETRY_AFTER: u64 = 10;

/// The subprotocol that is spoken.
pub(super) const PROTOCOL: &str = "graphql-transport-ws";

/// Whether a request asks for a socket.
pub(super) fn is_asked_for(context: &GuardContext<'_>) -> bool {
    let upgrade = context.head().headers().get(header::UPGRADE).and_then(|value| value.to_str().ok());
    upgrade.is_some_and(|value| value.to_ascii_lowercase().contains("websocket"))
}

/// Opens a socket.
pub(super) async fn open<E: Executor>(
    request: HttpRequest,
    payload: web::Payload,
    service: web::Data<Service<E>>,
) -> HttpResponse {
    let correlation = trace::correlation(&request);
    let client = Client::of(&request, &service.settings.proxies);
    let most = service.settings.limits.body_bytes;
    let opened = admit(&request, client, &service).and_then(|place| {
        let payload = inlet::inlet(&request, payload, most);
        let payload = payload.ok_or_else(|| Refusal::new(Reason::Internal, "internal error"))?;
        shake_hands(&request, payload, place)
    });
    let (response, place, session, stream) = match opened {
        Ok(opened) => opened,
        Err(refusal) => {
            service.metrics.refused(refusal.reason);
            return answer::refusal(refusal, Media::Json, &correlation);
        }
    };
    let mut outlet = None;
    let response = response.map_body(|_, body| {
        let (sending, body) = outlet::outlet(session, body, place, &service.settings.sockets);
        outlet = Some(sending);
        body
    });
    if let Some(outlet) = outlet {
        let span = info_span!("socket", correlation_id = %correlation);
        let frames = Frames::new(stream, most);
        let session = Session::new(service, client, correlation, (outlet, frames));
        rt::spawn(session.run().instrument(span));
    }
    response
}

/// Takes a place for a socket, if this client may have one.
fn admit<E>(request: &HttpRequest, client: Client, service: &Service<E>) -> Result<Place, Refusal> {
    if !service.stop.is_serving() {
        return Err(Refusal::new(Reason::Stopping, "the service stops").for_seconds(RETRY_AFTER));
    }
    if service.settings.origins.page(request) == Page::Foreign {
        return Err(Refusal::new(Reason::OriginRefused, "pages of this origin may not ask"));
    }
    service.rates.charge(client, None, 1, Instant::now())?;
    service.places.take(client.address).map_err(|full| {
        let refusal = match full {
            Full::All => Refusal::new(Reason::SocketsFull, "there is no room for another socket"),
            Full::Address => Refusal::new(Reason::TooManySockets, "close one of your sockets first"),
        };
        refusal.for_seconds(RETRY_AFTER)
    })
}

type Opened = (HttpResponse, Place, actix_ws::Session, actix_ws::MessageStream);

fn shake_hands(request: &HttpRequest, payload: web::Payload, place: Place) -> Result<Opened, Refusal> {
    let shaken = actix_ws::handle_with_protocols(request, payload, &[PROTOCOL]);
    let (response, session, stream) = shaken.map_err(|_error| {
        Refusal::new(Reason::HandshakeInvalid, "this is no handshake of WebSocket, version 13")
    })?;
    if response.headers().contains_key(header::SEC_WEBSOCKET_PROTOCOL) {
        Ok((response, place, session, stream))
    } else {
        let message = format!("offer the subprotocol `{PROTOCOL}`");
        Err(Refusal::new(Reason::SubprotocolUnsupported, message))
    }
}
