//! Proposals to change a policy file, and what became of them.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{exists, max, not};
use diesel::prelude::*;

use super::backend::{Connection, on};
use super::catalogues::{self, NewCatalogue};
use super::error::StoreError;
use super::schema::{policy_texts, proposal_steps, proposals};
use super::types::instant;

/// What became of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProposalState {
    /// It waits for a decision.
    Proposed,
    /// Its department took it back.
    Withdrawn,
    /// It was refused.
    Rejected,
    /// It came into the catalogue.
    Approved,
}

impl ProposalState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Proposed, Self::Withdrawn, Self::Rejected, Self::Approved];

    /// Its code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Withdrawn => "withdrawn",
            Self::Rejected => "rejected",
            Self::Approved => "approved",
        }
    }
}

/// A step of a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposalStep {
    /// What it made of the proposal.
    pub state: ProposalState,
    /// Who.
    pub subject: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: Option<String>,
    /// The catalogue that an approval made.
    pub catalogue: Option<i64>,
}

/// A proposal: a new text of one policy file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Its number, from 1 on without a gap.
    pub id: i64,
    /// The file, by its path inside the folder of policies.
    pub path: String,
    /// The new text.
    pub text: String,
    /// The department that owns the measure; none for what the coordinating department looks after.
    pub department: Option<String>,
    /// The number of the catalogue that it was made against.
    pub base: i64,
    /// Whether it means to change past days too.
    pub correction: bool,
    /// What happened to it, at least the proposal itself.
    pub steps: Vec<ProposalStep>,
}

impl Proposal {
    /// What became of it.
    pub fn state(&self) -> ProposalState {
        self.steps.last().map_or(ProposalState::Proposed, |step| step.state)
    }

    /// Who proposed it.
    pub fn proposer(&self) -> &str {
        self.steps.first().map_or("", |step| &step.subject)
    }
}

/// A proposal that is to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProposal {
    /// As [`Proposal::path`].
    pub path: String,
    /// As [`Proposal::text`].
    pub text: String,
    /// As [`Proposal::department`].
    pub department: Option<String>,
    /// As [`Proposal::base`].
    pub base: i64,
    /// As [`Proposal::correction`].
    pub correction: bool,
    /// Who proposes it.
    pub subject: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

/// What is decided on a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDecision {
    /// Its number.
    pub proposal: i64,
    /// What becomes of it; not [`ProposalState::Proposed`].
    pub state: ProposalState,
    /// Who decides.
    pub subject: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: Option<String>,
    /// The catalogue that an approval makes.
    pub catalogue: Option<NewCatalogue>,
}

/// What came of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    /// It stands.
    Done,
    /// It was decided before.
    Already(ProposalState),
    /// Another catalogue came in between: this is the number of the last. Nothing was recorded.
    Behind(i64),
}

/// Which proposals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposalQuery {
    /// Only those of this department.
    pub department: Option<String>,
    /// Only those that wait for a decision.
    pub open: bool,
    /// Only numbers below this one.
    pub before: Option<i64>,
    /// How many at most.
    pub first: u32,
}

/// Some proposals, the last first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposalPage {
    /// The proposals.
    pub items: Vec<Proposal>,
    /// Whether more come after them.
    pub more: bool,
    /// How many there are on all pages.
    pub total: i64,
}

type Columns = (i64, String, String, Option<String>, i64, bool);
type StepColumns = (i64, i64, String, String, NaiveDateTime, Option<String>, Option<i64>);

/// Records a proposal; answers its number.
pub(super) fn add(connection: &mut Connection, new: &NewProposal) -> Result<i64, StoreError> {
    connection.writing(|connection| {
        let last = on!(connection, connection => proposals::table
            .select(max(proposals::id))
            .first::<Option<i64>>(connection))?;
        let id =
            last.unwrap_or(0).checked_add(1).ok_or(StoreError::Inconsistent("the number of proposals"))?;
        let hash = catalogues::keep_text(connection, &new.text)?;
        let row = (
            proposals::id.eq(id),
            proposals::path.eq(&new.path),
            proposals::text_hash.eq(hash),
            proposals::department.eq(&new.department),
            proposals::base.eq(new.base),
            proposals::correction.eq(new.correction),
        );
        on!(connection, connection => diesel::insert_into(proposals::table)
            .values(row)
            .execute(connection))?;
        let step = ProposalStep {
            state: ProposalState::Proposed,
            subject: new.subject.clone(),
            at: new.at,
            reason: Some(new.reason.clone()),
            catalogue: None,
        };
        add_step(connection, (id, 1), &step)?;
        Ok(id)
    })
}

