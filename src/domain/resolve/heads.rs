//! Who counts as a head of a top-up, and what the top-up comes to.

use super::subjects::Subjects;
use super::value::Value;
use crate::domain::facts::Fact;
use crate::domain::identity::IdentitySet;
use crate::domain::money::{Fen, Rounding};
use crate::domain::package::{Basis, Beneficiary, HeadsAmount, TopUpValue};
use crate::domain::ratio::{ArithmeticError, Ratio};
use crate::domain::rulebook::range_of;
use crate::domain::schedule::{Schedule, ScheduleError, Step};

/// A member and the place of a measure.
pub(super) type Taker = (usize, usize);

/// What members take, as far as it is resolved when a top-up is looked at.
#[derive(Debug, Default)]
pub(in crate::domain) struct Heads {
    /// What is taken for sure.
    taken: Vec<Taker>,
    /// What is taken only for some values of unknown facts.
    turns: Vec<Turns>,
}

/// Who takes what in a contest of which the outcome depends on what is not known.
#[derive(Debug)]
pub(super) struct Turns {
    /// The one fact it depends on, if it is one.
    pub(super) basis: Option<Basis>,
    /// The bundles; with one fact, with the first whole quantity of each.
    pub(super) bundles: Vec<(i64, Vec<Taker>)>,
}

/// Whether a member is a head of a top-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Yes.
    Head,
    /// No: the member takes one of the measures that the top-up names.
    Taker,
    /// That depends on the value of this one fact.
    By(Basis),
    /// That depends on several facts.
    Unsure,
}

/// How a top-up is computed for one beneficiary.
struct TopUp {
    /// The line, a month and head, in fen.
    line: Fen,
    /// The income it looks at, and over how many months and persons that is.
    income: Basis,
    shares: i64,
}

impl Heads {
    pub(super) fn new(taken: Vec<Taker>, turns: Vec<Turns>) -> Self {
        Self { taken, turns }
    }

    /// The members whose heads a top-up of this beneficiary counts, before it is looked at what they take.
    pub(super) fn counted(subjects: &Subjects<'_>, who: Beneficiary) -> Vec<usize> {
        if let Beneficiary::Person(person) = who {
            return vec![person];
        }
        let held = subjects.held(0);
        let through_household = |index: &usize| {
            let own = held.own.get(*index).copied().unwrap_or_default();
            let social = held.household.intersection(IdentitySet::SOCIAL_ASSISTANCE);
            own.intersection(IdentitySet::SOCIAL_ASSISTANCE).is_empty() && !social.is_empty()
        };
        subjects.residents().filter(through_household).collect()
    }

    /// Whether a member is a head, if these measures take one out.
    pub(super) fn standing(&self, person: usize, not_heads: &[usize]) -> Standing {
        let takes = |taken: &[Taker]| takes(taken, person, not_heads);
        if takes(&self.taken) {
            return Standing::Taker;
        }
        let mut standing = Standing::Head;
        for turns in &self.turns {
            let times = turns.bundles.iter().filter(|(_, taken)| takes(taken)).count();
            standing = match (standing, turns.basis) {
                _ if times == 0 => continue,
                _ if times == turns.bundles.len() => return Standing::Taker,
                (Standing::Head, Some(basis)) => Standing::By(basis),
                (Standing::By(before), Some(basis)) if before == basis => continue,
                _ => Standing::Unsure,
            };
        }
        standing
    }

    /// What a top-up comes to in a year if nobody takes what is only undecided.
    pub(super) fn yearly(
        &self,
        subjects: &Subjects<'_>,
        who: Beneficiary,
        (line, not_heads): (Fen, &[usize]),
        payments: Ratio,
    ) -> Result<Value, ScheduleError> {
        let top_up = TopUp::new(subjects, who, line);
        let (mut sure, mut unsure) = (0_u32, 0_i64);
        let mut by: Vec<(Basis, Vec<usize>)> = Vec::new();
        for person in Self::counted(subjects, who) {
            match self.standing(person, not_heads) {
                Standing::Head => sure += 1,
                Standing::Taker => {}
                Standing::Unsure => unsure += 1,
                Standing::By(basis) => match by.iter_mut().find(|(known, _)| *known == basis) {
                    Some((_, people)) => people.push(person),
                    None => by.push((basis, vec![person])),
                },
            }
        }
        let mut value = Value::ZERO;
        if let Some(income) = subjects.fact(top_up.income.who, top_up.income.fact) {
            value.known = top_up.amount(sure, income)?.times(payments)?;
            let one = top_up.amount(1, income)?.times(payments)?;
            for (basis, people) in by {
                value.add_function(basis, &self.steps(basis, &people, not_heads, one)?)?;
            }
            return Ok(value.or_more(one.times(Ratio::integer(unsure))?)?);
        }
        // The product of two functions of different facts is only bounded.
        let by = by.iter().flat_map(|(_, people)| people).fold(unsure, |sum, _| sum.saturating_add(1));
        let most = Ratio::integer(by).times(line.exact())?;
        value.add_function(top_up.income, &top_up.schedule(sure)?.scaled(payments)?)?;
        Ok(value.or_more(most.times(payments)?)?)
    }

