//! The assistance policy toolbox: a catalogue of 34 measures and the exact package of a household.
//!
//! Modules, each using only those above it: [`domain`] is pure and tells the whole story;
//! [`documents`] reads and writes it and [`policy_files`] reads policies; [`app`] holds the use cases;
//! [`http`] carries the API, with [`config`] and [`telemetry`] around it.

pub mod domain;

pub mod documents;

pub mod policy_files;

pub mod app;

pub mod http;

pub mod config;
pub mod telemetry;
