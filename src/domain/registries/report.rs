//! How the two lists overlap: counts, and shares with their denominators.

use std::collections::{BTreeMap, BTreeSet};

use super::Registry;
use super::joining::Family;
use super::listing::RegistryHousehold;
use crate::domain::region::Region;

/// A part of a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The part.
    pub part: u64,
    /// The whole, 0 if there is nothing to be a part of.
    pub whole: u64,
}

/// Households and people of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Size {
    /// Households.
    pub households: u64,
    /// People.
    pub persons: u64,
}

/// Who stands where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Parts {
    /// In the low-income list only.
    pub only_low_income: u64,
    /// In the monitoring list only.
    pub only_monitored: u64,
    /// In both.
    pub both: u64,
}

/// How the lists overlap in a town, or in all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Overlap {
    /// The low-income list.
    pub low_income: Size,
    /// The monitoring list.
    pub monitored: Size,
    /// People. Somebody in both counts in the town of the monitoring list.
    pub persons: Parts,
    /// Families: households of the lists that share a person, as one. Each counts in one town: that of its first
    /// household in the low-income list, or else in the monitoring list.
    pub families: Parts,
    /// Monitored households of which somebody stands in the low-income list.
    pub monitored_households_with_some: u64,
    /// Monitored households of which everybody does.
    pub monitored_households_with_all: u64,
}

/// The overlap in all towns together, and in each.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct OverlapReport {
    /// All towns together.
    pub all: Overlap,
    /// Each town, by the nine digits of its code, in order.
    pub towns: Vec<(Region, Overlap)>,
}

impl Share {
    /// In tenths of a per cent, half up; `None` of nothing.
    pub fn tenths(self) -> Option<u64> {
        let (part, whole) = (u128::from(self.part), u128::from(self.whole));
        let tenths = (part * 2_000 + whole).checked_div(whole * 2)?;
        u64::try_from(tenths).ok()
    }

    /// In per cent with one decimal, `63.2 %`; a dash of nothing.
    pub fn percent(self) -> String {
        self.tenths().map_or_else(|| "-".to_owned(), |tenths| format!("{}.{} %", tenths / 10, tenths % 10))
    }
}

impl Overlap {
    /// Monitored people who stand in the low-income list, of all monitored people.
    pub fn monitored_persons_in_low_income(&self) -> Share {
        Share { part: self.persons.both, whole: self.monitored.persons }
    }

    /// Monitored households of which somebody stands in the low-income list, of all monitored households.
    pub fn monitored_households_in_low_income(&self) -> Share {
        Share { part: self.monitored_households_with_some, whole: self.monitored.households }
    }

    /// People in both lists, of the people in either.
    pub fn persons_in_both_of_all(&self) -> Share {
        let Parts { only_low_income, only_monitored, both } = self.persons;
        Share { part: both, whole: only_low_income + only_monitored + both }
    }

    /// Families in both lists, of all families.
    pub fn families_in_both_of_all(&self) -> Share {
        let Parts { only_low_income, only_monitored, both } = self.families;
        Share { part: both, whole: only_low_income + only_monitored + both }
    }

    fn add(&mut self, other: &Self) {
        let sizes = |one: &mut Size, other: Size| {
            one.households += other.households;
            one.persons += other.persons;
        };
        let parts = |one: &mut Parts, other: Parts| {
            one.only_low_income += other.only_low_income;
            one.only_monitored += other.only_monitored;
            one.both += other.both;
        };
        sizes(&mut self.low_income, other.low_income);
        sizes(&mut self.monitored, other.monitored);
        parts(&mut self.persons, other.persons);
        parts(&mut self.families, other.families);
        self.monitored_households_with_some += other.monitored_households_with_some;
        self.monitored_households_with_all += other.monitored_households_with_all;
    }
}

impl Parts {
    fn count(&mut self, low_income: bool, monitored: bool) {
        match (low_income, monitored) {
            (true, true) => self.both += 1,
            (true, false) => self.only_low_income += 1,
            (false, true) => self.only_monitored += 1,
            (false, false) => {}
        }
    }
}

