//! Half-open validity and the arithmetic of dates.

use chrono::{Datelike, NaiveDate};

/// `[from, until)`: valid on `from`, no longer valid on `until`. An open end runs until replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Validity {
    /// First day.
    pub from: NaiveDate,
    /// First day on which it no longer holds.
    pub until: Option<NaiveDate>,
}

impl Validity {
    /// Builds a validity that contains at least one day.
    pub fn new(from: NaiveDate, until: Option<NaiveDate>) -> Option<Self> {
        (until.is_none_or(|until| from < until)).then_some(Self { from, until })
    }

    /// Whether the day lies inside.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }

    /// Whether the two share a day.
    pub fn overlaps(&self, other: &Self) -> bool {
        other.until.is_none_or(|until| self.from < until) && self.until.is_none_or(|until| other.from < until)
    }
}

/// What one payment of a standard covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Period {
    /// Every calendar month.
    Month,
    /// Once a year, or accumulating over the year.
    Year,
    /// One-off.
    Once,
}

impl Period {
    /// How many payments count in the annual total that packages are compared by.
    pub const fn payments_a_year(self) -> i64 {
        match self {
            Self::Month => 12,
            Self::Year | Self::Once => 1,
        }
    }
}

/// Reads a day written `YYYY-MM-DD`, and in no other way.
pub fn written_day(text: &str) -> Option<NaiveDate> {
    // The library's parser takes other forms too; only the one it writes itself is ours.
    text.parse().ok().filter(|day: &NaiveDate| day.to_string() == text)
}

/// Whole years completed on `day` by somebody born on `birth`; `None` before birth.
/// Somebody born on 29 February completes a year on 1 March of a common year.
pub fn age_on(birth: NaiveDate, day: NaiveDate) -> Option<u32> {
    day.years_since(birth)
}

/// Whole months from `start` to `day`; 0 before `start`.
pub fn months_between(start: NaiveDate, day: NaiveDate) -> i64 {
    let months = |date: NaiveDate| i64::from(date.year()) * 12 + i64::from(date.month());
    let full = months(day) - months(start) - i64::from(day.day() < start.day());
    full.max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn validity_is_half_open() {
        let year = Validity::new(day("2024-01-01"), Some(day("2025-01-01"))).unwrap();
        assert!(year.contains(day("2024-12-31")) && !year.contains(day("2025-01-01")));
        let next = Validity::new(day("2025-01-01"), None).unwrap();
        assert!(!year.overlaps(&next) && !next.overlaps(&year) && next.overlaps(&next));
        assert_eq!(Validity::new(day("2024-01-01"), Some(day("2024-01-01"))), None);
    }

    #[test]
    fn ages_and_months_turn_on_the_day() {
        assert_eq!(age_on(day("2008-06-02"), day("2024-06-01")), Some(15));
        assert_eq!(age_on(day("2008-06-01"), day("2024-06-01")), Some(16));
        assert_eq!(age_on(day("2008-02-29"), day("2023-02-28")), Some(14));
        assert_eq!(age_on(day("2025-01-01"), day("2024-06-01")), None);
        assert_eq!(months_between(day("2024-01-31"), day("2024-03-30")), 1);
        assert_eq!(months_between(day("2024-01-31"), day("2024-03-31")), 2);
    }
}
