//! The words of a text, before the library's parser sees it. Size and depth are bounded here because
//! that parser recurses; and only words of our own small part of CEL are let through.

use super::{ConditionError, Expression};
use crate::domain::vocabulary::FACTS;

/// One word of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'a> {
    /// The first byte.
    pub(super) start: usize,
    /// As written.
    pub(super) text: &'a str,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Name,
    Number,
    Text,
    Open,
    Close,
    Operator,
    Punctuation,
}

impl Kind {
    /// Whether a value ends with it.
    fn ends_value(self) -> bool {
        matches!(self, Self::Name | Self::Number | Self::Text | Self::Close)
    }
}

/// A mistake at a byte of the text.
pub(super) fn mistake(text: &str, start: usize, message: String, hint: Option<String>) -> ConditionError {
    let column = text.get(..start).map(|before| before.chars().count() + 1);
    ConditionError { column, message, hint }
}

/// Splits the text into words, or says what is wrong with the first that cannot stand.
pub(super) fn scan(text: &str) -> Result<Vec<Word<'_>>, ConditionError> {
    if text.len() > Expression::MOST_BYTES {
        let message = format!("the condition is longer than {} bytes", Expression::MOST_BYTES);
        return Err(ConditionError { column: None, message, hint: None });
    }
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut limits = Limits::default();
    let mut rest = text.trim_start_matches(is_space);
    while let Some(first) = rest.chars().next() {
        let start = text.len() - rest.len();
        let wrong = |(message, hint)| mistake(text, start, message, hint);
        let (kind, length) = word(rest, first).map_err(wrong)?;
        let Some((taken, after)) = rest.split_at_checked(length) else { break };
        let word = Word { start, text: taken, kind };
        let before = words.last();
        stands(&word, before, after).and_then(|()| limits.count(&word)).map_err(wrong)?;
        words.push(word);
        rest = after.trim_start_matches(is_space);
    }
    if words.is_empty() {
        return Err(ConditionError { column: None, message: "the condition is empty".into(), hint: None });
    }
    Ok(words)
}

type Mistake = (String, Option<String>);

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The kind and the length in bytes of the word at the start of `rest`.
fn word(rest: &str, first: char) -> Result<(Kind, usize), Mistake> {
    let run = |inside: fn(char) -> bool| rest.len() - rest.trim_start_matches(inside).len();
    let digit_next = || rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    match first {
        '0'..='9' => Ok((Kind::Number, run(|c| is_word(c) || c == '.'))),
        '.' if digit_next() => Ok((Kind::Number, run(|c| is_word(c) || c == '.'))),
        _ if is_word(first) => {
            let length = run(is_word);
            Ok((if rest.get(..length) == Some("in") { Kind::Operator } else { Kind::Name }, length))
        }
        '"' | '\'' => quoted(rest, first).map(|length| (Kind::Text, length)),
        '(' | '[' => Ok((Kind::Open, 1)),
        ')' | ']' => Ok((Kind::Close, 1)),
        ',' | '.' => Ok((Kind::Punctuation, 1)),
        '-' => Ok((Kind::Operator, 1)),
        _ => {
            match ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!"].iter().find(|op| rest.starts_with(**op))
            {
                Some(operator) => Ok((Kind::Operator, operator.len())),
                None => Err(foreign(rest, first)),
            }
        }
    }
}

fn quoted(rest: &str, quote: char) -> Result<usize, Mistake> {
    let inside = rest.trim_start_matches(quote);
    if rest.len() - inside.len() > 2 {
        return Err(("text stands between single quotation marks, not three".into(), None));
    }
    let mut after = rest.chars();
    after.next();
    match after.find(|c| *c == quote || matches!(c, '\\' | '\n' | '\r')) {
        Some(end) if end == quote => Ok(rest.len() - after.as_str().len()),
        Some('\\') => Err(("a quoted text cannot contain a backslash".into(), None)),
        _ => Err(("the quotation mark is not closed on its line".into(), None)),
    }
}

