//! Where facts are known from, and since when they hold.

use async_graphql::{ID, Object, SimpleObject};

use super::enums::SourceTag;
use crate::documents::source_text;
use crate::domain::period;
use crate::domain::{measure, source};
use crate::graphql::context::Scope;
use crate::graphql::ids::Entity;
use crate::graphql::input::Lang;
use crate::graphql::scalars::Date;
use crate::graphql::weight::list;

/// Where a fact is known from.
pub struct Source<'c>(pub Scope<'c>, pub &'c source::Source);

/// Where a fact is known from. Every fact has at least one source.
#[Object]
impl<'c> Source<'c> {
    /// How sure the source is.
    async fn tag(&self) -> SourceTag {
        self.1.tag.into()
    }

    /// The word that is shown for the tag.
    async fn label(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'static str {
        self.1.tag.label(lang.into())
    }

    /// The document, if it is one.
    async fn document(&self) -> Option<Document<'c>> {
        let id = self.1.document.as_ref()?;
        self.0.catalogue.documents.iter().find(|document| document.id == *id).map(Document)
    }

    /// The clause, table or reason; may be empty.
    async fn detail(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.1.detail_in(lang.into())
    }

    /// All of it in one line, as policy files write it, mostly in English.
    async fn text(&self) -> String {
        source_text(self.1)
    }
}

/// The sources of a fact.
pub fn sources<'c>(scope: Scope<'c>, list: &'c [source::Source]) -> Vec<Source<'c>> {
    list.iter().map(|source| Source(scope, source)).collect()
}

/// A document of the list of sources.
pub struct Document<'c>(pub &'c source::Document);

/// A document of the list of sources.
#[Object]
impl<'c> Document<'c> {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        Entity::Document.id(&self.0.id)
    }

    /// Its key in the list of sources, `S02`.
    async fn key(&self) -> &'c str {
        &self.0.id
    }

    /// Its title and number, as printed.
    async fn title(&self) -> &'c str {
        &self.0.title
    }

    /// Where it was read.
    async fn read_at(&self) -> &'c str {
        &self.0.read_at
    }

    /// Whether it is an official publication.
    async fn official(&self) -> bool {
        self.0.official
    }
}

/// A remark with its sources.
pub struct Note<'c>(pub Scope<'c>, pub &'c measure::Note);

/// A remark with its sources.
#[Object]
impl<'c> Note<'c> {
    /// The remark.
    async fn text(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.1.text.get(lang.into())
    }

    /// Where it is known from.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn sources(&self) -> Vec<Source<'c>> {
        sources(self.0, &self.1.sources)
    }
}

/// When something is in force.
#[derive(SimpleObject)]
pub struct Validity {
    /// The first day.
    from: Date,
    /// The first day on which it no longer holds; null while it runs on.
    until: Option<Date>,
}

impl From<period::Validity> for Validity {
    fn from(validity: period::Validity) -> Self {
        Self { from: Date(validity.from), until: validity.until.map(Date) }
    }
}

/// The sources of one field.
pub struct FieldSources<'c>(pub Scope<'c>, pub &'c (String, Vec<source::Source>));

/// The sources of one field of a measure.
#[Object]
impl<'c> FieldSources<'c> {
    /// The field's name in the policy file.
    async fn name(&self) -> &'c str {
        &self.1.0
    }

    /// Where it is known from.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn sources(&self) -> Vec<Source<'c>> {
        sources(self.0, &self.1.1)
    }
}
