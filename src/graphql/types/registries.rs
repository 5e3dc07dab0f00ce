//! The two registries together: overlap, proposals and contradictions.

use async_graphql::connection::PageInfo;
use async_graphql::{Object, SimpleObject};

use super::enums::Track;
use super::fact::{Fact, Problem};
use crate::app::records::ShownProposal;
use crate::app::registries::{FamilyFindings, Report};
use crate::documents::household::fact_value;
use crate::domain::facts::FactSet;
use crate::domain::id_number::IdNumber;
use crate::domain::registries::Registry;
use crate::domain::registries::listing::Listing;
use crate::domain::registries::merging::{Contradiction as What, Finding, Said, Told};
use crate::domain::registries::report::{Overlap, Parts, Share, Size};
use crate::graphql::ids;
use crate::graphql::scalars::Date;
use crate::graphql::weight::list;

/// How the two lists overlap.
#[derive(SimpleObject)]
pub struct RegistryReport {
    /// The last import of each registry; none of one that was never imported.
    imports: Vec<RegistryImport>,
    /// All towns together.
    all: ListOverlap,
    /// Each town.
    #[graphql(complexity = "list(100, child_complexity)")]
    towns: Vec<TownOverlap>,
    /// Families of both lists that are stored as one household each.
    stored_households: u64,
    /// Their people.
    stored_persons: u64,
    /// Families that are not stored, or not yet as one household.
    waiting_families: u64,
    /// How many contradictions there are; see `registryContradictions`.
    contradictions: u64,
    /// How many families are not merged because of one.
    blocked_families: u64,
    /// How many proposals wait for a decision; see `matchProposals`.
    pending_matches: u64,
}

/// An import of a registry.
#[derive(SimpleObject)]
pub struct RegistryImport {
    /// The registry, by its track.
    registry: Track,
    /// The number of the import.
    number: i64,
    /// The day of its list.
    as_of: Date,
}

/// How the lists overlap in a town.
#[derive(SimpleObject)]
pub struct TownOverlap {
    /// The code of the town.
    town: String,
    /// The overlap.
    overlap: ListOverlap,
}

/// How the lists overlap.
#[derive(SimpleObject)]
pub struct ListOverlap {
    /// The low-income list.
    low_income: ListSize,
    /// The monitoring list.
    monitored: ListSize,
    /// People; somebody in both counts in the town of the monitoring list.
    persons: ListParts,
    /// Families: households of the lists that share a person, as one. Each counts in one town.
    families: ListParts,
    /// Monitored people who stand in the low-income list, of all monitored people.
    monitored_persons_in_low_income: ListShare,
    /// Monitored households of which somebody stands in the low-income list, of all monitored households.
    monitored_households_in_low_income: ListShare,
    /// Monitored households of which everybody does, of all monitored households.
    monitored_households_wholly_in_low_income: ListShare,
    /// People in both lists, of the people in either.
    persons_in_both_of_all: ListShare,
    /// Families in both lists, of all families.
    families_in_both_of_all: ListShare,
}

/// Households and people of a list.
#[derive(SimpleObject)]
pub struct ListSize {
    /// Households.
    households: u64,
    /// People.
    persons: u64,
}

/// Who stands where.
#[derive(SimpleObject)]
pub struct ListParts {
    /// In the low-income list only.
    only_low_income: u64,
    /// In the monitoring list only.
    only_monitored: u64,
    /// In both.
    both: u64,
}

/// A part of a whole.
#[derive(SimpleObject)]
pub struct ListShare {
    /// The part.
    part: u64,
    /// The whole.
    whole: u64,
    /// In per cent with one decimal, half up: `63.2 %`; a dash of nothing.
    percent: String,
}

