//! Why entries count or do not, on which sources, and how sure all this is.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::{Shown, treatment};
use crate::cli::show::grid::{Grid, paragraph};
use crate::cli::show::names::{bracketed, sources};
use crate::domain::income::compare::Outcome;
use crate::domain::income::rules::{Row, RuleSet};
use crate::domain::measure::Note;
use crate::domain::source::Source;
use crate::domain::text::Lang;

/// The rules that the entries met, one table a rule set; of a borrowing one only what it adds itself.
pub(super) fn rules(shown: &Shown<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lang = shown.lang;
    for outcome in &shown.comparison.outcomes {
        let Some(set) = shown.set(outcome) else { continue };
        let titles = match lang {
            Lang::Zh => ["项目", "处理", "规则", "来源"],
            Lang::En => ["items", "treatment", "rule", "source"],
        };
        let columns: Vec<(usize, &str)> = [20, 9, 36, 24].into_iter().zip(titles).collect();
        let mut grid = Grid::new(&columns);
        for row in used(shown, set, outcome) {
            grid.row([
                items(shown, row),
                treated(row, lang).to_owned(),
                row.text.get(lang).to_owned(),
                sources(&row.sources, lang),
            ]);
        }
        let name = set.name.get(lang);
        let title = match (lang, lender(shown, set)) {
            (Lang::Zh, None) => format!("{name}：规则"),
            (Lang::En, None) => format!("{name}: rules"),
            (Lang::Zh, Some(lender)) => format!("{name}：除下列外，同{}口径", lender.short.get(lang)),
            (Lang::En, Some(lender)) => format!("{name}: as {}, save for", lender.short.get(lang)),
        };
        if grid.is_empty() {
            writeln!(out, "\n{}", title.replace("除下列外，", "").replace(", save for", ""))?;
        }
        grid.print(&title, out)?;
        remarks(set, lang, out)?;
    }
    Ok(())
}

/// The rule set that lends another one what it does not say.
fn lender<'a>(shown: &Shown<'a>, set: &RuleSet) -> Option<&'a RuleSet> {
    let lender = set.same_as.as_ref()?;
    shown.catalogue.income.iter().find(|known| known.id == *lender)
}

/// The rows that some entry met, in their order; of a borrowing rule set those that its lender has not.
fn used<'a>(shown: &Shown<'a>, set: &'a RuleSet, outcome: &Outcome) -> Vec<&'a Row> {
    let met: BTreeSet<usize> = outcome.entries.iter().map(|entry| entry.row).collect();
    let rows = met.into_iter().filter_map(|place| set.rows.get(place));
    let lender = lender(shown, set);
    let lent =
        |row: &Row| lender.is_some_and(|lender| lender.rows.iter().any(|known| known.text == row.text));
    rows.filter(|row| !lent(row)).collect()
}

/// The items of a row that the statement has.
fn items(shown: &Shown<'_>, row: &Row) -> String {
    let stated = |item| shown.statement.entries.iter().any(|entry| entry.item == item);
    let names = row.items.iter().filter(|item| stated(**item));
    let names = names.map(|item| shown.lang.pick(item.def().zh, item.def().en));
    names.collect::<Vec<_>>().join(shown.lang.pick("、", ", "))
}

fn treated(row: &Row, lang: Lang) -> &'static str {
    row.items.first().map_or("", |item| treatment(item.def().side, row.counts, lang))
}

/// What a rule set says beside its rows.
fn remarks(set: &RuleSet, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    if set.same_as.is_none() {
        for note in [&set.period, &set.heads, &set.floor].into_iter().flatten() {
            remark(note, lang, out)?;
        }
    }
    for note in &set.notes {
        remark(note, lang, out)?;
    }
    paragraph(lang.pick("来源：", "source: "), &sources(&set.sources, lang), out)
}

fn remark(note: &Note, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let text = format!("{}{}", note.text.get(lang), bracketed(&sources(&note.sources, lang), lang));
    paragraph("", &text, out)
}

/// The documents that were cited, and how sure all this is.
pub(super) fn footer(shown: &Shown<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lang = shown.lang;
    let cited = cited(shown);
    let documents = shown.catalogue.documents.iter().filter(|known| cited.contains(known.id.as_str()));
    let mut documents = documents.peekable();
    if documents.peek().is_some() {
        writeln!(out, "\n{}", lang.pick("引用的文件", "Documents cited"))?;
    }
    documents.try_for_each(|document| paragraph(&format!("  {} ", document.id), &document.title, out))?;
    writeln!(out)?;
    let text = match lang {
        Lang::Zh => {
            "本结果仅供参考，不是身份认定：身份由主管部门按财产和其他条件认定。待遇按全体成员均为低保人数估算。\
             特困人员和刚性支出困难家庭不只凭收入判断，此处不作结论。“常识（未核实）”和“假设”请核实后使用。"
        }
        Lang::En => {
            "This is advice and grants no identity: a department does, after looking at property and what \
             else its rules ask. Payments are computed with every member a dibao head. Extreme hardship and \
             hardship through necessary spending are not judged by income alone; nothing is said of them \
             here. Check what is marked knowledge (unverified) or assumption before you rely on it."
        }
    };
    paragraph("", text, out)
}

/// The documents that the rules shown are known from.
fn cited<'a>(shown: &Shown<'a>) -> BTreeSet<&'a str> {
    let mut cited = BTreeSet::new();
    let mut cite = |list: &'a [Source]| cited.extend(list.iter().filter_map(|one| one.document.as_deref()));
    for outcome in &shown.comparison.outcomes {
        let Some(set) = shown.set(outcome) else { continue };
        cite(&set.sources);
        for row in used(shown, set, outcome) {
            cite(&row.sources);
        }
        for note in [&set.period, &set.heads, &set.floor].into_iter().flatten().chain(&set.notes) {
            cite(&note.sources);
        }
    }
    cited
}
