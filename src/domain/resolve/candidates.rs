//! Candidates: what a beneficiary could take, under which identity, and what it is worth a year.

use super::heads::Heads;
use super::subjects::Subjects;
use crate::domain::condition::Answer;
use crate::domain::facts::Fact;
use crate::domain::identity::{Identity, IdentitySet};
use crate::domain::measure::Unit;
use crate::domain::package::{Basis, Beneficiary};
use crate::domain::ratio::{ArithmeticError, Ratio};
use crate::domain::rulebook::{Body, IdentityDay, Offer, PartRules, Rulebook, StandardRules};
use crate::domain::schedule::ScheduleError;

/// An offer that one beneficiary can take under one identity.
#[derive(Clone, Copy, Debug)]
pub(in crate::domain) struct Candidate {
    pub(in crate::domain) offer: usize,
    pub(in crate::domain) who: Beneficiary,
    pub(in crate::domain) identity: Identity,
    pub(in crate::domain) lines: Lines,
    pub(in crate::domain) worth: Worth,
}

/// The standards of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::domain) enum Lines {
    /// One standard.
    One(usize),
    /// These links (a mask) of the cascade's chain for the candidate's identity.
    Links(usize),
}

/// What a candidate counts for in a year.
#[derive(Clone, Copy, Debug)]
pub(in crate::domain) struct Worth {
    /// What is known of it, in fen.
    pub(in crate::domain) known: Ratio,
    /// What depends on facts that are not known.
    pub(in crate::domain) open: OpenWorth,
    /// How many lines are priced, at least in part.
    pub(in crate::domain) priced: u32,
    /// Whether a part has no price.
    pub(in crate::domain) unpriced: bool,
}

/// The part of a worth that depends on unknown facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::domain) enum OpenWorth {
    /// None.
    Nothing,
    /// One schedule of the rulebook.
    One(Basis, usize),
    /// Several facts, or a top-up.
    Several,
}

/// A standard that could open an offer, for want of facts.
#[derive(Clone, Copy, Debug)]
pub(in crate::domain) struct Doubt {
    pub(in crate::domain) offer: usize,
    pub(in crate::domain) who: Beneficiary,
    pub(in crate::domain) standard: usize,
    pub(in crate::domain) identities: IdentitySet,
}

/// Finds candidates and doubts of one offer.
pub(super) fn collect(
    rulebook: &Rulebook,
    subjects: &Subjects<'_>,
    heads: &Heads,
    offer_index: usize,
    candidates: &mut Vec<Candidate>,
    doubts: &mut Vec<Doubt>,
) -> Result<(), ScheduleError> {
    let Some(offer) = rulebook.offers.get(offer_index) else { return Ok(()) };
    let mut add = |who| -> Result<(), ScheduleError> {
        match &offer.body {
            Body::Measure(standards) => {
                for index in standards {
                    let Some(rules) = rulebook.standards.get(*index) else { continue };
                    let identities = held_by(subjects, offer, rules, who).intersection(rules.opening());
                    if identities.is_empty() {
                        continue;
                    }
                    match answer(rulebook, subjects, rules, who) {
                        Answer::NotMet => {}
                        Answer::Unknown => {
                            doubts.push(Doubt { offer: offer_index, who, standard: *index, identities });
                        }
                        Answer::Met => {
                            let worth = worth_of_standard(rulebook, subjects, heads, rules, who)?;
                            let lines = Lines::One(*index);
                            let under = identities.iter();
                            candidates.extend(under.map(|identity| Candidate {
                                offer: offer_index,
                                who,
                                identity,
                                lines,
                                worth,
                            }));
                        }
                    }
                }
            }
            Body::Cascade { chains, .. } => {
                for (identity, chain) in Identity::ALL.into_iter().zip(chains.iter()) {
                    let mut met = 0;
                    for (number, link) in chain.links.iter().enumerate() {
                        let Some(rules) = rulebook.standards.get(*link) else { continue };
                        if !held_by(subjects, offer, rules, who).contains(identity) {
                            continue;
                        }
                        match answer(rulebook, subjects, rules, who) {
                            Answer::NotMet => {}
                            Answer::Met => met |= 1 << number,
                            Answer::Unknown => {
                                let identities = IdentitySet::of(identity);
                                doubts.push(Doubt { offer: offer_index, who, standard: *link, identities });
                            }
                        }
                    }
                    if met != 0 {
                        let worth = worth_of_links(rulebook, subjects, offer, who, identity, met)?;
                        candidates.push(Candidate {
                            offer: offer_index,
                            who,
                            identity,
                            lines: Lines::Links(met),
                            worth,
                        });
                    }
                }
            }
        }
        Ok(())
    };
    if offer.unit == Unit::Household {
        add(Beneficiary::Household)?;
    }
    if offer.unit == Unit::Person || offer.top_up {
        subjects.people().try_for_each(add)?;
    }
    Ok(())
}

