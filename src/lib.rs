//! The assistance policy toolbox: a catalogue of 34 measures and the exact package of a household.
//!
//! Modules, each using only those above it: [`domain`] is pure and tells the whole story;
//! [`documents`] reads and writes it, [`policy_files`] reads policies and [`store`] keeps households;
//! [`app`] holds the use cases; [`graphql`] is the API and [`http`] carries it; [`cli`] is the command
//! line, with [`config`] and [`telemetry`] around it.

pub mod domain;

pub mod documents;
pub mod policy_files;
pub mod store;

pub mod app;

pub mod graphql;

pub mod http;

pub mod config;
pub mod telemetry;

pub mod cli;
