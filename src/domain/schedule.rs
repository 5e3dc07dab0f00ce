//! Exact piecewise-linear functions of one whole quantity: reimbursements, top-ups, awards per
//! unit, and the cascades made of them.

mod compare;
mod line;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;

pub use compare::{Comparison, Crossing, Side, Stretch, envelope};

use self::line::{Line, Mark, sign};
use super::money::Fen;
use super::ratio::{ArithmeticError, Ratio};

/// An exact piecewise-linear function of a whole quantity x over the range 0 to `hi`, both included.
///
/// x is fen for a basis in money, a count or thousandths for units; the values are usually exact
/// fractions of a fen. Between the whole numbers the function is defined too (a cascade hands a
/// fraction of a fen to its next link). It may jump.
///
/// The pieces are kept in one canonical form: two schedules are `==` exactly when they have the same
/// range and are the same function, fractions included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    hi: i64,
    /// Ascending; the first begins at 0.
    segments: Vec<Segment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Segment {
    piece: Piece,
    line: Line,
}

/// One straight piece of a [`Schedule`]. It ends where the next one begins, or with the range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where the piece begins; may lie between two whole quantities.
    pub start: Ratio,
    /// Whether `start` itself still belongs to the piece before. Only at a jump, and only behind a
    /// remainder that falls as the quantity rises.
    pub excludes_start: bool,
    /// The first whole quantity from the beginning of the piece on (fen, for a basis in money). A
    /// piece between two whole quantities shares it with the next piece.
    pub start_fen: i64,
    /// By how much the value grows with each whole quantity.
    pub slope: Ratio,
    /// The value at `start`; if the start is excluded, the value the piece begins from.
    pub value: Ratio,
}

/// One band of a [`Schedule::reimbursement`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// Where the band ends, measured on the amount *above the deductible*; none is an open end.
    pub upto: Option<Fen>,
    /// The share that is paid inside the band: 0.6 is 60 %. Not negative.
    pub rate: Ratio,
}

/// One given piece of a [`Schedule::stepped`] function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The first quantity of the step, itself included.
    pub from: Ratio,
    /// The value at `from`.
    pub value: Ratio,
    /// By how much the value grows with each whole quantity after it.
    pub slope: Ratio,
}

/// A schedule that cannot be built, evaluated or compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// An exact result does not fit.
    #[error(transparent)]
    Arithmetic(#[from] ArithmeticError),
    /// The quantity lies outside the declared range.
    #[error("the quantity lies outside the declared range of 0 to {hi}")]
    OutsideRange {
        /// The end of the range.
        hi: i64,
    },
    /// Two functions of different ranges cannot be added or compared.
    #[error("the functions are declared over different ranges")]
    RangesDiffer,
    /// No band, a band that does not end above the one before, or a band after an open one.
    #[error("bands must rise from above zero, and only the last one may be open")]
    Bands,
    /// No step, a first step that does not begin at 0, or a step that does not begin after the one before.
    #[error("steps must begin at zero and rise")]
    Steps,
    /// A negative deductible, rate or cap.
    #[error("a deductible, a rate or a cap cannot be negative")]
    Negative,
}

impl Schedule {
    /// The range that applies where a measure declares none: 10,000,000 yuan, in fen.
    pub const DEFAULT_RANGE: i64 = 1_000_000_000;

    /// The same value everywhere. A `hi` below 0 counts as 0, here and in every constructor.
    pub fn constant(value: Ratio, hi: i64) -> Self {
        let piece =
            Piece { start: Ratio::ZERO, excludes_start: false, start_fen: 0, slope: Ratio::ZERO, value };
        Self { hi: hi.max(0), segments: vec![Segment { piece, line: Line::flat(value) }] }
    }

