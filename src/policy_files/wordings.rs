//! What sources say after the colon, in Chinese: by rule where it is a plain reference to articles,
//! else as `wordings.toml` words it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::common::both;
use super::diagnostic::codes;
use crate::documents::reader::{Node, Table};
use crate::domain::text::Text;

/// The wordings of a folder, and which of them sources have asked for.
#[derive(Debug, Default)]
pub(super) struct Wordings {
    zh: BTreeMap<String, String>,
    used: RefCell<BTreeSet<String>>,
    /// Whether there may be more, in a file that cannot be read: then none is missing.
    pub(super) open: bool,
}

impl Wordings {
    /// Adds a wording; the first one of a text stays.
    pub(super) fn add(&mut self, en: String, zh: String) {
        self.zh.entry(en).or_insert(zh);
    }

    /// The Chinese wording of a source's detail; one that is missing is reported on the source.
    pub(super) fn zh(&self, detail: &str, node: &Node<'_>) -> Option<String> {
        if let Some(zh) = articles(detail) {
            return Some(zh);
        }
        if let Some(zh) = self.zh.get(detail) {
            self.used.borrow_mut().insert(detail.to_owned());
            return Some(zh.clone());
        }
        if is_english(detail) && !self.open {
            let message = format!("`{detail}` has no Chinese wording");
            let hint = format!("add `en = {detail:?}` to wordings.toml");
            node.refuse(codes::MISSING_WORDING, message, Some(hint));
        }
        None
    }

    /// Whether a source has asked for the wording of this text.
    pub(super) fn is_used(&self, en: &str) -> bool {
        self.used.borrow().contains(en)
    }
}

/// One entry of `wordings.toml`.
pub(super) fn wording(table: &Table<'_>) -> Option<Text> {
    both(table, "zh", "en")
}

/// Whether a text holds an English word: two letters or more that are not all capitals, so that `S55`
/// and `LPR` are none.
fn is_english(text: &str) -> bool {
    let words = text.split(|letter: char| !letter.is_ascii_alphabetic());
    let english = |word: &str| word.len() > 1 && word.bytes().any(|letter| letter.is_ascii_lowercase());
    words.into_iter().any(english)
}

/// A plain reference to articles in Chinese: `art 29(2)` as `第29条第（二）项`, `arts 14, 19-21` as
/// `第14、19至21条`. `None` for any other text.
fn articles(text: &str) -> Option<String> {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(one) = text.strip_prefix("art ") {
        let (article, item) =
            one.split_once('(').map_or((one, None), |(article, item)| (article, Some(item)));
        if !number(article) {
            return None;
        }
        let Some(item) = item else { return Some(format!("第{article}条")) };
        let item = item.strip_suffix(')').filter(|item| number(item))?;
        return Some(format!("第{article}条第（{}）项", chinese_number(item.parse().ok()?)?));
    }
    let several = text.strip_prefix("arts ")?.replace(" and ", ", ");
    let one = |part: &str| match part.split_once('-') {
        Some((first, last)) => (number(first) && number(last)).then(|| format!("{first}至{last}")),
        None => number(part).then(|| part.to_owned()),
    };
    let parts = several.split(", ").map(one).collect::<Option<Vec<_>>>()?;
    Some(format!("第{}条", parts.join("、")))
}

/// A number from 1 to 99 in Chinese numerals.
fn chinese_number(number: usize) -> Option<String> {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, ones) = (number / 10, number % 10);
    let tens = match tens {
        0 if ones == 0 => return None,
        0 => String::new(),
        1 => "十".to_owned(),
        _ => format!("{}十", DIGITS.get(tens)?),
    };
    Some(format!("{tens}{}", DIGITS.get(ones)?))
}

#[cfg(test)]
mod tests {
    use super::{articles, is_english};

    #[test]
    fn plain_references_to_articles_are_worded_by_rule() {
        for (en, zh) in [
            ("art 30", "第30条"),
            ("art 29(2)", "第29条第（二）项"),
            ("art 6(10)", "第6条第（十）项"),
            ("art 6(21)", "第6条第（二十一）项"),
            ("arts 14-19", "第14至19条"),
            ("arts 4, 10", "第4、10条"),
            ("arts 4 and 10", "第4、10条"),
            ("arts 14, 19-21", "第14、19至21条"),
        ] {
            assert_eq!(articles(en).as_deref(), Some(zh), "{en}");
        }
        let others = [
            "",
            "art",
            "art ",
            "art x",
            "art 8, and more",
            "art 3(a)",
            "art 3(0)",
            "art 3(100)",
            "art 3(1",
            "arts ",
            "arts 4,",
            "arts 4-",
            "arts 4, x",
            "ch. 2",
            "表2",
        ];
        for other in others {
            assert_eq!(articles(other), None, "{other}");
        }
    }

    #[test]
    fn english_is_told_from_ids_and_chinese() {
        for english in ["a proxy", "Anhui", "表2, person", "ours"] {
            assert!(is_english(english), "{english}");
        }
        for other in ["", "表2", "2023", "四(二)4", "见S55", "LPR减0.7个百分点", "一(一)"] {
            assert!(!is_english(other), "{other}");
        }
    }
}
