//! The one integration binary. Its modules are marked as tests so that the lints know them as such.

#[cfg(test)]
mod access;
#[cfg(test)]
mod advisories;
#[cfg(test)]
mod architecture;
#[cfg(test)]
mod bad_policies;
#[cfg(test)]
mod catalogues;
#[cfg(test)]
mod chain;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod cli_reference;
#[cfg(test)]
mod config;
#[cfg(test)]
mod contests;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod graphql;
#[cfg(test)]
mod http;
#[cfg(test)]
mod income;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod merging;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod registries;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod store;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tables;
#[cfg(test)]
mod worked;
