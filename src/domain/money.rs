//! Money as whole fen, and how a payment is rounded.

use std::fmt;
use std::str::FromStr;

use super::ratio::{ArithmeticError, Ratio};

/// A whole number of fen (1/100 yuan). Payments and stated amounts; never a float.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fen(i64);

/// A text that is not an amount of yuan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not a plain decimal number.
    #[error("expected an amount of yuan with at most two decimals, such as `1250` or `67.84`")]
    Malformed,
    /// Below zero where only amounts from zero make sense.
    #[error("an amount cannot be negative")]
    Negative,
    /// Above [`Fen::LARGEST`].
    #[error("an amount cannot exceed 1,000,000,000 yuan")]
    TooLarge,
}

impl Fen {
    /// The largest amount that is accepted from outside: 1,000,000,000 yuan.
    pub const LARGEST: Self = Self(100_000_000_000);

    /// An amount of fen.
    pub const fn new(fen: i64) -> Self {
        Self(fen)
    }

    /// The number of fen.
    pub const fn value(self) -> i64 {
        self.0
    }

    /// The amount as an exact fraction, in fen.
    pub const fn exact(self) -> Ratio {
        Ratio::integer(self.0)
    }

    /// The sum.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn plus(self, other: Self) -> Result<Self, ArithmeticError> {
        self.0.checked_add(other.0).map(Self).ok_or(ArithmeticError::Overflow)
    }

    /// Reads an amount of yuan that is not negative: `1250`, `67.8`, `67.84`.
    ///
    /// # Errors
    /// [`MoneyError`] says which of the three rules is broken.
    pub fn from_yuan(text: &str) -> Result<Self, MoneyError> {
        let yuan = Ratio::from_str(text).map_err(|_not_decimal| MoneyError::Malformed)?;
        if yuan.is_negative() {
            return Err(MoneyError::Negative);
        }
        let fen = yuan.times(Ratio::integer(100)).map_err(|_overflow| MoneyError::TooLarge)?;
        if fen.denominator() != 1 {
            return Err(MoneyError::Malformed);
        }
        match i64::try_from(fen.numerator()).map(Self) {
            Ok(amount) if amount <= Self::LARGEST => Ok(amount),
            _ => Err(MoneyError::TooLarge),
        }
    }
}

/// Writes yuan with two decimals and no grouping: `10481.25`.
impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

/// How the one payment of an entitlement is rounded. Comparison always comes before rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Rounding {
    /// To the nearest fen, halves up. The default.
    #[default]
    HalfUpToFen,
    /// Up to a whole yuan (S1 `[S24]`).
    UpToYuan,
}

impl Rounding {
    /// Rounds an exact amount of fen to a payment.
    ///
    /// # Errors
    /// `Overflow` if the payment does not fit 64 bits.
    pub fn apply(self, exact: Ratio) -> Result<Fen, ArithmeticError> {
        let fen = match self {
            Self::HalfUpToFen => exact.round_half_up(),
            Self::UpToYuan => {
                let yuan = exact.over(Ratio::integer(100))?.ceil();
                yuan.checked_mul(100).ok_or(ArithmeticError::Overflow)?
            }
        };
        i64::try_from(fen).map(Fen).map_err(|_too_large| ArithmeticError::Overflow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yuan_is_read_and_written_exactly() {
        for (text, fen, written) in
            [("0", 0, "0.00"), ("67.8", 6780, "67.80"), ("10481.25", 1_048_125, "10481.25")]
        {
            let amount = Fen::from_yuan(text).unwrap();
            assert_eq!((amount.value(), amount.to_string()), (fen, written.to_owned()));
        }
        assert_eq!(Fen::new(-5).to_string(), "-0.05");
        let cases = [
            ("1.005", MoneyError::Malformed),
            ("1e5", MoneyError::Malformed),
            ("-1", MoneyError::Negative),
            ("1000000000.01", MoneyError::TooLarge),
        ];
        for (text, error) in cases {
            assert_eq!(Fen::from_yuan(text), Err(error), "{text}");
        }
    }

    #[test]
    fn a_whole_yuan_is_not_rounded_further() {
        let exact = |text: &str| text.parse::<Ratio>().unwrap();
        assert_eq!(Rounding::UpToYuan.apply(exact("76200")).unwrap(), Fen::new(76_200));
        assert_eq!(Rounding::UpToYuan.apply(exact("76200.01")).unwrap(), Fen::new(76_300));
        assert_eq!(Rounding::HalfUpToFen.apply(exact("6783.6")).unwrap(), Fen::new(6784));
    }
}