    /// `intercept + slope * x`.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn linear(intercept: Ratio, slope: Ratio, hi: i64) -> Result<Self, ArithmeticError> {
        Self::build(hi, &[(Mark::ORIGIN, Line::new(intercept, slope)?)])
    }

    /// What lies above the deductible, paid at the rates of the bands, never more than the cap.
    ///
    /// The deductible is fen and may be a fraction. Behind a last band that is not open nothing
    /// more is added.
    ///
    /// # Errors
    /// [`ScheduleError::Bands`], [`ScheduleError::Negative`] or an overflow.
    pub fn reimbursement(
        deductible: Ratio,
        bands: &[Band],
        cap: Option<Fen>,
        hi: i64,
    ) -> Result<Self, ScheduleError> {
        if deductible.is_negative() || cap.is_some_and(|cap| cap.value() < 0) {
            return Err(ScheduleError::Negative);
        }
        let mut drafts = vec![(Mark::ORIGIN, Line::flat(Ratio::ZERO))];
        let mut open_from = Some(Fen::new(0));
        let (mut start, mut paid) = (deductible, Ratio::ZERO);
        for band in bands {
            let from = open_from.ok_or(ScheduleError::Bands)?;
            if band.upto.is_some_and(|upto| upto <= from) {
                return Err(ScheduleError::Bands);
            }
            if band.rate.is_negative() {
                return Err(ScheduleError::Negative);
            }
            drafts.push((Mark::on(start), Line::through(start, paid, band.rate)?));
            if let Some(upto) = band.upto {
                let end = deductible.plus(upto.exact())?;
                paid = paid.plus(band.rate.times(end.minus(start)?)?)?;
                start = end;
            }
            open_from = band.upto;
        }
        if bands.is_empty() {
            return Err(ScheduleError::Bands);
        }
        if open_from.is_some() {
            drafts.push((Mark::on(start), Line::flat(paid)));
        }
        let uncapped = Self::build(hi, &drafts)?;
        Ok(match cap {
            Some(cap) => uncapped.capped(cap.exact())?,
            None => uncapped,
        })
    }

    /// A function given step by step, with or without jumps between the steps.
    ///
    /// # Errors
    /// [`ScheduleError::Steps`] or an overflow.
    pub fn stepped(steps: &[Step], hi: i64) -> Result<Self, ScheduleError> {
        let mut drafts: Vec<(Mark, Line)> = Vec::with_capacity(steps.len());
        for step in steps {
            let mark = Mark::on(step.from);
            let rises = match drafts.last() {
                Some(&(before, _)) => before.is_before(mark)?,
                None => mark == Mark::ORIGIN,
            };
            if !rises {
                return Err(ScheduleError::Steps);
            }
            drafts.push((mark, Line::through(step.from, step.value, step.slope)?));
        }
        if drafts.is_empty() {
            return Err(ScheduleError::Steps);
        }
        Ok(Self::build(hi, &drafts)?)
    }

    /// The end of the range.
    pub const fn hi(&self) -> i64 {
        self.hi
    }

    /// The value at a whole quantity.
    ///
    /// # Errors
    /// [`ScheduleError::OutsideRange`] (nothing is clamped) or an overflow.
    pub fn at(&self, x: i64) -> Result<Ratio, ScheduleError> {
        let outside = ScheduleError::OutsideRange { hi: self.hi };
        if x > self.hi {
            return Err(outside);
        }
        let begun = self.segments.partition_point(|segment| segment.piece.start_fen <= x);
        let segment = begun.checked_sub(1).and_then(|last| self.segments.get(last)).ok_or(outside)?;
        Ok(segment.line.at_whole(x)?)
    }

    /// The value at a quantity that need not be whole, such as what a first link leaves to the next.
    ///
    /// # Errors
    /// [`ScheduleError::OutsideRange`] or an overflow.
    pub fn at_exact(&self, x: Ratio) -> Result<Ratio, ScheduleError> {
        let outside = ScheduleError::OutsideRange { hi: self.hi };
        let mark = Mark::on(x);
        if !mark.is_before(self.end())? {
            return Err(outside);
        }
        let mut found = None;
        for segment in &self.segments {
            if mark.is_before(segment.mark())? {
                break;
            }
            found = Some(segment.line);
        }
        Ok(found.ok_or(outside)?.at(x)?)
    }

    /// `self(x) + other(x)`.
    ///
    /// # Errors
    /// [`ScheduleError::RangesDiffer`] or an overflow.
    pub fn plus(&self, other: &Self) -> Result<Self, ScheduleError> {
        if self.hi != other.hi {
            return Err(ScheduleError::RangesDiffer);
        }
        let mut drafts = Vec::with_capacity(self.segments.len() + other.segments.len());
        let (mut left, mut right) = (self.segments.iter().peekable(), other.segments.iter().peekable());
        let (mut left_line, mut right_line) = (None, None);
        loop {
            let (start, order) = match (left.peek(), right.peek()) {
                (Some(left), Some(right)) => {
                    let order = left.mark().compare(right.mark())?;
                    (if order == Ordering::Greater { right.mark() } else { left.mark() }, order)
                }
                (Some(left), None) => (left.mark(), Ordering::Less),
                (None, Some(right)) => (right.mark(), Ordering::Greater),
                (None, None) => break,
            };
            if order != Ordering::Greater {
                left_line = left.next().map(|segment| segment.line);
            }
            if order != Ordering::Less {
                right_line = right.next().map(|segment| segment.line);
            }
            if let (Some(left), Some(right)) = (left_line, right_line) {
                drafts.push((start, left.plus(right)?));
            }
        }
        Ok(Self::build(self.hi, &drafts)?)
    }

    /// `self(x) - other(x)`.
    ///
    /// # Errors
    /// [`ScheduleError::RangesDiffer`] or an overflow.
    pub fn minus(&self, other: &Self) -> Result<Self, ScheduleError> {
        self.plus(&other.scaled(Ratio::integer(-1))?)
    }

    /// `by * self(x)`.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn scaled(&self, by: Ratio) -> Result<Self, ArithmeticError> {
        let mut drafts = Vec::with_capacity(self.segments.len());
        for segment in &self.segments {
            drafts.push((segment.mark(), segment.line.scaled(by)?));
        }
        Self::build(self.hi, &drafts)
    }

    /// Never below `floor`: the larger of the value and the floor, everywhere.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn floored(&self, floor: Ratio) -> Result<Self, ArithmeticError> {
        self.bounded(floor, Ordering::Less)
    }

    /// Never above `cap`: the smaller of the value and the cap, everywhere.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn capped(&self, cap: Ratio) -> Result<Self, ArithmeticError> {
        self.bounded(cap, Ordering::Greater)
    }

    /// What this link adds behind a first one: `self(x - first(x))`, over the range of `first`.
    ///
    /// What `first` leaves is handed on exactly. It counts as 0 where it is negative (a first link
    /// that pays more than the quantity), and as the end of this link's range where it is larger.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn after(&self, first: &Self) -> Result<Self, ArithmeticError> {
        let mut left = Vec::with_capacity(first.segments.len());
        let all = Line::new(Ratio::ZERO, Ratio::ONE)?;
        for segment in &first.segments {
            left.push((segment.mark(), all.plus(segment.line.scaled(Ratio::integer(-1))?)?));
        }
        let left = Self::build(first.hi, &left)?.floored(Ratio::ZERO)?.capped(Ratio::integer(self.hi))?;
        let mut drafts = Vec::new();
        for (segment, end) in left.spans() {
            self.follow(segment.mark(), end, segment.line, &mut drafts)?;
        }
        Self::build(first.hi, &drafts)
    }

    /// Both links of a cascade: `self(x) + next(x - self(x))`. See [`Schedule::after`].
    ///
    /// # Errors
    /// An overflow.
    pub fn then(&self, next: &Self) -> Result<Self, ScheduleError> {
        self.plus(&next.after(self)?)
    }

    /// The straight pieces in ascending order; neighbours are never parts of the same line.
    pub fn pieces(&self) -> impl Iterator<Item = Piece> {
        self.segments.iter().map(|segment| segment.piece)
    }

    /// The largest value at any whole quantity of the range.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn highest(&self) -> Result<Ratio, ArithmeticError> {
        self.extreme(Ordering::Greater)
    }

    /// The smallest value at any whole quantity of the range.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn lowest(&self) -> Result<Ratio, ArithmeticError> {
        self.extreme(Ordering::Less)
    }

    fn extreme(&self, wanted: Ordering) -> Result<Ratio, ArithmeticError> {
        let mut found: Option<Ratio> = None;
        for (line, first, last) in self.whole_spans()? {
            for value in [line.at_whole(first)?, line.at_whole(last)?] {
                let better = match found {
                    Some(found) => value.compare(found)? == wanted,
                    None => true,
                };
                found = if better { Some(value) } else { found };
            }
        }
        // There is always one: 0 lies in the range.
        Ok(found.unwrap_or(Ratio::ZERO))
    }

    /// Replaces everything on the `cut` side of the bound by the bound.
    fn bounded(&self, bound: Ratio, cut: Ordering) -> Result<Self, ArithmeticError> {
        let mut drafts = Vec::with_capacity(self.segments.len() * 2);
        for (segment, end) in self.spans() {
            let (mark, line) = (segment.mark(), segment.line);
            let side = |order: Ordering| if order == cut { Line::flat(bound) } else { line };
            if let Some(meets) = line.reaches(bound)?
                && mark.at.compare(meets)? == Ordering::Less
                && meets.compare(end.at)? == Ordering::Less
            {
                drafts.push((mark, side(line.direction().reverse())));
                drafts.push((Mark::on(meets), side(line.direction())));
                continue;
            }
            let middle = mark.at.plus(end.at)?.over(Ratio::integer(2))?;
            drafts.push((mark, side(line.at(middle)?.compare(bound)?)));
        }
        Self::build(self.hi, &drafts)
    }

    /// `self(inner(x))` from `start` to `end`, where `inner` stays inside this function's range.
    fn follow(
        &self,
        start: Mark,
        end: Mark,
        inner: Line,
        drafts: &mut Vec<(Mark, Line)>,
    ) -> Result<(), ArithmeticError> {
        let falls = inner.direction() == Ordering::Less;
        // A falling argument reads this function from its end, and what was closed on the left is
        // then closed on the right.
        let entered = |mark: Mark| -> Result<Option<Mark>, ArithmeticError> {
            Ok(inner.reaches(mark.at)?.map(|at| Mark { at, behind: mark.behind != falls }))
        };
        let mut found = Vec::with_capacity(self.segments.len());
        for (index, (segment, next)) in self.spans().enumerate() {
            let is_last = index + 1 == self.segments.len();
            let Some(low) = entered(segment.mark())? else {
                // The argument is one value: the piece that holds it.
                let value = Mark::on(inner.intercept()?);
                if (index == 0 || !value.is_before(segment.mark())?) && (is_last || value.is_before(next)?) {
                    found.push((start, Line::flat(segment.line.at(value.at)?)));
                }
                continue;
            };
            let high = entered(next)?.unwrap_or(end);
            // The first and the last piece go on: `inner` does not leave the range.
            let (from, upto, opens, ends) =
                if falls { (high, low, is_last, index == 0) } else { (low, high, index == 0, is_last) };
            let from = if opens { start } else { start.later(from)? };
            let upto = if ends { end } else { end.earlier(upto)? };
            if from.is_before(upto)? {
                found.push((from, segment.line.of(inner)?));
            }
        }
        if falls {
            found.reverse();
        }
        drafts.append(&mut found);
        Ok(())
    }

    /// Brings ascending drafts, the first of them at 0, into the canonical form: nothing empty,
    /// nothing beyond the range, no two neighbours on one line, single points flat and only where
    /// neither neighbour goes through them, starts included wherever the function does not jump.
    fn build(hi: i64, drafts: &[(Mark, Line)]) -> Result<Self, ArithmeticError> {
        let hi = hi.max(0);
        let end = Mark::behind(Ratio::integer(hi));
        let mut kept: Vec<(Mark, Line)> = Vec::with_capacity(drafts.len());
        let upcoming = drafts.iter().skip(1).map(|&(next, _)| next).chain([end]);
        for (&(mark, line), next) in drafts.iter().zip(upcoming) {
            let next = next.earlier(end)?;
            if !mark.is_before(next)? {
                continue;
            }
            let is_point = mark.at == next.at;
            let line = if is_point { Line::flat(line.at(mark.at)?) } else { line };
            let Some(&(before_mark, before)) = kept.last() else {
                kept.push((mark, line));
                continue;
            };
            if before == line {
                continue;
            }
            if before.at(mark.at)? != line.at(mark.at)? {
                kept.push((mark, line));
                continue;
            }
            if is_point {
                continue;
            }
            if before_mark.at == mark.at {
                // The piece before is this single point, and this line goes through it.
                kept.pop();
            }
            kept.push((Mark::on(mark.at), line));
        }
        let mut segments = Vec::with_capacity(kept.len());
        for (mark, line) in kept {
            segments.push(Segment::new(mark, line)?);
        }
        Ok(Self { hi, segments })
    }

    fn end(&self) -> Mark {
        Mark::behind(Ratio::integer(self.hi))
    }

    /// Every segment with the mark at which it ends.
    fn spans(&self) -> impl Iterator<Item = (&Segment, Mark)> {
        let ends = self.segments.iter().skip(1).map(Segment::mark).chain([self.end()]);
        self.segments.iter().zip(ends)
    }

    /// Every line that covers a whole quantity, with the first and the last one.
    fn whole_spans(&self) -> Result<Vec<(Line, i64, i64)>, ArithmeticError> {
        let mut spans = Vec::with_capacity(self.segments.len());
        for (segment, end) in self.spans() {
            let last = end.first_whole()?.checked_sub(1).ok_or(ArithmeticError::Overflow)?;
            if segment.piece.start_fen <= last {
                spans.push((segment.line, segment.piece.start_fen, last));
            }
        }
        Ok(spans)
    }
}

impl Segment {
    fn new(mark: Mark, line: Line) -> Result<Self, ArithmeticError> {
        let piece = Piece {
            start: mark.at,
            excludes_start: mark.behind,
            start_fen: mark.first_whole()?,
            slope: line.slope()?,
            value: line.at(mark.at)?,
        };
        Ok(Self { piece, line })
    }

    const fn mark(&self) -> Mark {
        Mark { at: self.piece.start, behind: self.piece.excludes_start }
    }
}
