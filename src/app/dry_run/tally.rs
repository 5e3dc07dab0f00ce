//! What households hold under one catalogue and under another, added up.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::app::policies::Policies;
use crate::domain::facts::Household;
use crate::domain::money::Fen;
use crate::domain::package::{Amount, Beneficiary, Entitlement, Package, TopUpValue};
use crate::domain::period::Period;
use crate::domain::ratio::ArithmeticError;
use crate::domain::resolve::holdings;
use crate::domain::rulebook::Rulebook;

/// How many changed households are named.
pub const SAMPLE: usize = 20;

/// How a household fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fares {
    /// It holds more: a higher known amount a year, or the same and something besides.
    Gains,
    /// It holds less.
    Loses,
    /// It holds something else of the same known amount.
    Otherwise,
    /// It holds the same.
    Unchanged,
}

/// What is paid in one kind of period before and after; amounts of different periods are never added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Cost {
    /// Known payments under the catalogue in use.
    pub before: Fen,
    /// Under the other one.
    pub after: Fen,
}

/// Whose cost.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Everybody's.
    All,
    /// What is paid under an identity type, by its code.
    Identity(&'static str),
    /// What is paid to the households of a town, by its code; none for those without one.
    Town(Option<String>),
}

/// Something that households held and hold no more, hold now, or hold by another standard.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shift {
    /// The measure, by id.
    pub measure: String,
    /// The standard that was held, by id.
    pub was: Option<String>,
    /// The standard that is held instead.
    pub becomes: Option<String>,
}

/// A household whose package changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sampled {
    /// Its key, and nothing else of it.
    pub household: String,
    /// How it fares.
    pub fares: Fares,
    /// What it is paid, by period.
    pub costs: Vec<(Period, Cost)>,
}

/// What came out, so far or in the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many households were looked at.
    pub households: u64,
    /// How many fare so.
    pub fares: BTreeMap<Fares, u64>,
    /// How many have no place of their own, or one that a catalogue does not have.
    pub without_place: u64,
    /// How many have no exact package under one of the catalogues.
    pub not_exact: u64,
    /// What it costs.
    pub costs: BTreeMap<(Group, Period), Cost>,
    /// How many entitlements change in which way.
    pub shifts: BTreeMap<Shift, u64>,
    /// The first changed households, by key.
    pub sample: Vec<Sampled>,
}

/// One line of a package, as far as it is compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Held {
    measure: String,
    who: Beneficiary,
    /// Which bundle of alternatives it stands in; none for what is held for sure.
    bundle: Option<(usize, usize)>,
    identity: &'static str,
    standard: String,
    period: Period,
    payment: Option<Fen>,
}

impl Tally {
    /// Looks at a household on a day under the catalogue in use and under another.
    ///
    /// # Errors
    /// A sum beyond what can be written.
    pub fn add(
        &mut self,
        household: &Household,
        (before, after): (&Policies, &Policies),
        on: NaiveDate,
    ) -> Result<(), ArithmeticError> {
        self.households += 1;
        let Some(place) = household.place.as_deref() else {
            self.without_place += 1;
            return Ok(());
        };
        let (Ok(before), Ok(after)) = (before.rulebook(place, on), after.rulebook(place, on)) else {
            self.without_place += 1;
            return Ok(());
        };
        let (Ok(was), Ok(is)) = (holdings(&before, household), holdings(&after, household)) else {
            self.not_exact += 1;
            return Ok(());
        };
        let (was, is) = (held(&before, &was), held(&after, &is));
        let mut own = BTreeMap::<Period, Cost>::new();
        for (list, after) in [(&was, false), (&is, true)] {
            for one in list.iter().filter(|one| one.bundle.is_none()) {
                let Some(payment) = one.payment else { continue };
                let town = household.town.as_ref().map(|town| town.as_str().to_owned());
                for group in [Group::All, Group::Identity(one.identity), Group::Town(town)] {
                    self.costs.entry((group, one.period)).or_default().add(payment, after)?;
                }
                own.entry(one.period).or_default().add(payment, after)?;
            }
        }
        let fares = self.compared(&was, &is, &own);
        *self.fares.entry(fares).or_default() += 1;
        if fares != Fares::Unchanged && self.sample.len() < SAMPLE {
            let household = household.key.clone();
            self.sample.push(Sampled { household, fares, costs: own.into_iter().collect() });
        }
        Ok(())
    }

    fn compared(&mut self, was: &[Held], is: &[Held], own: &BTreeMap<Period, Cost>) -> Fares {
        if was == is {
            return Fares::Unchanged;
        }
        let gone: Vec<&Held> = was.iter().filter(|one| !is.contains(one)).collect();
        let mut came: Vec<&Held> = is.iter().filter(|one| !was.contains(one)).collect();
        let (added, removed) = (gone.is_empty(), came.is_empty());
        for one in gone {
            let same = |other: &&Held| other.measure == one.measure && other.who == one.who;
            let instead = came.iter().position(same).map(|at| came.remove(at));
            let was = Some(one.standard.clone());
            let becomes = instead.map(|one| one.standard.clone());
            *self.shifts.entry(Shift { measure: one.measure.clone(), was, becomes }).or_default() += 1;
        }
        for one in came {
            let becomes = Some(one.standard.clone());
            *self.shifts.entry(Shift { measure: one.measure.clone(), was: None, becomes }).or_default() += 1;
        }
        let year = |(period, cost): (&Period, &Cost)| {
            i128::from(period.payments_a_year())
                * (i128::from(cost.after.value()) - i128::from(cost.before.value()))
        };
        let difference: i128 = own.iter().map(year).sum();
        match difference.signum() {
            1 => Fares::Gains,
            -1 => Fares::Loses,
            _ if added => Fares::Gains,
            _ if removed => Fares::Loses,
            _ => Fares::Otherwise,
        }
    }
}

impl Cost {
    fn add(&mut self, payment: Fen, after: bool) -> Result<(), ArithmeticError> {
        let sum = if after { &mut self.after } else { &mut self.before };
        *sum = sum.plus(payment)?;
        Ok(())
    }
}

fn held(rulebook: &Rulebook, package: &Package) -> Vec<Held> {
    let mut all = Vec::new();
    let mut add = |entitlement: &Entitlement, bundle: Option<(usize, usize)>| {
        for line in &entitlement.lines {
            let Some((measure, standard)) = rulebook.standard(line.standard) else { continue };
            all.push(Held {
                measure: measure.id.clone(),
                who: entitlement.who,
                bundle,
                identity: entitlement.identity.code(),
                standard: standard.id.clone(),
                period: line.period,
                payment: payment(&line.amount),
            });
        }
    };
    for entitlement in &package.entitlements {
        add(entitlement, None);
    }
    for (choice, alternatives) in package.alternatives.iter().enumerate() {
        for (place, bundle) in alternatives.bundles.iter().enumerate() {
            for entitlement in &bundle.entitlements {
                add(entitlement, Some((choice, place)));
            }
        }
    }
    all.sort();
    all
}

/// What a line is known to pay in one period.
fn payment(amount: &Amount) -> Option<Fen> {
    match amount {
        Amount::Priced { payment, .. } | Amount::PricedInPart { payment, .. } => Some(*payment),
        Amount::ByHeads(options) => match options.as_slice() {
            [one] => match one.value {
                TopUpValue::Priced { payment, .. } => Some(payment),
                TopUpValue::Open(..) => None,
            },
            _ => None,
        },
        Amount::Open | Amount::Loan(_) | Amount::Unpriced => None,
    }
}