/// Two people who may be one.
#[derive(SimpleObject)]
pub struct MatchProposal {
    /// Its number.
    number: i64,
    /// The rule by which it was proposed.
    rule: String,
    /// When, in UTC.
    proposed_at: String,
    /// What the low-income list says; null if it no longer lists the person.
    social_assistance: Option<ListedPerson>,
    /// What the monitoring list says; null if it no longer lists the person.
    monitoring: Option<ListedPerson>,
    /// The decision that counts; null while it waits for one.
    decision: Option<MatchDecision>,
}

/// A person as a list has them. ID numbers are not shown here: beside the date of birth a masked one would be nearly whole.
#[derive(SimpleObject)]
pub struct ListedPerson {
    /// The household's number in the registry.
    household_no: String,
    /// The town or village.
    town: String,
    /// The name.
    name: String,
    /// The date of birth.
    birth_date: Option<Date>,
    /// Whether the list states an ID number.
    has_number: bool,
}

/// A decision about a proposal.
#[derive(SimpleObject)]
pub struct MatchDecision {
    /// Whether the two are one person.
    accepted: bool,
    /// Who decided.
    by: String,
    /// When, in UTC.
    at: String,
    /// Why.
    reason: String,
}

/// What came of a decision.
#[derive(SimpleObject)]
pub struct DecideMatchPayload {
    /// The proposal with its decision; null if there are problems.
    proposal: Option<MatchProposal>,
    /// Why nothing was decided: `already_matched`, `no_proposal` or `bad_reason`; empty if it was.
    #[graphql(complexity = "list(2, child_complexity)")]
    problems: Vec<Problem>,
}

/// The ID number of a member.
#[derive(SimpleObject)]
pub struct RevealIdNumberPayload {
    /// The whole number; null if there are problems.
    id_number: Option<String>,
    /// The number as it may be shown to others, `110105********002X`; not beside a date of birth, since the two together
    /// are the whole number. Null if there are problems.
    masked: Option<String>,
    /// Why none is shown: `no_id_number` (none is stated, or none that the caller may see) or `no_id_keys`; empty if
    /// one is.
    #[graphql(complexity = "list(1, child_complexity)")]
    problems: Vec<Problem>,
}

impl RevealIdNumberPayload {
    /// It is shown.
    pub fn shown(number: &IdNumber) -> Self {
        let (whole, masked) = (number.reveal().to_owned(), number.masked());
        Self { id_number: Some(whole), masked: Some(masked), problems: Vec::new() }
    }

    /// None is shown.
    pub fn refused(problem: Problem) -> Self {
        Self { id_number: None, masked: None, problems: vec![problem] }
    }
}

/// What the lists do not agree on.
#[derive(SimpleObject)]
pub struct Contradiction {
    /// A stable code: `name`, `town`, `fact`, `two_households`, `spread`, `not_for_all`, `identities` or `too_large`.
    code: &'static str,
    /// The fact, where it is about one.
    fact: Option<Fact>,
    /// The name of the person, where it is about one.
    name: Option<String>,
    /// The key of the stored household; null if none is stored.
    household: Option<String>,
    /// Whether the family is merged all the same; what is contradictory stays unknown then.
    merged: bool,
    /// Who says what.
    #[graphql(complexity = "list(4, child_complexity)")]
    said: Vec<Statement>,
}

/// What a household of a list says.
#[derive(SimpleObject)]
#[graphql(name = "RegistryStatement")]
pub struct Statement {
    /// The registry, by its track.
    registry: Track,
    /// The household's number in it.
    household_no: String,
    /// The town or village.
    town: String,
    /// What it says, as documents write it; null where it says no more than that somebody is listed.
    value: Option<String>,
}

/// An entry of a page with the key that its cursor holds.
struct Entry<T> {
    key: String,
    node: T,
}

/// A page of a list that is held in whole.
struct Page<T> {
    total: usize,
    before: usize,
    entries: Vec<Entry<T>>,
}

impl<T> Page<T> {
    fn of(all: Vec<Entry<T>>, size: usize, after: Option<&str>) -> Self {
        let total = all.len();
        let before = match after {
            None => 0,
            Some(key) => all.iter().position(|entry| entry.key == key).map_or(total, |place| place + 1),
        };
        Self { total, before, entries: all.into_iter().skip(before).take(size).collect() }
    }

