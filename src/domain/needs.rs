//! Fill what is missing 缺什么补什么: which needs the facts show, and what answers them.

use super::condition::Answer;
use super::measure::Unit;
use super::package::{
    Alternative, Beneficiary, Entitlement, Missing, NeedOutcome, NeedRow, NeedState, Package,
};
use super::resolve::subjects::Subjects;
use super::rulebook::Rulebook;

/// The needs of a household, in the order of the catalogue; those that are not there are left out.
pub(in crate::domain) fn outcomes(
    rulebook: &Rulebook,
    subjects: &Subjects<'_>,
    package: &Package,
) -> Vec<NeedOutcome> {
    let help = Help::of(rulebook, package);
    let mut people: Vec<Beneficiary> = subjects.people().collect();
    people.sort_by_key(|who| subjects.rank(*who));
    let mut outcomes = Vec::new();
    for (need, (stated, rule)) in rulebook.catalogue.needs.iter().zip(&rulebook.needs).enumerate() {
        let who = match stated.unit {
            Unit::Household => &[Beneficiary::Household],
            Unit::Person => people.as_slice(),
        };
        let mut rows = Vec::new();
        for who in who.iter().copied() {
            let subject = subjects.subject(who);
            let mut missing = Vec::new();
            match rule.evaluate(&subject) {
                Answer::NotMet => continue,
                Answer::Met => {}
                Answer::Unknown => {
                    for leaf in rule.missing(&subject) {
                        subjects.ask(who, leaf, &mut missing);
                    }
                    missing.sort_unstable();
                    missing.dedup();
                }
            }
            rows.push(help.row(rulebook, subjects, need, who, missing));
        }
        if let Some(state) = rows.iter().map(|row| row.state).max() {
            outcomes.push(NeedOutcome { need, state, rows });
        }
    }
    outcomes
}

/// Who gets which measure: what needs are compared with.
struct Help {
    /// Beneficiary, measure and place of each line of the package.
    entitled: Vec<(Beneficiary, usize, usize)>,
    /// The same for alternatives: for each bundle of each, beneficiary and measure.
    alternatives: Vec<Vec<Vec<(Beneficiary, usize)>>>,
}

impl Help {
    fn of(rulebook: &Rulebook, package: &Package) -> Self {
        let measures = |one: &Entitlement| -> Vec<(Beneficiary, usize)> {
            one.lines.iter().filter_map(|line| Some((one.who, rulebook.measure_of(line.standard)?))).collect()
        };
        let mut entitled = Vec::with_capacity(package.entitlements.len() * 2);
        for (place, one) in package.entitlements.iter().enumerate() {
            let lines = one.lines.iter().filter_map(|line| rulebook.measure_of(line.standard));
            entitled.extend(lines.map(|measure| (one.who, measure, place)));
        }
        let bundle = |bundle: &Alternative| bundle.entitlements.iter().flat_map(measures).collect();
        let alternatives =
            package.alternatives.iter().map(|choice| choice.bundles.iter().map(bundle).collect());
        Self { entitled, alternatives: alternatives.collect() }
    }

    fn row(
        &self,
        rulebook: &Rulebook,
        subjects: &Subjects<'_>,
        need: usize,
        who: Beneficiary,
        missing: Vec<Missing>,
    ) -> NeedRow {
        let helps = |whom: Beneficiary| {
            who == Beneficiary::Household || whom == who || whom == Beneficiary::Household
        };
        let answering = rulebook.answering.get(need).map(Vec::as_slice).unwrap_or_default();
        let answers = |whom: Beneficiary, measure: usize| helps(whom) && answering.contains(&measure);
        let covering = self.entitled.iter().filter(|(whom, measure, _)| answers(*whom, *measure));
        let mut covered_by: Vec<usize> = covering.map(|(_, _, place)| *place).collect();
        covered_by.dedup();
        // Whichever bundle turns out to be the best, the need is answered.
        let in_alternatives = self.alternatives.iter().any(|choice| {
            choice.iter().all(|bundle| bundle.iter().any(|(whom, measure)| answers(*whom, *measure)))
        });
        let held = match who {
            Beneficiary::Household => subjects.held(0).anybody,
            Beneficiary::Person(index) => subjects.held(0).people.get(index).copied().unwrap_or_default(),
        };
        let taken =
            |measure: usize| self.entitled.iter().any(|(whom, own, _)| *own == measure && helps(*whom));
        let opens = |measure: usize| {
            rulebook.opened.get(measure).is_some_and(|opened| !opened.intersection(held).is_empty())
        };
        let reach = answering.iter().copied().filter(|measure| opens(*measure));
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
}
