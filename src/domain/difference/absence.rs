//! Why a package does not hold an entitlement that another one holds.

use super::{Entitled, Side, Whose};
use crate::domain::condition::Leaf;
use crate::domain::identity::Identity;
use crate::domain::ledger::{NotEntitled, why_not};
use crate::domain::package::{Against, Beneficiary, Missing};
use crate::domain::resolve::subjects::Subjects;

/// Why a package does not hold an entitlement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Absence {
    /// Nothing is known of the household, or its place, on that day.
    NothingKnown,
    /// The member is not in the household.
    NoMember,
    /// The measure is not in force.
    NotInForce,
    /// The identity under which the other package holds it is not held, and no other one opens it.
    NoIdentity(Identity),
    /// An identity opens it; a condition is not met, or the identity was not held on the day that counts.
    NotMet,
    /// These are taken instead; none are named where it depends on what is not known.
    NotTaken(Vec<Whose>),
    /// Facts that decide it are not known.
    Undecided(Vec<Asked>),
    /// Which bundle is taken depends on an amount that is not known.
    Depends,
}

/// Something that is not known and would decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Whose fact: the member by key; `None` is the household.
    pub subject: Option<String>,
    /// The id of the fact, or the name of the place's parameter.
    pub name: String,
    /// Whether it is a parameter.
    pub parameter: bool,
}

impl Absence {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NothingKnown => "nothing_known",
            Self::NoMember => "no_member",
            Self::NotInForce => "not_in_force",
            Self::NoIdentity(_) => "no_identity",
            Self::NotMet => "condition_not_met",
            Self::NotTaken(_) => "not_taken",
            Self::Undecided(_) => "undecided",
            Self::Depends => "depends_on_unknown_amount",
        }
    }
}

/// Why a package does not hold it.
pub(super) fn of(side: Option<Side<'_>>, entitled: &Entitled) -> Absence {
    let Some(side) = side else { return Absence::NothingKnown };
    let Some(who) = beneficiary(side, &entitled.whose) else { return Absence::NoMember };
    let Some(offer) = side.rulebook.offer_named(&entitled.whose.offer) else { return Absence::NotInForce };
    match why_not(side.rulebook, side.package, (offer, who)) {
        NotEntitled::NotTaken => Absence::NotTaken(instead(side, (offer, who))),
        NotEntitled::Undecided => Absence::Undecided(undecided(side, (offer, who))),
        NotEntitled::Depends => Absence::Depends,
        NotEntitled::NothingKnown => Absence::NothingKnown,
        NotEntitled::NotEligible => {
            let subjects = Subjects::new(side.rulebook, side.household);
            let opened = side.rulebook.measures_of(offer).any(|measure| {
                let (opening, _) = side.rulebook.opened(measure);
                held(&subjects, who).any(|identity| opening.contains(identity))
            });
            if opened { Absence::NotMet } else { Absence::NoIdentity(entitled.identity) }
        }
    }
}

/// Whether the beneficiary holds the identity under which something is taken.
pub(super) fn holds(side: Side<'_>, entitled: &Entitled) -> bool {
    let Some(who) = beneficiary(side, &entitled.whose) else { return false };
    let subjects = Subjects::new(side.rulebook, side.household);
    held(&subjects, who).any(|identity| identity == entitled.identity)
}

/// The identities of a member, or of anybody for what is the household's.
fn held(subjects: &Subjects<'_>, who: Beneficiary) -> impl Iterator<Item = Identity> {
    let held = subjects.held(0);
    let set = match who {
        Beneficiary::Household => held.anybody,
        Beneficiary::Person(index) => held.people.get(index).copied().unwrap_or_default(),
    };
    Identity::ALL.into_iter().filter(move |identity| set.contains(*identity))
}

fn beneficiary(side: Side<'_>, whose: &Whose) -> Option<Beneficiary> {
    match &whose.beneficiary {
        None => Some(Beneficiary::Household),
        Some(key) => {
            let members = &side.household.members;
            members.iter().position(|member| member.key == *key).map(Beneficiary::Person)
        }
    }
}

/// What stands against an offer, in package order.
fn instead(side: Side<'_>, (offer, who): (usize, Beneficiary)) -> Vec<Whose> {
    let rows = side.package.not_taken.iter();
    let mut places: Vec<usize> = rows
        .filter(|row| row.refused.offer == offer && row.refused.who == who)
        .filter_map(|row| match row.by {
            Against::Entitlement(place) => Some(place),
            Against::Alternatives(_) => None,
        })
        .collect();
    places.sort_unstable();
    places.dedup();
    let taken = places.into_iter().filter_map(|place| side.package.entitlements.get(place));
    taken.filter_map(|one| side.whose(one.offer, one.who)).collect()
}

fn undecided(side: Side<'_>, (offer, who): (usize, Beneficiary)) -> Vec<Asked> {
    let own: Vec<usize> = side.rulebook.measures_of(offer).collect();
    let rows = side.package.undecided.iter().filter(|row| row.who == who && own.contains(&row.measure));
    let mut missing: Vec<&Missing> = rows.flat_map(|row| &row.missing).collect();
    missing.sort_unstable();
    missing.dedup();
    let asked = missing.into_iter().map(|missing| match &missing.leaf {
        Leaf::Fact(fact) => {
            Asked { subject: side.key(missing.who), name: fact.def().id.to_owned(), parameter: false }
        }
        Leaf::Param(name) => Asked { subject: None, name: name.to_string(), parameter: true },
    });
    asked.collect()
}
