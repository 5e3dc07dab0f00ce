//! Leads 疑点线索: households whose facts support an identity that they do not hold, and identities that the facts
//! contradict. **A lead advises**: the department that it names looks at the household and grants, or ends, an identity.
//!
//! Only what the policies state is applied: the income lines in force with their supports, and the tests of the
//! identity types. Whatever the facts leave open supports nothing.

use chrono::NaiveDate;

use super::catalogue::{Catalogue, Place};
use super::facts::{Fact, FactSet, Household, IdentityRecord, Person};
use super::identity::{Identity, IdentitySet};
use super::income::compare::{LineInForce, year_of};
use super::income::rules::{Line, Role, Support};
use super::period::age_on;
use super::ratio::{ArithmeticError, Ratio};

/// What a lead says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LeadKind {
    /// The facts support an identity that is not held.
    Supported,
    /// The facts contradict an identity that is held.
    Review,
}

/// On which rule of the policies a lead rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeadRule {
    /// An income line.
    Line {
        /// The line in force.
        line: LineInForce,
        /// The counted income per head and year, in fen.
        per_head: Ratio,
    },
    /// The test of an identity type.
    Test(Identity),
}

/// Something for a department to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// What it says.
    pub kind: LeadKind,
    /// The member by key; `None` is the household.
    pub subject: Option<String>,
    /// The identity types; of several the department finds which one fits.
    pub identities: IdentitySet,
    /// The rule.
    pub rule: LeadRule,
    /// The facts that it rests on.
    pub facts: Vec<Fact>,
    /// Facts that the rule also asks for and that are not known.
    pub missing: Vec<Fact>,
    /// The department that grants the identity, by id, where a rule names it.
    pub granted_by: Option<String>,
}

/// The leads of a household at a place on a date.
///
/// # Errors
/// Amounts that cannot be computed exactly.
pub fn leads(
    catalogue: &Catalogue,
    place: &Place,
    on: NaiveDate,
    household: &Household,
) -> Result<Vec<Lead>, ArithmeticError> {
    let look = Look { catalogue, on, household };
    let mut leads = look.by_income(place)?;
    leads.extend(look.by_tests());
    leads.sort_by(|one, other| (one.kind, &one.subject).cmp(&(other.kind, &other.subject)));
    Ok(leads)
}

struct Look<'a> {
    catalogue: &'a Catalogue,
    on: NaiveDate,
    household: &'a Household,
}

