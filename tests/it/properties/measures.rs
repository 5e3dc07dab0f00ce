//! Random catalogues: few measures, small round amounts, so that ties are frequent.

use std::collections::BTreeMap;

use assistance_toolbox::domain::catalogue::{Cascade, Catalogue, CatalogueHash, Department};
use assistance_toolbox::domain::catalogue::{Exclusion, ExclusionMode, Extension, IdentityType};
use assistance_toolbox::domain::condition::{Expression, ParamType};
use assistance_toolbox::domain::facts::Fact;
use assistance_toolbox::domain::identity::{Identity, IdentitySet};
use assistance_toolbox::domain::measure::{
    Condition, Form, Goal, Measure, MeasureSet, Standard, Standing, Unit,
};
use assistance_toolbox::domain::period::Validity;
use assistance_toolbox::domain::text::Text;
use assistance_toolbox::domain::vocabulary::Level;

use super::gives::Gifts;
use super::households::pairs;
use super::places;
use super::tape::Tape;
use super::tree::{LIMITS, Tree};
use super::world::valid;

/// Ids in matrix order.
const IDS: [&str; 7] = ["D1", "D2", "D10", "M2", "M11", "C3", "S1"];

/// What is settled of a measure before its standards are drawn.
struct Sketch {
    unit: Unit,
    category: String,
    /// Compared by amount with other measures, so without unpriced parts.
    priced: bool,
    /// A link of the cascade.
    link: bool,
    top_up: bool,
}

pub(super) fn text() -> Text {
    Text { zh: "x".to_owned(), en: "x".to_owned() }
}

pub(super) fn draw(tape: &mut Tape) -> (Catalogue, BTreeMap<String, Tree>) {
    let mut sketches = sketches(tape);
    let exclusions = exclusions(tape, &mut sketches);
    let (parameters, places) = places::draw(tape);
    let mut trees = BTreeMap::new();
    let mut catalogue = Catalogue {
        hash: CatalogueHash([0; 32]),
        identities: Identity::ALL
            .map(|identity| IdentityType { identity, name: text(), test: text(), sources: vec![] })
            .to_vec(),
        pairs: pairs(),
        departments: vec![Department { id: "d".to_owned(), name: text(), sources: vec![] }],
        measures: Vec::new(),
        exclusions,
        cascades: cascades(&sketches),
        matching: Vec::new(),
        needs: Vec::new(),
        parameters,
        places,
        income: Vec::new(),
        documents: Vec::new(),
    };
    for (index, sketch) in sketches.iter().enumerate() {
        let mut standards = standards(tape, &catalogue, &mut trees, &sketches, index);
        if sketch.link {
            one_per_identity(&mut standards);
        }
        catalogue.measures.push(measure(IDS[index], sketch.unit, &sketch.category, standards));
    }
    let extensions = extensions(tape, &catalogue, &sketches);
    let place = tape.pick(2);
    catalogue.places[place].extensions = extensions;
    (catalogue, trees)
}

pub(super) fn measure(id: &str, unit: Unit, category: &str, standards: Vec<Standard>) -> Measure {
    Measure {
        id: id.to_owned(),
        code: format!("CODE_{id}"),
        name: text(),
        set: MeasureSet::Shared,
        goal: Goal::BasicNeeds,
        category: category.to_owned(),
        unit,
        form: Form::Service,
        department: "d".to_owned(),
        with: vec![],
        answers_need: vec![],
        standing: Standing::Named,
        basis: vec![],
        sources: vec![],
        extension_limit: None,
        notes: vec![],
        standards,
    }
}

