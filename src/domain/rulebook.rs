//! A catalogue compiled for one place and date: everything that does not depend on the household.
//!
//! Identity sets are masks, conditions flat programs, amounts numbers or schedules, cascades composed
//! for every identity, and the comparisons of schedules that can ever meet are made once, here.

mod compile;
mod offers;
pub(crate) mod terms;

use std::sync::Arc;

use chrono::NaiveDate;

use super::catalogue::{Catalogue, ExclusionMode, Extension, Place};
use super::condition::Program;
use super::facts::Fact;
use super::identity::{Identity, IdentitySet};
use super::measure::{Measure, Standard, Unit, Unpriced};
use super::money::{Fen, Rounding};
use super::period::Period;
use super::ratio::Ratio;
use super::schedule::{Comparison, Schedule, ScheduleError};
use super::vocabulary::FactType;

/// The rules of one place on one date, ready to resolve households.
#[derive(Clone, Debug)]
pub struct Rulebook {
    /// The catalogue it was compiled from.
    pub catalogue: Arc<Catalogue>,
    /// The place's position in the catalogue.
    pub place: usize,
    /// The date.
    pub on: NaiveDate,
    /// The days on which identities are tested; the first is `on`. `None` is a day that no place sets.
    pub(super) identity_days: Vec<IdentityDay>,
    /// The standards in force.
    pub(super) standards: Vec<StandardRules>,
    /// What can be taken: measures and cascades, in matrix order.
    pub(super) offers: Vec<Offer>,
    /// Offers that compete with one another, those of a later stratum last.
    pub(super) clusters: Vec<Cluster>,
    /// For each offer, the place of its cluster.
    pub(super) cluster_of: Vec<usize>,
    /// For each need of the catalogue, the measures that answer it, ascending.
    pub(super) answering: Vec<Vec<usize>>,
    /// For each measure of the catalogue, whether a top-up looks at who takes it.
    pub(super) counts_for_heads: Vec<bool>,
    /// Schedules that amounts refer to.
    pub(super) schedules: Vec<Schedule>,
    /// Comparisons of schedules of one offer, by their two places, ascending.
    pub(super) comparisons: Vec<((usize, usize), Comparison)>,
    /// The rules of the needs, as in the catalogue.
    pub(super) needs: Vec<Program>,
    /// For each measure of the catalogue, the identities with a standard for it.
    pub(super) opened: Vec<IdentitySet>,
}

/// A day on which identities are tested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum IdentityDay {
    /// This day.
    On(NaiveDate),
    /// The day that this parameter would name, which no place sets.
    Unset(Arc<str>),
}

/// A standard in force, compiled.
#[derive(Clone, Debug)]
pub(super) struct StandardRules {
    /// The measure's place in the catalogue.
    pub(super) measure: usize,
    /// The standard's place in the measure.
    pub(super) standard: usize,
    /// The identities that open it of itself.
    pub(super) identities: IdentitySet,
    /// The identities to which extensions open it.
    pub(super) extended: IdentitySet,
    /// For each identity in order, the extension that opens it.
    pub(super) extensions: [Option<usize>; 7],
    /// The place in [`Rulebook::identity_days`].
    pub(super) day: usize,
    /// All must be met.
    pub(super) conditions: Vec<Program>,
    /// What it gives.
    pub(super) parts: Vec<PartRules>,
    /// What a payment covers.
    pub(super) period: Period,
    /// How it is rounded.
    pub(super) rounding: Rounding,
}

/// A part of a standard, compiled.
#[derive(Clone, Debug)]
pub(super) enum PartRules {
    /// An exact amount of fen: one payment, and a year.
    Fixed {
        /// One payment.
        payment: Ratio,
        /// A year.
        annual: Ratio,
    },
    /// A schedule of a fact: what one payment is, and what it is in a year.
    OfFact {
        /// The fact.
        fact: Fact,
        /// The place of the schedule of one payment.
        schedule: usize,
        /// The place of the schedule of a year.
        annual: usize,
    },
    /// A price that no place sets, for units that may be none.
    UnpricedUnits(Fact, Unpriced),
    /// A top-up to a line.
    TopUp {
        /// The line, a month and head, in fen.
        line: Fen,
        /// Places of the measures whose takers are no heads.
        not_heads: Vec<usize>,
    },
    /// A loan.
    Loan(Fen),
    /// No price.
    Unpriced(Unpriced),
}

