//! Small cases in which the engine was not what the definitions say, one rule each.

mod unknown;

use std::collections::BTreeSet;

use assistance_toolbox::domain::catalogue::{
    Catalogue, Exclusion, ExclusionMode, ParameterRow, ParameterValue,
};
use assistance_toolbox::domain::condition::Expression;
use assistance_toolbox::domain::facts::{Fact, IdentityRecord};
use assistance_toolbox::domain::identity::{Identity, IdentitySet};
use assistance_toolbox::domain::measure::{
    Cap, Condition, Gives, Measure, Part, Rates, Standard, Term, Unit, Unpriced,
};
use assistance_toolbox::domain::money::{Fen, Rounding};
use assistance_toolbox::domain::period::Period;
use assistance_toolbox::domain::ratio::Ratio;
use assistance_toolbox::domain::vocabulary::Level;

use super::measures::{measure, text};
use super::oracle::Oracle;
use super::view::Paid;
use super::world::{Member, Stated, World, valid};

fn amount(fen: i64) -> Gives {
    Gives::Amount { amount: Term::Fixed(Fen::new(fen)) }
}

fn standard(id: &str, identity: Identity, gives: Vec<Gives>) -> Standard {
    let top_up = matches!(gives[0], Gives::TopUp { .. });
    Standard {
        id: id.to_owned(),
        name: text(),
        validity: valid("2021-01-01", None),
        identities: IdentitySet::of(identity),
        identity_on: None,
        conditions: vec![],
        parts: gives.into_iter().map(|gives| Part { name: text(), gives, sources: vec![] }).collect(),
        period: Some(if top_up { Period::Month } else { Period::Year }),
        rounding: Rounding::HalfUpToFen,
        sources: vec![],
    }
}

fn condition(text: &str) -> Condition {
    let when = Expression::parse(text, Level::Household, &|_: &str| None).unwrap();
    Condition { text: super::measures::text(), when, sources: vec![] }
}

fn held(identity: Identity) -> IdentityRecord {
    IdentityRecord { identity, held: valid("2023-01-01", None), source: None, evidence: None }
}

fn exclusion(mode: ExclusionMode, scope: Unit, members: &[&str]) -> Exclusion {
    let members = members.iter().map(|member| (*member).to_owned()).collect();
    let validity = valid("2021-01-01", None);
    Exclusion { id: "x".to_owned(), text: text(), mode, members, scope, validity, sources: vec![] }
}

fn world(measures: Vec<Measure>, exclusions: Vec<Exclusion>) -> World {
    let (plain, trees) = super::measures::draw(&mut super::tape::Tape::new(vec![]));
    let catalogue = Catalogue { measures, exclusions, ..plain };
    let members = ["a", "b"].map(|key| Member { key, identities: vec![] }).to_vec();
    World { catalogue, trees, identities: vec![held(Identity::Dibao)], members, facts: vec![] }
}

fn top_up(line: Term<Fen>, not_heads: &[&str]) -> Vec<Gives> {
    vec![Gives::TopUp { line, not_heads: not_heads.iter().map(|id| (*id).to_owned()).collect() }]
}

fn loan() -> Gives {
    Gives::Loan { ceiling: Term::Fixed(Fen::new(100_000)) }
}

fn reimbursement(rate: Term<Ratio>, cap: Cap) -> Gives {
    Gives::Reimbursement {
        basis: Fact::EligibleExpenseYear,
        deductible: Term::Fixed(Fen::new(0)),
        deductible_factor: Term::Fixed(Ratio::ONE),
        rates: Rates::Rate(rate),
        rate_plus: Term::Fixed(Ratio::ZERO),
        cap,
    }
}

fn fixed(fen: i64) -> Term<Fen> {
    Term::Fixed(Fen::new(fen))
}

fn state(world: &mut World, who: Option<usize>, fact: Fact, value: i64) {
    world.facts.push(Stated { who, fact, value, known: true });
}

/// A measure of its own category with one standard for dibao.
fn plain(id: &str, unit: Unit, gives: Vec<Gives>) -> Measure {
    measure(id, unit, id, vec![standard(&format!("{id}-0"), Identity::Dibao, gives)])
}

