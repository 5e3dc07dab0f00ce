//! Who is asked about: identities held on the days that matter, and derived facts.

use chrono::NaiveDate;

use crate::domain::condition::{Leaf, Subject};
use crate::domain::facts::{Fact, FactSet, Household, IdentityRecord, Person};
use crate::domain::identity::{Identity, IdentitySet};
use crate::domain::package::{Beneficiary, Missing};
use crate::domain::period::{age_on, months_between};
use crate::domain::rulebook::{IdentityDay, Rulebook};
use crate::domain::vocabulary::Level;

/// A household on the rulebook's date.
pub(in crate::domain) struct Subjects<'h> {
    pub(in crate::domain) household: &'h Household,
    facts: FactSet,
    people: Vec<FactSet>,
    /// For each member, the rank of its key.
    ranks: Vec<usize>,
    days: Vec<Held>,
}

/// Identities held on one day.
#[derive(Default)]
pub(in crate::domain) struct Held {
    /// By each member: the own social-assistance identity, or else the household's, and monitored ones.
    pub(in crate::domain) people: Vec<IdentitySet>,
    /// By each member, in own name.
    pub(in crate::domain) own: Vec<IdentitySet>,
    /// By the household as such, as far as a member holds them through it.
    pub(in crate::domain) household: IdentitySet,
    /// By anybody.
    pub(in crate::domain) anybody: IdentitySet,
}

impl<'h> Subjects<'h> {
    pub(in crate::domain) fn new(rulebook: &Rulebook, household: &'h Household) -> Self {
        let days = rulebook.identity_days.iter().map(|day| match day {
            IdentityDay::On(day) => Held::on(household, *day),
            IdentityDay::Unset(_) => Held::on(household, rulebook.on),
        });
        let mut subjects = Self {
            household,
            facts: household.facts,
            people: household.members.iter().map(|member| person_facts(member, rulebook.on)).collect(),
            ranks: ranks(household),
            days: days.collect(),
        };
        subjects.derive(rulebook.on);
        subjects
    }

    pub(in crate::domain) fn people(&self) -> impl Iterator<Item = Beneficiary> + use<> {
        (0..self.household.members.len()).map(Beneficiary::Person)
    }

    pub(in crate::domain) fn held(&self, day: usize) -> &Held {
        // INVARIANT: every standard's day is one of the rulebook's, and the first always exists.
        static NOBODY: Held = Held {
            people: Vec::new(),
            own: Vec::new(),
            household: IdentitySet::NONE,
            anybody: IdentitySet::NONE,
        };
        self.days.get(day).unwrap_or(&NOBODY)
    }

    pub(in crate::domain) fn subject(&self, who: Beneficiary) -> Subject<'_> {
        let person = match who {
            Beneficiary::Household => None,
            Beneficiary::Person(index) => self.people.get(index),
        };
        Subject { person, household: &self.facts }
    }

    pub(in crate::domain) fn fact(&self, who: Beneficiary, fact: Fact) -> Option<i64> {
        match who {
            Beneficiary::Household => self.facts.get(fact),
            Beneficiary::Person(index) => self.people.get(index)?.get(fact),
        }
    }

    /// The order of beneficiaries: the household, then persons by key.
    pub(in crate::domain) fn rank(&self, who: Beneficiary) -> usize {
        match who {
            Beneficiary::Household => 0,
            Beneficiary::Person(index) => self.ranks.get(index).map_or(usize::MAX, |rank| rank + 1),
        }
    }

    /// Members who live with the household. Being listed says so; `resides = false` takes out.
    pub(in crate::domain) fn residents(&self) -> impl Iterator<Item = usize> {
        let resides = |facts: &FactSet| facts.flag(Fact::Resides) != Some(false);
        self.people.iter().enumerate().filter(move |(_, facts)| resides(facts)).map(|(index, _)| index)
    }

    /// What must be asked to know a leaf: derived facts lead to the facts they are derived from.
    pub(in crate::domain) fn ask(&self, who: Beneficiary, leaf: Leaf, into: &mut Vec<Missing>) {
        let Leaf::Fact(fact) = leaf else {
            into.push(Missing { who: Beneficiary::Household, leaf });
            return;
        };
        let of_household = |fact| Missing { who: Beneficiary::Household, leaf: Leaf::Fact(fact) };
        let mut of_members = |asked: Fact| {
            let unknown = |index: &usize| self.fact(Beneficiary::Person(*index), asked).is_none();
            let members = self.residents().filter(unknown);
            into.extend(
                members.map(|index| Missing { who: Beneficiary::Person(index), leaf: Leaf::Fact(asked) }),
            );
        };
        match fact {
            Fact::Age => into.push(Missing { who, leaf: Leaf::Fact(Fact::BirthDate) }),
            Fact::IncomePerHeadMonth => into.push(of_household(Fact::CountedIncomeYear)),
            Fact::AnyLabourCapacity | Fact::AbleCount => of_members(Fact::Labour),
            Fact::EmployedCount => of_members(Fact::Employed),
            Fact::Students => of_members(Fact::Stage),
            Fact::AnyDisabled => of_members(Fact::DisabilityGrade),
            Fact::AnyElderly => of_members(Fact::BirthDate),
            Fact::TekunAtHome => of_members(Fact::InInstitution),
            _ if fact.def().level == Level::Household => {
                into.push(of_household(fact));
            }
            _ => into.push(Missing { who, leaf }),
        }
    }

    fn derive(&mut self, on: NaiveDate) {
        let mut heads = 0_i64;
        let mut tallies = Tallies::default();
        let held = self.days.first();
        for index in self.residents() {
            heads += 1;
            let Some(facts) = self.people.get(index) else { continue };
            // `none` is the last capacity of the list, and the first stage.
            tallies.able.add(facts.get(Fact::Labour).map(|labour| labour < 3));
            tallies.employed.add(facts.flag(Fact::Employed));
            tallies.students.add(facts.flag(Fact::Stage));
            tallies.disabled.add(facts.flag(Fact::DisabilityGrade));
            tallies.elderly.add(facts.get(Fact::Age).map(|age| age >= 60));
            let tekun =
                held.and_then(|held| held.people.get(index)).is_some_and(|own| own.contains(Identity::Tekun));
            if tekun {
                tallies.at_home.add(facts.flag(Fact::InInstitution).map(|institution| !institution));
            }
        }
        let income = self.facts.get(Fact::CountedIncomeYear);
        let per_head = income.filter(|_| heads > 0).map(|income| income.div_euclid(heads.saturating_mul(12)));
        let since = held_records(self.household, on).map(|record| record.held.from).min();
        let ex_poor = ex_poor(held);
        let facts = &mut self.facts;
        facts.set(Fact::Heads, heads);
        facts.set_known(Fact::IncomePerHeadMonth, per_head);
        facts.set_known(Fact::MonthsSinceIdentity, since.map(|since| months_between(since, on)));
        facts.set_known(Fact::AnyLabourCapacity, tallies.able.any());
        facts.set_known(Fact::AbleCount, tallies.able.count());
        facts.set_known(Fact::EmployedCount, tallies.employed.count());
        facts.set_known(Fact::Students, tallies.students.count());
        facts.set_known(Fact::AnyDisabled, tallies.disabled.any());
        facts.set_known(Fact::AnyElderly, tallies.elderly.any());
        facts.set_known(Fact::TekunAtHome, tallies.at_home.any());
        if facts.get(Fact::ExPoor).is_none() {
            facts.set_known(Fact::ExPoor, ex_poor);
        }
    }
}

