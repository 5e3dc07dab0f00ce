//! The one integration binary.

mod advisories;
mod architecture;
mod bad_policies;
mod config;
mod contests;
mod http;
mod store;
mod support;
