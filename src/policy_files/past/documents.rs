//! What a file says of the days before a day, read as a document: for files whose entries have dates of their own
//! (`from`, `until`), and for those without any, which speak about all days.

use chrono::NaiveDate;

use crate::documents::tree::{Entry, Tree, Value, parse_toml};

/// Paths in the new text of what says something else of the days before `today` than the old one did. Words, sources
/// and notes say nothing of any day.
pub(super) fn changes(base: Option<&str>, new: &str, today: NaiveDate) -> Vec<String> {
    let tree = |text: &str| parse_toml(text).ok();
    let mut paths = Vec::new();
    compare("", base.and_then(tree).as_ref(), tree(new).as_ref(), today, &mut paths);
    paths
}

fn compare(path: &str, base: Option<&Tree>, new: Option<&Tree>, today: NaiveDate, paths: &mut Vec<String>) {
    let said = |tree: Option<&Tree>| tree.and_then(|tree| meaning(tree, today));
    let (was, is) = (said(base), said(new));
    if was == is {
        return;
    }
    let told = paths.len();
    if let (Some(was), Some(is)) = (&was, &is) {
        match (&was.value, &is.value) {
            (Value::Table(was), Value::Table(is)) => {
                let mut keys: Vec<&str> = was.iter().chain(is).map(|entry| entry.key.as_str()).collect();
                keys.sort_unstable();
                keys.dedup();
                for key in keys {
                    let inner = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
                    compare(&inner, field(base, key), field(new, key), today, paths);
                }
            }
            (Value::List(was), Value::List(_)) => {
                let items = match new.map(|tree| &tree.value) {
                    Some(Value::List(items)) => items.as_slice(),
                    _ => &[],
                };
                for (index, item) in items.iter().enumerate() {
                    if meaning(item, today).is_some_and(|item| !was.contains(&item)) {
                        paths.push(format!("{path}[{index}]"));
                    }
                }
            }
            _ => {}
        }
    }
    // Nothing inside can be named: something is gone, stands in another order, or is another value.
    if paths.len() == told {
        paths.push(path.to_owned());
    }
}

fn field<'t>(tree: Option<&'t Tree>, key: &str) -> Option<&'t Tree> {
    let Value::Table(entries) = &tree?.value else { return None };
    entries.iter().find(|entry| entry.key == key).map(|entry| &entry.tree)
}

/// What is said, as far as it holds before a day, in an order of its own; none if it begins later.
fn meaning(tree: &Tree, today: NaiveDate) -> Option<Tree> {
    let value = match &tree.value {
        Value::Table(entries) => {
            let later = |entry: &Entry| matches!(entry.tree.value, Value::Date(day) if day >= today);
            if entries.iter().any(|entry| entry.key == "from" && later(entry)) {
                return None;
            }
            let ends_later = |entry: &Entry| entry.key == "until" && later(entry);
            let kept = |entry: &&Entry| !is_words(&entry.key) && !ends_later(entry);
            let entry = |entry: &Entry| {
                Some(Entry { key: entry.key.clone(), line: None, tree: meaning(&entry.tree, today)? })
            };
            let mut entries: Vec<Entry> = entries.iter().filter(kept).filter_map(entry).collect();
            entries.sort_by(|one, other| one.key.cmp(&other.key));
            Value::Table(entries)
        }
        Value::List(items) => Value::List(items.iter().filter_map(|item| meaning(item, today)).collect()),
        value => value.clone(),
    };
    Some(Tree { value, line: None })
}

/// Whether a key holds words, sources or notes.
fn is_words(key: &str) -> bool {
    ["zh", "en", "source", "notes"].contains(&key) || key.ends_with("_zh") || key.ends_with("_en")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(base: &str, new: &str) -> Vec<String> {
        changes(Some(base), new, "2024-06-01".parse().unwrap())
    }

    const DATED: &str = "[[rows]]\nid = \"a\"\nzh = \"甲\"\nfrom = 2021-01-01\nvalue = 1\n";

    #[test]
    fn what_begins_later_or_ends_later_says_nothing_of_the_past() {
        let later = format!("{DATED}[[rows]]\nid = \"b\"\nfrom = 2024-06-01\n");
        assert_eq!(found(DATED, &later), Vec::<String>::new());
        assert_eq!(found(&later, DATED), Vec::<String>::new());
        let ended = |day: &str| DATED.replace("value", &format!("until = {day}\nvalue"));
        assert_eq!(found(DATED, &ended("2024-06-01")), Vec::<String>::new());
        assert_eq!(found(DATED, &ended("2024-05-31")), ["rows[0]"]);
        assert_eq!(found(DATED, &later.replace("2024-06-01", "2024-05-31")), ["rows[1]"]);
        assert_eq!(found(DATED, &DATED.replace("value = 1", "value = 2")), ["rows[0]"]);
        assert_eq!(found(&DATED.replace("甲", "乙"), &format!("# why\n{DATED}")), Vec::<String>::new());
        assert_eq!(found(DATED, "rows = []\n"), ["rows"]);
    }

    #[test]
    fn what_has_no_dates_speaks_of_all_days() {
        let text = "links = [\"a\", \"b\"]\n[heads]\nzh = \"x\"\nkind = \"own\"\n";
        assert_eq!(found(text, &text.replace("\"a\", \"b\"", "\"b\", \"a\"")), ["links"]);
        assert_eq!(found(text, &text.replace("own", "other")), ["heads.kind"]);
        assert_eq!(found(text, &text.replace("zh = \"x\"", "zh = \"y\"")), Vec::<String>::new());
        // A document of its own that begins later is new, and one that begins earlier is not.
        let day = "2024-06-01".parse().unwrap();
        assert_eq!(changes(None, "from = 2024-06-01\nx = 1\n", day), Vec::<String>::new());
        assert_eq!(changes(None, "from = 2024-05-31\nx = 1\n", day), [""]);
    }
}
