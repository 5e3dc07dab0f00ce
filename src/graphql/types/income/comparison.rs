//! What comes of a statement.

use std::sync::Arc;

use async_graphql::{Object, SimpleObject};

use super::codes::IncomeAsked;
use super::rules::{IncomeLine, IncomeRule, IncomeRuleSet, IncomeSupport, support};
use super::{IncomeAmount, IncomeItemInfo, rounded};
use crate::app::income::Compared;
use crate::documents::income::document;
use crate::documents::package::{ENGINE_VERSION, canonical};
use crate::domain::income::compare::{Advice, Asked, LineInForce, Outcome, Question, Treated};
use crate::domain::income::items::Circumstance;
use crate::domain::income::rules::Role;
use crate::domain::income::statement::{Entry, Member};
use crate::domain::package::Beneficiary;
use crate::domain::ratio::Ratio;
use crate::graphql::context::Scope;
use crate::graphql::error::Refusal;
use crate::graphql::input::Lang;
use crate::graphql::scalars::{Date, Decimal, Fraction};
use crate::graphql::types::enums::{Answer, Unit};
use crate::graphql::types::place::{Parameter, Place};
use crate::graphql::weight::list;

/// A comparison together with what its numbers refer to.
#[derive(Clone)]
pub struct View<'c> {
    /// The catalogue, place and date.
    pub scope: Scope<'c>,
    /// The comparison and its statement.
    pub compared: Arc<Compared>,
}

impl<'c> View<'c> {
    fn rule_set(&self, outcome: &Outcome) -> Option<IncomeRuleSet<'c>> {
        let set = self.scope.catalogue.income.get(outcome.rule_set)?;
        Some(IncomeRuleSet(self.scope, set))
    }

    fn line(&self, rule_set: usize, line: usize) -> Option<IncomeLine<'c>> {
        let line = self.scope.catalogue.income.get(rule_set)?.lines.get(line)?;
        Some(IncomeLine(self.scope, line))
    }

    fn line_in_force(&self, line: &LineInForce) -> Option<IncomeLineInForce<'c>> {
        let month = line.year.over(Ratio::integer(12)).ok()?;
        Some(IncomeLineInForce {
            line: self.line(line.rule_set, line.line)?,
            year: rounded(line.year)?,
            month: rounded(month)?,
            exact_month: Fraction(month),
        })
    }

    fn line_at(&self, place: usize) -> Option<IncomeLineInForce<'c>> {
        self.compared.comparison.lines.get(place).and_then(|line| self.line_in_force(line))
    }

    fn outcomes(&self) -> Vec<IncomeOutcome<'c>> {
        (0..self.compared.comparison.outcomes.len()).map(|at| IncomeOutcome(self.clone(), at)).collect()
    }

    fn entry(&self, place: usize) -> Option<&Entry> {
        self.compared.statement.entries.get(place)
    }
}

/// What comes of an income statement.
pub struct IncomeComparison<'c>(pub View<'c>);

/// What comes of an income statement at a place on a date: one outcome for each rule set in use, held
/// against each line in force. It advises only; an identity is granted by the department that is named.
#[Object]
impl<'c> IncomeComparison<'c> {
    /// The place whose rules apply.
    async fn place(&self) -> Place<'c> {
        Place(self.0.scope, self.0.scope.place)
    }

    /// The date.
    async fn on(&self) -> Date {
        Date(self.0.scope.on)
    }

    /// The household's key, as given.
    async fn household(&self) -> &str {
        &self.0.compared.statement.key
    }

    /// The number of members who live together, by which income is divided.
    async fn heads(&self) -> i64 {
        self.0.compared.comparison.heads
    }

    /// The hash of the catalogue that it was computed with.
    async fn catalogue_hash(&self) -> String {
        self.0.scope.catalogue.hash.to_string()
    }

    /// The version of the engine that computed it.
    async fn engine_version(&self) -> &'static str {
        ENGINE_VERSION
    }

    /// Always true: nothing here grants an identity, departments do.
    async fn advice_only(&self) -> bool {
        true
    }

    /// The outcomes: the two arithmetics of Table 1, then the joined one where it is in use, then further
    /// readings.
    #[graphql(complexity = "list(5, child_complexity)")]
    async fn outcomes(&self) -> Vec<IncomeOutcome<'c>> {
        self.0.outcomes()
    }

    /// The outcomes of the arithmetics in use before the policies are joined.
    #[graphql(complexity = "list(2, child_complexity)")]
    async fn before_joining(&self) -> Vec<IncomeOutcome<'c>> {
        of_role(&self.0, Role::Apart)
    }

    /// The outcomes of the arithmetics in use after the policies are joined; empty where they are not.
    #[graphql(complexity = "list(1, child_complexity)")]
    async fn after_joining(&self) -> Vec<IncomeOutcome<'c>> {
        of_role(&self.0, Role::Unified)
    }

    /// The lines in force.
    #[graphql(complexity = "list(5, child_complexity)")]
    async fn lines(&self) -> Vec<IncomeLineInForce<'c>> {
        self.0.compared.comparison.lines.iter().filter_map(|line| self.0.line_in_force(line)).collect()
    }

    /// Lines whose amount no place sets.
    #[graphql(complexity = "list(5, child_complexity)")]
    async fn not_set(&self) -> Vec<IncomeLineNotSet<'c>> {
        let missing = self.0.compared.comparison.not_set.iter();
        let one = |one: &crate::domain::income::compare::LineNotSet| {
            let line = self.0.line(one.rule_set, one.line)?;
            Some(IncomeLineNotSet { line, parameter: Parameter::find(self.0.scope, &one.parameter)? })
        };
        missing.filter_map(one).collect()
    }

    /// What is not known and would change an outcome.
    #[graphql(complexity = "list(20, child_complexity)")]
    async fn questions(&self) -> Vec<IncomeQuestion<'c>> {
        let questions = self.0.compared.comparison.questions.iter();
        questions.map(|one| IncomeQuestion(self.0.clone(), one.clone())).collect()
    }

    /// The comparison in canonical form: RFC 8785 JSON, money in fen, without names.
    async fn canonical(&self) -> Result<String, Refusal> {
        let Compared { catalogue, place, on, statement, comparison } = &*self.0.compared;
        let document = document(catalogue, place, *on, statement, comparison);
        let bytes = canonical(&document).map_err(|error| Refusal::internal(&error.to_string()))?;
        String::from_utf8(bytes).map_err(|error| Refusal::internal(&error.to_string()))
    }
}

