//! How heavy a query is: every list declares about how many entries it has, so that lists inside
//! lists multiply, and what would be too much is refused before anything is executed.

/// The heaviest query that is executed, in fields of the answer. The whole catalogue with the
/// standards in force, their amounts and sources fits; a test asks for it.
pub const MOST: usize = 200_000;

/// The weight of a question for which two whole lists are read.
pub const HEAVY: usize = 5_000;

/// Heavy enough to be refused, light enough that sums of it do not overflow.
const CEILING: usize = 1_000_000_000;

/// The weight of a list of about so many entries.
pub fn list(entries: usize, child: usize) -> usize {
    entries.max(1).saturating_mul(child.saturating_add(1)).min(CEILING)
}

/// The weight of a page: `first` as asked for, whether or not it will be accepted.
pub fn page(first: i32, child: usize) -> usize {
    list(usize::try_from(first).unwrap_or_default(), child)
}
