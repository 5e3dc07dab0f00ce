//! What is not taken, and why.

use std::io::{self, Write};

use crate::domain::package::{Against, Difference, Entitlement, Missing, NotTaken, Refusal};
use crate::domain::ratio::Ratio;
use crate::domain::schedule::{Comparison, Crossing, Side};
use crate::domain::text::Lang;

use super::amounts::{exact_yuan, quantity};
use super::entitlements::Teller;
use super::grid::{Grid, paragraph};
use super::merge::merge;
use super::names::{Names, bracketed, sources};

/// The columns.
const COLUMNS: [usize; 5] = [18, 10, 22, 12, 24];

/// Prints what is not taken.
pub(super) fn print(teller: &mut Teller<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lang = teller.names.lang;
    let titles = match lang {
        Lang::Zh => ["措施", "对象", "数额", "身份", "未取原因"],
        Lang::En => ["measure", "for", "how much", "identity", "why not"],
    };
    let columns: Vec<(usize, &str)> = COLUMNS.into_iter().zip(titles).collect();
    let mut grid = Grid::new(&columns);
    let package = teller.package;
    let same = |row: &&NotTaken| row.difference == Difference::SameStandard && row.instead.is_none();
    let entries: Vec<_> = package
        .not_taken
        .iter()
        .filter(|row| !same(row))
        .map(|row| {
            let mut rows = Vec::new();
            let mut why = Some(reason(teller, row));
            for (index, line) in row.refused.lines.iter().enumerate() {
                let Some((measure, standard)) = teller.names.rulebook.standard(line.standard) else {
                    continue;
                };
                let mut what = teller.names.measure(measure);
                if standard.name.get(lang) != measure.name.get(lang) {
                    what = format!("{what}\n{}", standard.name.get(lang));
                }
                let same = lang.pick("同上", "as above").to_owned();
                let reason = why.take().unwrap_or(if index > 0 { same } else { String::new() });
                let identity = teller.names.identity(row.refused.identity).to_owned();
                rows.push([what, teller.amount(line, standard), identity, reason]);
            }
            (teller.names.who(row.refused.who), rows)
        })
        .collect();
    for (everybody, rows) in merge(entries) {
        let who = everybody.join(lang.pick("、", ", "));
        for [what, amount, identity, why] in &rows {
            grid.row([what, &who, amount, identity, why]);
        }
    }
    grid.print(lang.pick("未取及原因", "Not taken, and why"), out)?;
    let told = package.not_taken.iter().filter(same).map(|row| {
        let standards =
            row.refused.lines.iter().filter_map(|line| teller.names.rulebook.standard(line.standard));
        let ids: Vec<&str> = standards.map(|(measure, _)| measure.id.as_str()).collect();
        let identity = teller.names.identity(row.refused.identity);
        (teller.names.who(row.refused.who), vec![[ids.join("→"), identity.to_owned()]])
    });
    let told = merge(told).into_iter().flat_map(|(everybody, rows)| {
        let who = everybody.join(lang.pick("、", ", "));
        rows.into_iter().map(move |[ids, identity]| match lang {
            Lang::Zh => format!("{ids} {who}（{identity}）"),
            Lang::En => format!("{ids} for {who} ({identity})"),
        })
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() {
        return Ok(());
    }
    let mark = lang.pick(
        "另一身份也可享受，同一标准只享一次：",
        "Open under another identity too, the same standard, once only: ",
    );
    paragraph("", &format!("{mark}{}", told.join(lang.pick("；", "; "))), out)
}

fn reason(teller: &mut Teller<'_>, row: &NotTaken) -> String {
    let lang = teller.names.lang;
    let rule = match row.reason {
        Refusal::SameMeasure => lang
            .pick(
                "同一措施就高不就低，不重复享受（论文）",
                "one measure: the higher only, never double (paper)",
            )
            .to_owned(),
        Refusal::SameCategory => lang
            .pick(
                "同类措施就高不就低，不重复享受（论文）",
                "one category: the higher only, never double (paper)",
            )
            .to_owned(),
        Refusal::Exclusion(place) => match teller.names.catalogue().exclusions.get(place) {
            Some(exclusion) => {
                teller.cite(&exclusion.sources);
                let told = sources(&exclusion.sources, lang);
                format!("{}{}", exclusion.text.get(lang), bracketed(&told, lang))
            }
            None => String::new(),
        },
    };
    let mut told = vec![rule];
    let taken = match row.by {
        Against::Entitlement(place) => teller.package.entitlements.get(place),
        Against::Alternatives(place) => {
            told.push(match lang {
                Lang::Zh => format!("备选方案{}中的每一种都与它相斥", place + 1),
                Lang::En => format!("every bundle of the alternatives {} excludes it", place + 1),
            });
            None
        }
    };
    if let Some(taken) = taken {
        let name = teller.names.identity(taken.identity);
        let measures = taken.lines.iter().filter_map(|line| teller.names.rulebook.standard(line.standard));
        let ids: Vec<&str> = measures.map(|(measure, _)| measure.id.as_str()).collect();
        let compared = compared(&row.difference, &row.missing, &row.refused, &teller.names);
        let ids = ids.join("→");
        told.push(match lang {
            Lang::Zh => format!("所取：{ids}（{name}）；{compared}"),
            Lang::En => format!("taken: {ids} ({name}); {compared}"),
        });
    }
    if let Some(instead) = &row.instead {
        told.push(choice(teller, instead));
    }
    told.join("\n")
}

/// What would follow if the applicant chose the refused one.
fn choice(teller: &Teller<'_>, instead: &crate::domain::package::Instead) -> String {
    let lang = teller.names.lang;
    let names = |list: &mut dyn Iterator<Item = &Entitlement>| {
        let lines = list.flat_map(|one| &one.lines);
        let told =
            lines.filter_map(|line| Some(teller.names.rulebook.standard(line.standard)?.0.id.as_str()));
        told.collect::<Vec<_>>().join(lang.pick("、", ", "))
    };
    let package = &teller.package.entitlements;
    let given_up = names(&mut instead.given_up.iter().filter_map(|place| package.get(*place)));
    let taken = names(&mut instead.entitlements.iter());
    let difference = instead.difference.map_or_else(
        || lang.pick("差额不明", "the difference is not known").to_owned(),
        |difference| less(difference, lang),
    );
    match lang {
        Lang::Zh => format!("可自愿改选：得{taken}，放弃{given_up}，{difference}"),
        Lang::En => format!("may be chosen instead: {taken} for {given_up}, {difference}"),
    }
}

/// How what is taken and what is refused compare.
pub(super) fn compared(
    difference: &Difference,
    missing: &[Missing],
    refused: &Entitlement,
    names: &Names<'_>,
) -> String {
    let lang = names.lang;
    match difference {
        Difference::Exact(exact) => less(*exact, lang),
        Difference::SameStandard => lang.pick("同一标准", "the same standard").to_owned(),
        Difference::NotComparable if missing.is_empty() => lang.pick("无法比较", "not comparable").to_owned(),
        Difference::NotComparable => {
            let missing = names.missing(missing);
            match lang {
                Lang::Zh => format!("无法比较，缺：{missing}"),
                Lang::En => format!("not comparable for want of: {missing}"),
            }
        }
        Difference::OverRange(comparison) => over_range(comparison, refused, names),
    }
}

fn less(difference: Ratio, lang: Lang) -> String {
    if difference.is_zero() {
        return lang.pick("数额相同", "the same amount").to_owned();
    }
    let size = if difference.is_negative() { difference.negated().unwrap_or(difference) } else { difference };
    let size = exact_yuan(size, lang);
    match (lang, difference.is_negative()) {
        (Lang::Zh, false) => format!("少{size}/年"),
        (Lang::Zh, true) => format!("多{size}/年，但须让位"),
        (Lang::En, false) => format!("{size} a year less"),
        (Lang::En, true) => format!("{size} a year more, but it has to give way"),
    }
}

fn over_range(comparison: &Comparison, refused: &Entitlement, names: &Names<'_>) -> String {
    let lang = names.lang;
    match comparison {
        Comparison::Equal => lang.pick("处处相同", "the same everywhere").to_owned(),
        Comparison::Dominates { least, most, growing } => {
            let by = range(*least, *most, *growing, lang);
            match lang {
                Lang::Zh => format!("从不更高，少{by}"),
                Lang::En => format!("never more, less by {by}"),
            }
        }
        Comparison::Dominated { least, most, growing } => {
            let by = range(*least, *most, *growing, lang);
            match lang {
                Lang::Zh => format!("从不更低，多{by}，但须让位"),
                Lang::En => format!("never less, more by {by}, but it has to give way"),
            }
        }
        Comparison::Crosses(crossings) => {
            let fact = refused.bases().next().map(|basis| basis.fact);
            let told = crossings.iter().map(|crossing| crosses(crossing, fact, lang));
            told.collect::<Vec<_>>().join(lang.pick("；", "; "))
        }
    }
}

/// From the smallest to the largest difference.
pub(super) fn range(least: Ratio, most: Ratio, growing: bool, lang: Lang) -> String {
    let (least, most) = (exact_yuan(least, lang), exact_yuan(most, lang));
    match (lang, growing) {
        (Lang::Zh, false) => format!("{least}至{most}/年"),
        (Lang::Zh, true) => format!("{least}/年起，随数额增大"),
        (Lang::En, false) => format!("{least} to {most} a year"),
        (Lang::En, true) => format!("{least} a year or more, growing with the amount"),
    }
}

fn crosses(crossing: &Crossing, fact: Option<crate::domain::facts::Fact>, lang: Lang) -> String {
    let at = fact.map_or_else(|| crossing.at.to_string(), |fact| quantity(crossing.at, fact.def(), lang));
    let ahead = crossing.ahead == Side::First;
    match lang {
        Lang::Zh => format!("超过{at}后{}较高", if ahead { "所取" } else { "未取" }),
        Lang::En => format!("above {at} the one {} is higher", if ahead { "taken" } else { "refused" }),
    }
}
