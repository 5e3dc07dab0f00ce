//! The assistance policy toolbox: a catalogue of 34 measures and the exact package of a household.

pub mod documents;
pub mod domain;
pub mod policy_files;
