//! The income arithmetics: what the rule sets say, and what comes of a statement.

pub mod codes;
pub mod comparison;
pub mod rules;

use async_graphql::{Object, SimpleObject};

use self::codes::{IncomeItem, IncomeRecord, IncomeSide};
use super::fact::Problem;
use crate::domain::income::items::Item;
use crate::domain::income::span::Span;
use crate::domain::money::Rounding;
use crate::domain::ratio::Ratio;
use crate::graphql::input::Lang;
use crate::graphql::scalars::{Decimal, Fraction};
use crate::graphql::weight::list;

pub use comparison::{IncomeComparison, View};
pub use rules::IncomeRuleSet;

/// The outcome of `compareIncomes`.
#[derive(SimpleObject)]
pub struct CompareIncomesPayload<'c> {
    /// The comparison; null if the statement has problems.
    pub comparison: Option<IncomeComparison<'c>>,
    /// What is wrong with the statement; empty if there is a comparison.
    #[graphql(complexity = "list(20, child_complexity)")]
    pub problems: Vec<Problem>,
}

/// An item of income statements.
#[derive(Clone, Copy)]
pub struct IncomeItemInfo(pub Item);

/// An item of income statements: a receipt or a cost.
#[Object]
impl IncomeItemInfo {
    /// The item.
    async fn code(&self) -> IncomeItem {
        self.0.into()
    }

    /// Its name in files and canonical documents.
    async fn key(&self) -> &'static str {
        self.0.def().id
    }

    /// Its label.
    async fn label(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'static str {
        crate::domain::text::Lang::from(lang).pick(self.0.def().zh, self.0.def().en)
    }

    /// Whether it adds or takes away.
    async fn side(&self) -> IncomeSide {
        self.0.def().side.into()
    }

    /// Where a statement holds it.
    async fn record(&self) -> IncomeRecord {
        self.0.def().record.into()
    }
}

/// An amount that may be known in part.
#[derive(SimpleObject)]
pub struct IncomeAmount {
    /// In yuan, rounded half up to the fen; null if it is not known.
    amount: Option<Decimal>,
    /// In fen, exactly; null if it is not known.
    exact: Option<Fraction>,
    /// The least that it can be, in fen; null where nothing bounds it.
    least: Option<Fraction>,
    /// The most that it can be, in fen; null where nothing bounds it.
    most: Option<Fraction>,
}

impl From<Span> for IncomeAmount {
    fn from(span: Span) -> Self {
        let exact = span.exact();
        Self {
            amount: exact.and_then(rounded),
            exact: exact.map(Fraction),
            least: span.least.map(Fraction),
            most: span.most.map(Fraction),
        }
    }
}

/// Exact fen in yuan, rounded half up to the fen.
fn rounded(fen: Ratio) -> Option<Decimal> {
    Rounding::HalfUpToFen.apply(fen).ok().map(Decimal::from)
}
