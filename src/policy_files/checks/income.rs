//! Rule sets say something of every item on every day, and lend what they have of their own.

use std::collections::BTreeMap;

use super::super::diagnostic::{Findings, Site, codes};
use super::super::draft::{Draft, ReadRuleSet};
use super::moments::lines;
use crate::domain::income::items::ITEMS;
use crate::domain::income::rules::{Row, RuleSet};

/// Runs the checks of one topic.
pub(in super::super) fn run(draft: &Draft<'_>, findings: &mut Findings) {
    let mut given = BTreeMap::new();
    for read in &draft.income {
        borrowing(read, draft, findings);
        if read.set.same_as.is_none() && read.complete {
            complete(read, findings);
        }
        rows(read, findings);
        own_lines(read, &mut given, findings);
    }
}

/// A rule set borrows from one that borrows nothing.
fn borrowing(read: &ReadRuleSet<'_>, draft: &Draft<'_>, findings: &mut Findings) {
    let Some(lender) = &read.set.same_as else { return };
    let borrows = |set: &RuleSet| set.id == *lender && set.same_as.is_some();
    if draft.income.iter().any(|other| borrows(&other.set)) {
        let message = format!("`{lender}`, which `{}` is the same as, borrows itself", read.set.id);
        findings.add(read.site, codes::BORROWED_RULES, message, "name the rule set that has rows of its own");
    }
}

/// Every item has a row that holds as long as the rule set.
fn complete(read: &ReadRuleSet<'_>, findings: &mut Findings) {
    let set = &read.set;
    let always = |row: &&Row| row.validity == set.validity;
    let treated = |item| set.rows.iter().filter(always).any(|row| row.items.contains(&item));
    let missing = ITEMS.iter().filter(|def| !treated(def.item)).map(|def| format!("`{}`", def.id));
    let missing = missing.collect::<Vec<_>>().join(", ");
    if !missing.is_empty() {
        let message = format!("`{}` says nothing of {missing}", set.id);
        findings.add(read.site, codes::MISSING_ITEM, message, "add a row without dates for each");
    }
}

/// No two rows treat one item from one day on.
fn rows(read: &ReadRuleSet<'_>, findings: &mut Findings) {
    let all: Vec<_> = read.set.rows.iter().zip(&read.rows).collect();
    for (index, (row, site)) in all.iter().enumerate() {
        let begins = |(before, _): &&(&Row, &Site<'_>)| {
            let dated = |row: &Row| row.validity != read.set.validity;
            (dated(before), before.validity.from) == (dated(row), row.validity.from)
                && before.items.iter().any(|item| row.items.contains(item))
        };
        if let Some((before, first)) = all.iter().take(index).find(begins) {
            let item = before.items.iter().find(|item| row.items.contains(item));
            let item = item.map_or("", |item| item.def().id);
            let message = format!("`{item}`: two rows begin on one day{}", lines(**first));
            findings.add(**site, codes::OVERLAPPING_ROWS, message, "keep one of them, or change its `from`");
        }
    }
}

/// Ids of lines are given once, over all rule sets; another line that is named is one of the rule set.
fn own_lines<'f>(read: &ReadRuleSet<'f>, given: &mut BTreeMap<String, Site<'f>>, findings: &mut Findings) {
    for (line, site) in read.set.lines.iter().zip(&read.lines) {
        if let Some(first) = given.get(&line.id) {
            let message = format!("`{}` is given twice", line.id);
            let at = first.line.map_or(String::new(), |line| format!(":{line}"));
            let hint = format!("it stands in {}{at} already", first.file);
            findings.add(*site, codes::DUPLICATE_ID, message, &hint);
            continue;
        }
        given.insert(line.id.clone(), *site);
        let Some(other) = line.unless_below.as_ref().filter(|_| read.complete) else { continue };
        if other == &line.id || !read.set.lines.iter().any(|known| known.id == *other) {
            let message = format!("`{other}` is no other line of this rule set");
            findings.add(
                *site,
                codes::UNKNOWN_LINE,
                message,
                "name a line of the same file in `unless_below`",
            );
        }
    }
}
