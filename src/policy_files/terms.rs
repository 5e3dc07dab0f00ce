//! Values in place of which a parameter can stand, bands, facts and conditions.

use super::common::{push, tables, unless_bad};
use super::diagnostic::codes;
use super::names::{Names, PARAMETER_TYPES, nearest};
use crate::documents::reader::{Node, Table, closest};
use crate::documents::tree::Value;
use crate::domain::catalogue::ParameterType;
use crate::domain::condition::{Expression, ParamType};
use crate::domain::facts::Fact;
use crate::domain::measure::{Term, Unit};
use crate::domain::money::Fen;
use crate::domain::schedule::Band;
use crate::domain::vocabulary::{FACTS, Level};

/// A fact by its name.
pub(super) fn fact(node: &Node<'_>) -> Option<Fact> {
    let id = node.text()?;
    let found = Fact::by_id(id);
    if found.is_none() {
        let all = FACTS.iter().map(|def| def.id);
        let close = closest(id, all).map(|close| format!("did you mean `{close}`?"));
        node.refuse(codes::UNKNOWN_FACT, format!("no fact is called `{id}`"), close);
    }
    found
}

/// A condition that is to be asked at a level.
pub(super) fn condition(table: &Table<'_>, unit: Unit, names: &Names) -> Option<Expression> {
    let node = table.need("when")?;
    let level = level_of(unit);
    let parameter = |name: &str| match names.type_of(name)? {
        ParameterType::Money => Some(ParamType::Money),
        ParameterType::Count => Some(ParamType::Count),
        ParameterType::Date => Some(ParamType::Date),
        _ => None,
    };
    let text = node.text()?;
    match Expression::parse(text, level, &parameter) {
        Ok(expression) => Some(expression),
        // A parameter of a file that cannot be read has no type to check.
        Err(_) if names.parameters.is_open() && text.contains("param.") => None,
        Err(errors) => {
            for error in errors {
                let place = error
                    .column
                    .map_or(String::new(), |column| format!(" (column {column} of the condition)"));
                node.refuse(codes::BAD_CONDITION, format!("{}{place}", error.message), error.hint);
            }
            None
        }
    }
}

/// The level of the facts that are about a beneficiary of this unit.
pub(super) const fn level_of(unit: Unit) -> Level {
    match unit {
        Unit::Person => Level::Person,
        Unit::Household => Level::Household,
    }
}

/// A value that is stated, or the name of a parameter of the type.
pub(super) fn term<'a, T>(
    node: &Node<'a>,
    ty: ParameterType,
    names: &Names,
    read: impl FnOnce(&Node<'a>) -> Option<T>,
) -> Option<Term<T>> {
    match node.value() {
        Value::Text(text) if text.starts_with('$') => {
            let name = text.trim_start_matches('$');
            parameter(node, name, ty, names).map(Term::Parameter)
        }
        _ => read(node).map(Term::Fixed),
    }
}

/// The name of a parameter of the type.
pub(super) fn parameter(node: &Node<'_>, name: &str, ty: ParameterType, names: &Names) -> Option<String> {
    if !names.parameters.allows(name) {
        let hint = nearest(name, names.parameters.iter(), "a name of parameters.toml");
        node.refuse(codes::UNKNOWN_PARAMETER, format!("no parameter is called `{name}`"), Some(hint));
        return None;
    }
    if let Some(known) = names.type_of(name).filter(|known| *known != ty) {
        let (found, expected) = (type_code(known), type_code(ty));
        let message = format!("the parameter `{name}` is of the type `{found}`, not `{expected}`");
        node.refuse(codes::WRONG_PARAMETER_TYPE, message, None);
        return None;
    }
    Some(name.to_owned())
}

fn type_code(ty: ParameterType) -> &'static str {
    PARAMETER_TYPES.iter().find(|(_, known)| *known == ty).map_or("", |(code, _)| code)
}

/// Bands over a deductible.
pub(super) fn bands(node: &Node<'_>) -> Option<Vec<Band>> {
    let read = tables(Some(node.clone()), |table| {
        let upto = table.get("upto").map(|node| (node.money(), node));
        let rate = table.need("rate").and_then(|node| node.rate());
        let upto = upto.map(|(upto, node)| Some((upto?, node)));
        Some((unless_bad(upto)?, rate?))
    });
    let Value::List(items) = node.value() else { return None };
    if items.is_empty() {
        let hint = "such as `[{ upto = 50000, rate = \"60%\" }, { rate = \"80%\" }]`".to_owned();
        node.refuse(codes::EMPTY_BANDS, "there is no band".to_owned(), Some(hint));
    }
    let read = read.into_iter().fold(Some(Vec::new()), push)?;
    let last = read.len().checked_sub(1)?;
    let mut before = Fen::default();
    let mut right = true;
    for (index, (upto, _)) in read.iter().enumerate() {
        match upto {
            Some((upto, node)) => {
                if *upto <= before {
                    let message =
                        format!("the band ends at {upto}, not above {before} where the one before it ends");
                    node.refuse(
                        codes::BANDS_NOT_ASCENDING,
                        message,
                        Some("write the bands in rising order".to_owned()),
                    );
                    right = false;
                }
                before = *upto;
                if index == last {
                    let message = format!("nothing is said of costs above {upto}");
                    node.refuse(
                        codes::LAST_BAND_CLOSED,
                        message,
                        Some("leave `upto` out of the last band".to_owned()),
                    );
                    right = false;
                }
            }
            None if index != last => {
                let message = format!("band {} has no end, but another one follows", index + 1);
                node.refuse(
                    codes::BANDS_NOT_ASCENDING,
                    message,
                    Some("only the last band is open".to_owned()),
                );
                right = false;
            }
            None => {}
        }
    }
    right.then(|| {
        read.into_iter().map(|(upto, rate)| Band { upto: upto.map(|(upto, _)| upto), rate }).collect()
    })
}
