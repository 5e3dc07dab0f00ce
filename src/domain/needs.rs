//! Fill what is missing 缺什么补什么: which needs the facts show, and what answers them.

use super::condition::Answer;
use super::measure::Unit;
use super::package::{Beneficiary, Missing, NeedOutcome, NeedRow, NeedState, Package};
use super::resolve::subjects::Subjects;
use super::rulebook::Rulebook;

/// The needs of a household, in the order of the catalogue; those that are not there are left out.
pub(in crate::domain) fn outcomes(
    rulebook: &Rulebook,
    subjects: &Subjects<'_>,
    package: &Package,
) -> Vec<NeedOutcome> {
    let mut outcomes = Vec::new();
    for (place, (need, rule)) in rulebook.catalogue.needs.iter().zip(&rulebook.needs).enumerate() {
        let mut who: Vec<Beneficiary> = match need.unit {
            Unit::Household => vec![Beneficiary::Household],
            Unit::Person => subjects.people().collect(),
        };
        who.sort_by_key(|who| subjects.rank(*who));
        let rows = who.into_iter().filter_map(|who| {
            let subject = subjects.subject(who);
            let mut missing = Vec::new();
            match rule.evaluate(&subject) {
                Answer::NotMet => return None,
                Answer::Met => {}
                Answer::Unknown => {
                    for leaf in rule.missing(&subject) {
                        subjects.ask(who, leaf, &mut missing);
                    }
                    missing.sort_unstable();
                    missing.dedup();
                }
            }
            Some(row(rulebook, subjects, package, &need.id, who, missing))
        });
        let rows: Vec<NeedRow> = rows.collect();
        if let Some(state) = rows.iter().map(|row| row.state).max() {
            outcomes.push(NeedOutcome { need: place, state, rows });
        }
    }
    outcomes
}

fn row(
    rulebook: &Rulebook,
    subjects: &Subjects<'_>,
    package: &Package,
    need: &str,
    who: Beneficiary,
    missing: Vec<Missing>,
) -> NeedRow {
    let answers = |measure: usize| {
        rulebook
            .catalogue
            .measures
            .get(measure)
            .is_some_and(|measure| measure.answers_need.iter().any(|id| id == need))
    };
    let helps = |for_whom: Beneficiary| {
        who == Beneficiary::Household || for_whom == who || for_whom == Beneficiary::Household
    };
    let measures_of = |lines: &[super::package::Line]| -> Vec<usize> {
        lines.iter().filter_map(|line| Some(rulebook.standards.get(line.standard)?.measure)).collect()
    };
    let entitled = package.entitlements.iter().enumerate();
    let covering =
        entitled.filter(|(_, one)| helps(one.who) && measures_of(&one.lines).into_iter().any(answers));
    let covered_by: Vec<usize> = covering.map(|(place, _)| place).collect();
    let in_alternatives = package.alternatives.iter().any(|choice| {
        let answered = |one: &super::package::Entitlement| {
            helps(one.who) && measures_of(&one.lines).into_iter().any(answers)
        };
        choice.bundles.iter().all(|bundle| bundle.entitlements.iter().any(answered))
    });
    let held = match who {
        Beneficiary::Household => subjects.held(0).anybody,
        Beneficiary::Person(index) => subjects.held(0).people.get(index).copied().unwrap_or_default(),
    };
    let taken: Vec<usize> = package
        .entitlements
        .iter()
        .filter(|one| helps(one.who))
        .flat_map(|one| measures_of(&one.lines))
        .collect();
    let in_reach: Vec<usize> =
        rulebook.reach(held).filter(|measure| answers(*measure) && !taken.contains(measure)).collect();
    let state = if !missing.is_empty() {
        NeedState::Unknown
    } else if !covered_by.is_empty() || in_alternatives {
        NeedState::Covered
    } else if in_reach.is_empty() {
        NeedState::Unmet
    } else {
        NeedState::Open
    };
    NeedRow { who, state, covered_by, in_reach, missing }
}
