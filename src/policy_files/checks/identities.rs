//! The seven identity types, their 21 pairs, and the sets of measures they stand for.

use super::super::diagnostic::{Findings, Site, codes};
use super::super::draft::Draft;
use crate::domain::identity::{Identity, IdentitySet};
use crate::domain::measure::MeasureSet;

/// Every identity type is described, and every pair is stated once.
pub(in super::super) fn complete(draft: &Draft<'_>, findings: &mut Findings) {
    for (index, pair) in draft.pairs.iter().enumerate() {
        let (a, b) = (pair.item.a, pair.item.b);
        if draft.pairs.iter().take(index).any(|before| (before.item.a, before.item.b) == (a, b)) {
            let message = format!("the pair `{a}`, `{b}` is given twice");
            findings.add(pair.site, codes::DUPLICATE_ID, message, "state each pair once");
        }
    }
    if !draft.is_whole("identities.toml") {
        // What is missing may be what could not be read.
        return;
    }
    let site = Site { file: "identities.toml", line: None };
    for (index, a) in Identity::ALL.into_iter().enumerate() {
        if !draft.identities.iter().any(|read| read.item.identity == a) {
            let message = format!("the identity type `{a}` is not described");
            findings.add(site, codes::MISSING_IDENTITY, message, "add an `[[identities]]` for it");
        }
        for b in Identity::ALL.into_iter().skip(index + 1) {
            if !draft.pairs.iter().any(|pair| (pair.item.a, pair.item.b) == (a, b)) {
                let message = format!("nothing is said of the pair `{a}`, `{b}`");
                findings.add(site, codes::MISSING_PAIR, message, "add a `[[pairs]]` for it");
            }
        }
    }
}

/// A measure of one track is opened by that track only, a measure of both by both.
pub(in super::super) fn fit_the_set(draft: &Draft<'_>, findings: &mut Findings) {
    for read in &draft.measures {
        let outside = match read.measure.set {
            MeasureSet::MonitoredOnly => IdentitySet::SOCIAL_ASSISTANCE,
            MeasureSet::SocialAssistanceOnly => IdentitySet::MONITORING,
            MeasureSet::Differing | MeasureSet::Shared => IdentitySet::NONE,
        };
        for (standard, site) in read.measure.standards.iter().zip(&read.standards) {
            for identity in standard.identities.intersection(outside).iter() {
                let message = format!("`{identity}` opens a measure that is only for the other track");
                let hint = "change the `set` of the measure, or open it by an extension of a place";
                findings.add(site.site, codes::SET_MISMATCH, message, hint);
            }
        }
        let all = read.measure.standards.iter().map(|standard| standard.identities);
        let all = all.fold(IdentitySet::NONE, IdentitySet::union);
        let tracks =
            [(IdentitySet::SOCIAL_ASSISTANCE, "social assistance"), (IdentitySet::MONITORING, "monitoring")];
        for (track, name) in tracks {
            let closed = outside.is_empty() && all.intersection(track).is_empty();
            if read.complete && closed {
                let message = format!("the measure is for both tracks, but no identity of {name} opens it");
                findings.add(read.site, codes::SET_MISMATCH, message, "change the `set` of the measure");
            }
        }
    }
}
