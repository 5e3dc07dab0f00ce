//! A comparison of income arithmetics, section by section.

mod rules;
mod supports;

use std::io::{self, Write};

use crate::app::income::Compared;
use crate::domain::catalogue::Catalogue;
use crate::domain::condition::Answer;
use crate::domain::income::Span;
use crate::domain::income::compare::{Asked, Comparison, Outcome, Treated};
use crate::domain::income::items::Side;
use crate::domain::income::rules::{Role, RuleSet};
use crate::domain::income::statement::{Entry, Statement};
use crate::domain::money::Rounding;
use crate::domain::package::Beneficiary;
use crate::domain::ratio::Ratio;
use crate::domain::text::Lang;

use super::amounts::{number, yuan};
use super::grid::{Grid, WIDTH, paragraph};
use super::names::bracketed;

/// Prints a comparison.
pub(in crate::cli) fn income(compared: &Compared, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let shown = Shown {
        lang,
        catalogue: &compared.catalogue,
        statement: &compared.statement,
        comparison: &compared.comparison,
    };
    header(compared, lang, out)?;
    shown.entries(out)?;
    shown.readings(out)?;
    supports::lines(&shown, out)?;
    supports::supports(&shown, out)?;
    shown.questions(out)?;
    rules::rules(&shown, out)?;
    rules::footer(&shown, out)
}

fn header(compared: &Compared, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let Compared { catalogue, place, on, statement, comparison } = compared;
    let name = catalogue.place(place).map_or("", |place| place.name.get(lang));
    let hash = catalogue.hash.to_string();
    let hash = hash.get(..12).unwrap_or(&hash);
    let (household, word) = (lang.pick("户", "household"), lang.pick("政策目录", "catalogue"));
    paragraph("", &format!("{household} {} · {name} {place} · {on} · {word} {hash}", statement.key), out)?;
    let heads = comparison.heads;
    let text = match lang {
        Lang::Zh => format!("共同生活的家庭成员{heads}人。金额单位：元，12个月。"),
        Lang::En => format!("Members who live together: {heads}. Amounts in yuan, of twelve months."),
    };
    paragraph("", &text, out)
}

/// What is shown, and in which language.
struct Shown<'a> {
    lang: Lang,
    catalogue: &'a Catalogue,
    statement: &'a Statement,
    comparison: &'a Comparison,
}

