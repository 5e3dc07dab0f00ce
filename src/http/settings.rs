//! What the service is told from outside: one value, the defaults of which are safe.

use super::{
    client::Proxies,
    limits::{Limits, SocketLimits},
    origin::Origins,
    stop::StopTimes,
};

/// The settings of the transport. [`crate::config`] reads them from the environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// What one request may cost.
    pub limits: Limits,
    /// What sockets may cost.
    pub sockets: SocketLimits,
    /// The pages of other hosts that may ask from a browser. None.
    pub origins: Origins,
    /// The proxies that say whom they speak for. None.
    pub proxies: Proxies,
    /// How long stopping may take.
    pub stop: StopTimes,
}
