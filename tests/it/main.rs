//! The one integration binary.

mod advisories;
mod bad_policies;
mod config;
mod contests;
mod http;
mod store;
mod support;
