//! What the place sets, read by the oracle in its own way.

use assistance_toolbox::domain::catalogue::{Catalogue, Extension, ParameterValue, Place};
use assistance_toolbox::domain::facts::days_of;
use assistance_toolbox::domain::measure::Term;
use assistance_toolbox::domain::money::Fen;
use assistance_toolbox::domain::period::Period;
use assistance_toolbox::domain::ratio::Ratio;
use assistance_toolbox::domain::schedule::Band;
use chrono::NaiveDate;
use num_bigint::BigInt;
use num_rational::BigRational;

use super::world::{PLACE, today};

pub(super) type Q = BigRational;

pub(super) fn whole(value: i64) -> Q {
    Q::from_integer(BigInt::from(value))
}

pub(super) fn exact(ratio: Ratio) -> Q {
    Q::new(BigInt::from(ratio.numerator()), BigInt::from(ratio.denominator()))
}

pub(super) struct Params<'a> {
    /// Nearest first.
    places: Vec<&'a Place>,
}

impl<'a> Params<'a> {
    pub(super) fn new(catalogue: &'a Catalogue) -> Self {
        let mut places = Vec::new();
        let mut next = Some(PLACE);
        while let Some(id) = next {
            let place = catalogue.places.iter().find(|place| place.id == id).unwrap();
            places.push(place);
            next = place.extends.as_deref();
        }
        Self { places }
    }

    fn value(&self, name: &str) -> Option<&'a ParameterValue> {
        for place in &self.places {
            let mut best: Option<(NaiveDate, &ParameterValue)> = None;
            for row in &place.parameters {
                let begun = row.validity.from <= today();
                let over = row.validity.until.is_some_and(|until| until <= today());
                if row.name == name && begun && !over && best.is_none_or(|(from, _)| from < row.validity.from)
                {
                    best = Some((row.validity.from, &row.value));
                }
            }
            if let Some((_, value)) = best {
                return Some(value);
            }
        }
        None
    }

    pub(super) fn is_set(&self, name: &str) -> bool {
        match self.value(name) {
            Some(ParameterValue::Share { of, .. }) => self.is_set(of),
            value => value.is_some(),
        }
    }

    pub(super) fn money(&self, term: &Term<Fen>) -> Option<Q> {
        match term {
            Term::Fixed(amount) => Some(whole(amount.value())),
            Term::Parameter(name) => self.money_named(name),
        }
    }

    fn money_named(&self, name: &str) -> Option<Q> {
        match self.value(name)? {
            ParameterValue::Money { amount, .. } => Some(whole(amount.value())),
            ParameterValue::Share { rate, of } => Some(exact(*rate) * self.money_named(of)?),
            _ => None,
        }
    }

    /// The cap: not set, none, or at most.
    pub(super) fn cap(&self, term: &Term<Fen>) -> Option<Option<Q>> {
        match term {
            Term::Parameter(name) if self.value(name) == Some(&ParameterValue::None) => Some(None),
            term => self.money(term).map(Some),
        }
    }

    pub(super) fn ratio(&self, term: &Term<Ratio>) -> Option<Q> {
        match term {
            Term::Fixed(ratio) => Some(exact(*ratio)),
            Term::Parameter(name) => match self.value(name)? {
                ParameterValue::Rate(ratio) | ParameterValue::Price(ratio) => Some(exact(*ratio)),
                _ => None,
            },
        }
    }

    pub(super) fn bands(&self, term: &'a Term<Vec<Band>>) -> Option<&'a [Band]> {
        match term {
            Term::Fixed(bands) => Some(bands),
            Term::Parameter(name) => match self.value(name)? {
                ParameterValue::Bands(bands) => Some(bands),
                _ => None,
            },
        }
    }

    pub(super) fn count(&self, term: &Term<i64>) -> Option<i64> {
        match term {
            Term::Fixed(count) => Some(*count),
            Term::Parameter(name) => self.number(name),
        }
    }

    /// A number that a condition may name.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        match self.value(name)? {
            ParameterValue::Count(count) => Some(*count),
            ParameterValue::Date(date) => Some(days_of(*date)),
            _ => None,
        }
    }

    pub(super) fn date(&self, name: &str) -> Option<NaiveDate> {
        match self.value(name)? {
            ParameterValue::Date(date) => Some(*date),
            _ => None,
        }
    }

    pub(super) fn period(&self, name: &str) -> Option<Period> {
        match self.value(name)? {
            ParameterValue::Money { period, .. } => *period,
            _ => None,
        }
    }

    pub(super) fn extensions(&self) -> impl Iterator<Item = &'a Extension> {
        let all = self.places.iter().flat_map(|place| &place.extensions);
        all.filter(|extension| {
            let validity = extension.validity;
            validity.from <= today() && validity.until.is_none_or(|until| today() < until)
        })
    }
}
