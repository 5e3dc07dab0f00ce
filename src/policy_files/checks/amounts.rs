//! Amounts of places, put into the standards that use them.

use std::collections::BTreeSet;

use super::super::diagnostic::{Findings, codes};
use super::super::draft::Draft;
use super::moments::{moments, parameters_of, parameters_of_part};
use crate::domain::catalogue::Catalogue;
use crate::domain::measure::{Gives, Standard, Term};
use crate::domain::money::Fen;
use crate::domain::period::Period;
use crate::domain::ratio::Ratio;
use crate::domain::rulebook::terms::{Missing, Terms};

/// It is known what every payment covers: the standard says so, or all of its amounts do alike.
pub(in super::super) fn periods(draft: &Draft<'_>, catalogue: &Catalogue, findings: &mut Findings) {
    for (_, standard, site) in draft.standards() {
        let stated = |part: &&crate::domain::measure::Part| sum_of(&part.gives).is_none();
        let unpriced = |part: &&crate::domain::measure::Part| matches!(part.gives, Gives::Unpriced { .. });
        let of_its_own = standard.parts.iter().filter(stated).any(|part| !unpriced(&part));
        let hint = "write `period` into the standard, or `per` with the amounts of the place";
        if standard.period.is_none() && of_its_own {
            let message = format!("nothing says what a payment of `{}` covers", standard.id);
            findings.add(site.site, codes::MISSING_PERIOD, message, hint);
            continue;
        }
        for moment in moments(catalogue, &parameters_of(standard), standard.validity) {
            let terms = Terms { catalogue, place: moment.place, on: moment.on };
            let found = periods_at(terms, standard);
            let at = format!("in `{}` on {}", moment.place.id, moment.on);
            if found.contains(&None) {
                let message = format!("nothing says what a payment of `{}` covers {at}", standard.id);
                findings.add(site.site, codes::MISSING_PERIOD, message, hint);
                break;
            }
            if found.len() > 1 {
                let message = format!("the amounts of `{}` cover different periods {at}", standard.id);
                let hint = "give each period a standard of its own";
                findings.add(site.site, codes::DIFFERING_PERIODS, message, hint);
                break;
            }
        }
    }
}

/// The different periods that a standard and its amounts name; `None` among them for one that names none.
fn periods_at(terms: Terms<'_>, standard: &Standard) -> BTreeSet<Option<Period>> {
    let sums = standard.parts.iter().filter_map(|part| terms.sum(sum_of(&part.gives)?).ok());
    let periods = sums.map(|sum| sum.period.or(standard.period));
    periods.chain(standard.period.map(Some)).collect()
}

/// The sum that a payment is.
fn sum_of(gives: &Gives) -> Option<&Term<Fen>> {
    match gives {
        Gives::Amount { amount } => Some(amount),
        _ => None,
    }
}

/// What is added to a rate does not bring it above 100 %, in any place.
pub(in super::super) fn rates(draft: &Draft<'_>, catalogue: &Catalogue, findings: &mut Findings) {
    for (_, standard, site) in draft.standards() {
        for (part, site) in standard.parts.iter().zip(&site.parts) {
            let Gives::Reimbursement { rates, rate_plus, .. } = &part.gives else { continue };
            let parameters = parameters_of_part(part).into_iter().map(|(name, _)| name).collect();
            for moment in moments(catalogue, &parameters, standard.validity) {
                let terms = Terms { catalogue, place: moment.place, on: moment.on };
                let above = match terms.bands(rates, rate_plus) {
                    Ok(bands) => bands.into_iter().find(|band| above_one(band.rate)),
                    Err(Missing::NotSet(_) | Missing::Amount(_)) => None,
                };
                if let Some(band) = above {
                    let message = format!(
                        "with `rate_plus` a rate comes to {}, over 100 %, in `{}` on {}",
                        band.rate, moment.place.id, moment.on
                    );
                    let code = crate::documents::reader::codes::RATE_OVER_100;
                    findings.add(*site, code, message, "lower the rate or what is added to it");
                    break;
                }
            }
        }
    }
}

fn above_one(rate: Ratio) -> bool {
    rate.compare(Ratio::ONE).is_ok_and(std::cmp::Ordering::is_gt)
}
