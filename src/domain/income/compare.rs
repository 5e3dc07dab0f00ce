//! One statement under every rule set in use, against every line in force.

use chrono::NaiveDate;

use super::items::{Circumstance, Side};
use super::rules::{Line, Role, RuleSet, Support};
use super::span::Span;
use super::statement::{Entry, Statement};
use crate::domain::catalogue::{Catalogue, ParameterValue, Place};
use crate::domain::condition::Answer;
use crate::domain::measure::{Gives, Term};
use crate::domain::money::{Fen, Rounding};
use crate::domain::ratio::{ArithmeticError, Ratio};

/// What comes of a statement at a place and date. It advises only: an identity is granted by the
/// department that an [`Advice`] names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The number of heads: the members who live together.
    pub heads: i64,
    /// One outcome for each rule set in use, those in use apart first, then the joined one, then readings.
    pub outcomes: Vec<Outcome>,
    /// The lines in force.
    pub lines: Vec<LineInForce>,
    /// Lines whose amount no place sets.
    pub not_set: Vec<LineNotSet>,
    /// What is not known and would change an outcome.
    pub questions: Vec<Question>,
}

/// What comes of a statement under one rule set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The rule set, by its place in the catalogue.
    pub rule_set: usize,
    /// How each entry is treated, in the order of the statement.
    pub entries: Vec<Treated>,
    /// The year's income in fen, exact where everything is known.
    pub total: Span,
    /// The same for one head, before any rounding.
    pub per_head: Span,
    /// Whether income per head is below each line of [`Comparison::lines`], in their order.
    pub below: Vec<Answer>,
    /// What it supports, by the lines of the rule set that are in force.
    pub advice: Vec<Advice>,
}

/// How one entry is treated under one rule set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Treated {
    /// The row of the rule set.
    pub row: usize,
    /// Whether the entry counts (a receipt) or is taken off (a cost); unknown where the row asks for
    /// something that is not known.
    pub counts: Answer,
    /// What it adds to the total, in fen; a cost adds less than nothing.
    pub adds: Span,
}

/// A line with its amount at the place and date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineInForce {
    /// A rule set that has it, by its place in the catalogue.
    pub rule_set: usize,
    /// Its place in the rule set.
    pub line: usize,
    /// The line in fen a head and year.
    pub year: Ratio,
}

/// A line whose amount no place sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineNotSet {
    /// A rule set that has it, by its place in the catalogue.
    pub rule_set: usize,
    /// Its place in the rule set.
    pub line: usize,
    /// The parameter that would set it.
    pub parameter: String,
}

/// What income supports, by one line. **It is no identity**: the department that is named grants one,
/// after looking at what its rules ask beside income.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// The line, by its place in [`Comparison::lines`].
    pub line: usize,
    /// Whether income supports the identity types.
    pub supported: Answer,
    /// The identity types, and the department that grants them.
    pub support: Support,
    /// What the top-up would pay the household a month, with every member a head; `None` where the line
    /// opens none, or where the total is not known.
    pub top_up: Option<TopUp>,
}

/// What a top-up would pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopUp {
    /// The measure, by its place in the catalogue.
    pub measure: usize,
    /// The payment a month, rounded as its standard says.
    pub month: Fen,
}

/// Something that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What is asked.
    pub asked: Asked,
    /// The outcomes that it bears on, by their places.
    pub bears_on: Vec<usize>,
}

/// What can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Whether the statement is complete.
    Complete,
    /// The amount of an entry, by its place in the statement.
    Amount(usize),
    /// What a rule asks of an entry, by its place in the statement; entries of one record are asked once.
    Circumstance(usize, Circumstance),
}

impl Asked {
    /// The question put to a clerk in Chinese and in English.
    pub const fn ask(self) -> [&'static str; 2] {
        match self {
            Self::Complete => [
                "还有没有其他收入或支出没有申报？",
                "Are there other receipts or costs that were not stated?",
            ],
            Self::Amount(_) => ["12个月的金额是多少？", "What is the amount of twelve months?"],
            Self::Circumstance(_, what) => what.ask(),
        }
    }
}

/// Why there is no comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompareError {
    /// No rule set is in use at the place and date.
    #[error("no income arithmetic is in use at this place on this date")]
    NoRules,
    /// Amounts that cannot be computed exactly.
    #[error(transparent)]
    Arithmetic(#[from] ArithmeticError),
}

