//! Identity types, departments, exclusions, cascades and needs.

use async_graphql::{ID, Object};

use super::enums::{ExclusionMode, Holder, IdentityCode, Track, Unit};
use super::fact::Fact;
use super::measure::Measure;
use super::provenance::{Source, Validity, sources};
use super::standard::Standard;
use crate::domain::catalogue;
use crate::graphql::context::Scope;
use crate::graphql::ids::Entity;
use crate::graphql::input::Lang;
use crate::graphql::weight::list;

/// An identity type.
pub struct Identity<'c>(pub Scope<'c>, pub &'c catalogue::IdentityType);

impl<'c> Identity<'c> {
    /// What the catalogue says of a type.
    pub fn find(scope: Scope<'c>, identity: crate::domain::identity::Identity) -> Option<Self> {
        let found = scope.catalogue.identities.iter().find(|known| known.identity == identity)?;
        Some(Self(scope, found))
    }
}

/// An identity type 身份类型.
#[Object]
impl<'c> Identity<'c> {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        Entity::Identity.id(self.1.identity.code())
    }

    /// The code.
    async fn code(&self) -> IdentityCode {
        self.1.identity.into()
    }

    /// Its name.
    async fn name(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.1.name.get(lang.into())
    }

    /// The policy that it belongs to.
    async fn track(&self) -> Track {
        self.1.identity.track().into()
    }

    /// Who may hold it.
    async fn holder(&self) -> Holder {
        self.1.identity.holder().into()
    }

    /// The test by which it is granted, in words.
    async fn test(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.1.test.get(lang.into())
    }

    /// Where it is known from.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn sources(&self) -> Vec<Source<'c>> {
        sources(self.0, &self.1.sources)
    }
}

/// A pair of identity types.
pub struct IdentityPair<'c>(pub Scope<'c>, pub &'c catalogue::IdentityPair);

/// Whether two identity types may be held together.
#[Object]
impl<'c> IdentityPair<'c> {
    /// The first, in order.
    async fn first(&self) -> IdentityCode {
        self.1.a.into()
    }

    /// The second.
    async fn second(&self) -> IdentityCode {
        self.1.b.into()
    }

    /// Whether one person may hold both.
    async fn same_person(&self) -> bool {
        self.1.same_person
    }

    /// Whether both may be held in one household.
    async fn same_household(&self) -> bool {
        self.1.same_household
    }

    /// Where it is known from.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn sources(&self) -> Vec<Source<'c>> {
        sources(self.0, &self.1.sources)
    }
}

/// A department.
pub struct Department<'c>(pub Scope<'c>, pub &'c catalogue::Department);

/// A department.
#[Object]
impl<'c> Department<'c> {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        Entity::Department.id(&self.1.id)
    }

    /// Its key, `education`.
    async fn key(&self) -> &'c str {
        &self.1.id
    }

    /// Its name.
    async fn name(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.1.name.get(lang.into())
    }

    /// The measures that it owns.
    #[graphql(complexity = "list(12, child_complexity)")]
    async fn owns(&self) -> Vec<Measure<'c>> {
        Measure::all(self.0).filter(|measure| measure.1.department == self.1.id).collect()
    }

    /// The measures of other departments that it takes part in.
    #[graphql(complexity = "list(12, child_complexity)")]
    async fn takes_part_in(&self) -> Vec<Measure<'c>> {
        Measure::all(self.0).filter(|measure| measure.1.with.contains(&self.1.id)).collect()
    }

    /// Where its part in the matter is known from.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn sources(&self) -> Vec<Source<'c>> {
        sources(self.0, &self.1.sources)
    }
}

/// An exclusion.
pub struct Exclusion<'c>(pub Scope<'c>, pub &'c catalogue::Exclusion);

