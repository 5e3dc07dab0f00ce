//! The one integration binary.

mod bad_policies;
mod config;
mod contests;
mod http;
mod support;
