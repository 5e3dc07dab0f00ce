//! From a catalogue to a rulebook: the standards in force, with their amounts looked up.

use std::sync::Arc;

use chrono::NaiveDate;

use super::terms::{Missing, Terms};
use super::{IdentityDay, PartRules, Rulebook, RulebookError, StandardRules, range_of};
use crate::domain::catalogue::{Catalogue, Extension, Need};
use crate::domain::facts::Fact;
use crate::domain::identity::{Identity, IdentitySet};
use crate::domain::measure::{Gives, Measure, Standard, Units, Unpriced};
use crate::domain::money::{Fen, Rounding};
use crate::domain::period::Period;
use crate::domain::ratio::{ArithmeticError, Ratio};
use crate::domain::schedule::{Schedule, ScheduleError};
use crate::domain::vocabulary::FactType;

impl Rulebook {
    /// Compiles the rules of a place on a date.
    ///
    /// # Errors
    /// An unknown place, or an amount that cannot be computed exactly.
    pub fn compile(catalogue: &Arc<Catalogue>, place: &str, on: NaiveDate) -> Result<Self, RulebookError> {
        let index = catalogue.places.iter().position(|known| known.id == place);
        let found = index.and_then(|index| Some((index, catalogue.places.get(index)?)));
        let Some((index, place)) = found else {
            return Err(RulebookError::UnknownPlace(place.to_owned()));
        };
        let terms = Terms { catalogue, place, on };
        let param = |name: &str| terms.comparable(name);
        let mut rulebook = Self {
            catalogue: Arc::clone(catalogue),
            place: index,
            on,
            identity_days: vec![IdentityDay::On(on)],
            standards: Vec::new(),
            offers: Vec::new(),
            clusters: Vec::new(),
            cluster_of: Vec::new(),
            answering: answering(catalogue),
            counts_for_heads: vec![false; catalogue.measures.len()],
            schedules: Vec::new(),
            comparisons: Vec::new(),
            needs: catalogue.needs.iter().map(|need| need.when.compile(&param)).collect(),
            opened: vec![IdentitySet::NONE; catalogue.measures.len()],
        };
        for (measure_index, measure) in catalogue.measures.iter().enumerate() {
            for (standard_index, standard) in measure.standards.iter().enumerate() {
                if standard.validity.contains(on) {
                    rulebook.add_standard(terms, measure_index, standard_index, measure, standard)?;
                }
            }
        }
        rulebook.add_offers()?;
        Ok(rulebook)
    }

    fn add_standard(
        &mut self,
        terms: Terms<'_>,
        measure_index: usize,
        standard_index: usize,
        measure: &Measure,
        standard: &Standard,
    ) -> Result<(), RulebookError> {
        let failed = |error| RulebookError::Amount { standard: standard.id.clone(), error };
        let extensions = opened_further(terms, measure, standard);
        let extended =
            Identity::ALL.into_iter().filter(|one| extensions.get(one.index()).copied().flatten().is_some());
        let param = |name: &str| terms.comparable(name);
        let mut parts = Vec::with_capacity(standard.parts.len());
        let mut period = standard.period;
        for part in &standard.parts {
            let (rules, stated) = self.part(terms, &part.gives).map_err(failed)?;
            period = period.or(stated);
            parts.push(rules);
        }
        let period = period.unwrap_or(Period::Year);
        for part in &mut parts {
            match part {
                PartRules::OfFact { schedule, annual, .. } => {
                    *annual = self.annual(*schedule, period).map_err(failed)?;
                }
                PartRules::Fixed { payment, annual } => {
                    let times = Ratio::integer(period.payments_a_year());
                    *annual = payment.times(times).map_err(|error| failed(error.into()))?;
                }
                PartRules::TopUp { not_heads, .. } => {
                    for measure in not_heads {
                        if let Some(counts) = self.counts_for_heads.get_mut(*measure) {
                            *counts = true;
                        }
                    }
                }
                PartRules::UnpricedUnits(..) | PartRules::Loan(_) | PartRules::Unpriced(_) => {}
            }
        }
        let rules = StandardRules {
            measure: measure_index,
            standard: standard_index,
            identities: standard.identities,
            extended: extended.collect(),
            extensions,
            day: self.day_place(terms, standard),
            conditions: standard.conditions.iter().map(|condition| condition.when.compile(&param)).collect(),
            parts,
            period,
            rounding: standard.rounding,
        };
        if let Some(opened) = self.opened.get_mut(measure_index) {
            *opened = opened.union(rules.opening());
        }
        self.standards.push(rules);
        Ok(())
    }

    /// A part's rules and the period that the place states for it. An amount that no place sets
    /// leaves the part unpriced.
    fn part(
        &mut self,
        terms: Terms<'_>,
        gives: &Gives,
    ) -> Result<(PartRules, Option<Period>), ScheduleError> {
        match self.priced_part(terms, gives) {
            Ok(part) => Ok(part),
            Err(Missing::Amount(error)) => Err(error),
            Err(Missing::NotSet(name)) => {
                let reason = Unpriced::NotSetHere(name);
                let rules = match gives {
                    Gives::PerUnit { units: Units::Fact(fact), .. } => {
                        PartRules::UnpricedUnits(*fact, reason)
                    }
                    _ => PartRules::Unpriced(reason),
                };
                Ok((rules, None))
            }
        }
    }

