//! The income arithmetics. Nothing is stored.

use std::sync::Arc;

use async_graphql::{Context, Object};

use crate::app::income::{IncomeError, compare_incomes};
use crate::app::packages;
use crate::graphql::context::{Api, unknown_place};
use crate::graphql::error::{Kind, Refusal};
use crate::graphql::input::CompareIncomesInput;
use crate::graphql::scalars::Date;
use crate::graphql::types::fact::Problem;
use crate::graphql::types::income::{CompareIncomesPayload, IncomeComparison, IncomeRuleSet, View};
use crate::graphql::weight::list;

/// The income arithmetics.
#[derive(Default)]
pub struct IncomeQuery;

#[Object]
impl IncomeQuery {
    /// A household's income by each arithmetic in use, held against each line in force, before and after
    /// the two policies are joined. It advises; identities are granted by departments.
    async fn compare_incomes<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "The statement, the place and the date.")] input: CompareIncomesInput,
    ) -> Result<CompareIncomesPayload<'c>, Refusal> {
        let api = Api::admit(ctx).await?.api;
        let refused = |problems| CompareIncomesPayload { comparison: None, problems };
        let statement = match input.statement.read() {
            Ok(statement) => statement,
            Err(problems) => return Ok(refused(problems.into_iter().map(Problem::from).collect())),
        };
        let scope = match (input.place.as_deref(), statement.place.as_deref()) {
            (Some(place), _) => api.scope(place, input.on, "input.place")?,
            (None, Some(place)) => api.scope(place, input.on, "input.statement.place")?,
            (None, None) => return Err(no_place()),
        };
        let rules = packages::Scope { place: Some(&scope.place.id), on: scope.on };
        match compare_incomes(api.policies(), statement, rules) {
            Ok(compared) => {
                let view = View { scope, compared: Arc::new(compared) };
                Ok(CompareIncomesPayload { comparison: Some(IncomeComparison(view)), problems: Vec::new() })
            }
            Err(IncomeError::Compare(error)) => Ok(refused(vec![Problem::no_comparison(error)])),
            Err(IncomeError::NoPlace) => Err(no_place()),
            Err(IncomeError::UnknownPlace(place)) => Err(unknown_place(&place, "input.place")),
        }
    }

    /// The income arithmetics in use at a place on a date: the two of Table 1, then the joined one where it
    /// is in use, then further readings.
    #[graphql(complexity = "list(5, child_complexity)")]
    async fn income_rule_sets<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(default_with = "String::from(\"baseline\")", desc = "The key of the place.")] place: String,
        #[graphql(desc = "The date; today in China if left out.")] on: Option<Date>,
    ) -> Result<Vec<IncomeRuleSet<'c>>, Refusal> {
        let scope = Api::admit(ctx).await?.api.scope(&place, on, "place")?;
        let sets = scope.catalogue.income.iter();
        let in_use = sets.filter(|set| set.in_use(scope.catalogue, scope.place, scope.on));
        Ok(in_use.map(|set| IncomeRuleSet(scope, set)).collect())
    }
}

fn no_place() -> Refusal {
    let message = "name a place in `place`, or in the statement's own `place`";
    Refusal::input(Kind::NoPlace, "input.place", message)
}