/// Measures that exclude one another, beyond those of one category.
#[Object]
impl<'c> Exclusion<'c> {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        Entity::Exclusion.id(&self.1.id)
    }

    /// Its key.
    async fn key(&self) -> &'c str {
        &self.1.id
    }

    /// In words.
    async fn text(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.1.text.get(lang.into())
    }

    /// How it is decided.
    async fn mode(&self) -> ExclusionMode {
        self.1.mode.into()
    }

    /// What excludes one another. With `PRIORITY` the first stands over each other one.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn members(&self) -> Vec<ExclusionMember<'c>> {
        self.1.members.iter().map(|member| ExclusionMember(self.0, member)).collect()
    }

    /// Whether it binds for one person or in one household.
    async fn scope(&self) -> Unit {
        self.1.scope.into()
    }

    /// When it is in force.
    async fn validity(&self) -> Validity {
        self.1.validity.into()
    }

    /// Where it is known from.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn sources(&self) -> Vec<Source<'c>> {
        sources(self.0, &self.1.sources)
    }
}

/// A member of an exclusion.
pub struct ExclusionMember<'c>(Scope<'c>, &'c str);

/// A member of an exclusion: a measure, or single standards of one.
#[Object]
impl<'c> ExclusionMember<'c> {
    /// The measure.
    async fn measure(&self) -> Option<Measure<'c>> {
        Measure::all(self.0).find(|measure| {
            measure.1.id == self.1 || measure.1.standards.iter().any(|standard| standard.id == self.1)
        })
    }

    /// The versions of the one standard that is meant; empty if the whole measure is.
    #[graphql(complexity = "list(2, child_complexity)")]
    async fn standards(&self) -> Vec<Standard<'c>> {
        let all = Measure::all(self.0).flat_map(|measure| Standard::all(self.0, measure.1));
        all.filter(|standard| standard.standard.id == self.1).collect()
    }
}

/// A cascade.
pub struct Cascade<'c>(pub Scope<'c>, pub &'c catalogue::Cascade);

/// Reimbursements that pay one after the other on what is left, all under one identity.
#[Object]
impl<'c> Cascade<'c> {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        Entity::Cascade.id(&self.1.id)
    }

    /// Its key.
    async fn key(&self) -> &'c str {
        &self.1.id
    }

    /// Its name.
    async fn name(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.1.name.get(lang.into())
    }

    /// The measures, in the order in which they pay.
    #[graphql(complexity = "list(2, child_complexity)")]
    async fn links(&self) -> Vec<Measure<'c>> {
        let links = self.1.links.iter();
        links.filter_map(|id| self.0.catalogue.measure(id)).map(|measure| Measure(self.0, measure)).collect()
    }

    /// The fact that holds the cost.
    async fn basis(&self) -> Fact {
        Fact(self.1.basis)
    }

    /// Where it is known from.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn sources(&self) -> Vec<Source<'c>> {
        sources(self.0, &self.1.sources)
    }
}

/// A need.
pub struct Need<'c>(pub Scope<'c>, pub &'c catalogue::Need);

/// A need, and the rule by which facts show it.
#[Object]
impl<'c> Need<'c> {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        Entity::Need.id(&self.1.id)
    }

    /// Its key, `illness`.
    async fn key(&self) -> &'c str {
        &self.1.id
    }

    /// Its name.
    async fn name(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.1.name.get(lang.into())
    }

    /// Whether persons or the household have it.
    async fn unit(&self) -> Unit {
        self.1.unit.into()
    }

    /// When it is there, as an expression over the vocabulary.
    async fn expression(&self) -> &'c str {
        self.1.when.source()
    }

    /// The measures that answer it.
    #[graphql(complexity = "list(12, child_complexity)")]
    async fn answered_by(&self) -> Vec<Measure<'c>> {
        Measure::all(self.0).filter(|measure| measure.1.answers_need.contains(&self.1.id)).collect()
    }

    /// Where it is known from.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn sources(&self) -> Vec<Source<'c>> {
        sources(self.0, &self.1.sources)
    }
}
