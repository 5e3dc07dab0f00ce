//! The database: households as they were stated, for which days, and since when it is known.
//!
//! [`Store`] is all of it that is seen from outside; no SQL and no driver type leaves this module. Calls
//! are done by threads that own a connection each; an answer is waited for or awaited ([`Pending`]).
//!
//! There are two databases, and each query is written once for both. On both one transaction writes at a time, over
//! all processes, so one thread writes and the others read beside it.

mod audit;
mod backend;
mod catalogues;
mod chain;
mod error;
mod households;
mod ledger;
mod merging;
mod migrate;
mod pending;
mod proposals;
mod registries;
mod rows;
mod schema;
mod timeline;
mod types;
mod url;
mod workers;

pub use audit::{AuditHead, AuditList, AuditPage, AuditQuery, AuditRow};
pub use catalogues::{CatalogueVersion, Kept, NewCatalogue, PolicyTexts, Which};
pub use chain::{
    ChainEvent, EventKind, EventPage, EventQuery, FactsLink, FactsSave, NewEvent, Observe, Observed,
    Standing, Watch,
};
pub use error::{DriverError, StoreError, Unavailable};
pub use households::{
    AsKnown, ListPage, ListQuery, Listed, Outcome, Recording, Saved, StoredHousehold, Towns,
};
pub use ledger::{
    Batch, Broken, Circumstances, Decide, DeliveryPage, DeliveryQuery, Entry, ListedDelivery, PaidTotal,
    Progress, Recorded, Reversal, Reversed, Roll, Sight, Stretch, Verified, WalkQuery, Whole,
};
pub use merging::{MatchDecided, MatchDecision, MergeState, NewMerge, StoredMerge, StoredProposal};
pub use pending::Pending;
pub use proposals::{
    Decided, NewDecision, NewProposal, Proposal, ProposalPage, ProposalQuery, ProposalState, ProposalStep,
};
pub use registries::{
    Closing, ImportCounts, Imported, Intake, ListedId, ListedPerson, NewImport, Resealed, Resealing,
    SealedNumber, Statement, StoredImport,
};
pub use url::{DatabaseUrl, UrlError};

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use chrono::{DateTime, NaiveDate, Utc};

use crate::documents::audit::Entry as AuditEntry;
use crate::domain::facts::Household;
use crate::domain::period::Validity;
use crate::domain::region::Region;
use crate::domain::registries::Registry;
use crate::domain::registries::matching::Proposal as Match;
use backend::{Access, Connection};
use url::Target;
use workers::Workers;

/// An open database.
pub struct Store {
    writers: Workers,
    /// Threads for reading; a database in memory has but one connection for everything.
    readers: Option<Workers>,
    /// A thread for long readings, so that nobody waits behind them.
    batches: Option<Workers>,
}

impl Store {
    /// Opens a database; an empty one is made where there is none. Its tables are made by
    /// [`Store::migrate`].
    ///
    /// # Errors
    /// If the database cannot be used, with what is wrong.
    pub fn open(url: &DatabaseUrl) -> Result<Self, StoreError> {
        backend::prepare(&url.0)?;
        let connect = |access| {
            let target = url.0.clone();
            move || Connection::open(&target, access)
        };
        let writers = Workers::start(1, connect(Access::Write))?;
        writers.run(|_| Ok(())).wait()?;
        let (readers, batches) = match &url.0 {
            Target::SqliteMemory => (None, None),
            Target::SqliteFile(_) | Target::Postgres(_) => {
                let start = |count| Workers::start(count, connect(Access::Read)).map(Some);
                (start(readers())?, start(1)?)
            }
        };
        Ok(Self { writers, readers, batches })
    }

    /// Runs the migrations that are pending, all of them or none; answers their versions.
    pub fn migrate(&self) -> Pending<Vec<String>> {
        self.writers.run(migrate::run)
    }

    /// Whether the database answers and no migration is pending.
    pub fn is_up_to_date(&self) -> Pending<bool> {
        self.reading().run(migrate::is_up_to_date)
    }

    /// Takes back the last migration, and with it the data of the tables that it made; answers its
    /// version, or nothing if there is none.
    pub fn revert_last_migration(&self) -> Pending<Option<String>> {
        self.writers.run(migrate::revert_last)
    }

