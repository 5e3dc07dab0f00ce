//! Versions of one standard and rows of one parameter follow one another.

use super::super::diagnostic::{Findings, codes};
use super::super::draft::Draft;
use super::moments::lines;
use crate::domain::catalogue::ParameterRow;

/// Standards of one id never hold on one day.
pub(in super::super) fn overlapping_standards(draft: &Draft<'_>, findings: &mut Findings) {
    for read in &draft.measures {
        let standards: Vec<_> = read.measure.standards.iter().zip(&read.standards).collect();
        for (index, (standard, site)) in standards.iter().enumerate() {
            let overlaps = |(before, _): &&(&crate::domain::measure::Standard, _)| {
                before.id == standard.id && before.validity.overlaps(&standard.validity)
            };
            if let Some((_, before)) = standards.iter().take(index).find(overlaps) {
                let message =
                    format!("two versions of `{}` hold on one day{}", standard.id, lines(before.site));
                let hint = "end the earlier version with `until` on the day on which the later begins";
                findings.add(site.site, codes::OVERLAPPING_VERSIONS, message, hint);
            }
        }
    }
}

/// Rows of one place and name never hold on one day, save that a later row replaces an open one.
pub(in super::super) fn overlapping_rows(draft: &Draft<'_>, findings: &mut Findings) {
    for read in &draft.places {
        let mut rows: Vec<_> = read.place.parameters.iter().zip(&read.rows).collect();
        rows.sort_by_key(|(row, _)| (row.name.as_str(), row.validity.from));
        let pairs = rows.iter().enumerate().flat_map(|(index, first)| {
            let later = rows.iter().skip(index + 1).take_while(|(row, _)| row.name == first.0.name);
            later.map(move |second| (first, second))
        });
        for ((first, first_site), (second, site)) in pairs {
            let same_name = || rows.iter().map(|(row, _)| *row).filter(|row| row.name == first.name);
            let (message, hint) = if first.validity.from == second.validity.from {
                ("two rows begin on one day", "keep one of them, or change its `from`")
            } else if first.validity.until.is_some() && first.validity.overlaps(&second.validity) {
                ("two rows hold on one day", "let the earlier one end on the day on which the later begins")
            } else if revived(first, second, same_name()) {
                ("when this row ends, an earlier open one would hold again", "add a row from that day")
            } else {
                continue;
            };
            let message = format!("`{}`: {message}{}", first.name, lines(**first_site));
            findings.add(**site, codes::OVERLAPPING_ROWS, message, hint);
        }
    }
}

/// Whether the open first row would hold again when the second one ends.
fn revived<'c>(
    first: &ParameterRow,
    second: &ParameterRow,
    mut rows: impl Iterator<Item = &'c ParameterRow>,
) -> bool {
    let Some(end) = second.validity.until.filter(|_| first.validity.until.is_none()) else { return false };
    let replaces = |row: &ParameterRow| row.validity.from > first.validity.from && row.validity.contains(end);
    !rows.any(replaces)
}
