//! The package with its reasons, from a decision.

mod provisional;
mod refused;

use super::candidates::{self, Candidate, Doubt, Lines, chain_of};
use super::heads;
use super::subjects::Subjects;
use super::value::Scope;
use super::{Decision, ResolveError};
use crate::domain::condition::{Answer, Leaf};
use crate::domain::package::{
    Alternative, Alternatives, Amount, Entitlement, Line, Missing, Package, PartValue, Undecided,
};
use crate::domain::ratio::Ratio;
use crate::domain::rulebook::{IdentityDay, PartRules, Rulebook, StandardRules};

/// Builds the package.
pub(super) fn package(
    rulebook: &Rulebook,
    subjects: &Subjects<'_>,
    decision: &Decision,
) -> Result<Package, ResolveError> {
    let builder = Builder { rulebook, subjects, decision };
    let mut package = Package { undecided: builder.undecided(), ..Package::default() };
    let taken = builder.hold(&mut package)?;
    package.not_taken = builder.not_taken(&taken, &package.undecided)?;
    package.needs = crate::domain::needs::outcomes(rulebook, subjects, &package);
    Ok(package)
}

/// Builds what the package holds, without its reasons.
pub(super) fn holdings(
    rulebook: &Rulebook,
    subjects: &Subjects<'_>,
    decision: &Decision,
) -> Result<Package, ResolveError> {
    let mut package = Package::default();
    Builder { rulebook, subjects, decision }.hold(&mut package)?;
    Ok(package)
}

struct Builder<'a> {
    rulebook: &'a Rulebook,
    subjects: &'a Subjects<'a>,
    decision: &'a Decision,
}

