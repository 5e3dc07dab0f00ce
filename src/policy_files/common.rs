//! What many policy files have in common: texts, sources, validities, identities.

use super::diagnostic::codes;
use super::names::{Known, Names, nearest};
use crate::documents::reader::{Node, Table, expected_one_of, quoted_list};
use crate::documents::tree::Value;
use crate::domain::identity::{Identity, IdentitySet};
use crate::domain::measure::{Note, Unit};
use crate::domain::period::{Period, Validity};
use crate::domain::source::{Source, Tag};
use crate::domain::text::Text;

pub(super) const UNITS: [(&str, Unit); 2] = [("person", Unit::Person), ("household", Unit::Household)];
pub(super) const PERIODS: [(&str, Period); 3] =
    [("month", Period::Month), ("year", Period::Year), ("once", Period::Once)];

/// A text of one key that must be there.
pub(super) fn text(table: &Table<'_>, key: &'static str) -> Option<String> {
    table.need(key).and_then(|node| node.text()).map(str::to_owned)
}

/// A word of small letters, digits, `_` and `-`.
pub(super) fn word(table: &Table<'_>, key: &'static str) -> Option<String> {
    let node = table.need(key)?;
    let word = node.text()?;
    let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "_-".contains(letter);
    if word.chars().all(fits) {
        return Some(word.to_owned());
    }
    node.refuse_expecting(codes::BAD_ID, "small letters, digits, `_` and `-`", None);
    None
}

/// A text in both languages.
pub(super) fn both(table: &Table<'_>, zh: &'static str, en: &'static str) -> Option<Text> {
    let node = table.need(zh);
    let zh = node.as_ref().and_then(Node::text);
    if let (Some(node), Some(zh)) = (node, zh)
        && !zh.chars().any(|letter| ('\u{3400}'..='\u{9fff}').contains(&letter))
    {
        let message = "the Chinese text has no Chinese character".to_owned();
        node.refuse(codes::ZH_WITHOUT_CHINESE, message, None);
    }
    let en = text(table, en);
    Some(Text { zh: zh?.to_owned(), en: en? })
}

/// The items of a list of tables; `None` for one that could not be read.
pub(super) fn tables<'a, T>(
    node: Option<Node<'a>>,
    mut read: impl FnMut(&Table<'a>) -> Option<T>,
) -> Vec<Option<T>> {
    let items = node.and_then(|node| node.list()).unwrap_or_default();
    let one = |node: Node<'a>| {
        let table = node.table()?;
        let item = read(&table);
        table.finish();
        item
    };
    items.into_iter().map(one).collect()
}

/// A list of names that must be known, each.
pub(super) fn known_names(
    node: Option<Node<'_>>,
    known: &Known,
    code: &'static str,
    what: &str,
) -> Option<Vec<String>> {
    let items = node?.list()?;
    items.into_iter().map(|node| known_name(&node, known, code, what)).fold(Some(Vec::new()), push)
}

/// A name that must be known.
pub(super) fn known_name(node: &Node<'_>, known: &Known, code: &'static str, what: &str) -> Option<String> {
    let name = node.text()?;
    if known.allows(name) {
        return Some(name.to_owned());
    }
    node.refuse(
        code,
        format!("no {what} is called `{name}`"),
        Some(nearest(name, known.iter(), &format!("the id of a {what}"))),
    );
    None
}

/// Collects while nothing is missing, without stopping at the first that is.
pub(super) fn push<T>(list: Option<Vec<T>>, item: Option<T>) -> Option<Vec<T>> {
    let (mut list, item) = (list?, item?);
    list.push(item);
    Some(list)
}

/// The sources under a key: a text or a list of texts.
pub(super) fn sources(table: &Table<'_>, key: &'static str, names: &Names) -> Option<Vec<Source>> {
    let Some(node) = table.get(key) else {
        let hint = "such as \"paper: 表2\", \"document: S02 art 30\", \"knowledge: …\" or \"assumption: …\"";
        let message = format!("`{key}` is missing: every fact says where it is known from");
        table.refuse_key(key, codes::MISSING_CITATION, message, Some(hint.to_owned()));
        return None;
    };
    source_list(&node, names)
}