/// What is wrong with a character that begins no word of a condition.
fn foreign(rest: &str, first: char) -> Mistake {
    let instead = |text: &str| Some(format!("write `{text}`"));
    match first {
        '+' | '*' | '/' | '%' => arithmetic(&first.to_string()),
        '?' | ':' => {
            ("a condition cannot choose with `?:`".into(), Some("combine with `&&` and `||`".into()))
        }
        '&' => ("unexpected `&`".into(), instead("&&")),
        '|' => ("unexpected `|`".into(), instead("||")),
        '=' => ("unexpected `=`".into(), instead("==")),
        '“' | '”' | '‘' | '’' => (format!("unexpected `{first}`"), instead("\"")),
        _ => {
            let name = rest.split(|c: char| !c.is_alphanumeric()).next().filter(|name| !name.is_empty());
            let fact = name.and_then(|name| FACTS.iter().find(|def| def.zh == name)).map(|def| def.id);
            // A Chinese keyboard types the full-width twins of the ASCII marks.
            let narrow = u32::from(first).checked_sub(0xFEE0).and_then(char::from_u32);
            let narrow = narrow.filter(char::is_ascii_punctuation).map(String::from);
            let word = name.map_or_else(|| first.to_string(), str::to_owned);
            (format!("unexpected `{word}`"), fact.or(narrow.as_deref()).and_then(instead))
        }
    }
}

fn arithmetic(sign: &str) -> Mistake {
    (
        format!("a condition cannot calculate: unexpected `{sign}`"),
        Some("compare with a fact or a place parameter that holds the result".into()),
    )
}

/// Whether a word may stand between the one before it and the rest of the text.
fn stands(word: &Word<'_>, before: Option<&Word<'_>>, after: &str) -> Result<(), Mistake> {
    let touches = before.is_some_and(|before| before.start + before.text.len() == word.start);
    let kind = before.map(|before| before.kind);
    match word.kind {
        Kind::Number => decimal(word.text),
        // CEL would read `r"..."` and `b"..."` as one word of another kind.
        Kind::Text if touches && matches!(kind, Some(Kind::Name | Kind::Text)) => {
            Err((format!("unexpected `{}`", word.text), None))
        }
        Kind::Name => name(word.text, after),
        Kind::Operator if word.text == "-" => {
            let number = after.starts_with(|c: char| c.is_ascii_digit() || c == '.');
            let binary = kind.is_some_and(Kind::ends_value);
            if number && !binary && before.is_none_or(|before| before.text != "-") {
                Ok(())
            } else {
                Err(arithmetic("-"))
            }
        }
        _ => Ok(()),
    }
}

/// A number is plain: CEL's `1e5`, `0xFF`, `5u` and `.5` are not.
fn decimal(text: &str) -> Result<(), Mistake> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return Err((format!("`{text}` is not a plain decimal number such as `1250` or `0.5`"), None));
    }
    if text.len() > 18 {
        return Err((format!("`{text}` has more than 18 digits"), None));
    }
    Ok(())
}

fn name(text: &str, after: &str) -> Result<(), Mistake> {
    if after.trim_start_matches(is_space).starts_with('(') {
        return Err(match text {
            "all" | "exists" | "exists_one" | "map" | "filter" => (
                format!("a condition cannot use the macro `{text}`"),
                Some("use a derived fact of the household, such as `any_labour_capacity`".into()),
            ),
            "has" => (
                "a condition cannot use the macro `has`".into(),
                Some("an unknown fact makes the answer unknown by itself".into()),
            ),
            _ => (format!("a condition cannot call `{text}`"), None),
        });
    }
    let operator = ["and", "or", "not"].iter().position(|word| word.eq_ignore_ascii_case(text));
    match operator.and_then(|index| ["&&", "||", "!"].get(index)) {
        Some(operator) => Err((format!("unexpected `{text}`"), Some(format!("write `{operator}`")))),
        None => Ok(()),
    }
}

/// Depth and size so far. `!` nests until the bracket or the value after it ends.
#[derive(Default)]
struct Limits {
    outer: Vec<usize>,
    depth: usize,
    negations: usize,
    nodes: usize,
}

impl Limits {
    fn count(&mut self, word: &Word<'_>) -> Result<(), Mistake> {
        match (word.kind, word.text) {
            (Kind::Operator, "!") => self.negations += 1,
            (Kind::Open, _) => {
                self.outer.push(self.depth);
                self.depth += self.negations + 1;
                self.negations = 0;
            }
            (Kind::Close, _) => {
                self.depth = self.outer.pop().unwrap_or(0);
                self.negations = 0;
            }
            _ => self.negations = 0,
        }
        if self.depth + self.negations > Expression::MOST_NESTED {
            return Err((format!("nested deeper than {} levels", Expression::MOST_NESTED), None));
        }
        self.nodes += usize::from(!matches!(word.kind, Kind::Close | Kind::Punctuation) && word.text != "(");
        if self.nodes > Expression::MOST_NODES {
            let message =
                format!("the condition has more than {} names, values and operators", Expression::MOST_NODES);
            return Err((message, None));
        }
        Ok(())
    }
}