/// Compares the income arithmetics in use at a place on a date.
///
/// # Errors
/// [`CompareError`].
pub fn compare(
    catalogue: &Catalogue,
    place: &Place,
    on: NaiveDate,
    statement: &Statement,
) -> Result<Comparison, CompareError> {
    let sets = catalogue.income.iter().enumerate();
    let sets: Vec<(usize, &RuleSet)> = sets.filter(|(_, set)| set.in_use(catalogue, place, on)).collect();
    if sets.is_empty() {
        return Err(CompareError::NoRules);
    }
    let heads = i64::try_from(statement.members.len()).map_err(|_too_many| ArithmeticError::Overflow)?;
    let mut comparison = Comparison {
        heads,
        outcomes: Vec::new(),
        lines: Vec::new(),
        not_set: Vec::new(),
        questions: Vec::new(),
    };
    for (place_of_set, set) in &sets {
        add_lines(&mut comparison, catalogue, place, on, (*place_of_set, set))?;
    }
    for (place_of_set, set) in sets {
        let mut outcome = outcome(set, place_of_set, on, statement, &mut comparison)?;
        let lines = comparison.lines.iter();
        outcome.below = lines
            .map(|line| outcome.per_head.below(line.year))
            .collect::<Result<Vec<_>, ArithmeticError>>()?;
        outcome.advice = advice(catalogue, on, set, &outcome, &comparison)?;
        comparison.outcomes.push(outcome);
    }
    Ok(comparison)
}

/// Adds the lines of a rule set that are not there yet; rule sets lend each other lines under one id.
fn add_lines(
    comparison: &mut Comparison,
    catalogue: &Catalogue,
    place: &Place,
    on: NaiveDate,
    (rule_set, set): (usize, &RuleSet),
) -> Result<(), ArithmeticError> {
    for (index, line) in set.lines.iter().enumerate() {
        let id_at = |set: usize, at: usize| line_at(catalogue, set, at).map(|line| line.id.as_str());
        let known = comparison.lines.iter().map(|known| id_at(known.rule_set, known.line));
        let not_set = comparison.not_set.iter().map(|known| id_at(known.rule_set, known.line));
        if known.chain(not_set).any(|id| id == Some(line.id.as_str())) {
            continue;
        }
        match year_of(catalogue, place, on, line)? {
            Ok(year) => comparison.lines.push(LineInForce { rule_set, line: index, year }),
            Err(parameter) => comparison.not_set.push(LineNotSet { rule_set, line: index, parameter }),
        }
    }
    Ok(())
}

/// A line in fen a head and year at a place on a date, or the parameter that no place sets.
///
/// # Errors
/// `Overflow`.
pub fn year_of(
    catalogue: &Catalogue,
    place: &Place,
    on: NaiveDate,
    line: &Line,
) -> Result<Result<Ratio, String>, ArithmeticError> {
    let amount = match &line.amount {
        Term::Fixed(amount) => *amount,
        Term::Parameter(name) => match catalogue.parameter(place, name, on).map(|row| &row.value) {
            Some(ParameterValue::Money { amount, .. }) => *amount,
            _ => return Ok(Err(name.clone())),
        },
    };
    let year = amount.exact().times(line.times)?;
    year.times(Ratio::integer(line.per.payments_a_year())).map(Ok)
}

fn line_at(catalogue: &Catalogue, rule_set: usize, line: usize) -> Option<&Line> {
    catalogue.income.get(rule_set)?.lines.get(line)
}

/// Treats every entry and adds up; what is not known is noted as a question.
fn outcome(
    set: &RuleSet,
    rule_set: usize,
    on: NaiveDate,
    statement: &Statement,
    comparison: &mut Comparison,
) -> Result<Outcome, ArithmeticError> {
    let bears_on = comparison.outcomes.len();
    let mut total = if statement.complete { Span::ZERO } else { Span::open() };
    if !statement.complete {
        ask(&mut comparison.questions, statement, Asked::Complete, bears_on);
    }
    let mut entries = Vec::with_capacity(statement.entries.len());
    for (index, entry) in statement.entries.iter().enumerate() {
        // INVARIANT: a checked rule set has a row for every item on every day of its use.
        let Some((place, row)) = set.row(entry.item, on) else { continue };
        let mut counts = if row.counts { Answer::Met } else { Answer::NotMet };
        for requirement in row.only_if.iter().filter(|_| row.counts) {
            counts = counts.and(requirement.answer(&entry.circumstances));
        }
        let size = match (counts, entry.amount) {
            (Answer::NotMet, _) => Span::ZERO,
            (Answer::Met, Some(amount)) => Span::known(amount.exact()),
            (Answer::Unknown, Some(amount)) => Span::up_to(amount.exact()),
            (Answer::Met | Answer::Unknown, None) => Span::from_zero(),
        };
        if size.exact().is_none() && entry.amount.is_none() {
            ask(&mut comparison.questions, statement, Asked::Amount(index), bears_on);
        }
        if size.exact().is_none() && counts == Answer::Unknown {
            for requirement in &row.only_if {
                if requirement.answer(&entry.circumstances) == Answer::Unknown {
                    let asked = Asked::Circumstance(index, requirement.circumstance());
                    ask(&mut comparison.questions, statement, asked, bears_on);
                }
            }
        }
        let adds = if entry.item.def().side == Side::Cost { size.negated()? } else { size };
        total = total.plus(adds)?;
        entries.push(Treated { row: place, counts, adds });
    }
    if set.floor.is_some() {
        total = total.not_below_zero()?;
    }
    let per_head = total.over(Ratio::integer(comparison.heads))?;
    Ok(Outcome { rule_set, entries, total, per_head, below: Vec::new(), advice: Vec::new() })
}

