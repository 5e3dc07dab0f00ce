//! Leads.

use async_graphql::connection::PageInfo;
use async_graphql::{Enum, Object, SimpleObject};
use chrono::NaiveDate;

use super::enums::IdentityCode;
use super::fact::Fact;
use crate::app::access::Pass;
use crate::app::leads::{Found, LeadPage, Mark, advice_words, kind_words};
use crate::documents::source_text;
use crate::domain::leads::LeadRule;
use crate::domain::money::Rounding;
use crate::domain::region::Region;
use crate::graphql::context::Api;
use crate::graphql::error::Refusal;
use crate::graphql::ids;
use crate::graphql::input::Lang;
use crate::graphql::scalars::Decimal;

/// What a lead says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::leads::LeadKind")]
pub enum LeadKind {
    /// The facts support an identity that is not held.
    Supported,
    /// The facts contradict an identity that is held.
    Review,
}

/// Something for a department to look at.
#[derive(Clone)]
pub struct IdentityLead(pub Found);

/// A lead 疑点线索: it advises only, the department looks into it and decides.
#[Object]
impl IdentityLead {
    /// The household's key.
    async fn household(&self) -> &str {
        &self.0.household
    }

    /// The code of its town.
    async fn town(&self) -> Option<&str> {
        self.0.town.as_deref()
    }

    /// The key of the member; null is the household.
    async fn subject(&self) -> Option<&str> {
        self.0.lead.subject.as_deref()
    }

    /// What it says.
    async fn kind(&self) -> LeadKind {
        self.0.lead.kind.into()
    }

    /// What it says in words, and that it advises only.
    async fn text(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> String {
        let lang = crate::domain::text::Lang::from(lang);
        format!("{}: {} ({})", kind_words(self.0.lead.kind, lang), self.0.rule.get(lang), advice_words(lang))
    }

    /// The identity types; of several the department finds which one fits.
    async fn identities(&self) -> Vec<IdentityCode> {
        self.0.lead.identities.iter().map(Into::into).collect()
    }

    /// The rule: an income line or the test of an identity type, by name.
    async fn rule(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &str {
        self.0.rule.get(lang.into())
    }

    /// The test of the identity type in words; null for an income line.
    async fn test(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> Option<&str> {
        self.0.test.as_ref().map(|test| test.get(lang.into()))
    }

    /// Where the rule is known from, as policy files write it.
    async fn sources(&self) -> Vec<String> {
        self.0.sources.iter().map(source_text).collect()
    }

    /// The income line in yuan a head and year; null for the test of an identity type.
    async fn line(&self) -> Option<Decimal> {
        match self.0.lead.rule {
            LeadRule::Line { line, .. } => yuan(line.year),
            LeadRule::Test(_) => None,
        }
    }

    /// The counted income in yuan a head and year, to the fen; null for the test of an identity type.
    async fn income_per_head(&self) -> Option<Decimal> {
        match self.0.lead.rule {
            LeadRule::Line { per_head, .. } => yuan(per_head),
            LeadRule::Test(_) => None,
        }
    }

    /// The facts that it rests on.
    async fn facts(&self) -> Vec<Fact> {
        self.0.lead.facts.iter().copied().map(Fact).collect()
    }

    /// Facts that the rule also asks for and that are not known.
    async fn missing(&self) -> Vec<Fact> {
        self.0.lead.missing.iter().copied().map(Fact).collect()
    }

    /// The key of the department that grants the identity, where a rule names it.
    async fn granted_by(&self) -> Option<&str> {
        self.0.lead.granted_by.as_deref()
    }
}

fn yuan(fen: crate::domain::ratio::Ratio) -> Option<Decimal> {
    Rounding::default().apply(fen).ok().map(Into::into)
}

/// A page of leads.
pub struct LeadConnection<'c> {
    api: &'c Api,
    pass: Pass,
    asked: (NaiveDate, Option<Region>),
    from_start: bool,
    page: LeadPage,
}

impl<'c> LeadConnection<'c> {
    /// Finds a page.
    ///
    /// # Errors
    /// A cursor that was never given out, or the service failed.
    pub async fn find(
        api: &'c Api,
        pass: Pass,
        asked: (NaiveDate, Option<Region>),
        (after, first): (Option<String>, usize),
    ) -> Result<Self, Refusal> {
        let from_start = after.is_none();
        let after = after.map_or_else(|| Ok(Mark::default()), |cursor| mark(&cursor))?;
        let day = (asked.0, asked.1.as_ref());
        let found = api.records().leads(&pass, api.policies(), day, (after, first)).await;
        let page = found.map_err(|error| Refusal::internal(&error.to_string()))?;
        Ok(Self { api, pass, asked, from_start, page })
    }
}

/// A page of leads, by the keys of the households.
#[Object]
impl LeadConnection<'_> {
    /// How many there are and may be seen, on all pages; all households are looked at for it.
    #[graphql(complexity = "5_000")]
    async fn total_count(&self) -> Result<usize, Refusal> {
        let day = (self.asked.0, self.asked.1.as_ref());
        let count = self.api.records().lead_count(&self.pass, self.api.policies(), day).await;
        count.map_err(|error| Refusal::internal(&error.to_string()))
    }

    /// The entries of the page.
    async fn edges(&self) -> Vec<LeadEdge> {
        let edge = |(mark, found): &(Mark, Found)| LeadEdge {
            cursor: cursor(mark),
            node: IdentityLead(found.clone()),
        };
        self.page.rows.iter().map(edge).collect()
    }

    /// Where the page stands, and how to go on.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: !self.from_start,
            has_next_page: self.page.more,
            start_cursor: self.page.rows.first().map(|(mark, _)| cursor(mark)),
            end_cursor: self.page.rows.last().map(|(mark, _)| cursor(mark)),
        }
    }
}

/// An entry of a page of leads.
#[derive(SimpleObject)]
pub struct LeadEdge {
    /// The cursor after which the next page begins.
    cursor: String,
    /// The entry.
    node: IdentityLead,
}

fn cursor(mark: &Mark) -> String {
    ids::cursor(&format!("{}/{}", mark.skip, mark.after.as_deref().unwrap_or_default()))
}

fn mark(text: &str) -> Result<Mark, Refusal> {
    let text = ids::after(text, "after")?;
    let parts = text.split_once('/').and_then(|(skip, after)| Some((skip.parse().ok()?, after)));
    let (skip, after) = parts.ok_or_else(|| ids::no_cursor("after"))?;
    Ok(Mark { after: (!after.is_empty()).then(|| after.to_owned()), skip })
}
