//! What a package makes due in a period.

use super::Covers;
use super::check::{Sure, sure};
use super::claims;
use crate::domain::identity::Identity;
use crate::domain::money::Fen;
use crate::domain::package::{Amount, Beneficiary, Package};
use crate::domain::rulebook::Rulebook;

/// One payment that a package makes due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The measure or cascade, by id.
    pub offer: String,
    /// For whom.
    pub who: Beneficiary,
    /// Under which identity.
    pub identity: Identity,
    /// What it covers.
    pub covers: Covers,
    /// How much.
    pub amount: DueAmount,
}

/// How much is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueAmount {
    /// This payment.
    Exact(Fen),
    /// What claims bring: so much for the expense that is stated, if one is.
    ByClaims(Option<Fen>),
    /// Something without a price.
    Unpriced,
    /// It depends on what is not known.
    NotKnown,
}

/// What the package of the rulebook's day makes due in the periods that begin on that day: months on the
/// first of a month, years on 1 January, one-off help on the day itself.
pub fn dues(rulebook: &Rulebook, package: &Package) -> Vec<Due> {
    let mut all = Vec::new();
    for taken in &package.entitlements {
        let Some(offer) = rulebook.offer_id(taken.offer) else { continue };
        let by_claims = claims::basis(rulebook, taken.offer).is_some();
        let Some(first) = taken.lines.first() else { continue };
        let covers = Covers::of(first.period, rulebook.on);
        if covers.first_day() != rulebook.on {
            continue;
        }
        let amount = if by_claims {
            let payments = taken.lines.iter().map(|line| match &line.amount {
                Amount::Priced { payment, .. } | Amount::PricedInPart { payment, .. } => Some(*payment),
                _ => None,
            });
            let sum = payments.flatten().try_fold(Fen::new(0), Fen::plus).ok();
            let known = taken.lines.iter().all(|line| line.amount != Amount::Open);
            DueAmount::ByClaims(sum.filter(|_| known))
        } else {
            match sure(&first.amount) {
                Sure::AtMost(payment) => DueAmount::Exact(payment),
                Sure::Unpriced => DueAmount::Unpriced,
                Sure::Nothing => DueAmount::NotKnown,
            }
        };
        all.push(Due { offer: offer.to_owned(), who: taken.who, identity: taken.identity, covers, amount });
    }
    all
}
