//! The outcome of a resolution: what a household is entitled to, what it does not take and why,
//! what is not known, and which needs are covered.
//!
//! A package holds places in the rulebook and the household, not texts; whoever shows it looks the
//! names up there.

use super::condition::Leaf;
use super::facts::Fact;
use super::identity::Identity;
use super::money::Fen;
use super::period::Period;
use super::ratio::{ArithmeticError, Ratio};
use super::rulebook::Rulebook;
use super::schedule::{Comparison, Schedule};

/// Whom an entitlement is for: the household, or the member at this place of its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Beneficiary {
    /// The household.
    Household,
    /// One member.
    Person(usize),
}

/// The resolved entitlements of one household on one date.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Package {
    /// What it is entitled to, in matrix order, then by beneficiary.
    pub entitlements: Vec<Entitlement>,
    /// Where the better bundle depends on an amount that is not known.
    pub alternatives: Vec<Alternatives>,
    /// Candidates that were not taken, with the reason.
    pub not_taken: Vec<NotTaken>,
    /// Measures that could be open, with what is unknown for them.
    pub undecided: Vec<Undecided>,
    /// Needs that the facts show or leave open.
    pub needs: Vec<NeedOutcome>,
}

/// One measure or cascade, for one beneficiary, under one identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entitlement {
    /// The offer of the rulebook: a measure or a cascade.
    pub offer: usize,
    /// For whom.
    pub who: Beneficiary,
    /// Under which identity.
    pub identity: Identity,
    /// One line per measure.
    pub lines: Vec<Line>,
    /// Places in [`Package::undecided`] of what could displace or change it.
    pub provisional: Vec<usize>,
}

/// What one measure gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The standard of the rulebook.
    pub standard: usize,
    /// The extension that opened it, if it was not open of itself.
    pub extension: Option<usize>,
    /// What one payment covers.
    pub period: Period,
    /// How much.
    pub amount: Amount,
    /// The parts it is made of; empty for a top-up.
    pub parts: Vec<PartValue>,
}

/// How much a line pays in one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amount {
    /// Priced: the exact amount, and the payment after rounding.
    Priced {
        /// In fen, exact.
        exact: Ratio,
        /// Rounded.
        payment: Fen,
    },
    /// Priced in part: what is priced, next to parts that are not.
    PricedInPart {
        /// In fen, exact.
        exact: Ratio,
        /// Rounded.
        payment: Fen,
    },
    /// Depends on a fact that is not known; the parts hold the functions.
    Open,
    /// Depends on how many persons count as heads, fewest first.
    ByHeads(Vec<HeadsAmount>),
    /// A loan up to this amount.
    Loan(Fen),
    /// Without a price; the parts hold the reason.
    Unpriced,
}

/// A top-up for one number of heads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadsAmount {
    /// How many persons count.
    pub heads: u32,
    /// The amount, or a function of the income.
    pub value: TopUpValue,
}

/// The amount of a top-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TopUpValue {
    /// The exact amount, and the payment after rounding.
    Priced {
        /// In fen, exact.
        exact: Ratio,
        /// Rounded.
        payment: Fen,
    },
    /// A function of the income, which is not known.
    Open(Basis, Schedule),
}

/// What one part of a line gives in one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartValue {
    /// This exact amount, in fen.
    Exact(Ratio),
    /// This schedule of the rulebook, of a fact that is not known.
    Open(Basis, usize),
    /// A loan up to this amount.
    Loan(Fen),
    /// No price; the reason stands in the rulebook's part.
    Unpriced,
}

/// A fact that an amount depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Basis {
    /// Whose fact.
    pub who: Beneficiary,
    /// The fact.
    pub fact: Fact,
}

/// Bundles of which the best depends on what is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternatives {
    /// The one fact it depends on; `None` if there are several, and then no crossings are told.
    pub basis: Option<Basis>,
    /// The bundles. With one basis each is the best from its start to the start of the next.
    pub bundles: Vec<Alternative>,
}

/// One bundle of [`Alternatives`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// The exact quantity from which it is the best, and the first whole one (fen).
    pub from: Option<(Ratio, i64)>,
    /// What it holds.
    pub entitlements: Vec<Entitlement>,
}

/// A candidate that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotTaken {
    /// What was refused.
    pub refused: Entitlement,
    /// Why.
    pub reason: Refusal,
    /// What stands against it.
    pub by: Against,
    /// How the two compare, a year.
    pub difference: Difference,
    /// Where the applicant may choose it all the same: what would be taken instead.
    pub instead: Option<Instead>,
    /// Parameters that would have to be set before the two can be compared.
    pub missing: Vec<Missing>,
}

/// What would be taken if the applicant chose a refused candidate: the best bundle that holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instead {
    /// The bundle, in package order.
    pub entitlements: Vec<Entitlement>,
    /// Places in [`Package::entitlements`] of what would be given up.
    pub given_up: Vec<usize>,
    /// What is taken less what would be, in fen a year; `None` if that cannot be told.
    pub difference: Option<Ratio>,
}

/// What stands against a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Against {
    /// The entitlement at this place of [`Package::entitlements`].
    Entitlement(usize),
    /// Every bundle of the alternatives at this place of [`Package::alternatives`].
    Alternatives(usize),
}

/// Why a candidate was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The same measure or cascade is taken under another identity or standard.
    SameMeasure,
    /// The measures are of one category.
    SameCategory,
    /// The exclusion at this place of the catalogue.
    Exclusion(usize),
}

