//! Packages of the engine and bundles of the oracle, told by keys and ids so that they can be compared.

use std::collections::BTreeSet;

use assistance_toolbox::domain::facts::Household;
use assistance_toolbox::domain::identity::Identity;
use assistance_toolbox::domain::package::{
    Alternatives, Amount, Beneficiary, Entitlement, Package, TopUpValue,
};
use assistance_toolbox::domain::rulebook::Rulebook;
use num_traits::ToPrimitive;
use proptest::test_runner::TestCaseError;

use super::amounts::{Worth, payment};
use super::oracle::{Candidate, Oracle};

/// Measure id, standard id and whether an extension opened it.
pub(super) type LineKey = (String, String, bool);

/// What is taken, by whom, under which identity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) lines: Vec<LineKey>,
    /// The member's key; `None` is the household.
    pub(super) who: Option<String>,
    pub(super) identity: Identity,
}

/// With the payments of its lines.
pub(super) type Paid = (Key, Vec<Option<i64>>);

pub(super) fn name(household: &Household, who: Beneficiary) -> Option<String> {
    match who {
        Beneficiary::Household => None,
        Beneficiary::Person(index) => Some(household.members[index].key.clone()),
    }
}

pub(super) fn key(rulebook: &Rulebook, household: &Household, taken: &Entitlement) -> Key {
    let lines = taken.lines.iter().map(|line| {
        let (measure, standard) = rulebook.standard(line.standard).unwrap();
        (measure.id.clone(), standard.id.clone(), line.extension.is_some())
    });
    Key { lines: lines.collect(), who: name(household, taken.who), identity: taken.identity }
}

/// The key, and what each line pays; of a top-up what it pays for the most heads.
pub(super) fn paid(rulebook: &Rulebook, household: &Household, taken: &Entitlement) -> Paid {
    let payments = taken.lines.iter().map(|line| match &line.amount {
        Amount::Priced { payment, .. } | Amount::PricedInPart { payment, .. } => Some(payment.value()),
        Amount::ByHeads(options) => payment_of(&options.last().unwrap().value),
        Amount::Open | Amount::Loan(_) | Amount::Unpriced => None,
    });
    (key(rulebook, household, taken), payments.collect())
}

fn payment_of(value: &TopUpValue) -> Option<i64> {
    match value {
        TopUpValue::Priced { payment, .. } => Some(payment.value()),
        TopUpValue::Open(..) => None,
    }
}

pub(super) fn all_paid(rulebook: &Rulebook, household: &Household, package: &Package) -> BTreeSet<Paid> {
    package.entitlements.iter().map(|taken| paid(rulebook, household, taken)).collect()
}

pub(super) fn keys<'a>(
    rulebook: &Rulebook,
    household: &Household,
    taken: impl IntoIterator<Item = &'a Entitlement>,
) -> BTreeSet<Key> {
    taken.into_iter().map(|taken| key(rulebook, household, taken)).collect()
}

/// What the package promises if its one unknown amount turns out to be `value`.
pub(super) fn promised(
    rulebook: &Rulebook,
    household: &Household,
    package: &Package,
    value: i64,
) -> BTreeSet<Key> {
    let mut all = keys(rulebook, household, &package.entitlements);
    for choice in &package.alternatives {
        all.extend(keys(rulebook, household, &choice.bundles[chosen(choice, value)].entitlements));
    }
    all
}

/// The bundle that is the best at `value`.
fn chosen(choice: &Alternatives, value: i64) -> usize {
    let starts = choice.bundles.iter().map(|bundle| bundle.from.expect("one basis has crossings").1);
    starts.enumerate().rfind(|(_, first)| *first <= value).expect("the first starts at 0").0
}

impl Oracle<'_> {
    /// As [`all_paid`], but a top-up pays for the heads that the oracle counts, if it is possible that so
    /// many count.
    pub(super) fn all_paid(
        &self,
        rulebook: &Rulebook,
        household: &Household,
        package: &Package,
    ) -> Result<BTreeSet<Paid>, TestCaseError> {
        let mut all = BTreeSet::new();
        for taken in &package.entitlements {
            let (key, mut payments) = paid(rulebook, household, taken);
            if let Amount::ByHeads(options) = &taken.lines[0].amount {
                let counted = self.candidates[self.find_one(household, &key)?].lines[0].heads;
                let option = options.iter().find(|option| usize::try_from(option.heads) == Ok(counted));
                payments = vec![option.and_then(|option| payment_of(&option.value))];
            }
            all.insert((key, payments));
        }
        Ok(all)
    }

    pub(super) fn key_of(&self, candidate: &Candidate, household: &Household) -> Key {
        let lines = candidate.lines.iter().map(|line| {
            let measure = self.measure(line.measure).id.clone();
            (measure, self.standard(line).id.clone(), line.extended)
        });
        Key {
            lines: lines.collect(),
            who: candidate.who.map(|person| household.members[person].key.clone()),
            identity: candidate.identity,
        }
    }

    pub(super) fn paid_of(&self, candidate: &Candidate, household: &Household) -> Paid {
        let payments = candidate.lines.iter().map(|line| match &line.worth {
            Worth::Exact(exact, _) => payment(exact, self.standard(line).rounding).to_i64(),
            Worth::Open | Worth::None => None,
        });
        (self.key_of(candidate, household), payments.collect())
    }

    /// The candidates of these keys; fails if one of them is no candidate.
    pub(super) fn find(
        &self,
        household: &Household,
        keys: &BTreeSet<Key>,
    ) -> Result<Vec<usize>, TestCaseError> {
        keys.iter().map(|key| self.find_one(household, key)).collect()
    }

    pub(super) fn find_one(&self, household: &Household, key: &Key) -> Result<usize, TestCaseError> {
        let place = self.candidates.iter().position(|known| self.key_of(known, household) == *key);
        place.ok_or_else(|| TestCaseError::fail(format!("{key:?} is no candidate")))
    }
}
