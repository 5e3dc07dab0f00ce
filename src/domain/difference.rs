//! What changed between two packages of a household: entitlements gained, lost and changed, with the reason
//! where a package knows it, and the state of needs.
//!
//! The packages may be of different days, places and catalogues, and members may stand in another order; so
//! everything is told by ids and keys, not by places in a rulebook.

mod absence;

use std::collections::BTreeMap;

use super::facts::{Fact, Household};
use super::identity::Identity;
use super::money::Fen;
use super::package::{
    Amount, Basis, Beneficiary, Entitlement, Line, NeedState, Package, PartValue, TopUpValue,
};
use super::period::Period;
use super::rulebook::Rulebook;
use super::schedule::Schedule;

pub use absence::{Absence, Asked};

/// A package with what is needed to read it.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The rules.
    pub rulebook: &'a Rulebook,
    /// The household.
    pub household: &'a Household,
    /// The package.
    pub package: &'a Package,
}

/// What an entitlement is known by: no package holds two of one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Whose {
    /// The measure or cascade, by id.
    pub offer: String,
    /// The member by key; `None` is the household.
    pub beneficiary: Option<String>,
}

/// An entitlement by ids and keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entitled {
    /// What, and for whom.
    pub whose: Whose,
    /// Under which identity.
    pub identity: Identity,
    /// One line per measure.
    pub lines: Vec<EntitledLine>,
}

/// What one measure gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntitledLine {
    /// The measure, by id.
    pub measure: String,
    /// The standard, by id.
    pub standard: String,
    /// What one payment covers.
    pub period: Period,
    /// How much is paid in one period.
    pub worth: Worth,
}

/// How much is paid, after rounding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Worth {
    /// This much.
    Priced(Fen),
    /// This much, beside parts without a price.
    PricedInPart(Fen),
    /// It depends on facts that are not known.
    Open(Vec<OpenPart>),
    /// By how many persons count as heads; `None` where it also depends on an income that is not known.
    ByHeads(Vec<(u32, Option<Fen>)>),
    /// A loan up to this much.
    Loan(Fen),
    /// Without a price.
    Unpriced,
}

/// A part of an amount that depends on a fact that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenPart {
    /// Whose fact: the member by key; `None` is the household.
    pub subject: Option<String>,
    /// The fact.
    pub fact: Fact,
    /// The amount, by the fact.
    pub schedule: Schedule,
}

/// An entitlement that one of two packages holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The entitlement.
    pub entitled: Entitled,
    /// Why the other package does not hold it.
    pub absence: Absence,
}

/// An entitlement that both packages hold, not alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Altered {
    /// As it was.
    pub before: Entitled,
    /// As it is.
    pub after: Entitled,
    /// Whether the beneficiary no longer holds the identity under which it was taken.
    pub identity_ended: bool,
}

/// A need whose state changed for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedMoved {
    /// The need, by id.
    pub need: String,
    /// Who has it: the member by key; `None` is the household.
    pub beneficiary: Option<String>,
    /// Its state before; `None` if the need was not there.
    pub before: Option<NeedState>,
    /// Its state now; `None` if the need is not there.
    pub after: Option<NeedState>,
}

/// What changed from one package to another.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Difference {
    /// What only the second package holds, in its order.
    pub gained: Vec<Moved>,
    /// What only the first package holds, in its order.
    pub lost: Vec<Moved>,
    /// What both hold, not alike, in the order of the second.
    pub changed: Vec<Altered>,
    /// Needs whose state changed, by id and member.
    pub needs: Vec<NeedMoved>,
}

impl Difference {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.gained.is_empty() && self.lost.is_empty() && self.changed.is_empty() && self.needs.is_empty()
    }
}

/// What changed between two packages of a household; `None` where nothing, or no rules, are known for it.
pub fn difference(before: Option<Side<'_>>, after: Option<Side<'_>>) -> Difference {
    let (old, new) = (entitled(before), entitled(after));
    let find = |list: &[Entitled], whose: &Whose| list.iter().find(|one| one.whose == *whose).cloned();
    let mut difference = Difference::default();
    for one in &new {
        match find(&old, &one.whose) {
            None => {
                let absence = absence::of(before, one);
                difference.gained.push(Moved { entitled: one.clone(), absence });
            }
            Some(was) if was != *one => {
                let identity_ended = after.is_some_and(|after| !absence::holds(after, &was));
                difference.changed.push(Altered { before: was, after: one.clone(), identity_ended });
            }
            Some(_) => {}
        }
    }
    for one in old {
        if find(&new, &one.whose).is_none() {
            let absence = absence::of(after, &one);
            difference.lost.push(Moved { entitled: one, absence });
        }
    }
    difference.needs = needs_moved(before, after);
    difference
}

