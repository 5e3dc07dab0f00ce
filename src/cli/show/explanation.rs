//! One measure explained: what it is, what came of it for whom, and every condition.

use std::collections::BTreeSet;
use std::io::{self, Write};

use crate::domain::condition::{Answer, Leaf};
use crate::domain::explain::{ExplainedBeneficiary, ExplainedStandard, Explanation, Outcome};
use crate::domain::facts::{Fact, Household, day_of};
use crate::domain::measure::{Measure, Standard};
use crate::domain::money::Fen;
use crate::domain::package::{Against, Beneficiary, Entitlement, Missing};
use crate::domain::ratio::Ratio;
use crate::domain::rulebook::Rulebook;
use crate::domain::text::Lang;
use crate::domain::vocabulary::{FactType, Level};

use super::amounts::{quantity, yuan};
use super::entitlements::{COLUMNS, Teller, parameters, titles};
use super::grid::{Grid, paragraph};
use super::names::{Names, bracketed, sources};
use super::package::{footer, header};
use super::words;

/// Prints an explanation.
pub(in crate::cli) fn explanation(
    rulebook: &Rulebook,
    household: &Household,
    explanation: &Explanation,
    lang: Lang,
    out: &mut dyn Write,
) -> io::Result<()> {
    let names = Names { lang, rulebook, household };
    header(&names, out)?;
    let Some(measure) = names.catalogue().measures.get(explanation.measure) else { return Ok(()) };
    about(&names, measure, out)?;
    if explanation.rows.is_empty() {
        let text =
            lang.pick("在此地此日没有任何身份可享受。", "No identity opens it at this place and date.");
        writeln!(out, "\n{text}")?;
    }
    for row in &explanation.rows {
        beneficiary(&names, row, explanation, out)?;
    }
    amounts(&names, explanation, out)?;
    footer(&names, out)
}

fn about(names: &Names<'_>, measure: &Measure, out: &mut dyn Write) -> io::Result<()> {
    let lang = names.lang;
    let department = |id: &String| {
        let known = names.catalogue().departments.iter().find(|known| known.id == *id);
        known.map_or_else(|| id.clone(), |known| known.name.get(lang).to_owned())
    };
    let mut departments = vec![department(&measure.department)];
    departments.extend(measure.with.iter().map(department));
    writeln!(out, "\n{} {}", names.measure(measure), measure.code)?;
    let told = [
        words::set(measure.set, lang).to_owned(),
        words::goal(measure.goal, lang).to_owned(),
        words::unit(measure.unit, lang).to_owned(),
        departments.join(lang.pick("、", ", ")),
        words::standing(measure.standing, lang).to_owned(),
    ];
    paragraph("  ", &told.join(lang.pick("；", "; ")), out)?;
    paragraph(lang.pick("  依据：", "  rests on: "), &sources(&measure.basis, lang), out)?;
    for note in measure.notes.iter().chain(&measure.extension_limit) {
        let told = sources(&note.sources, lang);
        paragraph("  · ", &format!("{}{}", note.text.get(lang), bracketed(&told, lang)), out)?;
    }
    Ok(())
}

fn beneficiary(
    names: &Names<'_>,
    row: &ExplainedBeneficiary,
    explanation: &Explanation,
    out: &mut dyn Write,
) -> io::Result<()> {
    let lang = names.lang;
    let who = names.who(row.who);
    writeln!(out)?;
    paragraph(&format!("{who}{}", lang.pick("：", ": ")), &outcome(names, row, explanation), out)?;
    if let Some(taken) = told_entitlement(row.outcome, explanation) {
        let mut teller = Teller { names: *names, package: &explanation.package, cited: BTreeSet::new() };
        let columns: Vec<(usize, &str)> = COLUMNS.into_iter().zip(titles(lang)).collect();
        let mut grid = Grid::new(&columns);
        let place = match row.outcome {
            Outcome::Taken(place) => Some(place),
            _ => None,
        };
        for [what, _, amount, identity, clauses] in teller.rows(taken, place) {
            grid.row([&what, &who, &amount, &identity, &clauses]);
        }
        grid.print(lang.pick("数额", "How much"), out)?;
    }
    let titles = match lang {
        Lang::Zh => ["享受标准", "身份（✓持有）", "条件", "结果", "事实与依据"],
        Lang::En => ["standard", "identity (✓ held)", "condition", "answer", "facts and source"],
    };
    let columns: Vec<(usize, &str)> = [16, 18, 20, 8, 24].into_iter().zip(titles).collect();
    let mut grid = Grid::new(&columns);
    for explained in &row.standards {
        let Some((_, standard)) = names.rulebook.standard(explained.standard) else { continue };
        standard_rows(names, explained, standard, &mut grid);
    }
    grid.print(lang.pick("逐项条件", "Condition by condition"), out)
}

