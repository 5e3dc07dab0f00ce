//! Whom a request comes from: an address, through proxies that are trusted and no others.

use std::{
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

use actix_web::{
    HttpRequest,
    http::header::{self, HeaderMap, HeaderName},
};

/// Where a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Client {
    /// What is counted as one client: an IPv4 address, or the /64 network of an IPv6 address, since a host has that
    /// many for itself.
    pub(super) address: IpAddr,
    /// Whether the client sits on this machine. A proxy on this machine speaks for others, and says so.
    pub(super) local: bool,
}

impl Client {
    /// The client of a request. Without trusted proxies it is the peer, whatever a header says.
    pub(super) fn of(request: &HttpRequest, proxies: &Proxies) -> Self {
        let Some(peer) = request.peer_addr().map(|peer| peer.ip().to_canonical()) else {
            return Self { address: Ipv6Addr::UNSPECIFIED.into(), local: false };
        };
        let headers = request.headers();
        let spoken_for =
            [header::FORWARDED, header::X_FORWARDED_FOR].iter().any(|name| headers.contains_key(name));
        let address = proxies.client(peer, headers);
        Self { address: network(address), local: peer.is_loopback() && !spoken_for }
    }
}

fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
    }
}

/// The header in which a proxy says whom it speaks for. It is one, since what a proxy does not write itself it may
/// pass on from anybody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProxyHeader {
    /// `X-Forwarded-For`: addresses with commas between, the nearest last.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl FromStr for ProxyHeader {
    type Err = ProxyError;

    fn from_str(name: &str) -> Result<Self, ProxyError> {
        match name {
            "x-forwarded-for" => Ok(Self::XForwardedFor),
            "forwarded" => Ok(Self::Forwarded),
            _ => Err(ProxyError::Header),
        }
    }
}

/// The proxies that are believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    /// Where they sit.
    pub networks: Vec<Network>,
    /// The header that they write.
    pub header: ProxyHeader,
}

/// What is no proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProxyError {
    /// The name of the header.
    #[error("the header of a proxy is `x-forwarded-for` or `forwarded`")]
    Header,
    /// The address.
    #[error("a proxy is an address such as `10.0.0.1` or a network such as `10.0.0.0/8`")]
    Network,
}

impl Proxies {
    /// The last address that no trusted proxy vouches for as another proxy; the peer itself if it is none.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer;
        let mut said = self.said(headers).into_iter().rev();
        while self.networks.iter().any(|network| network.contains(client)) {
            // What cannot be read ends the chain: the last proxy that can be named stands for its clients.
            let Some(Some(address)) = said.next() else { break };
            client = address;
        }
        client
    }

    /// The addresses of the header, the nearest last; `None` for what cannot be read.
    fn said(&self, headers: &HeaderMap) -> Vec<Option<IpAddr>> {
        let (name, read): (HeaderName, fn(&str) -> Option<IpAddr>) = match self.header {
            ProxyHeader::XForwardedFor => (header::X_FORWARDED_FOR, address),
            ProxyHeader::Forwarded => (header::FORWARDED, forwarded_for),
        };
        let mut addresses = Vec::new();
        for value in headers.get_all(name) {
            match value.to_str() {
                Ok(text) => addresses.extend(text.split(',').map(read)),
                Err(_bytes) => addresses.push(None),
            }
        }
        addresses
    }
}

/// The address of the pair `for` of one element of `Forwarded`.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let mut pairs = element.split(';').filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.eq_ignore_ascii_case("for"))?;
    address(value.trim_matches('"'))
}

/// An address, with or without a port: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let host = match text.strip_prefix('[') {
        Some(bracketed) => bracketed.split_once(']').map(|(host, _port)| host)?,
        None => match text.split_once(':') {
            Some((host, port)) if !port.contains(':') => host,
            _ => text,
        },
    };
    host.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

/// A network: the addresses that share their first bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

