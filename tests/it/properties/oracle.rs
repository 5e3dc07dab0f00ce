//! The oracle: every candidate, every conflict, and every set of candidates tried.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use assistance_toolbox::domain::catalogue::ExclusionMode;
use assistance_toolbox::domain::condition::Leaf;
use assistance_toolbox::domain::facts::{Fact, Household, IdentityRecord};
use assistance_toolbox::domain::identity::{Identity, Track};
use assistance_toolbox::domain::measure::{Gives, Measure, Standard, Unit};
use assistance_toolbox::domain::period::Period;
use assistance_toolbox::domain::vocabulary::Level;
use chrono::NaiveDate;
use num_traits::Zero;

use super::amounts::{Subject, Worth, line};
use super::params::{Params, Q, whole};
use super::tree::Known;
use super::world::{World, today};

/// More candidates than this are too many to try every set of them.
pub(super) const MOST: usize = 12;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Offer {
    Measure(usize),
    Cascade(usize),
}

#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) measure: usize,
    pub(super) standard: usize,
    pub(super) extended: bool,
    pub(super) worth: Worth,
    pub(super) period: Period,
    /// How many persons count; for a top-up only.
    pub(super) heads: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) offer: Offer,
    pub(super) who: Option<usize>,
    pub(super) identity: Identity,
    pub(super) lines: Vec<Line>,
}

/// A standard whose conditions are not known.
#[derive(Clone, Debug)]
pub(super) struct Doubt {
    pub(super) measure: usize,
    pub(super) who: Option<usize>,
    pub(super) standard: usize,
    pub(super) identity: Identity,
    /// Whose, and what.
    pub(super) missing: BTreeSet<(Option<usize>, Leaf)>,
}

pub(super) struct Oracle<'a> {
    world: &'a World,
    household: Household,
    params: Params<'a>,
    pub(super) candidates: Vec<Candidate>,
    pub(super) doubts: Vec<Doubt>,
    /// `against[i][j]`: `i` stands against `j`.
    pub(super) against: Vec<Vec<bool>>,
    /// The best bundle; `None` if an amount is not known.
    pub(super) best: Option<Vec<usize>>,
}

impl Candidate {
    pub(super) fn is_open(&self) -> bool {
        self.lines.iter().any(|line| line.worth == Worth::Open)
    }

    pub(super) fn annual(&self) -> Q {
        self.lines.iter().fold(Q::zero(), |sum, line| match &line.worth {
            Worth::Exact(exact, _) => sum + exact * whole(if line.period == Period::Month { 12 } else { 1 }),
            Worth::Open | Worth::None => sum,
        })
    }
}

impl<'a> Oracle<'a> {
    pub(super) fn new(world: &'a World) -> Self {
        let mut oracle = Self::derived(world);
        if oracle.candidates.len() <= MOST {
            oracle.best = oracle.resolve();
        }
        oracle
    }

    /// Candidates and conflicts, without the best bundle.
    pub(super) fn derived(world: &'a World) -> Self {
        let mut oracle = Self {
            world,
            household: world.household(),
            params: Params::new(&world.catalogue),
            candidates: Vec::new(),
            doubts: Vec::new(),
            against: Vec::new(),
            best: None,
        };
        oracle.derive();
        oracle.conflicts();
        oracle
    }

