//! Exact fractions: every rate, unit price and unrounded amount of the toolbox.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// An exact fraction of two 128-bit integers, always reduced, with a positive denominator.
///
/// Amounts are fractions of a fen, rates are plain numbers (0.75 is `3/4`), unit prices are fen
/// per unit. Every operation is checked: a result that does not fit is an [`ArithmeticError`],
/// never a wrapped or rounded number.
///
/// Aligned to 8 bytes rather than 16: allocators serve larger alignments on a slow path, and packages
/// are full of fractions.
#[repr(C, packed(8))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ratio {
    numerator: i128,
    denominator: i128,
}

/// An exact operation left the range of 128-bit integers, or divided by zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArithmeticError {
    /// The result does not fit.
    #[error("the amount is too large to be computed exactly")]
    Overflow,
    /// The divisor is zero.
    #[error("division by zero")]
    DivisionByZero,
}

/// A text that is not a plain decimal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a plain decimal number such as `1250` or `0.5653`")]
pub struct DecimalError;

impl Ratio {
    /// Zero.
    pub const ZERO: Self = Self::integer(0);
    /// One.
    pub const ONE: Self = Self::integer(1);

    /// A whole number.
    pub const fn integer(value: i64) -> Self {
        Self { numerator: i128_from(value), denominator: 1 }
    }

    /// `numerator / denominator`, reduced.
    ///
    /// # Errors
    /// [`ArithmeticError::DivisionByZero`], or `Overflow` for `i128::MIN`.
    pub fn new(numerator: i128, denominator: i128) -> Result<Self, ArithmeticError> {
        if denominator == 0 {
            return Err(ArithmeticError::DivisionByZero);
        }
        let divisor = gcd(numerator.unsigned_abs(), denominator.unsigned_abs());
        let divisor = i128::try_from(divisor).map_err(|_too_large| ArithmeticError::Overflow)?;
        let (numerator, denominator) = (numerator / divisor, denominator / divisor);
        if denominator > 0 {
            return Ok(Self { numerator, denominator });
        }
        Ok(Self {
            numerator: numerator.checked_neg().ok_or(ArithmeticError::Overflow)?,
            denominator: denominator.checked_neg().ok_or(ArithmeticError::Overflow)?,
        })
    }

    /// The reduced numerator; it carries the sign.
    pub const fn numerator(self) -> i128 {
        self.numerator
    }

    /// The reduced denominator, at least 1.
    pub const fn denominator(self) -> i128 {
        self.denominator
    }

    /// Whether the value is below zero.
    pub const fn is_negative(self) -> bool {
        self.numerator < 0
    }

    /// Whether the value is zero.
    pub const fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// The exact sum.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn plus(self, other: Self) -> Result<Self, ArithmeticError> {
        if self.denominator == 1 && other.denominator == 1 {
            let numerator = checked(self.numerator.checked_add(other.numerator))?;
            return Ok(Self { numerator, denominator: 1 });
        }
        let shared = gcd(self.denominator.unsigned_abs(), other.denominator.unsigned_abs());
        let shared = i128::try_from(shared).map_err(|_too_large| ArithmeticError::Overflow)?;
        let (left_scale, right_scale) = (other.denominator / shared, self.denominator / shared);
        let left = checked(self.numerator.checked_mul(left_scale))?;
        let right = checked(other.numerator.checked_mul(right_scale))?;
        let denominator = checked(self.denominator.checked_mul(left_scale))?;
        Self::new(checked(left.checked_add(right))?, denominator)
    }

    /// The exact difference.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn minus(self, other: Self) -> Result<Self, ArithmeticError> {
        self.plus(other.negated()?)
    }

    /// The value with the other sign.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn negated(self) -> Result<Self, ArithmeticError> {
        Ok(Self { numerator: checked(self.numerator.checked_neg())?, denominator: self.denominator })
    }

    /// The exact product.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn times(self, other: Self) -> Result<Self, ArithmeticError> {
        // Reducing crosswise first keeps the intermediate products as small as they can be.
        let left = Self::new(self.numerator, other.denominator)?;
        let right = Self::new(other.numerator, self.denominator)?;
        Ok(Self {
            numerator: checked(left.numerator.checked_mul(right.numerator))?,
            denominator: checked(left.denominator.checked_mul(right.denominator))?,
        })
    }

    /// The exact quotient.
    ///
    /// # Errors
    /// `DivisionByZero` or `Overflow`.
    pub fn over(self, other: Self) -> Result<Self, ArithmeticError> {
        self.times(Self::new(other.denominator, other.numerator)?)
    }

    /// The larger of the two.
    ///
    /// # Errors
    /// `Overflow` if the two cannot be compared exactly.
    pub fn larger(self, other: Self) -> Result<Self, ArithmeticError> {
        Ok(if self.compare(other)? == Ordering::Less { other } else { self })
    }

    /// How the two compare, exactly.
    ///
    /// # Errors
    /// `Overflow` if the cross products do not fit.
    pub fn compare(self, other: Self) -> Result<Ordering, ArithmeticError> {
        if self.denominator == other.denominator {
            let (left, right) = (self.numerator, other.numerator);
            return Ok(left.cmp(&right));
        }
        let left = checked(self.numerator.checked_mul(other.denominator))?;
        let right = checked(other.numerator.checked_mul(self.denominator))?;
        Ok(left.cmp(&right))
    }

    /// The largest whole number that is not above the value.
    pub const fn floor(self) -> i128 {
        self.numerator.div_euclid(self.denominator)
    }

    /// The smallest whole number that is not below the value.
    pub const fn ceil(self) -> i128 {
        let floor = self.floor();
        if self.numerator.rem_euclid(self.denominator) == 0 { floor } else { floor + 1 }
    }

    /// The nearest whole number, halves upwards.
    pub const fn round_half_up(self) -> i128 {
        let floor = self.floor();
        let rest = self.numerator.rem_euclid(self.denominator);
        if rest >= self.denominator - rest { floor + 1 } else { floor }
    }
}