impl<'a> Shown<'a> {
    fn set(&self, outcome: &Outcome) -> Option<&'a RuleSet> {
        self.catalogue.income.get(outcome.rule_set)
    }

    fn short(&self, outcome: &Outcome) -> &'a str {
        self.set(outcome).map_or("", |set| set.short.get(self.lang))
    }

    /// The outcomes that are in use: apart and joined.
    fn in_use(&self) -> Vec<&'a Outcome> {
        let roles = [Role::Apart, Role::Unified].into_iter();
        roles.flat_map(|role| self.comparison.of_role(self.catalogue, role)).map(|(_, one)| one).collect()
    }

    fn who(&self, who: Beneficiary) -> String {
        let Beneficiary::Person(place) = who else {
            return self.lang.pick("全户", "household").to_owned();
        };
        let Some(member) = self.statement.members.get(place) else { return String::new() };
        member.name.as_ref().map_or_else(|| member.key.clone(), |name| format!("{} {name}", member.key))
    }

    /// `p1 工资性收入`, with what the record is called.
    fn entry(&self, entry: &Entry) -> String {
        let (def, lang) = (entry.item.def(), self.lang);
        let label = entry.label.as_deref().map_or(String::new(), |label| bracketed(label, lang));
        format!("{} {}{label}", self.who(entry.who), lang.pick(def.zh, def.en))
    }

    /// Every entry under the rule sets in use, then the totals.
    fn entries(&self, out: &mut dyn Write) -> io::Result<()> {
        let lang = self.lang;
        let in_use = self.in_use();
        let text = WIDTH.saturating_sub(3 * (in_use.len() + 2) - 1);
        let amount = 13;
        let cell = (text.saturating_sub(amount + 22) / in_use.len().max(1)).min(15);
        let item = text.saturating_sub(amount + cell * in_use.len());
        let mut columns = vec![(item, lang.pick("项目", "item")), (amount, lang.pick("申报金额", "stated"))];
        columns.extend(in_use.iter().map(|one| (cell, self.short(one))));
        let mut grid = Grid::dense(&columns);
        for (place, entry) in self.statement.entries.iter().enumerate() {
            let amount = entry.amount.map(|amount| number(amount.exact()));
            let amount = amount.unwrap_or_else(|| lang.pick("不明", "not known").to_owned());
            let treated = in_use.iter().filter_map(|one| one.entries.get(place));
            let cells = treated.map(|treated| self.treated(entry, *treated));
            grid.row([self.entry(entry), amount].into_iter().chain(cells));
        }
        let totals = in_use.iter().map(|one| self.span(one.total));
        grid.row([lang.pick("合计", "total").to_owned(), String::new()].into_iter().chain(totals));
        let per_head = in_use.iter().map(|one| self.span(one.per_head));
        grid.row([lang.pick("人均", "per head").to_owned(), String::new()].into_iter().chain(per_head));
        grid.print(lang.pick("逐项核算（元/年）", "Item by item (yuan a year)"), out)
    }

    /// What an entry adds, or that it does not.
    fn treated(&self, entry: &Entry, treated: Treated) -> String {
        if treated.counts == Answer::NotMet {
            return treatment(entry.item.def().side, false, self.lang).to_owned();
        }
        self.span(treated.adds)
    }

    /// An amount, rounded to the fen where it does not end, or what is known of it.
    fn span(&self, span: Span) -> String {
        let lang = self.lang;
        match (span.least, span.most) {
            (Some(least), Some(most)) if least == most => rounded(least, lang),
            (Some(least), Some(most)) => {
                let (least, most) = (rounded(least, lang), rounded(most, lang));
                format!("{least}{}{most}", lang.pick("至", " to "))
            }
            (Some(least), None) => format!("≥ {}", rounded(least, lang)),
            (None, Some(most)) => format!("≤ {}", rounded(most, lang)),
            (None, None) => lang.pick("不明", "not known").to_owned(),
        }
    }

    /// Other readings and further figures, each with what it treats differently.
    fn readings(&self, out: &mut dyn Write) -> io::Result<()> {
        let lang = self.lang;
        let titles = match lang {
            Lang::Zh => ["读法", "不同之处", "合计", "人均"],
            Lang::En => ["reading", "what differs", "total", "per head"],
        };
        let columns: Vec<(usize, &str)> = [30, 33, 13, 13].into_iter().zip(titles).collect();
        let mut grid = Grid::dense(&columns);
        for (_, outcome) in self.comparison.of_role(self.catalogue, Role::Reading) {
            let Some(set) = self.set(outcome) else { continue };
            let differs = self.differs(set, outcome).join("\n");
            let (total, head) = (self.span(outcome.total), self.span(outcome.per_head));
            grid.row([set.name.get(lang), &differs, &total, &head]);
        }
        grid.print(
            lang.pick("其他读法和参考数（仅供参考）", "Other readings and figures (for information)"),
            out,
        )
    }

    /// The entries that a borrowing rule set treats differently from its lender.
    fn differs(&self, set: &RuleSet, outcome: &Outcome) -> Vec<String> {
        let lends =
            |one: &&Outcome| self.set(one).is_some_and(|known| Some(&known.id) == set.same_as.as_ref());
        let Some(lender) = self.comparison.outcomes.iter().find(lends) else { return Vec::new() };
        let pairs = outcome.entries.iter().zip(&lender.entries).zip(&self.statement.entries);
        let differing = pairs.filter(|((own, lent), _)| (own.counts, own.adds) != (lent.counts, lent.adds));
        let told = differing.map(|((own, _), entry)| {
            format!("{}{}{}", self.entry(entry), self.lang.pick("：", ": "), self.treated(entry, *own))
        });
        told.collect()
    }

    fn questions(&self, out: &mut dyn Write) -> io::Result<()> {
        let lang = self.lang;
        let titles = match lang {
            Lang::Zh => ["项目", "问题", "关系到"],
            Lang::En => ["item", "question", "bears on"],
        };
        let columns: Vec<(usize, &str)> = [34, 38, 20].into_iter().zip(titles).collect();
        let mut grid = Grid::dense(&columns);
        for question in &self.comparison.questions {
            let entry = match question.asked {
                Asked::Complete => None,
                Asked::Amount(entry) | Asked::Circumstance(entry, _) => self.statement.entries.get(entry),
            };
            let about = entry.map_or_else(String::new, |entry| self.entry(entry));
            let [zh, en] = question.asked.ask();
            let outcomes = question.bears_on.iter().filter_map(|place| self.comparison.outcomes.get(*place));
            let bears_on: Vec<&str> = outcomes.map(|one| self.short(one)).collect();
            grid.row([&about, lang.pick(zh, en), &bears_on.join(lang.pick("、", ", "))]);
        }
        grid.print(lang.pick("要问的", "Questions"), out)
    }
}

/// What becomes of a receipt or a cost.
const fn treatment(side: Side, counts: bool, lang: Lang) -> &'static str {
    match (side, counts) {
        (Side::Receipt, true) => lang.pick("计入", "counts"),
        (Side::Receipt, false) => lang.pick("不计入", "left out"),
        (Side::Cost, true) => lang.pick("扣减", "taken off"),
        (Side::Cost, false) => lang.pick("不扣减", "not taken off"),
    }
}

/// Yuan with two decimals; one that does not end there is said to be about that.
fn rounded(fen: Ratio, lang: Lang) -> String {
    if fen.denominator() == 1 {
        return number(fen);
    }
    let about = Rounding::HalfUpToFen.apply(fen).map(|fen| number(fen.exact()));
    about.map_or_else(|_too_large| fen.to_string(), |about| format!("{}{about}", lang.pick("约", "about ")))
}

/// A payment a month.
fn a_month(amount: crate::domain::money::Fen, lang: Lang) -> String {
    super::amounts::per(&yuan(amount, lang), crate::domain::period::Period::Month, lang)
}
