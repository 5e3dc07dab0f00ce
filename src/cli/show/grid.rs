//! Tables and paragraphs that fit the terminal: a Chinese character is two columns wide, and lines
//! break where both languages allow it.

use std::io::{self, Write};

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width};

/// How wide everything is, in columns of the terminal.
pub(in crate::cli) const WIDTH: usize = 100;

/// A table with columns of fixed widths.
#[derive(Debug)]
pub(in crate::cli) struct Grid {
    table: Table,
    widths: Vec<usize>,
}

impl Grid {
    /// A table of these columns: the width of the text and the title of each. The widths and two
    /// for each column make up the width of the table.
    pub(in crate::cli) fn new(columns: &[(usize, &str)]) -> Self {
        let mut table = Table::new();
        table.load_style(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(columns.iter().map(|(_, title)| *title));
        // One space on each side belongs to the column.
        let width = |(width, _): &(usize, &str)| u16::try_from(width + 2).unwrap_or(u16::MAX);
        let widths = columns.iter().map(|column| ColumnConstraint::Absolute(Width::Fixed(width(column))));
        table.set_constraints(widths);
        Self { table, widths: columns.iter().map(|(width, _)| *width).collect() }
    }

    /// Adds a row; line breaks inside a cell are kept.
    pub(in crate::cli) fn row<C: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = C>) {
        let cells = cells.into_iter().zip(&self.widths);
        self.table.add_row(cells.map(|(cell, width)| wrapped(cell.as_ref(), *width)).collect::<Vec<_>>());
    }

    /// Whether it has no row.
    pub(in crate::cli) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Prints it under a title; nothing if it has no row.
    pub(in crate::cli) fn print(&self, title: &str, out: &mut dyn Write) -> io::Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n{title}\n{}", self.table.trim_fmt())
    }
}

/// Prints a paragraph; its later lines are indented under the text that follows the mark.
pub(in crate::cli) fn paragraph(mark: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
    let indent = " ".repeat(textwrap::core::display_width(mark));
    let options = textwrap::Options::new(WIDTH).initial_indent(mark).subsequent_indent(&indent);
    writeln!(out, "{}", textwrap::fill(text, options))
}

fn wrapped(text: &str, width: usize) -> String {
    let lines = text.lines().flat_map(|line| textwrap::wrap(line, width));
    lines.collect::<Vec<_>>().join("\n")
}
