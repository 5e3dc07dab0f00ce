//! Positions and straight lines: what a schedule is made of.

use std::cmp::Ordering;

use crate::domain::ratio::{ArithmeticError, Ratio};

/// A position on the axis: a point, or just behind it. A piece covers everything from its own
/// mark up to, and without, the mark of the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) at: Ratio,
    pub(super) behind: bool,
}

impl Mark {
    pub(super) const ORIGIN: Self = Self::on(Ratio::ZERO);

    pub(super) const fn on(at: Ratio) -> Self {
        Self { at, behind: false }
    }

    pub(super) const fn behind(at: Ratio) -> Self {
        Self { at, behind: true }
    }

    pub(super) fn compare(self, other: Self) -> Result<Ordering, ArithmeticError> {
        Ok(self.at.compare(other.at)?.then(self.behind.cmp(&other.behind)))
    }

    pub(super) fn is_before(self, other: Self) -> Result<bool, ArithmeticError> {
        Ok(self.compare(other)? == Ordering::Less)
    }

    pub(super) fn later(self, other: Self) -> Result<Self, ArithmeticError> {
        Ok(if self.is_before(other)? { other } else { self })
    }

    pub(super) fn earlier(self, other: Self) -> Result<Self, ArithmeticError> {
        Ok(if self.is_before(other)? { self } else { other })
    }

    /// The first whole number at or after the mark.
    pub(super) fn first_whole(self) -> Result<i64, ArithmeticError> {
        let whole = if self.behind { self.at.floor().checked_add(1) } else { Some(self.at.ceil()) };
        whole.and_then(|whole| i64::try_from(whole).ok()).ok_or(ArithmeticError::Overflow)
    }
}

/// `(slope * x + intercept) / denominator`, in lowest terms, so that equal lines have equal fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    slope: i128,
    intercept: i128,
    denominator: i128,
}

impl Line {
    pub(super) fn new(intercept: Ratio, slope: Ratio) -> Result<Self, ArithmeticError> {
        // `a/b` over `c/d`: the shared denominator is the least common multiple of b and d.
        let scales = Ratio::new(slope.denominator(), intercept.denominator())?;
        let product = |left: i128, right: i128| left.checked_mul(right).ok_or(ArithmeticError::Overflow);
        Ok(Self {
            slope: product(slope.numerator(), scales.denominator())?,
            intercept: product(intercept.numerator(), scales.numerator())?,
            denominator: product(intercept.denominator(), scales.numerator())?,
        })
    }

    pub(super) const fn flat(value: Ratio) -> Self {
        Self { slope: 0, intercept: value.numerator(), denominator: value.denominator() }
    }

    /// The line of that slope through one point.
    pub(super) fn through(x: Ratio, value: Ratio, slope: Ratio) -> Result<Self, ArithmeticError> {
        Self::new(value.minus(slope.times(x)?)?, slope)
    }

    pub(super) fn slope(self) -> Result<Ratio, ArithmeticError> {
        Ratio::new(self.slope, self.denominator)
    }

    pub(super) fn intercept(self) -> Result<Ratio, ArithmeticError> {
        Ratio::new(self.intercept, self.denominator)
    }

    /// Whether the line falls (`Less`), is flat, or rises (`Greater`).
    pub(super) fn direction(self) -> Ordering {
        self.slope.cmp(&0)
    }

    pub(super) fn at(self, x: Ratio) -> Result<Ratio, ArithmeticError> {
        self.slope()?.times(x)?.plus(self.intercept()?)
    }

    /// One multiplication, one addition and one reduction: the hot path.
    pub(super) fn at_whole(self, x: i64) -> Result<Ratio, ArithmeticError> {
        let product = self.slope.checked_mul(i128::from(x));
        let sum = product.and_then(|product| product.checked_add(self.intercept));
        Ratio::new(sum.ok_or(ArithmeticError::Overflow)?, self.denominator)
    }

    /// The x at which the line reaches a value; none for a flat line.
    pub(super) fn reaches(self, value: Ratio) -> Result<Option<Ratio>, ArithmeticError> {
        if self.slope == 0 {
            return Ok(None);
        }
        Ok(Some(value.minus(self.intercept()?)?.over(self.slope()?)?))
    }

    pub(super) fn plus(self, other: Self) -> Result<Self, ArithmeticError> {
        Self::new(self.intercept()?.plus(other.intercept()?)?, self.slope()?.plus(other.slope()?)?)
    }

    pub(super) fn scaled(self, by: Ratio) -> Result<Self, ArithmeticError> {
        Self::new(self.intercept()?.times(by)?, self.slope()?.times(by)?)
    }

    /// `self(inner(x))`.
    pub(super) fn of(self, inner: Self) -> Result<Self, ArithmeticError> {
        Self::new(self.at(inner.intercept()?)?, self.slope()?.times(inner.slope()?)?)
    }
}

/// Below zero (`Less`), zero or above zero (`Greater`).
pub(super) fn sign(value: Ratio) -> Ordering {
    value.numerator().cmp(&0)
}