/// A text or a list of texts, each a source.
pub(super) fn source_list(node: &Node<'_>, names: &Names) -> Option<Vec<Source>> {
    let nodes = if let Value::List(_) = node.value() { node.list()? } else { vec![node.clone()] };
    if nodes.is_empty() {
        node.refuse(codes::MISSING_CITATION, "no source is given".to_owned(), None);
        return None;
    }
    nodes.iter().map(|node| source(node, names)).fold(Some(Vec::new()), push)
}

fn source(node: &Node<'_>, names: &Names) -> Option<Source> {
    let written = node.text()?;
    let (tag, rest) = written.split_once(':').map_or((written, ""), |(tag, rest)| (tag, rest.trim()));
    let tags = [Tag::Paper, Tag::Document, Tag::Knowledge, Tag::Assumption];
    let Some(tag) = tags.into_iter().find(|known| known.code() == tag.trim()) else {
        let hint = format!("begin with one of {}, then a colon", quoted_list(tags.map(Tag::code)));
        node.refuse_expecting(codes::BAD_SOURCE, "a source", Some(hint));
        return None;
    };
    if tag != Tag::Paper && rest.is_empty() {
        let message = format!("`{}` must say what or why after a colon", tag.code());
        node.refuse(codes::BAD_SOURCE, message, None);
        return None;
    }
    if tag != Tag::Document {
        let zh = names.wordings.zh(rest, node);
        return Some(Source { tag, document: None, detail: rest.to_owned(), zh });
    }
    let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
    let (id, detail) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let detail = detail.trim_start_matches([',', '，', ';', '；']).trim();
    if !names.documents.allows(id) {
        let hint = nearest(id, names.documents.iter(), "the id of a document of sources.toml, such as `S02`");
        node.refuse(codes::UNKNOWN_DOCUMENT, format!("`{id}` is not in sources.toml"), Some(hint));
        return None;
    }
    let zh = names.wordings.zh(detail, node);
    Some(Source { tag, document: Some(id.to_owned()), detail: detail.to_owned(), zh })
}

/// `from` and `until`.
pub(super) fn validity(table: &Table<'_>) -> Option<Validity> {
    let from = table.need("from").and_then(|node| node.date());
    let Some(until) = table.get("until") else { return Validity::new(from?, None) };
    let (from, day) = (from?, until.date()?);
    let validity = Validity::new(from, Some(day));
    if validity.is_none() {
        let message = format!("it ends on {day}, before it begins on {from}");
        let hint = "`until` is the first day on which it no longer holds".to_owned();
        until.refuse(codes::EMPTY_VALIDITY, message, Some(hint));
    }
    validity
}

/// One identity type.
pub(super) fn identity(node: &Node<'_>) -> Option<Identity> {
    let code = node.text()?;
    let found = code.parse().ok();
    if found.is_none() {
        let all = Identity::ALL.map(Identity::code);
        let hint = expected_one_of(code, all);
        node.refuse(codes::UNKNOWN_IDENTITY, format!("no identity type is called `{code}`"), Some(hint));
    }
    found
}

/// A list of identity types that is not empty.
pub(super) fn identities(node: &Node<'_>) -> Option<IdentitySet> {
    let items = node.list()?;
    if items.is_empty() {
        node.refuse(codes::EMPTY_LIST, "no identity type is named".to_owned(), None);
        return None;
    }
    let identities = items.iter().map(identity).fold(Some(Vec::new()), push)?;
    Some(identities.into_iter().collect())
}

/// A remark with its sources.
pub(super) fn note(table: &Table<'_>, names: &Names) -> Option<Note> {
    let text = both(table, "zh", "en");
    let sources = sources(table, "source", names);
    Some(Note { text: text?, sources: sources? })
}

/// The notes of a table; those that cannot be read are reported and left out.
pub(super) fn notes(table: &Table<'_>, names: &Names) -> Vec<Note> {
    tables(table.get("notes"), |table| note(table, names)).into_iter().flatten().collect()
}

/// A value that may be left out, but not be wrong: `None` if it is wrong.
#[expect(clippy::option_option, reason = "left out and wrong are different answers")]
pub(super) fn unless_bad<T>(read: Option<Option<T>>) -> Option<Option<T>> {
    match read {
        None => Some(None),
        Some(value) => value.map(Some),
    }
}
