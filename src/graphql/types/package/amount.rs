//! How much a line pays: a type for each answer, so that no unknown turns into a zero.

use async_graphql::{SimpleObject, Union};

use super::schedule::Function;
use super::view::View;
use crate::domain::measure::Unpriced;
use crate::domain::money::Fen;
use crate::domain::package::{self, HeadsAmount, PartValue, TopUpValue};
use crate::domain::ratio::Ratio;
use crate::graphql::scalars::{Decimal, Fraction};
use crate::graphql::types::enums::UnpricedReason;
use crate::graphql::types::place::Parameter;
use crate::graphql::weight::list;

/// How much a line pays in one period.
#[derive(Union)]
pub enum Amount<'c> {
    /// A price.
    Priced(PricedAmount),
    /// A price, next to parts without one.
    InPart(PricedInPartAmount<'c>),
    /// A function.
    Open(OpenAmount<'c>),
    /// By heads.
    ByHeads(ByHeadsAmount<'c>),
    /// A loan.
    Loan(LoanAmount),
    /// No price.
    Unpriced(UnpricedAmount<'c>),
}

/// An amount that is known.
#[derive(SimpleObject)]
pub struct PricedAmount {
    /// The payment in yuan, rounded once.
    payment: Decimal,
    /// Before rounding, in fen.
    exact: Fraction,
    /// How many persons count as heads, for a top-up.
    heads: Option<u32>,
}

/// An amount that is known, next to parts that have no price.
#[derive(SimpleObject)]
pub struct PricedInPartAmount<'c> {
    /// The payment of the priced parts in yuan, rounded once.
    payment: Decimal,
    /// Before rounding, in fen.
    exact: Fraction,
    /// The parts without a price.
    #[graphql(complexity = "list(2, child_complexity)")]
    unpriced: Vec<UnpricedAmount<'c>>,
}

/// An amount that depends on facts that are not known.
#[derive(SimpleObject)]
pub struct OpenAmount<'c> {
    /// The functions; they add up, together with the exact sum.
    #[graphql(complexity = "list(2, child_complexity)")]
    schedules: Vec<Function<'c>>,
    /// What is known of it, in fen before rounding.
    known: Option<Fraction>,
}

/// An amount that depends on how many persons count as heads, which is not known.
#[derive(SimpleObject)]
pub struct ByHeadsAmount<'c> {
    /// One for each number of heads, fewest first.
    #[graphql(complexity = "list(5, child_complexity)")]
    options: Vec<HeadsOption<'c>>,
}

/// The amount for one number of heads.
#[derive(SimpleObject)]
pub struct HeadsOption<'c> {
    /// How many persons count.
    heads: u32,
    /// The payment in yuan, rounded once; null if it depends on the income.
    payment: Option<Decimal>,
    /// Before rounding, in fen; null if it depends on the income.
    exact: Option<Fraction>,
    /// The function of the income; null if that is known.
    schedule: Option<Function<'c>>,
}

/// A loan; it never enters a total.
#[derive(SimpleObject)]
pub struct LoanAmount {
    /// The most that is lent, in yuan.
    ceiling: Decimal,
}

/// Something without a price. That is not zero.
#[derive(SimpleObject)]
pub struct UnpricedAmount<'c> {
    /// Why it has no price; null if the part is not told.
    reason: Option<UnpricedReason>,
    /// The parameter that no place sets, if that is why.
    parameter: Option<Parameter<'c>>,
}

/// What one part of a line gives in one period.
#[derive(Union)]
pub enum PartAmount<'c> {
    /// A known amount.
    Exact(ExactPart),
    /// A function.
    Open(Function<'c>),
    /// A loan.
    Loan(LoanAmount),
    /// No price.
    Unpriced(UnpricedAmount<'c>),
}

/// A part with a known amount; only the line as a whole is rounded.
#[derive(SimpleObject)]
pub struct ExactPart {
    /// The amount in fen, not rounded.
    exact: Fraction,
}

/// The amount of a line.
pub fn amount<'c>(view: &View<'c>, line: &package::Line) -> Amount<'c> {
    match &line.amount {
        package::Amount::Priced { exact, payment } => priced(*exact, *payment, None),
        package::Amount::PricedInPart { exact, payment } => Amount::InPart(PricedInPartAmount {
            payment: (*payment).into(),
            exact: Fraction(*exact),
            unpriced: unpriced_parts(view, line),
        }),
        package::Amount::Open => Amount::Open(open(view, line)),
        package::Amount::ByHeads(options) => match options.as_slice() {
            [certain] => of_heads(view, certain),
            _ => Amount::ByHeads(ByHeadsAmount {
                options: options.iter().map(|option| by_heads(view, option)).collect(),
            }),
        },
        package::Amount::Loan(ceiling) => Amount::Loan(LoanAmount { ceiling: (*ceiling).into() }),
        package::Amount::Unpriced => {
            let first = unpriced_parts(view, line).into_iter().next();
            Amount::Unpriced(first.unwrap_or(UnpricedAmount { reason: None, parameter: None }))
        }
    }
}

