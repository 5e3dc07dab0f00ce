//! The types of the schema, one topic a file.

pub mod audit;
pub mod benefit;
pub mod chain;
pub mod change;
pub mod connection;
pub mod delivery;
pub mod dry_run;
pub mod due;
pub mod enums;
pub mod explanation;
pub mod fact;
pub mod household;
pub mod income;
pub mod lead;
pub mod matrix;
pub mod measure;
pub mod node;
pub mod package;
pub mod page;
pub mod place;
pub mod proposal;
pub mod provenance;
pub mod registers;
pub mod registries;
pub mod standard;
pub mod term;
