//! One family: who is in it, and what each list says of them.

use chrono::{Datelike, Days, NaiveDate};

use super::names::{name, surname};
use super::random::Random;
use super::{Family, Given, Shape};
use crate::domain::facts::{Fact, days_of};
use crate::domain::id_number::{IdNumber, Sex};
use crate::domain::identity::Identity;
use crate::domain::period::{Validity, age_on};
use crate::domain::region::Region;
use crate::domain::registries::{RegistryRow, StatedIdentity};
use crate::domain::vocabulary::{LABOUR, RELATION, STAGE};

/// The first six digits of every number, and the county of every town: assigned to nobody.
const COUNTY: &str = "990101";
/// How many towns there are.
const TOWNS: u32 = 12;
/// So many of a hundred people in both lists have a fact on which the lists do not agree.
const DISAGREE: u32 = 2;
/// The most numbers for one date of birth and sex.
const MOST_OF_A_DAY: u16 = 500;

/// A person of a family, before it is said who says what.
struct Member {
    name: String,
    number: Option<IdNumber>,
    birth: NaiveDate,
    age: u32,
    relation: &'static str,
    disability: u32,
}

/// Makes families.
#[derive(Debug)]
pub(super) struct Maker {
    on: NaiveDate,
    random: Random,
    given: Given,
    towns: Vec<Region>,
    /// Of how many more people the monitoring list has no number.
    without_numbers: u32,
    low_income_households: u32,
    monitored_households: u32,
}

impl Maker {
    pub(super) fn new(on: NaiveDate, random: Random, without_numbers: u32) -> Self {
        let towns = (1..=TOWNS).filter_map(|town| format!("{COUNTY}{town:03}").parse().ok()).collect();
        Self {
            on,
            random,
            given: Given::new(),
            towns,
            without_numbers,
            low_income_households: 0,
            monitored_households: 0,
        }
    }

    pub(super) fn family(&mut self, shape: Shape) -> Family {
        let place = usize::try_from(self.random.below(TOWNS)).unwrap_or_default();
        let Some(region) = self.towns.get(place).cloned() else { return Family::default() };
        let members = self.members(shape.low_income.max(shape.monitored));
        let mut family = Family::default();
        if shape.low_income > 0 {
            family.social_assistance = self.low_income(shape, &members, &region);
        }
        if shape.monitored > 0 {
            family.monitoring = self.monitored(shape, &members, &region);
        }
        family
    }

    /// A head, a spouse as often as not, children, and parents where there are many.
    fn members(&mut self, size: u32) -> Vec<Member> {
        let alone = size == 1;
        let head_age = if alone { self.random.between(46, 88) } else { self.random.between(30, 62) };
        let family_name = surname(&mut self.random);
        let head_sex = if self.random.percent(70) { Sex::Male } else { Sex::Female };
        let spouse = size > 1 && (size > 2 || self.random.percent(60));
        let elders = if size > 3 { self.random.between(0, 2.min(size - 3)) } else { 0 };
        let children = size - 1 - u32::from(spouse) - elders;
        let mut members = vec![self.member(family_name, head_sex, head_age, "head")];
        if spouse {
            let sex = if head_sex == Sex::Male { Sex::Female } else { Sex::Male };
            let (age, own) = (head_age.saturating_sub(self.random.between(0, 4)), surname(&mut self.random));
            members.push(self.member(own, sex, age, "spouse"));
        }
        for _ in 0..children {
            let (sex, age) = (self.sex(), self.random.between(0, head_age.saturating_sub(22).min(30)));
            members.push(self.member(family_name, sex, age, "child"));
        }
        for _ in 0..elders {
            let (sex, age) = (self.sex(), head_age + self.random.between(20, 28));
            members.push(self.member(family_name, sex, age, "parent"));
        }
        members
    }

    fn sex(&mut self) -> Sex {
        if self.random.percent(52) { Sex::Male } else { Sex::Female }
    }

