//! What the program logs, and how. No personal data: not a document, not a variable, not a message that may quote one.

use std::{io, panic, str::FromStr};

use thiserror::Error;
use tracing_subscriber::{EnvFilter, fmt};

/// The form of a line of log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// A line for people.
    Text,
    /// A line of JSON for machines.
    Json,
}

impl FromStr for LogFormat {
    type Err = TelemetryError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(TelemetryError::Format),
        }
    }
}

/// Why the log could not be set up.
#[derive(Debug, Error)]
pub enum TelemetryError {
    /// The filter does not parse.
    #[error("log filter: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// The form has another name.
    #[error("the log format is `text` or `json`")]
    Format,
    /// A log has been set up before.
    #[error("the log is set up already")]
    Again,
}

/// Sets the log of the whole process up: to standard error, filtered as `filter` says (`info`, `info,actix_server=warn`).
///
/// From then on a panic is logged with its place and without its message, which may quote a household.
///
/// # Errors
/// The filter does not parse, or the process has a log already.
pub fn init(format: LogFormat, filter: &str) -> Result<(), TelemetryError> {
    let filter = EnvFilter::try_new(filter)?;
    let log = fmt().with_env_filter(filter).with_writer(io::stderr).with_target(false);
    let set = match format {
        LogFormat::Text => log.with_ansi(false).try_init(),
        LogFormat::Json => log.json().flatten_event(true).with_span_list(false).try_init(),
    };
    set.map_err(|_taken| TelemetryError::Again)?;
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
    Ok(())
}
