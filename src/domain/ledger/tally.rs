//! What is due and what was delivered, added up: by measure and kind of period, never across periods.

use std::collections::BTreeMap;

use super::{CoversKind, DueAmount, Owed, OwedState};
use crate::domain::money::Fen;
use crate::domain::ratio::ArithmeticError;

/// How many, and how much together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Sum {
    /// How many.
    pub count: u64,
    /// Their amounts, in fen.
    pub amount: Fen,
}

impl Sum {
    fn add(&mut self, amount: Fen) -> Result<(), ArithmeticError> {
        self.count += 1;
        self.amount = self.amount.plus(amount)?;
        Ok(())
    }
}

/// The payments of one measure or cascade in one kind of period.
///
/// Every payment is counted once among what is closed, outstanding, overdue, open and unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Total {
    /// How many payments are due, whatever is known of their amounts.
    pub payments: u64,
    /// Those whose amount is known; for a claim, what the expense that is stated brings.
    pub due: Sum,
    /// Those of which something was delivered, and what was delivered.
    pub delivered: Sum,
    /// Those of which nothing is left to deliver.
    pub closed: u64,
    /// What is left to deliver in periods that have not ended.
    pub outstanding: Sum,
    /// What is left to deliver in periods that have ended.
    pub overdue: Sum,
    /// Those without a known amount of which nothing was delivered: without a price, or by claims.
    pub open: u64,
    /// Those without a price, delivered or not: their number only, never an amount of 0.
    pub unpriced: u64,
    /// Those whose amount depends on what is not known.
    pub unknown: u64,
}

/// The totals by measure or cascade, and kind of period.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Tally(BTreeMap<(String, CoversKind), Total>);

impl Tally {
    /// Adds a payment.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn add(&mut self, owed: &Owed) -> Result<(), ArithmeticError> {
        let due = &owed.due;
        let total = self.0.entry((due.offer.clone(), due.covers.kind())).or_default();
        total.payments += 1;
        match due.amount {
            DueAmount::Exact(amount) | DueAmount::ByClaims(Some(amount)) => total.due.add(amount)?,
            DueAmount::Unpriced => total.unpriced += 1,
            DueAmount::ByClaims(None) | DueAmount::NotKnown => {}
        }
        if !owed.entries.is_empty() {
            total.delivered.add(owed.delivered)?;
        }
        match owed.state {
            OwedState::Delivered => total.closed += 1,
            OwedState::Outstanding(left) => total.outstanding.add(left)?,
            OwedState::Overdue(left) => total.overdue.add(left)?,
            OwedState::Open => total.open += 1,
            OwedState::NotKnown => total.unknown += 1,
        }
        Ok(())
    }

    /// The totals, by the id of the measure or cascade, then by kind of period.
    pub fn rows(&self) -> impl Iterator<Item = (&str, CoversKind, &Total)> {
        self.0.iter().map(|((offer, kind), total)| (offer.as_str(), *kind, total))
    }

    /// How many payments were added.
    pub fn payments(&self) -> u64 {
        self.0.values().map(|total| total.payments).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identity::Identity;
    use crate::domain::ledger::{Delivered, Due, owed};
    use crate::domain::package::Beneficiary;
    use proptest::prelude::*;

    fn due() -> impl Strategy<Value = Due> {
        let amount = prop_oneof![
            (1..1_000_i64).prop_map(|fen| DueAmount::Exact(Fen::new(fen))),
            proptest::option::of((0..1_000_i64).prop_map(Fen::new)).prop_map(DueAmount::ByClaims),
            Just(DueAmount::Unpriced),
            Just(DueAmount::NotKnown),
        ];
        let covers = prop_oneof![Just("2024-05"), Just("2024-06"), Just("2024"), Just("2024-06-01")];
        (0..3_usize, covers, amount).prop_map(|(offer, covers, amount)| Due {
            offer: ["S1", "D3", "M9"][offer].to_owned(),
            who: Beneficiary::Household,
            identity: Identity::Dibao,
            covers: covers.parse().unwrap(),
            amount,
        })
    }

    fn delivered() -> impl Strategy<Value = Delivered> {
        (due(), proptest::option::of(1..1_000_i64), 1..9_i64).prop_map(|(due, paid, entry)| Delivered {
            entry,
            offer: due.offer,
            beneficiary: None,
            covers: due.covers,
            paid: paid.map(Fen::new),
        })
    }

    proptest! {
        /// Every payment stands in one state, and what is due with a price is delivered or left.
        #[test]
        fn nothing_is_counted_twice_and_nothing_is_lost(
            dues in prop::collection::vec(due(), 0..20),
            deliveries in prop::collection::vec(delivered(), 0..10),
        ) {
            let rows = owed(
                dues.into_iter().map(|due| (due, None)).collect(),
                &deliveries,
                "2024-06-15".parse().unwrap(),
            );
            let mut tally = Tally::default();
            for row in &rows {
                tally.add(row).unwrap();
            }
            prop_assert_eq!(tally.payments(), u64::try_from(rows.len()).unwrap());
            for (offer, kind, total) in tally.rows() {
                let states = total.closed + total.outstanding.count + total.overdue.count + total.open
                    + total.unknown;
                prop_assert_eq!(states, total.payments);
                let own = rows.iter().filter(|row| row.due.offer == offer && row.due.covers.kind() == kind);
                let (mut due, mut covered) = (0, 0);
                for row in own {
                    if let DueAmount::Exact(amount) | DueAmount::ByClaims(Some(amount)) = row.due.amount {
                        due += amount.value();
                        covered += row.delivered.min(amount).value();
                    }
                }
                prop_assert_eq!(total.due.amount.value(), due);
                let left = total.outstanding.amount.value() + total.overdue.amount.value();
                prop_assert_eq!(covered + left, due);
            }
        }
    }
}