    /// Records what is stated about a household for some days. What was known before stays known as
    /// such; a statement that says nothing new changes nothing.
    pub fn save_household(&self, household: Household, recording: Recording) -> Pending<Saved> {
        self.writers.run(move |connection| households::save(connection, &household, &recording, None))
    }

    /// Like [`Store::save_household`], with somebody who looks at the save inside its transaction: the event
    /// that it causes joins the household's chain with it.
    pub fn save_household_watched(
        &self,
        household: Household,
        recording: Recording,
        watch: Watch,
    ) -> Pending<Saved> {
        self.writers.run(move |connection| households::save(connection, &household, &recording, Some(&watch)))
    }

    /// Like [`Store::save_household_watched`] for several households in one transaction.
    pub fn save_households_watched(
        &self,
        households: Vec<Household>,
        recording: Recording,
        watch: Watch,
    ) -> Pending<Vec<Saved>> {
        self.writers.run(move |connection| households::save_all(connection, &households, &recording, &watch))
    }

    /// A household as it was on a day; `None` if nothing was stated about it for that day.
    pub fn household(&self, key: &str, on: NaiveDate, known: AsKnown) -> Pending<Option<StoredHousehold>> {
        let key = key.to_owned();
        self.reading().run(move |connection| households::fetch(connection, &key, on, known))
    }

    /// Where a household lives on some days, as it is known now.
    pub fn household_towns(&self, key: &str, days: Validity) -> Pending<Towns> {
        let key = key.to_owned();
        self.reading().run(move |connection| households::towns(connection, &key, days))
    }

    /// The households of a day, as they are known now.
    pub fn list_households(&self, query: ListQuery) -> Pending<ListPage> {
        self.reading().run(move |connection| households::list(connection, &query))
    }

    /// The next households of a day, whole, as they are known now; for long readings, beside which others go on.
    pub fn households_of_a_day(&self, query: ListQuery) -> Pending<Vec<Household>> {
        self.batch().run(move |connection| households::of_a_day(connection, &query))
    }

    /// Adds entries to the audit log, each chained to the one before, all or none; answers how far the log goes
    /// now.
    pub fn append_audit(&self, entries: Vec<AuditEntry>) -> Pending<AuditHead> {
        self.writers.run(move |connection| audit::append(connection, entries))
    }

    /// The entries of the audit log after a number, at most so many, and the head of the same moment.
    pub fn audit(&self, after: i64, first: u32) -> Pending<AuditPage> {
        self.reading().run(move |connection| audit::page(connection, after, first))
    }

    /// A page of the audit log, the newest entry first.
    pub fn list_audit(&self, query: AuditQuery) -> Pending<AuditList> {
        self.reading().run(move |connection| audit::list(connection, &query))
    }

    /// Records deliveries. `decide` runs inside the transaction, so that what it is shown is still true when
    /// its posting is written.
    pub fn record_deliveries(
        &self,
        roll: Roll,
        circumstances: Circumstances,
        decide: Decide,
        progress: Progress,
    ) -> Pending<Batch> {
        self.writers
            .run(move |connection| ledger::record(connection, &roll, &circumstances, &decide, &progress))
    }

    /// Takes a delivery back by a second entry.
    pub fn reverse_delivery(&self, reversal: Reversal, circumstances: Circumstances) -> Pending<Reversed> {
        self.writers.run(move |connection| ledger::reverse(connection, &reversal, &circumstances))
    }

    /// The entries of a household's ledger, in their order.
    pub fn ledger(&self, household: &str) -> Pending<Vec<Entry>> {
        let household = household.to_owned();
        self.reading().run(move |connection| ledger::entries(connection, &household))
    }

    /// The keys of at most `first` households that have a chain, after a key, in their order.
    pub fn ledger_households(&self, after: Option<String>, first: u32) -> Pending<Vec<String>> {
        self.reading().run(move |connection| ledger::households(connection, after, first))
    }

    /// The deliveries of a household that stand and cover a day of `[from, until)`.
    pub fn deliveries(&self, household: &str, from: NaiveDate, until: NaiveDate) -> Pending<Vec<Entry>> {
        let household = household.to_owned();
        self.reading().run(move |connection| ledger::deliveries(connection, &household, from, until))
    }

