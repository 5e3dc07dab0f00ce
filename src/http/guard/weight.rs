//! The weight of a parsed document, each fragment weighed once.

use std::collections::HashMap;

use async_graphql::{
    Name, Pos, Positioned,
    parser::types::{Directive, ExecutableDocument, Selection, SelectionSet},
};
use async_graphql_value::Value;

use super::super::error::{Reason, Refusal};

/// Levels of selection sets, those of fields, inline fragments and spreads alike. The library refuses more than 33
/// with an error of its own; stopping here also bounds the recursion of [`weigh`] whatever the limits are.
pub const NESTING: usize = 32;

/// The argument that says how many entries a page has, and the most that it may say.
const PAGE: &str = "first";
const LARGEST_PAGE: usize = 100;

/// The fields that tell the schema.
const SCHEMA: [&str; 2] = ["__schema", "__type"];

/// What a document expands to. Counts saturate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Weight {
    /// Fields, each counted wherever a fragment puts it; `__typename` and aliases count.
    pub fields: usize,
    /// Levels of fields; fragments add none.
    pub depth: usize,
    /// Uses of variables, each counted wherever a fragment puts it.
    pub variables: usize,
    /// Levels of selection sets, at most [`NESTING`].
    pub nesting: usize,
    /// What the document costs: its fields, those of a page as often as it has entries.
    pub cost: usize,
    /// Whether it asks for the schema.
    pub introspects: bool,
}

impl Weight {
    fn beside(self, other: Self) -> Self {
        Self {
            fields: self.fields.saturating_add(other.fields),
            depth: self.depth.max(other.depth),
            variables: self.variables.saturating_add(other.variables),
            nesting: self.nesting.max(other.nesting),
            cost: self.cost.saturating_add(other.cost),
            introspects: self.introspects || other.introspects,
        }
    }

    fn larger(self, other: Self) -> Self {
        Self {
            fields: self.fields.max(other.fields),
            depth: self.depth.max(other.depth),
            variables: self.variables.max(other.variables),
            nesting: self.nesting.max(other.nesting),
            cost: self.cost.max(other.cost),
            introspects: self.introspects || other.introspects,
        }
    }
}

/// Weighs a document: all its operations together, or its heaviest fragment if that is heavier.
///
/// Operations that the request does not choose count too, since validation walks them all. A spread of a fragment
/// that is not there weighs nothing: validation names it.
///
/// # Errors
/// A fragment contains itself, or selection sets nest deeper than [`NESTING`].
pub fn weigh(document: &ExecutableDocument) -> Result<Weight, Refusal> {
    let mut scales = Scales { document, fragments: HashMap::new(), level: 0 };
    let mut operations = Weight::default();
    for (_, operation) in document.operations.iter() {
        let own = directives(&operation.node.directives);
        operations = operations.beside(own).beside(scales.selections(&operation.node.selection_set)?);
    }
    let mut heaviest = operations;
    for name in document.fragments.keys() {
        heaviest = heaviest.larger(scales.fragment(name)?);
    }
    Ok(heaviest)
}

struct Scales<'d> {
    document: &'d ExecutableDocument,
    /// `None` while a fragment is being weighed: meeting it again then is a cycle.
    fragments: HashMap<&'d str, Option<Weight>>,
    /// Selection sets that are being weighed.
    level: usize,
}

impl<'d> Scales<'d> {
    fn selections(&mut self, set: &'d Positioned<SelectionSet>) -> Result<Weight, Refusal> {
        if set.node.items.is_empty() {
            return Ok(Weight::default());
        }
        if self.level >= NESTING {
            return Err(too_deep(set.pos));
        }
        self.level = self.level.saturating_add(1);
        let mut sum = self.items(set)?;
        self.level = self.level.saturating_sub(1);
        // A fragment that was weighed before brings levels that this walk did not go down.
        sum.nesting = sum.nesting.saturating_add(1);
        if sum.nesting > NESTING {
            return Err(too_deep(set.pos));
        }
        Ok(sum)
    }

    fn items(&mut self, set: &'d Positioned<SelectionSet>) -> Result<Weight, Refusal> {
        let mut sum = Weight::default();
        for item in &set.node.items {
            let own = directives(item.node.directives());
            let weight = match &item.node {
                Selection::Field(field) => {
                    let below = self.selections(&field.node.selection_set)?;
                    Weight {
                        fields: below.fields.saturating_add(1),
                        depth: below.depth.saturating_add(1),
                        variables: below.variables.saturating_add(uses(&field.node.arguments)),
                        nesting: below.nesting,
                        cost: below.cost.saturating_add(1).saturating_mul(entries(&field.node.arguments)),
                        introspects: below.introspects || SCHEMA.contains(&field.node.name.node.as_str()),
                    }
                }
                Selection::InlineFragment(fragment) => self.selections(&fragment.node.selection_set)?,
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node)?,
            };
            sum = sum.beside(own).beside(weight);
        }
        Ok(sum)
    }

    fn fragment(&mut self, name: &Name) -> Result<Weight, Refusal> {
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Ok(Weight::default());
        };
        match self.fragments.get(name.as_str()) {
            Some(Some(weight)) => return Ok(*weight),
            Some(None) => {
                let message = format!("fragment `{name}` contains itself");
                return Err(Refusal::new(Reason::FragmentCycle, message).at(fragment.pos));
            }
            None => {}
        }
        self.fragments.insert(name.as_str(), None);
        let own = directives(&fragment.node.directives);
        let weight = own.beside(self.selections(&fragment.node.selection_set)?);
        self.fragments.insert(name.as_str(), Some(weight));
        Ok(weight)
    }
}

fn directives(directives: &[Positioned<Directive>]) -> Weight {
    let variables = directives.iter().map(|directive| uses(&directive.node.arguments));
    Weight { variables: variables.fold(0, usize::saturating_add), ..Weight::default() }
}

fn too_deep(place: Pos) -> Refusal {
    let message = format!("the document nests fields and fragments deeper than {NESTING} levels");
    Refusal::new(Reason::TooDeep, message).at(place)
}

/// How many entries a field asks for; a page whose size is a variable counts as the largest.
fn entries(arguments: &[(Positioned<Name>, Positioned<Value>)]) -> usize {
    let first = arguments.iter().find(|(name, _)| name.node.as_str() == PAGE);
    match first.map(|(_, value)| &value.node) {
        Some(Value::Number(number)) => {
            number.as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or(1).max(1)
        }
        Some(Value::Variable(_)) => LARGEST_PAGE,
        _ => 1,
    }
}

fn uses(arguments: &[(Positioned<Name>, Positioned<Value>)]) -> usize {
    arguments.iter().map(|(_, value)| value_uses(&value.node)).fold(0, usize::saturating_add)
}

fn value_uses(value: &Value) -> usize {
    match value {
        Value::Variable(_) => 1,
        Value::List(values) => values.iter().map(value_uses).fold(0, usize::saturating_add),
        Value::Object(fields) => fields.values().map(value_uses).fold(0, usize::saturating_add),
        _ => 0,
    }
}
