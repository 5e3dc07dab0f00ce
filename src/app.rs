//! Use cases: what the command line and the API do, without either of them.

pub mod access;
pub mod audit;
pub mod catalogues;
pub mod clock;
pub mod closed_loop;
pub mod deliveries;
pub mod dry_run;
pub mod households;
pub mod imports;
pub mod income;
pub mod leads;
pub mod monitoring;
pub mod numbers;
pub mod packages;
pub mod policies;
pub mod proposals;
pub mod records;
pub mod registries;
pub mod saved;
pub mod timeline;
pub mod vault;
