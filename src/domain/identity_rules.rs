//! Which identities may be held together: checked when a household comes in.

use super::catalogue::Catalogue;
use super::facts::{Fact, Household, IdentityRecord};
use super::identity::{Holder, Identity, Track};

/// Where an identity record stands: in the list of a member, or of the household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordPlace {
    /// The member; `None` is the household itself.
    pub member: Option<usize>,
    /// The place in the list.
    pub record: usize,
}

/// What is wrong with the identities of a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityProblem {
    /// The type cannot be held by this kind of holder.
    WrongHolder {
        /// The record.
        at: RecordPlace,
        /// The type.
        identity: Identity,
    },
    /// One holder has two records of one type at the same time.
    Twice {
        /// The later record.
        at: RecordPlace,
        /// The earlier record.
        with: RecordPlace,
        /// The type.
        identity: Identity,
    },
    /// Two types that may not be held together, at the same time.
    Together {
        /// The later record.
        at: RecordPlace,
        /// The earlier record.
        with: RecordPlace,
        /// The pair, by its place in the catalogue.
        pair: usize,
        /// Whether even different persons of one household may not hold the two.
        household: bool,
    },
    /// A type that requires `exPoor`, or forbids it, against what is stated `[S59]`.
    ExPoor {
        /// The record.
        at: RecordPlace,
        /// The type.
        identity: Identity,
    },
}

/// Checks the identities of a household, whenever they are held.
pub fn identity_problems(catalogue: &Catalogue, household: &Household) -> Vec<IdentityProblem> {
    let records: Vec<(RecordPlace, &IdentityRecord)> = records(household).collect();
    let mut problems = Vec::new();
    let ex_poor = household.facts.flag(Fact::ExPoor);
    for (number, (at, record)) in records.iter().copied().enumerate() {
        let identity = record.identity;
        let wrong = match identity.holder() {
            Holder::Person => at.member.is_none(),
            Holder::Household => at.member.is_some(),
            Holder::Either => false,
        };
        if wrong {
            problems.push(IdentityProblem::WrongHolder { at, identity });
        }
        let contradicts = match identity {
            Identity::MUnstable => ex_poor == Some(false),
            Identity::MEdge => ex_poor == Some(true),
            _ => false,
        };
        if contradicts {
            problems.push(IdentityProblem::ExPoor { at, identity });
        }
        let earlier =
            records.iter().copied().take(number).filter(|(_, other)| other.held.overlaps(&record.held));
        for (with, other) in earlier {
            if other.identity == identity {
                if with.member == at.member {
                    problems.push(IdentityProblem::Twice { at, with, identity });
                }
                continue;
            }
            let pair = catalogue.pairs.iter().enumerate().find(|(_, pair)| {
                (pair.a, pair.b) == (identity, other.identity)
                    || (pair.b, pair.a) == (identity, other.identity)
            });
            let Some((place, pair)) = pair else { continue };
            if !pair.same_household {
                problems.push(IdentityProblem::Together { at, with, pair: place, household: true });
            } else if !pair.same_person && one_holder(at, with, identity, other.identity) {
                problems.push(IdentityProblem::Together { at, with, pair: place, household: false });
            }
        }
    }
    problems
}

/// Whether two records give one person both types. A person's own social-assistance identity replaces
/// the household's, so the two do not meet in one person.
fn one_holder(at: RecordPlace, with: RecordPlace, one: Identity, other: Identity) -> bool {
    let both_social = one.track() == Track::SocialAssistance && other.track() == Track::SocialAssistance;
    at.member == with.member || (!both_social && (at.member.is_none() || with.member.is_none()))
}

fn records(household: &Household) -> impl Iterator<Item = (RecordPlace, &IdentityRecord)> {
    let own = household.identities.iter().enumerate();
    let own = own.map(|(record, held)| (RecordPlace { member: None, record }, held));
    let members = household.members.iter().enumerate().flat_map(|(member, person)| {
        let list = person.identities.iter().enumerate();
        list.map(move |(record, held)| (RecordPlace { member: Some(member), record }, held))
    });
    own.chain(members)
}
