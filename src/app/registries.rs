//! The two registries together: who is matched, how the lists overlap, what they contradict one another in, and
//! the stored households that are merged from them.

mod lists;
mod merge;

pub use merge::{MergeError, MergeOrder, MergeOutcome, NotMerged, Places, PlacesError, merge};

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::catalogue::Catalogue;
use crate::domain::region::Region;
use crate::domain::registries::Registry;
use crate::domain::registries::joining::{Family, families};
use crate::domain::registries::listing::{Ended, Listing, Lists, RegistryHousehold};
use crate::domain::registries::matching::{MatchRule, Pair, propose};
use crate::domain::registries::merging::{self, Finding, Keys};
use crate::domain::registries::report::{OverlapReport, overlap};
use crate::store::{ListedPerson, MergeState, Store, StoreError, StoredImport};
pub use crate::store::{MatchDecided, MatchDecision, StoredMerge, StoredProposal};

/// Everything that the registries state, and what was decided and merged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registers {
    /// The lists.
    pub lists: Lists,
    /// The proposals, the oldest first.
    pub proposals: Vec<StoredProposal>,
    /// What was merged.
    pub merges: MergeState,
    /// The last import of each registry, if there was one: its number and the day of its list.
    pub imports: [Option<(i64, NaiveDate)>; 2],
}

/// What is in the store, before it is put together.
struct Loaded {
    rows: Vec<ListedPerson>,
    imports: Vec<StoredImport>,
    proposals: Vec<StoredProposal>,
    merges: MergeState,
}

/// The most imports that are looked at.
const MOST_IMPORTS: u32 = 1_000_000;

/// A proposal with what both lists say of the two.
#[derive(Clone, Copy, Debug)]
pub struct ProposalView<'r> {
    /// The proposal.
    pub proposal: &'r StoredProposal,
    /// Of the low-income list; `None` if it no longer lists the person.
    pub social_assistance: Option<&'r Listing>,
    /// Of the monitoring list; `None` if it no longer lists the person.
    pub monitoring: Option<&'r Listing>,
}

/// The contradictions of a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyFindings {
    /// The family's households.
    pub households: Vec<RegistryHousehold>,
    /// The key of the stored household, if it is stored.
    pub key: Option<String>,
    /// One at least.
    pub findings: Vec<Finding>,
}

/// How the lists overlap, and what was made of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The last import of each registry that counts: its number and the day of its list.
    pub imports: [Option<(i64, NaiveDate)>; 2],
    /// The overlap.
    pub overlap: OverlapReport,
    /// What is stored of it.
    pub stored: Stored,
    /// How many contradictions there are.
    pub contradictions: u64,
    /// How many families are not merged because of one.
    pub blocked: u64,
    /// How many proposals wait for a decision.
    pub pending: u64,
    /// The last merge.
    pub last_merge: Option<StoredMerge>,
}

/// How much of the lists is stored, each household known once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Stored {
    /// Families that are stored as one household.
    pub households: u64,
    /// Their people.
    pub persons: u64,
    /// Families that are not stored, or not yet as one household.
    pub waiting: u64,
}

impl Registers {
    /// Reads everything; with `at`, as the lists were after that import.
    ///
    /// # Errors
    /// The database.
    pub fn load(store: &Store, at: Option<i64>) -> Result<Self, StoreError> {
        let (rows, imports) = (store.all_listed(at), store.imports(MOST_IMPORTS));
        let (proposals, merges) = (store.match_proposals(), store.merge_state());
        let loaded = Loaded {
            rows: rows.wait()?,
            imports: imports.wait()?,
            proposals: proposals.wait()?,
            merges: merges.wait()?,
        };
        Ok(Self::of(loaded, at))
    }

    fn of(loaded: Loaded, at: Option<i64>) -> Self {
        let Loaded { rows, imports, proposals, merges } = loaded;
        let counts = |import: &&StoredImport| at.is_none_or(|at| import.seq <= at);
        let last = Registry::ALL.map(|registry| {
            let of = imports.iter().filter(counts).filter(|import| import.import.registry == registry);
            of.max_by_key(|import| import.seq).map(|import| (import.seq, import.import.as_of))
        });
        Self { lists: lists::lists(rows, &imports, at), proposals, merges, imports: last }
    }

    /// Who is one person because somebody decided so.
    pub fn accepted(&self) -> Vec<Pair> {
        let accepted =
            |proposal: &&StoredProposal| proposal.decision.as_ref().is_some_and(|decision| decision.accepted);
        self.proposals.iter().filter(accepted).map(|proposal| proposal.pair.clone()).collect()
    }

