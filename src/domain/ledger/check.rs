//! Whether an order may be recorded.

use super::claims;
use super::slots::{free, slots};
use super::{Given, NotEntitled, Order, Past, Posting, PostingLine, Refusal, WrongGiven};
use crate::domain::facts::{Fact, Household};
use crate::domain::ledger::CoversKind;
use crate::domain::money::Fen;
use crate::domain::package::{Amount, Beneficiary, Entitlement, HeadsAmount, Package, TopUpValue};
use crate::domain::period::Period;
use crate::domain::resolve::{ResolveError, resolve};
use crate::domain::rulebook::Rulebook;

/// Holds an order against the package of the first day of its period, which is the rulebook's day, and
/// against the household's ledger.
///
/// # Errors
/// [`Refusal`], with the earlier delivery named where the order would double one.
pub fn check(
    rulebook: &Rulebook,
    household: &Household,
    order: &Order,
    past: &Past,
) -> Result<Posting, Refusal> {
    let offer =
        rulebook.offer_named(&order.measure).ok_or_else(|| Refusal::UnknownMeasure(order.measure.clone()))?;
    let who = match &order.beneficiary {
        None => Beneficiary::Household,
        Some(key) => {
            let place = household.members.iter().position(|member| member.key == *key);
            Beneficiary::Person(place.ok_or_else(|| Refusal::UnknownBeneficiary(key.clone()))?)
        }
    };
    of_its_department(rulebook, offer, order)?;
    if let Some(fact) = claims::basis(rulebook, offer) {
        return claim(rulebook, (household, fact), (offer, who), order, past);
    }
    let package = resolve(rulebook, household)?;
    let taken = entitlement(rulebook, &package, (offer, who))?;
    let line = due_line(rulebook, taken, order)?;
    post(rulebook, order, taken, past, (vec![line], None))
}

/// A claim is held against the package with all expenses of the year, this one included.
fn claim(
    rulebook: &Rulebook,
    (household, fact): (&Household, Fact),
    (offer, who): (usize, Beneficiary),
    order: &Order,
    past: &Past,
) -> Result<Posting, Refusal> {
    let Given::Expense(expense) = order.given else {
        return Err(Refusal::WrongGiven(WrongGiven::ExpenseExpected));
    };
    if expense.value() <= 0 {
        return Err(Refusal::WrongGiven(WrongGiven::NotAboveZero));
    }
    if order.covers.kind() != CoversKind::Day {
        return Err(Refusal::WrongPeriod { expected: CoversKind::Day });
    }
    let mut account = claims::added(&past.account, expense).map_err(Refusal::WrongGiven)?;
    let person = match who {
        Beneficiary::Household => None,
        Beneficiary::Person(index) => Some(index),
    };
    let household = claims::with_expense(household, person, fact, account.expense);
    let package = resolve(rulebook, &household)?;
    let taken = entitlement(rulebook, &package, (offer, who))?;
    let lines = claims::pay(rulebook, taken, &mut account).map_err(ResolveError::from)?;
    post(rulebook, order, taken, past, (lines, Some(account)))
}

fn of_its_department(rulebook: &Rulebook, offer: usize, order: &Order) -> Result<(), Refusal> {
    let mut owners = rulebook.owners(offer);
    let Some(owner) = owners.next() else { return Ok(()) };
    if owner == order.department || owners.any(|owner| owner == order.department) {
        return Ok(());
    }
    Err(Refusal::WrongDepartment {
        measure: order.measure.clone(),
        owner: owner.to_owned(),
        department: order.department.clone(),
    })
}

/// The entitlement, or what the package says instead.
fn entitlement<'p>(
    rulebook: &Rulebook,
    package: &'p Package,
    (offer, who): (usize, Beneficiary),
) -> Result<&'p Entitlement, Refusal> {
    let on = rulebook.on;
    package
        .entitlement(offer, who)
        .ok_or_else(|| Refusal::NotEntitled { on, why: why_not(rulebook, package, (offer, who)) })
}

