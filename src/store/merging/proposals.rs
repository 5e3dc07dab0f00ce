//! Proposals and decisions: added, never changed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::max;
use diesel::prelude::*;

use super::{MatchDecided, MatchDecision, StoredProposal};
use crate::domain::region::Region;
use crate::domain::registries::Registry;
use crate::domain::registries::matching::{Pair, Proposal};
use crate::store::backend::{Connection, on};
use crate::store::error::StoreError;
use crate::store::schema::{match_decisions, match_proposals, registry_rows};
use crate::store::types::{instant, town};

/// Columns of a proposal; SQLite takes 32,766 values in a statement.
const MOST_ROWS: usize = 32_766 / 5;

type ProposalColumns = (i64, String, String, String, NaiveDateTime);
type DecisionColumns = (i64, i64, bool, String, NaiveDateTime, String);

/// Keeps the proposals that are new; answers how many.
pub(in crate::store) fn propose(
    connection: &mut Connection,
    proposals: &[Proposal],
    at: DateTime<Utc>,
) -> Result<u64, StoreError> {
    use match_proposals::dsl;
    let at = instant(at)?;
    connection.writing(|connection| {
        let known: BTreeSet<(String, String)> = on!(connection, connection => match_proposals::table
            .select((dsl::social_assistance, dsl::monitoring))
            .load::<(String, String)>(connection))?
        .into_iter()
        .collect();
        let last = on!(connection, connection => match_proposals::table
            .select(max(dsl::seq))
            .first::<Option<i64>>(connection))?;
        let new = proposals.iter().filter(|proposal| {
            let pair = &proposal.pair;
            !known.contains(&(pair.social_assistance.clone(), pair.monitoring.clone()))
        });
        let rows: Vec<_> = (last.unwrap_or(0) + 1..)
            .zip(new)
            .map(|(seq, proposal)| {
                (
                    dsl::seq.eq(seq),
                    dsl::social_assistance.eq(proposal.pair.social_assistance.as_str()),
                    dsl::monitoring.eq(proposal.pair.monitoring.as_str()),
                    dsl::rule.eq(proposal.rule.as_str()),
                    dsl::proposed_at.eq(at),
                )
            })
            .collect();
        for part in rows.chunks(MOST_ROWS) {
            on!(connection, connection => diesel::insert_into(match_proposals::table)
                .values(part)
                .execute(connection))?;
        }
        Ok(u64::try_from(rows.len()).unwrap_or(u64::MAX))
    })
}

/// All proposals in the order of their numbers.
pub(in crate::store) fn list(connection: &mut Connection) -> Result<Vec<StoredProposal>, StoreError> {
    connection.reading(load)
}

fn load(connection: &mut Connection) -> Result<Vec<StoredProposal>, StoreError> {
    let proposals = on!(connection, connection => match_proposals::table
        .order(match_proposals::seq.asc())
        .load::<ProposalColumns>(connection))?;
    let decisions = on!(connection, connection => match_decisions::table
        .order((match_decisions::proposal.asc(), match_decisions::number.asc()))
        .load::<DecisionColumns>(connection))?;
    // Of several, the last one stays.
    let mut last: BTreeMap<i64, MatchDecision> = decisions
        .into_iter()
        .map(|(proposal, _, accepted, by, at, reason)| {
            (proposal, MatchDecision { accepted, by, at: at.and_utc(), reason })
        })
        .collect();
    let stored = proposals.into_iter().map(|(seq, social_assistance, monitoring, rule, at)| StoredProposal {
        seq,
        pair: Pair { social_assistance, monitoring },
        rule,
        proposed_at: at.and_utc(),
        decision: last.remove(&seq),
    });
    Ok(stored.collect())
}

/// Records a decision, unless it makes one person of two of the same list.
pub(in crate::store) fn decide(
    connection: &mut Connection,
    seq: i64,
    decision: &MatchDecision,
    within: Option<&Region>,
) -> Result<MatchDecided, StoreError> {
    use match_decisions::dsl;
    let at = instant(decision.at)?;
    connection.writing(|connection| {
        let all = load(connection)?;
        let Some(proposal) = all.iter().find(|proposal| proposal.seq == seq) else {
            return Ok(MatchDecided::NotFound);
        };
        if let Some(within) = within
            && !listed_within(connection, &proposal.pair, within)?
        {
            return Ok(MatchDecided::OutOfScope);
        }
        if proposal.decision.as_ref().is_some_and(|last| last.accepted == decision.accepted) {
            return Ok(MatchDecided::Repeated);
        }
        let clashes = |other: &&StoredProposal| {
            let pair = &other.pair;
            other.seq != seq
                && other.decision.as_ref().is_some_and(|last| last.accepted)
                && (pair.social_assistance == proposal.pair.social_assistance
                    || pair.monitoring == proposal.pair.monitoring)
        };
        if let Some(other) = all.iter().filter(|_| decision.accepted).find(clashes) {
            return Ok(MatchDecided::AlreadyMatched(other.seq));
        }
        let last = on!(connection, connection => match_decisions::table
            .filter(dsl::proposal.eq(seq))
            .select(max(dsl::number))
            .first::<Option<i64>>(connection))?;
        let row = (
            dsl::proposal.eq(seq),
            dsl::number.eq(last.unwrap_or(0) + 1),
            dsl::accepted.eq(decision.accepted),
            dsl::decided_by.eq(&decision.by),
            dsl::decided_at.eq(at),
            dsl::reason.eq(&decision.reason),
        );
        on!(connection, connection => diesel::insert_into(match_decisions::table)
            .values(row)
            .execute(connection))?;
        Ok(MatchDecided::Recorded)
    })
}

/// Whether what is listed of the two now lies in a region, all of it. Of whom neither list speaks any more, nobody
/// knows the region.
fn listed_within(connection: &mut Connection, pair: &Pair, within: &Region) -> Result<bool, StoreError> {
    use registry_rows::dsl;
    let people =
        [(Registry::SocialAssistance, &pair.social_assistance), (Registry::Monitoring, &pair.monitoring)];
    let mut regions = Vec::new();
    for (registry, person) in people {
        regions.extend(on!(connection, connection => registry_rows::table
            .filter(dsl::registry.eq(registry.code()))
            .filter(dsl::person.eq(person))
            .filter(dsl::closed_seq.is_null())
            .select(dsl::region)
            .load::<String>(connection))?);
    }
    for region in &regions {
        if !town(Some(region))?.is_some_and(|region| within.contains(&region)) {
            return Ok(false);
        }
    }
    Ok(!regions.is_empty())
}
