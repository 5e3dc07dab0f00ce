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
        if !can_hold(identity, at.member.is_some()) {
            problems.push(IdentityProblem::WrongHolder { at, identity });
        }
        if contradicts(identity, ex_poor) {
            problems.push(IdentityProblem::ExPoor { at, identity });
        }
        let earlier =
            records.iter().copied().take(number).filter(|(_, other)| other.held.overlaps(&record.held));
        for (with, other) in earlier {
            let clash = clash(catalogue, (at.member, identity), (with.member, other.identity));
            problems.extend(clash.map(|clash| match clash {
                Clash::Twice => IdentityProblem::Twice { at, with, identity },
                Clash::Together { pair, household } => {
                    IdentityProblem::Together { at, with, pair, household }
                }
            }));
        }
    }
    problems
}

/// Whether this kind of holder, the household itself or one of its members, can hold a type.
pub fn can_hold(identity: Identity, member: bool) -> bool {
    match identity.holder() {
        Holder::Person => member,
        Holder::Household => !member,
        Holder::Either => true,
    }
}

/// Whether a type contradicts what is stated of `exPoor`: one requires it, one forbids it `[S59]`.
pub fn contradicts(identity: Identity, ex_poor: Option<bool>) -> bool {
    match identity {
        Identity::MUnstable => ex_poor == Some(false),
        Identity::MEdge => ex_poor == Some(true),
        _ => false,
    }
}

/// What forbids two identities of one household on the same day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clash {
    /// One holder has one type twice.
    Twice,
    /// The two types may not be held together.
    Together {
        /// The pair, by its place in the catalogue.
        pair: usize,
        /// Whether even different persons of one household may not hold the two.
        household: bool,
    },
}

/// Holds two identities of one household that share a day against one another. Each has its holder: a member, or
/// `None` for the household itself.
pub fn clash<M: PartialEq>(
    catalogue: &Catalogue,
    (at, one): (Option<M>, Identity),
    (with, other): (Option<M>, Identity),
) -> Option<Clash> {
    if one == other {
        return (at == with).then_some(Clash::Twice);
    }
    // A person's own social-assistance identity replaces the household's, so the two do not meet in one person.
    let both_social = one.track() == Track::SocialAssistance && other.track() == Track::SocialAssistance;
    let one_holder = at == with || (!both_social && (at.is_none() || with.is_none()));
    let mut pairs = catalogue.pairs.iter();
    let place = pairs.position(|pair| [(one, other), (other, one)].contains(&(pair.a, pair.b)))?;
    let pair = catalogue.pairs.get(place)?;
    let household = !pair.same_household;
    (household || (!pair.same_person && one_holder)).then_some(Clash::Together { pair: place, household })
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