fn sketches(tape: &mut Tape) -> Vec<Sketch> {
    let count: usize = 2 + tape.of(&[0, 1, 2, 2, 3, 4]);
    let cascade = tape.chance(25);
    let mut sketches: Vec<Sketch> = Vec::new();
    for index in 0..count {
        let link = cascade && index < 2;
        let top_up = !link && index + 1 == count && tape.chance(40);
        let household = top_up || (!link && tape.chance(30));
        let unit = if household { Unit::Household } else { Unit::Person };
        let shared = if tape.chance(30) && !link { index.checked_sub(1) } else { None };
        let shared = shared.filter(|before| !sketches[*before].link);
        let category = shared.map_or(format!("c{index}"), |before| sketches[before].category.clone());
        let mut priced = false;
        for other in sketches.iter_mut().filter(|other| other.category == category && other.unit == unit) {
            other.priced = true;
            priced = true;
        }
        sketches.push(Sketch { unit, category, priced, link, top_up });
    }
    sketches
}

fn cascades(sketches: &[Sketch]) -> Vec<Cascade> {
    let links = sketches.iter().enumerate().filter(|(_, sketch)| sketch.link);
    let links: Vec<String> = links.map(|(index, _)| IDS[index].to_owned()).rev().collect();
    let basis = Fact::EligibleExpenseYear;
    let cascade = Cascade { id: "medical".to_owned(), name: text(), links, basis, sources: vec![] };
    if cascade.links.is_empty() { vec![] } else { vec![cascade] }
}

fn exclusions(tape: &mut Tape, sketches: &mut [Sketch]) -> Vec<Exclusion> {
    let count = tape.pick(3);
    // An arrow always points from an earlier to a later measure of this order.
    let order = tape.order(sketches.len());
    let has_top_up = sketches.iter().any(|sketch| sketch.top_up);
    let mut exclusions = Vec::new();
    for number in 0..count {
        let mode = tape.of(&[ExclusionMode::Highest, ExclusionMode::Priority, ExclusionMode::Choice]);
        let size = 2 + tape.pick(2);
        let kind = tape.pick(3);
        let fits = |index: &&usize| match kind {
            2 if !has_top_up => true,
            1 => sketches[**index].unit == Unit::Household,
            _ => sketches[**index].unit == Unit::Person,
        };
        let mut skip = tape.pick(3);
        let mut members: Vec<usize> = order.iter().filter(fits).copied().collect();
        while members.len() > size {
            members.remove(skip % members.len());
            skip += 1;
        }
        let alike = |a: usize, b: usize| sketches[a].category == sketches[b].category;
        if mode == ExclusionMode::Priority && members.len() > 2 && alike(members[1], members[2]) {
            members.pop();
        }
        if members.len() < 2 {
            continue;
        }
        let persons = members.iter().all(|index| sketches[*index].unit == Unit::Person);
        let scope = if persons && tape.chance(70) { Unit::Person } else { Unit::Household };
        if mode == ExclusionMode::Highest {
            for index in members.iter().copied() {
                sketches[index].priced = true;
            }
        }
        let named = |index: &usize| {
            let alone =
                sketches.iter().filter(|other| other.category == sketches[*index].category).count() == 1;
            if alone && tape.chance(25) { format!("{}-0", IDS[*index]) } else { IDS[*index].to_owned() }
        };
        let members = members.iter().map(named).collect();
        let validity = validity(tape);
        let id = format!("x{number}");
        exclusions.push(Exclusion { id, text: text(), mode, members, scope, validity, sources: vec![] });
    }
    exclusions
}

fn validity(tape: &mut Tape) -> Validity {
    match tape.pick(12) {
        9 => valid("2024-06-01", None),
        10 => valid("2021-01-01", Some("2024-06-01")),
        11 => valid("2024-06-02", None),
        _ => valid("2021-01-01", None),
    }
}

