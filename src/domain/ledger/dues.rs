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

/// A delivery that stands, as far as it counts against what is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// Its entry.
    pub entry: i64,
    /// The measure or cascade, by id.
    pub offer: String,
    /// The member by key; `None` is the household.
    pub beneficiary: Option<String>,
    /// What it covers.
    pub covers: Covers,
    /// What it paid; `None` if nothing is counted in money.
    pub paid: Option<Fen>,
}

/// What is due, and what of it was delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// What is due.
    pub due: Due,
    /// The member by key; `None` is the household.
    pub beneficiary: Option<String>,
    /// What was delivered, in fen.
    pub delivered: Fen,
    /// The entries that delivered it.
    pub entries: Vec<i64>,
    /// How it stands.
    pub state: OwedState,
}

/// How a payment that is due stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwedState {
    /// All of it was delivered.
    Delivered,
    /// So much is still to be delivered, and the period has not ended.
    Outstanding(Fen),
    /// So much is still to be delivered, and the period has ended.
    Overdue(Fen),
    /// Nothing was delivered of something without a price, or that claims bring.
    Open,
    /// How much is due is not known.
    NotKnown,
}

/// Holds deliveries against what is due. A delivery counts for the due payment of its offer, beneficiary
/// and period; of one-off help and claims every one of the year counts.
pub fn owed(
    dues: Vec<(Due, Option<String>)>,
    deliveries: &[Delivered],
    today: chrono::NaiveDate,
) -> Vec<Owed> {
    let rows = dues.into_iter().map(|(due, beneficiary)| {
        let counts = |one: &&Delivered| {
            let whole_year =
                matches!(due.amount, DueAmount::ByClaims(_)) || matches!(due.covers, Covers::Day(_));
            let period =
                if whole_year { one.covers.year() == due.covers.year() } else { one.covers == due.covers };
            one.offer == due.offer && one.beneficiary == beneficiary && period
        };
        let own: Vec<&Delivered> = deliveries.iter().filter(counts).collect();
        let sum = own.iter().filter_map(|one| one.paid).try_fold(Fen::new(0), Fen::plus);
        let delivered = sum.unwrap_or_default();
        let state = match due.amount {
            DueAmount::Exact(amount) | DueAmount::ByClaims(Some(amount)) if delivered < amount => {
                let left = Fen::new(amount.value() - delivered.value());
                if due.covers.end() <= today {
                    OwedState::Overdue(left)
                } else {
                    OwedState::Outstanding(left)
                }
            }
            DueAmount::NotKnown => OwedState::NotKnown,
            DueAmount::ByClaims(_) | DueAmount::Unpriced if own.is_empty() => OwedState::Open,
            DueAmount::Exact(_) | DueAmount::ByClaims(_) | DueAmount::Unpriced => OwedState::Delivered,
        };
        let entries = own.iter().map(|one| one.entry).collect();
        Owed { due, beneficiary, delivered, entries, state }
    });
    rows.collect()
}