    /// The families of both lists.
    pub fn families(&self) -> Vec<Family<'_>> {
        families(&self.lists.listings, &self.accepted())
    }

    /// The proposals with what both lists say of them, in their order.
    pub fn proposal_views(&self) -> Vec<ProposalView<'_>> {
        let mut listed = BTreeMap::<(Registry, &str), &Listing>::new();
        for listing in &self.lists.listings {
            listed.entry((listing.registry(), &listing.person)).or_insert(listing);
        }
        let view = |proposal: &'_ StoredProposal| {
            let Pair { social_assistance, monitoring } = &proposal.pair;
            (
                listed.get(&(Registry::SocialAssistance, social_assistance.as_str())).copied(),
                listed.get(&(Registry::Monitoring, monitoring.as_str())).copied(),
            )
        };
        let views = self.proposals.iter().map(|proposal| {
            let (social_assistance, monitoring) = view(proposal);
            ProposalView { proposal, social_assistance, monitoring }
        });
        views.collect()
    }

    /// The families with contradictions.
    pub fn contradictions(&self, catalogue: &Catalogue) -> Vec<FamilyFindings> {
        let (families, past) = (self.families(), Past::of(&self.lists));
        let found = families.iter().map(|family| {
            let key = family.households.first().and_then(|household| self.merges.households.get(*household));
            let keys = Keys { household: key.cloned().unwrap_or_default(), ..Keys::default() };
            let merged = merging::merge(family, &past.of_family(family), &keys, catalogue);
            let households = family.households.iter().map(|household| (*household).clone()).collect();
            FamilyFindings { households, key: key.cloned(), findings: merged.findings }
        });
        found.filter(|family| !family.findings.is_empty()).collect()
    }

    /// How the lists overlap in a region, or everywhere.
    pub fn report(&self, within: Option<&Region>, catalogue: &Catalogue) -> Report {
        let inside = |region: &Region| within.is_none_or(|within| within.contains(region));
        let families = self.families();
        let mut stored = Stored::default();
        for family in &families {
            let town = family
                .people
                .iter()
                .flatten()
                .find(|listing| family.households.first() == Some(&&listing.household));
            if !town.is_some_and(|listing| inside(&listing.region)) {
                continue;
            }
            let keys: BTreeSet<Option<&String>> =
                family.households.iter().map(|household| self.merges.households.get(*household)).collect();
            let key = keys.first().copied().flatten().filter(|_| keys.len() == 1);
            match key.and_then(|key| self.merges.persons.get(key)) {
                Some(people) => {
                    let known =
                        family.people.iter().flatten().filter_map(|listing| people.get(&listing.person));
                    let known: BTreeSet<&String> = known.collect();
                    stored.households += 1;
                    stored.persons += count(known.len());
                }
                None => stored.waiting += 1,
            }
        }
        let contradictions = self.contradictions(catalogue);
        let seen: Vec<&FamilyFindings> =
            contradictions.iter().filter(|family| family.regions().all(inside)).collect();
        let blocks = |family: &&&FamilyFindings| family.blocked();
        let pending = self.proposal_views().into_iter().filter(ProposalView::is_pending);
        Report {
            imports: self.imports,
            overlap: overlap(&families, within),
            stored,
            contradictions: count(seen.iter().map(|family| family.findings.len()).sum()),
            blocked: count(seen.iter().filter(blocks).count()),
            pending: count(pending.filter(|view| view.regions().all(inside)).count()),
            last_merge: self.merges.last.clone(),
        }
    }
}

/// What ended, by household and by person.
struct Past<'r> {
    households: BTreeMap<&'r RegistryHousehold, Vec<&'r Ended>>,
    persons: BTreeMap<&'r str, Vec<&'r Ended>>,
}

impl<'r> Past<'r> {
    fn of(lists: &'r Lists) -> Self {
        let mut past = Self { households: BTreeMap::new(), persons: BTreeMap::new() };
        for ended in &lists.ended {
            past.households.entry(&ended.household).or_default().push(ended);
            past.persons.entry(&ended.person).or_default().push(ended);
        }
        past
    }

    /// What ended in the households of a family, or for its people: each once.
    fn of_family(&self, family: &Family<'_>) -> Vec<&'r Ended> {
        let households = family.households.iter().filter_map(|household| self.households.get(*household));
        let people = family.people.iter().flatten();
        let persons = people.filter_map(|listing| self.persons.get(listing.person.as_str()));
        let mut all: Vec<&Ended> = households.chain(persons).flatten().copied().collect();
        let place = |ended: &&Ended| {
            let Ended { household, person, held } = ended;
            (household.clone(), person.clone(), held.stated.identity, held.stated.held.from)
        };
        all.sort_by_key(place);
        all.dedup();
        all
    }
}

impl FamilyFindings {
    /// Whether the family is not merged.
    pub fn blocked(&self) -> bool {
        self.findings.iter().any(|finding| finding.what.blocks())
    }

    /// The towns and villages that the findings speak of.
    pub fn regions(&self) -> impl Iterator<Item = &Region> {
        self.findings.iter().flat_map(|finding| &finding.said).map(|said| &said.region)
    }
}

impl<'r> ProposalView<'r> {
    /// Whether it waits for a decision: nobody decided, and both are still listed.
    pub fn is_pending(&self) -> bool {
        self.proposal.decision.is_none() && self.social_assistance.is_some() && self.monitoring.is_some()
    }

    /// The towns or villages of the two.
    pub fn regions(self) -> impl Iterator<Item = &'r Region> {
        self.social_assistance.into_iter().chain(self.monitoring).map(|listing| &listing.region)
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// Proposes whom the rules call one person; answers how many proposals are new.
///
/// # Errors
/// The database.
pub fn propose_matches(store: &Store, rules: &[MatchRule], at: DateTime<Utc>) -> Result<u64, StoreError> {
    let registers = Registers::load(store, None)?;
    store.propose_matches(propose(&registers.lists.listings, rules), at).wait()
}
