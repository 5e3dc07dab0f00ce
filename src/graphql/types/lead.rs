//! Leads.

use async_graphql::{Enum, Object};

use super::enums::IdentityCode;
use super::fact::Fact;
use super::page::numbered;
use crate::app::leads::{Found, advice_words, kind_words};
use crate::documents::source_text;
use crate::domain::leads::LeadRule;
use crate::domain::money::Rounding;
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

numbered! {
    /// A page of leads, by the keys of the households.
    LeadConnection, LeadEdge,
    /// An entry of a page of leads.
    IdentityLead
}

impl LeadConnection {
    /// A page of all leads, after so many.
    pub fn page(all: Vec<Found>, (after, first): (i64, u32)) -> Self {
        let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let numbered = (1_i64..).zip(all).filter(|(number, _)| *number > after);
        let most = usize::try_from(first).unwrap_or(usize::MAX);
        let items: Vec<_> = numbered.take(most).map(|(number, lead)| (number, IdentityLead(lead))).collect();
        let last = items.last().map_or(after, |(number, _)| *number);
        Self { total, before: after > 0, more: last < total, items }
    }
}
