//! Fill what is missing 缺什么补什么: which needs the facts show, and what answers them.

use super::condition::Answer;
use super::measure::Unit;
use super::package::{Beneficiary, Entitlement, Missing, NeedOutcome, NeedRow, NeedState, Package};
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
            Some(row(rulebook, subjects, package, place, who, missing))
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
    need: usize,
    who: Beneficiary,
    missing: Vec<Missing>,
) -> NeedRow {
    let helps = |one: &Entitlement| {
        who == Beneficiary::Household || one.who == who || one.who == Beneficiary::Household
    };
    let gives = |one: &Entitlement, wanted: &dyn Fn(usize) -> bool| {
        one.lines.iter().filter_map(|line| rulebook.measure_of(line.standard)).any(wanted)
    };
    let answered = |one: &Entitlement| helps(one) && gives(one, &|measure| rulebook.answers(need, measure));
    let covering = package.entitlements.iter().enumerate().filter(|(_, one)| answered(one));
    let covered_by: Vec<usize> = covering.map(|(place, _)| place).collect();
    // Whichever bundle turns out to be the best, the need is answered.
    let in_alternatives = package
        .alternatives
        .iter()
        .any(|choice| choice.bundles.iter().all(|bundle| bundle.entitlements.iter().any(answered)));
    let held = match who {
        Beneficiary::Household => subjects.held(0).anybody,
        Beneficiary::Person(index) => subjects.held(0).people.get(index).copied().unwrap_or_default(),
    };
    let taken = |measure: usize| {
        package.entitlements.iter().any(|one| helps(one) && gives(one, &|own| own == measure))
    };
    let reach = rulebook.reach(held).filter(|measure| rulebook.answers(need, *measure));
    let in_reach: Vec<usize> = reach.filter(|measure| !taken(*measure)).collect();
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
