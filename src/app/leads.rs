//! Leads over the stored households. They advise; a department grants, or ends, an identity.

use chrono::NaiveDate;

use super::policies::Policies;
use crate::domain::facts::Household;
use crate::domain::leads::{Lead, LeadRule, leads};
use crate::domain::ratio::ArithmeticError;
use crate::domain::source::Source;
use crate::domain::text::{Lang, Text};
use crate::store::{DayQuery, Store, StoreError};

/// How many households are read at a time.
pub(super) const PAGE: u32 = 500;

/// A lead with what it refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The household's key.
    pub household: String,
    /// The code of its town.
    pub town: Option<String>,
    /// The place whose rules apply, by id.
    pub place: String,
    /// The lead.
    pub lead: Lead,
    /// The rule's name: of the line, or of the identity type.
    pub rule: Text,
    /// What the rule says, where it is the test of an identity type.
    pub test: Option<Text>,
    /// Where the rule is known from.
    pub sources: Vec<Source>,
}

/// What a lead is, in words.
pub const fn kind_words(kind: crate::domain::leads::LeadKind, lang: Lang) -> &'static str {
    match kind {
        crate::domain::leads::LeadKind::Supported => lang.pick("疑似应纳入", "may be entitled to"),
        crate::domain::leads::LeadKind::Review => lang.pick("建议复核", "to be reviewed"),
    }
}

/// That a lead grants nothing, in words.
pub const fn advice_words(lang: Lang) -> &'static str {
    lang.pick("仅为线索，由部门核实认定", "a lead only: the department looks into it and decides")
}

/// Why there are no leads.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeadsError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An amount.
    #[error(transparent)]
    Arithmetic(#[from] ArithmeticError),
}

/// The leads of one household; none where its place has no rules.
///
/// # Errors
/// Amounts that cannot be computed exactly.
pub fn of_household(
    policies: &Policies,
    household: &Household,
    on: NaiveDate,
) -> Result<Vec<Found>, ArithmeticError> {
    let catalogue = policies.catalogue();
    let place = household.place.as_deref().and_then(|place| catalogue.place(place));
    let Some(place) = place else { return Ok(Vec::new()) };
    let found = leads(catalogue, place, on, household)?.into_iter().filter_map(|lead| {
        let (rule, test, sources) = match lead.rule {
            LeadRule::Line { line, .. } => {
                let line = catalogue.income.get(line.rule_set)?.lines.get(line.line)?;
                (line.name.clone(), None, line.sources.clone())
            }
            LeadRule::Test(identity) => {
                let known = catalogue.identities.iter().find(|known| known.identity == identity)?;
                (known.name.clone(), Some(known.test.clone()), known.sources.clone())
            }
        };
        Some(Found {
            household: household.key.clone(),
            town: household.town.as_ref().map(ToString::to_string),
            place: place.id.clone(),
            lead,
            rule,
            test,
            sources,
        })
    });
    Ok(found.collect())
}

/// The leads of all households of a query, by key; `first` of the query is left out of account. It blocks.
///
/// # Errors
/// [`LeadsError`].
pub fn all(policies: &Policies, store: &Store, mut query: DayQuery) -> Result<Vec<Found>, LeadsError> {
    let mut found = Vec::new();
    query.first = PAGE;
    loop {
        let page = store.households_of_a_day(query.clone()).wait()?;
        let Some(last) = page.last().map(|household| household.key.clone()) else { return Ok(found) };
        for household in &page {
            found.extend(of_household(policies, household, query.on)?);
        }
        query.after = Some(last);
    }
}