/// Counts the families of both lists, in the towns of a region or in all.
pub fn overlap(families: &[Family<'_>], within: Option<&Region>) -> OverlapReport {
    let mut towns = BTreeMap::<Region, Overlap>::new();
    for family in families {
        count(family, &mut towns);
    }
    let inside = |town: &Region| within.is_none_or(|within| within.contains(town));
    let towns: Vec<(Region, Overlap)> = towns.into_iter().filter(|(town, _)| inside(town)).collect();
    let mut all = Overlap::default();
    for (_, overlap) in &towns {
        all.add(overlap);
    }
    OverlapReport { all, towns }
}

/// A household of a list: where it is, and how many of its people stand in the other list, and of how many.
struct Seen {
    town: Region,
    in_other: u64,
    people: u64,
}

fn count(family: &Family<'_>, towns: &mut BTreeMap<Region, Overlap>) {
    let mut households = BTreeMap::<&RegistryHousehold, Seen>::new();
    for listed in &family.people {
        let mut of = [None, None];
        for listing in listed {
            let slot = match (listing.registry(), &mut of) {
                (Registry::SocialAssistance, [slot, _]) | (Registry::Monitoring, [_, slot]) => slot,
            };
            slot.get_or_insert(town_of(&listing.region));
        }
        let [low_income, monitored] = &of;
        let both = low_income.is_some() && monitored.is_some();
        if let Some(town) = low_income {
            towns.entry(town.clone()).or_default().low_income.persons += 1;
        }
        if let Some(town) = monitored {
            towns.entry(town.clone()).or_default().monitored.persons += 1;
        }
        if let Some(town) = monitored.as_ref().or(low_income.as_ref()) {
            let persons = &mut towns.entry(town.clone()).or_default().persons;
            persons.count(low_income.is_some(), monitored.is_some());
        }
        let mut told = BTreeSet::new();
        for listing in listed.iter().filter(|listing| told.insert(&listing.household)) {
            let new = Seen { town: town_of(&listing.region), in_other: 0, people: 0 };
            let seen = households.entry(&listing.household).or_insert(new);
            seen.people += 1;
            seen.in_other += u64::from(both);
        }
    }
    let lists = |registry| households.keys().any(|household| household.registry == registry);
    if let Some(first) = households.values().next() {
        let families = &mut towns.entry(first.town.clone()).or_default().families;
        families.count(lists(Registry::SocialAssistance), lists(Registry::Monitoring));
    }
    for (household, seen) in households {
        let overlap = towns.entry(seen.town).or_default();
        match household.registry {
            Registry::SocialAssistance => overlap.low_income.households += 1,
            Registry::Monitoring => {
                overlap.monitored.households += 1;
                overlap.monitored_households_with_some += u64::from(seen.in_other > 0);
                overlap.monitored_households_with_all += u64::from(seen.in_other == seen.people);
            }
        }
    }
}

fn town_of(region: &Region) -> Region {
    region.within(9).unwrap_or_else(|| region.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::registries::joining::families;
    use crate::domain::registries::testing::listing;

    const S: Registry = Registry::SocialAssistance;
    const M: Registry = Registry::Monitoring;

    #[test]
    fn the_published_shares_are_rounded_half_up_from_whole_numbers() {
        let percent = |part, whole| Share { part, whole }.percent();
        assert_eq!(percent(1_331, 2_106), "63.2 %");
        assert_eq!(percent(2_728, 2_995), "91.1 %");
        // Of people three whole numbers each give them, of which ours is the middle one; of households none does.
        let solutions = |whole, published: &str| {
            (0..=whole).filter(|part| percent(*part, whole) == published).collect::<Vec<u64>>()
        };
        assert_eq!(solutions(2_106, "63.2 %"), [1_330, 1_331, 1_332]);
        assert_eq!(solutions(2_995, "91.1 %"), [2_727, 2_728, 2_729]);
        assert_eq!((solutions(629, "63.2 %"), solutions(860, "91.1 %")), (vec![], vec![]));
        assert_eq!(
            (percent(1, 3), percent(2, 3), percent(1, 2_000)),
            ("33.3 %".into(), "66.7 %".into(), "0.1 %".into())
        );
        assert_eq!(
            (percent(0, 5), percent(5, 5), percent(0, 0)),
            ("0.0 %".into(), "100.0 %".into(), "-".into())
        );
    }

    #[test]
    fn people_households_and_families_are_counted_each_in_their_town() {
        let elsewhere = |mut listing: crate::domain::registries::listing::Listing| {
            listing.region = "990101002001".parse().unwrap();
            listing
        };
        let listings = [
            listing(S, "1", "a"),
            listing(S, "1", "b"),
            listing(S, "2", "c"),
            listing(M, "7", "a"),
            listing(M, "7", "d"),
            elsewhere(listing(M, "8", "c")),
            elsewhere(listing(M, "9", "e")),
        ];
        let found = overlap(&families(&listings, &[]), None);
        let all = found.all;
        assert_eq!(all.low_income, Size { households: 2, persons: 3 });
        assert_eq!(all.monitored, Size { households: 3, persons: 4 });
        assert_eq!(all.persons, Parts { only_low_income: 1, only_monitored: 2, both: 2 });
        assert_eq!(all.families, Parts { only_low_income: 0, only_monitored: 1, both: 2 });
        assert_eq!((all.monitored_households_with_some, all.monitored_households_with_all), (2, 1));
        assert_eq!(all.persons_in_both_of_all(), Share { part: 2, whole: 5 });
        let [(one, here), (other, there)] = found.towns.as_slice() else { panic!("two towns") };
        assert_eq!((one.as_str(), other.as_str()), ("990101001", "990101002"));
        assert_eq!(here.monitored_persons_in_low_income(), Share { part: 1, whole: 2 });
        assert_eq!(there.monitored_persons_in_low_income(), Share { part: 1, whole: 2 });
        let within = overlap(&families(&listings, &[]), Some(&"990101002".parse().unwrap()));
        assert_eq!((within.all, within.towns.len()), (*there, 1));
    }
}
