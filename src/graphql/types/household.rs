//! Stored households.

use std::sync::Arc;

use async_graphql::connection::PageInfo;
use async_graphql::{Enum, ID, Object, SimpleObject};
use chrono::NaiveDate;
use tokio::sync::OnceCell;

use super::fact::{Fact, Problem};
use super::place::Place;
use super::provenance::Validity;
use super::registers::Identity;
use crate::app::access::Pass;
use crate::app::records::{ListPage, Listed, SaveOutcome as Saves, Saved, StoredHousehold};
use crate::documents::household::fact_value;
use crate::domain::facts::{FactSet, IdentityRecord as Record, Person};
use crate::domain::region::Region;
use crate::domain::vocabulary::FACTS;
use crate::graphql::context::{Api, Scope};
use crate::graphql::error::Refusal;
use crate::graphql::ids::{self, Entity};
use crate::graphql::scalars::Date;
use crate::graphql::weight::list;

/// A stored household: what a list shows of it, and the rest once that is asked for.
pub struct Household<'c> {
    api: &'c Api,
    pass: Pass,
    scope: Scope<'c>,
    on: NaiveDate,
    listed: Listed,
    opened: OnceCell<Arc<StoredHousehold>>,
}

impl<'c> Household<'c> {
    /// The household of a key as it was on a day; `None` if there is none, or none that may be seen.
    ///
    /// # Errors
    /// The service failed.
    pub async fn find(api: &'c Api, pass: Pass, key: &str, on: NaiveDate) -> Result<Option<Self>, Refusal> {
        let scope = Scope { on, ..api.here()? };
        let Some(stored) = open(api, &pass, key, on).await? else { return Ok(None) };
        let household = &stored.household;
        let listed = Listed {
            key: household.key.clone(),
            place: household.place.clone(),
            town: household.town.clone(),
        };
        Ok(Some(Self { api, pass, scope, on, listed, opened: OnceCell::new_with(Some(Arc::new(stored))) }))
    }

    /// Opening a household of a list is recorded as a look-up of its own.
    async fn opened(&self) -> Result<&Arc<StoredHousehold>, Refusal> {
        let open = async || {
            let found = open(self.api, &self.pass, &self.listed.key, self.on).await?;
            found.map(Arc::new).ok_or_else(|| Refusal::internal("a listed household is gone"))
        };
        self.opened.get_or_try_init(open).await
    }
}

async fn open(api: &Api, pass: &Pass, key: &str, on: NaiveDate) -> Result<Option<StoredHousehold>, Refusal> {
    api.records().household(pass, key, on).await.map_err(|error| Refusal::internal(&error.to_string()))
}

/// A stored household as it was on a day, as far as it is known now.
#[Object]
impl<'c> Household<'c> {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        Entity::Household.id(&self.listed.key)
    }

    /// Its key.
    async fn key(&self) -> &str {
        &self.listed.key
    }

    /// The day.
    async fn on(&self) -> Date {
        Date(self.on)
    }

    /// The place whose rules apply; null if none is known, or none that the catalogue has.
    async fn place(&self) -> Option<Place<'c>> {
        let place = self.scope.catalogue.place(self.listed.place.as_deref()?)?;
        Some(Place(self.scope, place))
    }

    /// The code of the town or village.
    async fn town(&self) -> Option<&str> {
        self.listed.town.as_ref().map(Region::as_str)
    }

    /// The number of the last save that counts: whoever saves names it to learn of changes in between.
    async fn last_save(&self) -> Result<i64, Refusal> {
        Ok(self.opened().await?.seq)
    }

    /// The identities that the household holds or held.
    #[graphql(complexity = "list(2, child_complexity)")]
    async fn identities(&self) -> Result<Vec<IdentityRecord<'c>>, Refusal> {
        Ok(records(self.scope, &self.opened().await?.household.identities))
    }

    /// What is known of the household; a fact that is not here is unknown.
    #[graphql(complexity = "list(20, child_complexity)")]
    async fn facts(&self) -> Result<Vec<KnownFact>, Refusal> {
        Ok(known(&self.opened().await?.household.facts))
    }

    /// The members, in the order given.
    #[graphql(complexity = "list(4, child_complexity)")]
    async fn members(&self) -> Result<Vec<Member<'c>>, Refusal> {
        let opened = self.opened().await?;
        let members = 0..opened.household.members.len();
        Ok(members.map(|at| Member(self.scope, Arc::clone(opened), at)).collect())
    }
}

/// A member of a stored household, by their place in it.
pub struct Member<'c>(Scope<'c>, Arc<StoredHousehold>, usize);

impl Member<'_> {
    fn person(&self) -> Result<&Person, Refusal> {
        let person = self.1.household.members.get(self.2);
        person.ok_or_else(|| Refusal::internal("a member is gone"))
    }
}

/// A member of a stored household.
#[Object]
impl<'c> Member<'c> {
    /// Their key within the household.
    async fn key(&self) -> Result<&str, Refusal> {
        Ok(&self.person()?.key)
    }

    /// Their name, if it is known.
    async fn name(&self) -> Result<Option<&str>, Refusal> {
        Ok(self.person()?.name.as_deref())
    }

