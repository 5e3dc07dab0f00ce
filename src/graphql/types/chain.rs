//! The chain of a household, its events, and its saved packages.

use async_graphql::{Context, Enum, Object};

use super::change::Change;
use super::page::numbered;
use crate::app::records::{ChainEvent, EventPage};
use crate::app::saved::{Replay, SavedId};
use crate::app::timeline::Happening;
use crate::documents::change as told;
use crate::graphql::context::Api;
use crate::graphql::error::Refusal;
use crate::graphql::input::Lang;
use crate::graphql::scalars::{Date, Decimal};

/// A change of a household's package.
#[derive(Clone)]
pub struct HouseholdEvent(pub ChainEvent);

/// A save of facts changed what a household is entitled to; it is a link of the household's chain.
#[Object]
impl HouseholdEvent {
    /// The household's key.
    async fn household(&self) -> &str {
        &self.0.household
    }

    /// The code of the town of the day.
    async fn town(&self) -> Option<String> {
        self.0.event.town.as_ref().map(ToString::to_string)
    }

    /// Its number in the household's chain.
    async fn number(&self) -> i64 {
        self.0.seq
    }

    /// The day whose package changed: the day of the save if the statement speaks about it, or else its first day.
    async fn on(&self) -> Date {
        Date(self.0.event.on)
    }

    /// The number of the save of facts that changed it.
    async fn save(&self) -> i64 {
        self.0.event.facts_seq
    }

    /// When it was recorded, RFC 3339.
    async fn recorded_at(&self) -> String {
        self.0.recorded_at.to_rfc3339()
    }

    /// Who saved.
    async fn actor(&self) -> &str {
        &self.0.actor
    }

    /// The hash of the catalogue by which it was told.
    async fn catalogue_hash(&self) -> &str {
        &self.0.catalogue
    }

    /// What changed.
    async fn change(&self) -> Result<Change, Refusal> {
        change(&self.0)
    }
}

fn change(event: &ChainEvent) -> Result<Change, Refusal> {
    let change = told::Change::read(&event.event.content);
    change.map(Change).map_err(|error| Refusal::internal(&error.to_string()))
}

numbered! {
    /// A page of changes of households, as they were recorded.
    HouseholdEventConnection, HouseholdEventEdge,
    /// An entry of a page of changes.
    HouseholdEvent
}

impl From<EventPage> for HouseholdEventConnection {
    fn from(page: EventPage) -> Self {
        let items = page.items.into_iter().map(|event| (event.position, HouseholdEvent(event)));
        Self { total: page.total, before: page.before > 0, more: page.more, items: items.collect() }
    }
}

/// A saved package.
#[derive(Clone)]
pub struct SavedPackage(pub ChainEvent);

/// A package that was saved, with everything that it was computed from. It never changes.
#[Object]
impl SavedPackage {
    /// What the command line knows it by: the household's key and the number in its chain, `h4:3`.
    async fn key(&self) -> String {
        SavedId { household: self.0.household.clone(), seq: self.0.seq }.to_string()
    }

    /// The household's key.
    async fn household(&self) -> &str {
        &self.0.household
    }

    /// Its number in the household's chain.
    async fn number(&self) -> i64 {
        self.0.seq
    }

    /// The day.
    async fn on(&self) -> Date {
        Date(self.0.event.on)
    }

    /// The key of the place whose rules apply.
    async fn place(&self) -> Option<&str> {
        self.0.event.place.as_deref()
    }

    /// The number of the last save of facts that counted.
    async fn last_save(&self) -> i64 {
        self.0.event.facts_seq
    }

    /// The hash of the catalogue.
    async fn catalogue_hash(&self) -> &str {
        &self.0.catalogue
    }

    /// The version of the engine.
    async fn engine_version(&self) -> &str {
        &self.0.engine
    }

    /// When it was saved, RFC 3339.
    async fn saved_at(&self) -> String {
        self.0.recorded_at.to_rfc3339()
    }

    /// Who saved it.
    async fn saved_by(&self) -> &str {
        &self.0.actor
    }

    /// The package in canonical form: RFC 8785 JSON.
    async fn canonical(&self) -> &str {
        &self.0.event.content
    }

