//! Who counts as a head of a top-up, and what the top-up comes to.

use super::subjects::Subjects;
use crate::domain::facts::Fact;
use crate::domain::identity::IdentitySet;
use crate::domain::money::{Fen, Rounding};
use crate::domain::package::{Basis, Beneficiary, HeadsAmount, TopUpValue};
use crate::domain::ratio::{ArithmeticError, Ratio};
use crate::domain::schedule::{Schedule, ScheduleError};

/// What members take, as far as it is resolved when a top-up is looked at.
#[derive(Debug, Default)]
pub(in crate::domain) struct Heads {
    /// Members and the places of measures that they take.
    pub(super) taken: Vec<(usize, usize)>,
    /// Members and measures that they may take, for want of facts.
    pub(super) maybe: Vec<(usize, usize)>,
}

/// How a top-up is computed for one beneficiary.
struct TopUp {
    /// The line, a month and head, in fen.
    line: Fen,
    /// Heads that count in any case, and further ones that may.
    certain: u32,
    uncertain: u32,
    /// The income it looks at, and over how many months and persons that is.
    income: Basis,
    shares: i64,
}

impl Heads {
    /// The exact amount of one payment if nobody takes what is only possible; `None` if the income
    /// is not known.
    pub(super) fn proposed(
        &self,
        subjects: &Subjects<'_>,
        who: Beneficiary,
        line: Fen,
        not_heads: &[usize],
    ) -> Result<Option<Ratio>, ScheduleError> {
        let top_up = self.top_up(subjects, who, line, not_heads);
        let Some(income) = subjects.fact(top_up.income.who, top_up.income.fact) else { return Ok(None) };
        top_up.amount(top_up.certain + top_up.uncertain, income).map(Some).map_err(ScheduleError::from)
    }

    /// The amounts for every number of heads that is possible, fewest first.
    pub(super) fn options(
        &self,
        subjects: &Subjects<'_>,
        who: Beneficiary,
        line: Fen,
        not_heads: &[usize],
        rounding: Rounding,
    ) -> Result<Vec<HeadsAmount>, ScheduleError> {
        let top_up = self.top_up(subjects, who, line, not_heads);
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
        (top_up.certain..=top_up.certain + top_up.uncertain).map(option).collect()
    }

    /// The top-up of a year as a function of the income, if that is not known, and if nobody takes
    /// what is only possible.
    pub(super) fn open_schedule(
        &self,
        subjects: &Subjects<'_>,
        who: Beneficiary,
        (line, not_heads): (Fen, &[usize]),
        payments_a_year: Ratio,
    ) -> Result<Option<(Basis, Schedule)>, ScheduleError> {
        let top_up = self.top_up(subjects, who, line, not_heads);
        if subjects.fact(top_up.income.who, top_up.income.fact).is_some() {
            return Ok(None);
        }
        let payment = top_up.schedule(top_up.certain + top_up.uncertain)?;
        Ok(Some((top_up.income, payment.scaled(payments_a_year)?)))
    }

    fn top_up(&self, subjects: &Subjects<'_>, who: Beneficiary, line: Fen, not_heads: &[usize]) -> TopUp {
        let held = subjects.held(0);
        let through_household = |index: &usize| {
            let own = held.own.get(*index).copied().unwrap_or_default();
            let social = held.household.intersection(IdentitySet::SOCIAL_ASSISTANCE);
            own.intersection(IdentitySet::SOCIAL_ASSISTANCE).is_empty() && !social.is_empty()
        };
        let takes = |list: &[(usize, usize)], person: usize| {
            list.iter().any(|(who, measure)| *who == person && not_heads.contains(measure))
        };
        if let Beneficiary::Person(person) = who {
            let income = Basis { who, fact: Fact::OwnCountedIncomeMonth };
            let (certain, uncertain) = match (takes(&self.taken, person), takes(&self.maybe, person)) {
                (true, _) => (0, 0),
                (false, true) => (0, 1),
                (false, false) => (1, 0),
            };
            return TopUp { line, certain, uncertain, income, shares: 1 };
        }
        let (mut certain, mut uncertain, mut persons) = (0, 0, 0);
        for person in subjects.residents() {
            persons += 1;
            if through_household(&person) && !takes(&self.taken, person) {
                if takes(&self.maybe, person) { uncertain += 1 } else { certain += 1 }
            }
        }
        let income = Basis { who: Beneficiary::Household, fact: Fact::CountedIncomeYear };
        TopUp { line, certain, uncertain, income, shares: 12 * persons }
    }
}

impl TopUp {
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
