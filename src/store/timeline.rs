//! What a save closes and adds, so that afterwards the days it speaks about are as it says and all
//! other days are as before.

use std::collections::BTreeMap;

use crate::domain::period::Validity;

/// A row that is believed now.
#[derive(Clone, Debug)]
pub(super) struct Row<I, S, V> {
    /// The row.
    pub(super) id: I,
    /// What it is about.
    pub(super) slot: S,
    /// What it says.
    pub(super) value: V,
    /// The days it speaks about.
    pub(super) valid: Validity,
}

/// The rows to close and to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan<I, S, V> {
    /// Rows that are no longer believed.
    pub(super) close: Vec<I>,
    /// Rows to add.
    pub(super) add: Vec<(S, V, Validity)>,
}

impl<I, S, V> Plan<I, S, V> {
    /// Whether nothing changes.
    pub(super) fn is_empty(&self) -> bool {
        self.close.is_empty() && self.add.is_empty()
    }
}

/// Compares what is believed with what is stated: `stated` gives a value to some slots for the days of
/// `valid`, and to all others none. Rows that say the same stay; of the others what lies outside `valid`
/// is added again.
pub(super) fn plan<I, S: Ord + Clone, V: PartialEq + Clone>(
    rows: Vec<Row<I, S, V>>,
    valid: Validity,
    stated: BTreeMap<S, V>,
) -> Plan<I, S, V> {
    let mut plan = Plan { close: Vec::new(), add: Vec::new() };
    let mut kept: BTreeMap<S, Vec<Validity>> = BTreeMap::new();
    for row in rows.into_iter().filter(|row| row.valid.overlaps(&valid)) {
        if stated.get(&row.slot) == Some(&row.value) {
            kept.entry(row.slot).or_default().push(row.valid);
            continue;
        }
        plan.close.push(row.id);
        for rest in outside(row.valid, valid) {
            plan.add.push((row.slot.clone(), row.value.clone(), rest));
        }
    }
    for (slot, value) in stated {
        let kept = kept.remove(&slot).unwrap_or_default();
        plan.add.extend(gaps(valid, kept).into_iter().map(|gap| (slot.clone(), value.clone(), gap)));
    }
    plan
}

/// The days of `whole` before and after those of `cut`.
fn outside(whole: Validity, cut: Validity) -> Vec<Validity> {
    let before = (whole.from < cut.from).then_some(Validity { from: whole.from, until: Some(cut.from) });
    let after = cut
        .until
        .filter(|end| whole.until.is_none_or(|until| *end < until))
        .map(|end| Validity { from: end, until: whole.until });
    before.into_iter().chain(after).collect()
}

/// The days of `whole` that none of the others covers.
fn gaps(whole: Validity, mut covered: Vec<Validity>) -> Vec<Validity> {
    covered.sort_by_key(|part| part.from);
    let mut left = vec![whole];
    for part in covered {
        if let Some(last) = left.pop() {
            if last.overlaps(&part) {
                left.extend(outside(last, part));
            } else {
                left.push(last);
            }
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Days, NaiveDate};
    use proptest::prelude::*;

    fn day(number: u64) -> NaiveDate {
        NaiveDate::default() + Days::new(number)
    }

    fn validity() -> impl Strategy<Value = Validity> {
        (0_u64..20, proptest::option::of(1_u64..10))
            .prop_map(|(from, days)| Validity { from: day(from), until: days.map(|days| day(from + days)) })
    }

    type Believed = Vec<Row<usize, u8, u8>>;

    fn at(rows: &Believed, slot: u8, on: NaiveDate) -> Vec<u8> {
        let found = rows.iter().filter(|row| row.slot == slot && row.valid.contains(on));
        found.map(|row| row.value).collect()
    }

    proptest! {
        /// Against the plainest model: a value for each day.
        #[test]
        fn days_inside_are_as_stated_and_days_outside_as_before(
            saves in prop::collection::vec((validity(), prop::collection::btree_map(0_u8..3, 0_u8..3, 0..4)), 1..8)
        ) {
            let mut rows = Believed::new();
            let mut next = 0;
            for (valid, stated) in saves {
                let before = rows.clone();
                let plan = plan(rows.clone(), valid, stated.clone());
                rows.retain(|row| !plan.close.contains(&row.id));
                for (slot, value, valid) in plan.add {
                    rows.push(Row { id: next, slot, value, valid });
                    next += 1;
                }
                for on in (0..45).map(day) {
                    for slot in 0..3 {
                        let expected = if valid.contains(on) {
                            stated.get(&slot).copied().into_iter().collect()
                        } else {
                            at(&before, slot, on)
                        };
                        prop_assert_eq!(at(&rows, slot, on), expected);
                    }
                }
                let again = super::plan(rows.clone(), valid, stated);
                prop_assert!(again.is_empty(), "{again:?}");
            }
        }
    }
}
