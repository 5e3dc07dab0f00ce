//! Documents from outside, TOML or JSON, read with every problem located: policy files and households
//! share one tree and one reader.

pub mod audit;
pub mod change;
pub mod explanation;
pub mod household;
pub mod income;
pub mod package;
pub mod reader;
pub mod registry;
pub mod roll;
pub mod sheet;
pub mod table;
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

/// A source as policy files write it: `document: S02 art 30`.
pub fn source_text(source: &crate::domain::source::Source) -> String {
    let document = source.document.as_deref().unwrap_or_default();
    let rest =
        [document, source.detail.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    if rest.is_empty() {
        return source.tag.code().to_owned();
    }
    format!("{}: {}", source.tag.code(), rest.join(" "))
}
