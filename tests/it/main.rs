//! The one integration binary.

mod bad_policies;
mod config;
mod graphql;
mod http;
mod schema;
