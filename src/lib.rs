//! The assistance policy toolbox: a catalogue of 34 measures and the exact package of a household.

pub mod config;
pub mod domain;
pub mod http;
pub mod telemetry;