    fn member(&mut self, surname: &str, sex: Sex, age: u32, relation: &'static str) -> Member {
        let birth = self.birth(age);
        let (number, birth) = self.number(birth, sex);
        let disability = if self.random.percent(14) { self.random.between(1, 4) } else { 0 };
        let name = name(surname, sex, &mut self.random);
        Member { name, number, birth, age: age_on(birth, self.on).unwrap_or(age), relation, disability }
    }

    /// A day in the year in which somebody is born who is so old now.
    fn birth(&mut self, age: u32) -> NaiveDate {
        let back = u64::from(age) * 365 + u64::from(age / 4) + u64::from(self.random.between(1, 360));
        self.on.checked_sub_days(Days::new(back)).unwrap_or(self.on)
    }

    /// A number that nobody else has, born on that day or, where it is full, on the next one before.
    fn number(&mut self, mut birth: NaiveDate, sex: Sex) -> (Option<IdNumber>, NaiveDate) {
        loop {
            let count = self.given.entry(birth).or_default();
            let order = *count * 2 + u16::from(sex == Sex::Male);
            *count += 1;
            if *count <= MOST_OF_A_DAY {
                return (IdNumber::compose(COUNTY, birth, order), birth);
            }
            match birth.pred_opt() {
                Some(before) => birth = before,
                None => return (None, birth),
            }
        }
    }

    /// The low-income list: the first of the family, under one identity or, where it has only some of the
    /// family, each under one of his own.
    fn low_income(&mut self, shape: Shape, members: &[Member], region: &Region) -> Vec<RegistryRow> {
        let whole = !shape.split && (shape.monitored == 0 || shape.shared == shape.monitored);
        let identity = match self.random.below(100) {
            _ if !whole => None,
            0..68 => Some(Identity::Dibao),
            68..84 => Some(Identity::DibaoEdge),
            84..92 => Some(Identity::Rigid),
            _ => None,
        };
        let since = self.since(5);
        let income = identity.map(|_identity| self.random.between(12, 62) * 100 * shape.low_income);
        let places = members.len().min(usize::try_from(shape.low_income).unwrap_or(usize::MAX));
        let first = if shape.split { places / 2 } else { places };
        let mut rows = Vec::with_capacity(places);
        for (place, member) in members.iter().take(places).enumerate() {
            let begins = place == 0 || place == first;
            if begins {
                self.low_income_households += 1;
            }
            let household_no = format!("S{:06}", self.low_income_households);
            // A person alone in need, or one of a family that is not in need as a whole.
            let own =
                if member.age >= 60 || member.disability > 0 { Identity::Tekun } else { Identity::Dibao };
            let stated = StatedIdentity {
                identity: identity.unwrap_or(own),
                of_household: identity.is_some(),
                held: Validity { from: since, until: None },
                evidence: Some(format!("民保字〔{}〕{}号", since.year(), self.low_income_households)),
            };
            let mut row = row(member, household_no, region, stated);
            if begins && let Some(income) = income {
                let review = self.since(1);
                row.facts.extend([
                    (Fact::CountedIncomeYear, i64::from(income) * 100),
                    (Fact::ReviewDate, days_of(review)),
                    (Fact::PropertyWithinRule, 1),
                ]);
            }
            if identity.is_none() && row.identity.as_ref().is_some_and(|own| own.identity == Identity::Dibao)
            {
                row.facts.push((Fact::OwnCountedIncomeMonth, i64::from(self.random.between(0, 5)) * 10_000));
            }
            rows.push(row);
        }
        rows
    }

