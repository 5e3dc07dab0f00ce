//! Which column of a table is which of the layout.

use super::layout::{Field, Known, Layout, Target, bare};
use crate::documents::sheet::{self, Cell, CellKind, Column, Fault, Row, RowProblem, Sheet};
use crate::domain::facts::Fact;

/// The columns of a table by what they state.
pub(super) struct Columns {
    fields: [Option<Bound>; Field::ALL.len()],
    /// In the order of the vocabulary.
    pub(super) facts: Vec<(Fact, Bound)>,
}

/// A column of the layout at its place in the table.
pub(super) struct Bound {
    place: Option<usize>,
    heading: String,
    words: Vec<(String, String)>,
    fixed: String,
}

impl Columns {
    /// Finds every column of the heading in the layout.
    ///
    /// # Errors
    /// Columns that are not known or stand there twice, and those that are missing.
    pub(super) fn find(layout: &Layout, sheet: &Sheet<'_>) -> Result<Self, Vec<RowProblem>> {
        let line = u64::from(layout.options.heading_row);
        let mut columns = Self { fields: Default::default(), facts: Vec::new() };
        let mut problems = Vec::new();
        for (place, heading) in sheet.heading().iter().enumerate() {
            let is = |known: &String| bare(known).eq(bare(heading));
            let Some(known) = layout.columns.iter().find(|known| known.headings.iter().any(is)) else {
                if !layout.leaves_others && !layout.left_out.iter().any(is) {
                    let message = "the heading is none of the layout: correct it, or leave the column out \
                                   with a column map";
                    let fault = Fault::new(sheet::codes::UNKNOWN_COLUMN, message);
                    problems.push(fault.at(line, Some(Column::at(place))));
                }
                continue;
            };
            if columns.get(known.target).is_some() {
                let fault = Fault::new(sheet::codes::COLUMN_TWICE, "another column states the same");
                problems.push(fault.at(line, Some(Column::known(place, known.first()))));
                continue;
            }
            columns.set(known, Some(place));
        }
        for known in &layout.columns {
            if columns.get(known.target).is_some() {
                continue;
            }
            if known.fixed.is_some() {
                columns.set(known, None);
            } else if matches!(known.target, Target::Field(field) if field.required()) {
                let fault = Fault::new(sheet::codes::MISSING_COLUMN, "the column is missing");
                problems.push(fault.at(line, Some(Column::missing(known.first()))));
            }
        }
        columns.facts.sort_by_key(|(fact, _)| fact.index());
        if problems.is_empty() { Ok(columns) } else { Err(problems) }
    }

    /// The column of a field, if the table has one.
    pub(super) fn field(&self, field: Field) -> Option<&Bound> {
        self.get(Target::Field(field))
    }

    fn get(&self, target: Target) -> Option<&Bound> {
        match target {
            Target::Field(field) => {
                let place = Field::ALL.iter().position(|known| *known == field)?;
                self.fields.get(place)?.as_ref()
            }
            Target::Fact(fact) => self.facts.iter().find(|(known, _)| *known == fact).map(|(_, bound)| bound),
        }
    }

    fn set(&mut self, known: &Known, place: Option<usize>) {
        let bound = Bound {
            place,
            heading: known.first(),
            words: known.words.clone(),
            fixed: known.fixed.clone().unwrap_or_default(),
        };
        match known.target {
            Target::Fact(fact) => self.facts.push((fact, bound)),
            Target::Field(field) => {
                let slots = Field::ALL.iter().zip(&mut self.fields);
                if let Some((_, slot)) = { slots }.find(|(known, _)| **known == field) {
                    *slot = Some(bound);
                }
            }
        }
    }
}

impl Known {
    fn first(&self) -> String {
        self.headings.first().cloned().unwrap_or_else(|| match self.target {
            Target::Field(field) => field.names().1.to_owned(),
            Target::Fact(fact) => fact.def().zh.to_owned(),
        })
    }
}

impl Bound {
    /// What the row says here, in our words.
    pub(super) fn cell<'r>(&'r self, row: Row<'r>) -> Cell<'r> {
        let text = |text| Cell { kind: CellKind::Text, text };
        let Some(place) = self.place else { return text(&self.fixed) };
        let cell = row.cell(place);
        match self.words.iter().find(|(theirs, _)| theirs == cell.text) {
            Some((_, ours)) => text(ours),
            None => cell,
        }
    }

    /// Whether the row itself says it, and not the layout for all rows.
    pub(super) fn is_of_the_row(&self) -> bool {
        self.place.is_some()
    }

    /// The column, for messages.
    pub(super) fn column(&self) -> Column {
        match self.place {
            Some(place) => Column::known(place, self.heading.clone()),
            None => Column::missing(self.heading.clone()),
        }
    }
}
