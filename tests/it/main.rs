//! The one integration binary.

mod bad_policies;
mod config;
mod http;
mod schema;
