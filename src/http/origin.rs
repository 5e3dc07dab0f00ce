//! Which pages may ask from a browser.

use std::str::FromStr;

use actix_web::{
    HttpRequest,
    http::header::{self, HeaderValue},
};

/// The origins of pages that may ask, beside those of this service itself. There is no "all".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins(pub Vec<Origin>);

/// An origin as a browser writes it: `https://portal.example`, with a port if it is not the usual one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

/// A text that is no origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an origin is `https://` or `http://` with a host, and a port if need be")]
pub struct OriginError;

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let host =
            text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or(OriginError)?;
        let good = |byte: u8| {
            byte.is_ascii_lowercase()
                || byte.is_ascii_digit()
                || matches!(byte, b'.' | b'-' | b':' | b'[' | b']')
        };
        if host.is_empty() || !host.bytes().all(good) { Err(OriginError) } else { Ok(Self(text.to_owned())) }
    }
}

/// What the header `Origin` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page<'r> {
    /// Nothing: no page asks, but a program; or a page of this service.
    Own,
    /// A page that may ask.
    Listed(&'r HeaderValue),
    /// A page that may not.
    Foreign,
}

impl Origins {
    /// Which page asks.
    pub(super) fn page<'r>(&self, request: &'r HttpRequest) -> Page<'r> {
        let mut values = request.headers().get_all(header::ORIGIN);
        let Some(value) = values.next() else { return Page::Own };
        let Some(text) = value.to_str().ok().filter(|_| values.next().is_none()) else {
            return Page::Foreign;
        };
        if self.0.iter().any(|origin| origin.0 == text) {
            return Page::Listed(value);
        }
        // A proxy may have taken the encryption off, so the scheme tells nothing.
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        let own = text
            .split_once("://")
            .is_some_and(|(_, authority)| host.is_some_and(|host| host.eq_ignore_ascii_case(authority)));
        if own { Page::Own } else { Page::Foreign }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn an_origin_has_scheme_and_host_and_nothing_else() {
        for good in ["https://portal.example", "http://127.0.0.1:3000", "https://[::1]:8443"] {
            assert_eq!(good.parse::<Origin>(), Ok(Origin(good.to_owned())));
        }
        for bad in [
            "*",
            "null",
            "",
            "https://",
            "portal.example",
            "https://a/",
            "https://A.example",
            "https://*.a",
            "file:///a",
            "https://a b",
            "https://u@a",
        ] {
            assert_eq!(bad.parse::<Origin>(), Err(OriginError), "{bad}");
        }
    }

    #[test]
    fn a_page_is_listed_own_or_foreign() {
        let origins = Origins(vec!["https://portal.example".parse().unwrap()]);
        let page = |said: &[&str]| {
            let mut request = TestRequest::get().insert_header(("host", "Toolbox.example:8443"));
            for value in said {
                request = request.append_header(("origin", *value));
            }
            let request = request.to_http_request();
            match origins.page(&request) {
                Page::Own => "own",
                Page::Listed(_) => "listed",
                Page::Foreign => "foreign",
            }
        };
        assert_eq!(page(&[]), "own");
        assert_eq!(page(&["https://toolbox.example:8443"]), "own");
        assert_eq!(page(&["https://portal.example"]), "listed");
        for foreign in
            ["null", "https://portal.example:8443", "http://portal.example", "https://toolbox.example", "*"]
        {
            assert_eq!(page(&[foreign]), "foreign", "{foreign}");
        }
        assert_eq!(page(&["https://portal.example", "https://portal.example"]), "foreign");
    }
}
