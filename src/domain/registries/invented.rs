//! Invented registries: two lists of people who do not exist, with counts that are given.
//!
//! Of the published lists only the counts are known; every person, name, number, household, town and fact
//! here is invented. A population is a function of its counts, its day and a seed: the same on every
//! machine. It is the data of tests, of benchmarks and of the demonstration.
//!
//! Families are made one at a time, so that a population of any size is written in constant memory but
//! for a few bytes a household and the numbers given out.

mod counts;
mod family;
mod names;
mod random;

pub use counts::{Counts, CountsError, LIKE, Like};

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Registry, RegistryRow};
use family::Maker;
use random::Random;

/// How a population is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// How many of everything.
    pub counts: Counts,
    /// The day on which the lists are as they are.
    pub on: NaiveDate,
    /// Another seed makes other people with the same counts.
    pub seed: u64,
    /// Of how many people who stand in both lists the monitoring list has no number. They match by a
    /// declared rule only, once somebody has decided so.
    pub without_numbers: u32,
}

/// A family, as the two lists state it: one row a person, none where it does not stand in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Family {
    /// Its rows in the low-income list.
    pub social_assistance: Vec<RegistryRow>,
    /// Its rows in the monitoring list.
    pub monitoring: Vec<RegistryRow>,
}

/// The families of a population, in an order that mixes those of both lists with those of one.
#[derive(Debug)]
pub struct Families {
    shapes: std::vec::IntoIter<Shape>,
    maker: Maker,
}

/// How large a family is in each list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shape {
    /// People in the low-income list.
    low_income: u32,
    /// People in the monitoring list.
    monitored: u32,
    /// People in both: all of the low-income list, where the family stands in both.
    shared: u32,
    /// Whether the low-income list has the family as two households.
    split: bool,
}

impl Family {
    /// The rows of one list.
    pub fn rows(&self, registry: Registry) -> &[RegistryRow] {
        match registry {
            Registry::SocialAssistance => &self.social_assistance,
            Registry::Monitoring => &self.monitoring,
        }
    }
}

/// The families of a population.
///
/// # Errors
/// If no population has these counts.
pub fn families(order: &Order) -> Result<Families, CountsError> {
    if order.without_numbers > order.counts.in_both {
        return Err(CountsError::WithoutNumbers);
    }
    let mut random = Random::new(order.seed);
    let shapes = order.counts.shapes(&mut random)?;
    let maker = Maker::new(order.on, random, order.without_numbers);
    Ok(Families { shapes: shapes.into_iter(), maker })
}

impl Iterator for Families {
    type Item = Family;

    fn next(&mut self) -> Option<Family> {
        self.shapes.next().map(|shape| self.maker.family(shape))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.shapes.size_hint()
    }
}

/// The numbers given out: how many for each date of birth.
type Given = BTreeMap<NaiveDate, u16>;

#[cfg(test)]
mod tests;