/// Writes `3/4`, or `3` where the denominator is 1.
impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (numerator, denominator) = (self.numerator, self.denominator);
        if denominator == 1 {
            return write!(f, "{numerator}");
        }
        write!(f, "{numerator}/{denominator}")
    }
}

/// Reads a plain decimal number: digits, at most one point, an optional minus sign.
impl FromStr for Ratio {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) || whole.len() + fraction.len() > 24 {
            return Err(DecimalError);
        }
        let scale = u32::try_from(fraction.len()).ok().and_then(|length| 10_i128.checked_pow(length));
        let value = format!("{whole}{fraction}").parse::<i128>().ok();
        let (Some(scale), Some(value)) = (scale, value) else { return Err(DecimalError) };
        Self::new(if negative { -value } else { value }, scale).map_err(|_out_of_range| DecimalError)
    }
}

fn checked(value: Option<i128>) -> Result<i128, ArithmeticError> {
    value.ok_or(ArithmeticError::Overflow)
}

#[expect(clippy::as_conversions, reason = "widening; `From` is not const")]
const fn i128_from(value: i64) -> i128 {
    value as i128
}

/// Greatest common divisor, at least 1. Nearly all values fit 64 bits, where division is cheap.
fn gcd(left: u128, right: u128) -> u128 {
    let (mut left, mut right) = (left, right);
    loop {
        if let (Ok(left), Ok(right)) = (u64::try_from(left), u64::try_from(right)) {
            return u128::from(gcd_of_words(left, right));
        }
        if right == 0 {
            return left.max(1);
        }
        (left, right) = (right, left % right);
    }
}

fn gcd_of_words(left: u64, right: u64) -> u64 {
    let (mut left, mut right) = (left, right);
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(text: &str) -> Ratio {
        text.parse().unwrap()
    }

    #[test]
    fn decimals_are_read_exactly() {
        assert_eq!(ratio("0.5653"), Ratio::new(5653, 10_000).unwrap());
        assert_eq!(ratio("-2.50").to_string(), "-5/2");
        for bad in ["", "1.", ".5", "1e3", "1,000", "+1", "--1", "1.2.3", "１２"] {
            assert_eq!(bad.parse::<Ratio>(), Err(DecimalError), "{bad}");
        }
    }

    #[test]
    fn arithmetic_reduces_and_checks() {
        let third = Ratio::new(-2, -6).unwrap();
        assert_eq!(third.to_string(), "1/3");
        assert_eq!(third.plus(ratio("0.5")).unwrap().to_string(), "5/6");
        assert_eq!(third.times(Ratio::integer(3)).unwrap(), Ratio::ONE);
        assert_eq!(third.over(Ratio::ZERO), Err(ArithmeticError::DivisionByZero));
        let huge = Ratio::new(i128::MAX, 1).unwrap();
        assert_eq!(huge.plus(Ratio::ONE), Err(ArithmeticError::Overflow));
        assert_eq!(huge.times(huge), Err(ArithmeticError::Overflow));
    }

    #[test]
    fn rounding_goes_half_up_also_below_zero() {
        let cases = [("2.5", 2, 3, 3), ("-2.5", -3, -2, -2), ("2.49", 2, 3, 2), ("7", 7, 7, 7)];
        for (text, floor, ceil, half_up) in cases {
            let value = ratio(text);
            assert_eq!(
                (value.floor(), value.ceil(), value.round_half_up()),
                (floor, ceil, half_up),
                "{text}"
            );
        }
    }
}
