//! The days on which what a standard gives can change in a place.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::super::diagnostic::Site;
use crate::domain::catalogue::{Catalogue, ParameterValue, Place};
use crate::domain::measure::{Cap, Gives, Part, Rates, Standard, Term, Units};
use crate::domain::period::Validity;

/// A place on a day.
#[derive(Clone, Copy)]
pub(super) struct Moment<'c> {
    pub(super) place: &'c Place,
    pub(super) on: NaiveDate,
}

/// Every place with every day inside the validity from which one of the parameters has another value,
/// its first day included. A place that sets none of them and extends another is as that one is.
pub(super) fn moments<'c>(
    catalogue: &'c Catalogue,
    parameters: &BTreeSet<&'c str>,
    validity: Validity,
) -> Vec<Moment<'c>> {
    let mut found = Vec::new();
    for place in &catalogue.places {
        let rows = || catalogue.lineage(place).flat_map(|place| &place.parameters);
        let mut names = parameters.clone();
        // Shares lead to further parameters, until nothing is added any more.
        loop {
            let shares = rows().filter(|row| names.contains(row.name.as_str()));
            let bases = shares.filter_map(|row| match &row.value {
                ParameterValue::Share { of, .. } => Some(of.as_str()),
                _ => None,
            });
            let bases: Vec<&str> = bases.filter(|of| !names.contains(of)).collect();
            if bases.is_empty() {
                break;
            }
            names.extend(bases);
        }
        let own = place.parameters.iter().any(|row| names.contains(row.name.as_str()));
        if !own && place.extends.is_some() {
            continue;
        }
        let mut days = BTreeSet::from([validity.from]);
        for row in rows().filter(|row| names.contains(row.name.as_str())) {
            days.extend([Some(row.validity.from), row.validity.until].into_iter().flatten());
        }
        let inside = days.into_iter().filter(|day| validity.contains(*day));
        found.extend(inside.map(|on| Moment { place, on }));
    }
    found
}

/// The days that both validities share.
pub(super) fn shared(one: Validity, other: Validity) -> Option<Validity> {
    let until = match (one.until, other.until) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (until, None) | (None, until) => until,
    };
    Validity::new(one.from.max(other.from), until)
}

/// The parameters that a standard's amounts are taken from.
pub(super) fn parameters_of(standard: &Standard) -> BTreeSet<&str> {
    standard.parts.iter().flat_map(parameters_of_part).map(|(name, _)| name).collect()
}

/// The parameters that a part's amounts are taken from, each with whether it is a cap.
pub(super) fn parameters_of_part(part: &Part) -> Vec<(&str, bool)> {
    fn name<T>(term: &Term<T>) -> Option<(&str, bool)> {
        match term {
            Term::Fixed(_) => None,
            Term::Parameter(name) => Some((name, false)),
        }
    }
    let names = match &part.gives {
        Gives::Amount { amount } => vec![name(amount)],
        Gives::ShareOf { rate, of } => vec![name(rate), name(of)],
        Gives::PerUnit { price, units, .. } => {
            let units = match units {
                Units::Fact(_) => None,
                Units::Term(count) => name(count),
            };
            vec![name(price), units]
        }
        Gives::Reimbursement { deductible, deductible_factor, rates, rate_plus, cap, .. } => {
            let rates = match rates {
                Rates::Rate(rate) => name(rate),
                Rates::Bands(bands) => name(bands),
            };
            let cap = match cap {
                Cap::None => None,
                Cap::Most(most) => name(most).map(|(name, _)| (name, true)),
            };
            vec![name(deductible), name(deductible_factor), rates, name(rate_plus), cap]
        }
        Gives::TopUp { line, .. } => vec![name(line)],
        Gives::Loan { ceiling } => vec![name(ceiling)],
        Gives::Unpriced { .. } => Vec::new(),
    };
    names.into_iter().flatten().collect()
}

/// `, see line 12`, or nothing where the line is not known.
pub(super) fn lines(site: Site<'_>) -> String {
    site.line.map_or(String::new(), |line| format!(", see line {line}"))
}