/// How what was taken and what was refused compare, a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Taken less refused, in fen; negative where a priority binds.
    Exact(Ratio),
    /// Taken against refused, over the whole range of the unknown fact.
    OverRange(Comparison),
    /// Both are the same standard, under different identities.
    SameStandard,
    /// One of them has no price, or they depend on different unknown facts.
    NotComparable,
}

/// A measure that is neither open nor closed to a beneficiary, for want of facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// The measure, by its place in the catalogue.
    pub measure: usize,
    /// For whom.
    pub who: Beneficiary,
    /// The standards, with the identities under which each could be opened.
    pub standards: Vec<(usize, super::identity::IdentitySet)>,
    /// What would decide it, sorted.
    pub missing: Vec<Missing>,
}

/// Something that is not known.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Missing {
    /// Whose; parameters of the place belong to the household.
    pub who: Beneficiary,
    /// The fact or parameter.
    pub leaf: Leaf,
}

/// A need of the household or one of its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedOutcome {
    /// The need, by its place in the catalogue.
    pub need: usize,
    /// The worst answer over those who have it.
    pub state: NeedState,
    /// One row per beneficiary that has it, or may have it.
    pub rows: Vec<NeedRow>,
}

/// The state of a need for one beneficiary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedRow {
    /// Who has it.
    pub who: Beneficiary,
    /// Its state.
    pub state: NeedState,
    /// Places in [`Package::entitlements`] of what covers it.
    pub covered_by: Vec<usize>,
    /// Measures in reach that answer it and are not taken, by their place in the catalogue.
    pub in_reach: Vec<usize>,
    /// What must be known to tell whether the need is there.
    pub missing: Vec<Missing>,
}

/// How well a need is answered, from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NeedState {
    /// An entitlement answers it.
    Covered,
    /// It is not known whether the need is there.
    Unknown,
    /// A measure in reach answers it, but is not open, or not yet.
    Open,
    /// No measure in reach answers it.
    Unmet,
}

/// What the lines of one measure pay together in one kind of period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subtotal {
    /// The measure, by its place in the catalogue.
    pub measure: usize,
    /// The period; amounts of different periods are never added.
    pub period: Period,
    /// The sum of the payments that are known.
    pub payment: Fen,
}

impl Package {
    /// What a beneficiary is entitled to by an offer; it is one entitlement at most.
    pub fn entitlement(&self, offer: usize, who: Beneficiary) -> Option<&Entitlement> {
        self.entitlements.iter().find(|one| one.offer == offer && one.who == who)
    }

    /// The payments that are known, summed by measure and period in package order. Loans and
    /// amounts that are open, or depend on the number of heads, are left out.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn subtotals(&self, rulebook: &Rulebook) -> Result<Vec<Subtotal>, ArithmeticError> {
        let mut sums: Vec<Subtotal> = Vec::new();
        for line in self.entitlements.iter().flat_map(|one| &one.lines) {
            let payment = match &line.amount {
                Amount::Priced { payment, .. } | Amount::PricedInPart { payment, .. } => *payment,
                Amount::ByHeads(options) => match options.as_slice() {
                    [HeadsAmount { value: TopUpValue::Priced { payment, .. }, .. }] => *payment,
                    _ => continue,
                },
                Amount::Open | Amount::Loan(_) | Amount::Unpriced => continue,
            };
            let Some(measure) = rulebook.measure_of(line.standard) else { continue };
            match sums.iter_mut().find(|sum| sum.measure == measure && sum.period == line.period) {
                Some(sum) => sum.payment = sum.payment.plus(payment)?,
                None => sums.push(Subtotal { measure, period: line.period, payment }),
            }
        }
        sums.sort_by_key(|sum| (sum.measure, sum.period));
        Ok(sums)
    }

    /// Everything that is not known and would decide a measure, an amount or a need, sorted.
    pub fn questions(&self) -> Vec<Missing> {
        let undecided = self.undecided.iter().flat_map(|row| row.missing.iter().cloned());
        let needs = self.needs.iter().flat_map(|need| &need.rows).flat_map(|row| row.missing.iter().cloned());
        let alternatives = self.alternatives.iter().flat_map(|choice| &choice.bundles);
        let entitled = self.entitlements.iter().chain(alternatives.flat_map(|bundle| &bundle.entitlements));
        let open = entitled.flat_map(Entitlement::bases);
        let open = open.map(|basis| Missing { who: basis.who, leaf: Leaf::Fact(basis.fact) });
        let compared = self.not_taken.iter().flat_map(|row| row.missing.iter().cloned());
        let mut all: Vec<Missing> = undecided.chain(needs).chain(open).chain(compared).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

impl Entitlement {
    /// The unknown facts that its amount depends on.
    pub fn bases(&self) -> impl Iterator<Item = Basis> {
        self.lines.iter().flat_map(|line| {
            let parts = line.parts.iter().filter_map(|part| match part {
                PartValue::Open(basis, _) => Some(*basis),
                PartValue::Exact(_) | PartValue::Loan(_) | PartValue::Unpriced => None,
            });
            let heads = match &line.amount {
                Amount::ByHeads(options) => options.as_slice(),
                _ => &[],
            };
            parts.chain(heads.iter().filter_map(|option| match &option.value {
                TopUpValue::Open(basis, _) => Some(*basis),
                TopUpValue::Priced { .. } => None,
            }))
        })
    }
}