/// The entitlements of a package by ids and keys, in its order.
pub fn entitled(side: Option<Side<'_>>) -> Vec<Entitled> {
    let Some(side) = side else { return Vec::new() };
    side.package.entitlements.iter().filter_map(|one| side.entitled(one)).collect()
}

fn needs_moved(before: Option<Side<'_>>, after: Option<Side<'_>>) -> Vec<NeedMoved> {
    let mut states: BTreeMap<(String, Option<String>), [Option<NeedState>; 2]> = BTreeMap::new();
    for (side, place) in [(before, 0), (after, 1)] {
        for (need, beneficiary, state) in side.into_iter().flat_map(Side::needs) {
            let slot = states.entry((need, beneficiary)).or_default();
            if let Some(slot) = slot.get_mut(place) {
                *slot = Some(state);
            }
        }
    }
    let moved = states.into_iter().filter(|(_, [before, after])| before != after);
    moved
        .map(|((need, beneficiary), [before, after])| NeedMoved { need, beneficiary, before, after })
        .collect()
}

impl Side<'_> {
    /// The key of a member; `None` is the household.
    fn key(self, who: Beneficiary) -> Option<String> {
        match who {
            Beneficiary::Household => None,
            Beneficiary::Person(index) => self.household.members.get(index).map(|member| member.key.clone()),
        }
    }

    fn whose(self, offer: usize, who: Beneficiary) -> Option<Whose> {
        Some(Whose { offer: self.rulebook.offer_id(offer)?.to_owned(), beneficiary: self.key(who) })
    }

    fn entitled(self, one: &Entitlement) -> Option<Entitled> {
        let lines = one.lines.iter().filter_map(|line| {
            let (measure, standard) = self.rulebook.standard(line.standard)?;
            Some(EntitledLine {
                measure: measure.id.clone(),
                standard: standard.id.clone(),
                period: line.period,
                worth: self.worth(line),
            })
        });
        Some(Entitled {
            whose: self.whose(one.offer, one.who)?,
            identity: one.identity,
            lines: lines.collect(),
        })
    }

    fn worth(self, line: &Line) -> Worth {
        match &line.amount {
            Amount::Priced { payment, .. } => Worth::Priced(*payment),
            Amount::PricedInPart { payment, .. } => Worth::PricedInPart(*payment),
            Amount::Open => {
                let open = line.parts.iter().filter_map(|part| match part {
                    PartValue::Open(basis, schedule) => {
                        Some(self.open(*basis, self.rulebook.schedule(*schedule)?))
                    }
                    _ => None,
                });
                Worth::Open(open.collect())
            }
            Amount::ByHeads(options) => {
                if let [option] = options.as_slice() {
                    return match &option.value {
                        TopUpValue::Priced { payment, .. } => Worth::Priced(*payment),
                        TopUpValue::Open(basis, schedule) => Worth::Open(vec![self.open(*basis, schedule)]),
                    };
                }
                let options = options.iter().map(|option| match &option.value {
                    TopUpValue::Priced { payment, .. } => (option.heads, Some(*payment)),
                    TopUpValue::Open(..) => (option.heads, None),
                });
                Worth::ByHeads(options.collect())
            }
            Amount::Loan(ceiling) => Worth::Loan(*ceiling),
            Amount::Unpriced => Worth::Unpriced,
        }
    }

    fn open(self, basis: Basis, schedule: &Schedule) -> OpenPart {
        OpenPart { subject: self.key(basis.who), fact: basis.fact, schedule: schedule.clone() }
    }

    fn needs(self) -> impl Iterator<Item = (String, Option<String>, NeedState)> {
        let needs = self.package.needs.iter();
        needs.flat_map(move |need| {
            let id = self.rulebook.catalogue.needs.get(need.need).map(|need| need.id.clone());
            let rows = need.rows.iter();
            rows.filter_map(move |row| Some((id.clone()?, self.key(row.who), row.state)))
        })
    }
}