impl Network {
    fn contains(self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                own.to_bits() ^ other.to_bits() <= u32::MAX.checked_shr(self.bits).unwrap_or(0)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                own.to_bits() ^ other.to_bits() <= u128::MAX.checked_shr(self.bits).unwrap_or(0)
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = ProxyError;

    fn from_str(text: &str) -> Result<Self, ProxyError> {
        let (host, bits) = text.split_once('/').map_or((text, None), |(host, bits)| (host, Some(bits)));
        let address: IpAddr = host.parse().map_err(|_error| ProxyError::Network)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), str::parse).map_err(|_error| ProxyError::Network)?;
        if bits > most { Err(ProxyError::Network) } else { Ok(Self { address, bits }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn client(peer: &str, proxies: &[&str], header: ProxyHeader, said: &[(&str, &str)]) -> String {
        let networks = proxies.iter().map(|text| text.parse().unwrap()).collect();
        let peer = format!("{peer}:1000").parse().unwrap();
        let mut request = TestRequest::get().peer_addr(peer);
        for (name, value) in said {
            request = request.append_header((*name, *value));
        }
        Client::of(&request.to_http_request(), &Proxies { networks, header }).address.to_string()
    }

    #[test]
    fn without_trusted_proxies_no_header_says_who_asks() {
        let said = [("x-forwarded-for", "198.51.100.1"), ("forwarded", "for=198.51.100.1")];
        assert_eq!(client("192.0.2.1", &[], ProxyHeader::XForwardedFor, &said), "192.0.2.1");
        assert_eq!(client("192.0.2.1", &["10.0.0.0/8"], ProxyHeader::XForwardedFor, &said), "192.0.2.1");
    }

    #[test]
    fn a_trusted_proxy_is_believed_as_far_as_it_speaks_for_itself() {
        let ask =
            |said: &[(&str, &str)]| client("10.0.0.1", &["10.0.0.0/8"], ProxyHeader::XForwardedFor, said);
        assert_eq!(ask(&[]), "10.0.0.1");
        assert_eq!(ask(&[("x-forwarded-for", "198.51.100.1")]), "198.51.100.1");
        // What stands before it was written by the client itself.
        assert_eq!(ask(&[("x-forwarded-for", "203.0.113.9, 198.51.100.1")]), "198.51.100.1");
        assert_eq!(ask(&[("x-forwarded-for", "198.51.100.1, 10.2.0.1")]), "198.51.100.1");
        assert_eq!(
            ask(&[("x-forwarded-for", "198.51.100.1"), ("x-forwarded-for", "10.2.0.1")]),
            "198.51.100.1"
        );
        assert_eq!(ask(&[("x-forwarded-for", "198.51.100.1, nonsense")]), "10.0.0.1");
        assert_eq!(ask(&[("x-forwarded-for", "198.51.100.1:4711")]), "198.51.100.1");
        // The other header may come from anybody.
        assert_eq!(ask(&[("forwarded", "for=198.51.100.1")]), "10.0.0.1");
    }

    #[test]
    fn the_standard_header_is_read_too() {
        let ask =
            |said: &str| client("10.0.0.1", &["10.0.0.1"], ProxyHeader::Forwarded, &[("forwarded", said)]);
        assert_eq!(ask("for=198.51.100.1;proto=https"), "198.51.100.1");
        assert_eq!(ask("proto=https;For=\"198.51.100.1:80\""), "198.51.100.1");
        assert_eq!(ask("for=\"[2001:db8:1:2:3::4]:80\""), "2001:db8:1:2::");
        assert_eq!(ask("for=_hidden"), "10.0.0.1");
    }

    #[test]
    fn a_host_with_many_addresses_is_one_client() {
        let ask = |peer: &str| client(peer, &[], ProxyHeader::XForwardedFor, &[]);
        assert_eq!(ask("[2001:db8:1:2:3:4:5:6]"), ask("[2001:db8:1:2:ffff::1]"));
        assert_ne!(ask("[2001:db8:1:2::1]"), ask("[2001:db8:1:3::1]"));
        assert_eq!(ask("[::ffff:192.0.2.1]"), "192.0.2.1");
    }

    #[test]
    fn networks_are_read_and_hold_their_addresses() {
        for (network, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.0"),
            ("10.0.0.1", "10.0.0.1", "10.0.0.2"),
            ("0.0.0.0/0", "203.0.113.1", "::1"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::1"),
            ("::1/128", "::1", "::2"),
        ] {
            let read: Network = network.parse().unwrap();
            assert!(read.contains(inside.parse().unwrap()), "{network}");
            assert!(!read.contains(outside.parse().unwrap()), "{network}");
        }
        for bad in ["", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "localhost", "::1/129"] {
            assert_eq!(bad.parse::<Network>(), Err(ProxyError::Network), "{bad}");
        }
    }
}
