//! The lines in force, and what income supports.

use std::io::{self, Write};

use super::{Shown, a_month, rounded};
use crate::cli::show::grid::{Grid, paragraph};
use crate::cli::show::names::{identity_name, sources};
use crate::cli::show::words;
use crate::domain::condition::Answer;
use crate::domain::income::compare::{Advice, LineInForce};
use crate::domain::income::rules::{Line, Role};
use crate::domain::ratio::Ratio;
use crate::domain::text::Lang;

/// Every line in force, and which arithmetics leave income per head below it.
pub(super) fn lines(shown: &Shown<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lang = shown.lang;
    let titles = match lang {
        Lang::Zh => ["收入线（人均）", "每年", "每月", "按各口径"],
        Lang::En => ["line, per head", "a year", "a month", "by each arithmetic"],
    };
    let columns: Vec<(usize, &str)> = [26, 10, 12, 41].into_iter().zip(titles).collect();
    let mut grid = Grid::dense(&columns);
    for (place, line) in shown.comparison.lines.iter().enumerate() {
        let name = line_of(shown, line).map_or("", |line| line.name.get(lang));
        let month = line.year.over(Ratio::integer(12)).unwrap_or(line.year);
        grid.row([name, &rounded(line.year, lang), &rounded(month, lang), &by_answer(shown, place)]);
    }
    grid.print(lang.pick("对照收入线（元）", "Against the lines in force (yuan)"), out)?;
    for missing in &shown.comparison.not_set {
        let set = shown.catalogue.income.get(missing.rule_set);
        let line = set.and_then(|set| set.lines.get(missing.line)).map_or("", |line| line.name.get(lang));
        let known = shown.catalogue.parameters.iter().find(|known| known.name == missing.parameter);
        let text = known.map_or("", |known| known.text.get(lang));
        let parameter = &missing.parameter;
        let told = match lang {
            Lang::Zh => format!("{line}：此地未设定 {text} {parameter}"),
            Lang::En => format!("{line}: not set here, {text} {parameter}"),
        };
        paragraph("", &told, out)?;
    }
    Ok(())
}

/// Which arithmetics leave income per head below a line, which do not, and of which it is not known.
fn by_answer(shown: &Shown<'_>, line: usize) -> String {
    let lang = shown.lang;
    let answers = [
        (Answer::Met, lang.pick("低于：", "below: ")),
        (Answer::NotMet, lang.pick("不低于：", "not below: ")),
        (Answer::Unknown, lang.pick("不明：", "not known: ")),
    ];
    let told = answers.into_iter().filter_map(|(answer, title)| {
        let outcomes = shown.comparison.outcomes.iter();
        let answered = outcomes.filter(|one| one.below.get(line) == Some(&answer));
        let names: Vec<&str> = answered.map(|one| shown.short(one)).collect();
        (!names.is_empty()).then(|| format!("{title}{}", names.join(lang.pick("、", ", "))))
    });
    told.collect::<Vec<_>>().join("\n")
}

fn line_of<'a>(shown: &Shown<'a>, line: &LineInForce) -> Option<&'a Line> {
    shown.catalogue.income.get(line.rule_set)?.lines.get(line.line)
}

/// What income supports by each rule set; a department grants it, or not.
pub(super) fn supports(shown: &Shown<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lang = shown.lang;
    let titles = match lang {
        Lang::Zh => ["口径", "收入可支持的身份", "收入线", "结果", "可得待遇", "由谁认定"],
        Lang::En => ["arithmetic", "identity supported", "line", "result", "it would pay", "granted by"],
    };
    let columns: Vec<(usize, &str)> = [17, 18, 13, 6, 13, 16].into_iter().zip(titles).collect();
    let mut grid = Grid::dense(&columns);
    for outcome in &shown.comparison.outcomes {
        let role = shown.set(outcome).map(|set| set.role);
        let role = role.map_or("", |role| stage(role, lang));
        let colon = lang.pick("：", ": ");
        for advice in &outcome.advice {
            let line = shown.comparison.lines.get(advice.line).and_then(|line| line_of(shown, line));
            grid.row([
                format!("{role}{colon}{}", shown.short(outcome)),
                identities(shown, advice),
                line.map_or("", |line| line.name.get(lang)).to_owned(),
                words::answer(advice.supported, lang).to_owned(),
                top_up(shown, advice),
                department(shown, advice).to_owned(),
            ]);
        }
    }
    let title = lang.pick(
        "凭收入可支持的身份（仅供参考：身份由主管部门认定，还要看财产等其他条件）",
        "What income supports (advice only: an identity is granted by the department, which looks at \
         more)",
    );
    grid.print(title, out)?;
    for outcome in &shown.comparison.outcomes {
        let Some(set) = shown.set(outcome).filter(|set| !set.indicators.is_empty()) else { continue };
        let names: Vec<&str> = set.indicators.iter().map(|one| one.name.get(lang)).collect();
        let names = names.join(lang.pick("、", ", "));
        let from = sources(set.indicators.iter().flat_map(|one| &one.sources), lang);
        let name = set.name.get(lang);
        let text = match lang {
            Lang::Zh => format!("{name}还看：{names}（{from}）。"),
            Lang::En => format!("{name} also looks at: {names} ({from})."),
        };
        paragraph("", &text, out)?;
    }
    Ok(())
}

/// When a rule set is in use.
const fn stage(role: Role, lang: Lang) -> &'static str {
    match role {
        Role::Apart => lang.pick("并轨前", "before joining"),
        Role::Unified => lang.pick("并轨后", "after joining"),
        Role::Reading => lang.pick("参考", "for information"),
    }
}

fn identities(shown: &Shown<'_>, advice: &Advice) -> String {
    let names = advice.support.identities.iter().map(|one| match shown.lang {
        Lang::Zh => identity_name(shown.catalogue, one, shown.lang),
        Lang::En => one.code(),
    });
    names.collect::<Vec<_>>().join(shown.lang.pick("、", ", "))
}

fn top_up(shown: &Shown<'_>, advice: &Advice) -> String {
    let Some(top_up) = advice.top_up else { return String::new() };
    let measure = shown.catalogue.measures.get(top_up.measure).map_or("", |measure| measure.id.as_str());
    format!("{measure} {}", a_month(top_up.month, shown.lang))
}

fn department<'a>(shown: &Shown<'a>, advice: &Advice) -> &'a str {
    let mut departments = shown.catalogue.departments.iter();
    departments
        .find(|known| known.id == advice.support.granted_by)
        .map_or("", |known| known.name.get(shown.lang))
}