/// Notes a question, once for each record that it is about.
fn ask(questions: &mut Vec<Question>, statement: &Statement, asked: Asked, bears_on: usize) {
    let record = |entry: usize| statement.entries.get(entry).map(|entry: &Entry| entry.record);
    let same = |known: &Asked| match (known, &asked) {
        (Asked::Circumstance(one, what), Asked::Circumstance(other, asked)) => {
            what == asked && record(*one) == record(*other)
        }
        (known, asked) => known == asked,
    };
    match questions.iter_mut().find(|question| same(&question.asked)) {
        Some(question) if question.bears_on.contains(&bears_on) => {}
        Some(question) => question.bears_on.push(bears_on),
        None => questions.push(Question { asked, bears_on: vec![bears_on] }),
    }
}

/// What an outcome supports, by the lines of its own rule set.
fn advice(
    catalogue: &Catalogue,
    on: NaiveDate,
    set: &RuleSet,
    outcome: &Outcome,
    comparison: &Comparison,
) -> Result<Vec<Advice>, ArithmeticError> {
    let place_of = |id: &str| {
        let mut lines = comparison.lines.iter();
        lines.position(|line| line_at(catalogue, line.rule_set, line.line).is_some_and(|line| line.id == id))
    };
    let below = |place: usize| outcome.below.get(place).copied().unwrap_or(Answer::Unknown);
    let mut advice = Vec::new();
    for line in &set.lines {
        let Some(place) = place_of(&line.id) else { continue };
        let other = match &line.unless_below {
            // A line that is not set leaves open who is below it.
            Some(id) => place_of(id).map_or(Answer::Unknown, below),
            None => Answer::NotMet,
        };
        let supported = below(place).and(!other);
        for support in &line.supports {
            let top_up = match (supported, comparison.lines.get(place)) {
                (Answer::Met, Some(line)) => top_up(catalogue, on, support, outcome, line, comparison.heads)?,
                _ => None,
            };
            advice.push(Advice { line: place, supported, support: support.clone(), top_up });
        }
    }
    Ok(advice)
}

/// What the line's top-up would pay a month: (line - income per head) for every head.
fn top_up(
    catalogue: &Catalogue,
    on: NaiveDate,
    support: &Support,
    outcome: &Outcome,
    line: &LineInForce,
    heads: i64,
) -> Result<Option<TopUp>, ArithmeticError> {
    let named = support.top_up.as_deref();
    let measure = catalogue.measures.iter().position(|measure| Some(measure.id.as_str()) == named);
    let Some((measure, total)) = measure.zip(outcome.total.exact()) else { return Ok(None) };
    let Some(rounding) = rounding(catalogue, measure, on) else { return Ok(None) };
    let year = line.year.times(Ratio::integer(heads))?.minus(total)?;
    let month = year.over(Ratio::integer(12))?.larger(Ratio::ZERO)?;
    Ok(Some(TopUp { measure, month: rounding.apply(month)? }))
}

/// How the top-up standard of a measure rounds its payment on a date.
fn rounding(catalogue: &Catalogue, measure: usize, on: NaiveDate) -> Option<Rounding> {
    let standards = catalogue.measures.get(measure)?.standards.iter();
    let mut in_force = standards.filter(|standard| standard.validity.contains(on));
    let tops_up = in_force
        .find(|standard| standard.parts.iter().any(|part| matches!(part.gives, Gives::TopUp { .. })))?;
    Some(tops_up.rounding)
}

impl Comparison {
    /// The outcomes of a role, each with its place.
    pub fn of_role<'c>(
        &'c self,
        catalogue: &'c Catalogue,
        role: Role,
    ) -> impl Iterator<Item = (usize, &'c Outcome)> {
        let outcomes = self.outcomes.iter().enumerate();
        outcomes.filter(move |(_, outcome)| {
            catalogue.income.get(outcome.rule_set).is_some_and(|set| set.role == role)
        })
    }
}