/// What the members add up to.
#[derive(Default)]
struct Tallies {
    able: Tally,
    employed: Tally,
    students: Tally,
    disabled: Tally,
    elderly: Tally,
    at_home: Tally,
}

/// How many members answer a question with yes, and whether one is not known.
#[derive(Default)]
struct Tally {
    yes: i64,
    unknown: bool,
}

impl Tally {
    fn add(&mut self, answer: Option<bool>) {
        match answer {
            Some(answer) => self.yes += i64::from(answer),
            None => self.unknown = true,
        }
    }

    fn any(&self) -> Option<i64> {
        if self.yes > 0 {
            return Some(1);
        }
        if self.unknown { None } else { Some(0) }
    }

    fn count(&self) -> Option<i64> {
        if self.unknown { None } else { Some(self.yes) }
    }
}

impl Held {
    fn on(household: &Household, day: NaiveDate) -> Self {
        let eliminated = household.facts.date(Fact::RiskEliminated).is_some_and(|from| from <= day);
        let ended = if eliminated { IdentitySet::MONITORING } else { IdentitySet::NONE };
        let on_day = |records: &[IdentityRecord]| -> IdentitySet {
            let held = records.iter().filter(|record| record.held.contains(day));
            held.map(|record| record.identity).collect::<IdentitySet>().without(ended)
        };
        let shared = on_day(&household.identities);
        let own: Vec<IdentitySet> =
            household.members.iter().map(|member| on_day(&member.identities)).collect();
        let people: Vec<IdentitySet> = own
            .iter()
            .map(|own| {
                let replaces = !own.intersection(IdentitySet::SOCIAL_ASSISTANCE).is_empty();
                own.union(if replaces { shared.intersection(IdentitySet::MONITORING) } else { shared })
            })
            .collect();
        let anybody = people.iter().copied().fold(IdentitySet::NONE, IdentitySet::union);
        Self { household: shared.intersection(anybody), people, own, anybody }
    }
}

fn person_facts(member: &Person, on: NaiveDate) -> FactSet {
    let mut facts = member.facts;
    let age = facts.date(Fact::BirthDate).map(|birth| age_on(birth, on).map_or(0, i64::from));
    facts.set_known(Fact::Age, age);
    facts
}

fn held_records(household: &Household, on: NaiveDate) -> impl Iterator<Item = &IdentityRecord> {
    let own = household.members.iter().flat_map(|member| &member.identities);
    household.identities.iter().chain(own).filter(move |record| record.held.contains(on))
}

/// What the monitored type says: 脱贫不稳定户 were registered poor, 边缘易致贫户 were not `[S59]`.
fn ex_poor(today: Option<&Held>) -> Option<i64> {
    let held = today?.anybody;
    match (held.contains(Identity::MUnstable), held.contains(Identity::MEdge)) {
        (true, _) => Some(1),
        (false, true) => Some(0),
        (false, false) => None,
    }
}

fn ranks(household: &Household) -> Vec<usize> {
    let keys = household.members.iter().map(|member| member.key.as_str());
    keys.clone().map(|key| keys.clone().filter(|other| *other < key).count()).collect()
}