    /// Computes it again, from the facts as they were known then, by the catalogue of its hash, and compares byte for
    /// byte.
    #[graphql(complexity = 100)]
    async fn replay(&self, ctx: &Context<'_>) -> Result<ReplayOutcome, Refusal> {
        let api = ctx.data::<Api>().map_err(|missing| Refusal::internal(&missing.message))?;
        let replay = api.records().replay(api.policies(), &self.0).await;
        Ok(match replay.map_err(|error| Refusal::internal(&error.to_string()))? {
            Replay::Same => ReplayOutcome::Same,
            Replay::Differs => ReplayOutcome::Differs,
            Replay::NoCatalogue => ReplayOutcome::NoCatalogue,
            Replay::NoFacts => ReplayOutcome::NoFacts,
            Replay::Failed(error) => {
                tracing::error!(error, "a saved package cannot be computed again");
                ReplayOutcome::Failed
            }
        })
    }
}

/// What came of computing a saved package again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ReplayOutcome {
    /// The same, byte for byte.
    Same,
    /// Other bytes; the version of the engine may be another one.
    Differs,
    /// The catalogue of its hash is neither in use nor kept.
    NoCatalogue,
    /// The facts of then are not there.
    NoFacts,
    /// It cannot be computed any more.
    Failed,
}

numbered! {
    /// A page of the saved packages of a household, as they were saved.
    SavedPackageConnection, SavedPackageEdge,
    /// An entry of a page of saved packages.
    SavedPackage
}

impl From<EventPage> for SavedPackageConnection {
    fn from(page: EventPage) -> Self {
        let items = page.items.into_iter().map(|event| (event.position, SavedPackage(event)));
        Self { total: page.total, before: page.before > 0, more: page.more, items: items.collect() }
    }
}

/// Something that happened to a household.
#[derive(Clone)]
pub struct ChainEntry(pub Happening);

/// The kinds of what happens to a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ChainEntryKind {
    /// Its facts were stated.
    Facts,
    /// Something was delivered.
    Delivery,
    /// A delivery was taken back.
    Reversal,
    /// What it is entitled to changed.
    Change,
    /// Its package was saved.
    Package,
}

impl ChainEntry {
    fn of_kind(&self) -> ChainEntryKind {
        use crate::app::records::EventKind;
        match &self.0 {
            Happening::Save(_) => ChainEntryKind::Facts,
            Happening::Entry(entry) if entry.reverses.is_some() => ChainEntryKind::Reversal,
            Happening::Entry(_) => ChainEntryKind::Delivery,
            Happening::Event(event) => match event.event.kind {
                EventKind::Change => ChainEntryKind::Change,
                EventKind::Package => ChainEntryKind::Package,
            },
        }
    }
}

/// Something that happened to a household, as a link of its chain of hashes. Statements of facts from before they were
/// links have neither number nor hash.
#[Object]
impl ChainEntry {
    /// What happened.
    async fn kind(&self) -> ChainEntryKind {
        self.of_kind()
    }

    /// What happened, in words.
    async fn title(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'static str {
        let (zh, en) = match self.of_kind() {
            ChainEntryKind::Facts => ("信息录入", "facts were stated"),
            ChainEntryKind::Delivery => ("发放", "a delivery"),
            ChainEntryKind::Reversal => ("冲销", "a delivery was taken back"),
            ChainEntryKind::Change => ("待遇变化", "the package changed"),
            ChainEntryKind::Package => ("保存帮扶包", "the package was saved"),
        };
        crate::domain::text::Lang::from(lang).pick(zh, en)
    }

    /// Its number in the chain; null for a statement of facts from before the chain.
    async fn number(&self) -> Option<i64> {
        match &self.0 {
            Happening::Save(save) => save.link.as_ref().map(|link| link.seq),
            Happening::Entry(entry) => Some(entry.seq),
            Happening::Event(event) => Some(event.seq),
        }
    }

    /// The number of the statement of facts: this one, or the last that counted.
    async fn save(&self) -> i64 {
        match &self.0 {
            Happening::Save(save) => save.seq,
            Happening::Entry(entry) => entry.facts_seq,
            Happening::Event(event) => event.event.facts_seq,
        }
    }

