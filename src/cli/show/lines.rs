//! The lines of an entitlement as one row each, for tables that are not read on a terminal.

use std::collections::BTreeSet;

use super::entitlements::{Teller, place_sources};
use super::names::{Names, identity_name, sources};
use crate::app::packages::Resolved;
use crate::domain::measure::Measure;
use crate::domain::money::Fen;
use crate::domain::package::{Amount, Entitlement, TopUpValue};
use crate::domain::period::Period;
use crate::domain::source::Source;
use crate::domain::text::Lang;

/// What one measure gives, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct ToldLine<'a> {
    /// The measure.
    pub(in crate::cli) measure: &'a Measure,
    /// Its name.
    pub(in crate::cli) name: &'a str,
    /// The name of the standard.
    pub(in crate::cli) standard: &'a str,
    /// The name of the identity.
    pub(in crate::cli) identity: &'a str,
    /// What is paid in one period, as far as it has a price; a loan is none.
    pub(in crate::cli) payment: Option<Fen>,
    /// What one payment covers.
    pub(in crate::cli) period: &'static str,
    /// How much, in words.
    pub(in crate::cli) told: String,
    /// Every source of the standard, of the amounts of the place and of the extension.
    pub(in crate::cli) sources: String,
}

/// The lines of an entitlement.
pub(in crate::cli) fn told_lines<'a>(
    resolved: &'a Resolved,
    one: &Entitlement,
    lang: Lang,
) -> Vec<ToldLine<'a>> {
    let Resolved { rulebook, household, package } = resolved;
    let names = Names { lang, rulebook, household };
    let teller = Teller { names, package, cited: BTreeSet::new() };
    let told = one.lines.iter().filter_map(|line| {
        let (measure, standard) = rulebook.standard(line.standard)?;
        let extension = line.extension.and_then(|place| rulebook.extension(place));
        let mut cited: Vec<&Source> = standard.sources.iter().collect();
        cited.extend(place_sources(standard, &names));
        cited.extend(extension.iter().flat_map(|extension| &extension.sources));
        Some(ToldLine {
            measure,
            name: measure.name.get(lang),
            standard: standard.name.get(lang),
            identity: identity_name(&rulebook.catalogue, one.identity, lang),
            payment: payment(&line.amount),
            period: match line.period {
                Period::Month => lang.pick("每月", "a month"),
                Period::Year => lang.pick("每年", "a year"),
                Period::Once => lang.pick("一次性", "once"),
            },
            told: teller.amount(line, standard),
            sources: sources(cited, lang),
        })
    });
    told.collect()
}

/// What is paid, if that does not depend on anything that is not known.
fn payment(amount: &Amount) -> Option<Fen> {
    match amount {
        Amount::Priced { payment, .. } | Amount::PricedInPart { payment, .. } => Some(*payment),
        Amount::ByHeads(options) => match options.as_slice() {
            [only] => match only.value {
                TopUpValue::Priced { payment, .. } => Some(payment),
                TopUpValue::Open(..) => None,
            },
            _ => None,
        },
        Amount::Open | Amount::Loan(_) | Amount::Unpriced => None,
    }
}
