//! What a catalogue says of the days before a day, without words and sources: what must stay as it is.

mod documents;

use chrono::NaiveDate;

use super::names::Topic;

use crate::domain::catalogue::{Catalogue, Extension, ParameterRow, Place};
use crate::domain::measure::{Condition, Measure, Part, Standard};
use crate::domain::period::Validity;
use crate::domain::text::Text;

/// What a file says, before a change and after it: as a text, and in the catalogue that it is a part of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said<'a> {
    /// The text; none if there is no such file.
    pub(super) text: Option<&'a str>,
    /// The catalogue.
    pub(super) catalogue: &'a Catalogue,
}

/// Paths in the new file of what says something else of the days before `today` than it did, in no field in
/// particular where something is gone.
pub(super) fn changes(path: &str, base: Said<'_>, new: Said<'_>, today: NaiveDate) -> Vec<String> {
    match Topic::of(path) {
        Some(Topic::Measure(id)) => {
            let (base, new) = (base.catalogue.measure(id), new.catalogue.measure(id));
            new.map_or_else(Vec::new, |new| measure(base, new, today))
        }
        Some(Topic::Place(id)) => {
            let (base, new) = (base.catalogue.place(id), new.catalogue.place(id));
            new.map_or_else(Vec::new, |new| place(base, new, today))
        }
        Some(Topic::Income(_)) => documents::changes(base.text, new.text.unwrap_or_default(), today),
        Some(Topic::Small(name)) if name == EXCLUSIONS || UNDATED.contains(&name) => {
            documents::changes(base.text, new.text.unwrap_or_default(), today)
        }
        // What documents, words, departments and names of parameters there are decides nothing of any day, and by
        // which rules people may be matched is asked of the lists of now.
        Some(Topic::Small(_)) | None => Vec::new(),
    }
}

/// Whether what a file says has no dates, so that a change of it counts for past days too.
pub(super) fn is_undated(path: &str) -> bool {
    UNDATED.contains(&path)
}

const EXCLUSIONS: &str = "exclusions.toml";

const UNDATED: [&str; 3] = ["cascades.toml", "identities.toml", "needs.toml"];

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
