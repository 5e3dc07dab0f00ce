//! Standards by what they are worth: exclusions that need an amount, standards that never win.

use super::super::diagnostic::{Findings, Site, codes};
use super::super::draft::Draft;
use super::exclusions::unspoken;
use super::moments::{lines, moments, parameters_of, shared};
use super::value::{Price, Standing, prices, value};
use crate::domain::catalogue::{Catalogue, ExclusionMode};
use crate::domain::measure::Standard;
use crate::domain::period::Validity;
use crate::domain::rulebook::terms::Terms;

/// Where the higher amount wins, every member has an amount, in every place and on every day.
pub(in super::super) fn incomparable(draft: &Draft<'_>, catalogue: &Catalogue, findings: &mut Findings) {
    let highest = draft.exclusions.iter().filter(|read| read.item.mode == ExclusionMode::Highest);
    for read in highest {
        for member in &read.item.members {
            let standards = draft.members(member).map(|(standard, _)| standard);
            report_unpriced(catalogue, standards, Some(read.item.validity), read.site, findings);
        }
    }
    for (first, second) in unspoken(draft) {
        for read in [first, second] {
            report_unpriced(catalogue, read.measure.standards.iter(), None, second.site, findings);
        }
    }
}

/// Reports the first of the standards that has no amount somewhere.
fn report_unpriced<'c>(
    catalogue: &'c Catalogue,
    standards: impl Iterator<Item = &'c Standard>,
    validity: Option<Validity>,
    site: Site<'_>,
    findings: &mut Findings,
) {
    for standard in standards {
        let days = validity.map_or(Some(standard.validity), |days| shared(days, standard.validity));
        let moments = days.map(|days| moments(catalogue, &parameters_of(standard), days)).unwrap_or_default();
        let unpriced = moments.into_iter().find(|moment| {
            let prices = prices(Terms { catalogue, place: moment.place, on: moment.on }, standard);
            prices.contains(&Price::NotSet) || !prices.contains(&Price::Priced)
        });
        if let Some(moment) = unpriced {
            let message = format!(
                "the higher amount decides, but `{}` has none in `{}` on {}",
                standard.id, moment.place.id, moment.on
            );
            let hint = "decide by `priority` or `choice` in exclusions.toml";
            return findings.add(site, codes::INCOMPARABLE_EXCLUSION, message, hint);
        }
    }
}

/// No standard is beaten by another one of its measure wherever both have an amount.
pub(in super::super) fn dominated(draft: &Draft<'_>, catalogue: &Catalogue, findings: &mut Findings) {
    for read in &draft.measures {
        let standards: Vec<_> = read.measure.standards.iter().zip(&read.standards).collect();
        for (index, (beaten, site)) in standards.iter().enumerate() {
            let mut others = standards.iter().enumerate().filter(|(other, _)| *other != index);
            let better = others.find(|(other, (better, _))| {
                let both = shared(beaten.validity, better.validity);
                let days = both.filter(|_| opens_at_least(better, beaten));
                // Of two that are equal the later one is too much.
                days.is_some_and(|days| beats(catalogue, better, beaten, days, *other < index))
            });
            if let Some((_, (better, better_site))) = better {
                let message = format!(
                    "`{}` never gives more than `{}`, which asks no more{}",
                    beaten.id,
                    better.id,
                    lines(better_site.site)
                );
                let hint = "leave it out, or correct its amounts, identities or conditions";
                findings.add(site.site, codes::DOMINATED_STANDARD, message, hint);
            }
        }
    }
}

/// Whether every identity and condition that opens the second standard opens the first as well.
fn opens_at_least(first: &Standard, second: &Standard) -> bool {
    let asked = |condition: &crate::domain::measure::Condition| {
        second.conditions.iter().any(|known| known.when == condition.when)
    };
    second.identities.without(first.identities).is_empty()
        && first.identity_on == second.identity_on
        && first.conditions.iter().all(asked)
}

/// Whether the first standard never pays less than the second at any place and day where both have
/// amounts, and somewhere both have.
fn beats(
    catalogue: &Catalogue,
    first: &Standard,
    second: &Standard,
    days: Validity,
    equal_counts: bool,
) -> bool {
    let mut parameters = parameters_of(first);
    parameters.extend(parameters_of(second));
    let mut standings = Vec::new();
    for moment in moments(catalogue, &parameters, days) {
        let terms = Terms { catalogue, place: moment.place, on: moment.on };
        if let (Some(first), Some(second)) = (value(terms, first), value(terms, second)) {
            standings.push(first.against(&second).unwrap_or(Standing::Neither));
        }
    }
    let least = if equal_counts { Standing::Equal } else { Standing::Above };
    !standings.contains(&Standing::Neither)
        && (standings.contains(&Standing::Above) || standings.contains(&least))
}
