//! Tables and paragraphs that fit the terminal: a Chinese character is two columns wide, and lines
//! break where both languages allow it.

use std::io::{self, Write};

use comfy_table::{ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width};

/// How wide everything is, in columns of the terminal.
pub(in crate::cli) const WIDTH: usize = 100;

/// A table with columns of fixed widths.
#[derive(Debug)]
pub(in crate::cli) struct Grid {
    table: Table,
    widths: Vec<usize>,
}

impl Grid {
    /// A table with a line between rows: the width of the text and the title of each column. The
    /// widths, with three for each column less one, make up [`WIDTH`].
    pub(in crate::cli) fn new(columns: &[(usize, &str)]) -> Self {
        let line = LineStyle::none().fill('─').junction('─');
        Self::styled(columns, TableStyle::new().row_separator(line))
    }

    /// A table of short rows, without lines between them.
    pub(in crate::cli) fn dense(columns: &[(usize, &str)]) -> Self {
        Self::styled(columns, TableStyle::new())
    }

    fn styled(columns: &[(usize, &str)], style: TableStyle) -> Self {
        let line = |fill: char| LineStyle::none().fill(fill).junction(fill);
        let style = style.top_border(line('─')).header_separator(line('═')).bottom_border(line('─'));
        let mut table = Table::new();
        table.load_style(style).set_content_arrangement(ContentArrangement::Disabled);
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
    writeln!(out, "{}", textwrap::fill(&glued(text), options).replace(JOINER, ""))
}

fn wrapped(text: &str, width: usize) -> String {
    let text = glued(text);
    let lines = text.lines().flat_map(|line| textwrap::wrap(line, width));
    lines.collect::<Vec<_>>().join("\n").replace(JOINER, "")
}

/// Forbids a break where it stands; it has no width, and is taken out again.
const JOINER: char = '\u{2060}';

/// Keeps amounts whole: `16,675.00元/年` does not break before 元 or around the slash.
fn glued(text: &str) -> String {
    let mut glued = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '/' => glued.extend([JOINER, letter, JOINER]),
            '元' => glued.extend([JOINER, letter]),
            _ => glued.push(letter),
        }
    }
    glued
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_by_width_and_keep_amounts_whole() {
        assert_eq!(wrapped("优于脱贫不稳定户 16,675.00元/年", 20), "优于脱贫不稳定户\n16,675.00元/年");
        assert_eq!(wrapped("one two\nthree", 5), "one\ntwo\nthree");
        let mut grid = Grid::new(&[(10, "a"), (85, "b")]);
        grid.row(["一二三四五六", "x"]);
        let mut out = Vec::new();
        grid.print("t", &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let widths: Vec<usize> = text.lines().map(textwrap::core::display_width).collect();
        assert_eq!(widths.iter().max(), Some(&WIDTH), "{text}");
        assert!(text.contains(" 一二三四五   x\n 六\n"), "{text}");
    }
}
