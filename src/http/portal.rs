//! GraphiQL, from files of this program only. They are built in if they were there when it was built.

use actix_web::{
    HttpResponse,
    http::header::{self, ContentType},
    web,
};

use super::{Service, settings::Introspection};

/// One file of the portal: its name, its media type, its content.
type File = (&'static str, &'static str, &'static [u8]);

include!(concat!(env!("OUT_DIR"), "/portal.rs"));

/// The file that `/graphiql` itself answers with.
const PAGE: &str = "index.html";

/// What the page may do: load from here and ask here. The editor writes style attributes.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

const ABSENT: &str = "GraphiQL is not part of this build. Run `portal/graphiql/build` (it needs npm), then build the \
                      program again. The API itself is at /graphql.\n";

const OFF: &str = "There is no GraphiQL here. The API itself is at /graphql.\n";

/// Registers the page and its files.
pub(super) fn configure<E: 'static>(config: &mut web::ServiceConfig) {
    config.route("/graphiql", web::get().to(page::<E>)).route("/graphiql/{file}", web::get().to(file::<E>));
}

async fn page<E: 'static>(service: web::Data<Service<E>>) -> HttpResponse {
    answer(PAGE, &service)
}

async fn file<E: 'static>(name: web::Path<String>, service: web::Data<Service<E>>) -> HttpResponse {
    answer(&name, &service)
}

/// The page itself is the same for all: what it can show depends on the token that is typed into it.
fn answer<E>(name: &str, service: &Service<E>) -> HttpResponse {
    if service.settings.introspection == Introspection::Off {
        return HttpResponse::NotFound().content_type(ContentType::plaintext()).body(OFF);
    }
    match FILES.iter().find(|file| file.0 == name) {
        Some(&(_, media, content)) => HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, media))
            .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
            .insert_header((header::CACHE_CONTROL, "max-age=3600"))
            .body(content),
        None => HttpResponse::NotFound().content_type(ContentType::plaintext()).body(ABSENT),
    }
}
