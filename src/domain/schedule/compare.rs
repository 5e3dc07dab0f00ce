//! Which of several schedules is higher, and where that changes.

use std::cmp::Ordering;

use super::{Mark, Schedule, ScheduleError, sign};
use crate::domain::ratio::{ArithmeticError, Ratio};

/// Two schedules compared at every whole quantity of their range.
///
/// Only whole quantities can occur, so only they decide who is higher; that one function is higher
/// somewhere between two of them changes nothing. The differences are those at whole quantities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The same value at every whole quantity.
    Equal,
    /// The first is never below the second, and somewhere above it.
    Dominates {
        /// The smallest difference.
        least: Ratio,
        /// The largest difference inside the range.
        most: Ratio,
        /// The difference still grows at the end of the range: beyond it, it is not bounded by `most`.
        growing: bool,
    },
    /// The first is never above the second, and somewhere below it; differences are second less first.
    Dominated {
        /// The smallest difference.
        least: Ratio,
        /// The largest difference inside the range.
        most: Ratio,
        /// The difference still grows at the end of the range: beyond it, it is not bounded by `most`.
        growing: bool,
    },
    /// The lead changes: at least one crossing, ascending, the side that is ahead alternating.
    Crosses(Vec<Crossing>),
}

/// One of the two compared schedules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The one that `compare` was called on.
    First,
    /// Its argument.
    Second,
}

/// A change of the lead.
///
/// The lead is taken at a whole quantity, by being strictly higher there, and kept through ties.
/// Touching is therefore no crossing, nor is a first lead after equality from 0 on. Lines that
/// cross several times between two neighbouring whole quantities make one crossing if the lead
/// differs between the two, and none otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crossing {
    /// The exact quantity up to which the new leader is not ahead; from there on, up to and with
    /// `first`, it is. After a stretch of equality this is the end of the stretch.
    pub at: Ratio,
    /// The value of both at `at`; none if they differ there, that is, if one of them jumps.
    pub value: Option<Ratio>,
    /// The first whole quantity at which the new leader is strictly higher: `at` rounded down, plus
    /// one; at a jump it can be `at` itself.
    pub first: i64,
    /// The new leader.
    pub ahead: Side,
}

/// A stretch of the upper envelope; it lasts until the next one begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The exact quantity from which the winner is ahead of the previous winner; 0 for the first
    /// stretch. Read as [`Crossing::at`].
    pub from: Ratio,
    /// The first whole quantity of the stretch.
    pub first: i64,
    /// The index of the function that is highest throughout the stretch, alone or with others.
    pub winner: usize,
}

impl Schedule {
    /// Which of the two is higher, over the whole range.
    ///
    /// # Errors
    /// [`ScheduleError::RangesDiffer`] or an overflow.
    pub fn compare(&self, other: &Self) -> Result<Comparison, ScheduleError> {
        let difference = self.minus(other)?;
        let mut crossings = Vec::new();
        let mut leader = Ordering::Equal;
        for lead in leads(&difference)? {
            if leader != Ordering::Equal && leader != lead.ahead {
                let at = onset(&difference, lead)?;
                let meets = difference.at_exact(at)?.is_zero();
                crossings.push(Crossing {
                    at,
                    value: if meets { Some(self.at_exact(at)?) } else { None },
                    first: lead.first,
                    ahead: if lead.ahead == Ordering::Greater { Side::First } else { Side::Second },
                });
            }
            leader = lead.ahead;
        }
        if !crossings.is_empty() {
            return Ok(Comparison::Crosses(crossings));
        }
        let (lowest, highest) = (difference.lowest()?, difference.highest()?);
        let end = difference.segments.last().map_or(Ordering::Equal, |segment| segment.line.direction());
        let growing = end == leader;
        Ok(match leader {
            Ordering::Equal => Comparison::Equal,
            Ordering::Greater => Comparison::Dominates { least: lowest, most: highest, growing },
            Ordering::Less => {
                Comparison::Dominated { least: highest.negated()?, most: lowest.negated()?, growing }
            }
        })
    }
}

