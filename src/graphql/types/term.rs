//! Values that stand in a measure, or that a place sets under a name: shown next to the name.

use async_graphql::Object;

use super::place::{Band, Parameter};
use crate::domain::catalogue::ParameterValue as Value;
use crate::domain::measure::Term;
use crate::domain::money::Fen;
use crate::domain::ratio::Ratio;
use crate::domain::rulebook::terms::Terms;
use crate::domain::schedule;
use crate::graphql::context::Scope;
use crate::graphql::scalars::Decimal;
use crate::graphql::weight::list;

/// The parameter of a term.
fn parameter<'c, T>(scope: Scope<'c>, term: &Term<T>) -> Option<Parameter<'c>> {
    match term {
        Term::Fixed(_) => None,
        Term::Parameter(name) => Parameter::find(scope, name),
    }
}

/// The value in force of a term's parameter.
fn row<'c>(scope: Scope<'c>, name: &str) -> Option<&'c Value> {
    scope.catalogue.parameter(scope.place, name, scope.on).map(|row| &row.value)
}

/// An amount.
pub struct MoneyTerm<'c>(pub Scope<'c>, pub &'c Term<Fen>);

/// An amount that the measure states, or that places set under a name.
#[Object]
impl<'c> MoneyTerm<'c> {
    /// The parameter; null if the measure states the amount.
    async fn parameter(&self) -> Option<Parameter<'c>> {
        parameter(self.0, self.1)
    }

    /// In yuan, at the place and date of the query; null where no place sets it, and where it is
    /// stated to be without a limit.
    async fn amount(&self) -> Option<Decimal> {
        match self.1 {
            Term::Fixed(amount) => Some((*amount).into()),
            Term::Parameter(_) => {
                let Scope { catalogue, place, on } = self.0;
                let fen = Terms { catalogue, place, on }.sum(self.1).ok()?.fen;
                Decimal::yuan(fen).or_else(|| Decimal::price(fen))
            }
        }
    }

    /// Whether the place states that there is no limit.
    async fn no_limit(&self) -> bool {
        match self.1 {
            Term::Fixed(_) => false,
            Term::Parameter(name) => matches!(row(self.0, name), Some(Value::None)),
        }
    }
}

/// A rate, factor or price.
pub struct RateTerm<'c>(pub Scope<'c>, pub &'c Term<Ratio>);

/// A rate or factor that the measure states, or that places set under a name.
#[Object]
impl<'c> RateTerm<'c> {
    /// The parameter; null if the measure states the rate.
    async fn parameter(&self) -> Option<Parameter<'c>> {
        parameter(self.0, self.1)
    }

    /// The rate at the place and date of the query, 0.75 for 75 %; null where no place sets it.
    async fn rate(&self) -> Option<Decimal> {
        ratio(self.0, self.1).and_then(Decimal::exact)
    }
}

/// A price for one unit.
pub struct PriceTerm<'c>(pub Scope<'c>, pub &'c Term<Ratio>);

/// A price for one unit that the measure states, or that places set under a name.
#[Object]
impl<'c> PriceTerm<'c> {
    /// The parameter; null if the measure states the price.
    async fn parameter(&self) -> Option<Parameter<'c>> {
        parameter(self.0, self.1)
    }

    /// In yuan, at the place and date of the query; null where no place sets it.
    async fn price(&self) -> Option<Decimal> {
        ratio(self.0, self.1).and_then(Decimal::price)
    }
}

fn ratio(scope: Scope<'_>, term: &Term<Ratio>) -> Option<Ratio> {
    match term {
        Term::Fixed(rate) => Some(*rate),
        Term::Parameter(name) => match row(scope, name)? {
            Value::Rate(rate) | Value::Price(rate) => Some(*rate),
            _ => None,
        },
    }
}

/// A whole number.
pub struct CountTerm<'c>(pub Scope<'c>, pub &'c Term<i64>);

/// A whole number that the measure states, or that places set under a name.
#[Object]
impl<'c> CountTerm<'c> {
    /// The parameter; null if the measure states the number.
    async fn parameter(&self) -> Option<Parameter<'c>> {
        parameter(self.0, self.1)
    }

    /// The number at the place and date of the query; null where no place sets it.
    async fn count(&self) -> Option<i64> {
        match self.1 {
            Term::Fixed(count) => Some(*count),
            Term::Parameter(name) => match row(self.0, name)? {
                Value::Count(count) => Some(*count),
                _ => None,
            },
        }
    }
}

/// Bands.
pub struct BandsTerm<'c>(pub Scope<'c>, pub &'c Term<Vec<schedule::Band>>);

/// Bands that the measure states, or that places set under a name.
#[Object]
impl<'c> BandsTerm<'c> {
    /// The parameter; null if the measure states the bands.
    async fn parameter(&self) -> Option<Parameter<'c>> {
        parameter(self.0, self.1)
    }

    /// The bands at the place and date of the query, ascending; null where no place sets them.
    #[graphql(complexity = "list(5, child_complexity)")]
    async fn bands(&self) -> Option<Vec<Band>> {
        let bands = match self.1 {
            Term::Fixed(bands) => bands,
            Term::Parameter(name) => match row(self.0, name)? {
                Value::Bands(bands) => bands,
                _ => return None,
            },
        };
        Some(bands.iter().map(Into::into).collect())
    }
}
