//! Why a household gets a measure, or why not: every standard, every condition, on request.

use super::condition::Answer;
use super::facts::Household;
use super::identity::IdentitySet;
use super::measure::Unit;
use super::package::{Beneficiary, Missing, Package};
use super::resolve::candidates::{answer, held_by};
use super::resolve::subjects::Subjects;
use super::resolve::{ResolveError, resolve};
use super::rulebook::{Body, IdentityDay, Offer, Rulebook};

/// One measure explained for one household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The measure, by its place in the catalogue.
    pub measure: usize,
    /// One row for the household, or for each member.
    pub rows: Vec<ExplainedBeneficiary>,
    /// The package that the outcomes refer to.
    pub package: Package,
}

/// One measure explained for one beneficiary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedBeneficiary {
    /// For whom.
    pub who: Beneficiary,
    /// What came of it.
    pub outcome: Outcome,
    /// Every standard in force.
    pub standards: Vec<ExplainedStandard>,
}

/// What came of a measure for a beneficiary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Taken: the place in [`Package::entitlements`].
    Taken(usize),
    /// Taken in some of the alternatives at this place of [`Package::alternatives`].
    Alternative(usize),
    /// Open, but not taken: the place in [`Package::not_taken`].
    NotTaken(usize),
    /// Not decided: the place in [`Package::undecided`].
    Undecided(usize),
    /// A condition is not met.
    ConditionNotMet,
    /// No identity that is held opens it.
    NoIdentity,
}

/// One standard explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedStandard {
    /// The standard of the rulebook.
    pub standard: usize,
    /// The identities that open it here, extensions included.
    pub opened_by: IdentitySet,
    /// Those of them that count for the beneficiary on the standard's day.
    pub held: IdentitySet,
    /// Whether all conditions are met.
    pub answer: Answer,
    /// The conditions, in the order of the standard.
    pub conditions: Vec<ExplainedCondition>,
}

/// One condition explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedCondition {
    /// Whether it is met.
    pub answer: Answer,
    /// The known facts that decide it, or else what must be asked.
    pub rests_on: Vec<Missing>,
}

/// Explains one measure of the catalogue.
///
/// # Errors
/// As [`resolve`].
pub fn explain(
    rulebook: &Rulebook,
    household: &Household,
    measure: usize,
) -> Result<Explanation, ResolveError> {
    let package = resolve(rulebook, household)?;
    let subjects = Subjects::new(rulebook, household);
    let mut rows = Vec::new();
    if let Some(offer) = offer_of(rulebook, measure) {
        let household = (offer.unit == Unit::Household).then_some(Beneficiary::Household);
        let people = subjects.people().filter(|_| offer.unit == Unit::Person || offer.top_up);
        for who in household.into_iter().chain(people) {
            let standards = standards(rulebook, &subjects, offer, measure, who);
            let held_nothing = standards.iter().all(|standard| standard.held.is_empty());
            // A person's own route to a top-up is shown only where it is open.
            if offer.top_up && who != Beneficiary::Household && held_nothing {
                continue;
            }
            let outcome = outcome(rulebook, &package, measure, who, held_nothing);
            rows.push(ExplainedBeneficiary { who, outcome, standards });
        }
        rows.sort_by_key(|row| subjects.rank(row.who));
    }
    Ok(Explanation { measure, rows, package })
}

fn standards(
    rulebook: &Rulebook,
    subjects: &Subjects<'_>,
    offer: &Offer,
    measure: usize,
    who: Beneficiary,
) -> Vec<ExplainedStandard> {
    let subject = subjects.subject(who);
    let mine = rulebook.standards.iter().enumerate().filter(|(_, rules)| rules.measure == measure);
    let explained = mine.map(|(standard, rules)| {
        let conditions = rules.conditions.iter().map(|condition| {
            let answer = condition.evaluate(&subject);
            let mut rests_on = Vec::new();
            if answer == Answer::Unknown {
                condition
                    .missing(&subject)
                    .into_iter()
                    .for_each(|leaf| subjects.ask(who, leaf, &mut rests_on));
            } else {
                rests_on.extend(condition.deciding(&subject).into_iter().map(|leaf| Missing { who, leaf }));
            }
            ExplainedCondition { answer, rests_on }
        });
        ExplainedStandard {
            standard,
            opened_by: rules.opening(),
            held: held_by(subjects, offer, rules, who).intersection(rules.opening()),
            answer: answer(rulebook, subjects, rules, who),
            conditions: conditions.collect(),
        }
    });
    explained.collect()
}

fn outcome(
    rulebook: &Rulebook,
    package: &Package,
    measure: usize,
    who: Beneficiary,
    held_nothing: bool,
) -> Outcome {
    let has = |one: &super::package::Entitlement| {
        one.who == who
            && one.lines.iter().any(|line| {
                rulebook.standards.get(line.standard).is_some_and(|rules| rules.measure == measure)
            })
    };
    if let Some(place) = package.entitlements.iter().position(has) {
        return Outcome::Taken(place);
    }
    let in_bundle = |choice: &super::package::Alternatives| {
        choice.bundles.iter().any(|bundle| bundle.entitlements.iter().any(has))
    };
    if let Some(place) = package.alternatives.iter().position(in_bundle) {
        return Outcome::Alternative(place);
    }
    if let Some(place) = package.not_taken.iter().position(|row| has(&row.refused)) {
        return Outcome::NotTaken(place);
    }
    if let Some(place) = package.undecided.iter().position(|row| row.measure == measure && row.who == who) {
        return Outcome::Undecided(place);
    }
    if held_nothing { Outcome::NoIdentity } else { Outcome::ConditionNotMet }
}

fn offer_of(rulebook: &Rulebook, measure: usize) -> Option<&Offer> {
    let is =
        |standard: &usize| rulebook.standards.get(*standard).is_some_and(|rules| rules.measure == measure);
    rulebook.offers.iter().find(|offer| match &offer.body {
        Body::Measure(standards) => standards.iter().any(is),
        Body::Cascade { chains, .. } => chains.iter().flat_map(|chain| &chain.links).any(is),
    })
}

impl Rulebook {
    /// The day on which a standard's identity must be held, and whether it is another day than the
    /// rulebook's; `None` where no place sets that day.
    pub fn identity_day(&self, standard: usize) -> Option<chrono::NaiveDate> {
        match self.identity_days.get(self.standards.get(standard)?.day)? {
            IdentityDay::On(day) => Some(*day),
            IdentityDay::Unset(_) => None,
        }
    }
}