/// The engine takes and pays what the oracle does.
fn agree(world: &World) {
    let oracle = Oracle::new(world);
    let (rulebook, package) = world.package();
    let household = world.household();
    let best = oracle.best.clone().unwrap();
    let expected: BTreeSet<Paid> =
        best.iter().map(|index| oracle.paid_of(&oracle.candidates[*index], &household)).collect();
    assert_eq!(oracle.all_paid(&rulebook, &household, &package).unwrap(), expected);
}

/// 4.5: a loan never enters the total; what stands next to it does, and is paid.
#[test]
fn a_sum_next_to_a_loan_is_paid() {
    agree(&world(vec![plain("D1", Unit::Household, vec![loan(), amount(1200)])], vec![]));
}

/// 1: unpriced is a value, never 0; so a priced 0 next to it is not unpriced.
#[test]
fn a_zero_next_to_an_unpriced_part_is_priced_in_part() {
    let unpriced = Gives::Unpriced { reason: Unpriced::CaseByCase, practice: None };
    agree(&world(vec![plain("D1", Unit::Household, vec![unpriced, amount(0)])], vec![]));
}

/// 4.7: somebody who takes one of the measures is no head, also of a person-level dibao.
#[test]
fn a_person_level_dibao_counts_no_taker() {
    let orphan = plain("C4", Unit::Person, vec![amount(1200)]);
    let mut world = world(vec![orphan, plain("S1", Unit::Household, top_up(fixed(1000), &["C4"]))], vec![]);
    world.members[0].identities.append(&mut world.identities);
    state(&mut world, Some(0), Fact::OwnCountedIncomeMonth, 0);
    agree(&world);
}

/// The beneficiary of a person-level dibao does not depend on whether the place sets the line.
#[test]
fn a_person_level_dibao_without_a_line_is_the_persons() {
    let line = Term::Parameter("sum_a".to_owned());
    let mut world = world(vec![plain("S1", Unit::Household, top_up(line, &[]))], vec![]);
    world.members[0].identities.append(&mut world.identities);
    agree(&world);
}

/// 4.3: only an exclusion between two measures replaces the shorthand of their category; a priority
/// says nothing of those that it refuses.
#[test]
fn a_priority_leaves_the_refused_in_their_category() {
    let [mut one, mut other] = ["D2", "D10"].map(|id| plain(id, Unit::Person, vec![amount(1200)]));
    (one.category, other.category) = ("c".to_owned(), "c".to_owned());
    let first = measure("D1", Unit::Person, "a", vec![]);
    let rule = exclusion(ExclusionMode::Priority, Unit::Person, &["D1", "D2", "D10"]);
    agree(&world(vec![first, one, other], vec![rule]));
}

/// A cap may be set as a share of another amount, like every amount.
#[test]
fn a_cap_is_a_share_of_another_amount() {
    let cap = Cap::Most(Term::Parameter("cap_a".to_owned()));
    let gives = reimbursement(Term::Fixed(Ratio::ONE), cap);
    let mut world = world(vec![plain("D1", Unit::Person, vec![gives])], vec![]);
    set(&mut world, "sum_a", ParameterValue::Money { amount: Fen::new(1200), period: None });
    set(&mut world, "cap_a", ParameterValue::Share { rate: Ratio::ONE, of: "sum_a".to_owned() });
    state(&mut world, Some(0), Fact::EligibleExpenseYear, 8000);
    state(&mut world, Some(1), Fact::EligibleExpenseYear, 800);
    agree(&world);
}

fn set(world: &mut World, name: &str, value: ParameterValue) {
    let validity = valid("2021-01-01", None);
    let row = ParameterRow { name: name.to_owned(), validity, value, sources: vec![] };
    world.catalogue.places[1].parameters.retain(|row| row.name != name);
    world.catalogue.places[1].parameters.push(row);
}

/// A household's dibao and a person's own, which replaces it for that person, never pay one head twice.
#[test]
fn a_households_and_an_own_dibao_count_every_head_once() {
    let mut world = world(vec![plain("S1", Unit::Household, top_up(fixed(1000), &[]))], vec![]);
    world.members[0].identities.push(held(Identity::Dibao));
    state(&mut world, Some(0), Fact::OwnCountedIncomeMonth, 0);
    state(&mut world, None, Fact::CountedIncomeYear, 0);
    agree(&world);
}
