//! The one integration binary.

mod advisories;
#[cfg(test)]
mod bad_policies;
mod config;
mod contests;
mod http;
mod support;
