//! The assistance policy toolbox: a catalogue of 34 measures and the exact package of a household.
//!
//! Modules, each using only those above it: [`domain`] is pure and tells the whole story;
//! [`documents`] reads and writes it; [`policy_files`] makes a catalogue of a folder of policies;
//! [`app`] holds the use cases; [`cli`] is the command line.

pub mod domain;

pub mod documents;
pub mod policy_files;

pub mod app;

pub mod cli;
