//! Numbers as documents write them.

use std::cmp::Ordering;

use super::codes;
use crate::domain::money::MoneyError;
use crate::domain::ratio::Ratio;

/// Why a text is not the number that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NumberError {
    pub(super) code: &'static str,
    pub(super) expected: &'static str,
}

const NEGATIVE: NumberError = NumberError { code: codes::NEGATIVE, expected: "nothing below zero" };
const BAD_RATE: NumberError = NumberError {
    code: codes::BAD_RATE,
    expected: "a percentage or fraction such as `\"75%\"` or `\"2/3\"`",
};
const OVER_100: NumberError = NumberError { code: codes::RATE_OVER_100, expected: "a rate of at most 100 %" };
const BAD_PRICE: NumberError =
    NumberError { code: codes::BAD_RATE, expected: "a price in yuan such as `\"0.5653\"`" };
const BAD_QUANTITY: NumberError = NumberError {
    code: codes::OUT_OF_RANGE,
    expected: "a number up to 1,000,000,000 with at most three decimals, such as `\"2.5\"`",
};

impl From<MoneyError> for NumberError {
    fn from(error: MoneyError) -> Self {
        let expected = match error {
            MoneyError::Negative => return NEGATIVE,
            MoneyError::Malformed => {
                "an amount of yuan with at most two decimals, such as `1250` or `\"67.84\"`"
            }
            MoneyError::TooLarge => "an amount of at most 1,000,000,000 yuan",
        };
        Self { code: codes::BAD_AMOUNT, expected }
    }
}

/// A percentage or fraction from 0.
pub(super) fn share(text: &str) -> Result<Ratio, NumberError> {
    let bad = |_not_a_number| BAD_RATE;
    let share = match (text.strip_suffix('%'), text.split_once('/')) {
        (Some(percent), _) => {
            let percent = percent.parse::<Ratio>().map_err(|_not_decimal| BAD_RATE)?;
            percent.over(Ratio::integer(100)).map_err(bad)?
        }
        (None, Some((numerator, denominator))) => {
            let whole = |text: &str| text.parse::<u32>().map_err(|_not_whole| BAD_RATE);
            Ratio::new(whole(numerator)?.into(), whole(denominator)?.into()).map_err(bad)?
        }
        (None, None) => return Err(BAD_RATE),
    };
    if share.is_negative() { Err(NEGATIVE) } else { Ok(share) }
}

/// A percentage or fraction from 0 to 1.
pub(super) fn rate(text: &str) -> Result<Ratio, NumberError> {
    let rate = share(text)?;
    match rate.compare(Ratio::ONE) {
        Ok(Ordering::Less | Ordering::Equal) => Ok(rate),
        _ => Err(OVER_100),
    }
}

/// Yuan for one unit, as fen.
pub(super) fn price(text: &str) -> Result<Ratio, NumberError> {
    let yuan = text.parse::<Ratio>().map_err(|_not_decimal| BAD_PRICE)?;
    if yuan.is_negative() {
        return Err(NEGATIVE);
    }
    yuan.times(Ratio::integer(100)).map_err(|_overflow| BAD_PRICE)
}

/// A decimal number from 0 in thousandths.
pub(super) fn thousandths(text: &str) -> Result<i64, NumberError> {
    let number = text.parse::<Ratio>().map_err(|_not_decimal| BAD_QUANTITY)?;
    if number.is_negative() {
        return Err(NEGATIVE);
    }
    let scaled = number.times(Ratio::integer(1000)).map_err(|_overflow| BAD_QUANTITY)?;
    match i64::try_from(scaled.numerator()) {
        Ok(whole) if scaled.denominator() == 1 && whole <= 1_000_000_000_000 => Ok(whole),
        _ => Err(BAD_QUANTITY),
    }
}
