//! Cascades: each link pays a share of the cascade's cost, once.

use std::collections::BTreeMap;

use super::super::diagnostic::{Findings, Site, codes};
use super::super::draft::Draft;
use super::moments::{lines, shared};
use crate::domain::catalogue::{Catalogue, Extension};
use crate::domain::facts::Fact;
use crate::domain::identity::IdentitySet;
use crate::domain::measure::{Gives, Measure, Standard, Unit};

/// Links are reimbursements of the cascade's cost for one person, each in one cascade only.
pub(in super::super) fn links(draft: &Draft<'_>, findings: &mut Findings) {
    let mut linked: BTreeMap<&str, Site<'_>> = BTreeMap::new();
    for cascade in &draft.cascades {
        for id in &cascade.item.links {
            if let Some(first) = linked.insert(id, cascade.site) {
                let message = format!("`{id}` is a link already{}", lines(first));
                findings.add(cascade.site, codes::LINK_TWICE, message, "a measure pays in one cascade, once");
            }
            let Some(read) = draft.measure(id) else { continue };
            if read.measure.unit != Unit::Person {
                let message = format!("the link `{id}` is for the household");
                findings.add(cascade.site, codes::CASCADE_UNIT, message, "a cascade is for one person");
            } else if read.complete && !pays(&read.measure, cascade.item.basis) {
                let message =
                    format!("the link `{id}` is not a reimbursement of `{}`", cascade.item.basis.def().id);
                let hint = "every part of a link gives a `reimbursement` with the `basis` of the cascade";
                findings.add(cascade.site, codes::CASCADE_LINK, message, hint);
            }
        }
    }
}

/// Whether every part is a reimbursement on the basis, or has no price, and some part is the former.
fn pays(measure: &Measure, basis: Fact) -> bool {
    let parts = || measure.standards.iter().flat_map(|standard| &standard.parts).map(|part| &part.gives);
    let on_basis = |gives: &Gives| matches!(gives, Gives::Reimbursement { basis: of, .. } if *of == basis);
    let unpriced = |gives: &Gives| matches!(gives, Gives::Unpriced { .. });
    parts().any(on_basis) && parts().all(|gives| on_basis(gives) || unpriced(gives))
}

/// An identity opens at most one standard of a link on a day, extensions included.
pub(in super::super) fn one_standard_each(draft: &Draft<'_>, catalogue: &Catalogue, findings: &mut Findings) {
    let links = draft.cascades.iter().flat_map(|cascade| &cascade.item.links);
    for read in links.filter_map(|id| draft.measure(id)) {
        let standards: Vec<_> = read.measure.standards.iter().zip(&read.standards).collect();
        for (index, (second, site)) in standards.iter().enumerate() {
            // Versions of one standard are looked at elsewhere.
            let others = standards.iter().take(index).filter(|(first, _)| first.id != second.id);
            for (first, first_site) in others {
                let Some((identities, place)) = both_open(catalogue, &read.measure.id, first, second) else {
                    continue;
                };
                let names = identities.iter().map(|identity| format!("`{identity}`")).collect::<Vec<_>>();
                let place = place.map_or(String::new(), |place| format!(" in `{place}`"));
                let message = format!(
                    "{} opens two standards of a link on one day{place}: `{}` and `{}`{}",
                    names.join(", "),
                    first.id,
                    second.id,
                    lines(first_site.site),
                );
                let hint = "a link pays by one standard for each identity";
                findings.add(site.site, codes::AMBIGUOUS_LINK, message, hint);
            }
        }
    }
}

/// The identities that open both standards on one day, with the place if an extension does it.
fn both_open<'c>(
    catalogue: &'c Catalogue,
    measure: &str,
    first: &Standard,
    second: &Standard,
) -> Option<(IdentitySet, Option<&'c str>)> {
    let days = shared(first.validity, second.validity)?;
    let same = first.identities.intersection(second.identities);
    if !same.is_empty() {
        return Some((same, None));
    }
    let extended = |standard: &Standard, extension: &Extension| {
        let further =
            if standard.identities.contains(extension.like) { extension.to } else { IdentitySet::NONE };
        standard.identities.union(further)
    };
    catalogue.places.iter().find_map(|place| {
        let extensions = place.extensions.iter().filter(|extension| {
            extension.measures.iter().any(|id| id == measure) && extension.validity.overlaps(&days)
        });
        let mut same =
            extensions.map(|extension| extended(first, extension).intersection(extended(second, extension)));
        let same = same.find(|same| !same.is_empty())?;
        Some((same, Some(place.id.as_str())))
    })
}
