//! The household as an input: any value of the declared shape, kept as it came.
//!
//! It is checked by the reader of household documents, so a file and a query have one validation.

use std::borrow::Cow;

use async_graphql::registry::{MetaTypeId, Registry};
use async_graphql::{InputType, InputValueResult, Value};

use super::registry;
use crate::documents::household::from_tree;
use crate::documents::reader::Problem;
use crate::documents::tree::from_json_value;
use crate::domain::catalogue::Catalogue;
use crate::domain::facts::Household;

/// A household as it came in; not checked yet.
#[derive(Clone, Debug, PartialEq)]
pub struct HouseholdInput(serde_json::Value);

impl HouseholdInput {
    /// The household.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its path.
    pub fn read(&self, catalogue: &Catalogue) -> Result<Household, Vec<Problem>> {
        from_tree(&from_json_value(&self.0), catalogue)
    }
}

impl InputType for HouseholdInput {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(registry::HOUSEHOLD)
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry::nested(registry);
        registry.create_input_type::<Self, _>(MetaTypeId::InputObject, |_| registry::household())
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        match value.unwrap_or_default() {
            value @ Value::Object(_) => Ok(Self(value.into_json()?)),
            // The value itself is not quoted: it may say something of a person.
            _ => Err(async_graphql::InputValueError::custom("expected an object")),
        }
    }

    fn to_value(&self) -> Value {
        Value::from_json(self.0.clone()).unwrap_or_default()
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}
