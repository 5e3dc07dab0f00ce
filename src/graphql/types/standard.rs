//! Standards and their conditions.

use async_graphql::Object;

use super::benefit::{Benefit, benefit};
use super::enums::{IdentityCode, Period, Rounding};
use super::fact::Fact;
use super::place::{Extension, Parameter};
use super::provenance::{Source, Validity, sources};
use crate::domain::identity::Identity;
use crate::domain::measure;
use crate::graphql::context::Scope;
use crate::graphql::input::Lang;
use crate::graphql::weight::list;

/// A standard of a measure.
#[derive(Clone, Copy)]
pub struct Standard<'c> {
    /// The catalogue, place and date.
    pub scope: Scope<'c>,
    /// The measure.
    pub measure: &'c measure::Measure,
    /// The standard.
    pub standard: &'c measure::Standard,
}

impl<'c> Standard<'c> {
    /// Every version of every standard of a measure.
    pub fn all(scope: Scope<'c>, measure: &'c measure::Measure) -> impl Iterator<Item = Self> + 'c {
        measure.standards.iter().map(move |standard| Self { scope, measure, standard })
    }

    /// The extensions of the place that open it to further identity types.
    fn extensions_here(&self) -> impl Iterator<Item = &'c crate::domain::catalogue::Extension> {
        let in_force = self.scope.catalogue.extensions(self.scope.place, self.scope.on);
        let (id, own) = (&self.measure.id, self.standard.identities);
        in_force.filter(move |one| {
            one.measures.contains(id) && own.contains(one.like) && !one.to.without(own).is_empty()
        })
    }

    /// Whether an identity type opens it, of itself or by an extension of the place.
    pub fn opens(&self, identity: Identity) -> bool {
        self.standard.identities.contains(identity)
            || self.extensions_here().any(|extension| extension.to.contains(identity))
    }
}

/// A standard 享受标准: what a measure gives under some identity types, from a date. Standards of one
/// key are versions of one another.
#[Object]
impl<'c> Standard<'c> {
    /// Its key, `D1-dibao`.
    async fn key(&self) -> &'c str {
        &self.standard.id
    }

    /// Its name.
    async fn name(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.standard.name.get(lang.into())
    }

    /// When it is in force.
    async fn validity(&self) -> Validity {
        self.standard.validity.into()
    }

    /// The identity types that open it of itself.
    async fn identities(&self) -> Vec<IdentityCode> {
        self.standard.identities.iter().map(Into::into).collect()
    }

    /// The extensions in force at the place that open it to further identity types.
    #[graphql(complexity = "list(2, child_complexity)")]
    async fn extensions(&self) -> Vec<Extension<'c>> {
        self.extensions_here().map(|extension| Extension(self.scope, extension)).collect()
    }

    /// The parameter that names the day on which the identity must be held; null for the day of the
    /// resolution.
    async fn identity_on(&self) -> Option<Parameter<'c>> {
        Parameter::find(self.scope, self.standard.identity_on.as_deref()?)
    }

    /// The conditions; all must be met.
    #[graphql(complexity = "list(4, child_complexity)")]
    async fn conditions(&self) -> Vec<Condition<'c>> {
        self.standard.conditions.iter().map(|condition| Condition(self.scope, condition)).collect()
    }

    /// What it gives, part by part.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn parts(&self) -> Vec<Benefit<'c>> {
        self.standard.parts.iter().map(|part| benefit(self.scope, part)).collect()
    }

    /// What one payment covers; null where the amounts of the place say so.
    async fn period(&self) -> Option<Period> {
        self.standard.period.map(Into::into)
    }

    /// How the payment is rounded.
    async fn rounding(&self) -> Rounding {
        self.standard.rounding.into()
    }

    /// Where it is known from.
    #[graphql(complexity = "list(4, child_complexity)")]
    async fn sources(&self) -> Vec<Source<'c>> {
        sources(self.scope, &self.standard.sources)
    }
}

/// A condition of a standard.
pub struct Condition<'c>(pub Scope<'c>, pub &'c measure::Condition);

/// A condition of a standard.
#[Object]
impl<'c> Condition<'c> {
    /// In words.
    async fn text(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.1.text.get(lang.into())
    }

    /// As an expression over the vocabulary.
    async fn expression(&self) -> &'c str {
        self.1.when.source()
    }

    /// The facts that it reads.
    #[graphql(complexity = "list(4, child_complexity)")]
    async fn facts(&self) -> Vec<Fact> {
        self.1.when.facts().into_iter().map(Fact).collect()
    }

    /// The parameters that it reads.
    #[graphql(complexity = "list(2, child_complexity)")]
    async fn parameters(&self) -> Vec<Parameter<'c>> {
        let names = self.1.when.params();
        names.into_iter().filter_map(|name| Parameter::find(self.0, name)).collect()
    }

    /// Where it is known from.
    #[graphql(complexity = "list(4, child_complexity)")]
    async fn sources(&self) -> Vec<Source<'c>> {
        sources(self.0, &self.1.sources)
    }
}
