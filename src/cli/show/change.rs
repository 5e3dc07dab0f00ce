//! What changed between two packages, as tables.

use std::io::{self, Write};

use super::grid::Grid;
use super::names::identity_name;
use crate::documents::change::{Amount, Change, Entitlement, Line, Why, reason};
use crate::domain::catalogue::Catalogue;
use crate::domain::money::Fen;
use crate::domain::text::Lang;

/// Words for a change under a catalogue.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct Words<'a> {
    /// The catalogue that names things.
    pub(in crate::cli) catalogue: &'a Catalogue,
    /// The language.
    pub(in crate::cli) lang: Lang,
}

impl Words<'_> {
    /// Prints a change under a title.
    pub(in crate::cli) fn print(&self, change: &Change, title: &str, out: &mut dyn Write) -> io::Result<()> {
        let lang = self.lang;
        if change.is_empty() {
            return writeln!(out, "\n{title}\n{}", lang.pick("没有变化", "nothing changed"));
        }
        let titles = match lang {
            Lang::Zh => ["变化", "措施", "成员", "原来", "现在", "原因"],
            Lang::En => ["What", "Measure", "Member", "Before", "After", "Why"],
        };
        let columns: Vec<(usize, &str)> = [6, 20, 8, 18, 18, 13].into_iter().zip(titles).collect();
        let mut grid = Grid::new(&columns);
        for moved in &change.gained {
            let now = self.taken(&moved.entitlement);
            let why = format!("{}{}", lang.pick("此前：", "before: "), self.why(&moved.why));
            self.row(&mut grid, lang.pick("新增", "gained"), &moved.entitlement, ["", &now, &why]);
        }
        for moved in &change.lost {
            let was = self.taken(&moved.entitlement);
            self.row(
                &mut grid,
                lang.pick("失去", "lost"),
                &moved.entitlement,
                [&was, "", &self.why(&moved.why)],
            );
        }
        for one in &change.changed {
            let why = if one.identity_ended {
                lang.pick("身份终止", "the identity ended").to_owned()
            } else {
                String::new()
            };
            let (was, now) = (self.taken(&one.before), self.taken(&one.after));
            self.row(&mut grid, lang.pick("变更", "changed"), &one.after, [&was, &now, &why]);
        }
        grid.print(title, out)?;
        if grid.is_empty() {
            writeln!(out, "\n{title}")?;
        }
        self.needs(change, out)?;
        self.reclaim(change, out)?;
        if let Some(why) = &change.unresolved {
            writeln!(out, "{}: {why}", lang.pick("无法准确计算", "a package cannot be told exactly"))?;
        }
        Ok(())
    }

    /// One line about a change: how many of what.
    pub(in crate::cli) fn summary(&self, change: &Change) -> String {
        let names = |list: &mut dyn Iterator<Item = &Entitlement>| {
            let mut names: Vec<&str> = list.map(|one| one.offer.as_str()).collect();
            names.dedup();
            names.join(" ")
        };
        let parts = [
            (self.lang.pick("新增", "gained"), names(&mut change.gained.iter().map(|one| &one.entitlement))),
            (self.lang.pick("失去", "lost"), names(&mut change.lost.iter().map(|one| &one.entitlement))),
            (self.lang.pick("变更", "changed"), names(&mut change.changed.iter().map(|one| &one.after))),
            (
                self.lang.pick("待追回", "to be reclaimed"),
                change.reclaim.iter().map(|one| self.money(one.amount)).collect::<Vec<_>>().join(" "),
            ),
        ];
        let told = parts.iter().filter(|(_, names)| !names.is_empty());
        told.map(|(word, names)| format!("{word} {names}")).collect::<Vec<_>>().join("\n")
    }

    fn row(&self, grid: &mut Grid, what: &str, one: &Entitlement, cells: [&str; 3]) {
        let [was, now, why] = cells;
        grid.row([what, &self.measures(one), self.member(one.beneficiary.as_deref()), was, now, why]);
    }

    fn member<'t>(&self, key: Option<&'t str>) -> &'t str {
        key.unwrap_or(self.lang.pick("全户", "household"))
    }

    fn measures(&self, one: &Entitlement) -> String {
        let name = |line: &Line| {
            let known = self.catalogue.measures.iter().find(|measure| measure.id == line.measure);
            let name = known.map_or("", |measure| measure.name.get(self.lang));
            format!("{} {name}", line.measure)
        };
        one.lines.iter().map(name).collect::<Vec<_>>().join("\n")
    }

    /// The identity and the amounts.
    fn taken(&self, one: &Entitlement) -> String {
        let amounts = one.lines.iter().map(|line| {
            let per = match line.period.as_str() {
                "month" => self.lang.pick("/月", "/month"),
                "year" => self.lang.pick("/年", "/year"),
                _ => self.lang.pick("（一次）", " once"),
            };
            match &line.amount {
                Amount::Priced { payment } => format!("{}{per}", Fen::new(*payment)),
                Amount::PricedInPart { payment } => format!("{}+{per}", Fen::new(*payment)),
                Amount::Loan { ceiling } => {
                    format!("{} {}", self.lang.pick("贷款至", "loan up to"), Fen::new(*ceiling))
                }
                Amount::Open { .. } | Amount::ByHeads { .. } => {
                    self.lang.pick("视未知情况", "depends on unknowns").to_owned()
                }
                Amount::Unpriced => self.lang.pick("未定价", "no price").to_owned(),
            }
        });
        let mut lines = vec![self.identity(&one.identity)];
        lines.extend(amounts);
        lines.join("\n")
    }

    fn identity(&self, code: &str) -> String {
        match code.parse() {
            Ok(identity) if self.lang == Lang::Zh => {
                identity_name(self.catalogue, identity, self.lang).to_owned()
            }
            _ => code.to_owned(),
        }
    }

    fn why(&self, why: &Why) -> String {
        let mut parts = vec![reason(&why.code, self.lang).to_owned()];
        parts.extend(why.identity.as_ref().map(|code| self.identity(code)));
        parts.extend(why.instead.iter().map(|named| named.offer.clone()));
        let asked = why.missing.iter().filter_map(|asked| asked.fact.as_ref().or(asked.parameter.as_ref()));
        parts.extend(asked.cloned());
        parts.join(" ")
    }

    fn money(&self, fen: Option<i64>) -> String {
        fen.map_or_else(|| self.lang.pick("实物", "in kind").to_owned(), |fen| Fen::new(fen).to_string())
    }

    fn needs(&self, change: &Change, out: &mut dyn Write) -> io::Result<()> {
        let state = |code: Option<&str>| match code {
            None => self.lang.pick("无此需要", "not there"),
            Some("covered") => self.lang.pick("已覆盖", "covered"),
            Some("open") => self.lang.pick("可申请", "open"),
            Some("unmet") => self.lang.pick("无措施", "unmet"),
            Some(_) => self.lang.pick("待核实", "unknown"),
        };
        for moved in &change.needs {
            let need = self.catalogue.needs.iter().find(|need| need.id == moved.need);
            writeln!(
                out,
                "{} {} {}: {} → {}",
                self.lang.pick("需要", "need"),
                need.map_or(moved.need.as_str(), |need| need.name.get(self.lang)),
                self.member(moved.beneficiary.as_deref()),
                state(moved.before.as_deref()),
                state(moved.after.as_deref()),
            )?;
        }
        Ok(())
    }

    fn reclaim(&self, change: &Change, out: &mut dyn Write) -> io::Result<()> {
        for one in &change.reclaim {
            writeln!(
                out,
                "{} {}: {} {} {}, {} {} ({}){}",
                self.lang.pick("待追回", "to be reclaimed"),
                self.money(one.amount),
                one.offer,
                self.member(one.beneficiary.as_deref()),
                one.period,
                self.lang.pick("链上序号", "entry"),
                one.entry,
                reason(&one.why, self.lang),
                if one.certain { "" } else { self.lang.pick("，先核实", "; ask before reclaiming") },
            )?;
        }
        Ok(())
    }
}