/// The upper envelope: which function is highest where. Empty for no functions.
///
/// Read at whole quantities, as [`Comparison`] is. A winner stays until another function is
/// strictly higher. Where several are highest as a stretch begins, the one that stays highest the
/// longest wins it, and the lowest index among those. There are therefore never more stretches than
/// needed; in particular a function that is nowhere below any other is the only stretch, and two
/// functions have more than one stretch exactly when they cross.
///
/// # Errors
/// [`ScheduleError::RangesDiffer`] or an overflow.
pub fn envelope(functions: &[&Schedule]) -> Result<Vec<Stretch>, ScheduleError> {
    let mut contestants = Vec::with_capacity(functions.len());
    for (index, function) in functions.iter().enumerate() {
        let mut beaten_at = Vec::new();
        for (_, other) in functions.iter().enumerate().filter(|&(other, _)| other != index) {
            let above = leads(&other.minus(function)?)?;
            beaten_at
                .extend(above.iter().filter(|lead| lead.ahead == Ordering::Greater).map(|lead| lead.first));
        }
        contestants.push(Contestant { index, function, beaten_at });
    }
    let mut stretches = Vec::new();
    let mut previous: Option<&Contestant<'_>> = None;
    let mut next = Some(0);
    while let Some(first) = next {
        let Some((winner, beaten)) = longest_highest(&contestants, first)? else { break };
        let from = match previous {
            Some(previous) => {
                let lead = Lead { first, ahead: Ordering::Greater };
                onset(&winner.function.minus(previous.function)?, lead)?
            }
            None => Ratio::ZERO,
        };
        stretches.push(Stretch { from, first, winner: winner.index });
        (previous, next) = (Some(winner), beaten);
    }
    Ok(stretches)
}

struct Contestant<'a> {
    index: usize,
    function: &'a Schedule,
    /// Whole quantities at which some other function gets above this one.
    beaten_at: Vec<i64>,
}

/// The function that is highest at `x` and stays so the longest, and where it is then beaten.
fn longest_highest<'a, 'b>(
    contestants: &'a [Contestant<'b>],
    x: i64,
) -> Result<Option<(&'a Contestant<'b>, Option<i64>)>, ScheduleError> {
    let mut found: Option<(Ratio, &Contestant<'_>, Option<i64>)> = None;
    for contestant in contestants {
        let value = contestant.function.at(x)?;
        let beaten = contestant.beaten_at.iter().copied().filter(|&first| first > x).min();
        let better = match found {
            None => true,
            Some((best, _, until)) => match value.compare(best)? {
                Ordering::Greater => true,
                Ordering::Less => false,
                // Never beaten is the longest.
                Ordering::Equal => until.is_some_and(|until| beaten.is_none_or(|beaten| beaten > until)),
            },
        };
        if better {
            found = Some((value, contestant, beaten));
        }
    }
    Ok(found.map(|(_, contestant, beaten)| (contestant, beaten)))
}

/// A whole quantity from which on a difference is strictly on one side of zero.
#[derive(Clone, Copy)]
struct Lead {
    first: i64,
    ahead: Ordering,
}

/// The leads in each piece of a difference, ascending. Neighbours may be for the same side.
fn leads(difference: &Schedule) -> Result<Vec<Lead>, ArithmeticError> {
    let mut leads = Vec::new();
    for (line, first, last) in difference.whole_spans()? {
        let (opens, closes) = (sign(line.at_whole(first)?), sign(line.at_whole(last)?));
        if opens != Ordering::Equal {
            leads.push(Lead { first, ahead: opens });
        }
        if closes != Ordering::Equal
            && closes != opens
            && let Some(zero) = line.reaches(Ratio::ZERO)?
        {
            leads.push(Lead { first: Mark::behind(zero).first_whole()?, ahead: closes });
        }
    }
    Ok(leads)
}

/// The end of everything before a lead's first whole quantity that is not yet ahead, exactly.
fn onset(difference: &Schedule, lead: Lead) -> Result<Ratio, ArithmeticError> {
    let mut end = Mark::on(Ratio::integer(lead.first));
    for segment in difference.segments.iter().rev() {
        let (start, line) = (segment.mark(), segment.line);
        if !start.is_before(end)? {
            continue;
        }
        match line.reaches(Ratio::ZERO)?.map(Mark::on) {
            None if sign(line.intercept()?) != lead.ahead => return Ok(end.at),
            // Behind up to the zero, which lies in this piece or after it.
            Some(zero) if line.direction() == lead.ahead && !zero.is_before(start)? => {
                return Ok(zero.earlier(end)?.at);
            }
            // Behind from the zero on.
            Some(zero) if line.direction() != lead.ahead && zero.is_before(end)? => return Ok(end.at),
            _ => end = start,
        }
    }
    Ok(end.at)
}