/// Records a decision, and with an approval its catalogue; all of it or nothing.
pub(super) fn decide(connection: &mut Connection, new: &NewDecision) -> Result<Decided, StoreError> {
    connection.writing(|connection| {
        let past = steps(connection, &[new.proposal])?;
        let last = past.last().map(|(_, step)| step.state);
        match last.ok_or(StoreError::Inconsistent("a proposal that does not exist"))? {
            ProposalState::Proposed => {}
            state => return Ok(Decided::Already(state)),
        }
        let mut catalogue = None;
        if let Some(next) = &new.catalogue {
            let last = catalogues::last_seq(connection)?;
            if last != next.after {
                return Ok(Decided::Behind(last));
            }
            catalogue = Some(catalogues::write(connection, next)?);
        }
        let (subject, reason) = (new.subject.clone(), new.reason.clone());
        let step = ProposalStep { state: new.state, subject, at: new.at, reason, catalogue };
        add_step(connection, (new.proposal, 2), &step)?;
        Ok(Decided::Done)
    })
}

fn add_step(
    connection: &mut Connection,
    (proposal, number): (i64, i64),
    step: &ProposalStep,
) -> Result<(), StoreError> {
    let row = (
        proposal_steps::proposal.eq(proposal),
        proposal_steps::step.eq(number),
        proposal_steps::state.eq(step.state.code()),
        proposal_steps::subject.eq(&step.subject),
        proposal_steps::recorded_at.eq(instant(step.at)?),
        proposal_steps::reason.eq(&step.reason),
        proposal_steps::catalogue_seq.eq(step.catalogue),
    );
    on!(connection, connection => diesel::insert_into(proposal_steps::table)
        .values(row)
        .execute(connection))?;
    Ok(())
}

/// One proposal; `None` if there is none of this number.
pub(super) fn find(connection: &mut Connection, id: i64) -> Result<Option<Proposal>, StoreError> {
    connection.reading(|connection| {
        let rows = on!(connection, connection => proposals::table
            .inner_join(policy_texts::table.on(policy_texts::hash.eq(proposals::text_hash)))
            .filter(proposals::id.eq(id))
            .select((proposals::id, proposals::path, policy_texts::text, proposals::department, proposals::base,
                proposals::correction))
            .load::<Columns>(connection))?;
        Ok(whole(connection, rows)?.pop())
    })
}

/// A page of proposals, the last first.
pub(super) fn list(connection: &mut Connection, query: &ProposalQuery) -> Result<ProposalPage, StoreError> {
    macro_rules! matching {
        () => {{
            let mut rows = proposals::table
                .inner_join(policy_texts::table.on(policy_texts::hash.eq(proposals::text_hash)))
                .into_boxed();
            if let Some(department) = &query.department {
                rows = rows.filter(proposals::department.eq(department));
            }
            if query.open {
                let decided = proposal_steps::table
                    .filter(proposal_steps::proposal.eq(proposals::id))
                    .filter(proposal_steps::step.eq(2));
                rows = rows.filter(not(exists(decided)));
            }
            rows
        }};
    }
    connection.reading(|connection| {
        let total = on!(connection, connection => matching!().count().get_result::<i64>(connection))?;
        let most = i64::from(query.first).saturating_add(1);
        let mut rows = on!(connection, connection => matching!()
            .filter(proposals::id.lt(query.before.unwrap_or(i64::MAX)))
            .order(proposals::id.desc())
            .limit(most)
            .select((proposals::id, proposals::path, policy_texts::text, proposals::department, proposals::base,
                proposals::correction))
            .load::<Columns>(connection))?;
        let first = usize::try_from(query.first).unwrap_or(usize::MAX);
        let more = rows.len() > first;
        rows.truncate(first);
        Ok(ProposalPage { items: whole(connection, rows)?, more, total })
    })
}

fn whole(connection: &mut Connection, rows: Vec<Columns>) -> Result<Vec<Proposal>, StoreError> {
    let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
    let steps = steps(connection, &ids)?;
    let proposal = |(id, path, text, department, base, correction): Columns| {
        let own = steps.iter().filter(|(proposal, _)| *proposal == id).map(|(_, step)| step.clone());
        Proposal { id, path, text, department, base, correction, steps: own.collect() }
    };
    Ok(rows.into_iter().map(proposal).collect())
}

/// The steps of some proposals, each with the proposal's number, in order.
fn steps(connection: &mut Connection, ids: &[i64]) -> Result<Vec<(i64, ProposalStep)>, StoreError> {
    let rows = on!(connection, connection => proposal_steps::table
        .filter(proposal_steps::proposal.eq_any(ids))
        .order((proposal_steps::proposal.asc(), proposal_steps::step.asc()))
        .load::<StepColumns>(connection))?;
    let step = |(proposal, _, code, subject, at, reason, catalogue): StepColumns| {
        let state = ProposalState::ALL.into_iter().find(|state| state.code() == code);
        let state = state.ok_or(StoreError::Inconsistent("the state of a proposal"))?;
        Ok((proposal, ProposalStep { state, subject, at: at.and_utc(), reason, catalogue }))
    };
    rows.into_iter().map(step).collect()
}