/// Something that can be taken: a measure, or a cascade of measures.
#[derive(Clone, Debug)]
pub(super) struct Offer {
    /// For whom.
    pub(super) unit: Unit,
    /// Whether it is a top-up: then a person's own identity makes the person the beneficiary.
    pub(super) top_up: bool,
    /// A measure's standards, or a cascade.
    pub(super) body: Body,
}

/// What an offer consists of.
#[derive(Clone, Debug)]
pub(super) enum Body {
    /// The standards of one measure.
    Measure(Vec<usize>),
    /// A cascade.
    Cascade {
        /// Its place in the catalogue.
        cascade: usize,
        /// For each identity in order, the links that it opens.
        chains: Box<[Chain; 7]>,
    },
}

/// The links of a cascade that one identity opens, in the order in which they pay.
#[derive(Clone, Debug, Default)]
pub(super) struct Chain {
    /// The standards.
    pub(super) links: Vec<usize>,
    /// For every subset of the links (as a mask), what each link pays and what all pay, as schedules
    /// of the cascade's basis.
    pub(super) subsets: Vec<Subset>,
}

/// What a subset of the links of a chain pays.
#[derive(Clone, Debug, Default)]
pub(super) struct Subset {
    /// For each link of the chain: the place of its schedule; `None` if it is not in the subset, or
    /// has no price.
    pub(super) links: Vec<Option<usize>>,
    /// The place of the schedule of all links together; `None` if no link is priced.
    pub(super) all: Option<usize>,
    /// How many links are priced.
    pub(super) priced: u32,
}

/// Offers that compete, with the exclusions between them.
#[derive(Clone, Debug)]
pub(super) struct Cluster {
    /// Places of the offers.
    pub(super) offers: Vec<usize>,
    /// Exclusions between offers of the cluster.
    pub(super) rules: Vec<ConflictRule>,
}

/// An exclusion, compiled.
#[derive(Clone, Debug)]
pub(super) struct ConflictRule {
    /// Why: the exclusion's place in the catalogue, or `None` for a shared category.
    pub(super) exclusion: Option<usize>,
    /// How it is decided.
    pub(super) mode: ExclusionMode,
    /// `Person` binds for one beneficiary, `Household` for everybody in the household.
    pub(super) scope: Unit,
    /// The standards of each member, ascending.
    pub(super) members: Vec<Vec<usize>>,
}

/// A place and date that cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RulebookError {
    /// No place has this id.
    #[error("no place `{0}` in the catalogue")]
    UnknownPlace(String),
    /// An amount of this standard cannot be computed exactly.
    #[error("standard `{standard}`: {error}")]
    Amount {
        /// The standard's id.
        standard: String,
        /// Why.
        error: ScheduleError,
    },
}

/// The largest quantity for which amounts are functions of a fact, in the fact's unit.
pub(super) fn range_of(fact: Fact) -> i64 {
    match fact.def().ty {
        FactType::Count { most } => most,
        _ => Schedule::DEFAULT_RANGE,
    }
}

impl Rulebook {
    /// The place.
    pub fn place(&self) -> Option<&Place> {
        self.catalogue.places.get(self.place)
    }

    /// The measure and standard at a place of [`super::package::Line::standard`].
    pub fn standard(&self, index: usize) -> Option<(&Measure, &Standard)> {
        let rules = self.standards.get(index)?;
        let measure = self.catalogue.measures.get(rules.measure)?;
        Some((measure, measure.standards.get(rules.standard)?))
    }

    /// The catalogue's place of the measure that a standard belongs to.
    pub fn measure_of(&self, standard: usize) -> Option<usize> {
        self.standards.get(standard).map(|rules| rules.measure)
    }

    /// The schedule at a place of [`super::package::PartValue::Open`].
    pub fn schedule(&self, index: usize) -> Option<&Schedule> {
        self.schedules.get(index)
    }

    /// Why a part of a line has no price.
    pub fn unpriced(&self, standard: usize, part: usize) -> Option<&Unpriced> {
        match self.standards.get(standard)?.parts.get(part)? {
            PartRules::Unpriced(reason) | PartRules::UnpricedUnits(_, reason) => Some(reason),
            _ => None,
        }
    }