    /// The identities that they hold or held themselves.
    #[graphql(complexity = "list(2, child_complexity)")]
    async fn identities(&self) -> Result<Vec<IdentityRecord<'c>>, Refusal> {
        Ok(records(self.0, &self.person()?.identities))
    }

    /// What is known of them; a fact that is not here is unknown.
    #[graphql(complexity = "list(20, child_complexity)")]
    async fn facts(&self) -> Result<Vec<KnownFact>, Refusal> {
        Ok(known(&self.person()?.facts))
    }
}

/// An identity that a household or a person holds or held.
#[derive(SimpleObject)]
pub struct IdentityRecord<'c> {
    /// The identity type.
    #[graphql(name = "type")]
    ty: Identity<'c>,
    /// From when until when.
    held: Validity,
    /// The registry that says so.
    source: Option<String>,
    /// The file or decision that grants it.
    evidence: Option<String>,
}

fn records<'c>(scope: Scope<'c>, records: &[Record]) -> Vec<IdentityRecord<'c>> {
    let record = |record: &Record| {
        Some(IdentityRecord {
            ty: Identity::find(scope, record.identity)?,
            held: record.held.into(),
            source: record.source.clone(),
            evidence: record.evidence.clone(),
        })
    };
    records.iter().filter_map(record).collect()
}

/// A fact whose value is known.
#[derive(SimpleObject)]
pub struct KnownFact {
    /// The fact.
    fact: Fact,
    /// The value as a household file writes it: `true`, `3`, `1200.00`, `2024-06-01` or a code; several codes have
    /// commas between.
    value: String,
}

fn known(facts: &FactSet) -> Vec<KnownFact> {
    let fact = |fact| Some(KnownFact { fact: Fact(fact), value: text(&fact_value(facts, fact)?) });
    FACTS.iter().filter_map(|def| fact(def.fact)).collect()
}

fn text(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// What a save did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Saves")]
pub enum SaveOutcome {
    /// The household is new.
    Created,
    /// Something is different on some day.
    Changed,
    /// All of it was known.
    Unchanged,
}

/// The outcome of `saveHousehold`.
#[derive(SimpleObject)]
pub struct SaveHouseholdPayload<'c> {
    /// The household as it is known now on the first day of the statement; null if there are problems.
    household: Option<Household<'c>>,
    /// What the save did; null if there are problems.
    outcome: Option<SaveOutcome>,
    /// The number of the household's last save: this one, unless it changed nothing. Null if there are problems.
    last_save: Option<i64>,
    /// Why nothing was saved; empty if it was.
    #[graphql(complexity = "list(20, child_complexity)")]
    problems: Vec<Problem>,
}

impl<'c> SaveHouseholdPayload<'c> {
    /// It is saved.
    pub fn saved(household: Option<Household<'c>>, saved: Saved) -> Self {
        let (outcome, last_save) = (Some(saved.outcome.into()), Some(saved.seq));
        Self { household, outcome, last_save, problems: Vec::new() }
    }

    /// Nothing is saved.
    pub fn refused(problems: impl IntoIterator<Item = Problem>) -> Self {
        let problems = problems.into_iter().collect();
        Self { household: None, outcome: None, last_save: None, problems }
    }
}

/// A page of stored households.
pub struct HouseholdConnection<'c> {
    total: i64,
    before: i64,
    more: bool,
    households: Vec<Household<'c>>,
}

impl<'c> HouseholdConnection<'c> {
    /// A page as it was found.
    ///
    /// # Errors
    /// The service failed.
    pub fn new(api: &'c Api, pass: &Pass, on: NaiveDate, page: ListPage) -> Result<Self, Refusal> {
        let scope = Scope { on, ..api.here()? };
        let household =
            |listed| Household { api, pass: pass.clone(), scope, on, listed, opened: OnceCell::new() };
        let ListPage { items, more, before, total } = page;
        Ok(Self { total, before, more, households: items.into_iter().map(household).collect() })
    }
}

/// A page of stored households, in the order of their keys.
#[Object]
impl<'c> HouseholdConnection<'c> {
    /// How many households fit and may be seen, on all pages.
    async fn total_count(&self) -> i64 {
        self.total
    }

    /// The entries of the page.
    async fn edges(&self) -> Vec<HouseholdEdge<'_, 'c>> {
        let all = self.households.iter();
        all.map(|node| HouseholdEdge { cursor: ids::cursor(&node.listed.key), node }).collect()
    }

    /// Where the page stands, and how to go on.
    async fn page_info(&self) -> PageInfo {
        let cursor = |household: &Household<'c>| ids::cursor(&household.listed.key);
        PageInfo {
            has_previous_page: self.before > 0,
            has_next_page: self.more,
            start_cursor: self.households.first().map(cursor),
            end_cursor: self.households.last().map(cursor),
        }
    }
}

/// An entry of a page of stored households.
#[derive(SimpleObject)]
pub struct HouseholdEdge<'p, 'c> {
    /// The cursor after which the next page begins.
    cursor: String,
    /// The household.
    node: &'p Household<'c>,
}