fn priced<'c>(exact: Ratio, payment: Fen, heads: Option<u32>) -> Amount<'c> {
    Amount::Priced(PricedAmount { payment: payment.into(), exact: Fraction(exact), heads })
}

/// A top-up whose heads are certain.
fn of_heads<'c>(view: &View<'c>, certain: &HeadsAmount) -> Amount<'c> {
    match &certain.value {
        TopUpValue::Priced { exact, payment } => priced(*exact, *payment, Some(certain.heads)),
        TopUpValue::Open(basis, schedule) => {
            Amount::Open(OpenAmount { schedules: vec![Function::new(view, *basis, schedule)], known: None })
        }
    }
}

/// One part of a line.
pub fn part_amount<'c>(view: &View<'c>, standard: usize, place: usize, part: PartValue) -> PartAmount<'c> {
    match part {
        PartValue::Exact(exact) => PartAmount::Exact(ExactPart { exact: Fraction(exact) }),
        PartValue::Open(basis, schedule) => match view.resolved.rulebook.schedule(schedule) {
            Some(schedule) => PartAmount::Open(Function::new(view, basis, schedule)),
            None => PartAmount::Unpriced(UnpricedAmount { reason: None, parameter: None }),
        },
        PartValue::Loan(ceiling) => PartAmount::Loan(LoanAmount { ceiling: ceiling.into() }),
        PartValue::Unpriced => PartAmount::Unpriced(unpriced(view, standard, place)),
    }
}

fn unpriced<'c>(view: &View<'c>, standard: usize, place: usize) -> UnpricedAmount<'c> {
    let reason = view.resolved.rulebook.unpriced(standard, place);
    let parameter = match reason {
        Some(Unpriced::NotSetHere(name)) => Parameter::find(view.scope, name),
        _ => None,
    };
    UnpricedAmount { reason: reason.map(Into::into), parameter }
}

fn unpriced_parts<'c>(view: &View<'c>, line: &package::Line) -> Vec<UnpricedAmount<'c>> {
    let parts = line.parts.iter().enumerate().filter(|(_, part)| matches!(part, PartValue::Unpriced));
    parts.map(|(place, _)| unpriced(view, line.standard, place)).collect()
}

fn open<'c>(view: &View<'c>, line: &package::Line) -> OpenAmount<'c> {
    let mut schedules = Vec::new();
    let mut known = Some(Ratio::ZERO);
    for part in &line.parts {
        match part {
            PartValue::Open(basis, place) => {
                if let Some(schedule) = view.resolved.rulebook.schedule(*place) {
                    schedules.push(Function::new(view, *basis, schedule));
                }
            }
            PartValue::Exact(exact) => known = known.and_then(|known| known.plus(*exact).ok()),
            PartValue::Loan(_) | PartValue::Unpriced => {}
        }
    }
    OpenAmount { schedules, known: known.filter(|known| !known.is_zero()).map(Fraction) }
}

fn by_heads<'c>(view: &View<'c>, option: &HeadsAmount) -> HeadsOption<'c> {
    match &option.value {
        TopUpValue::Priced { exact, payment } => HeadsOption {
            heads: option.heads,
            payment: Some((*payment).into()),
            exact: Some(Fraction(*exact)),
            schedule: None,
        },
        TopUpValue::Open(basis, schedule) => HeadsOption {
            heads: option.heads,
            payment: None,
            exact: None,
            schedule: Some(Function::new(view, *basis, schedule)),
        },
    }
}
