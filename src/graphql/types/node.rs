//! Everything that has an id.

use async_graphql::{ID, Interface};

use super::delivery::Delivery;
use super::household::Household;
use super::measure::Measure;
use super::place::Place;
use super::provenance::Document;
use super::registers::{Cascade, Department, Exclusion, Identity, Need};
use crate::graphql::context::{Admitted, Scope};
use crate::graphql::error::Refusal;
use crate::graphql::ids::Entity;

/// Anything that has an opaque id and can be fetched by it.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The opaque id."))]
pub enum Node<'c> {
    /// A measure.
    Measure(Measure<'c>),
    /// An identity type.
    Identity(Identity<'c>),
    /// A department.
    Department(Department<'c>),
    /// An exclusion.
    Exclusion(Exclusion<'c>),
    /// A cascade.
    Cascade(Cascade<'c>),
    /// A place.
    Place(Place<'c>),
    /// A need.
    Need(Need<'c>),
    /// A document.
    Document(Document<'c>),
    /// A stored household.
    Household(Box<Household<'c>>),
    /// An entry of a household's ledger.
    Delivery(Box<Delivery<'c>>),
}

impl<'c> Node<'c> {
    /// The one with this key, as seen from the baseline today.
    ///
    /// # Errors
    /// The service failed.
    pub async fn find(admitted: Admitted<'c>, entity: Entity, key: &str) -> Result<Option<Self>, Refusal> {
        let Admitted { api, pass } = admitted;
        if entity == Entity::Household {
            return Ok(Household::find(api, pass, key, api.day(None))
                .await?
                .map(Box::new)
                .map(Self::Household));
        }
        if entity == Entity::Delivery {
            return Ok(Delivery::find(api, &pass, key).await?.map(Box::new).map(Self::Delivery));
        }
        Ok(Self::defined(api.here()?, entity, key))
    }

    /// What the catalogue defines under this key.
    fn defined(scope: Scope<'c>, entity: Entity, key: &str) -> Option<Self> {
        let all = scope.catalogue;
        Some(match entity {
            Entity::Measure => {
                Self::Measure(Measure(scope, all.measures.iter().find(|measure| measure.id == key)?))
            }
            Entity::Identity => Self::Identity(Identity::find(scope, key.parse().ok()?)?),
            Entity::Department => {
                Self::Department(Department(scope, all.departments.iter().find(|one| one.id == key)?))
            }
            Entity::Exclusion => {
                Self::Exclusion(Exclusion(scope, all.exclusions.iter().find(|one| one.id == key)?))
            }
            Entity::Cascade => Self::Cascade(Cascade(scope, all.cascades.iter().find(|one| one.id == key)?)),
            Entity::Place => Self::Place(Place(scope, all.place(key)?)),
            Entity::Need => Self::Need(Need(scope, all.needs.iter().find(|one| one.id == key)?)),
            Entity::Document => Self::Document(Document(all.documents.iter().find(|one| one.id == key)?)),
            Entity::Household | Entity::Delivery => return None,
        })
    }
}
