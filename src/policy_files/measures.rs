//! Measures, one file each.

use super::common::{
    UNITS, both, known_name, known_names, note, notes, push, source_list, sources, tables, text, word,
};
use super::diagnostic::{Site, codes};
use super::draft::{ReadMeasure, matrix_order};
use super::names::Names;
use super::standards::{conditions, standard};
use crate::documents::reader::Table;
use crate::domain::measure::{Confidence, Form, Goal, Measure, MeasureSet, Standard, Standing, Unit};
use crate::domain::source::Source;

pub(super) const SETS: [(&str, MeasureSet); 4] = [
    ("differing", MeasureSet::Differing),
    ("monitored_only", MeasureSet::MonitoredOnly),
    ("shared", MeasureSet::Shared),
    ("social_assistance_only", MeasureSet::SocialAssistanceOnly),
];
pub(super) const GOALS: [(&str, Goal); 3] = [
    ("basic_needs", Goal::BasicNeeds),
    ("risk_prevention", Goal::RiskPrevention),
    ("development", Goal::Development),
];
pub(super) const FORMS: [(&str, Form); 15] = [
    ("reimbursement", Form::Reimbursement),
    ("contribution_subsidy", Form::ContributionSubsidy),
    ("top_up", Form::TopUp),
    ("monthly_cash", Form::MonthlyCash),
    ("fixed_cash", Form::FixedCash),
    ("one_off_cash", Form::OneOffCash),
    ("fee_waiver", Form::FeeWaiver),
    ("rebate", Form::Rebate),
    ("award", Form::Award),
    ("in_kind", Form::InKind),
    ("insurance_payout", Form::InsurancePayout),
    ("loan", Form::Loan),
    ("job", Form::Job),
    ("training", Form::Training),
    ("service", Form::Service),
];
const CONFIDENCES: [(&str, Confidence); 3] =
    [("low", Confidence::Low), ("medium", Confidence::Medium), ("high", Confidence::High)];

/// The fields of a measure that carry a source of their own.
const SOURCED: [&str; 7] = ["name", "set", "goal", "category", "unit", "department", "answers_need"];

/// The measure of a file of this stem.
pub(super) fn measure<'f>(
    table: &Table<'_>,
    file: &'f str,
    stem: &str,
    names: &Names,
) -> Option<ReadMeasure<'f>> {
    let id = text(table, "id");
    check_id(table, id.as_deref(), stem);
    let code = code(table);
    let name = both(table, "zh", "en");
    let set = table.need("set").and_then(|node| node.choice(&SETS));
    let goal = table.need("goal").and_then(|node| node.choice(&GOALS));
    let category = word(table, "category");
    let unit = table.need("unit").and_then(|node| node.choice(&UNITS));
    let form = table.need("form").and_then(|node| node.choice(&FORMS));
    let departments = &names.departments;
    let department = table.need("department");
    let department =
        department.and_then(|node| known_name(&node, departments, codes::UNKNOWN_DEPARTMENT, "department"));
    let with = known_names(table.need("with"), departments, codes::UNKNOWN_DEPARTMENT, "department");
    let answers_need = known_names(table.need("answers_need"), &names.needs, codes::UNKNOWN_NEED, "need");
    let standing = standing(table);
    let basis = sources_of_basis(table, names);
    let sources = field_sources(table, names);
    let extension_limit = table.get("extension_limit").and_then(|node| {
        let table = node.table()?;
        let limit = note(&table, names);
        table.finish();
        limit
    });
    let notes = notes(table, names);
    // Read as a person's where the unit is not known, so that no fact is refused for it.
    let level = unit.unwrap_or(Unit::Person);
    let shared = conditions(table, level, names);
    let read = tables(table.need("standards"), |table| standard(table, file, level, names));
    if read.is_empty() && table.get("standards").is_some_and(|node| node.list().is_some()) {
        let message = "the measure has no standard".to_owned();
        table.refuse_key("standards", codes::EMPTY_LIST, message, Some("add a `[[standards]]`".to_owned()));
    }
    let complete = read.iter().all(Option::is_some) && shared.is_some();
    let (mut standards, sites): (Vec<Standard>, _) = read.into_iter().flatten().unzip();
    for standard in &mut standards {
        let own = std::mem::take(&mut standard.conditions);
        standard.conditions = shared.iter().flatten().cloned().chain(own).collect();
    }
    let measure = Measure {
        id: id?,
        code: code?,
        name: name?,
        set: set?,
        goal: goal?,
        category: category?,
        unit: unit?,
        form: form?,
        department: department?,
        with: with?,
        answers_need: answers_need?,
        standing: standing?,
        basis: basis?,
        sources: sources?,
        extension_limit,
        notes,
        standards,
    };
    Some(ReadMeasure { measure, site: Site { file, line: table.line() }, standards: sites, complete })
}

fn check_id(table: &Table<'_>, id: Option<&str>, stem: &str) {
    let Some(id) = id else { return };
    if matrix_order(id).is_none() {
        let hint = "one of the letters D, M, C, S and a number, such as `D3`".to_owned();
        table.refuse_key("id", codes::BAD_ID, format!("`{id}` is no id of a measure"), Some(hint));
    } else if id != stem {
        let message = format!("the measure of this file is called `{id}`");
        table.refuse_key("id", codes::FILE_NAME, message, Some(format!("`{stem}`, as the file")));
    }
}

fn code(table: &Table<'_>) -> Option<String> {
    let node = table.need("code")?;
    let code = node.text()?;
    if code.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_') {
        return Some(code.to_owned());
    }
    node.refuse_expecting(codes::BAD_ID, "capital letters, digits and `_`", None);
    None
}

fn standing(table: &Table<'_>) -> Option<Standing> {
    if table.need("standing")?.choice(&[("named", true), ("reconstructed", false)])? {
        return Some(Standing::Named);
    }
    table.need("confidence")?.choice(&CONFIDENCES).map(Standing::Reconstructed)
}

/// How a standing is written: `named`, or how sure the reconstruction is.
pub(super) fn standing_code(standing: Standing) -> &'static str {
    match standing {
        Standing::Named => "named",
        Standing::Reconstructed(Confidence::Low) => "low",
        Standing::Reconstructed(Confidence::Medium) => "medium",
        Standing::Reconstructed(Confidence::High) => "high",
    }
}

fn sources_of_basis(table: &Table<'_>, names: &Names) -> Option<Vec<Source>> {
    match table.get("basis") {
        Some(node) => source_list(&node, names),
        None => sources(table, "basis", names),
    }
}

fn field_sources(table: &Table<'_>, names: &Names) -> Option<Vec<(String, Vec<Source>)>> {
    let Some(node) = table.get("source") else {
        let message = "`[source]` is missing: every field says where it is known from".to_owned();
        table.refuse_key("source", codes::MISSING_CITATION, message, None);
        return None;
    };
    let table = node.table()?;
    let read = SOURCED.into_iter().map(|field| Some((field.to_owned(), sources(&table, field, names)?)));
    let read = read.fold(Some(Vec::new()), push);
    table.finish();
    read
}
