//! Amounts that may be known in part: between bounds, either of which may be missing.

use std::cmp::Ordering;

use crate::domain::condition::Answer;
use crate::domain::ratio::{ArithmeticError, Ratio};

/// An exact amount of fen from `least` to `most`; without a bound nothing limits that side. Both bounds
/// equal: the amount is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The least that it can be.
    pub least: Option<Ratio>,
    /// The most that it can be.
    pub most: Option<Ratio>,
}

impl Span {
    /// Nothing.
    pub const ZERO: Self = Self::known(Ratio::ZERO);

    /// A known amount.
    pub const fn known(amount: Ratio) -> Self {
        Self { least: Some(amount), most: Some(amount) }
    }

    /// Nothing or more.
    pub const fn from_zero() -> Self {
        Self { least: Some(Ratio::ZERO), most: None }
    }

    /// From nothing to an amount that is not below zero.
    pub const fn up_to(most: Ratio) -> Self {
        Self { least: Some(Ratio::ZERO), most: Some(most) }
    }

    /// Any amount at all.
    pub const fn open() -> Self {
        Self { least: None, most: None }
    }

    /// The amount, if it is known.
    pub fn exact(self) -> Option<Ratio> {
        self.least.filter(|least| self.most == Some(*least))
    }

    /// The sum.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn plus(self, other: Self) -> Result<Self, ArithmeticError> {
        Ok(Self {
            least: both(self.least, other.least, Ratio::plus)?,
            most: both(self.most, other.most, Ratio::plus)?,
        })
    }

    /// The span with the other sign.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn negated(self) -> Result<Self, ArithmeticError> {
        Ok(Self {
            least: self.most.map(Ratio::negated).transpose()?,
            most: self.least.map(Ratio::negated).transpose()?,
        })
    }

    /// Each bound divided by a number above zero.
    ///
    /// # Errors
    /// `DivisionByZero` or `Overflow`.
    pub fn over(self, divisor: Ratio) -> Result<Self, ArithmeticError> {
        let over = |bound: Option<Ratio>| bound.map(|bound| bound.over(divisor)).transpose();
        Ok(Self { least: over(self.least)?, most: over(self.most)? })
    }

    /// What is below zero counts as zero.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn not_below_zero(self) -> Result<Self, ArithmeticError> {
        Ok(Self {
            least: Some(self.least.unwrap_or(Ratio::ZERO).larger(Ratio::ZERO)?),
            most: self.most.map(|most| most.larger(Ratio::ZERO)).transpose()?,
        })
    }

    /// Whether the amount is below a line; one that equals it is not.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn below(self, line: Ratio) -> Result<Answer, ArithmeticError> {
        let below = |bound: Ratio| Ok::<_, ArithmeticError>(bound.compare(line)? == Ordering::Less);
        if let Some(most) = self.most
            && below(most)?
        {
            return Ok(Answer::Met);
        }
        match self.least {
            Some(least) if !below(least)? => Ok(Answer::NotMet),
            _ => Ok(Answer::Unknown),
        }
    }
}

fn both(
    one: Option<Ratio>,
    other: Option<Ratio>,
    join: impl Fn(Ratio, Ratio) -> Result<Ratio, ArithmeticError>,
) -> Result<Option<Ratio>, ArithmeticError> {
    one.zip(other).map(|(one, other)| join(one, other)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fen(value: i64) -> Ratio {
        Ratio::integer(value)
    }

    #[test]
    fn a_bound_that_is_missing_stays_missing() {
        let open = Span::from_zero().plus(Span::known(fen(5))).unwrap();
        assert_eq!((open.least, open.most, open.exact()), (Some(fen(5)), None, None));
        let taken_off = Span::known(fen(5)).plus(Span::from_zero().negated().unwrap()).unwrap();
        assert_eq!((taken_off.least, taken_off.most), (None, Some(fen(5))));
        assert_eq!(taken_off.not_below_zero().unwrap(), Span::up_to(fen(5)));
        assert_eq!(Span::known(fen(-3)).not_below_zero().unwrap(), Span::ZERO);
    }

    #[test]
    fn only_what_is_certain_is_below_or_not() {
        let cases = [
            (Span::known(fen(9)), Answer::Met),
            (Span::known(fen(10)), Answer::NotMet),
            (Span::up_to(fen(9)), Answer::Met),
            (Span::up_to(fen(10)), Answer::Unknown),
            (Span { least: Some(fen(10)), most: None }, Answer::NotMet),
            (Span { least: Some(fen(9)), most: None }, Answer::Unknown),
            (Span::open(), Answer::Unknown),
        ];
        for (span, answer) in cases {
            assert_eq!(span.below(fen(10)), Ok(answer), "{span:?}");
        }
    }
}