fn standards(
    tape: &mut Tape,
    catalogue: &Catalogue,
    trees: &mut BTreeMap<String, Tree>,
    sketches: &[Sketch],
    index: usize,
) -> Vec<Standard> {
    let sketch = &sketches[index];
    let level = if sketch.unit == Unit::Person { Level::Person } else { Level::Household };
    let gifts = Gifts { catalogue, level, priced: sketch.priced };
    let mut all = Vec::new();
    for number in 0..tape.of(&[1, 1, 2, 3]) {
        let (parts, period, rounding) = if sketch.top_up {
            let persons =
                sketches.iter().enumerate().filter(|(_, other)| other.unit == Unit::Person && !other.link);
            let mut not_heads: Vec<String> = persons.map(|(index, _)| IDS[index].to_owned()).collect();
            while not_heads.len() > 2 || (!not_heads.is_empty() && tape.chance(30)) {
                not_heads.remove(tape.pick(not_heads.len()));
            }
            gifts.top_up(tape, not_heads)
        } else if sketch.link {
            gifts.link(tape)
        } else {
            gifts.draw(tape)
        };
        let mut bits = tape.pick(128) | 1 << tape.pick(7);
        if sketch.top_up {
            bits = 1 << Identity::Dibao.index();
        }
        let identities = Identity::ALL.into_iter().filter(|identity| bits >> identity.index() & 1 == 1);
        let conditions = (0..tape.of(&[0, 0, 1, 1, 2])).map(|_| condition(tape, trees, level)).collect();
        let standard = Standard {
            id: format!("{}-{number}", IDS[index]),
            name: text(),
            validity: validity(tape),
            identities: identities.collect(),
            identity_on: (!sketch.top_up && tape.chance(12)).then(|| "closes".to_owned()),
            conditions,
            parts,
            period,
            rounding,
            sources: vec![],
        };
        if standard.validity.from == valid("2024-06-01", None).from {
            // The version before, under other identities.
            let identities = standard.identities.union(IdentitySet::of(Identity::Dibao));
            let validity = valid("2021-01-01", Some("2024-06-01"));
            all.push(Standard { identities, validity, ..standard.clone() });
        }
        all.push(standard);
    }
    all
}

fn condition(tape: &mut Tape, trees: &mut BTreeMap<String, Tree>, level: Level) -> Condition {
    let depth = tape.pick(3);
    let tree = Tree::draw(tape, level, depth);
    let known = |name: &str| LIMITS.contains(&name).then_some(ParamType::Count);
    let when = Expression::parse(&tree.text(), level, &known).unwrap();
    trees.insert(when.source().to_owned(), tree);
    Condition { text: text(), when, sources: vec![] }
}

/// In a link every identity is opened by one standard at most on one day.
fn one_per_identity(standards: &mut [Standard]) {
    let mut used = IdentitySet::NONE;
    for standard in standards.iter_mut().filter(|standard| standard.validity.contains(super::world::today()))
    {
        standard.identities = standard.identities.without(used);
        used = used.union(standard.identities);
    }
}

fn extensions(tape: &mut Tape, catalogue: &Catalogue, sketches: &[Sketch]) -> Vec<Extension> {
    let mut extensions = Vec::new();
    for number in 0..tape.of(&[0, 1, 0, 2]) {
        let like = tape.of(&Identity::ALL);
        let bits = tape.pick(128);
        let to: IdentitySet = Identity::ALL
            .into_iter()
            .filter(|other| bits >> other.index() & 1 == 1 && *other != like)
            .collect();
        let mut measures = Vec::new();
        for (measure, sketch) in catalogue.measures.iter().zip(sketches) {
            let current =
                measure.standards.iter().filter(|known| known.validity.contains(super::world::today()));
            let opened = current.fold(IdentitySet::NONE, |all, known| all.union(known.identities));
            let alone = number == 0 && opened.intersection(to).is_empty();
            let fits = !sketch.top_up && (!sketch.link || alone);
            if fits && tape.chance(50) {
                measures.push(measure.id.clone());
            }
        }
        let id = format!("e{number}");
        extensions.push(Extension {
            id,
            text: text(),
            validity: validity(tape),
            measures,
            like,
            to,
            sources: vec![],
        });
    }
    extensions
}
