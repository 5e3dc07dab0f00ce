//! Who can reach what: the matrix of measures and identity types, reach, and the gap between tracks.

use std::sync::Arc;

use async_graphql::{Object, SimpleObject};

use super::enums::{CellState, IdentityCode, Track};
use super::measure::Measure;
use super::place::{Extension, Place};
use super::standard::Standard;
use crate::documents::package::ENGINE_VERSION;
use crate::domain::identity::{Identity, IdentitySet};
use crate::domain::measure::{MeasureSet, Standing};
use crate::domain::rulebook::Rulebook;
use crate::graphql::context::Scope;
use crate::graphql::scalars::Date;
use crate::graphql::weight::list;

/// The matrix at a place on a date.
pub struct EligibilityMatrix<'c>(pub Scope<'c>, pub Arc<Rulebook>);

/// Which identity types open which measures, at a place on a date.
#[Object]
impl<'c> EligibilityMatrix<'c> {
    /// The place.
    async fn place(&self) -> Place<'c> {
        Place(self.0, self.0.place)
    }

    /// The date.
    async fn on(&self) -> Date {
        Date(self.0.on)
    }

    /// One row for each measure, in matrix order.
    #[graphql(complexity = "list(34, child_complexity)")]
    async fn rows(&self) -> Vec<MatrixRow<'c>> {
        let row = |(place, measure)| {
            let (all, extended) = self.1.opened(place);
            MatrixRow { measure, all, extended }
        };
        Measure::all(self.0).enumerate().map(row).collect()
    }
}

/// A row of the matrix.
pub struct MatrixRow<'c> {
    measure: Measure<'c>,
    all: IdentitySet,
    extended: IdentitySet,
}

/// A row of the matrix.
#[Object]
impl<'c> MatrixRow<'c> {
    /// The measure.
    async fn measure(&self) -> Measure<'c> {
        self.measure
    }

    /// One cell for each of the seven identity types, in order.
    #[graphql(complexity = "list(7, child_complexity)")]
    async fn cells(&self) -> Vec<MatrixCell<'c>> {
        let cell = |identity: Identity| {
            let state = match (self.all.contains(identity), self.extended.contains(identity)) {
                (false, _) => CellState::Closed,
                (true, true) => CellState::ByExtension,
                (true, false) => CellState::Open,
            };
            MatrixCell { measure: self.measure, identity, state }
        };
        Identity::ALL.into_iter().map(cell).collect()
    }
}

/// A cell of the matrix.
pub struct MatrixCell<'c> {
    measure: Measure<'c>,
    identity: Identity,
    state: CellState,
}

impl<'c> MatrixCell<'c> {
    /// The standards in force that the identity type opens.
    fn opened(&self) -> impl Iterator<Item = Standard<'c>> {
        let (scope, identity) = (self.measure.0, self.identity);
        let all = Standard::all(scope, self.measure.1);
        all.filter(move |one| one.standard.validity.contains(scope.on) && one.opens(identity))
    }
}

/// A cell of the matrix: one measure, one identity type.
#[Object]
impl<'c> MatrixCell<'c> {
    /// The identity type.
    async fn identity(&self) -> IdentityCode {
        self.identity.into()
    }

    /// Whether it opens the measure.
    async fn state(&self) -> CellState {
        self.state
    }

    /// Whether every standard that it opens has a condition.
    async fn conditional(&self) -> bool {
        self.state != CellState::Closed && self.opened().all(|one| !one.standard.conditions.is_empty())
    }

    /// The standards in force that it opens.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn standards(&self) -> Vec<Standard<'c>> {
        self.opened().collect()
    }

    /// The extensions that open it, where only extensions do.
    #[graphql(complexity = "list(2, child_complexity)")]
    async fn extensions(&self) -> Vec<Extension<'c>> {
        if self.state != CellState::ByExtension {
            return Vec::new();
        }
        let scope = self.measure.0;
        let in_force = scope.catalogue.extensions(scope.place, scope.on);
        let opens = in_force
            .filter(|one| one.measures.contains(&self.measure.1.id) && one.to.contains(self.identity));
        opens.map(|one| Extension(scope, one)).collect()
    }
}

