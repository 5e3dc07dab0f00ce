//! Leads over the stored households. They advise; a department grants, or ends, an identity.

use std::ops::ControlFlow;

use chrono::NaiveDate;

use super::policies::Policies;
use crate::domain::facts::Household;
use crate::domain::leads::{Lead, LeadRule, leads};
use crate::domain::ratio::ArithmeticError;
use crate::domain::region::Region;
use crate::domain::source::Source;
use crate::domain::text::{Lang, Text};
use crate::store::{ListQuery, Store, StoreError};

/// How many households are read at a time.
const AT_A_TIME: u32 = 500;

/// Whose leads are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// The day.
    pub on: NaiveDate,
    /// Of households that live here; `None` is everywhere.
    pub within: Option<Region>,
}

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

/// Where a page of leads ends.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Mark {
    /// The last household that lies before it as a whole, by key.
    pub after: Option<String>,
    /// How many leads of the households behind that one lie before it, too.
    pub skip: usize,
}

/// Some leads, in the order of households.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct LeadPage {
    /// The leads, each with the mark behind it.
    pub rows: Vec<(Mark, Found)>,
    /// Whether more come after them.
    pub more: bool,
}

/// The leads of all households of a region on a day, by key.
///
/// # Errors
/// [`LeadsError`].
pub async fn all(policies: &Policies, store: &Store, sight: Sight) -> Result<Vec<Found>, LeadsError> {
    let mut all = Vec::new();
    let add = |_key: &str, found| {
        all.extend(found);
        ControlFlow::Continue(())
    };
    each(policies, store, sight, None, add).await?;
    Ok(all)
}

/// How many leads there are in a region on a day.
///
/// # Errors
/// [`LeadsError`].
pub async fn count(policies: &Policies, store: &Store, sight: Sight) -> Result<usize, LeadsError> {
    let mut count = 0;
    let add = |_key: &str, found: Vec<Found>| {
        count += found.len();
        ControlFlow::Continue(())
    };
    each(policies, store, sight, None, add).await?;
    Ok(count)
}

/// At most `first` leads behind a mark; no more households are read than that takes.
///
/// # Errors
/// [`LeadsError`].
pub async fn page(
    policies: &Policies,
    store: &Store,
    sight: Sight,
    after: Mark,
    first: usize,
) -> Result<LeadPage, LeadsError> {
    let mut page = LeadPage::default();
    let Mark { after: from, skip } = after;
    let (mut before, mut to_skip, mut skipped) = (from.clone(), skip, 0);
    let add = |key: &str, found: Vec<Found>| {
        for one in found {
            skipped += 1;
            if to_skip > 0 {
                to_skip -= 1;
            } else if page.rows.len() == first {
                page.more = true;
                return ControlFlow::Break(());
            } else {
                page.rows.push((Mark { after: before.clone(), skip: skipped }, one));
            }
        }
        if to_skip == 0 {
            (before, skipped) = (Some(key.to_owned()), 0);
        }
        ControlFlow::Continue(())
    };
    each(policies, store, sight, from, add).await?;
    Ok(page)
}

/// Shows the leads of every household behind a key, until it is enough.
async fn each(
    policies: &Policies,
    store: &Store,
    Sight { on, within }: Sight,
    mut after: Option<String>,
    mut visit: impl FnMut(&str, Vec<Found>) -> ControlFlow<()>,
) -> Result<(), LeadsError> {
    loop {
        let query = ListQuery { on, within: within.clone(), after, first: AT_A_TIME };
        let households = store.households_of_a_day(query).await?;
        for household in &households {
            if visit(&household.key, of_household(policies, household, on)?).is_break() {
                return Ok(());
            }
        }
        let Some(last) = households.last() else { return Ok(()) };
        after = Some(last.key.clone());
    }
}
