//! How many households and people stand in each list and in both, and family sizes that add up to it.

use chrono::NaiveDate;

use super::Shape;
use super::random::Random;

/// The largest household that is made up.
const LARGEST: u32 = 9;
/// Of all people of the monitoring list only, so many in a hundred live in families of that list only.
const APART: u32 = 80;
/// One family in so many of both lists is two households in the low-income list.
const SPLIT_EVERY: u32 = 100;

/// Households and people of the two lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Households in the low-income list.
    pub low_income_households: u32,
    /// People in the low-income list.
    pub low_income_persons: u32,
    /// Monitored households.
    pub monitored_households: u32,
    /// Monitored people.
    pub monitored_persons: u32,
    /// People in both.
    pub in_both: u32,
}

/// Published counts to be like.
#[derive(Debug, PartialEq, Eq)]
pub struct Like {
    /// The name on the command line.
    pub name: &'static str,
    /// The counts.
    pub counts: Counts,
    /// A day of the month that the counts are of: (year, month, day).
    day: (i32, u32, u32),
}

/// Longnan 陇南 before and after its two lists were joined, as the source paper has it: the households and people of
/// both lists, and 63.2 % and 91.1 % of the monitored in the low-income list. Whether these are shares of households
/// or of people is not said. No whole number of households gives them; of people 1,330 to 1,332 and 2,727 to 2,729
/// do, and we take the middle ones `[assumption]`. That the figures of the monitoring list are of the same months is
/// our reading of the sentence `[assumption]`.
pub static LIKE: [Like; 2] = [
    Like {
        name: "longnan-2023-03",
        counts: Counts {
            low_income_households: 7_763,
            low_income_persons: 15_076,
            monitored_households: 629,
            monitored_persons: 2_106,
            in_both: 1_331,
        },
        day: (2023, 3, 31),
    },
    Like {
        name: "longnan-2024-03",
        counts: Counts {
            low_income_households: 8_185,
            low_income_persons: 16_181,
            monitored_households: 860,
            monitored_persons: 2_995,
            in_both: 2_728,
        },
        day: (2024, 3, 31),
    },
];

/// Why no population is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CountsError {
    /// A list has more households than people, or more people than its households can have.
    #[error("no households of 1 to 9 people have these counts")]
    Households,
    /// More people in both lists than in one of them can be.
    #[error("so many people cannot stand in both lists")]
    Both,
    /// More people without a number than stand in both lists.
    #[error("fewer people than that stand in both lists")]
    WithoutNumbers,
}

impl Like {
    /// The counts of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        LIKE.iter().find(|like| like.name == name)
    }

    /// The day on which the lists are as they are.
    pub fn day(&self) -> NaiveDate {
        let (year, month, day) = self.day;
        NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
    }
}

impl Counts {
    /// The same proportions for so many people in the low-income list, rounded down, with at least one
    /// household in each list.
    #[must_use]
    pub fn scaled(&self, persons: u32) -> Self {
        let scale = |count: u32| {
            let scaled = u64::from(count) * u64::from(persons) / u64::from(self.low_income_persons.max(1));
            u32::try_from(scaled).unwrap_or(u32::MAX).max(1)
        };
        Self {
            low_income_households: scale(self.low_income_households),
            low_income_persons: persons.max(1),
            monitored_households: scale(self.monitored_households),
            monitored_persons: scale(self.monitored_persons),
            in_both: scale(self.in_both),
        }
    }

    /// Family sizes that add up to the counts, in a random order.
    pub(super) fn shapes(&self, random: &mut Random) -> Result<Vec<Shape>, CountsError> {
        let only_monitored = self.monitored_persons.checked_sub(self.in_both).ok_or(CountsError::Both)?;
        let low_income_only = self.low_income_persons.checked_sub(self.in_both).ok_or(CountsError::Both)?;
        // Families of the monitoring list only, of about the same size as all of it.
        let apart = match self.in_both {
            0 => only_monitored,
            _ => only_monitored * APART / 100,
        };
        let apart_households = part(self.monitored_households, apart, self.monitored_persons);
        let apart = if apart_households == 0 { 0 } else { apart };
        let mixed_households =
            self.monitored_households.checked_sub(apart_households).ok_or(CountsError::Households)?;
        let mut shapes = Vec::new();
        for monitored in sizes(apart, apart_households, random)? {
            shapes.push(Shape { low_income: 0, monitored, shared: 0, split: false });
        }
        let mixed = sizes(self.monitored_persons - apart, mixed_households, random)?;
        let shared = shared(mixed, only_monitored - apart, random)?;
        let low_income: u32 = shared.iter().map(|shape| 1 + u32::from(shape.split)).sum();
        shapes.extend(shared);
        let rest = self.low_income_households.checked_sub(low_income).ok_or(CountsError::Both)?;
        for low_income in sizes(low_income_only, rest, random)? {
            shapes.push(Shape { low_income, monitored: 0, shared: 0, split: false });
        }
        random.shuffle(&mut shapes);
        Ok(shapes)
    }
}

