//! Regions: province, prefecture, county, town and village as a tree of codes.

use std::fmt;
use std::str::FromStr;

/// The code of a region: 2 digits name a province, 4 a prefecture, 6 a county (GB/T 2260), 9 a town
/// and 12 a village (GB/T 10114). A region's code begins with the codes of all regions it lies in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Region(String);

/// How many digits a code may have, from province to village.
pub const REGION_DIGITS: [usize; 5] = [2, 4, 6, 9, 12];

/// A text that is no code of a region. It does not repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a region code of 2, 4, 6, 9 or 12 digits")]
pub struct RegionError;

impl Region {
    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the other region is this one or lies in it.
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// Whether it is a town or a village: where a household lives.
    pub fn is_town(&self) -> bool {
        matches!(self.0.len(), 9 | 12)
    }

    /// What lies in this region and in the other; `None` if they have nothing in common.
    pub fn narrowed(&self, other: &Self) -> Option<Self> {
        let inner = if self.contains(other) { other } else { self };
        (inner == other || other.contains(inner)).then(|| inner.clone())
    }

    /// The region of that many digits which this one is or lies in; `None` if this one is wider.
    pub fn within(&self, digits: usize) -> Option<Self> {
        self.0.get(..digits).filter(|_| REGION_DIGITS.contains(&digits)).map(|code| Self(code.to_owned()))
    }
}

impl AsRef<str> for Region {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for Region {
    type Err = RegionError;

    fn from_str(text: &str) -> Result<Self, RegionError> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        if digits && REGION_DIGITS.contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(RegionError)
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_contains_itself_and_what_lies_in_it() {
        let region = |code: &str| code.parse::<Region>().unwrap();
        assert!(region("9901").contains(&region("990101001")));
        assert!(region("990101001").contains(&region("990101001")));
        assert!(!region("990101001").contains(&region("990101")));
        assert!(!region("990101").contains(&region("990102001")));
        assert_eq!(region("990101001").within(6), Some(region("990101")));
        assert_eq!(region("990101").within(9), None);
        assert_eq!(region("990101").within(5), None);
        let narrowed = |one: &str, other: &str| region(one).narrowed(&region(other));
        assert_eq!(narrowed("9901", "990101"), Some(region("990101")));
        assert_eq!(narrowed("990101", "9901"), Some(region("990101")));
        assert_eq!(narrowed("990101", "990101"), Some(region("990101")));
        assert_eq!(narrowed("990101", "990102"), None);
    }

    #[test]
    fn codes_have_the_length_of_a_level_and_only_digits() {
        for bad in ["", "9", "990", "9901010", "99010a", "９９", "9901010011", " 99"] {
            assert_eq!(bad.parse::<Region>(), Err(RegionError), "{bad}");
        }
    }
}
