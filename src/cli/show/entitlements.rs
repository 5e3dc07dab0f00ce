//! What is taken: one row a measure, with the amount, the identity, the clause, and what it beat.

use std::collections::BTreeSet;

use crate::domain::measure::{Cap, Gives, Part, Rates, Standard, Term, Units};
use crate::domain::package::{
    Against, Amount, Basis, Difference, Entitlement, HeadsAmount, Line, NotTaken, Package, PartValue,
    TopUpValue,
};
use crate::domain::ratio::Ratio;
use crate::domain::schedule::Comparison;
use crate::domain::source::Source;
use crate::domain::text::Lang;

use super::amounts::{exact_yuan, per, schedule, yuan};
use super::grid::Grid;
use super::merge::merge;
use super::names::{Names, clauses, sureness};
use super::refused::{compared, range};
use super::words::unpriced;

/// The columns of a list of entitlements.
pub(super) const COLUMNS: [usize; 5] = [18, 10, 33, 12, 13];

/// The titles of [`COLUMNS`].
pub(super) const fn titles(lang: Lang) -> [&'static str; 5] {
    match lang {
        Lang::Zh => ["措施", "对象", "数额与说明", "身份", "依据"],
        Lang::En => ["measure", "for", "how much, and why", "identity", "source"],
    }
}

/// Tells entitlements of a package row by row.
pub(super) struct Teller<'a> {
    /// The names.
    pub(super) names: Names<'a>,
    /// The package that the entitlements refer to.
    pub(super) package: &'a Package,
    /// The documents that were cited so far.
    pub(super) cited: BTreeSet<String>,
}