/// What a package says of an offer that is none of its entitlements.
pub(in crate::domain) fn why_not(
    rulebook: &Rulebook,
    package: &Package,
    (offer, who): (usize, Beneficiary),
) -> NotEntitled {
    let is = |one: &Entitlement| one.offer == offer && one.who == who;
    let mut bundles = package.alternatives.iter().flat_map(|choice| &choice.bundles);
    let undecided = |measure: usize| rulebook.measures_of(offer).any(|own| own == measure);
    if bundles.any(|bundle| bundle.entitlements.iter().any(is)) {
        NotEntitled::Depends
    } else if package.not_taken.iter().any(|row| is(&row.refused)) {
        NotEntitled::NotTaken
    } else if package.undecided.iter().any(|row| row.who == who && undecided(row.measure)) {
        NotEntitled::Undecided
    } else {
        NotEntitled::NotEligible
    }
}

/// What an order of something that is no claim pays, if no more than that is due.
fn due_line(rulebook: &Rulebook, taken: &Entitlement, order: &Order) -> Result<PostingLine, Refusal> {
    let wrong = |wrong| Err(Refusal::WrongGiven(wrong));
    let Some((line, (measure, standard))) =
        taken.lines.first().and_then(|line| Some((line, rulebook.standard(line.standard)?)))
    else {
        return Err(Refusal::UnknownMeasure(order.measure.clone()));
    };
    let expected = match line.period {
        Period::Month => CoversKind::Month,
        Period::Year => CoversKind::Year,
        Period::Once => CoversKind::Day,
    };
    if order.covers.kind() != expected {
        return Err(Refusal::WrongPeriod { expected });
    }
    let due = sure(&line.amount);
    let paid = match order.given {
        Given::Expense(_) => return wrong(WrongGiven::AmountExpected),
        Given::Amount(amount) if amount.value() <= 0 => return wrong(WrongGiven::NotAboveZero),
        Given::Amount(amount) => Some(amount),
        Given::InKind => None,
    };
    match (due, paid) {
        (Sure::Nothing, _) => return wrong(WrongGiven::NotKnown),
        (Sure::AtMost(due), Some(amount)) if amount > due => return Err(Refusal::MoreThanDue { due }),
        (Sure::AtMost(due), None) if due.value() > 0 => return wrong(WrongGiven::AmountExpected),
        _ => {}
    }
    Ok(PostingLine { measure: measure.id.clone(), standard: standard.id.clone(), paid })
}

/// How much of an amount is sure.
pub(super) enum Sure {
    /// No more than this.
    AtMost(Fen),
    /// The department decides: it has no price, or is priced in part.
    Unpriced,
    /// It depends on what is not known.
    Nothing,
}

/// Where the number of heads is not known, the fewest count: more than that is not sure.
pub(super) fn sure(amount: &Amount) -> Sure {
    match amount {
        Amount::Priced { payment, .. } | Amount::Loan(payment) => Sure::AtMost(*payment),
        Amount::PricedInPart { .. } | Amount::Unpriced => Sure::Unpriced,
        Amount::Open => Sure::Nothing,
        Amount::ByHeads(options) => match options.first() {
            Some(HeadsAmount { value: TopUpValue::Priced { payment, .. }, .. }) => Sure::AtMost(*payment),
            _ => Sure::Nothing,
        },
    }
}

fn post(
    rulebook: &Rulebook,
    order: &Order,
    taken: &Entitlement,
    past: &Past,
    (lines, account): (Vec<PostingLine>, Option<super::Account>),
) -> Result<Posting, Refusal> {
    let offer = rulebook.offer_id(taken.offer).unwrap_or_default().to_owned();
    let who = order.beneficiary.as_deref().unwrap_or_default();
    let slots = slots(rulebook, taken, (&offer, who), &order.covers.months(), account.is_some());
    free(past, &slots)?;
    Ok(Posting { offer, identity: taken.identity, lines, slots, account })
}