    /// The monitoring list: the whole family under one identity.
    fn monitored(&mut self, shape: Shape, members: &[Member], region: &Region) -> Vec<RegistryRow> {
        self.monitored_households += 1;
        let identity = match self.random.below(100) {
            0..45 => Identity::MUnstable,
            45..85 => Identity::MEdge,
            _ => Identity::MSudden,
        };
        let since = self.since(3);
        let household_no = format!("M{:06}", self.monitored_households);
        let mut rows = Vec::with_capacity(members.len());
        for (place, member) in (0_u32..).zip(members) {
            let stated = StatedIdentity {
                identity,
                of_household: true,
                held: Validity { from: since, until: None },
                evidence: Some(format!("防返贫办〔{}〕{}号", since.year(), self.monitored_households)),
            };
            let mut row = row(member, household_no.clone(), region, stated);
            if place == 0 {
                self.household_facts(identity, &mut row.facts);
            }
            if place < shape.shared {
                if self.random.percent(DISAGREE) {
                    let weak = choice(LABOUR.index_of("weak"));
                    row.facts.iter_mut().filter(|(fact, _)| *fact == Fact::Labour).for_each(|(_, value)| {
                        *value = if *value == weak { choice(LABOUR.index_of("none")) } else { weak };
                    });
                }
                if self.without_numbers > 0 {
                    self.without_numbers -= 1;
                    row.id_number = None;
                    row.facts.push((Fact::BirthDate, days_of(member.birth)));
                }
            }
            rows.push(row);
        }
        rows
    }

    fn household_facts(&mut self, identity: Identity, facts: &mut Vec<(Fact, i64)>) {
        match identity {
            Identity::MUnstable => facts.push((Fact::ExPoor, 1)),
            Identity::MEdge => facts.push((Fact::ExPoor, 0)),
            _ => {}
        }
        let grade =
            if self.random.percent(8) { self.random.between(2, 3) } else { self.random.between(0, 1) };
        facts.extend([
            (Fact::HouseOnly, 1),
            (Fact::HouseGrade, i64::from(grade)),
            (Fact::WaterSafe, i64::from(!self.random.percent(3))),
            (Fact::CropsMu, i64::from(self.random.between(0, 12)) * 1_000),
            (Fact::Pigs, i64::from(self.random.below(4))),
            (Fact::HasLoan, i64::from(self.random.percent(12))),
        ]);
    }

    /// A first day of a month in the last years.
    fn since(&mut self, years: u32) -> NaiveDate {
        let back = self.random.between(2, years * 12);
        let month = self.on.checked_sub_months(chrono::Months::new(back)).unwrap_or(self.on);
        month.with_day(1).unwrap_or(month)
    }
}

fn choice(index: Option<usize>) -> i64 {
    index.and_then(|index| i64::try_from(index).ok()).unwrap_or_default()
}

fn row(member: &Member, household_no: String, region: &Region, stated: StatedIdentity) -> RegistryRow {
    let stage = match member.age {
        3..6 => "kindergarten",
        6..12 => "primary",
        12..15 => "junior",
        15..18 => "senior",
        18..22 if member.disability == 0 => "bachelor",
        _ => "none",
    };
    let labour = match (member.age, member.disability) {
        (0..16 | 70.., _) | (_, 1 | 2) => "none",
        (60..70, _) | (_, 3 | 4) => "weak",
        _ => "full",
    };
    let mut facts = vec![
        (Fact::RelationToHead, choice(RELATION.index_of(member.relation))),
        (Fact::InsuredResidentMedical, 1),
        // The bit of `limb`, or of nothing.
        (Fact::DisabilityKinds, if member.disability > 0 { 0b1000 } else { 0 }),
        (Fact::DisabilityGrade, i64::from(member.disability)),
        (Fact::Stage, choice(STAGE.index_of(stage))),
        (Fact::Labour, choice(LABOUR.index_of(labour))),
    ];
    if stage != "none" {
        facts.push((Fact::Mode, 0));
    }
    RegistryRow {
        household_no,
        region: region.clone(),
        name: member.name.clone(),
        id_number: member.number.clone(),
        identity: Some(stated),
        facts,
    }
}
