//! The one integration binary. Its modules are marked as tests so that the lints know them as such.

#[cfg(test)]
mod advisories;
#[cfg(test)]
mod bad_policies;
#[cfg(test)]
mod config;
#[cfg(test)]
mod contests;
#[cfg(test)]
mod http;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod support;