    pub(super) fn measure(&self, index: usize) -> &'a Measure {
        &self.world.catalogue.measures[index]
    }

    pub(super) fn standard(&self, line: &Line) -> &'a Standard {
        &self.measure(line.measure).standards[line.standard]
    }

    /// Whether the member holds the identity; without a member, whether any of them does.
    fn holds(&self, who: Option<usize>, identity: Identity, day: NaiveDate) -> bool {
        let Some(person) = who else {
            return (0..self.household.members.len()).any(|person| self.holds(Some(person), identity, day));
        };
        let own = &self.household.members[person].identities;
        let own: Vec<_> = own.iter().filter(|record| record.held.contains(day)).collect();
        if own.iter().any(|record| record.identity == identity) {
            return true;
        }
        let social = |identity: Identity| identity.track() == Track::SocialAssistance;
        if social(identity) && own.iter().any(|record| social(record.identity)) {
            return false;
        }
        let shared = &self.household.identities;
        shared.iter().any(|record| record.identity == identity && record.held.contains(day))
    }

    /// Whether the member holds the identity as one of the household, not of their own.
    fn is_of_household(&self, person: usize, identity: Identity) -> bool {
        let mut own = self.household.members[person].identities.iter();
        let own = own.any(|record| record.identity == identity && record.held.contains(today()));
        !own && self.holds(Some(person), identity, today())
    }

    /// Whether a top-up under the identity goes to the member, or to the household.
    fn tops_up(&self, who: Option<usize>, identity: Identity) -> bool {
        let holds = |record: &IdentityRecord| record.identity == identity && record.held.contains(today());
        let own = |person: usize| self.household.members[person].identities.iter().any(holds);
        match who {
            Some(person) => identity == Identity::Dibao && own(person),
            None => self.household.identities.iter().any(holds),
        }
    }

    fn derive(&mut self) {
        let mut linked: BTreeMap<(usize, Option<usize>, Identity), Vec<Line>> = BTreeMap::new();
        let persons = self.household.members.len();
        for (index, measure) in self.world.catalogue.measures.iter().enumerate() {
            let everybody: Vec<Option<usize>> = match measure.unit {
                // A top-up under a person-level dibao is that person's.
                Unit::Household if is_top_up(measure) => (0..persons).map(Some).chain([None]).collect(),
                Unit::Household => vec![None],
                Unit::Person => (0..persons).map(Some).collect(),
            };
            let cascade =
                self.world.catalogue.cascades.iter().position(|cascade| cascade.links.contains(&measure.id));
            for who in everybody {
                for (number, standard) in measure.standards.iter().enumerate() {
                    for identity in Identity::ALL {
                        if is_top_up(measure) && !self.tops_up(who, identity) {
                            continue;
                        }
                        let Some(line) = self.opened(index, number, who, identity) else { continue };
                        let subject =
                            Subject { params: &self.params, household: &self.household, person: who };
                        let trees =
                            standard.conditions.iter().map(|known| &self.world.trees[known.when.source()]);
                        let answers: Vec<_> = trees.clone().map(|tree| tree.answer(&subject)).collect();
                        if answers.contains(&Some(false)) {
                            continue;
                        }
                        if answers.contains(&None) {
                            let mut leaves = BTreeSet::new();
                            trees.for_each(|tree| tree.missing(&subject, &mut leaves));
                            let missing = leaves.into_iter().map(|leaf| (holder(&leaf, who), leaf)).collect();
                            self.doubts.push(Doubt {
                                measure: index,
                                who,
                                standard: number,
                                identity,
                                missing,
                            });
                            continue;
                        }
                        match cascade {
                            Some(cascade) => linked.entry((cascade, who, identity)).or_default().push(line),
                            None => self.candidates.push(Candidate {
                                offer: Offer::Measure(index),
                                who,
                                identity,
                                lines: vec![line],
                            }),
                        }
                    }
                }
            }
        }
        for ((cascade, who, identity), mut lines) in linked {
            let links = &self.world.catalogue.cascades[cascade].links;
            lines.sort_by_key(|line| links.iter().position(|link| *link == self.measure(line.measure).id));
            self.candidates.push(Candidate { offer: Offer::Cascade(cascade), who, identity, lines });
        }
        self.price(&[]);
    }

    /// The line, if the identity is held and opens the standard today.
    fn opened(&self, measure: usize, number: usize, who: Option<usize>, identity: Identity) -> Option<Line> {
        let definition = self.measure(measure);
        let standard = &definition.standards[number];
        let begun = standard.validity.from <= today();
        if !begun || standard.validity.until.is_some_and(|until| until <= today()) {
            return None;
        }
        let original = standard.identities.contains(identity);
        let extended = self.params.extensions().any(|extension| {
            extension.measures.contains(&definition.id)
                && standard.identities.contains(extension.like)
                && extension.to.contains(identity)
        });
        let on = match &standard.identity_on {
            Some(name) => self.params.date(name).unwrap(),
            None => today(),
        };
        ((original || extended) && self.holds(who, identity, on)).then_some(Line {
            measure,
            standard: number,
            extended: !original,
            worth: Worth::None,
            period: Period::Year,
            heads: 0,
        })
    }

    /// Sets the worth of every line, with the heads that are left when these candidates are taken.
    pub(super) fn price(&mut self, taken: &[usize]) {
        let mut candidates = self.candidates.clone();
        for candidate in &mut candidates {
            let subject = Subject { params: &self.params, household: &self.household, person: candidate.who };
            // What is left of the cost, and whether a link before had no price.
            let (mut left, mut above) = (None, false);
            let cascade = matches!(candidate.offer, Offer::Cascade(_));
            for row in &mut candidate.lines {
                let standard = self.standard(row);
                if let Gives::TopUp { not_heads, .. } = &standard.parts[0].gives {
                    let counted: Vec<usize> = match candidate.who {
                        Some(person) => vec![person],
                        None => (0..self.household.members.len())
                            .filter(|person| self.is_of_household(*person, candidate.identity))
                            .collect(),
                    };
                    let named = |measure: usize| not_heads.contains(&self.measure(measure).id);
                    let takes = |person: usize| {
                        let mine = taken.iter().map(|index| &self.candidates[*index]);
                        let mut mine = mine.filter(|other| other.who == Some(person));
                        mine.any(|other| other.lines.iter().any(|line| named(line.measure)))
                    };
                    row.heads = counted.into_iter().filter(|person| !takes(*person)).count();
                }
                (row.worth, row.period) = line(standard, &subject, left.as_ref(), row.heads);
                if cascade && above {
                    row.worth = Worth::None;
                }
                above |= row.worth == Worth::None;
                if let (true, Worth::Exact(paid, _)) = (cascade, &row.worth) {
                    let cost = left.or_else(|| subject.fact(Fact::EligibleExpenseYear).map(whole));
                    left = cost.map(|cost| cost - paid);
                }
            }
        }
        self.candidates = candidates;
    }

    fn conflicts(&mut self) {
        let count = self.candidates.len();
        let mut against = vec![vec![false; count]; count];
        for (i, one) in self.candidates.iter().enumerate() {
            for (j, other) in self.candidates.iter().enumerate() {
                against[i][j] = i != j && self.stands_against(one, other);
            }
        }
        self.against = against;
    }

    fn stands_against(&self, one: &Candidate, other: &Candidate) -> bool {
        if one.offer == other.offer && one.who == other.who {
            return true;
        }
        let catalogue = &self.world.catalogue;
        let in_force = |from: NaiveDate, until: Option<NaiveDate>| {
            from <= today() && until.is_none_or(|until| today() < until)
        };
        let exclusions = catalogue.exclusions.iter();
        let exclusions: Vec<_> =
            exclusions.filter(|rule| in_force(rule.validity.from, rule.validity.until)).collect();
        let all = &catalogue.exclusions;
        let bound = (0..all.len()).any(|rule| {
            in_force(all[rule].validity.from, all[rule].validity.until) && self.binds(rule, one, other)
        });
        if bound {
            return true;
        }
        // The shorthand of the category, unless an exclusion between the two measures replaces it.
        let replaced = |first: &Measure, second: &Measure| {
            exclusions.iter().any(|rule| {
                let place = |measure: &Measure| {
                    rule.members.iter().position(|member| {
                        *member == measure.id || measure.standards.iter().any(|known| known.id == *member)
                    })
                };
                match (place(first), place(second)) {
                    (Some(a), Some(b)) => {
                        a != b && (rule.mode != ExclusionMode::Priority || a == 0 || b == 0)
                    }
                    _ => false,
                }
            })
        };
        one.who == other.who
            && one.lines.iter().any(|line| {
                let first = self.measure(line.measure);
                other.lines.iter().any(|line| {
                    let second = self.measure(line.measure);
                    let alike = first.category == second.category && first.unit == second.unit;
                    first.id != second.id && alike && !replaced(first, second)
                })
            })
    }

    /// Whether the exclusion, if in force, sets the first against the second.
    pub(super) fn binds(&self, rule: usize, one: &Candidate, other: &Candidate) -> bool {
        let rule = &self.world.catalogue.exclusions[rule];
        let same_person = one.who.is_some() && one.who == other.who;
        if rule.scope == Unit::Person && !same_person {
            return false;
        }
        let names = |candidate: &Candidate, member: &String| {
            let mut lines = candidate.lines.iter();
            lines.any(|line| *member == self.measure(line.measure).id || *member == self.standard(line).id)
        };
        rule.members.iter().enumerate().any(|(a, first)| {
            rule.members.iter().enumerate().any(|(b, second)| {
                let binds = if rule.mode == ExclusionMode::Priority { a == 0 && b != 0 } else { a != b };
                binds && names(one, first) && names(other, second)
            })
        })
    }

    fn resolve(&mut self) -> Option<Vec<usize>> {
        if self.candidates.iter().any(Candidate::is_open) {
            return None;
        }
        let all: Vec<usize> = (0..self.candidates.len()).collect();
        let of_persons =
            |index: usize| self.measure(self.candidates[index].lines[0].measure).unit == Unit::Person;
        if !self.candidates.iter().any(|known| is_top_up(self.measure(known.lines[0].measure))) {
            return Some(self.best_of(&all));
        }
        // Persons first; then the household, with its heads.
        let (persons, house): (Vec<usize>, Vec<usize>) =
            all.into_iter().partition(|index| of_persons(*index));
        let mut taken = self.best_of(&persons);
        self.price(&taken);
        taken.extend(self.best_of(&house));
        Some(taken)
    }

    fn best_of(&self, nodes: &[usize]) -> Vec<usize> {
        self.bundles(nodes).into_iter().max_by_key(|bundle| self.rank(bundle)).unwrap()
    }

    /// Every admissible bundle of these candidates.
    pub(super) fn bundles(&self, nodes: &[usize]) -> Vec<Vec<usize>> {
        let masks = |other_way: bool| -> Vec<u32> {
            let row = |i: &usize| {
                let hits = nodes
                    .iter()
                    .enumerate()
                    .filter(|(_, j)| self.against[*i][**j] || (other_way && self.against[**j][*i]));
                hits.fold(0, |mask, (place, _)| mask | 1 << place)
            };
            nodes.iter().map(row).collect()
        };
        let (targets, conflicts) = (masks(false), masks(true));
        let full: u32 = (1 << nodes.len()) - 1;
        let admissible = |set: &u32| {
            let mut reached = *set;
            (0..nodes.len()).filter(|place| set >> place & 1 == 1).all(|place| {
                reached |= targets[place];
                conflicts[place] & set == 0
            }) && reached == full
        };
        let chosen = |set: u32| {
            let places = nodes.iter().enumerate().filter(move |(place, _)| set >> place & 1 == 1);
            places.map(|(_, index)| *index).collect()
        };
        (0..=full).filter(admissible).map(chosen).collect()
    }

    pub(super) fn is_admissible(&self, bundle: &[usize]) -> bool {
        let clash = |i: usize| bundle.iter().any(|j| self.against[*j][i]);
        (0..self.candidates.len()).all(|index| clash(index) != bundle.contains(&index))
    }

    pub(super) fn total(&self, bundle: &[usize]) -> Q {
        bundle.iter().fold(Q::zero(), |sum, index| sum + self.candidates[*index].annual())
    }

    /// The better bundle ranks higher: total, entitlements, priced ones, original ones, those of social
    /// assistance, then the smallest list.
    pub(super) fn rank(&self, bundle: &[usize]) -> (Q, usize, usize, usize, usize, Reverse<Vec<Entry>>) {
        let taken = bundle.iter().map(|index| &self.candidates[*index]);
        let lines: Vec<(&Candidate, &Line)> =
            taken.flat_map(|candidate| candidate.lines.iter().map(move |line| (candidate, line))).collect();
        let count = |test: &dyn Fn(&Candidate, &Line) -> bool| {
            lines.iter().filter(|(candidate, line)| test(candidate, line)).count()
        };
        let priced = count(&|_, line| matches!(line.worth, Worth::Exact(..)));
        let original = count(&|_, line| !line.extended);
        let social = count(&|candidate, _| candidate.identity.track() == Track::SocialAssistance);
        let entry = |(candidate, line): &(&Candidate, &Line)| {
            let key = candidate.who.map(|person| self.household.members[person].key.clone());
            (line.measure, key, candidate.identity, self.standard(line).id.clone())
        };
        let mut list: Vec<Entry> = lines.iter().map(entry).collect();
        list.sort();
        (self.total(bundle), lines.len(), priced, original, social, Reverse(list))
    }
}

/// Measure, beneficiary key, identity, standard id.
type Entry = (usize, Option<String>, Identity, String);

fn is_top_up(measure: &Measure) -> bool {
    measure
        .standards
        .iter()
        .flat_map(|known| &known.parts)
        .any(|part| matches!(part.gives, Gives::TopUp { .. }))
}

/// Whose leaf it is.
fn holder(leaf: &Leaf, who: Option<usize>) -> Option<usize> {
    match leaf {
        Leaf::Fact(fact) if fact.def().level == Level::Person => who,
        Leaf::Fact(_) | Leaf::Param(_) => None,
    }
}
