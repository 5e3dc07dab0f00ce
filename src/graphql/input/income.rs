//! Income statements as inputs, in the shape of their files. The reader of statements checks them, so that
//! a file and a query have one validation.

use std::borrow::Cow;

use async_graphql::registry::Registry;
use async_graphql::{InputObject, InputType, InputValueError, InputValueResult, Value};

use super::registry::choice_type;
use crate::documents::income::read;
use crate::documents::reader::Problem;
use crate::documents::tree::from_json_value;
use crate::domain::income::Statement;
use crate::domain::vocabulary::{MODE, STAGE};
use crate::graphql::scalars::{Date, Decimal};
use crate::graphql::types::income::codes::{IncomeItem, Workplace};

/// A statement to compare the income arithmetics over, and under which rules.
#[derive(Clone, Debug, InputObject)]
pub struct CompareIncomesInput {
    /// The statement, in the shape of a statement file. Nothing of it is stored.
    pub statement: IncomeStatementInput,
    /// The key of the place whose rules apply; the statement's own place if left out.
    pub place: Option<String>,
    /// The date; today in China if left out.
    pub on: Option<Date>,
}

/// What a household states of its receipts and costs of twelve months. An amount that is left out of a
/// record or an item is not known, which is not zero.
#[derive(Clone, Debug, InputObject)]
pub struct IncomeStatementInput {
    /// A key of your own for the household; not a name and not an ID number.
    key: String,
    /// The key of the place whose rules apply, unless the query names one.
    place: Option<String>,
    /// Whether everything of the twelve months is stated. If not, no total is known.
    complete: bool,
    /// The members who live together, from 1 to 100; income is divided by their number.
    members: Vec<IncomeMemberInput>,
    /// Businesses of the household, at most 50.
    business: Option<Vec<BusinessInput>>,
    /// Property of the household that brings receipts, at most 50.
    property: Option<Vec<PropertyInput>>,
    /// Receipts and costs of the household that stand alone, at most 50.
    items: Option<Vec<IncomeItemInput>>,
}

/// A member of the household.
#[derive(Clone, Debug, InputObject)]
pub struct IncomeMemberInput {
    /// A key of your own, unique in the household; not a name and not an ID number.
    key: String,
    /// The name, for display only.
    name: Option<String>,
    /// The person's jobs, at most 50.
    work: Option<Vec<JobInput>>,
    /// The person's schooling, at most 50.
    study: Option<Vec<SchoolingInput>>,
    /// The person's businesses, at most 50.
    business: Option<Vec<BusinessInput>>,
    /// The person's property that brings receipts, at most 50.
    property: Option<Vec<PropertyInput>>,
    /// Receipts and costs of the person that stand alone, at most 50.
    items: Option<Vec<IncomeItemInput>>,
}

/// A job: its place, pay and costs. Amounts are yuan of twelve months; one that is left out is not known.
#[derive(Clone, Debug, InputObject)]
pub struct JobInput {
    /// What it is called, for display only.
    name: Option<String>,
    /// Whether the work is inside or outside the city.
    place: Option<Workplace>,
    /// Pay that was received, pay of a public welfare post included.
    wages: Option<Decimal>,
    /// Board and lodging at work, as actually paid.
    board_and_lodging: Option<Decimal>,
    /// Travel to the place of work, as actually paid.
    travel: Option<Decimal>,
}

/// Schooling and its costs, paid by the family. Amounts are yuan of twelve months; one that is left out is
/// not known.
#[derive(Clone, Debug, InputObject)]
pub struct SchoolingInput {
    /// What it is called, for display only.
    name: Option<String>,
    /// The stage of study.
    stage: Option<Stage>,
    /// The mode of study.
    mode: Option<Mode>,
    /// Tuition.
    tuition: Option<Decimal>,
    /// Lodging at school.
    lodging: Option<Decimal>,
    /// Travel to school.
    travel: Option<Decimal>,
}

/// A business. Amounts are yuan of twelve months; one that is left out is not known.
#[derive(Clone, Debug, InputObject)]
pub struct BusinessInput {
    /// What it is called, for display only.
    name: Option<String>,
    /// Gross receipts.
    gross: Option<Decimal>,
    /// Operating cost.
    operating_cost: Option<Decimal>,
    /// Depreciation of productive fixed assets.
    depreciation: Option<Decimal>,
    /// Production tax.
    production_tax: Option<Decimal>,
}

/// Property that brings receipts. Amounts are yuan of twelve months; one that is left out is not known.
#[derive(Clone, Debug, InputObject)]
pub struct PropertyInput {
    /// What it is called, for display only.
    name: Option<String>,
    /// Rent, interest, dividends and the like.
    receipts: Option<Decimal>,
    /// Fees that go with them.
    costs: Option<Decimal>,
}

/// A receipt or a cost that stands alone.
#[derive(Clone, Debug, InputObject)]
pub struct IncomeItemInput {
    /// What it is; items of a record, such as wages, are stated in the record.
    item: IncomeItem,
    /// What it is called, for display only.
    name: Option<String>,
    /// In yuan of twelve months; not known if left out.
    amount: Option<Decimal>,
    /// Whether there is evidence of it, for own payments for illness.
    evidence: Option<bool>,
}

impl IncomeStatementInput {
    /// The statement.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its path.
    pub fn read(&self) -> Result<Statement, Vec<Problem>> {
        // Values of inputs are what JSON can hold.
        let document = self.to_value().into_json().unwrap_or_default();
        read(&from_json_value(&document))
    }
}

/// Declares an input that takes its values from a closed list of the vocabulary.
macro_rules! choice {
    ($(#[$doc:meta])+ $name:ident, $set:expr) => {
        $(#[$doc])+
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(&'static str);

        impl InputType for $name {
            type RawValueType = Self;

            fn type_name() -> Cow<'static, str> {
                Cow::Borrowed($set.name)
            }

            fn create_type_info(registry: &mut Registry) -> String {
                registry.types.entry($set.name.to_owned()).or_insert_with(|| choice_type(&$set));
                $set.name.to_owned()
            }

            fn parse(value: Option<Value>) -> InputValueResult<Self> {
                let text = match &value {
                    Some(Value::Enum(name)) => name.as_str(),
                    Some(Value::String(text)) => text.as_str(),
                    _ => "",
                };
                let known = $set.index_of(text).and_then(|at| $set.values.get(at));
                known.map(|choice| Self(choice.code)).ok_or_else(|| InputValueError::custom("not a value of the list"))
            }

            fn to_value(&self) -> Value {
                Value::Enum(async_graphql::Name::new(self.0.to_ascii_uppercase()))
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }
        }
    };
}

choice! {
    /// A stage of study.
    Stage, STAGE
}
choice! {
    /// A mode of study.
    Mode, MODE
}