    /// A page of deliveries, and what all that fit paid.
    pub fn list_deliveries(&self, query: DeliveryQuery) -> Pending<DeliveryPage> {
        self.reading().run(move |connection| ledger::list(connection, &query))
    }

    /// Goes through households with what was delivered to them, stretch by stretch, all of one state of the
    /// database, until there are no more or `visit` has enough; answers what `visit` made of `state`.
    pub fn walk_ledger<S: Send + 'static>(
        &self,
        query: WalkQuery,
        state: S,
        visit: impl FnMut(&mut S, Stretch) -> ControlFlow<()> + Send + 'static,
    ) -> Pending<S> {
        self.batch().run(move |connection| ledger::walk(connection, &query, state, visit))
    }

    /// Follows the chains of one household's ledger, or of all; of a region only those that live in it on some day.
    pub fn verify_ledger(&self, household: Option<String>, within: Option<Region>) -> Pending<Verified> {
        self.batch().run(move |connection| ledger::verify(connection, household.as_deref(), within.as_ref()))
    }

    fn batch(&self) -> &Workers {
        self.batches.as_ref().unwrap_or(&self.writers)
    }

    /// Takes in the list of a registry in one transaction, pulling its rows from the intake, which it gives back.
    pub fn import<I: Intake>(&self, import: NewImport, intake: I) -> Pending<(Imported, I)> {
        self.writers.run(move |connection| registries::import(connection, &import, intake))
    }

    /// The imports that were kept, the last one first, at most so many.
    pub fn imports(&self, first: u32) -> Pending<Vec<StoredImport>> {
        self.reading().run(move |connection| registries::imports(connection, first))
    }

    /// What a registry lists now, in the order of its household numbers, after a household's. Whole households
    /// only: about so many rows, and none after the last.
    pub fn listed(&self, registry: Registry, after: Option<&str>, about: u32) -> Pending<Vec<ListedPerson>> {
        let after = after.map(str::to_owned);
        self.reading().run(move |connection| registries::page(connection, registry, after.as_deref(), about))
    }

    /// What the registries list now of a member of a stored household, by both keys; nothing of whom they did not
    /// state or no longer do.
    pub fn listed_of_member(&self, household: &str, member: &str) -> Pending<Vec<ListedPerson>> {
        let (household, member) = (household.to_owned(), member.to_owned());
        self.reading().run(move |connection| registries::of_member(connection, &household, &member))
    }

    /// How many numbers each key seals, by the number of the key.
    pub fn seals(&self) -> Pending<Vec<(i64, i64)>> {
        self.reading().run(registries::seals)
    }

    /// Seals a part of the stored numbers anew, in one transaction. If `with` cannot seal one, nothing of the part
    /// is written, and the answer is `None`.
    pub fn reseal(
        &self,
        part: Resealing,
        with: impl Fn(&ListedPerson) -> Option<SealedNumber> + Send + 'static,
    ) -> Pending<Option<Resealed>> {
        self.writers.run(move |connection| registries::reseal(connection, part, &with))
    }

    /// Adds an event to the chain of a household.
    pub fn append_event(
        &self,
        household: &str,
        event: NewEvent,
        circumstances: Circumstances,
    ) -> Pending<ChainEvent> {
        let household = household.to_owned();
        self.writers.run(move |connection| {
            connection.writing(|connection| chain::append(connection, &household, &event, &circumstances))
        })
    }

    /// One event of a household's chain.
    pub fn event(&self, household: &str, seq: i64) -> Pending<Option<ChainEvent>> {
        let household = household.to_owned();
        self.reading().run(move |connection| chain::one(connection, &household, seq))
    }

    /// The events of all households that fit, by position.
    pub fn events(&self, query: EventQuery) -> Pending<EventPage> {
        self.reading().run(move |connection| chain::page(connection, &query))
    }

    /// The events of a kind after a position, at most so many.
    pub fn events_after(&self, kind: EventKind, after: i64, first: u32) -> Pending<Vec<ChainEvent>> {
        self.reading().run(move |connection| chain::events_after(connection, kind, (after, first)))
    }

    /// The position of the last event of all.
    pub fn last_event(&self) -> Pending<i64> {
        self.reading().run(chain::last_position)
    }

    /// The events of a household's chain, and the saves of its facts, each in their order.
    pub fn chain(&self, household: &str) -> Pending<(Vec<ChainEvent>, Vec<FactsSave>)> {
        let household = household.to_owned();
        self.reading().run(move |connection| {
            connection.reading(|connection| {
                let rows = chain::of_household(connection, &household)?;
                let events = rows.into_iter().map(chain::event).collect::<Result<_, _>>()?;
                Ok((events, chain::saves(connection, &household)?))
            })
        })
    }

    /// Takes a catalogue into use, unless another one came in between.
    pub fn add_catalogue(&self, new: NewCatalogue) -> Pending<Kept> {
        self.writers.run(move |connection| catalogues::add(connection, &new))
    }

    /// The catalogue in use; `None` in a database that has none yet.
    pub fn latest_catalogue(&self) -> Pending<Option<CatalogueVersion>> {
        self.reading().run(catalogues::latest)
    }

    /// A catalogue with its files, by path; `None` if there is none.
    pub fn catalogue(&self, which: Which) -> Pending<Option<(CatalogueVersion, PolicyTexts)>> {
        self.reading().run(move |connection| catalogues::with_files(connection, which))
    }

    /// The catalogues that are or were in use, the last first, at most so many, before a number if one is given.
    pub fn catalogues(&self, before: Option<i64>, first: u32) -> Pending<Vec<CatalogueVersion>> {
        self.reading().run(move |connection| catalogues::list(connection, before, first))
    }

    /// The keys of the households to which something was delivered, taken back or not.
    pub fn households_with_deliveries(&self) -> Pending<BTreeSet<String>> {
        self.reading().run(ledger::with_entries)
    }

    /// Every row that a registry ever stated, or had until an import, in the order of registries, household numbers
    /// and rows.
    pub fn all_listed(&self, at: Option<i64>) -> Pending<Vec<ListedPerson>> {
        self.reading().run(move |connection| registries::all(connection, at))
    }

    /// Keeps the proposals of matches that are new; answers how many.
    pub fn propose_matches(&self, proposals: Vec<Match>, at: DateTime<Utc>) -> Pending<u64> {
        self.writers.run(move |connection| merging::propose(connection, &proposals, at))
    }

    /// All proposals of matches, in the order of their numbers, each with the decision that counts.
    pub fn match_proposals(&self) -> Pending<Vec<StoredProposal>> {
        self.reading().run(merging::list)
    }

    /// Records a person's decision about a proposal; of somebody who may see a region only, if both people are listed
    /// there and nowhere else.
    pub fn decide_match(
        &self,
        proposal: i64,
        decision: MatchDecision,
        within: Option<Region>,
    ) -> Pending<MatchDecided> {
        self.writers.run(move |connection| merging::decide(connection, proposal, &decision, within.as_ref()))
    }

    /// What was merged so far.
    pub fn merge_state(&self) -> Pending<MergeState> {
        self.reading().run(merging::state)
    }

    /// Records a merge after its households were saved; answers its number.
    pub fn record_merge(&self, merge: NewMerge) -> Pending<i64> {
        self.writers.run(move |connection| merging::record(connection, &merge))
    }

    /// Records a proposal; answers its number.
    pub fn add_proposal(&self, new: NewProposal) -> Pending<i64> {
        self.writers.run(move |connection| proposals::add(connection, &new))
    }

    /// Records a decision on a proposal, and with an approval its catalogue, in one transaction.
    pub fn decide_proposal(&self, new: NewDecision) -> Pending<Decided> {
        self.writers.run(move |connection| proposals::decide(connection, &new))
    }

    /// A proposal; `None` if there is none of this number.
    pub fn proposal(&self, id: i64) -> Pending<Option<Proposal>> {
        self.reading().run(move |connection| proposals::find(connection, id))
    }

    /// A page of proposals, the last first.
    pub fn proposals(&self, query: ProposalQuery) -> Pending<ProposalPage> {
        self.reading().run(move |connection| proposals::list(connection, &query))
    }

    /// How many calls wait for a thread; a figure for who runs the service.
    pub fn waiting(&self) -> usize {
        let readers = self.readers.as_ref().map_or(0, Workers::waiting);
        self.writers.waiting().saturating_add(readers)
    }

    fn reading(&self) -> &Workers {
        self.readers.as_ref().unwrap_or(&self.writers)
    }
}

fn readers() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get).clamp(2, 8)
}
