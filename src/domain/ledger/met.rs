//! Needs as the ledger sees them: a need is met where something that answers it was delivered.

use super::Delivered;
use crate::domain::facts::Household;
use crate::domain::package::{Beneficiary, NeedState, Package};
use crate::domain::rulebook::Rulebook;

/// How a need stands, from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NeedStanding {
    /// Something that answers it was delivered.
    Met,
    /// An entitlement answers it, and nothing was delivered yet.
    Covered,
    /// It is not known whether the need is there.
    Unknown,
    /// A measure in reach answers it, but is not open, or not yet.
    Open,
    /// No measure in reach answers it.
    Unmet,
}

/// A need of a household or some of its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedMet {
    /// The need, by its place in the catalogue.
    pub need: usize,
    /// The worst standing of those who have it.
    pub standing: NeedStanding,
    /// One row for each beneficiary that has it, or may have it.
    pub rows: Vec<NeedMetRow>,
}

/// A need of one beneficiary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedMetRow {
    /// Who has it.
    pub who: Beneficiary,
    /// How it stands.
    pub standing: NeedStanding,
    /// The entries that delivered something that answers it.
    pub entries: Vec<i64>,
}

/// Holds the needs of a package against deliveries that stand. What was delivered to the household helps every
/// member, and what was delivered to anybody helps with a need of the household.
pub fn needs_met(
    rulebook: &Rulebook,
    household: &Household,
    package: &Package,
    deliveries: &[Delivered],
) -> Vec<NeedMet> {
    let helps = |who: Beneficiary, delivered: &Delivered| match (who, &delivered.beneficiary) {
        (Beneficiary::Household, _) | (_, None) => true,
        (Beneficiary::Person(index), Some(key)) => {
            household.members.get(index).is_some_and(|member| member.key == *key)
        }
    };
    let answers = |need: usize, delivered: &Delivered| {
        let answering = rulebook.answering.get(need).map(Vec::as_slice).unwrap_or_default();
        let offer = rulebook.offer_named(&delivered.offer);
        offer.is_some_and(|offer| rulebook.measures_of(offer).any(|measure| answering.contains(&measure)))
    };
    let mut all = Vec::with_capacity(package.needs.len());
    for outcome in &package.needs {
        let rows = outcome.rows.iter().map(|row| {
            let own = deliveries.iter().filter(|one| helps(row.who, one) && answers(outcome.need, one));
            let entries: Vec<i64> = own.map(|one| one.entry).collect();
            let standing = match row.state {
                _ if !entries.is_empty() => NeedStanding::Met,
                NeedState::Covered => NeedStanding::Covered,
                NeedState::Unknown => NeedStanding::Unknown,
                NeedState::Open => NeedStanding::Open,
                NeedState::Unmet => NeedStanding::Unmet,
            };
            NeedMetRow { who: row.who, standing, entries }
        });
        let rows: Vec<NeedMetRow> = rows.collect();
        let Some(standing) = rows.iter().map(|row| row.standing).max() else { continue };
        all.push(NeedMet { need: outcome.need, standing, rows });
    }
    all
}