    /// The extension at a place of [`super::package::Line::extension`].
    pub fn extension(&self, index: usize) -> Option<&Extension> {
        self.catalogue.extensions(self.place()?, self.on).nth(index)
    }

    /// The cascade's place in the catalogue, if the offer is one.
    pub fn cascade_of(&self, offer: usize) -> Option<usize> {
        match self.offers.get(offer)?.body {
            Body::Cascade { cascade, .. } => Some(cascade),
            Body::Measure(_) => None,
        }
    }

    /// The measure of an offer that is no cascade, by its place in the catalogue.
    pub fn measure_of_offer(&self, offer: usize) -> Option<usize> {
        match &self.offers.get(offer)?.body {
            Body::Measure(standards) => self.measure_of(*standards.first()?),
            Body::Cascade { .. } => None,
        }
    }

    /// The measures of an offer, by their places in the catalogue.
    pub fn measures_of(&self, offer: usize) -> impl Iterator<Item = usize> {
        let links = self.cascade_of(offer).and_then(|place| self.catalogue.cascades.get(place));
        let links = links.into_iter().flat_map(|cascade| &cascade.links);
        let place = |id: &String| self.catalogue.measures.iter().position(|measure| measure.id == *id);
        self.measure_of_offer(offer).into_iter().chain(links.filter_map(place))
    }

    /// The id of an offer: that of its measure or cascade.
    pub fn offer_id(&self, offer: usize) -> Option<&str> {
        if let Some(cascade) = self.cascade_of(offer) {
            return self.catalogue.cascades.get(cascade).map(|cascade| cascade.id.as_str());
        }
        let measure = self.catalogue.measures.get(self.measure_of_offer(offer)?)?;
        Some(measure.id.as_str())
    }

    /// The offer of a measure or cascade by its id; a measure's code does too, and a link stands for its
    /// cascade. `None` if there is none in force here.
    pub fn offer_named(&self, name: &str) -> Option<usize> {
        (0..self.offers.len()).find(|offer| {
            self.offer_id(*offer) == Some(name)
                || self.measures_of(*offer).any(|place| {
                    let measure = self.catalogue.measures.get(place);
                    measure.is_some_and(|measure| measure.id == name || measure.code == name)
                })
        })
    }

    /// The departments that own an offer's measures, by code.
    pub fn owners(&self, offer: usize) -> impl Iterator<Item = &str> {
        let measures = self.measures_of(offer).filter_map(|place| self.catalogue.measures.get(place));
        measures.map(|measure| measure.department.as_str())
    }

    /// The identities under which a measure of the catalogue has a standard here, and those among
    /// them that only an extension opens.
    pub fn opened(&self, measure: usize) -> (IdentitySet, IdentitySet) {
        let all = self.opened.get(measure).copied().unwrap_or_default();
        let own =
            self.standards.iter().filter(|rules| rules.measure == measure).map(|rules| rules.identities);
        (all, all.without(own.fold(IdentitySet::NONE, IdentitySet::union)))
    }

    /// Measures in reach of any of these identities, conditions not looked at, by place in the catalogue.
    pub fn reach(&self, identities: IdentitySet) -> impl Iterator<Item = usize> {
        let opened = self.opened.iter().enumerate();
        opened.filter(move |(_, opened)| !opened.intersection(identities).is_empty()).map(|(index, _)| index)
    }

    /// The cluster of an offer.
    pub(super) fn cluster(&self, offer: usize) -> Option<&Cluster> {
        self.clusters.get(*self.cluster_of.get(offer)?)
    }

    pub(super) fn comparison(&self, first: usize, second: usize) -> Option<&Comparison> {
        let found = self.comparisons.binary_search_by_key(&(first, second), |(places, _)| *places).ok()?;
        self.comparisons.get(found).map(|(_, comparison)| comparison)
    }
}

impl StandardRules {
    pub(super) fn opening(&self) -> IdentitySet {
        self.identities.union(self.extended)
    }

    pub(super) fn extension(&self, identity: Identity) -> Option<usize> {
        self.extensions.get(identity.index()).copied().flatten()
    }
}
