//! One schedule behind another: what a first link leaves goes on to the next.

use std::cmp::Ordering;

use super::line::{Line, Mark};
use super::{Schedule, ScheduleError};
use crate::domain::ratio::{ArithmeticError, Ratio};

impl Schedule {
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
}