impl Teller<'_> {
    /// Adds entitlements to a grid, those that differ only in whom they are for as one. `placed` says
    /// whether they are the package's own, for what they beat.
    pub(super) fn fill(&mut self, list: &[Entitlement], placed: bool, grid: &mut Grid) {
        let lang = self.names.lang;
        let entries: Vec<_> = list
            .iter()
            .enumerate()
            .map(|(place, one)| (self.names.who(one.who), self.rows(one, placed.then_some(place))))
            .collect();
        for (everybody, rows) in merge(entries) {
            for [what, _, amount, identity, clauses] in rows {
                let several = everybody.len() > 1 && amount.starts_with(|first: char| first.is_ascii_digit());
                let each = if several { lang.pick("每人", "each ") } else { "" };
                let who = everybody.join(lang.pick("、", ", "));
                grid.row([what, who, format!("{each}{amount}"), identity, clauses]);
            }
        }
    }

    /// The rows of an entitlement, without whom it is for. `place` is where it stands in the package.
    pub(super) fn rows(&mut self, one: &Entitlement, place: Option<usize>) -> Vec<[String; 5]> {
        let mut rows = Vec::new();
        for (index, line) in one.lines.iter().enumerate() {
            let Some((measure, standard)) = self.names.rulebook.standard(line.standard) else { continue };
            let mut what = self.names.measure(measure);
            let own_name = standard.name.get(self.names.lang);
            if own_name != measure.name.get(self.names.lang) {
                what = format!("{what}\n{own_name}");
            }
            let mut told = vec![self.amount(line, standard)];
            if index == 0 {
                told.extend(self.remarks(one, place));
            }
            told.extend(self.extension(line));
            let identity = self.names.identity(one.identity).to_owned();
            rows.push([what, String::new(), told.join("\n"), identity, self.clauses(line, standard)]);
        }
        rows
    }

    fn remarks(&self, one: &Entitlement, place: Option<usize>) -> Vec<String> {
        let lang = self.names.lang;
        let mut told: Vec<String> = self.chain(one).into_iter().collect();
        let beaten = self.package.not_taken.iter().filter(|row| match row.by {
            Against::Entitlement(by) => Some(by) == place,
            Against::Alternatives(_) => false,
        });
        told.extend(beaten.map(|row| self.beat(row, one)));
        if !one.provisional.is_empty() {
            let doubts = one.provisional.iter().filter_map(|doubt| self.package.undecided.get(*doubt));
            let doubts: Vec<String> = doubts
                .map(|doubt| {
                    let measures = &self.names.catalogue().measures;
                    let id = measures.get(doubt.measure).map_or("", |measure| measure.id.as_str());
                    if doubt.who == one.who {
                        id.to_owned()
                    } else {
                        format!("{id} {}", self.names.who(doubt.who))
                    }
                })
                .collect();
            let doubts = doubts.join(lang.pick("、", ", "));
            told.push(match lang {
                Lang::Zh => format!("暂定：待定的{doubts}可能改变它"),
                Lang::En => format!("provisional: {doubts}, undecided, may change it"),
            });
        }
        told
    }

    /// What the links of a cascade pay together.
    fn chain(&self, one: &Entitlement) -> Option<String> {
        if one.lines.len() < 2 {
            return None;
        }
        let payment = |line: &Line| match &line.amount {
            Amount::Priced { payment, .. } => Some(payment.exact()),
            _ => None,
        };
        let total = one.lines.iter().try_fold(Ratio::ZERO, |sum, line| sum.plus(payment(line)?).ok())?;
        let total = exact_yuan(total, self.names.lang);
        let ids = one.lines.iter().filter_map(|line| Some(self.names.rulebook.standard(line.standard)?.0));
        let ids = ids.map(|measure| measure.id.as_str()).collect::<Vec<_>>().join("→");
        Some(match self.names.lang {
            Lang::Zh => format!("{ids}梯次结算，合计{total}"),
            Lang::En => format!("{ids} one after the other, together {total}"),
        })
    }

    fn beat(&self, row: &NotTaken, taken: &Entitlement) -> String {
        let lang = self.names.lang;
        let refused = self.names.identity(row.refused.identity);
        let rival = if row.refused.offer == taken.offer && row.refused.identity != taken.identity {
            refused.to_owned()
        } else {
            let lines = row.refused.lines.iter();
            let standards = lines.filter_map(|line| self.names.rulebook.standard(line.standard));
            let told = standards.map(|(measure, standard)| {
                if row.refused.offer == taken.offer {
                    standard.name.get(lang).to_owned()
                } else {
                    self.names.measure(measure)
                }
            });
            told.collect::<Vec<_>>().join(lang.pick("、", ", "))
        };
        match &row.difference {
            Difference::Exact(exact) if !exact.is_negative() && !exact.is_zero() => {
                let by = exact_yuan(*exact, lang);
                match lang {
                    Lang::Zh => format!("优于 {rival} {by}/年"),
                    Lang::En => format!("beats {rival} by {by} a year"),
                }
            }
            Difference::SameStandard => match lang {
                Lang::Zh => format!("凭 {rival} 也可享受，同一标准"),
                Lang::En => format!("open to {rival} too, the same standard"),
            },
            Difference::OverRange(Comparison::Dominates { least, most, growing }) => {
                let by = range(*least, *most, *growing, lang);
                match lang {
                    Lang::Zh => format!("不低于 {rival}，多{by}"),
                    Lang::En => format!("never below {rival}, above it by {by}"),
                }
            }
            other => {
                let told = compared(other, &row.missing, taken, &self.names);
                match lang {
                    Lang::Zh => format!("先于 {rival}：{told}"),
                    Lang::En => format!("stands before {rival}: {told}"),
                }
            }
        }
    }

    fn extension(&self, line: &Line) -> Option<String> {
        let extension = self.names.rulebook.extension(line.extension?)?;
        let text = extension.text.get(self.names.lang);
        Some(match self.names.lang {
            Lang::Zh => format!("延伸 {}：{text}", extension.id),
            Lang::En => format!("by extension {}: {text}", extension.id),
        })
    }

    /// How much a line pays.
    pub(super) fn amount(&self, line: &Line, standard: &Standard) -> String {
        let lang = self.names.lang;
        let several = standard.parts.len() > 1;
        let paid = |payment| per(&yuan(payment, lang), line.period, lang);
        match &line.amount {
            Amount::Priced { payment, .. } if several => {
                format!("{}\n{}", paid(*payment), self.parts(line, standard))
            }
            Amount::Priced { payment, .. } => paid(*payment),
            Amount::PricedInPart { payment, .. } => format!(
                "{}{}\n{}",
                paid(*payment),
                lang.pick("，另有未定价部分", " and what has no price"),
                self.parts(line, standard)
            ),
            Amount::Open | Amount::Unpriced => self.parts(line, standard),
            Amount::Loan(most) => match lang {
                Lang::Zh => format!("贷款，最高{}，不计入合计", yuan(*most, lang)),
                Lang::En => format!("a loan of up to {}, in no total", yuan(*most, lang)),
            },
            Amount::ByHeads(options) => match options.as_slice() {
                [only] => self.heads(only, line),
                options => {
                    let told = options.iter().map(|option| {
                        let (heads, amount) = (option.heads, self.heads(option, line));
                        match lang {
                            Lang::Zh => format!("按{heads}人：{amount}"),
                            Lang::En => format!("for {heads} heads: {amount}"),
                        }
                    });
                    told.collect::<Vec<_>>().join("\n")
                }
            },
        }
    }

    fn heads(&self, option: &HeadsAmount, line: &Line) -> String {
        let lang = self.names.lang;
        match &option.value {
            TopUpValue::Priced { payment, .. } => per(&yuan(*payment, lang), line.period, lang),
            TopUpValue::Open(Basis { fact, .. }, given) => schedule(given, fact.def(), line.period, lang),
        }
    }

    /// The parts of a line, each with its name if there are several.
    fn parts(&self, line: &Line, standard: &Standard) -> String {
        let lang = self.names.lang;
        // A part that gives nothing is not worth a line beside others.
        let idle = |value: &PartValue| matches!(value, PartValue::Exact(exact) if exact.is_zero());
        let parts = line.parts.iter().zip(&standard.parts).enumerate();
        let parts = parts.filter(|(_, (value, _))| line.parts.len() == 1 || !idle(value));
        let told = parts.map(|(place, (value, part))| {
            let told = match value {
                PartValue::Exact(exact) => exact_yuan(*exact, lang),
                PartValue::Open(basis, place) => {
                    let given = self.names.rulebook.schedule(*place);
                    given.map_or_else(String::new, |given| {
                        schedule(given, basis.fact.def(), line.period, lang)
                    })
                }
                PartValue::Loan(most) => yuan(*most, lang),
                PartValue::Unpriced => self.without_price(line, place, part),
            };
            let name = part.name.get(lang);
            match (value, lang) {
                (PartValue::Unpriced, Lang::Zh) => format!("{name}：未定价，{told}"),
                (PartValue::Unpriced, Lang::En) => format!("{name}: no price, {told}"),
                _ if line.parts.len() == 1 => told,
                (_, Lang::Zh) => format!("{name}：{told}"),
                (_, Lang::En) => format!("{name}: {told}"),
            }
        });
        told.collect::<Vec<_>>().join("\n")
    }

    fn without_price(&self, line: &Line, place: usize, part: &Part) -> String {
        let lang = self.names.lang;
        let reason = self.names.rulebook.unpriced(line.standard, place);
        let told = reason.map_or_else(String::new, |reason| unpriced(reason, &self.names));
        let Gives::Unpriced { practice: Some((least, most)), .. } = &part.gives else { return told };
        let (least, most) = (yuan(*least, lang), yuan(*most, lang));
        match lang {
            Lang::Zh => format!("{told}；各地{least}至{most}，仅供参考"),
            Lang::En => format!("{told}; in practice {least} to {most}, for information"),
        }
    }

    /// The sources of the standard, and of the amounts that the place sets.
    fn clauses(&mut self, line: &Line, standard: &Standard) -> String {
        let lang = self.names.lang;
        let amounts = place_sources(standard, &self.names);
        let extension = line.extension.and_then(|place| self.names.rulebook.extension(place));
        self.cite(&standard.sources);
        self.cite(amounts.iter().copied());
        let mut told = vec![clauses(&standard.sources, lang)];
        let amounts: Vec<&Source> =
            amounts.into_iter().filter(|source| !standard.sources.contains(source)).collect();
        if !amounts.is_empty() {
            told.push(format!("{}{}", lang.pick("数额：", "amount: "), sureness(amounts, lang)));
        }
        if let Some(extension) = extension {
            self.cite(&extension.sources);
            told.push(format!(
                "{}{}",
                lang.pick("延伸：", "extension: "),
                sureness(&extension.sources, lang)
            ));
        }
        told.join("\n")
    }

    /// Notes the documents of sources, for the list at the end.
    pub(super) fn cite<'s>(&mut self, list: impl IntoIterator<Item = &'s Source>) {
        self.cited.extend(list.into_iter().filter_map(|source| source.document.clone()));
    }
}

