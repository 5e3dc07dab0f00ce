//! The types of a household input, made from the vocabulary: a fact added there is a field here.

use async_graphql::InputType as _;
use async_graphql::registry::{Deprecation, MetaEnumValue, MetaInputValue, MetaType, Registry};

use crate::domain::vocabulary::{ChoiceSet, FACTS, FactDef, FactType, Level};
use crate::graphql::scalars::{Date, Decimal};
use crate::graphql::types::enums::IdentityCode;

/// The name of the household's type.
pub(super) const HOUSEHOLD: &str = "HouseholdInput";
const PERSON: &str = "PersonInput";
const RECORD: &str = "IdentityRecordInput";

/// The type of a household.
pub(super) fn household() -> MetaType {
    let mut fields = vec![
        field("key", "String!", "A key of your own for the household; not a name and not an ID number."),
        field("place", "String", "The key of the place whose rules apply, unless the query names one."),
        field("town", "String", "The code of the town, 9 digits, or of the village, 12 digits."),
        field("identities", &format!("[{RECORD}!]"), "The identities that the household holds or held."),
    ];
    fields.extend(facts(Level::Household));
    fields.push(field("members", &format!("[{PERSON}!]!"), "The members, from 1 to 100."));
    let about = "A household. It has the shape of a household file; a fact that is left out is unknown, \
                 which is neither no nor zero.";
    object(HOUSEHOLD, about, fields)
}

/// Registers every type that a household is made of.
pub(super) fn nested(registry: &mut Registry) {
    IdentityCode::create_type_info(registry);
    Date::create_type_info(registry);
    Decimal::create_type_info(registry);
    let mut types = vec![person(), record()];
    for level in [Level::Household, Level::Person] {
        types.extend(groups(level).into_iter().map(|group| group_type(level, group)));
    }
    types.extend(choice_sets().into_iter().map(choice_type));
    for ty in types {
        registry.types.insert(ty.name().to_owned(), ty);
    }
}

/// The closed lists that facts take their values from.
pub(super) fn choice_sets() -> Vec<&'static ChoiceSet> {
    let mut sets: Vec<&'static ChoiceSet> = Vec::new();
    for def in FACTS.iter().filter(|def| def.path.is_some()) {
        if let FactType::Choice(set) | FactType::Flags(set) = def.ty
            && sets.iter().all(|known| known.name != set.name)
        {
            sets.push(set);
        }
    }
    sets
}

fn person() -> MetaType {
    let mut fields = vec![
        field(
            "key",
            "String!",
            "A key of your own, unique in the household; not a name and not an ID number.",
        ),
        field("name", "String", "The name, for display only."),
        field("identities", &format!("[{RECORD}!]"), "The identities that the person holds or held alone."),
    ];
    fields.extend(facts(Level::Person));
    let about = "A member of a household. A fact that is left out is unknown.";
    object(PERSON, about, fields)
}

fn record() -> MetaType {
    let fields = vec![
        field("type", "IdentityCode!", "The identity type."),
        field("since", "Date!", "The first day on which it was held."),
        field("until", "Date", "The first day on which it was no longer held."),
        field("source", "String", "The registry or office that says so."),
        field("evidence", "String", "The document it rests on."),
    ];
    object(RECORD, "An identity held over a time.", fields)
}

/// The names of the groups that facts of a level stand in, in the order of the vocabulary.
fn groups(level: Level) -> Vec<&'static str> {
    let mut groups = Vec::new();
    for def in FACTS.iter().filter(|def| def.level == level) {
        if let Some((group, _)) = def.path.and_then(|path| path.split_once('.'))
            && !groups.contains(&group)
        {
            groups.push(group);
        }
    }
    groups
}

fn group_name(group: &str) -> String {
    let mut letters = group.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).chain("Input".chars()).collect()
}

fn group_type(level: Level, group: &str) -> MetaType {
    let inside = FACTS.iter().filter(|def| def.level == level).filter_map(|def| {
        let (place, key) = def.path?.split_once('.')?;
        (place == group).then(|| fact(key, def))
    });
    let whose = match level {
        Level::Person => "a member",
        Level::Household => "a household",
    };
    object(&group_name(group), &format!("Facts of {whose}: {group}."), inside.collect())
}

/// The fields of a level: facts that stand alone, and one field for each group.
fn facts(level: Level) -> Vec<MetaInputValue> {
    let mut fields: Vec<MetaInputValue> = Vec::new();
    for def in FACTS.iter().filter(|def| def.level == level) {
        let Some(path) = def.path else { continue };
        match path.split_once('.') {
            None => fields.push(fact(path, def)),
            Some((group, _)) if fields.iter().all(|known| known.name != group) => {
                fields.push(field(group, &group_name(group), &format!("Facts: {group}.")));
            }
            Some(_) => {}
        }
    }
    fields
}

fn fact(key: &str, def: &FactDef) -> MetaInputValue {
    let ty = match def.ty {
        FactType::Bool => String::from("Boolean"),
        FactType::Count { .. } => String::from("Int"),
        FactType::Money | FactType::Quantity => String::from("Decimal"),
        FactType::Date => String::from("Date"),
        FactType::Choice(set) => set.name.to_owned(),
        FactType::Flags(set) => format!("[{}!]", set.name),
    };
    let unit = match def.ty {
        FactType::Count { most } => format!(" From 0 to {most}."),
        FactType::Money => String::from(" In yuan, with at most two decimals."),
        FactType::Quantity => String::from(" With at most three decimals."),
        _ => String::new(),
    };
    field(key, &ty, &format!("{} {}{unit}", def.ask_en, def.ask_zh))
}

pub(super) fn choice_type(set: &'static ChoiceSet) -> MetaType {
    let value = |choice: &crate::domain::vocabulary::Choice| {
        let name = choice.code.to_ascii_uppercase();
        let value = MetaEnumValue {
            name: name.clone(),
            description: Some(format!("{}: {}.", choice.zh, choice.en)),
            deprecation: Deprecation::NoDeprecated,
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            directive_invocations: Vec::new(),
        };
        (name, value)
    };
    MetaType::Enum {
        name: set.name.to_owned(),
        description: Some(format!("{}.", set.zh)),
        enum_values: set.values.iter().map(value).collect(),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: Some("ChoiceSet"),
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}

fn object(name: &str, about: &str, fields: Vec<MetaInputValue>) -> MetaType {
    MetaType::InputObject {
        name: name.to_owned(),
        description: Some(about.to_owned()),
        input_fields: fields.into_iter().map(|field| (field.name.clone(), field)).collect(),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: Some(std::any::type_name::<super::HouseholdInput>()),
        oneof: false,
        directive_invocations: Vec::new(),
    }
}

fn field(name: &str, ty: &str, about: &str) -> MetaInputValue {
    MetaInputValue {
        name: name.to_owned(),
        description: Some(about.to_owned()),
        ty: ty.to_owned(),
        deprecation: Deprecation::NoDeprecated,
        default_value: None,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        is_secret: false,
        directive_invocations: Vec::new(),
    }
}
