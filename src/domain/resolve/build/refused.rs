//! What was not taken: by what, on which rule, by how much, and what a choice would change.

use super::Builder;
use crate::domain::catalogue::ExclusionMode;
use crate::domain::condition::Leaf;
use crate::domain::measure::Unpriced;
use crate::domain::package::{
    Against, Beneficiary, Difference, Instead, Missing, NotTaken, Refusal, Undecided,
};
use crate::domain::ratio::Ratio;
use crate::domain::resolve::ResolveError;
use crate::domain::resolve::candidates::{Candidate, OpenWorth};
use crate::domain::resolve::contest::{self, clash};
use crate::domain::resolve::value::Value;
use crate::domain::rulebook::PartRules;

impl Builder<'_> {
    pub(super) fn not_taken(
        &self,
        taken: &[usize],
        undecided: &[Undecided],
    ) -> Result<Vec<NotTaken>, ResolveError> {
        let mut seen = vec![false; self.decision.candidates.len()];
        let in_open =
            self.decision.open.iter().flat_map(|(_, choices)| choices).flat_map(|(_, numbers)| numbers);
        for number in taken.iter().chain(in_open) {
            if let Some(slot) = seen.get_mut(*number) {
                *slot = true;
            }
        }
        let unseen = seen.iter().enumerate().filter(|(_, seen)| !**seen);
        let mut refused: Vec<usize> = unseen.map(|(number, _)| number).collect();
        self.sort(&mut refused);
        let mut rows = Vec::with_capacity(refused.len());
        for number in refused {
            let Some(candidate) = self.candidate(number) else { continue };
            let Some((by, winner, reason)) = self.refused_by(candidate, taken) else { continue };
            let difference = self.difference(winner, candidate)?;
            let instead = match reason {
                Refusal::Exclusion(place) if self.is_choice(place) => {
                    self.instead(number, taken, undecided)?
                }
                _ => None,
            };
            let missing = match difference {
                Difference::NotComparable => self.unset(winner, candidate),
                _ => Vec::new(),
            };
            if let Some(refused) = self.entitlement(number, undecided)? {
                rows.push(NotTaken { refused, reason, by, difference, instead, missing });
            }
        }
        Ok(rows)
    }

    /// What stands against a candidate: an entitlement, or a bundle of the alternatives.
    fn refused_by(&self, candidate: &Candidate, taken: &[usize]) -> Option<(Against, &Candidate, Refusal)> {
        let cluster = self.rulebook.cluster(candidate.offer)?;
        let against = |number: usize| {
            let winner = self.candidate(number).filter(|winner| cluster.offers.contains(&winner.offer))?;
            let clash = clash(self.rulebook, cluster, winner, candidate).filter(|clash| clash.forward)?;
            Some((winner, clash.reason))
        };
        let entitled = taken.iter().enumerate().find_map(|(place, number)| {
            let (winner, reason) = against(*number)?;
            Some((Against::Entitlement(place), winner, reason))
        });
        entitled.or_else(|| {
            self.decision.open.iter().enumerate().find_map(|(place, (_, choices))| {
                let numbers = choices.iter().flat_map(|(_, numbers)| numbers);
                let (winner, reason) = numbers.into_iter().find_map(|number| against(*number))?;
                Some((Against::Alternatives(place), winner, reason))
            })
        })
    }

    fn is_choice(&self, exclusion: usize) -> bool {
        let exclusion = self.rulebook.catalogue.exclusions.get(exclusion);
        exclusion.is_some_and(|exclusion| exclusion.mode == ExclusionMode::Choice)
    }

    /// What would be taken if the applicant chose this candidate.
    fn instead(
        &self,
        wanted: usize,
        taken: &[usize],
        undecided: &[Undecided],
    ) -> Result<Option<Instead>, ResolveError> {
        let candidates = &self.decision.candidates;
        let Some(cluster) = self.candidate(wanted).and_then(|one| self.rulebook.cluster(one.offer)) else {
            return Ok(None);
        };
        let in_cluster = candidates.iter().enumerate().filter(|(_, one)| cluster.offers.contains(&one.offer));
        let numbers: Vec<usize> = in_cluster.map(|(number, _)| number).collect();
        let components = contest::components(self.rulebook, cluster, candidates, &numbers);
        let Some(component) = components.into_iter().find(|component| component.contains(&wanted)) else {
            return Ok(None);
        };
        let best = contest::best_with(self.scope(), cluster, candidates, &component, wanted)?;
        let Some(mut chosen) = best else { return Ok(None) };
        self.sort(&mut chosen);
        let given_up =
            |(_, number): &(usize, &usize)| component.contains(*number) && !chosen.contains(*number);
        let given_up: Vec<usize> =
            taken.iter().enumerate().filter(given_up).map(|(place, _)| place).collect();
        let total = |numbers: &mut dyn Iterator<Item = usize>| -> Result<Option<Ratio>, ResolveError> {
            let mut sum = Ratio::ZERO;
            for candidate in numbers.filter_map(|number| self.candidate(number)) {
                if candidate.worth.open != OpenWorth::Nothing || candidate.worth.unpriced {
                    return Ok(None);
                }
                sum = sum.plus(candidate.worth.known)?;
            }
            Ok(Some(sum))
        };
        let proposed = total(&mut taken.iter().copied().filter(|number| component.contains(number)))?;
        let difference = match (proposed, total(&mut chosen.iter().copied())?) {
            (Some(proposed), Some(instead)) => Some(proposed.minus(instead)?),
            _ => None,
        };
        let mut entitlements = Vec::with_capacity(chosen.len());
        for number in chosen {
            entitlements.extend(self.entitlement(number, undecided)?);
        }
        Ok(Some(Instead { entitlements, given_up, difference }))
    }

    /// Parameters that no place sets and that keep two candidates from being compared.
    fn unset(&self, taken: &Candidate, refused: &Candidate) -> Vec<Missing> {
        let standards = taken.standards(self.rulebook).chain(refused.standards(self.rulebook));
        let parts = standards
            .filter_map(|standard| self.rulebook.standards.get(standard))
            .flat_map(|rules| &rules.parts);
        let names = parts.filter_map(|part| match part {
            PartRules::Unpriced(Unpriced::NotSetHere(name))
            | PartRules::UnpricedUnits(_, Unpriced::NotSetHere(name)) => {
                Some(Missing { who: Beneficiary::Household, leaf: Leaf::Param(name.as_str().into()) })
            }
            _ => None,
        });
        let mut missing: Vec<Missing> = names.collect();
        self.order(&mut missing);
        missing
    }

    /// What was taken against what was refused, a year.
    pub(super) fn difference(
        &self,
        taken: &Candidate,
        refused: &Candidate,
    ) -> Result<Difference, ResolveError> {
        let (one, other) = (&taken.worth, &refused.worth);
        if taken.who == refused.who && taken.standards(self.rulebook).eq(refused.standards(self.rulebook)) {
            return Ok(Difference::SameStandard);
        }
        if one.priced == 0 || other.priced == 0 || one.unpriced || other.unpriced {
            return Ok(Difference::NotComparable);
        }
        Ok(match (one.open, other.open) {
            (OpenWorth::Nothing, OpenWorth::Nothing) => Difference::Exact(one.known.minus(other.known)?),
            (OpenWorth::One(basis, first), OpenWorth::One(also, second))
                if basis == also && first == second =>
            {
                Difference::Exact(one.known.minus(other.known)?)
            }
            (OpenWorth::One(basis, first), OpenWorth::One(also, second))
                if basis == also && one.known.is_zero() && other.known.is_zero() =>
            {
                match self.rulebook.comparison(first.min(second), first.max(second)) {
                    Some(known) if first < second => Difference::OverRange(known.clone()),
                    Some(known) => Difference::OverRange(known.reversed()),
                    None => Difference::NotComparable,
                }
            }
            _ => {
                let (first, second) = (Value::of(self.scope(), taken)?, Value::of(self.scope(), refused)?);
                first.against(&second)?
            }
        })
    }
}
