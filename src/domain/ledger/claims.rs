//! Claims: what an expense pays, given what the claims of the year paid so far.

use super::{Account, PostingLine, WrongGiven};
use crate::domain::facts::{Fact, Household};
use crate::domain::measure::Gives;
use crate::domain::money::Fen;
use crate::domain::package::{Amount, Entitlement};
use crate::domain::ratio::ArithmeticError;
use crate::domain::rulebook::Rulebook;
use crate::domain::schedule::Schedule;

/// The fact that holds the year's expense, if the offer is paid by claims.
pub(super) fn basis(rulebook: &Rulebook, offer: usize) -> Option<Fact> {
    if let Some(cascade) = rulebook.cascade_of(offer) {
        return rulebook.catalogue.cascades.get(cascade).map(|cascade| cascade.basis);
    }
    let measure = rulebook.catalogue.measures.get(rulebook.measure_of_offer(offer)?)?;
    let mut parts = measure.standards.iter().flat_map(|standard| &standard.parts);
    parts.find_map(|part| match &part.gives {
        Gives::Reimbursement { basis, .. } => Some(*basis),
        _ => None,
    })
}

/// The household with an expense of the year stated for whom it is.
pub(super) fn with_expense(household: &Household, who: Option<usize>, fact: Fact, expense: Fen) -> Household {
    let mut household = household.clone();
    let person = who.and_then(|index| household.members.get_mut(index)).map(|person| &mut person.facts);
    let of_person = fact.def().level == crate::domain::vocabulary::Level::Person;
    match person {
        Some(facts) if of_person => facts.set(fact, expense.value()),
        _ => household.facts.set(fact, expense.value()),
    }
    household
}

/// The account with one more expense; what it has paid is left as it was.
pub(super) fn added(account: &Account, expense: Fen) -> Result<Account, WrongGiven> {
    let total = account.expense.plus(expense).map_err(|_overflow| WrongGiven::OutOfRange)?;
    if total.value() > Schedule::DEFAULT_RANGE {
        return Err(WrongGiven::OutOfRange);
    }
    Ok(Account { claims: account.claims + 1, expense: total, paid: account.paid.clone() })
}

/// What the links pay now: what they would pay for the whole expense of the year, less what was paid.
///
/// The sum counts: a link that has paid more than its function now says (another identity's cascade
/// has become the higher) is not clawed back, and the others pay so much less.
///
/// # Errors
/// `Overflow`.
pub(super) fn pay(
    rulebook: &Rulebook,
    taken: &Entitlement,
    account: &mut Account,
) -> Result<Vec<PostingLine>, ArithmeticError> {
    let mut rows: Vec<(String, String, Fen, Fen)> = Vec::new();
    let mut whole = Fen::new(0);
    for line in &taken.lines {
        let Some((measure, standard)) = rulebook.standard(line.standard) else { continue };
        let now = match &line.amount {
            Amount::Priced { payment, .. } | Amount::PricedInPart { payment, .. } => *payment,
            _ => Fen::new(0),
        };
        whole = whole.plus(now)?;
        let before =
            account.paid.iter().find(|(id, _)| *id == measure.id).map_or(Fen::new(0), |(_, paid)| *paid);
        rows.push((measure.id.clone(), standard.id.clone(), now, before));
    }
    let paid = account.paid.iter().try_fold(Fen::new(0), |sum, (_, paid)| sum.plus(*paid))?;
    let mut left = (whole.value() - paid.value()).max(0);
    let mut lines = Vec::with_capacity(rows.len());
    for (measure, standard, now, before) in rows {
        let pays = (now.value() - before.value()).clamp(0, left);
        left -= pays;
        let pays = Fen::new(pays);
        match account.paid.iter_mut().find(|(id, _)| *id == measure) {
            Some((_, sum)) => *sum = sum.plus(pays)?,
            None => account.paid.push((measure.clone(), pays)),
        }
        lines.push(PostingLine { measure, standard, paid: Some(pays) });
    }
    account.paid.sort();
    Ok(lines)
}
