//! What only several things together show. One topic a file; every check adds what it finds.

mod amounts;
mod cascades;
mod exclusions;
mod identities;
mod income;
mod moments;
mod places;
mod value;
mod versions;
mod wordings;
mod worth;

use super::diagnostic::Findings;
use super::draft::Draft;
use super::names::Names;
use crate::domain::catalogue::Catalogue;

/// Runs every check. The catalogue is the draft's, in the same order.
pub(super) fn run(draft: &Draft<'_>, catalogue: &Catalogue, names: &Names, findings: &mut Findings) {
    wordings::unused(draft, names, findings);
    identities::complete(draft, findings);
    identities::fit_the_set(draft, findings);
    versions::overlapping_standards(draft, findings);
    versions::overlapping_rows(draft, findings);
    income::run(draft, findings);
    exclusions::scopes(draft, findings);
    exclusions::priorities(draft, findings);
    exclusions::same_category(draft, findings);
    exclusions::top_ups(draft, findings);
    cascades::links(draft, findings);
    places::extensions(draft, findings);
    places::values_fit_their_use(draft, findings);
    if places::cyclic(draft, findings) {
        // Without an end of the line of places no amount can be looked up.
        return;
    }
    cascades::one_standard_each(draft, catalogue, findings);
    if places::cyclic_shares(draft, catalogue, findings) {
        return;
    }
    amounts::periods(draft, catalogue, findings);
    amounts::rates(draft, catalogue, findings);
    if draft.places_are_whole() {
        worth::incomparable(draft, catalogue, findings);
        worth::dominated(draft, catalogue, findings);
    }
}
