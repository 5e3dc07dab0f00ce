//! The assistance policy toolbox: a catalogue of 34 measures and the exact package of a household.
//!
//! Modules, each using only those above it: [`domain`] is pure and tells the whole story;
//! [`documents`] reads and writes it; [`store`] keeps it; [`app`] holds the use cases.

pub mod domain;

pub mod documents;

pub mod store;

pub mod app;
