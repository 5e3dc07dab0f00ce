//! Places, the parameters they set and the extensions they make.

use async_graphql::{ID, Object, SimpleObject, Union};

use super::enums::{IdentityCode, ParameterType, Period};
use super::measure::Measure;
use super::provenance::{Note, Source, Validity, sources};
use crate::domain::catalogue::{self, ParameterValue as Value};
use crate::domain::schedule;
use crate::graphql::context::Scope;
use crate::graphql::ids::Entity;
use crate::graphql::input::Lang;
use crate::graphql::scalars::{Date, Decimal};
use crate::graphql::weight::list;

/// A place.
pub struct Place<'c>(pub Scope<'c>, pub &'c catalogue::Place);

/// A place 地区: a jurisdiction, or a profile of one.
#[Object]
impl<'c> Place<'c> {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        Entity::Place.id(&self.1.id)
    }

    /// Its key, `huaibei`.
    async fn key(&self) -> &'c str {
        &self.1.id
    }

    /// Its name.
    async fn name(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.1.name.get(lang.into())
    }

    /// The place whose rows hold where this one has none.
    async fn extends(&self) -> Option<Place<'c>> {
        self.0.catalogue.place(self.1.extends.as_deref()?).map(|place| Place(self.0, place))
    }

    /// What a reader should know.
    #[graphql(complexity = "list(4, child_complexity)")]
    async fn notes(&self) -> Vec<Note<'c>> {
        self.1.notes.iter().map(|note| Note(self.0, note)).collect()
    }

    /// The values that it sets itself, each from a date; or, on a date, every value in force here,
    /// those of the places that it extends included.
    #[graphql(complexity = "list(60, child_complexity)")]
    async fn parameters(
        &self,
        #[graphql(desc = "Every value in force here on this date; the place's own rows if left out.")]
        in_force: Option<Date>,
    ) -> Vec<ParameterRow<'c>> {
        let Some(day) = in_force else {
            return self.1.parameters.iter().map(|row| ParameterRow(self.0, self.1, row)).collect();
        };
        let names = self.0.catalogue.parameters.iter();
        names.filter_map(|def| ParameterRow::in_force(self.0, self.1, &def.name, day.0)).collect()
    }

    /// Measures that it opens to further identity types, at any time; without those of the places
    /// that it extends.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn extensions(&self) -> Vec<Extension<'c>> {
        self.1.extensions.iter().map(|extension| Extension(self.0, extension)).collect()
    }
}

/// A name under which places set values.
pub struct Parameter<'c>(pub Scope<'c>, pub &'c catalogue::ParameterDef);

impl<'c> Parameter<'c> {
    /// The parameter of this name.
    pub fn find(scope: Scope<'c>, name: &str) -> Option<Self> {
        scope.catalogue.parameters.iter().find(|def| def.name == name).map(|def| Self(scope, def))
    }
}

/// A name under which places set values.
#[Object]
impl<'c> Parameter<'c> {
    /// The name.
    async fn name(&self) -> &'c str {
        &self.1.name
    }

    /// What values it takes.
    #[graphql(name = "type")]
    async fn ty(&self) -> ParameterType {
        self.1.ty.into()
    }

    /// In words.
    async fn text(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.1.text.get(lang.into())
    }

    /// The row in force at the place and date of the query; null if no place sets it.
    async fn row(&self) -> Option<ParameterRow<'c>> {
        ParameterRow::in_force(self.0, self.0.place, &self.1.name, self.0.on)
    }
}

/// A value from a date.
pub struct ParameterRow<'c>(Scope<'c>, &'c catalogue::Place, &'c catalogue::ParameterRow);

impl<'c> ParameterRow<'c> {
    /// The row of a parameter that is in force.
    pub fn in_force(
        scope: Scope<'c>,
        place: &'c catalogue::Place,
        name: &str,
        on: chrono::NaiveDate,
    ) -> Option<Self> {
        let row = scope.catalogue.parameter(place, name, on)?;
        let owns = |place: &&catalogue::Place| place.parameters.iter().any(|own| std::ptr::eq(own, row));
        let owner = scope.catalogue.lineage(place).find(owns)?;
        Some(Self(scope, owner, row))
    }
}

/// A value that a place sets, from a date. It runs until its end, or until a later row of the name.
#[Object]
impl<'c> ParameterRow<'c> {
    /// The parameter's name.
    async fn name(&self) -> &'c str {
        &self.2.name
    }

    /// The parameter.
    async fn parameter(&self) -> Option<Parameter<'c>> {
        Parameter::find(self.0, &self.2.name)
    }

    /// The place that sets it.
    async fn place(&self) -> Place<'c> {
        Place(self.0, self.1)
    }

    /// When it is in force.
    async fn validity(&self) -> Validity {
        self.2.validity.into()
    }

    /// The value.
    async fn value(&self) -> ParameterValue {
        value(&self.2.value)
    }

    /// Where it is known from.
    #[graphql(complexity = "list(4, child_complexity)")]
    async fn sources(&self) -> Vec<Source<'c>> {
        sources(self.0, &self.2.sources)
    }
}