/// The candidate that an undecided standard would make under one of its identities.
pub(super) fn would_be(
    rulebook: &Rulebook,
    subjects: &Subjects<'_>,
    heads: &Heads,
    doubt: &Doubt,
    identity: Identity,
) -> Result<Candidate, ScheduleError> {
    let worth = match rulebook.standards.get(doubt.standard) {
        Some(rules) => worth_of_standard(rulebook, subjects, heads, rules, doubt.who)?,
        None => Worth { known: Ratio::ZERO, open: OpenWorth::Nothing, priced: 0, unpriced: true },
    };
    Ok(Candidate { offer: doubt.offer, who: doubt.who, identity, lines: Lines::One(doubt.standard), worth })
}

/// The identities that count for the beneficiary of an offer on the day of a standard.
pub(in crate::domain) fn held_by(
    subjects: &Subjects<'_>,
    offer: &Offer,
    rules: &StandardRules,
    who: Beneficiary,
) -> IdentitySet {
    let held = subjects.held(rules.day);
    match who {
        // A top-up is for the household that holds the identity, or for the person who does.
        Beneficiary::Household if offer.top_up => held.household,
        Beneficiary::Household => held.anybody,
        Beneficiary::Person(index) if offer.top_up => held.own.get(index).copied().unwrap_or_default(),
        Beneficiary::Person(index) => held.people.get(index).copied().unwrap_or_default(),
    }
}

/// Whether the conditions of a standard are met.
pub(in crate::domain) fn answer(
    rulebook: &Rulebook,
    subjects: &Subjects<'_>,
    rules: &StandardRules,
    who: Beneficiary,
) -> Answer {
    let subject = subjects.subject(who);
    let mut all = match rulebook.identity_days.get(rules.day) {
        Some(IdentityDay::Unset(_)) => Answer::Unknown,
        _ => Answer::Met,
    };
    for condition in &rules.conditions {
        all = all.and(condition.evaluate(&subject));
        if all == Answer::NotMet {
            break;
        }
    }
    all
}

fn worth_of_standard(
    rulebook: &Rulebook,
    subjects: &Subjects<'_>,
    heads: &Heads,
    rules: &StandardRules,
    who: Beneficiary,
) -> Result<Worth, ScheduleError> {
    let mut worth = Worth { known: Ratio::ZERO, open: OpenWorth::Nothing, priced: 0, unpriced: false };
    for part in &rules.parts {
        match part {
            PartRules::Fixed { annual, .. } => worth.add(*annual)?,
            PartRules::OfFact { fact, annual, .. } => {
                let basis = basis_of(*fact, who);
                match subjects.fact(basis.who, *fact) {
                    Some(value) => match rulebook.schedules.get(*annual) {
                        Some(schedule) => worth.add(schedule.at(value)?)?,
                        None => worth.unpriced = true,
                    },
                    None => worth.open_part(OpenWorth::One(basis, *annual)),
                }
            }
            PartRules::TopUp { line, not_heads } => {
                let times = Ratio::integer(rules.period.payments_a_year());
                let top_up = heads.yearly(subjects, who, (*line, not_heads), times)?;
                worth.add(top_up.known)?;
                if !top_up.is_known() {
                    worth.open_part(OpenWorth::Several);
                }
            }
            PartRules::UnpricedUnits(fact, _) => match subjects.fact(basis_of(*fact, who).who, *fact) {
                Some(0) => worth.add(Ratio::ZERO)?,
                _ => worth.unpriced = true,
            },
            PartRules::Loan(_) | PartRules::Unpriced(_) => worth.unpriced = true,
        }
    }
    Ok(worth)
}

