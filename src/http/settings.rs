//! What the service is told from outside: one value, the defaults of which are safe.

use std::str::FromStr;

use super::{
    client::Proxies,
    limits::{Limits, SocketLimits},
    origin::Origins,
    rate::Rate,
    stop::StopTimes,
};

/// To whom the schema is told, and GraphiQL shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Introspection {
    /// To anybody.
    Open,
    /// To the roles of the table of rules; to anybody while no keys are configured, as only this machine is served.
    #[default]
    Roles,
    /// To nobody, and there is no GraphiQL.
    Off,
}

/// A text that is none of `open`, `roles` and `off`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("introspection is `open`, `roles` or `off`")]
pub struct IntrospectionError;

impl FromStr for Introspection {
    type Err = IntrospectionError;

    fn from_str(text: &str) -> Result<Self, IntrospectionError> {
        match text {
            "open" => Ok(Self::Open),
            "roles" => Ok(Self::Roles),
            "off" => Ok(Self::Off),
            _ => Err(IntrospectionError),
        }
    }
}

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
    /// How much one client may ask for.
    pub rate: Rate,
    /// To whom the schema is told.
    pub introspection: Introspection,
    /// Whether only stored and pinned documents are answered. No.
    pub stored_only: bool,
    /// How long stopping may take.
    pub stop: StopTimes,
}