/// What some identities can reach.
pub struct Reach<'c> {
    /// The place and date.
    pub scope: Scope<'c>,
    /// The identities.
    pub identities: IdentitySet,
    /// The measures.
    pub within: Vec<Measure<'c>>,
}

impl<'c> Reach<'c> {
    /// The measures in reach of any of the identities.
    pub fn new(scope: Scope<'c>, rulebook: &Rulebook, identities: IdentitySet) -> Self {
        let within = rulebook.reach(identities).filter_map(|place| Measure::at(scope, place)).collect();
        Self { scope, identities, within }
    }
}

/// The measures with a standard for any of some identity types; conditions are not looked at.
#[Object]
impl<'c> Reach<'c> {
    /// The place.
    async fn place(&self) -> Place<'c> {
        Place(self.scope, self.scope.place)
    }

    /// The date.
    async fn on(&self) -> Date {
        Date(self.scope.on)
    }

    /// The identity types, in order.
    async fn identities(&self) -> Vec<IdentityCode> {
        self.identities.iter().map(Into::into).collect()
    }

    /// How many measures.
    async fn count(&self) -> usize {
        self.within.len()
    }

    /// The measures, in matrix order.
    #[graphql(complexity = "list(34, child_complexity)")]
    async fn measures(&self) -> Vec<Measure<'c>> {
        self.within.clone()
    }
}

/// What one track lacks.
pub struct TrackGap<'c> {
    /// The track that lacks them.
    pub track: Track,
    /// The measures.
    pub lacking: Vec<Measure<'c>>,
}

/// Measures in the other track's reach and not in this one's.
#[Object]
impl<'c> TrackGap<'c> {
    /// The track that lacks them.
    async fn track(&self) -> Track {
        self.track
    }

    /// How many measures.
    async fn count(&self) -> usize {
        self.lacking.len()
    }

    /// The measures, in matrix order.
    #[graphql(complexity = "list(34, child_complexity)")]
    async fn measures(&self) -> Vec<Measure<'c>> {
        self.lacking.clone()
    }
}

/// The catalogue in numbers.
#[derive(SimpleObject)]
pub struct CatalogueSummary {
    /// SHA-256 of the compiled catalogue, without translations and notes.
    hash: String,
    /// The version of the engine.
    engine_version: &'static str,
    /// How many measures.
    measures: usize,
    /// Measures of both tracks with different standards.
    differing: usize,
    /// Measures for monitored households only.
    monitored_only: usize,
    /// Measures of both tracks at one standard.
    shared: usize,
    /// Measures of social assistance only.
    social_assistance_only: usize,
    /// Measures that the paper names.
    named: usize,
    /// Measures that were reconstructed.
    reconstructed: usize,
    /// How many identity types.
    identity_types: usize,
    /// How many departments.
    departments: usize,
    /// How many places.
    places: usize,
    /// How many documents in the list of sources.
    documents: usize,
}

impl CatalogueSummary {
    /// Counts a catalogue.
    pub fn new(scope: Scope<'_>) -> Self {
        let catalogue = scope.catalogue;
        let of = |set: MeasureSet| catalogue.measures.iter().filter(|one| one.set == set).count();
        let named = catalogue.measures.iter().filter(|one| one.standing == Standing::Named).count();
        Self {
            hash: catalogue.hash.to_string(),
            engine_version: ENGINE_VERSION,
            measures: catalogue.measures.len(),
            differing: of(MeasureSet::Differing),
            monitored_only: of(MeasureSet::MonitoredOnly),
            shared: of(MeasureSet::Shared),
            social_assistance_only: of(MeasureSet::SocialAssistanceOnly),
            named,
            reconstructed: catalogue.measures.len() - named,
            identity_types: catalogue.identities.len(),
            departments: catalogue.departments.len(),
            places: catalogue.places.len(),
            documents: catalogue.documents.len(),
        }
    }
}
