//! The values that stand behind the terms of a measure, in one place on one date.

use chrono::NaiveDate;

use crate::domain::catalogue::{Catalogue, ParameterValue, Place};
use crate::domain::facts::days_of;
use crate::domain::measure::{Cap, Rates, Term};
use crate::domain::money::Fen;
use crate::domain::period::Period;
use crate::domain::ratio::{ArithmeticError, Ratio};
use crate::domain::schedule::{Band, Schedule, ScheduleError};

/// Shares of shares are followed this far; the checks of a policies folder refuse cycles before.
const DEEPEST_SHARE: u32 = 8;

/// Looks the parameters of a place up.
#[derive(Clone, Copy)]
pub(crate) struct Terms<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) place: &'a Place,
    pub(crate) on: NaiveDate,
}

/// A value that is not to be had.
#[derive(Debug)]
pub(crate) enum Missing {
    /// The place does not set this parameter.
    NotSet(String),
    /// It cannot be computed exactly.
    Amount(ScheduleError),
}

impl From<ArithmeticError> for Missing {
    fn from(error: ArithmeticError) -> Self {
        Self::Amount(error.into())
    }
}

impl From<ScheduleError> for Missing {
    fn from(error: ScheduleError) -> Self {
        Self::Amount(error)
    }
}

/// An amount in fen, with the period that the place gives it.
pub(crate) struct Sum {
    pub(crate) fen: Ratio,
    pub(crate) period: Option<Period>,
}

impl Terms<'_> {
    pub(crate) fn sum(self, term: &Term<Fen>) -> Result<Sum, Missing> {
        match term {
            Term::Fixed(fen) => Ok(Sum { fen: fen.exact(), period: None }),
            Term::Parameter(name) => self.sum_of(name, DEEPEST_SHARE),
        }
    }

    fn sum_of(self, name: &str, depth: u32) -> Result<Sum, Missing> {
        let not_set = || Missing::NotSet(name.to_owned());
        match self.value(name)? {
            ParameterValue::Money { amount, period } => Ok(Sum { fen: amount.exact(), period: *period }),
            ParameterValue::Share { rate, of } => {
                let whole = self.sum_of(of, depth.checked_sub(1).ok_or_else(not_set)?)?;
                Ok(Sum { fen: whole.fen.times(*rate)?, period: whole.period })
            }
            _ => Err(not_set()),
        }
    }

    pub(crate) fn rate(self, term: &Term<Ratio>) -> Result<Ratio, Missing> {
        match term {
            Term::Fixed(rate) => Ok(*rate),
            Term::Parameter(name) => match self.value(name)? {
                ParameterValue::Rate(rate) | ParameterValue::Price(rate) => Ok(*rate),
                _ => Err(Missing::NotSet(name.clone())),
            },
        }
    }

    pub(crate) fn count(self, term: &Term<i64>) -> Result<i64, Missing> {
        match term {
            Term::Fixed(count) => Ok(*count),
            Term::Parameter(name) => match self.value(name)? {
                ParameterValue::Count(count) => Ok(*count),
                _ => Err(Missing::NotSet(name.clone())),
            },
        }
    }

    /// The bands with the supplement added to every rate.
    pub(crate) fn bands(self, rates: &Rates, plus: &Term<Ratio>) -> Result<Vec<Band>, Missing> {
        let mut bands = match rates {
            Rates::Rate(rate) => vec![Band { upto: None, rate: self.rate(rate)? }],
            Rates::Bands(Term::Fixed(bands)) => bands.clone(),
            Rates::Bands(Term::Parameter(name)) => match self.value(name)? {
                ParameterValue::Bands(bands) => bands.clone(),
                _ => return Err(Missing::NotSet(name.clone())),
            },
        };
        let plus = self.rate(plus)?;
        for band in &mut bands {
            band.rate = band.rate.plus(plus)?;
        }
        Ok(bands)
    }

    /// What a reimbursement pays for a cost, over the range of costs.
    pub(crate) fn reimbursement(
        self,
        (deductible, factor): (&Term<Fen>, &Term<Ratio>),
        (rates, plus): (&Rates, &Term<Ratio>),
        cap: &Cap,
    ) -> Result<Schedule, Missing> {
        let deductible = self.sum(deductible)?.fen.times(self.rate(factor)?)?;
        let bands = self.bands(rates, plus)?;
        let uncapped = Schedule::reimbursement(deductible, &bands, None, Schedule::DEFAULT_RANGE)?;
        Ok(match self.cap(cap)? {
            Some(cap) => uncapped.capped(cap)?,
            None => uncapped,
        })
    }

    fn cap(self, cap: &Cap) -> Result<Option<Ratio>, Missing> {
        match cap {
            Cap::None => Ok(None),
            Cap::Most(Term::Parameter(name)) if matches!(self.value(name)?, ParameterValue::None) => Ok(None),
            Cap::Most(most) => self.sum(most).map(|sum| Some(sum.fen)),
        }
    }

    pub(crate) fn date(self, name: &str) -> Option<NaiveDate> {
        match self.value(name) {
            Ok(ParameterValue::Date(date)) => Some(*date),
            _ => None,
        }
    }

    /// The value that a condition compares with; only whole values can be compared.
    pub(crate) fn comparable(self, name: &str) -> Option<i64> {
        match self.value(name).ok()? {
            ParameterValue::Money { amount, .. } => Some(amount.value()),
            ParameterValue::Count(count) => Some(*count),
            ParameterValue::Date(date) => Some(days_of(*date)),
            _ => None,
        }
    }

    fn value(&self, name: &str) -> Result<&ParameterValue, Missing> {
        let row = self.catalogue.parameter(self.place, name, self.on);
        row.map(|row| &row.value).ok_or_else(|| Missing::NotSet(name.to_owned()))
    }
}
