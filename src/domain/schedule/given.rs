//! Schedules as they are given: deductible, bands and cap, or step by step.

use super::line::{Line, Mark};
use super::{Schedule, ScheduleError};
use crate::domain::money::Fen;
use crate::domain::ratio::Ratio;

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

impl Schedule {
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
}