fn standard_rows(names: &Names<'_>, explained: &ExplainedStandard, standard: &Standard, grid: &mut Grid) {
    let lang = names.lang;
    let marked = explained.opened_by.iter().map(|identity| {
        let mark = if explained.held.contains(identity) { "✓ " } else { "  " };
        format!("{mark}{}", names.identity(identity))
    });
    let mut identities = marked.collect::<Vec<_>>().join("\n");
    let day = names.rulebook.identity_day(explained.standard);
    let as_held = match (day, lang) {
        (Some(day), _) if day == names.rulebook.on => String::new(),
        (Some(day), Lang::Zh) => format!("\n按{day}所持身份"),
        (Some(day), Lang::En) => format!("\nas held on {day}"),
        (None, _) => lang.pick("\n认定日此地未设定", "\nthe day is not set here").to_owned(),
    };
    identities.push_str(&as_held);
    let what = format!("{}\n{}", standard.id, standard.name.get(lang));
    let own = sources(&standard.sources, lang);
    let held = match (explained.held.is_empty(), day.is_none()) {
        (true, true) => Answer::Unknown,
        (empty, _) => Answer::from(!empty),
    };
    let asked = lang.pick("持有其中一种身份", "one of the identities is held").to_owned();
    grid.row([what, identities, asked, words::answer(held, lang).to_owned(), own]);
    for (condition, known) in explained.conditions.iter().zip(&standard.conditions) {
        let facts: Vec<String> =
            condition.rests_on.iter().map(|missing| fact(names, missing, condition.answer)).collect();
        let told = format!("{}\n{}", facts.join("\n"), sources(&known.sources, lang));
        let (text, answer) = (known.text.get(lang), words::answer(condition.answer, lang));
        grid.row(["", "", text, answer, told.trim()]);
    }
}

/// A fact that decides a condition, with its value; or a fact that must be asked.
fn fact(names: &Names<'_>, missing: &Missing, answer: Answer) -> String {
    let lang = names.lang;
    if answer == Answer::Unknown {
        return format!("{}{}", lang.pick("缺：", "missing: "), names.missing(std::slice::from_ref(missing)));
    }
    match &missing.leaf {
        Leaf::Fact(fact) => {
            let label = lang.pick(fact.def().zh, fact.def().en);
            match stated(names, missing.who, *fact) {
                Some(value) => format!("{label}{}{value}", lang.pick("：", ": ")),
                None => label.to_owned(),
            }
        }
        Leaf::Param(name) => names.parameter(name),
    }
}

/// The value of a stated fact in words; derived ones are not stored.
fn stated(names: &Names<'_>, who: Beneficiary, fact: Fact) -> Option<String> {
    let lang = names.lang;
    let def = fact.def();
    let facts = match (who, def.level) {
        (Beneficiary::Person(index), Level::Person) => &names.household.members.get(index)?.facts,
        _ => &names.household.facts,
    };
    fact_words(fact, facts.get(fact)?, lang)
}

/// The value of a fact in words.
pub(in crate::cli) fn fact_words(fact: Fact, value: i64, lang: Lang) -> Option<String> {
    let def = fact.def();
    Some(match def.ty {
        FactType::Bool => {
            (if value == 0 { lang.pick("否", "no") } else { lang.pick("是", "yes") }).to_owned()
        }
        FactType::Count { .. } => value.to_string(),
        FactType::Money => yuan(Fen::new(value), lang),
        FactType::Quantity => quantity(Ratio::integer(value), def, lang),
        FactType::Date => day_of(value)?.to_string(),
        FactType::Choice(set) => {
            let choice = set.values.get(usize::try_from(value).ok()?)?;
            lang.pick(choice.zh, choice.en).to_owned()
        }
        FactType::Flags(set) => {
            let chosen = set.values.iter().enumerate().filter(|(index, _)| value & (1 << index) != 0);
            let chosen: Vec<&str> = chosen.map(|(_, choice)| lang.pick(choice.zh, choice.en)).collect();
            if chosen.is_empty() {
                lang.pick("无", "none").to_owned()
            } else {
                chosen.join(lang.pick("、", ", "))
            }
        }
    })
}