fn worth_of_links(
    rulebook: &Rulebook,
    subjects: &Subjects<'_>,
    offer: &Offer,
    who: Beneficiary,
    identity: Identity,
    met: usize,
) -> Result<Worth, ScheduleError> {
    let mut worth = Worth { known: Ratio::ZERO, open: OpenWorth::Nothing, priced: 0, unpriced: false };
    let Body::Cascade { cascade, chains } = &offer.body else { return Ok(worth) };
    let subset = chains.get(identity.index()).and_then(|chain| chain.subsets.get(met));
    let basis = rulebook.catalogue.cascades.get(*cascade).map(|cascade| cascade.basis);
    let (Some(subset), Some(fact)) = (subset, basis) else { return Ok(worth) };
    worth.unpriced = subset.priced < met.count_ones();
    if let Some((all, schedule)) = subset.all.and_then(|all| Some((all, rulebook.schedules.get(all)?))) {
        match subjects.fact(who, fact) {
            Some(value) => worth.known = schedule.at(value)?,
            None => worth.open = OpenWorth::One(basis_of(fact, who), all),
        }
    }
    worth.priced = subset.priced;
    Ok(worth)
}

/// Whose fact a part of a standard depends on.
pub(in crate::domain) fn basis_of(fact: Fact, who: Beneficiary) -> Basis {
    match fact.def().level {
        crate::domain::vocabulary::Level::Household => Basis { who: Beneficiary::Household, fact },
        crate::domain::vocabulary::Level::Person => Basis { who, fact },
    }
}

impl Worth {
    fn add(&mut self, exact: Ratio) -> Result<(), ArithmeticError> {
        self.known = self.known.plus(exact)?;
        self.priced = 1;
        Ok(())
    }

    fn open_part(&mut self, part: OpenWorth) {
        self.priced = 1;
        self.open = match self.open {
            OpenWorth::Nothing => part,
            OpenWorth::One(..) | OpenWorth::Several => OpenWorth::Several,
        };
    }
}

impl Candidate {
    /// Whether the two are the same offer, beneficiary, identity and standards.
    pub(in crate::domain) fn is(&self, other: &Self) -> bool {
        (self.offer, self.who, self.identity, self.lines)
            == (other.offer, other.who, other.identity, other.lines)
    }

    /// The standards of the candidate, in the order in which they pay.
    pub(in crate::domain) fn standards<'r>(
        &self,
        rulebook: &'r Rulebook,
    ) -> impl Iterator<Item = usize> + use<'r> {
        let (one, links, mask) = match self.lines {
            Lines::One(standard) => (Some(standard), None, 0),
            Lines::Links(mask) => (None, chain_of(rulebook, self.offer, self.identity), mask),
        };
        let links = links.into_iter().flat_map(|chain| chain.links.iter().enumerate());
        one.into_iter()
            .chain(links.filter(move |(number, _)| mask & (1 << number) != 0).map(|(_, link)| *link))
    }
}

/// The chain of a cascade for an identity.
pub(in crate::domain) fn chain_of(
    rulebook: &Rulebook,
    offer: usize,
    identity: Identity,
) -> Option<&crate::domain::rulebook::Chain> {
    match &rulebook.offers.get(offer)?.body {
        Body::Cascade { chains, .. } => chains.get(identity.index()),
        Body::Measure(_) => None,
    }
}
