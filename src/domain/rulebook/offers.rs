//! What can be taken, what competes with what, and every comparison that can be made beforehand.

use super::{Body, Chain, Cluster, ConflictRule, Offer, PartRules, Rulebook, RulebookError, Subset};
use crate::domain::catalogue::{Cascade, ExclusionMode};
use crate::domain::facts::Fact;
use crate::domain::identity::Identity;
use crate::domain::measure::{Gives, Measure, Unit};
use crate::domain::schedule::{Comparison, Schedule, ScheduleError};

impl Rulebook {
    pub(super) fn add_offers(&mut self) -> Result<(), RulebookError> {
        let catalogue = std::sync::Arc::clone(&self.catalogue);
        for (index, measure) in catalogue.measures.iter().enumerate() {
            let cascade = catalogue.cascades.iter().position(|cascade| cascade.links.contains(&measure.id));
            match cascade.and_then(|place| Some((place, catalogue.cascades.get(place)?))) {
                None => self.add_measure(index, measure),
                // A cascade stands where the first of its measures stands in matrix order.
                Some((place, cascade)) if self.offers.iter().all(|offer| !is_cascade(offer, place)) => {
                    self.add_cascade(place, cascade)?;
                }
                Some(_) => {}
            }
        }
        self.add_comparisons()?;
        self.add_clusters();
        Ok(())
    }

    fn add_measure(&mut self, index: usize, measure: &Measure) {
        let mine = self.standards.iter().enumerate().filter(|(_, rules)| rules.measure == index);
        let standards: Vec<usize> = mine.map(|(place, _)| place).collect();
        // By what the measure says, so that it does not depend on whether the place sets the line.
        let parts = measure.standards.iter().flat_map(|standard| &standard.parts);
        let top_up = parts.into_iter().any(|part| matches!(part.gives, Gives::TopUp { .. }));
        self.offers.push(Offer { unit: measure.unit, top_up, body: Body::Measure(standards) });
    }

    fn add_cascade(&mut self, place: usize, cascade: &Cascade) -> Result<(), RulebookError> {
        let mut chains: [Chain; 7] = std::array::from_fn(|_| Chain::default());
        for (identity, chain) in Identity::ALL.into_iter().zip(&mut chains) {
            let measures = cascade
                .links
                .iter()
                .filter_map(|id| self.catalogue.measures.iter().position(|m| m.id == *id));
            let find = |measure| {
                self.standards
                    .iter()
                    .position(|rules| rules.measure == measure && rules.opening().contains(identity))
            };
            chain.links = measures.filter_map(find).collect();
            let failed = |error| RulebookError::Amount { standard: cascade.id.clone(), error };
            chain.subsets = (0..1_usize << chain.links.len())
                .map(|subset| self.compose(&chain.links, subset, cascade.basis).map_err(failed))
                .collect::<Result<_, _>>()?;
        }
        self.offers.push(Offer {
            unit: Unit::Person,
            top_up: false,
            body: Body::Cascade { cascade: place, chains: Box::new(chains) },
        });
        Ok(())
    }

    /// What each link of a subset pays on what the links before it leave. Behind a link without a
    /// price nothing can be computed any more.
    fn compose(&mut self, links: &[usize], subset: usize, basis: Fact) -> Result<Subset, ScheduleError> {
        let mut result = Subset { links: vec![None; links.len()], all: None, priced: 0 };
        let mut paid: Option<Schedule> = None;
        for (number, link) in links.iter().enumerate() {
            if subset & (1 << number) == 0 {
                continue;
            }
            let Some(own) = self.link_schedule(*link, basis)? else { break };
            let (pays, total) = match &paid {
                None => (own.clone(), own),
                Some(paid) => {
                    let pays = own.after(paid)?;
                    let total = paid.plus(&pays)?;
                    (pays, total)
                }
            };
            let pays = self.intern(pays);
            if let Some(slot) = result.links.get_mut(number) {
                *slot = Some(pays);
            }
            result.priced += 1;
            paid = Some(total);
        }
        result.all = paid.map(|total| self.intern(total));
        Ok(result)
    }

    /// What a link pays on its own; `None` if one of its parts has no price.
    fn link_schedule(&self, standard: usize, basis: Fact) -> Result<Option<Schedule>, ScheduleError> {
        let Some(rules) = self.standards.get(standard) else { return Ok(None) };
        let mut sum: Option<Schedule> = None;
        for part in &rules.parts {
            let schedule = match part {
                PartRules::OfFact { fact, schedule, .. } if *fact == basis => self.schedules.get(*schedule),
                _ => None,
            };
            let Some(schedule) = schedule else { return Ok(None) };
            sum = Some(match sum {
                None => schedule.clone(),
                Some(sum) => sum.plus(schedule)?,
            });
        }
        Ok(sum)
    }

