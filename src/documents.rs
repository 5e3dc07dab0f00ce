//! Documents from outside, TOML or JSON, read with every problem located: policy files and households
//! share one tree and one reader.

pub mod reader;
pub mod tree;

/// Declares stable codes of problems, each with its meaning, and the list of all of them.
macro_rules! codes {
    ($($(#[$doc:meta])+ $name:ident = $code:literal;)+) => {
        $($(#[$doc])+ pub const $name: &str = $code;)+

        /// Every code of this module.
        pub const ALL: &[&str] = &[$($code),+];
    };
}
pub(crate) use codes;
