//! Exact piecewise-linear functions of a fact that is not known.

use async_graphql::SimpleObject;

use super::view::{Question, View};
use crate::domain::package::Basis;
use crate::domain::schedule;
use crate::domain::vocabulary::FactType;
use crate::graphql::scalars::{Decimal, Fraction};
use crate::graphql::weight::list;

/// An amount as a function of a fact that is not known.
#[derive(SimpleObject)]
#[graphql(name = "Schedule")]
pub struct Function<'c> {
    /// The fact.
    basis: Question<'c>,
    /// The end of the range over which it is declared.
    up_to: Decimal,
    /// The straight pieces, ascending; each ends where the next begins.
    #[graphql(complexity = "list(8, child_complexity)")]
    pieces: Vec<Piece>,
}

/// A straight piece of a schedule.
#[derive(SimpleObject)]
#[graphql(name = "SchedulePiece")]
pub struct Piece {
    /// Where it begins, exactly: fen, thousandths of a unit, or a count, as the fact is held.
    start: Fraction,
    /// The first quantity in it that can occur, as documents write it.
    first: Decimal,
    /// The amount at its beginning, in fen.
    value: Fraction,
    /// By how many fen the amount grows with each fen, thousandth or unit of the fact.
    slope: Fraction,
}

impl<'c> Function<'c> {
    /// A schedule of a fact.
    pub fn new(view: &View<'c>, basis: Basis, schedule: &schedule::Schedule) -> Self {
        let pieces = schedule.pieces().map(|piece| Piece {
            start: Fraction(piece.start),
            first: quantity(Some(basis), piece.start_fen),
            value: Fraction(piece.value),
            slope: Fraction(piece.slope),
        });
        let pieces = pieces.collect();
        Self { basis: view.basis(basis), up_to: quantity(Some(basis), schedule.hi()), pieces }
    }
}

/// A whole quantity of a fact as documents write it; fen where the fact is not known.
pub fn quantity(basis: Option<Basis>, value: i64) -> Decimal {
    Decimal::of_fact(basis.map_or(FactType::Money, |basis| basis.fact.def().ty), value)
}