impl Look<'_> {
    /// The counted income per head against the lines in force: those of the joined rule set where the policies are
    /// joined, or else of each one.
    fn by_income(&self, place: &Place) -> Result<Vec<Lead>, ArithmeticError> {
        let heads = self.residents().count();
        let income = self.household.facts.money(Fact::CountedIncomeYear);
        let (Some(income), Ok(heads)) = (income, i64::try_from(heads)) else { return Ok(Vec::new()) };
        if heads == 0 {
            return Ok(Vec::new());
        }
        let per_head = income.exact().over(Ratio::integer(heads))?;
        let lines = lines(self.catalogue, place, self.on)?;
        // Income equal to a line is not below it.
        let below = |line: &LineInForce| Ok(per_head.minus(line.year)?.is_negative());
        let below =
            lines.iter().map(|(line, _)| below(line)).collect::<Result<Vec<bool>, ArithmeticError>>()?;
        let under: Vec<&str> = lines
            .iter()
            .zip(&below)
            .filter(|(_, below)| **below)
            .map(|((_, line), _)| line.id.as_str())
            .collect();
        let mut leads = Vec::new();
        for ((line, definition), below) in lines.iter().zip(below) {
            let nearer = definition.unless_below.as_deref().is_some_and(|id| under.contains(&id));
            for support in &definition.supports {
                let rule = LeadRule::Line { line: *line, per_head };
                if below && !nearer {
                    leads.extend(self.supported(support, rule));
                } else if !below {
                    leads.extend(self.contradicted(support, rule));
                }
            }
        }
        Ok(leads)
    }

    fn supported(&self, support: &Support, rule: LeadRule) -> Option<Lead> {
        let social = !support.identities.intersection(IdentitySet::SOCIAL_ASSISTANCE).is_empty();
        let property = self.household.facts.flag(Fact::PropertyWithinRule);
        // The tests of dibao and its edge ask for property within the rule.
        if (social && property == Some(false)) || self.everybody_holds(support.identities) {
            return None;
        }
        // A household that is monitored under another type has been looked at.
        if !social && !self.held().intersection(IdentitySet::MONITORING).is_empty() {
            return None;
        }
        let mut facts = vec![Fact::CountedIncomeYear, Fact::Heads];
        let mut missing = Vec::new();
        if social {
            let list = if property.is_some() { &mut facts } else { &mut missing };
            list.push(Fact::PropertyWithinRule);
        }
        Some(Lead {
            kind: LeadKind::Supported,
            subject: None,
            identities: support.identities,
            rule,
            facts,
            missing,
            granted_by: Some(support.granted_by.clone()),
        })
    }

    /// Income that is not below the line contradicts what income alone opens; monitoring looks at risks beside it.
    fn contradicted(&self, support: &Support, rule: LeadRule) -> Option<Lead> {
        let held = self.held_by_household().intersection(support.identities);
        let held = held.intersection(IdentitySet::SOCIAL_ASSISTANCE);
        (!held.is_empty()).then(|| Lead {
            kind: LeadKind::Review,
            subject: None,
            identities: held,
            rule,
            facts: vec![Fact::CountedIncomeYear, Fact::Heads],
            missing: Vec::new(),
            granted_by: Some(support.granted_by.clone()),
        })
    }

    /// What the tests of the identity types say beside income.
    fn by_tests(&self) -> Vec<Lead> {
        let mut leads = Vec::new();
        let held = self.held_by_household();
        let facts = &self.household.facts;
        let mut review = |identity: Identity, fact: Fact| {
            leads.push(Lead {
                kind: LeadKind::Review,
                subject: None,
                identities: IdentitySet::of(identity),
                rule: LeadRule::Test(identity),
                facts: vec![fact],
                missing: Vec::new(),
                granted_by: None,
            });
        };
        for identity in [Identity::Dibao, Identity::DibaoEdge] {
            if held.contains(identity) && facts.flag(Fact::PropertyWithinRule) == Some(false) {
                review(identity, Fact::PropertyWithinRule);
            }
        }
        for (identity, registered) in [(Identity::MUnstable, true), (Identity::MEdge, false)] {
            if held.contains(identity) && facts.flag(Fact::ExPoor) == Some(!registered) {
                review(identity, Fact::ExPoor);
            }
        }
        let alone = self.residents().filter(|member| self.could_be_dibao_alone(member));
        leads.extend(alone.map(|member| Lead {
            kind: LeadKind::Supported,
            subject: Some(member.key.clone()),
            identities: IdentitySet::of(Identity::Dibao),
            rule: LeadRule::Test(Identity::Dibao),
            facts: vec![Fact::Age, Fact::DisabilityGrade, Fact::Employed],
            missing: Vec::new(),
            granted_by: None,
        }));
        leads
    }

    /// Adults with a severe disability (grade 1 or 2) and no work, in a household on the edge of dibao, may be taken
    /// into dibao as single persons.
    fn could_be_dibao_alone(&self, member: &Person) -> bool {
        let age = member.facts.date(Fact::BirthDate).and_then(|birth| age_on(birth, self.on));
        let own = held_on(&member.identities, self.on);
        self.held_by_household().contains(Identity::DibaoEdge)
            && own.intersection(IdentitySet::SOCIAL_ASSISTANCE).is_empty()
            && age.is_some_and(|age| age >= 18)
            && matches!(member.facts.get(Fact::DisabilityGrade), Some(1 | 2))
            && member.facts.flag(Fact::Employed) == Some(false)
    }

    fn residents(&self) -> impl Iterator<Item = &Person> {
        let resides = |facts: &FactSet| facts.flag(Fact::Resides) != Some(false);
        self.household.members.iter().filter(move |member| resides(&member.facts))
    }

    fn held_by_household(&self) -> IdentitySet {
        let held = held_on(&self.household.identities, self.on);
        let eliminated = self.household.facts.date(Fact::RiskEliminated).is_some_and(|from| from <= self.on);
        if eliminated { held.without(IdentitySet::MONITORING) } else { held }
    }

    /// What anybody of the household holds.
    fn held(&self) -> IdentitySet {
        let own = self.household.members.iter().map(|member| held_on(&member.identities, self.on));
        own.fold(self.held_by_household(), IdentitySet::union)
    }

    /// Whether the household, or every member who lives there, holds one of these, or support in extreme hardship.
    fn everybody_holds(&self, identities: IdentitySet) -> bool {
        let enough = identities.union(IdentitySet::of(Identity::Tekun));
        let holds = |held: IdentitySet| !held.intersection(enough).is_empty();
        holds(self.held_by_household())
            || self.residents().all(|member| holds(held_on(&member.identities, self.on)))
    }
}

fn held_on(records: &[IdentityRecord], on: NaiveDate) -> IdentitySet {
    records.iter().filter(|record| record.held.contains(on)).map(|record| record.identity).collect()
}

type Known<'c> = (LineInForce, &'c Line);

/// The lines in force that count for granting.
fn lines<'c>(
    catalogue: &'c Catalogue,
    place: &Place,
    on: NaiveDate,
) -> Result<Vec<Known<'c>>, ArithmeticError> {
    let sets = catalogue.income.iter().enumerate();
    let in_use: Vec<_> = sets.filter(|(_, set)| set.in_use(catalogue, place, on)).collect();
    let joined = in_use.iter().any(|(_, set)| set.role == Role::Unified);
    let wanted = if joined { Role::Unified } else { Role::Apart };
    let mut known = Vec::new();
    for (rule_set, set) in in_use.into_iter().filter(|(_, set)| set.role == wanted) {
        for (index, line) in set.lines.iter().enumerate() {
            if let Ok(year) = year_of(catalogue, place, on, line)? {
                known.push((LineInForce { rule_set, line: index, year }, line));
            }
        }
    }
    Ok(known)
}
