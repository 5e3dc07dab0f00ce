//! The rules by which two people without an ID number in common may be one.

use super::common::{both, sources, word};
use super::diagnostic::codes;
use super::names::Names;
use crate::documents::reader::{Table, quoted_list};
use crate::domain::registries::matching::{MatchRule, Trait};

/// A rule: at least two traits, one of them the name.
pub(super) fn rule(table: &Table<'_>, names: &Names) -> Option<MatchRule> {
    let id = word(table, "id");
    let text = both(table, "zh", "en");
    let same = table.need("same").and_then(|node| {
        node.list()?.iter().map(|node| node.choice(&Trait::CODES)).collect::<Option<Vec<Trait>>>()
    });
    let sources = sources(table, "source", names);
    let mut same = same?;
    same.sort_unstable();
    same.dedup();
    if same.len() < 2 || !same.contains(&Trait::Name) {
        let message = "a rule names at least two traits, one of them `name`".to_owned();
        let hint = format!("of {}", quoted_list(Trait::CODES.map(|(code, _)| code)));
        table.refuse_key("same", codes::WEAK_MATCH, message, Some(hint));
        return None;
    }
    Some(MatchRule { id: id?, text: text?, same, sources: sources? })
}