/// The families of both lists: of `left` people in all the low-income list knows nothing.
fn shared(sizes: Vec<u32>, mut left: u32, random: &mut Random) -> Result<Vec<Shape>, CountsError> {
    let households = u32::try_from(sizes.len()).unwrap_or(u32::MAX);
    let mut shapes: Vec<Shape> = sizes
        .into_iter()
        .map(|monitored| Shape { low_income: monitored, monitored, shared: monitored, split: false })
        .collect();
    while left > 0 {
        let before = left;
        for (done, shape) in (0..).zip(&mut shapes) {
            if left > 0 && shape.shared > 1 && random.below(households - done) < left {
                shape.shared -= 1;
                shape.low_income -= 1;
                left -= 1;
            }
        }
        if left == before && shapes.iter().all(|shape| shape.shared <= 1) {
            return Err(CountsError::Both);
        }
    }
    for shape in &mut shapes {
        // Both halves hold their identities person by person, so that the family can still be one household.
        shape.split = shape.shared == shape.monitored && shape.shared >= 4 && random.below(SPLIT_EVERY) == 0;
    }
    Ok(shapes)
}

/// `whole` times `share` of `of`, to the nearest.
fn part(whole: u32, share: u32, of: u32) -> u32 {
    let of = u64::from(of.max(1));
    let part = (u64::from(whole) * u64::from(share) + of / 2) / of;
    u32::try_from(part).unwrap_or(u32::MAX)
}

/// So many household sizes that add up to so many people.
fn sizes(persons: u32, households: u32, random: &mut Random) -> Result<Vec<u32>, CountsError> {
    if households > persons || u64::from(persons) > u64::from(households) * u64::from(LARGEST) {
        return Err(CountsError::Households);
    }
    let mut left = persons;
    let mut sizes = Vec::new();
    for rest in (0..households).rev() {
        // What the others need at least and can take at most.
        let most = (left - rest).min(LARGEST);
        let least = left.saturating_sub(rest.saturating_mul(LARGEST)).max(1);
        // One person each, and of the others about as many below the mean as above, so that the last households
        // are like the first. Where households are small, a third of them are single people.
        let (all, others) = (rest + 1, left - rest - 1);
        let small = left / 3 < all;
        let drawn = match small {
            true if random.below(3) == 0 => 0,
            true => random.between(0, others.saturating_mul(3)),
            false => random.between(0, others.saturating_mul(2)),
        };
        let size = (1 + (drawn + random.below(all)) / all).clamp(least, most);
        sizes.push(size);
        left -= size;
    }
    Ok(sizes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_add_up_and_stay_ordinary_to_the_end() {
        for (persons, households) in [(1, 1), (9, 1), (15_076, 7_763), (2_106, 629), (100, 100), (900, 100)] {
            let sizes = sizes(persons, households, &mut Random::new(7)).unwrap();
            assert_eq!(sizes.iter().sum::<u32>(), persons);
            assert!(sizes.iter().all(|size| (1..=LARGEST).contains(size)));
        }
        let sizes = |persons, households| sizes(persons, households, &mut Random::new(7));
        assert_eq!(sizes(3, 4), Err(CountsError::Households));
        assert_eq!(sizes(10, 1), Err(CountsError::Households));
        let last: u32 = sizes(15_076, 7_763).unwrap().iter().rev().take(1000).sum();
        assert!((1_700..2_200).contains(&last), "{last}");
    }

    #[test]
    fn counts_that_no_lists_have_are_refused() {
        let good = LIKE[0].counts;
        let shapes = |counts: Counts| counts.shapes(&mut Random::new(1)).map(|_shapes| ());
        assert_eq!(shapes(good), Ok(()));
        assert_eq!(shapes(Counts { in_both: 2_107, ..good }), Err(CountsError::Both));
        assert_eq!(shapes(Counts { low_income_persons: 1_000, ..good }), Err(CountsError::Both));
        assert_eq!(shapes(Counts { low_income_households: 20_000, ..good }), Err(CountsError::Households));
        assert_eq!(shapes(Counts { in_both: 0, ..good }), Ok(()));
        assert_eq!(shapes(Counts { in_both: 2_106, ..good }), Ok(()));
    }

    #[test]
    fn proportions_hold_for_other_sizes() {
        for persons in [1, 10, 100, 1_000, 100_000, 1_000_000] {
            let counts = LIKE[1].counts.scaled(persons);
            assert_eq!(counts.low_income_persons, persons);
            assert!(counts.shapes(&mut Random::new(1)).is_ok(), "{counts:?}");
        }
        assert_eq!(LIKE[1].counts.scaled(16_181), LIKE[1].counts);
    }
}
