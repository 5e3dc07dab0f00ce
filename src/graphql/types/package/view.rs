//! A resolved package together with what its numbers refer to.

use std::sync::Arc;

use async_graphql::Object;

use super::entitlement::Entitlement;
use crate::app::packages::Resolved;
use crate::domain::condition::Leaf;
use crate::domain::package::{self, Missing};
use crate::graphql::context::Scope;
use crate::graphql::input::Lang;
use crate::graphql::types::enums::Unit;
use crate::graphql::types::fact::Fact;
use crate::graphql::types::measure::Measure;
use crate::graphql::types::place::{Extension, Parameter};
use crate::graphql::types::standard::Standard;

/// A resolved package together with what its numbers refer to.
#[derive(Clone)]
pub struct View<'c> {
    /// The catalogue, place and date.
    pub scope: Scope<'c>,
    /// The package, its household and its rules.
    pub resolved: Arc<Resolved>,
}

impl<'c> View<'c> {
    /// The standard at a place of the rulebook, as the catalogue has it.
    pub fn standard(&self, place: usize) -> Option<Standard<'c>> {
        let (measure, standard) = self.resolved.rulebook.standard(place)?;
        let measure = self.scope.catalogue.measures.iter().find(|known| known.id == measure.id)?;
        let same = |known: &Standard<'c>| {
            known.standard.id == standard.id && known.standard.validity == standard.validity
        };
        Standard::all(self.scope, measure).find(same)
    }

    /// The measure at a place of the catalogue.
    pub fn measure(&self, place: usize) -> Option<Measure<'c>> {
        Measure::at(self.scope, place)
    }

    /// The extension at a place of the rulebook.
    pub fn extension(&self, place: usize) -> Option<Extension<'c>> {
        let mut all = self.scope.catalogue.extensions(self.scope.place, self.scope.on);
        all.nth(place).map(|extension| Extension(self.scope, extension))
    }

    /// Entitlements of the package.
    pub fn entitlements(&self, list: &[package::Entitlement]) -> Vec<Entitlement<'c>> {
        list.iter().map(|one| Entitlement(self.clone(), one.clone())).collect()
    }

    /// Things that are not known.
    pub fn questions(&self, missing: &[Missing]) -> Vec<Question<'c>> {
        missing.iter().map(|one| Question(self.clone(), one.clone())).collect()
    }

    /// The question for a fact that an amount depends on.
    pub fn basis(&self, basis: package::Basis) -> Question<'c> {
        Question(self.clone(), Missing { who: basis.who, leaf: Leaf::Fact(basis.fact) })
    }

    /// A beneficiary.
    pub fn who(&self, who: package::Beneficiary) -> Beneficiary {
        Beneficiary(Arc::clone(&self.resolved), who)
    }
}

/// Whom something is for.
pub struct Beneficiary(Arc<Resolved>, package::Beneficiary);

impl Beneficiary {
    fn member(&self) -> Option<&crate::domain::facts::Person> {
        match self.1 {
            package::Beneficiary::Household => None,
            package::Beneficiary::Person(place) => self.0.household.members.get(place),
        }
    }
}

/// Whom something is for: the household, or one of its members.
#[Object]
impl Beneficiary {
    /// Whether it is the household or a person.
    async fn unit(&self) -> Unit {
        match self.1 {
            package::Beneficiary::Household => Unit::Household,
            package::Beneficiary::Person(_) => Unit::Person,
        }
    }

    /// The key of the household or the member, as given.
    async fn key(&self) -> &str {
        self.member().map_or(&self.0.household.key, |member| &member.key)
    }

    /// The member's name, if it was given.
    async fn name(&self) -> Option<&str> {
        self.member()?.name.as_deref()
    }
}

/// Something that is not known.
pub struct Question<'c>(View<'c>, Missing);

/// Something that is not known, or that an answer rests on: a fact, or a parameter of the place.
#[Object]
impl<'c> Question<'c> {
    /// Whose fact; parameters of the place belong to the household.
    async fn subject(&self) -> Beneficiary {
        self.0.who(self.1.who)
    }

    /// The fact; null for a parameter.
    async fn fact(&self) -> Option<Fact> {
        match &self.1.leaf {
            Leaf::Fact(fact) => Some(Fact(*fact)),
            Leaf::Param(_) => None,
        }
    }

    /// The parameter; null for a fact.
    async fn parameter(&self) -> Option<Parameter<'c>> {
        match &self.1.leaf {
            Leaf::Fact(_) => None,
            Leaf::Param(name) => Parameter::find(self.0.scope, name),
        }
    }

    /// The question that is put to a clerk; for a derived fact or a parameter, its label.
    async fn text(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> String {
        let lang = crate::domain::text::Lang::from(lang);
        match &self.1.leaf {
            Leaf::Fact(fact) => {
                let def = fact.def();
                let asked = lang.pick(def.ask_zh, def.ask_en);
                if asked.is_empty() { lang.pick(def.zh, def.en).to_owned() } else { asked.to_owned() }
            }
            Leaf::Param(name) => {
                let known = Parameter::find(self.0.scope, name);
                known.map_or_else(|| name.to_string(), |parameter| parameter.1.text.get(lang).to_owned())
            }
        }
    }
}