    fn add_comparisons(&mut self) -> Result<(), RulebookError> {
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for offer in &self.offers {
            let mut bases: Vec<(Option<Fact>, usize)> = match &offer.body {
                Body::Measure(standards) => {
                    let rules = standards.iter().filter_map(|place| self.standards.get(*place));
                    rules.flat_map(|rules| &rules.parts).filter_map(annual_schedule).collect()
                }
                Body::Cascade { chains, .. } => {
                    let subsets = chains.iter().flat_map(|chain| &chain.subsets);
                    subsets.filter_map(|subset| Some((None, subset.all?))).collect()
                }
            };
            bases.sort_unstable();
            bases.dedup();
            for (number, first) in bases.iter().enumerate() {
                let others = bases.iter().skip(number + 1).filter(|other| other.0 == first.0);
                pairs.extend(others.map(|other| (first.1.min(other.1), first.1.max(other.1))));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        self.comparisons = pairs
            .into_iter()
            .filter(|(one, other)| one != other)
            .filter_map(|(one, other)| {
                Some(((one, other), self.schedules.get(one)?.compare(self.schedules.get(other)?)))
            })
            .map(|(places, comparison)| Ok((places, comparison?)))
            .collect::<Result<Vec<((usize, usize), Comparison)>, ScheduleError>>()
            .map_err(|error| RulebookError::Amount { standard: String::from("comparison"), error })?;
        Ok(())
    }

    /// Joins offers that an exclusion or a shared category sets against one another.
    fn add_clusters(&mut self) {
        let rules = self.conflict_rules();
        let mut group: Vec<usize> = (0..self.offers.len()).collect();
        for rule in &rules {
            let touched: Vec<usize> = self.offers_of(rule);
            let Some(lowest) = touched.iter().filter_map(|offer| group.get(*offer)).min().copied() else {
                continue;
            };
            let joined: Vec<usize> = touched.iter().filter_map(|offer| group.get(*offer)).copied().collect();
            for slot in &mut group {
                if joined.contains(slot) {
                    *slot = lowest;
                }
            }
        }
        let mut clusters: Vec<Cluster> = Vec::new();
        for first in 0..self.offers.len() {
            let offers: Vec<usize> =
                group.iter().enumerate().filter(|(_, of)| **of == first).map(|(offer, _)| offer).collect();
            if offers.is_empty() {
                continue;
            }
            let mine: Vec<ConflictRule> = rules
                .iter()
                .filter(|rule| self.offers_of(rule).iter().any(|offer| offers.contains(offer)))
                .cloned()
                .collect();
            clusters.push(Cluster { offers, rules: mine });
        }
        // INVARIANT: a top-up never competes with a measure it looks at, so whoever is a head is
        // known when its cluster comes.
        clusters.sort_by_key(|cluster| {
            cluster.offers.iter().any(|offer| self.offers.get(*offer).is_some_and(|offer| offer.top_up))
        });
        let place = |offer: usize| clusters.iter().position(|cluster| cluster.offers.contains(&offer));
        self.cluster_of = (0..self.offers.len()).filter_map(place).collect();
        self.clusters = clusters;
    }

    fn offers_of(&self, rule: &ConflictRule) -> Vec<usize> {
        let holds = |offer: &Offer| rule.members.iter().flatten().any(|standard| contains(offer, *standard));
        self.offers.iter().enumerate().filter(|(_, offer)| holds(offer)).map(|(place, _)| place).collect()
    }

    /// The exclusions in force, and the shorthand for measures of one category.
    fn conflict_rules(&self) -> Vec<ConflictRule> {
        let mut rules: Vec<ConflictRule> = Vec::new();
        let mut explicit: Vec<(usize, usize)> = Vec::new();
        for (place, exclusion) in self.catalogue.exclusions.iter().enumerate() {
            if !exclusion.validity.contains(self.on) {
                continue;
            }
            let members: Vec<Vec<usize>> =
                exclusion.members.iter().map(|id| self.standards_named(id)).collect();
            for (number, member) in members.iter().enumerate() {
                // A priority says nothing of those that it refuses among one another.
                let others = members.iter().skip(number + 1);
                let others = others.filter(|_| exclusion.mode != ExclusionMode::Priority || number == 0);
                let measure = |standard: &usize| Some(self.standards.get(*standard)?.measure);
                for (one, other) in
                    member.iter().flat_map(|one| others.clone().flatten().map(move |other| (one, other)))
                {
                    if let (Some(one), Some(other)) = (measure(one), measure(other)) {
                        explicit.push((one.min(other), one.max(other)));
                    }
                }
            }
            let (mode, scope) = (exclusion.mode, exclusion.scope);
            rules.push(ConflictRule { exclusion: Some(place), mode, scope, members });
        }
        let measures: Vec<(usize, &Measure)> = self.catalogue.measures.iter().enumerate().collect();
        for (number, (one, first)) in measures.iter().enumerate() {
            for (other, second) in measures.iter().skip(number + 1) {
                let same = first.category == second.category && first.unit == second.unit;
                if same && !explicit.contains(&(*one, *other)) {
                    let members = vec![self.standards_named(&first.id), self.standards_named(&second.id)];
                    rules.push(ConflictRule {
                        exclusion: None,
                        mode: ExclusionMode::Highest,
                        scope: Unit::Person,
                        members,
                    });
                }
            }
        }
        rules
    }

    /// The standards in force of a measure, or the one of this id, ascending.
    fn standards_named(&self, id: &str) -> Vec<usize> {
        let named = |place: usize| {
            self.standard(place).is_some_and(|(measure, standard)| measure.id == id || standard.id == id)
        };
        (0..self.standards.len()).filter(|place| named(*place)).collect()
    }
}

fn annual_schedule(part: &PartRules) -> Option<(Option<Fact>, usize)> {
    match part {
        PartRules::OfFact { fact, annual, .. } => Some((Some(*fact), *annual)),
        _ => None,
    }
}

fn is_cascade(offer: &Offer, place: usize) -> bool {
    matches!(offer.body, Body::Cascade { cascade, .. } if cascade == place)
}

fn contains(offer: &Offer, standard: usize) -> bool {
    match &offer.body {
        Body::Measure(standards) => standards.contains(&standard),
        Body::Cascade { chains, .. } => chains.iter().any(|chain| chain.links.contains(&standard)),
    }
}