    fn priced_part(
        &mut self,
        terms: Terms<'_>,
        gives: &Gives,
    ) -> Result<(PartRules, Option<Period>), Missing> {
        let fixed = |fen: Ratio, period| Ok((PartRules::Fixed { payment: fen, annual: fen }, period));
        match gives {
            Gives::Amount { amount } => terms.sum(amount).and_then(|sum| fixed(sum.fen, sum.period)),
            Gives::ShareOf { rate, of } => {
                let whole = terms.sum(of)?;
                fixed(whole.fen.times(terms.rate(rate)?)?, None)
            }
            Gives::PerUnit { price, units: Units::Term(units), times } => {
                let units = Ratio::integer(terms.count(units)?);
                fixed(terms.rate(price)?.times(units)?.times(Ratio::integer(*times))?, None)
            }
            Gives::PerUnit { price, units: Units::Fact(fact), times } => {
                let scale = if matches!(fact.def().ty, FactType::Count { .. }) { 1 } else { 1000 };
                let slope = terms.rate(price)?.times(Ratio::integer(*times))?.over(Ratio::integer(scale))?;
                Ok((self.of_fact(*fact, Schedule::linear(Ratio::ZERO, slope, range_of(*fact))?), None))
            }
            Gives::Reimbursement { basis, deductible, deductible_factor, rates, rate_plus, cap } => {
                let (deductible, rates) = ((deductible, deductible_factor), (rates, rate_plus));
                let schedule = terms.reimbursement(deductible, rates, cap)?;
                Ok((self.of_fact(*basis, schedule), None))
            }
            Gives::TopUp { line, not_heads } => {
                let line = terms.sum(line)?.fen.round_half_up();
                let line = i64::try_from(line)
                    .map_err(|_too_large| ScheduleError::Arithmetic(ArithmeticError::Overflow))?;
                let place_of =
                    |id: &String| terms.catalogue.measures.iter().position(|known| known.id == *id);
                let not_heads = not_heads.iter().filter_map(place_of).collect();
                Ok((PartRules::TopUp { line: Fen::new(line), not_heads }, None))
            }
            Gives::Loan { ceiling } => {
                let ceiling = Rounding::HalfUpToFen.apply(terms.sum(ceiling)?.fen)?;
                Ok((PartRules::Loan(ceiling), None))
            }
            Gives::Unpriced { reason, .. } => Ok((PartRules::Unpriced(reason.clone()), None)),
        }
    }

    fn of_fact(&mut self, fact: Fact, schedule: Schedule) -> PartRules {
        let schedule = self.intern(schedule);
        PartRules::OfFact { fact, schedule, annual: schedule }
    }

    fn annual(&mut self, schedule: usize, period: Period) -> Result<usize, ScheduleError> {
        let times = period.payments_a_year();
        let scaled = match self.schedules.get(schedule) {
            Some(payment) if times != 1 => payment.scaled(Ratio::integer(times))?,
            _ => return Ok(schedule),
        };
        Ok(self.intern(scaled))
    }

    /// The place of a schedule; equal ones share one.
    pub(super) fn intern(&mut self, schedule: Schedule) -> usize {
        if let Some(known) = self.schedules.iter().position(|known| *known == schedule) {
            return known;
        }
        self.schedules.push(schedule);
        self.schedules.len() - 1
    }

    fn day_place(&mut self, terms: Terms<'_>, standard: &Standard) -> usize {
        let Some(name) = &standard.identity_on else { return 0 };
        let day = match terms.date(name) {
            Some(day) => IdentityDay::On(day),
            None => IdentityDay::Unset(Arc::from(name.as_str())),
        };
        if let Some(known) = self.identity_days.iter().position(|known| *known == day) {
            return known;
        }
        self.identity_days.push(day);
        self.identity_days.len() - 1
    }
}

fn answering(catalogue: &Catalogue) -> Vec<Vec<usize>> {
    let row = |need: &Need| {
        let measures = catalogue.measures.iter().enumerate();
        measures
            .filter(|(_, measure)| measure.answers_need.contains(&need.id))
            .map(|(place, _)| place)
            .collect()
    };
    catalogue.needs.iter().map(row).collect()
}

/// For each identity in order, the extension that opens the standard to it.
fn opened_further(terms: Terms<'_>, measure: &Measure, standard: &Standard) -> [Option<usize>; 7] {
    let in_force: Vec<&Extension> = terms.catalogue.extensions(terms.place, terms.on).collect();
    Identity::ALL.map(|identity| {
        let opens = |extension: &&Extension| {
            extension.measures.contains(&measure.id)
                && standard.identities.contains(extension.like)
                && !standard.identities.contains(identity)
                && extension.to.contains(identity)
        };
        in_force.iter().position(opens)
    })
}
