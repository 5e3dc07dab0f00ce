//! Changes that are common enough to be asked for in words: they become a new text of a policy file.

use chrono::NaiveDate;

use crate::documents::tree::{Entry, Tree, Value, parse_toml, to_toml};

/// Why a text cannot be changed as asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The text is no policy file.
    #[error("the file cannot be read")]
    Unreadable,
    /// A version of the measure begins on or after the day.
    #[error("a version of `{standard}` begins on {from}: retire the measure from a later day")]
    BeginsLater {
        /// The standard.
        standard: String,
        /// Its first day.
        from: NaiveDate,
    },
    /// Every version ends before the day.
    #[error("the measure has ended before {0}")]
    Ended(NaiveDate),
}

/// The text of a measure that ends on a day: every version that would go on ends then. Remarks stay.
///
/// # Errors
/// [`EditError`].
pub fn retired(text: &str, from: NaiveDate) -> Result<String, EditError> {
    let tree = parse_toml(text).map_err(|_error| EditError::Unreadable)?;
    let Some(Value::List(standards)) = value(&tree, "standards") else { return Err(EditError::Unreadable) };
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    // From the last to the first, so that lines which are added do not move those still to be changed.
    let mut ended = true;
    for standard in standards.iter().rev() {
        let Some((Value::Date(begins), Some(at))) = entry(standard, "from") else {
            return Err(EditError::Unreadable);
        };
        if *begins >= from {
            let id = match value(standard, "id") {
                Some(Value::Text(id)) => id.clone(),
                _ => String::new(),
            };
            return Err(EditError::BeginsLater { standard: id, from: *begins });
        }
        match entry(standard, "until") {
            Some((Value::Date(until), _)) if *until <= from => {}
            Some((_, Some(line))) => {
                let written = lines.get_mut(line - 1).ok_or(EditError::Unreadable)?;
                *written = format!("until = {from}");
                ended = false;
            }
            _ => {
                lines.insert(at.min(lines.len()), format!("until = {from}"));
                ended = false;
            }
        }
    }
    if ended {
        return Err(EditError::Ended(from));
    }
    Ok(lines.join("\n") + "\n")
}

/// Measures that a place opens to further identities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewExtension {
    /// Its id.
    pub id: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// Its first day.
    pub from: NaiveDate,
    /// The measures, by id.
    pub measures: Vec<String>,
    /// The standards that this identity opens ...
    pub like: String,
    /// ... are opened to these as well.
    pub to: Vec<String>,
    /// Where it is known from, as policy files write it.
    pub source: String,
}

/// The text of a place with a further extension at its end. Remarks stay.
///
/// # Errors
/// [`EditError::Unreadable`], for a place whose extensions are not written under heads of their own too.
pub fn extended(text: &str, new: &NewExtension) -> Result<String, EditError> {
    let plain = |value: Value| Tree { value, line: None };
    let text_of = |text: &str| Value::Text(text.to_owned());
    let list = |items: &[String]| Value::List(items.iter().map(|item| plain(text_of(item))).collect());
    let fields = [
        ("id", text_of(&new.id)),
        ("zh", text_of(&new.zh)),
        ("en", text_of(&new.en)),
        ("from", Value::Date(new.from)),
        ("measures", list(&new.measures)),
        ("like", text_of(&new.like)),
        ("to", list(&new.to)),
        ("source", text_of(&new.source)),
    ];
    let entry = |(key, value): (&str, Value)| Entry { key: key.to_owned(), line: None, tree: plain(value) };
    let item = plain(Value::Table(fields.into_iter().map(entry).collect()));
    let whole = plain(Value::Table(vec![entry(("extensions", Value::List(vec![item])))]));
    let added = to_toml(&whole).map_err(|_no_form| EditError::Unreadable)?;
    let text = format!("{}\n\n{added}", text.trim_end());
    if parse_toml(&text).is_err() {
        return Err(EditError::Unreadable);
    }
    Ok(text)
}

fn entry<'t>(tree: &'t Tree, key: &str) -> Option<(&'t Value, Option<usize>)> {
    let Value::Table(entries) = &tree.value else { return None };
    let entry = entries.iter().find(|entry| entry.key == key)?;
    Some((&entry.tree.value, entry.line))
}

fn value<'t>(tree: &'t Tree, key: &str) -> Option<&'t Value> {
    entry(tree, key).map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_measure_ends_and_keeps_its_remarks() {
        let text = "# why\n[[standards]]\nid = \"a\"\nfrom = 2021-01-01 # long ago\nuntil = 2022-01-01\n\
                    [[standards]]\nid = \"a\"\nfrom = 2022-01-01\n[[standards]]\nid = \"b\"\nfrom = 2022-01-01\nuntil = 2030-01-01\n";
        let expected = "# why\n[[standards]]\nid = \"a\"\nfrom = 2021-01-01 # long ago\nuntil = 2022-01-01\n\
                        [[standards]]\nid = \"a\"\nfrom = 2022-01-01\nuntil = 2025-01-01\n[[standards]]\nid = \"b\"\n\
                        from = 2022-01-01\nuntil = 2025-01-01\n";
        assert_eq!(retired(text, day("2025-01-01")), Ok(expected.to_owned()));
        assert_eq!(retired(expected, day("2025-01-01")), Err(EditError::Ended(day("2025-01-01"))));
        let later = EditError::BeginsLater { standard: "b".to_owned(), from: day("2022-01-01") };
        assert_eq!(retired(text, day("2022-01-01")), Err(later));
        assert_eq!(retired("x = 1\n", day("2022-01-01")), Err(EditError::Unreadable));
    }

    #[test]
    fn a_place_is_extended_at_its_end() {
        let new = NewExtension {
            id: "x".to_owned(),
            zh: "丙".to_owned(),
            en: "c".to_owned(),
            from: day("2025-01-01"),
            measures: vec!["M4".to_owned()],
            like: "m_edge".to_owned(),
            to: vec!["dibao".to_owned()],
            source: "assumption: \"quoted\"".to_owned(),
        };
        let text = extended("id = \"p\" # a place\n", &new).unwrap();
        assert!(text.starts_with("id = \"p\" # a place\n\n[[extensions]]\nid = \"x\"\n"), "{text}");
        assert!(text.ends_with("source = \"assumption: \\\"quoted\\\"\"\n"), "{text}");
        assert_eq!(extended("extensions = []\n", &new), Err(EditError::Unreadable));
    }
}
