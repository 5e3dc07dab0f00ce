//! Leave for pages of other hosts to ask from a browser (CORS): those of the list, without cookies, and no others.

use actix_web::{
    Error, HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, HeaderMap, HeaderValue},
    },
    middleware::Next,
    web,
};

use super::{
    Service, answer,
    error::{Reason, Refusal},
    origin::Page,
    request::Media,
    trace,
};

/// What a page may send.
const METHODS: &str = "GET, POST";
const HEADERS: &str = "authorization, assistance-purpose, content-type";

/// What a page may read beside the body.
const EXPOSED: &str = "retry-after, x-correlation-id";

/// Seconds for which a browser may keep the leave.
const MAX_AGE: &str = "600";

/// The middleware.
pub(super) async fn cors<E: 'static>(
    service: web::Data<Service<E>>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    let listed = match service.settings.origins.page(request.request()) {
        Page::Listed(origin) => Some(origin.clone()),
        Page::Own | Page::Foreign => None,
    };
    let asks_leave = request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if asks_leave {
        let answer = if listed.is_some() {
            HttpResponse::NoContent()
                .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, METHODS))
                .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS))
                .insert_header((header::ACCESS_CONTROL_MAX_AGE, MAX_AGE))
                .finish()
        } else {
            let refusal = Refusal::new(Reason::OriginRefused, "pages of this origin may not ask");
            answer::refusal(refusal, Media::Json, &trace::correlation(request.request()))
        };
        request.into_response(answer).map_into_right_body()
    } else {
        next.call(request).await?.map_into_left_body()
    };
    if !service.settings.origins.0.is_empty() {
        allow(response.headers_mut(), listed);
    }
    Ok(response)
}

fn allow(headers: &mut HeaderMap, listed: Option<HeaderValue>) {
    // Whether or not this one is listed: another one gets other headers.
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = listed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    }
}