    fn info(&self) -> PageInfo {
        let cursor = |entry: &Entry<T>| ids::cursor(&entry.key);
        PageInfo {
            has_previous_page: self.before > 0,
            has_next_page: self.before + self.entries.len() < self.total,
            start_cursor: self.entries.first().map(cursor),
            end_cursor: self.entries.last().map(cursor),
        }
    }
}

/// A page of proposals.
pub struct MatchProposalConnection(Page<MatchProposal>);

/// A page of proposals, in the order in which they were made.
#[Object]
impl MatchProposalConnection {
    /// How many fit and may be seen, on all pages.
    async fn total_count(&self) -> usize {
        self.0.total
    }

    /// The entries of the page.
    async fn edges(&self) -> Vec<MatchProposalEdge<'_>> {
        let entries = self.0.entries.iter();
        entries.map(|Entry { key, node }| MatchProposalEdge { cursor: ids::cursor(key), node }).collect()
    }

    /// Where the page stands, and how to go on.
    async fn page_info(&self) -> PageInfo {
        self.0.info()
    }
}

/// An entry of a page of proposals.
#[derive(SimpleObject)]
pub struct MatchProposalEdge<'p> {
    /// The cursor after which the next page begins.
    cursor: String,
    /// The proposal.
    node: &'p MatchProposal,
}

/// A page of contradictions.
pub struct ContradictionConnection(Page<Contradiction>);

/// A page of contradictions, in the order of families.
#[Object]
impl ContradictionConnection {
    /// How many fit and may be seen, on all pages.
    async fn total_count(&self) -> usize {
        self.0.total
    }

    /// The entries of the page.
    async fn edges(&self) -> Vec<ContradictionEdge<'_>> {
        let entries = self.0.entries.iter();
        entries.map(|Entry { key, node }| ContradictionEdge { cursor: ids::cursor(key), node }).collect()
    }

    /// Where the page stands, and how to go on.
    async fn page_info(&self) -> PageInfo {
        self.0.info()
    }
}

/// An entry of a page of contradictions.
#[derive(SimpleObject)]
pub struct ContradictionEdge<'p> {
    /// The cursor after which the next page begins.
    cursor: String,
    /// The contradiction.
    node: &'p Contradiction,
}

/// A page of proposals.
pub fn proposals(found: Vec<ShownProposal>, size: usize, after: Option<&str>) -> MatchProposalConnection {
    let entry = |shown: ShownProposal| Entry { key: shown.proposal.seq.to_string(), node: shown.into() };
    MatchProposalConnection(Page::of(found.into_iter().map(entry).collect(), size, after))
}

/// A page of contradictions.
pub fn contradictions(
    found: Vec<FamilyFindings>,
    size: usize,
    after: Option<&str>,
) -> ContradictionConnection {
    let mut all = Vec::new();
    for family in found {
        let merged = !family.blocked();
        let first = family.households.first();
        let first = first.map(|household| format!("{}:{}", household.registry.code(), household.no));
        for (number, finding) in family.findings.into_iter().enumerate() {
            let key = format!("{}:{number}", first.as_deref().unwrap_or_default());
            all.push(Entry { key, node: contradiction(finding, family.key.clone(), merged) });
        }
    }
    ContradictionConnection(Page::of(all, size, after))
}

fn contradiction(finding: Finding, household: Option<String>, merged: bool) -> Contradiction {
    let fact = match finding.what {
        What::Fact(fact) => Some(Fact(fact)),
        _ => None,
    };
    Contradiction {
        code: finding.what.code(),
        fact,
        name: finding.name,
        household,
        merged,
        said: finding.said.into_iter().map(Statement::from).collect(),
    }
}

