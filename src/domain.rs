//! The pure core: facts, catalogue and date in, package out. It opens no file and reads no clock.

pub mod catalogue;
pub mod condition;
pub mod difference;
pub mod explain;
pub mod facts;
pub mod id_number;
pub mod identity;
pub mod identity_rules;
pub mod income;
pub mod kernel;
pub mod ledger;
pub mod measure;
pub mod money;
mod needs;
pub mod package;
pub mod period;
pub mod ratio;
pub mod region;
pub mod registries;
pub mod resolve;
pub mod rulebook;
pub mod schedule;
pub mod source;
pub mod text;
pub mod vocabulary;