/// The entitlement that is told with its amount.
fn told_entitlement(outcome: Outcome, explanation: &Explanation) -> Option<&Entitlement> {
    match outcome {
        Outcome::Taken(place) => explanation.package.entitlements.get(place),
        Outcome::NotTaken(place) => explanation.package.not_taken.get(place).map(|row| &row.refused),
        Outcome::Alternative(_) | Outcome::Undecided(_) | Outcome::ConditionNotMet | Outcome::NoIdentity => {
            None
        }
    }
}

fn outcome(names: &Names<'_>, row: &ExplainedBeneficiary, explanation: &Explanation) -> String {
    let lang = names.lang;
    let package = &explanation.package;
    match row.outcome {
        Outcome::Taken(_) => lang.pick("已列入帮扶包。", "taken.").to_owned(),
        Outcome::Alternative(place) => match lang {
            Lang::Zh => format!("列在备选方案{}中，取决于尚不清楚的数额。", place + 1),
            Lang::En => format!("part of the alternatives {}: it depends on an amount not known.", place + 1),
        },
        Outcome::NotTaken(place) => {
            let by = package.not_taken.get(place).and_then(|row| match row.by {
                Against::Entitlement(by) => package.entitlements.get(by),
                Against::Alternatives(_) => None,
            });
            let lines = by.map(|by| by.lines.as_slice()).unwrap_or_default();
            let measures = lines.iter().filter_map(|line| names.rulebook.standard(line.standard));
            let told: Vec<String> = measures.map(|(measure, _)| names.measure(measure)).collect();
            let told = told.join(lang.pick("、", ", "));
            match lang {
                Lang::Zh => format!("符合条件，但未取：让位于{told}。"),
                Lang::En => format!("open, but not taken: it gives way to {told}."),
            }
        }
        Outcome::Undecided(place) => {
            let missing =
                package.undecided.get(place).map_or_else(String::new, |row| names.missing(&row.missing));
            match lang {
                Lang::Zh => format!("待定，缺：{missing}。"),
                Lang::En => format!("undecided for want of: {missing}."),
            }
        }
        Outcome::ConditionNotMet => {
            lang.pick("不符合条件，见下表。", "not eligible: a condition is not met, see below.").to_owned()
        }
        Outcome::NoIdentity => lang
            .pick("不符合：没有持有可享受的身份。", "not eligible: no identity that opens it is held.")
            .to_owned(),
    }
}

/// What the place sets for the measure, with sources.
fn amounts(names: &Names<'_>, explanation: &Explanation, out: &mut dyn Write) -> io::Result<()> {
    let lang = names.lang;
    let (Some(measure), Some(place)) =
        (names.catalogue().measures.get(explanation.measure), names.rulebook.place())
    else {
        return Ok(());
    };
    let titles = match lang {
        Lang::Zh => ["本地数额", "值", "自", "依据"],
        Lang::En => ["set by the place", "value", "from", "source"],
    };
    let columns: Vec<(usize, &str)> = [36, 19, 10, 24].into_iter().zip(titles).collect();
    let mut grid = Grid::new(&columns);
    let mut seen = BTreeSet::new();
    let on = names.rulebook.on;
    let parts = measure.standards.iter().filter(|standard| standard.validity.contains(on));
    for name in parts.flat_map(|standard| &standard.parts).flat_map(|part| parameters(&part.gives)) {
        if !seen.insert(name) {
            continue;
        }
        let (value, from, told) = match names.catalogue().parameter(place, name, on) {
            Some(row) => {
                (words::value(&row.value, lang), row.validity.from.to_string(), sources(&row.sources, lang))
            }
            None => (lang.pick("此地未设定", "not set here").to_owned(), String::new(), String::new()),
        };
        grid.row([names.parameter(name), value, from, told]);
    }
    grid.print(lang.pick("此地设定的数额", "Amounts that the place sets"), out)
}
