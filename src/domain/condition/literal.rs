//! Literals: what a fact's type makes of a number or a quoted text.

use chrono::NaiveDate;

use crate::domain::facts::days_of;
use crate::domain::money::Fen;
use crate::domain::ratio::Ratio;
use crate::domain::vocabulary::{ChoiceSet, FactType};

/// A literal as it was written; a number stays text, so that no digit is lost.
#[derive(Clone, Copy, Debug)]
pub(super) enum Literal<'a> {
    /// `true` or `false`.
    Bool(bool),
    /// Digits, perhaps with a point; its sign apart.
    Number { digits: &'a str, negative: bool },
    /// The text between the quotation marks.
    Text(&'a str),
}

/// What is wrong with a literal, and what to write instead.
pub(super) type Mistake = (String, Option<String>);

/// The largest quantity that is accepted, in units.
const LARGEST_QUANTITY: i64 = 1_000_000_000;

impl Literal<'_> {
    /// The literal as one `i64`, for comparison with the value called `name` of type `ty`. Of flags
    /// and choices it is the index.
    pub(super) fn value(self, name: &str, ty: FactType) -> Result<i64, Mistake> {
        match (ty, self) {
            (FactType::Bool, Self::Bool(value)) => Ok(i64::from(value)),
            (FactType::Count { most }, Self::Number { digits, negative }) => {
                let value = digits.parse().ok().filter(|value| (0..=most).contains(value) && !negative);
                value.ok_or_else(|| {
                    let hint = if most == i64::MAX { String::new() } else { format!(" to {most}") };
                    (
                        format!("{} is out of range", self.written()),
                        Some(format!("`{name}` is a whole number from 0{hint}")),
                    )
                })
            }
            (FactType::Money, Self::Number { digits, negative }) => {
                let signed = if negative { format!("-{digits}") } else { digits.to_owned() };
                Fen::from_yuan(&signed)
                    .map(Fen::value)
                    .map_err(|error| (format!("{}: {error}", self.written()), None))
            }
            (FactType::Quantity, Self::Number { digits, negative }) => {
                let value = thousandths(digits).filter(|_| !negative);
                value.ok_or_else(|| {
                    let rule = "a number from 0 to 1,000,000,000 with at most three decimals";
                    (format!("{} is out of range", self.written()), Some(format!("`{name}` is {rule}")))
                })
            }
            (FactType::Date, Self::Text(text)) => {
                let date = text.parse::<NaiveDate>().ok().filter(|date| date.to_string() == text);
                date.map(days_of).ok_or_else(|| {
                    (format!("`{text}` is not a day"), Some("write it as \"2024-01-31\"".into()))
                })
            }
            (FactType::Choice(set) | FactType::Flags(set), Self::Text(text)) => code(name, set, text),
            (_, literal) => Err((
                format!("`{name}` is {} and cannot be compared with {}", kind(ty), literal.written()),
                Some(example(ty)),
            )),
        }
    }

    /// The literal in an error message.
    pub(super) fn written(self) -> String {
        match self {
            Self::Bool(value) => format!("`{value}`"),
            Self::Number { digits, negative } => format!("`{}{digits}`", if negative { "-" } else { "" }),
            Self::Text(text) => format!("`\"{text}\"`"),
        }
    }
}

fn thousandths(digits: &str) -> Option<i64> {
    let exact = digits.parse::<Ratio>().ok()?.times(Ratio::integer(1000)).ok()?;
    let value = i64::try_from(exact.numerator()).ok()?;
    (exact.denominator() == 1 && value <= LARGEST_QUANTITY * 1000).then_some(value)
}

fn code(name: &str, set: &'static ChoiceSet, text: &str) -> Result<i64, Mistake> {
    let exact = set.values.iter().position(|value| value.code == text);
    exact.and_then(|index| i64::try_from(index).ok()).ok_or_else(|| {
        let codes: Vec<_> = set.values.iter().map(|value| format!("`{}`", value.code)).collect();
        let meant = set.index_of(text).and_then(|index| set.values.get(index)).map(|value| value.code);
        let meant = meant.or_else(|| closest(text, set.values.iter().map(|value| value.code)));
        (
            format!("`{text}` is no value of `{name}`: expected one of {}", codes.join(", ")),
            meant.map(|code| format!("did you mean `{code}`?")),
        )
    })
}

/// The candidate that differs least from the text, if a slip of the hand can explain it.
pub(super) fn closest<'a>(text: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let most = 1 + text.chars().count() / 4;
    let (distance, candidate) = candidates
        .map(|candidate| (strsim::damerau_levenshtein(text, candidate), candidate))
        .min_by_key(|(distance, _)| *distance)?;
    (distance <= most).then_some(candidate)
}

/// The type in an error message.
pub(super) fn kind(ty: FactType) -> &'static str {
    match ty {
        FactType::Bool => "a yes or no",
        FactType::Count { .. } => "a whole number",
        FactType::Money => "an amount of yuan",
        FactType::Quantity => "a quantity",
        FactType::Date => "a date",
        FactType::Choice(_) => "a choice",
        FactType::Flags(_) => "a set of codes",
    }
}

/// What can be written beside a value of the type.
fn example(ty: FactType) -> String {
    match ty {
        FactType::Bool => "write `true` or `false`".into(),
        FactType::Count { .. } => "write a whole number such as `60`".into(),
        FactType::Money => "write yuan such as `1250` or `67.84`".into(),
        FactType::Quantity => "write a number such as `2` or `0.5`".into(),
        FactType::Date => "write a day such as \"2024-01-31\"".into(),
        FactType::Choice(set) | FactType::Flags(set) => {
            format!("write a code such as \"{}\"", set.values.first().map_or("", |value| value.code))
        }
    }
}
