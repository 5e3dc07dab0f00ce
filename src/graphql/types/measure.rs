//! Measures.

use async_graphql::{ID, Object};

use super::enums::{Confidence, Form, Goal, MeasureSet, MeasureStanding, Unit};
use super::provenance::{FieldSources, Note, Source, sources};
use super::registers::{Department, Need};
use super::standard::Standard;
use crate::domain::measure::{self, Standing};
use crate::graphql::context::Scope;
use crate::graphql::ids::Entity;
use crate::graphql::input::Lang;
use crate::graphql::scalars::Date;
use crate::graphql::weight::list;

/// A measure.
#[derive(Clone, Copy)]
pub struct Measure<'c>(pub Scope<'c>, pub &'c measure::Measure);

impl<'c> Measure<'c> {
    /// Every measure, in matrix order.
    pub fn all(scope: Scope<'c>) -> impl Iterator<Item = Self> + 'c {
        scope.catalogue.measures.iter().map(move |measure| Self(scope, measure))
    }

    /// The measure at a place in the catalogue.
    pub fn at(scope: Scope<'c>, place: usize) -> Option<Self> {
        scope.catalogue.measures.get(place).map(|measure| Self(scope, measure))
    }

    /// Whether the paper names it.
    pub fn standing(&self) -> MeasureStanding {
        match self.1.standing {
            Standing::Named => MeasureStanding::Named,
            Standing::Reconstructed(_) => MeasureStanding::Reconstructed,
        }
    }
}

/// A measure 帮扶措施: one entry of the catalogue, owned by one department. Amounts inside it are
/// those of the place and date that the query asked for.
#[Object]
impl<'c> Measure<'c> {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        Entity::Measure.id(&self.1.id)
    }

    /// The short id, `D1`.
    async fn key(&self) -> &'c str {
        &self.1.id
    }

    /// The code, `MEDICAL_ASSISTANCE`.
    async fn code(&self) -> &'c str {
        &self.1.code
    }

    /// Its name.
    async fn name(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.1.name.get(lang.into())
    }

    /// Which of the four sets it belongs to.
    async fn set(&self) -> MeasureSet {
        self.1.set.into()
    }

    /// The goal that it serves.
    async fn goal(&self) -> Goal {
        self.1.goal.into()
    }

    /// Measures of one category and unit exclude one another unless said otherwise.
    async fn category(&self) -> &'c str {
        &self.1.category
    }

    /// Whom one entitlement is for.
    async fn unit(&self) -> Unit {
        self.1.unit.into()
    }

    /// The form of help.
    async fn form(&self) -> Form {
        self.1.form.into()
    }

    /// The owning department.
    async fn department(&self) -> Option<Department<'c>> {
        let mut all = self.0.catalogue.departments.iter();
        all.find(|one| one.id == self.1.department).map(|one| Department(self.0, one))
    }

    /// Departments that take part.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn with(&self) -> Vec<Department<'c>> {
        let all = self.0.catalogue.departments.iter();
        all.filter(|one| self.1.with.contains(&one.id)).map(|one| Department(self.0, one)).collect()
    }

    /// Needs that it answers.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn answers_needs(&self) -> Vec<Need<'c>> {
        let all = self.0.catalogue.needs.iter();
        all.filter(|need| self.1.answers_need.contains(&need.id)).map(|need| Need(self.0, need)).collect()
    }

    /// Whether the paper names it.
    #[graphql(name = "standing")]
    async fn standing_field(&self) -> MeasureStanding {
        self.standing()
    }

    /// How sure the reconstruction is; null for a measure that the paper names.
    async fn confidence(&self) -> Option<Confidence> {
        match self.1.standing {
            Standing::Named => None,
            Standing::Reconstructed(confidence) => Some(confidence.into()),
        }
    }

    /// The laws and documents that it rests on.
    #[graphql(complexity = "list(5, child_complexity)")]
    async fn legal_basis(&self) -> Vec<Source<'c>> {
        sources(self.0, &self.1.basis)
    }

    /// The sources of the fields above, by the field's name in the policy file.
    #[graphql(complexity = "list(10, child_complexity)")]
    async fn sources(&self) -> Vec<FieldSources<'c>> {
        self.1.sources.iter().map(|field| FieldSources(self.0, field)).collect()
    }

    /// What limits its extension to other identity types, shown wherever it is extended.
    async fn extension_limit(&self) -> Option<Note<'c>> {
        self.1.extension_limit.as_ref().map(|note| Note(self.0, note))
    }

    /// What a reader should know.
    #[graphql(complexity = "list(6, child_complexity)")]
    async fn notes(&self) -> Vec<Note<'c>> {
        self.1.notes.iter().map(|note| Note(self.0, note)).collect()
    }

    /// What it gives under which identity types: every version, or those in force on a date.
    #[graphql(complexity = "list(8, child_complexity)")]
    async fn standards(
        &self,
        #[graphql(desc = "Only versions in force on this date; every version if left out.")] in_force: Option<
            Date,
        >,
    ) -> Vec<Standard<'c>> {
        let wanted =
            |standard: &Standard<'c>| in_force.is_none_or(|day| standard.standard.validity.contains(day.0));
        Standard::all(self.0, self.1).filter(wanted).collect()
    }
}