impl Builder<'_> {
    /// What amounts are looked up in.
    const fn scope(&self) -> Scope<'_, '_> {
        (self.rulebook, self.subjects, &self.decision.heads)
    }

    fn candidate(&self, number: usize) -> Option<&Candidate> {
        self.decision.candidates.get(number)
    }

    /// Adds entitlements and alternatives; answers the numbers of what is taken for sure, in package order.
    fn hold(&self, package: &mut Package) -> Result<Vec<usize>, ResolveError> {
        let mut taken = self.decision.taken.clone();
        self.sort(&mut taken);
        for number in &taken {
            package.entitlements.extend(self.entitlement(*number, &package.undecided)?);
        }
        for (basis, choices) in &self.decision.open {
            let mut bundles = Vec::with_capacity(choices.len());
            for (from, numbers) in choices {
                let mut numbers = numbers.clone();
                self.sort(&mut numbers);
                let mut entitlements = Vec::with_capacity(numbers.len());
                for number in &numbers {
                    entitlements.extend(self.entitlement(*number, &package.undecided)?);
                }
                bundles.push(Alternative { from: *from, entitlements });
            }
            package.alternatives.push(Alternatives { basis: *basis, bundles });
        }
        Ok(taken)
    }

    /// Matrix order, then the household and persons by key, then identity and standard.
    fn sort(&self, numbers: &mut [usize]) {
        numbers.sort_by_cached_key(|number| {
            self.candidate(*number).map(|one| {
                (one.offer, self.subjects.rank(one.who), one.identity, one.standards(self.rulebook).next())
            })
        });
    }

    fn entitlement(
        &self,
        number: usize,
        undecided: &[Undecided],
    ) -> Result<Option<Entitlement>, ResolveError> {
        let Some(candidate) = self.candidate(number) else { return Ok(None) };
        let mut lines = Vec::new();
        match candidate.lines {
            Lines::One(standard) => lines.extend(self.line(candidate, standard)?),
            Lines::Links(_) => self.links(candidate, &mut lines)?,
        }
        let provisional = self.provisional(candidate, undecided)?;
        Ok(Some(Entitlement {
            offer: candidate.offer,
            who: candidate.who,
            identity: candidate.identity,
            lines,
            provisional,
        }))
    }

    fn line(&self, candidate: &Candidate, standard: usize) -> Result<Option<Line>, ResolveError> {
        let Some(rules) = self.rulebook.standards.get(standard) else { return Ok(None) };
        let mut parts = Vec::with_capacity(rules.parts.len());
        let mut top_up = None;
        for part in &rules.parts {
            parts.push(match part {
                PartRules::Fixed { payment, .. } => PartValue::Exact(*payment),
                PartRules::OfFact { fact, schedule, .. } => {
                    let basis = candidates::basis_of(*fact, candidate.who);
                    match (self.subjects.fact(basis.who, *fact), self.rulebook.schedules.get(*schedule)) {
                        (Some(value), Some(function)) => PartValue::Exact(function.at(value)?),
                        _ => PartValue::Open(basis, *schedule),
                    }
                }
                PartRules::UnpricedUnits(fact, _) => {
                    match self.subjects.fact(candidates::basis_of(*fact, candidate.who).who, *fact) {
                        Some(0) => PartValue::Exact(Ratio::ZERO),
                        _ => PartValue::Unpriced,
                    }
                }
                PartRules::Loan(ceiling) => PartValue::Loan(*ceiling),
                PartRules::Unpriced(_) => PartValue::Unpriced,
                PartRules::TopUp { line, not_heads } => {
                    let heads = self.possible_heads(candidate.who, not_heads)?;
                    let (subjects, rounding) = (self.subjects, rules.rounding);
                    top_up = Some(heads::options(subjects, candidate.who, *line, rounding, heads)?);
                    continue;
                }
            });
        }
        let amount = match top_up {
            Some(options) => Amount::ByHeads(options),
            None => amount(rules, &parts)?,
        };
        Ok(Some(Self::finished(candidate, standard, rules, amount, parts)))
    }

    fn links(&self, candidate: &Candidate, lines: &mut Vec<Line>) -> Result<(), ResolveError> {
        let (Lines::Links(mask), Some(chain)) =
            (candidate.lines, chain_of(self.rulebook, candidate.offer, candidate.identity))
        else {
            return Ok(());
        };
        let cascade = self
            .rulebook
            .cascade_of(candidate.offer)
            .and_then(|place| self.rulebook.catalogue.cascades.get(place));
        let (Some(subset), Some(cascade)) = (chain.subsets.get(mask), cascade) else { return Ok(()) };
        let basis = candidates::basis_of(cascade.basis, candidate.who);
        let cost = self.subjects.fact(basis.who, basis.fact);
        for ((number, standard), schedule) in chain.links.iter().enumerate().zip(&subset.links) {
            let Some(rules) = self.rulebook.standards.get(*standard).filter(|_| mask & (1 << number) != 0)
            else {
                continue;
            };
            let function = schedule.and_then(|place| Some((place, self.rulebook.schedules.get(place)?)));
            let part = match (function, cost) {
                (None, _) => PartValue::Unpriced,
                (Some((_, function)), Some(cost)) => PartValue::Exact(function.at(cost)?),
                (Some((place, _)), None) => PartValue::Open(basis, place),
            };
            let amount = amount(rules, &[part])?;
            lines.push(Self::finished(candidate, *standard, rules, amount, vec![part]));
        }
        Ok(())
    }

    fn finished(
        candidate: &Candidate,
        standard: usize,
        rules: &StandardRules,
        amount: Amount,
        parts: Vec<PartValue>,
    ) -> Line {
        let extension = rules.extension(candidate.identity);
        Line { standard, extension, period: rules.period, amount, parts }
    }

    /// What is not decided, by measure and beneficiary in package order.
    fn undecided(&self) -> Vec<Undecided> {
        let mut rows: Vec<Undecided> = Vec::new();
        for doubt in &self.decision.doubts {
            let Some(rules) = self.rulebook.standards.get(doubt.standard) else { continue };
            let missing = self.missing(doubt, rules);
            let known = rows.iter_mut().find(|row| row.measure == rules.measure && row.who == doubt.who);
            let Some(row) = known else {
                let standards = vec![(doubt.standard, doubt.identities)];
                rows.push(Undecided { measure: rules.measure, who: doubt.who, standards, missing });
                continue;
            };
            match row.standards.iter_mut().find(|(standard, _)| *standard == doubt.standard) {
                Some((_, identities)) => *identities = identities.union(doubt.identities),
                None => row.standards.push((doubt.standard, doubt.identities)),
            }
            row.missing.extend(missing);
        }
        for row in &mut rows {
            self.order(&mut row.missing);
            row.standards.sort_unstable();
        }
        rows.sort_by_key(|row| (row.measure, self.subjects.rank(row.who)));
        rows
    }

    fn missing(&self, doubt: &Doubt, rules: &StandardRules) -> Vec<Missing> {
        let subject = self.subjects.subject(doubt.who);
        let mut missing = Vec::new();
        for condition in &rules.conditions {
            if condition.evaluate(&subject) == Answer::Unknown {
                for leaf in condition.missing(&subject) {
                    self.subjects.ask(doubt.who, leaf, &mut missing);
                }
            }
        }
        if let Some(IdentityDay::Unset(parameter)) = self.rulebook.identity_days.get(rules.day) {
            self.subjects.ask(doubt.who, Leaf::Param(parameter.clone()), &mut missing);
        }
        missing
    }

    fn order(&self, missing: &mut Vec<Missing>) {
        missing.sort_by(|one, other| {
            (self.subjects.rank(one.who), &one.leaf).cmp(&(self.subjects.rank(other.who), &other.leaf))
        });
        missing.dedup();
    }
}

/// The amount of a line from its parts: one payment, rounded once.
fn amount(rules: &StandardRules, parts: &[PartValue]) -> Result<Amount, ResolveError> {
    let mut sum: Option<Ratio> = None;
    let mut unpriced = false;
    for part in parts {
        match part {
            PartValue::Open(..) => return Ok(Amount::Open),
            PartValue::Exact(exact) => sum = Some(sum.unwrap_or(Ratio::ZERO).plus(*exact)?),
            PartValue::Loan(ceiling) if parts.len() == 1 => return Ok(Amount::Loan(*ceiling)),
            PartValue::Loan(_) | PartValue::Unpriced => unpriced = true,
        }
    }
    let Some(exact) = sum else { return Ok(Amount::Unpriced) };
    let payment = rules.rounding.apply(exact)?;
    // A priced 0 next to an unpriced part is a price all the same: unpriced is a value, never 0.
    Ok(if unpriced { Amount::PricedInPart { exact, payment } } else { Amount::Priced { exact, payment } })
}