    /// When it was recorded, RFC 3339.
    async fn recorded_at(&self) -> String {
        let at = match &self.0 {
            Happening::Save(save) => save.recorded_at,
            Happening::Entry(entry) => entry.recorded_at,
            Happening::Event(event) => event.recorded_at,
        };
        at.to_rfc3339()
    }

    /// The day that it is about: the first that a statement speaks about, that of a delivery or a package.
    async fn on(&self) -> Date {
        Date(match &self.0 {
            Happening::Save(save) => save.valid.from,
            Happening::Entry(entry) => entry.day,
            Happening::Event(event) => event.event.on,
        })
    }

    /// Who did it; null for a statement of facts from before the chain, see the audit log.
    async fn actor(&self) -> Option<&str> {
        match &self.0 {
            Happening::Save(save) => save.link.as_ref().map(|link| link.actor.as_str()),
            Happening::Entry(entry) => Some(&entry.actor),
            Happening::Event(event) => Some(&event.actor),
        }
    }

    /// The key of the measure or cascade that was delivered or taken back.
    async fn offer(&self) -> Option<&str> {
        match &self.0 {
            Happening::Entry(entry) => Some(&entry.offer),
            _ => None,
        }
    }

    /// The key of the member for whom something was delivered; null is the household.
    async fn beneficiary(&self) -> Option<&str> {
        match &self.0 {
            Happening::Entry(entry) => entry.beneficiary.as_deref(),
            _ => None,
        }
    }

    /// What a delivery covers.
    async fn period(&self) -> Option<String> {
        match &self.0 {
            Happening::Entry(entry) => Some(entry.covers.to_string()),
            _ => None,
        }
    }

    /// What a delivery paid, in yuan; null if nothing is counted in money.
    async fn paid(&self) -> Option<Decimal> {
        match &self.0 {
            Happening::Entry(entry) => entry.paid().map(Into::into),
            _ => None,
        }
    }

    /// The number of the delivery that was taken back.
    async fn reverses(&self) -> Option<i64> {
        match &self.0 {
            Happening::Entry(entry) => entry.reverses.as_ref().map(|(taken, _)| *taken),
            _ => None,
        }
    }

    /// What changed; null for everything but a change.
    async fn change(&self) -> Result<Option<Change>, Refusal> {
        match &self.0 {
            Happening::Event(event) if self.of_kind() == ChainEntryKind::Change => change(event).map(Some),
            _ => Ok(None),
        }
    }

    /// The saved package; null for everything else.
    async fn saved_package(&self) -> Option<SavedPackage> {
        match &self.0 {
            Happening::Event(event) if self.of_kind() == ChainEntryKind::Package => {
                Some(SavedPackage(event.clone()))
            }
            _ => None,
        }
    }

    /// SHA-256 over what a statement of facts wrote, and those before it that have no link of their own; null for
    /// everything else.
    async fn digest(&self) -> Option<&str> {
        match &self.0 {
            Happening::Save(save) => save.link.as_ref().map(|link| link.digest.as_str()),
            _ => None,
        }
    }

    /// The hash of it and all before it; null for a statement of facts from before the chain.
    async fn hash(&self) -> Option<String> {
        match &self.0 {
            Happening::Save(save) => save.link.as_ref().map(|link| link.hash.to_string()),
            Happening::Entry(entry) => Some(entry.hash.to_string()),
            Happening::Event(event) => Some(event.hash.to_string()),
        }
    }
}

numbered! {
    /// A page of everything that happened to a household, in order.
    ChainConnection, ChainEdge,
    /// An entry of a page of a household's chain.
    ChainEntry
}

impl ChainConnection {
    /// A page of a timeline, after so many.
    pub fn page(all: Vec<Happening>, (after, first): (i64, u32)) -> Self {
        let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let numbered = (1_i64..).zip(all).filter(|(number, _)| *number > after);
        let most = usize::try_from(first).unwrap_or(usize::MAX);
        let items: Vec<_> =
            numbered.take(most).map(|(number, happening)| (number, ChainEntry(happening))).collect();
        let last = items.last().map_or(after, |(number, _)| *number);
        Self { total, before: after > 0, more: last < total, items }
    }
}
