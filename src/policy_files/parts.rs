//! What a part of a standard gives.

use super::common::{both, known_names, sources};
use super::diagnostic::codes;
use super::names::Names;
use super::rules::cost;
use super::terms::{bands, fact, level_of, term};
use crate::documents::reader::{Node, Table};
use crate::documents::tree::Value;
use crate::domain::catalogue::ParameterType;
use crate::domain::measure::{Cap, Gives, Part, Rates, Term, Unit, Units, Unpriced};
use crate::domain::money::Fen;
use crate::domain::ratio::Ratio;
use crate::domain::vocabulary::{FactType, Level};

/// The most units that are stated or set.
pub(super) const MOST_UNITS: i64 = 1_000_000_000;

/// Readers of what a part gives, by how it is written.
type ReadGives = fn(&Table<'_>, Unit, &Names) -> Option<Gives>;
const GIVES: [(&str, ReadGives); 7] = [
    ("amount", amount),
    ("share_of", share_of),
    ("per_unit", per_unit),
    ("reimbursement", reimbursement),
    ("top_up", top_up),
    ("loan", loan),
    ("unpriced", unpriced),
];

pub(super) fn part(table: &Table<'_>, unit: Unit, names: &Names) -> Option<Part> {
    let name = both(table, "zh", "en");
    let sources = sources(table, "source", names);
    let gives = if let Some(read) = table.need("gives").and_then(|node| node.choice(&GIVES)) {
        read(table, unit, names)
    } else {
        table.leave_rest();
        None
    };
    Some(Part { name: name?, gives: gives?, sources: sources? })
}

fn amount(table: &Table<'_>, _unit: Unit, names: &Names) -> Option<Gives> {
    Some(Gives::Amount { amount: money(table, "amount", names)? })
}

fn share_of(table: &Table<'_>, _unit: Unit, names: &Names) -> Option<Gives> {
    let rate = table.need("rate").and_then(|node| rate(&node, names));
    let of = money(table, "of", names);
    Some(Gives::ShareOf { rate: rate?, of: of? })
}

fn per_unit(table: &Table<'_>, unit: Unit, names: &Names) -> Option<Gives> {
    let price = table.need("price").and_then(|node| term(&node, ParameterType::Price, names, Node::price));
    let units = table.need("units").and_then(|node| units(&node, unit, names));
    let times = table.get("times").map_or(Some(1), |node| node.whole(1, 1000));
    Some(Gives::PerUnit { price: price?, units: units?, times: times? })
}

fn units(node: &Node<'_>, unit: Unit, names: &Names) -> Option<Units> {
    match node.value() {
        Value::Text(text) if !text.starts_with('$') => {
            let fact = fact(node)?;
            let def = fact.def();
            let counts = matches!(def.ty, FactType::Count { .. } | FactType::Quantity);
            if counts && (def.level == Level::Household || unit == Unit::Person) {
                return Some(Units::Fact(fact));
            }
            let wrong =
                if counts { "a fact of a person, and the measure is for the household" } else { "no count" };
            node.refuse(codes::WRONG_FACT, format!("`{}` is {wrong}", def.id), None);
            None
        }
        _ => term(node, ParameterType::Count, names, |node| node.whole(0, MOST_UNITS)).map(Units::Term),
    }
}

fn reimbursement(table: &Table<'_>, unit: Unit, names: &Names) -> Option<Gives> {
    let basis = table.need("basis").and_then(|node| cost(&node, level_of(unit)));
    let deductible = money(table, "deductible", names);
    let factor = table.get("deductible_factor");
    let deductible_factor = factor.map_or(Some(Term::Fixed(Ratio::ONE)), |node| {
        term(&node, ParameterType::Factor, names, Node::factor)
    });
    let rates = rates(table, names);
    let rate_plus = table.get("rate_plus").map_or(Some(Term::Fixed(Ratio::ZERO)), |node| rate(&node, names));
    let cap = table.need("cap").and_then(|node| match node.value() {
        Value::Text(text) if text == "none" => Some(Cap::None),
        _ => term(&node, ParameterType::Money, names, Node::money).map(Cap::Most),
    });
    Some(Gives::Reimbursement {
        basis: basis?,
        deductible: deductible?,
        deductible_factor: deductible_factor?,
        rates: rates?,
        rate_plus: rate_plus?,
        cap: cap?,
    })
}

fn rates(table: &Table<'_>, names: &Names) -> Option<Rates> {
    match (table.get("rate"), table.get("bands")) {
        (Some(node), None) => rate(&node, names).map(Rates::Rate),
        (None, Some(node)) => term(&node, ParameterType::Bands, names, bands).map(Rates::Bands),
        (Some(_), Some(node)) => {
            let message = "both `rate` and `bands` are given".to_owned();
            node.refuse(codes::RATE_AND_BANDS, message, Some("leave one of the two out".to_owned()));
            None
        }
        (None, None) => table.need("rate").and(None),
    }
}

fn top_up(table: &Table<'_>, _unit: Unit, names: &Names) -> Option<Gives> {
    let line = money(table, "line", names);
    let not_heads = known_names(table.need("not_heads"), &names.measures, codes::UNKNOWN_MEASURE, "measure");
    Some(Gives::TopUp { line: line?, not_heads: not_heads? })
}

fn loan(table: &Table<'_>, _unit: Unit, names: &Names) -> Option<Gives> {
    Some(Gives::Loan { ceiling: money(table, "ceiling", names)? })
}

fn unpriced(table: &Table<'_>, _unit: Unit, _names: &Names) -> Option<Gives> {
    let reasons =
        [Unpriced::LocalList, Unpriced::CaseByCase, Unpriced::Service, Unpriced::InKind, Unpriced::Wage];
    let reason = table.need("reason");
    let reason = reason.and_then(|node| node.pick(reasons.each_ref().map(Unpriced::code)));
    let reason = reason.and_then(|index| reasons.into_iter().nth(index));
    let (least, most) = (table.get("practice_least"), table.get("practice_most"));
    let practice = match (least, most) {
        (None, None) => None,
        (Some(least), Some(most)) => {
            let (low, high) = (least.money()?, most.money()?);
            if low > high {
                let message = format!("the least, {low}, is above the most, {high}");
                least.refuse(codes::BAD_RANGE, message, None);
            }
            Some((low, high))
        }
        (Some(_), None) => return table.need("practice_most").and(None),
        (None, Some(_)) => return table.need("practice_least").and(None),
    };
    Some(Gives::Unpriced { reason: reason?, practice })
}

fn money(table: &Table<'_>, key: &'static str, names: &Names) -> Option<Term<Fen>> {
    term(&table.need(key)?, ParameterType::Money, names, Node::money)
}

fn rate(node: &Node<'_>, names: &Names) -> Option<Term<Ratio>> {
    term(node, ParameterType::Rate, names, Node::rate)
}