/// The sources of the amounts that a place sets for a standard.
pub(super) fn place_sources<'a>(standard: &Standard, names: &Names<'a>) -> Vec<&'a Source> {
    let Some(place) = names.rulebook.place() else { return Vec::new() };
    let parameters = standard.parts.iter().flat_map(|part| parameters(&part.gives));
    let rows = parameters.filter_map(|name| names.catalogue().parameter(place, name, names.rulebook.on));
    rows.flat_map(|row| &row.sources).collect()
}

/// The parameters that a part refers to, in the order of reading.
pub(super) fn parameters(gives: &Gives) -> Vec<&str> {
    fn named<T>(term: &Term<T>) -> Option<&str> {
        match term {
            Term::Parameter(name) => Some(name.as_str()),
            Term::Fixed(_) => None,
        }
    }
    let all = match gives {
        Gives::Amount { amount } => vec![named(amount)],
        Gives::ShareOf { rate, of } => vec![named(rate), named(of)],
        Gives::PerUnit { price, units, .. } => {
            let units = match units {
                Units::Term(count) => named(count),
                Units::Fact(_) => None,
            };
            vec![named(price), units]
        }
        Gives::Reimbursement { deductible, deductible_factor, rates, rate_plus, cap, .. } => {
            let rates = match rates {
                Rates::Rate(rate) => named(rate),
                Rates::Bands(bands) => named(bands),
            };
            let cap = match cap {
                Cap::Most(most) => named(most),
                Cap::None => None,
            };
            vec![named(deductible), named(deductible_factor), rates, named(rate_plus), cap]
        }
        Gives::TopUp { line, .. } => vec![named(line)],
        Gives::Loan { ceiling } => vec![named(ceiling)],
        Gives::Unpriced { .. } => Vec::new(),
    };
    all.into_iter().flatten().collect()
}