fn of_role<'c>(view: &View<'c>, role: Role) -> Vec<IncomeOutcome<'c>> {
    let outcomes = view.compared.comparison.of_role(view.scope.catalogue, role);
    outcomes.map(|(place, _)| IncomeOutcome(view.clone(), place)).collect()
}

/// What comes of a statement under one rule set.
pub struct IncomeOutcome<'c>(View<'c>, usize);

impl IncomeOutcome<'_> {
    fn outcome(&self) -> Option<&Outcome> {
        self.0.compared.comparison.outcomes.get(self.1)
    }
}

/// What comes of a statement under one rule set.
#[Object]
impl<'c> IncomeOutcome<'c> {
    /// The rule set.
    async fn rule_set(&self) -> Option<IncomeRuleSet<'c>> {
        self.0.rule_set(self.outcome()?)
    }

    /// How each entry is treated, in the order of the statement.
    #[graphql(complexity = "list(30, child_complexity)")]
    async fn entries(&self) -> Vec<IncomeEntry<'c>> {
        let Some(outcome) = self.outcome() else { return Vec::new() };
        let treated = outcome.entries.iter().enumerate();
        treated
            .map(|(place, treated)| IncomeEntry(self.0.clone(), outcome.rule_set, place, *treated))
            .collect()
    }

    /// The year's income.
    async fn total(&self) -> Option<IncomeAmount> {
        self.outcome().map(|outcome| outcome.total.into())
    }

    /// The same for one head.
    async fn per_head(&self) -> Option<IncomeAmount> {
        self.outcome().map(|outcome| outcome.per_head.into())
    }

    /// Whether income per head is below each line in force.
    #[graphql(complexity = "list(5, child_complexity)")]
    async fn against(&self) -> Vec<IncomeBelow<'c>> {
        let below = self.outcome().map(|outcome| outcome.below.as_slice()).unwrap_or_default();
        let one = |(place, below): (usize, &crate::domain::condition::Answer)| {
            Some(IncomeBelow { line: self.0.line_at(place)?, below: (*below).into() })
        };
        below.iter().enumerate().filter_map(one).collect()
    }

    /// What it supports, by the lines of the rule set that are in force.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn advice(&self) -> Vec<IncomeAdvice<'c>> {
        let advice = self.outcome().map(|outcome| outcome.advice.as_slice()).unwrap_or_default();
        let one = |advice: &Advice| {
            Some(IncomeAdvice {
                line: self.0.line_at(advice.line)?,
                supported: advice.supported.into(),
                support: support(self.0.scope, &advice.support)?,
                top_up_month: advice.top_up.map(|top_up| top_up.month.into()),
            })
        };
        advice.iter().filter_map(one).collect()
    }
}

/// How one entry is treated.
pub struct IncomeEntry<'c>(View<'c>, usize, usize, Treated);

/// How one entry of the statement is treated under one rule set.
#[Object]
impl<'c> IncomeEntry<'c> {
    /// What it is.
    async fn item(&self) -> Option<IncomeItemInfo> {
        self.0.entry(self.2).map(|entry| IncomeItemInfo(entry.item))
    }

    /// Whose it is.
    async fn holder(&self) -> Option<IncomeHolder> {
        self.0.entry(self.2).map(|entry| IncomeHolder(Arc::clone(&self.0.compared), entry.who))
    }

    /// What the record or the item is called, as given.
    async fn name(&self) -> Option<&str> {
        self.0.entry(self.2)?.label.as_deref()
    }

    /// The stated amount in yuan; null if it is not known.
    async fn amount(&self) -> Option<Decimal> {
        self.0.entry(self.2)?.amount.map(Decimal::from)
    }

