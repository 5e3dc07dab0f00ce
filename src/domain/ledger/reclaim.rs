//! Whether what was delivered is still supported by the facts as they are known now.

use super::NotEntitled;
use super::check::{Sure, sure, why_not};
use super::claims;
use crate::domain::facts::Household;
use crate::domain::money::Fen;
use crate::domain::package::Beneficiary;
use crate::domain::resolve::{ResolveError, resolve};
use crate::domain::rulebook::Rulebook;

/// A delivery that stands, as far as it matters to what is to be reclaimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid<'a> {
    /// The measure or cascade, by id.
    pub offer: &'a str,
    /// The member by key; `None` is the household.
    pub beneficiary: Option<&'a str>,
    /// What it paid; `None` if nothing is counted in money.
    pub paid: Option<Fen>,
    /// For a claim: all expenses of its account.
    pub expense: Option<Fen>,
}

/// What of a delivery the facts do not support.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reclaim {
    /// How much is to be reclaimed; `None` if nothing was counted in money.
    pub amount: Option<Fen>,
    /// Why.
    pub reason: ReclaimReason,
}

/// Why something is to be reclaimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReclaimReason {
    /// The package does not hold it.
    NotEntitled(NotEntitled),
    /// The package holds it, with a smaller amount.
    LessDue,
    /// The package holds it, with an amount that depends on what is not known.
    AmountNotKnown,
}

impl ReclaimReason {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotEntitled(why) => why.code(),
            Self::LessDue => "less_due",
            Self::AmountNotKnown => "amount_not_known",
        }
    }

    /// Whether the facts deny it, rather than leave it open: an open one is asked about before anything is
    /// reclaimed.
    pub const fn certain(self) -> bool {
        match self {
            Self::NotEntitled(why) => {
                matches!(why, NotEntitled::NotTaken | NotEntitled::NotEligible | NotEntitled::NothingKnown)
            }
            Self::LessDue => true,
            Self::AmountNotKnown => false,
        }
    }
}

/// What of a delivery the package of the first day of its period, which is the rulebook's day, does not
/// support; `None` if it supports all of it. Of a claim that is still open nothing is taken back: what a
/// year's claims pay never falls below what was paid.
///
/// # Errors
/// The package cannot be told exactly.
pub fn reclaim(
    facts: Option<(&Rulebook, &Household)>,
    paid: Paid<'_>,
) -> Result<Option<Reclaim>, ResolveError> {
    let all = |why| Some(Reclaim { amount: paid.paid, reason: ReclaimReason::NotEntitled(why) });
    let Some((rulebook, household)) = facts else { return Ok(all(NotEntitled::NothingKnown)) };
    let person = match paid.beneficiary {
        None => None,
        Some(key) => match household.members.iter().position(|member| member.key == key) {
            Some(place) => Some(place),
            None => return Ok(all(NotEntitled::NotEligible)),
        },
    };
    let Some(offer) = rulebook.offer_named(paid.offer) else { return Ok(all(NotEntitled::NotEligible)) };
    let claim = claims::basis(rulebook, offer).zip(paid.expense);
    let package = match claim {
        Some((fact, expense)) => resolve(rulebook, &claims::with_expense(household, person, fact, expense))?,
        None => resolve(rulebook, household)?,
    };
    let who = person.map_or(Beneficiary::Household, Beneficiary::Person);
    let Some(taken) = package.entitlement(offer, who) else {
        return Ok(all(why_not(rulebook, &package, (offer, who))));
    };
    let (Some(paid), None) = (paid.paid, claim) else { return Ok(None) };
    Ok(match taken.lines.first().map(|line| sure(&line.amount)) {
        Some(Sure::AtMost(due)) if due < paid => Some(Reclaim {
            amount: Some(Fen::new(paid.value() - due.value())),
            reason: ReclaimReason::LessDue,
        }),
        Some(Sure::Nothing) => Some(Reclaim { amount: Some(paid), reason: ReclaimReason::AmountNotKnown }),
        _ => None,
    })
}
