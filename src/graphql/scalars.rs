//! Scalars: exact amounts and dates, always written as texts.

use async_graphql::{InputValueResult, Scalar, ScalarType, Value};
use chrono::NaiveDate;

use super::error::{Kind, Refusal};
use crate::domain::facts::day_of;
use crate::domain::money::Fen;
use crate::domain::period::written_day;
use crate::domain::ratio::Ratio;
use crate::domain::vocabulary::FactType;

/// A day of the calendar, `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date(pub NaiveDate);

/// A day of the calendar, `YYYY-MM-DD`.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let day = match &value {
            Value::String(text) => written_day(text),
            _ => None,
        };
        let message = "expected a day of the calendar, written `YYYY-MM-DD`";
        day.map(Self).ok_or_else(|| Refusal::of_value(Kind::MalformedDate, message))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// An exact decimal number, written as a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal(String);

/// An exact decimal number such as `10481.25`, always written as a text. Amounts are yuan with two
/// decimals. As an input a whole number may also be given as a number; a fraction must be a text.
#[Scalar(specified_by_url = "https://www.w3.org/TR/xmlschema11-2/#decimal")]
impl ScalarType for Decimal {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = match value {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            other => return Err(async_graphql::InputValueError::expected_type(other)),
        };
        match text.parse::<Ratio>() {
            Ok(_) => Ok(Self(text)),
            Err(error) => Err(async_graphql::InputValueError::custom(error)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

impl From<Fen> for Decimal {
    fn from(amount: Fen) -> Self {
        Self(amount.to_string())
    }
}

impl Decimal {
    /// An amount of yuan with at most two decimals, as it was given; `None` for any other number.
    pub fn as_yuan(&self) -> Option<Fen> {
        Fen::from_yuan(&self.0).ok()
    }

    /// A number that ends after a few decimals, such as a rate; `None` if it does not.
    pub fn exact(value: Ratio) -> Option<Self> {
        let mut scaled = value;
        let mut decimals = 0_usize;
        while scaled.denominator() != 1 {
            scaled = scaled.times(Ratio::integer(10)).ok().filter(|_| decimals < 18)?;
            decimals += 1;
        }
        let sign = if value.is_negative() { "-" } else { "" };
        let digits = format!("{:0>width$}", scaled.numerator().unsigned_abs(), width = decimals + 1);
        let (whole, fraction) = digits.split_at_checked(digits.len() - decimals)?;
        Some(Self(if decimals == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }))
    }

    /// An exact amount of fen, in yuan, where it has no more than two decimals.
    pub fn yuan(fen: Ratio) -> Option<Self> {
        if fen.denominator() != 1 {
            return None;
        }
        i64::try_from(fen.numerator()).ok().map(|fen| Self::from(Fen::new(fen)))
    }

    /// A price for one unit, in yuan, from fen.
    pub fn price(fen: Ratio) -> Option<Self> {
        fen.over(Ratio::integer(100)).ok().and_then(Self::exact)
    }

    /// A value of a fact as documents write it: yuan, units with three decimals, or whole numbers.
    pub fn of_fact(ty: FactType, value: i64) -> Self {
        match ty {
            FactType::Money => Self::from(Fen::new(value)),
            FactType::Quantity => Self(format!("{}.{:03}", value.div_euclid(1000), value.rem_euclid(1000))),
            FactType::Date => Self(day_of(value).map_or_else(|| value.to_string(), |day| day.to_string())),
            FactType::Bool | FactType::Count { .. } | FactType::Choice(_) | FactType::Flags(_) => {
                Self(value.to_string())
            }
        }
    }
}

/// An exact fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fraction(pub Ratio);

/// An exact fraction in lowest terms, written `n/d`, or `n` where it is whole. Amounts are in fen,
/// before any rounding.
#[Scalar]
impl ScalarType for Fraction {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(async_graphql::InputValueError::expected_type(value));
        };
        let (numerator, denominator) = text.split_once('/').unwrap_or((text, "1"));
        let whole = |text: &str| text.parse::<i128>().ok();
        let ratio = whole(numerator).zip(whole(denominator)).and_then(|(n, d)| Ratio::new(n, d).ok());
        ratio.map(Self).ok_or_else(|| async_graphql::InputValueError::custom("expected `n/d` or `n`"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        let exact = |text: &str| Decimal::exact(text.parse().unwrap()).unwrap().0;
        for text in ["0", "0.5", "-2.25", "0.5653", "12", "-0.05"] {
            assert_eq!(exact(text), text);
        }
        assert_eq!(exact("0.50"), "0.5");
        assert_eq!(Decimal::exact(Ratio::new(1, 3).unwrap()), None);
        assert_eq!(Decimal::price("56.53".parse().unwrap()).unwrap().0, "0.5653");
        assert_eq!(Decimal::yuan("1048125".parse().unwrap()).unwrap().0, "10481.25");
    }

    #[test]
    fn dates_have_one_form() {
        let read = |text: &str| Date::parse(Value::from(text)).ok();
        assert!(read("2024-06-01").is_some());
        for bad in ["2024-6-1", "2024-02-30", "2024-06-01T00:00:00Z", "", "+2024-6-01"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