impl From<Said> for Statement {
    fn from(said: Said) -> Self {
        let value = match said.value {
            Told::Listed => None,
            Told::Name(name) => Some(name),
            Told::Town => Some(said.region.to_string()),
            Told::Identity(identity) => Some(identity.code().to_owned()),
            Told::Fact(fact, value) => {
                let mut facts = FactSet::default();
                facts.set(fact, value);
                fact_value(&facts, fact).map(|value| match value {
                    serde_json::Value::String(text) => text,
                    other => other.to_string(),
                })
            }
        };
        Self {
            registry: said.household.registry.track().into(),
            household_no: said.household.no,
            town: said.region.to_string(),
            value,
        }
    }
}

impl From<ShownProposal> for MatchProposal {
    fn from(shown: ShownProposal) -> Self {
        let ShownProposal { proposal, social_assistance, monitoring } = shown;
        Self {
            number: proposal.seq,
            rule: proposal.rule,
            proposed_at: proposal.proposed_at.to_rfc3339(),
            social_assistance: social_assistance.map(ListedPerson::from),
            monitoring: monitoring.map(ListedPerson::from),
            decision: proposal.decision.map(|decision| MatchDecision {
                accepted: decision.accepted,
                by: decision.by,
                at: decision.at.to_rfc3339(),
                reason: decision.reason,
            }),
        }
    }
}

impl From<Listing> for ListedPerson {
    fn from(listing: Listing) -> Self {
        Self {
            household_no: listing.household.no,
            town: listing.region.to_string(),
            name: listing.name,
            birth_date: listing.birth_date.map(Date),
            has_number: listing.numbered,
        }
    }
}

impl DecideMatchPayload {
    /// It is decided.
    pub fn decided(shown: ShownProposal) -> Self {
        Self { proposal: Some(shown.into()), problems: Vec::new() }
    }

    /// Nothing is decided.
    pub fn refused(problem: Problem) -> Self {
        Self { proposal: None, problems: vec![problem] }
    }
}

impl From<Report> for RegistryReport {
    fn from(report: Report) -> Self {
        let imports = Registry::ALL.into_iter().zip(report.imports).filter_map(|(registry, import)| {
            let (number, as_of) = import?;
            Some(RegistryImport { registry: registry.track().into(), number, as_of: Date(as_of) })
        });
        let town = |(town, overlap): &(crate::domain::region::Region, Overlap)| TownOverlap {
            town: town.to_string(),
            overlap: overlap.into(),
        };
        Self {
            imports: imports.collect(),
            all: (&report.overlap.all).into(),
            towns: report.overlap.towns.iter().map(town).collect(),
            stored_households: report.stored.households,
            stored_persons: report.stored.persons,
            waiting_families: report.stored.waiting,
            contradictions: report.contradictions,
            blocked_families: report.blocked,
            pending_matches: report.pending,
        }
    }
}

impl From<&Overlap> for ListOverlap {
    fn from(overlap: &Overlap) -> Self {
        let whole =
            Share { part: overlap.monitored_households_with_all, whole: overlap.monitored.households };
        Self {
            low_income: overlap.low_income.into(),
            monitored: overlap.monitored.into(),
            persons: overlap.persons.into(),
            families: overlap.families.into(),
            monitored_persons_in_low_income: overlap.monitored_persons_in_low_income().into(),
            monitored_households_in_low_income: overlap.monitored_households_in_low_income().into(),
            monitored_households_wholly_in_low_income: whole.into(),
            persons_in_both_of_all: overlap.persons_in_both_of_all().into(),
            families_in_both_of_all: overlap.families_in_both_of_all().into(),
        }
    }
}

impl From<Size> for ListSize {
    fn from(size: Size) -> Self {
        Self { households: size.households, persons: size.persons }
    }
}

impl From<Parts> for ListParts {
    fn from(parts: Parts) -> Self {
        let Parts { only_low_income, only_monitored, both } = parts;
        Self { only_low_income, only_monitored, both }
    }
}

impl From<Share> for ListShare {
    fn from(share: Share) -> Self {
        Self { part: share.part, whole: share.whole, percent: share.percent() }
    }
}
