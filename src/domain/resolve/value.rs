//! What candidates are worth where facts are not known: functions of those facts, and exact bounds.

use super::ResolveError;
use super::candidates::{Candidate, OpenWorth, basis_of};
use super::heads::Heads;
use super::subjects::Subjects;
use crate::domain::package::{Basis, Difference};
use crate::domain::ratio::{ArithmeticError, Ratio};
use crate::domain::rulebook::{PartRules, Rulebook};
use crate::domain::schedule::{Schedule, ScheduleError};

/// What amounts are looked up in: the rules, who is asked about, and who counts as a head.
pub(in crate::domain) type Scope<'a, 'h> = (&'a Rulebook, &'a Subjects<'h>, &'a Heads);

/// An amount a year, in fen, as far as it is known: the sum of a known amount and of functions of
/// unknown facts, give or take what cannot be told as such functions.
#[derive(Clone, Debug)]
pub(in crate::domain) struct Value {
    /// The known amount.
    pub(in crate::domain) known: Ratio,
    /// One function of each unknown fact.
    pub(in crate::domain) functions: Vec<(Basis, Schedule)>,
    /// By how much it may be less, and more.
    give: Ratio,
    take: Ratio,
}

impl Value {
    /// Nothing.
    pub(in crate::domain) const ZERO: Self =
        Self { known: Ratio::ZERO, functions: Vec::new(), give: Ratio::ZERO, take: Ratio::ZERO };

    /// The worth of a candidate.
    pub(super) fn of(
        (rulebook, subjects, heads): Scope<'_, '_>,
        one: &Candidate,
    ) -> Result<Self, ResolveError> {
        let mut value = Self { known: one.worth.known, ..Self::ZERO };
        match one.worth.open {
            OpenWorth::Nothing => {}
            OpenWorth::One(basis, place) => {
                value
                    .functions
                    .extend(rulebook.schedules.get(place).map(|function| (basis, function.clone())));
            }
            OpenWorth::Several => {
                for standard in one.standards(rulebook) {
                    let Some(rules) = rulebook.standards.get(standard) else { continue };
                    for part in &rules.parts {
                        match part {
                            PartRules::OfFact { fact, annual, .. } => {
                                let basis = basis_of(*fact, one.who);
                                let unknown = subjects.fact(basis.who, basis.fact).is_none();
                                let function = rulebook.schedules.get(*annual).filter(|_| unknown);
                                function.map_or(Ok(()), |function| value.add_function(basis, function))?;
                            }
                            PartRules::TopUp { line, not_heads } => {
                                let times = Ratio::integer(rules.period.payments_a_year());
                                let top_up = heads.yearly(subjects, one.who, (*line, not_heads), times)?;
                                // What is known of it is in the candidate's known amount.
                                value = value.plus(&Self { known: Ratio::ZERO, ..top_up })?;
                            }
                            _ => {}
                        }
                    }
                }
            }
        }
        Ok(value)
    }

    pub(super) fn add_function(&mut self, basis: Basis, function: &Schedule) -> Result<(), ScheduleError> {
        match self.functions.iter_mut().find(|(known, _)| *known == basis) {
            Some((_, sum)) => *sum = sum.plus(function)?,
            None => self.functions.push((basis, function.clone())),
        }
        Ok(())
    }

    /// May be more by up to this.
    pub(super) fn or_more(mut self, take: Ratio) -> Result<Self, ArithmeticError> {
        self.take = self.take.plus(take)?;
        Ok(self)
    }

    pub(super) fn plus(mut self, other: &Self) -> Result<Self, ScheduleError> {
        self.known = self.known.plus(other.known)?;
        self.give = self.give.plus(other.give)?;
        self.take = self.take.plus(other.take)?;
        for (basis, function) in &other.functions {
            self.add_function(*basis, function)?;
        }
        Ok(self)
    }

    pub(super) fn minus(self, other: &Self) -> Result<Self, ScheduleError> {
        let mut negative =
            Self { known: other.known.negated()?, give: other.take, take: other.give, ..Self::ZERO };
        for (basis, function) in &other.functions {
            negative.functions.push((*basis, function.scaled(Ratio::integer(-1))?));
        }
        self.plus(&negative)
    }

    /// Whether it is exactly the known amount.
    pub(super) fn is_known(&self) -> bool {
        self.functions.is_empty() && self.is_sharp()
    }

    /// Whether it is exactly the known amount and the functions.
    pub(super) const fn is_sharp(&self) -> bool {
        self.give.is_zero() && self.take.is_zero()
    }

    /// Whether it is nowhere below zero, whatever the unknown facts are.
    pub(super) fn is_never_negative(&self) -> Result<bool, ArithmeticError> {
        let mut least = self.known.minus(self.give)?;
        for (_, function) in &self.functions {
            least = least.plus(function.lowest()?)?;
        }
        Ok(!least.is_negative())
    }

    /// How two amounts compare over the whole range of what is not known.
    pub(super) fn against(&self, other: &Self) -> Result<Difference, ScheduleError> {
        let functions = || self.functions.iter().chain(&other.functions);
        if !self.is_sharp() || !other.is_sharp() {
            return Ok(Difference::NotComparable);
        }
        let Some((basis, function)) = functions().next() else {
            return Ok(Difference::Exact(self.known.minus(other.known)?));
        };
        if functions().any(|(also, _)| also != basis) {
            return Ok(Difference::NotComparable);
        }
        Ok(Difference::OverRange(self.over(function.hi())?.compare(&other.over(function.hi())?)?))
    }

    /// As a whole function of its one unknown fact, whose range ends at `hi`.
    pub(super) fn over(&self, hi: i64) -> Result<Schedule, ScheduleError> {
        let known = Schedule::constant(self.known, hi);
        match self.functions.as_slice() {
            [(_, function)] => function.plus(&known),
            _ => Ok(known),
        }
    }
}