    /// This amount for each of the members who is a head, as a function of the fact that it depends on.
    fn steps(
        &self,
        basis: Basis,
        people: &[usize],
        not_heads: &[usize],
        each: Ratio,
    ) -> Result<Schedule, ScheduleError> {
        let turns: Vec<&Turns> = self.turns.iter().filter(|turns| turns.basis == Some(basis)).collect();
        let mut starts: Vec<i64> =
            turns.iter().flat_map(|turns| &turns.bundles).map(|(first, _)| *first).collect();
        starts.sort_unstable();
        starts.dedup();
        let mut steps = Vec::with_capacity(starts.len());
        for start in starts {
            let is_taker = |person: usize| {
                turns.iter().any(|turns| {
                    let bundle = turns.bundles.iter().rfind(|(first, _)| *first <= start);
                    bundle.is_some_and(|(_, taken)| takes(taken, person, not_heads))
                })
            };
            let mut value = Ratio::ZERO;
            for _ in people.iter().filter(|person| !is_taker(**person)) {
                value = value.plus(each)?;
            }
            steps.push(Step { from: Ratio::integer(start), value, slope: Ratio::ZERO });
        }
        Schedule::stepped(&steps, range_of(basis.fact))
    }
}

fn takes(taken: &[Taker], person: usize, measures: &[usize]) -> bool {
    taken.iter().any(|(who, measure)| *who == person && measures.contains(measure))
}

/// The amounts of one payment for every number of heads that is possible, fewest first.
pub(super) fn options(
    subjects: &Subjects<'_>,
    who: Beneficiary,
    line: Fen,
    rounding: Rounding,
    heads: std::ops::RangeInclusive<u32>,
) -> Result<Vec<HeadsAmount>, ScheduleError> {
    let top_up = TopUp::new(subjects, who, line);
    let income = subjects.fact(top_up.income.who, top_up.income.fact);
    let option = |heads: u32| {
        let value = match income {
            Some(income) => {
                let exact = top_up.amount(heads, income)?;
                TopUpValue::Priced { exact, payment: rounding.apply(exact)? }
            }
            None => TopUpValue::Open(top_up.income, top_up.schedule(heads)?),
        };
        Ok(HeadsAmount { heads, value })
    };
    heads.map(option).collect()
}

impl TopUp {
    fn new(subjects: &Subjects<'_>, who: Beneficiary, line: Fen) -> Self {
        match who {
            // A person-level dibao looks at the person's own income.
            Beneficiary::Person(_) => {
                Self { line, income: Basis { who, fact: Fact::OwnCountedIncomeMonth }, shares: 1 }
            }
            Beneficiary::Household => {
                let persons = subjects.residents().fold(0_i64, |sum, _| sum.saturating_add(1));
                let income = Basis { who, fact: Fact::CountedIncomeYear };
                Self { line, income, shares: persons.saturating_mul(12) }
            }
        }
    }

    /// (line - income a head and month) x heads, never below 0.
    fn amount(&self, heads: u32, income: i64) -> Result<Ratio, ArithmeticError> {
        let per_head = Ratio::new(i128::from(income), i128::from(self.shares.max(1)))?;
        let gap = self.line.exact().minus(per_head)?.larger(Ratio::ZERO)?;
        gap.times(Ratio::integer(i64::from(heads)))
    }

    fn schedule(&self, heads: u32) -> Result<Schedule, ArithmeticError> {
        let heads = Ratio::integer(i64::from(heads));
        let slope = heads.negated()?.over(Ratio::integer(self.shares.max(1)))?;
        let most = self.line.exact().times(heads)?;
        Schedule::linear(most, slope, Schedule::DEFAULT_RANGE)?.floored(Ratio::ZERO)
    }
}
