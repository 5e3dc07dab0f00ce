//! Places and what they extend, set and open.

use std::collections::BTreeSet;

use super::super::diagnostic::{Findings, codes};
use super::super::draft::Draft;
use super::moments::parameters_of_part;
use crate::domain::catalogue::{Catalogue, ParameterValue, Place};
use crate::domain::measure::Term;

/// Whether some place extends itself.
pub(in super::super) fn cyclic(draft: &Draft<'_>, findings: &mut Findings) -> bool {
    let mut any = false;
    for read in &draft.places {
        let find = |id: &str| draft.places.iter().map(|read| &read.place).find(|place| place.id == id);
        let mut seen: Vec<&str> = Vec::new();
        let mut next = read.place.extends.as_deref();
        while let Some(id) = next.filter(|id| !seen.contains(id)) {
            seen.push(id);
            next = find(id).and_then(|place| place.extends.as_deref());
        }
        if seen.contains(&read.place.id.as_str()) {
            any = true;
            let message = format!("`{}` extends itself: {}", read.place.id, chain(&read.place.id, &seen));
            findings.add(read.site, codes::CYCLIC_PLACE, message, "let one of them extend nothing");
        }
    }
    any
}

/// Whether some parameter is a share of itself.
pub(in super::super) fn cyclic_shares(
    draft: &Draft<'_>,
    catalogue: &Catalogue,
    findings: &mut Findings,
) -> bool {
    let mut any = false;
    for read in &draft.places {
        for (row, site) in read.place.parameters.iter().zip(&read.rows) {
            let ParameterValue::Share { of, .. } = &row.value else { continue };
            let reached = reached(catalogue, &read.place, of);
            if reached.contains(&row.name.as_str()) {
                any = true;
                let message = format!("`{}` is a share of itself: {}", row.name, chain(&row.name, &reached));
                findings.add(*site, codes::CYCLIC_PARAMETER, message, "state one of the amounts");
            }
        }
    }
    any
}

/// The parameters that this one is a share of in a place, itself first.
fn reached<'c>(catalogue: &'c Catalogue, place: &'c Place, name: &'c str) -> Vec<&'c str> {
    let mut reached = vec![name];
    let mut next = 0;
    while let Some(name) = reached.get(next).copied() {
        next += 1;
        for row in catalogue.lineage(place).flat_map(|place| &place.parameters) {
            if let ParameterValue::Share { of, .. } = &row.value
                && row.name == name
                && !reached.contains(&of.as_str())
            {
                reached.push(of);
            }
        }
    }
    reached
}

fn chain(first: &str, others: &[&str]) -> String {
    let end = others.iter().position(|other| *other == first).unwrap_or(others.len());
    let all = std::iter::once(first).chain(others.iter().copied().take(end)).chain([first]);
    all.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" → ")
}

/// An extension opens something: its measures have a standard that the named identity opens.
pub(in super::super) fn extensions(draft: &Draft<'_>, findings: &mut Findings) {
    for read in &draft.places {
        for (extension, site) in read.place.extensions.iter().zip(&read.extensions) {
            for id in &extension.measures {
                let Some(measure) = draft.measure(id).filter(|measure| measure.complete) else { continue };
                let mut standards = measure.measure.standards.iter();
                let opened = standards.any(|standard| {
                    standard.identities.contains(extension.like)
                        && standard.validity.overlaps(&extension.validity)
                });
                if !opened {
                    let message =
                        format!("`{}`: `{}` opens no standard of `{id}` then", extension.id, extension.like);
                    let hint = "take the measure out of the extension, or name another identity in `like`";
                    findings.add(*site, codes::EXTENSION_OPENS_NOTHING, message, hint);
                }
            }
        }
    }
}

/// `none` is said of caps only: no other amount can be none. A cap, a line, or what a condition
/// compares with, is stated itself and no share of another amount.
pub(in super::super) fn values_fit_their_use(draft: &Draft<'_>, findings: &mut Findings) {
    let parts = draft.standards().flat_map(|(_, standard, _)| &standard.parts);
    let (caps, mut amounts): (Vec<_>, Vec<_>) = parts.flat_map(parameters_of_part).partition(|(_, cap)| *cap);
    let conditions = draft.standards().flat_map(|(_, standard, _)| &standard.conditions);
    let conditions = conditions.flat_map(|condition| condition.when.params());
    let compared: Vec<&str> =
        conditions.chain(draft.needs.iter().flat_map(|need| need.item.when.params())).collect();
    let lines = draft.income.iter().flat_map(|read| &read.set.lines);
    let lines = lines.filter_map(|line| match &line.amount {
        Term::Parameter(name) => Some(name.as_str()),
        Term::Fixed(_) => None,
    });
    let compared: Vec<&str> = compared.into_iter().chain(lines).collect();
    amounts.extend(compared.iter().map(|name| (*name, false)));
    let names = |list: Vec<(&'_ str, bool)>| list.into_iter().map(|(name, _)| name.to_owned()).collect();
    let (caps, amounts): (BTreeSet<String>, BTreeSet<String>) = (names(caps), names(amounts));
    for read in &draft.places {
        for (row, site) in read.place.parameters.iter().zip(&read.rows) {
            let name = &row.name;
            let share = matches!(row.value, ParameterValue::Share { .. });
            if row.value == ParameterValue::None && amounts.contains(name) {
                let message = format!("`{name}` is used as an amount, and only a cap can be `none`");
                findings.add(
                    *site,
                    codes::NONE_IS_NO_AMOUNT,
                    message,
                    "leave the row out where it is not set",
                );
            } else if share && (caps.contains(name) || compared.contains(&name.as_str())) {
                let message =
                    format!("`{name}` is a cap, a line or stands in a condition, and cannot be a share");
                findings.add(*site, codes::SHARE_NOT_ALLOWED, message, "state the amount");
            }
        }
    }
}