    /// Whether it counts (a receipt) or is taken off (a cost).
    async fn counts(&self) -> Answer {
        self.3.counts.into()
    }

    /// What it adds to the total; a cost adds less than nothing.
    async fn adds(&self) -> IncomeAmount {
        self.3.adds.into()
    }

    /// The rule.
    async fn rule(&self) -> Option<IncomeRule<'c>> {
        let row = self.0.scope.catalogue.income.get(self.1)?.rows.get(self.3.row)?;
        Some(IncomeRule(self.0.scope, row))
    }
}

/// Whose an entry is.
pub struct IncomeHolder(Arc<Compared>, Beneficiary);

impl IncomeHolder {
    fn member(&self) -> Option<&Member> {
        match self.1 {
            Beneficiary::Household => None,
            Beneficiary::Person(place) => self.0.statement.members.get(place),
        }
    }
}

/// Whose an entry is: the household's, or a member's.
#[Object]
impl IncomeHolder {
    /// Whether it is the household or a person.
    async fn unit(&self) -> Unit {
        if self.member().is_some() { Unit::Person } else { Unit::Household }
    }

    /// The key of the household or the member, as given.
    async fn key(&self) -> &str {
        self.member().map_or(&self.0.statement.key, |member| &member.key)
    }

    /// The member's name, if it was given.
    async fn name(&self) -> Option<&str> {
        self.member()?.name.as_deref()
    }
}

/// A line with its amount at the place and date.
#[derive(SimpleObject)]
pub struct IncomeLineInForce<'c> {
    /// The line.
    line: IncomeLine<'c>,
    /// In yuan a head and year, rounded half up to the fen.
    year: Decimal,
    /// In yuan a head and month, rounded half up to the fen.
    month: Decimal,
    /// In fen a head and month, exactly.
    exact_month: Fraction,
}

/// A line whose amount no place sets.
#[derive(SimpleObject)]
pub struct IncomeLineNotSet<'c> {
    /// The line.
    line: IncomeLine<'c>,
    /// The parameter that would set it.
    parameter: Parameter<'c>,
}

/// Whether income per head is below a line. Income that equals the line is not below it.
#[derive(SimpleObject)]
pub struct IncomeBelow<'c> {
    /// The line.
    line: IncomeLineInForce<'c>,
    /// Whether it is below.
    below: Answer,
}

/// What income supports, by one line. It is no identity: the department that is named grants one,
/// after looking at what its rules ask beside income.
#[derive(SimpleObject)]
pub struct IncomeAdvice<'c> {
    /// The line.
    line: IncomeLineInForce<'c>,
    /// Whether income supports it.
    supported: Answer,
    /// The identity types, and the department that grants them.
    support: IncomeSupport<'c>,
    /// What the top-up would pay the household a month, in yuan, with every member a head; null where
    /// there is none, or where the total is not known.
    top_up_month: Option<Decimal>,
}

/// Something that is not known.
pub struct IncomeQuestion<'c>(View<'c>, Question);

impl IncomeQuestion<'_> {
    fn entry(&self) -> Option<&Entry> {
        match self.1.asked {
            Asked::Complete => None,
            Asked::Amount(entry) | Asked::Circumstance(entry, _) => self.0.entry(entry),
        }
    }
}

/// Something that is not known and would change an outcome.
#[Object]
impl<'c> IncomeQuestion<'c> {
    /// What is asked.
    async fn asked(&self) -> IncomeAsked {
        match self.1.asked {
            Asked::Complete => IncomeAsked::Complete,
            Asked::Amount(_) => IncomeAsked::Amount,
            Asked::Circumstance(_, Circumstance::Workplace) => IncomeAsked::Workplace,
            Asked::Circumstance(_, Circumstance::Stage) => IncomeAsked::Stage,
            Asked::Circumstance(_, Circumstance::Mode) => IncomeAsked::Mode,
            Asked::Circumstance(_, Circumstance::Evidence) => IncomeAsked::Evidence,
        }
    }

    /// The question that is put to a clerk.
    async fn text(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'static str {
        let [zh, en] = self.1.asked.ask();
        crate::domain::text::Lang::from(lang).pick(zh, en)
    }

    /// The item that it is about; null for the statement as a whole.
    async fn item(&self) -> Option<IncomeItemInfo> {
        self.entry().map(|entry| IncomeItemInfo(entry.item))
    }

    /// Whose entry it is about; the household for the statement as a whole.
    async fn holder(&self) -> IncomeHolder {
        let who = self.entry().map_or(Beneficiary::Household, |entry| entry.who);
        IncomeHolder(Arc::clone(&self.0.compared), who)
    }

    /// The rule sets whose outcome it bears on.
    #[graphql(complexity = "list(5, child_complexity)")]
    async fn bears_on(&self) -> Vec<IncomeRuleSet<'c>> {
        let outcomes = self.1.bears_on.iter().filter_map(|at| self.0.compared.comparison.outcomes.get(*at));
        outcomes.filter_map(|outcome| self.0.rule_set(outcome)).collect()
    }
}
