//! What a catalogue says of the days before a day, without words and sources: what must stay as it is.

use chrono::NaiveDate;

use crate::domain::catalogue::{Catalogue, Extension, ParameterRow, Place};
use crate::domain::measure::{Condition, Measure, Part, Standard};
use crate::domain::period::Validity;
use crate::domain::text::Text;

/// Paths in the new file of what says something else of the days before `today` than it did, in no field in
/// particular where something is gone.
pub(super) fn changes(path: &str, base: &Catalogue, new: &Catalogue, today: NaiveDate) -> Vec<String> {
    let stem = |folder: &str| path.strip_prefix(folder).and_then(|rest| rest.strip_suffix(".toml"));
    if let Some(id) = stem("measures/") {
        return new.measure(id).map_or_else(Vec::new, |new| measure(base.measure(id), new, today));
    }
    match stem("jurisdictions/").and_then(|id| Some((base.place(id), new.place(id)?))) {
        Some((base, new)) => place(base, new, today),
        None => Vec::new(),
    }
}

fn measure(base: Option<&Measure>, new: &Measure, today: NaiveDate) -> Vec<String> {
    let said = |measure: &Measure| -> Vec<Option<Standard>> {
        measure.standards.iter().map(|standard| meaning(standard, today)).collect()
    };
    let mut paths = compared("standards", &base.map(said).unwrap_or_default(), &said(new));
    if let Some(base) = base.filter(|base| said(base).iter().any(Option::is_some)) {
        let fields = [
            ("set", base.set == new.set),
            ("category", base.category == new.category),
            ("unit", base.unit == new.unit),
            ("answers_need", base.answers_need == new.answers_need),
        ];
        paths.extend(fields.into_iter().filter(|(_, same)| !same).map(|(field, _)| field.to_owned()));
    }
    paths
}

fn place(base: Option<&Place>, new: &Place, today: NaiveDate) -> Vec<String> {
    let rows = |place: &Place| -> Vec<Option<ParameterRow>> {
        let row = |row: &ParameterRow| {
            Some(ParameterRow { validity: before(row.validity, today)?, sources: Vec::new(), ..row.clone() })
        };
        place.parameters.iter().map(row).collect()
    };
    let extensions = |place: &Place| -> Vec<Option<Extension>> {
        let extension = |one: &Extension| {
            let (validity, text) = (before(one.validity, today)?, wordless());
            Some(Extension { validity, text, sources: Vec::new(), ..one.clone() })
        };
        place.extensions.iter().map(extension).collect()
    };
    let mut paths = compared("parameters", &base.map(rows).unwrap_or_default(), &rows(new));
    paths.extend(compared("extensions", &base.map(extensions).unwrap_or_default(), &extensions(new)));
    if base.is_some_and(|base| base.extends != new.extends) {
        paths.push("extends".to_owned());
    }
    paths
}

/// What is said of past days, item by item: what is new among it by its path, what is gone by its list.
fn compared<T: PartialEq>(list: &str, base: &[Option<T>], new: &[Option<T>]) -> Vec<String> {
    let mut paths = Vec::new();
    for (index, item) in new.iter().enumerate() {
        if item.is_some() && !base.contains(item) {
            paths.push(format!("{list}[{index}]"));
        }
    }
    let gone = base.iter().any(|item| item.is_some() && !new.contains(item));
    if gone && paths.is_empty() {
        paths.push(list.to_owned());
    }
    paths
}

/// A standard without words and sources, as far as it holds before a day.
fn meaning(standard: &Standard, today: NaiveDate) -> Option<Standard> {
    let validity = before(standard.validity, today)?;
    let condition = |one: &Condition| Condition { text: wordless(), sources: Vec::new(), ..one.clone() };
    let part = |one: &Part| Part { name: wordless(), sources: Vec::new(), ..one.clone() };
    Some(Standard {
        name: wordless(),
        validity,
        conditions: standard.conditions.iter().map(condition).collect(),
        parts: standard.parts.iter().map(part).collect(),
        sources: Vec::new(),
        ..standard.clone()
    })
}

/// The days before `today`; an end on or after it is none as far as they are concerned.
fn before(validity: Validity, today: NaiveDate) -> Option<Validity> {
    let until = validity.until.filter(|until| *until < today);
    (validity.from < today).then_some(Validity { from: validity.from, until })
}

const fn wordless() -> Text {
    Text { zh: String::new(), en: String::new() }
}