/// The value of a parameter.
#[derive(Union)]
pub enum ParameterValue {
    /// An amount.
    Money(MoneyValue),
    /// A share of another parameter.
    Share(ShareValue),
    /// A rate or factor.
    Rate(RateValue),
    /// A price.
    Price(PriceValue),
    /// Bands.
    Bands(BandsValue),
    /// A day.
    Date(DateValue),
    /// A whole number.
    Count(CountValue),
    /// No limit.
    NoLimit(NoLimitValue),
}

/// An amount.
#[derive(SimpleObject)]
pub struct MoneyValue {
    /// In yuan.
    amount: Decimal,
    /// What it covers, where the standard leaves that to the place.
    period: Option<Period>,
}

/// A share of another parameter's amount.
#[derive(SimpleObject)]
pub struct ShareValue {
    /// The share, 0 to 1; null if it has no end as a decimal.
    share: Option<Decimal>,
    /// The name of the other parameter.
    of: String,
}

/// A rate or factor.
#[derive(SimpleObject)]
pub struct RateValue {
    /// The rate, 0.75 for 75 %; null if it has no end as a decimal.
    rate: Option<Decimal>,
}

/// A price for one unit.
#[derive(SimpleObject)]
pub struct PriceValue {
    /// In yuan; null if it has no end as a decimal.
    price: Option<Decimal>,
}

/// Bands over a deductible.
#[derive(SimpleObject)]
pub struct BandsValue {
    /// The bands, ascending.
    #[graphql(complexity = "list(5, child_complexity)")]
    bands: Vec<Band>,
}

/// A day.
#[derive(SimpleObject)]
pub struct DateValue {
    /// The day.
    date: Date,
}

/// A whole number.
#[derive(SimpleObject)]
pub struct CountValue {
    /// The number.
    count: i64,
}

/// Stated to be without a limit.
#[derive(SimpleObject)]
pub struct NoLimitValue {
    /// Always true.
    none: bool,
}

/// A band of a reimbursement, measured on the amount above the deductible.
#[derive(SimpleObject)]
pub struct Band {
    /// Where it ends, in yuan above the deductible; null for the last, open one.
    up_to: Option<Decimal>,
    /// The share that is paid in it, 0.75 for 75 %; null if it has no end as a decimal.
    rate: Option<Decimal>,
}

impl From<&schedule::Band> for Band {
    fn from(band: &schedule::Band) -> Self {
        Self { up_to: band.upto.map(Into::into), rate: Decimal::exact(band.rate) }
    }
}

fn value(value: &Value) -> ParameterValue {
    match value {
        Value::Money { amount, period } => {
            ParameterValue::Money(MoneyValue { amount: (*amount).into(), period: period.map(Into::into) })
        }
        Value::Share { rate, of } => {
            ParameterValue::Share(ShareValue { share: Decimal::exact(*rate), of: of.clone() })
        }
        Value::Rate(rate) => ParameterValue::Rate(RateValue { rate: Decimal::exact(*rate) }),
        Value::Price(price) => ParameterValue::Price(PriceValue { price: Decimal::price(*price) }),
        Value::Bands(bands) => {
            ParameterValue::Bands(BandsValue { bands: bands.iter().map(Into::into).collect() })
        }
        Value::Date(date) => ParameterValue::Date(DateValue { date: Date(*date) }),
        Value::Count(count) => ParameterValue::Count(CountValue { count: *count }),
        Value::None => ParameterValue::NoLimit(NoLimitValue { none: true }),
    }
}

/// An extension of a place.
pub struct Extension<'c>(pub Scope<'c>, pub &'c catalogue::Extension);

/// Measures that a place opens to further identity types, at the standards of another.
#[Object]
impl<'c> Extension<'c> {
    /// Its key.
    async fn key(&self) -> &'c str {
        &self.1.id
    }

    /// In words.
    async fn text(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.1.text.get(lang.into())
    }

    /// When it is in force.
    async fn validity(&self) -> Validity {
        self.1.validity.into()
    }

    /// The measures.
    #[graphql(complexity = "list(9, child_complexity)")]
    async fn measures(&self) -> Vec<Measure<'c>> {
        Measure::all(self.0).filter(|measure| self.1.measures.contains(&measure.1.id)).collect()
    }

    /// Standards that this identity type opens ...
    async fn like(&self) -> IdentityCode {
        self.1.like.into()
    }

    /// ... are opened to these as well.
    async fn to(&self) -> Vec<IdentityCode> {
        self.1.to.iter().map(Into::into).collect()
    }

    /// Where it is known from.
    #[graphql(complexity = "list(4, child_complexity)")]
    async fn sources(&self) -> Vec<Source<'c>> {
        sources(self.0, &self.1.sources)
    }
}
