//! The package of a household, section by section.

use std::collections::BTreeSet;
use std::io::{self, Write};

use crate::app::packages::Resolved;
use crate::domain::facts::IdentityRecord;
use crate::domain::identity::IdentitySet;
use crate::domain::measure::Standing;
use crate::domain::package::{Alternative, Alternatives, Entitlement, Package};
use crate::domain::ratio::Ratio;
use crate::domain::text::Lang;

use super::amounts::{per, quantity, yuan};
use super::entitlements::{COLUMNS, Teller, titles};
use super::grid::{Grid, paragraph};
use super::merge::merge;
use super::names::{Names, bracketed, identity_name, sources};
use super::{questions, refused, words};

/// Prints a package.
pub(in crate::cli) fn package(resolved: &Resolved, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let Resolved { rulebook, household, package } = resolved;
    let names = Names { lang, rulebook, household };
    header(&names, out)?;
    let mut teller = Teller { names, package, cited: BTreeSet::new() };
    let mut grid = entitlement_grid(lang);
    teller.fill(&package.entitlements, true, &mut grid);
    grid.print(lang.pick("可享受", "Entitled to"), out)?;
    for (place, choice) in package.alternatives.iter().enumerate() {
        alternatives(&mut teller, choice, place, out)?;
    }
    subtotals(&names, package, out)?;
    refused::print(&mut teller, out)?;
    needs(&names, package, out)?;
    questions::undecided(&names, package, out)?;
    questions::questions(&names, package, out)?;
    rest(&names, package, out)?;
    limits(&mut teller, out)?;
    documents(&teller, out)?;
    footer(&names, out)
}

fn entitlement_grid(lang: Lang) -> Grid {
    let columns: Vec<(usize, &str)> = COLUMNS.into_iter().zip(titles(lang)).collect();
    Grid::new(&columns)
}

/// Who, where, when, under which identities.
pub(super) fn header(names: &Names<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Names { lang, rulebook, household } = *names;
    let place =
        rulebook.place().map_or_else(String::new, |place| format!("{} {}", place.name.get(lang), place.id));
    let hash = rulebook.catalogue.hash.to_string();
    let hash = hash.get(..12).unwrap_or(&hash);
    let on = rulebook.on;
    let (household_word, catalogue) = (lang.pick("户", "household"), lang.pick("政策目录", "catalogue"));
    paragraph("", &format!("{household_word} {} · {place} · {on} · {catalogue} {hash}", household.key), out)?;
    let records = |records: &[IdentityRecord]| -> Vec<String> {
        let held = records.iter().filter(|record| record.held.contains(on));
        let told = held.map(|record| {
            let (name, since) = (names.identity(record.identity), record.held.from);
            match lang {
                Lang::Zh => format!("{name}（{since}起）"),
                Lang::En => {
                    let long = identity_name(names.catalogue(), record.identity, lang);
                    format!("{name} ({long}, since {since})")
                }
            }
        });
        told.collect()
    };
    let mut told = records(&household.identities);
    for member in &household.members {
        let name = member.name.as_ref().map_or(String::new(), |name| format!(" {name}"));
        let own = records(&member.identities).into_iter();
        told.extend(own.map(|own| format!("{}{name}{}{own}", member.key, lang.pick("：", ": "))));
    }
    if told.is_empty() {
        told.push(lang.pick("无", "none").to_owned());
    }
    paragraph(lang.pick("身份：", "identities: "), &told.join(lang.pick("、", ", ")), out)
}

/// Bundles of which the best depends on what is not known.
fn alternatives(
    teller: &mut Teller<'_>,
    choice: &Alternatives,
    place: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let lang = teller.names.lang;
    let title = match choice.basis {
        Some(basis) => {
            let (who, fact) = (teller.names.who(basis.who), basis.fact.def());
            let fact = lang.pick(fact.zh, fact.en);
            match lang {
                Lang::Zh => format!("备选方案{}：取决于{who}的{fact}", place + 1),
                Lang::En => format!("Alternatives {}: it depends on {who}, {fact}", place + 1),
            }
        }
        None => match lang {
            Lang::Zh => format!("备选方案{}：取决于几项未知事实", place + 1),
            Lang::En => format!("Alternatives {}: it depends on several unknown facts", place + 1),
        },
    };
    writeln!(out, "\n{title}")?;
    for (index, bundle) in choice.bundles.iter().enumerate() {
        let mut grid = entitlement_grid(lang);
        teller.fill(&bundle.entitlements, false, &mut grid);
        grid.print(&from(bundle, choice, index, lang), out)?;
    }
    Ok(())
}

/// From where on a bundle is the best.
fn from(bundle: &Alternative, choice: &Alternatives, index: usize, lang: Lang) -> String {
    let (Some((exact, first)), Some(basis)) = (bundle.from, choice.basis) else {
        return match lang {
            Lang::Zh => format!("方案{}", index + 1),
            Lang::En => format!("bundle {}", index + 1),
        };
    };
    if index == 0 {
        return lang.pick("从零起，最优的是：", "From zero on the best is:").to_owned();
    }
    let fact = basis.fact.def();
    let (exact, first) = (quantity(exact, fact, lang), quantity(Ratio::integer(first), fact, lang));
    match lang {
        Lang::Zh => format!("超过{exact}（首次为{first}）后，最优的是："),
        Lang::En => format!("Above {exact} (first at {first}) the best is:"),
    }
}

fn subtotals(names: &Names<'_>, package: &Package, out: &mut dyn Write) -> io::Result<()> {
    let lang = names.lang;
    let sums = package.subtotals(names.rulebook).map_err(io::Error::other)?;
    let told: Vec<String> = sums
        .iter()
        .map(|sum| {
            let measure = names.measure_at(sum.measure);
            format!("{measure} {}", per(&yuan(sum.payment, lang), sum.period, lang))
        })
        .collect();
    if told.is_empty() {
        return Ok(());
    }
    let title = lang.pick(
        "小计（按措施和周期，不同周期不相加；不含贷款、报酬、未定价和未知的）",
        "Subtotals by measure and period (periods are never added up; without loans, wages and open amounts)",
    );
    writeln!(out)?;
    paragraph("", title, out)?;
    told.iter().try_for_each(|told| paragraph("  ", told, out))
}

fn needs(names: &Names<'_>, package: &Package, out: &mut dyn Write) -> io::Result<()> {
    let lang = names.lang;
    let titles = match lang {
        Lang::Zh => ["需求", "状态", "对象", "由其覆盖", "还在可及范围", "待查明"],
        Lang::En => ["need", "state", "of", "covered by", "also in reach", "to find out"],
    };
    let columns: Vec<(usize, &str)> = [12, 12, 10, 14, 18, 17].into_iter().zip(titles).collect();
    let mut grid = Grid::dense(&columns);
    let ids = |places: &mut dyn Iterator<Item = usize>| {
        let measures = places.filter_map(|place| Some(names.catalogue().measures.get(place)?.id.as_str()));
        let mut told: Vec<&str> = measures.collect();
        told.dedup();
        told.join(lang.pick("、", ", "))
    };
    for need in &package.needs {
        let name = names.catalogue().needs.get(need.need).map_or("", |need| need.name.get(lang));
        let entries = need.rows.iter().map(|row| {
            let covering = row.covered_by.iter().filter_map(|place| package.entitlements.get(*place));
            let lines = covering.flat_map(|one| &one.lines);
            let met = ids(&mut lines.filter_map(|line| names.rulebook.measure_of(line.standard)));
            let reach = ids(&mut row.in_reach.iter().copied());
            let missing: Vec<String> = row.missing.iter().map(|missing| names.leaf(&missing.leaf)).collect();
            let missing = missing.join(lang.pick("、", ", "));
            let state = words::need(row.state, lang).to_owned();
            (names.who(row.who), vec![[state, met, reach, missing]])
        });
        for (everybody, rows) in merge(entries) {
            let who = everybody.join(lang.pick("、", ", "));
            for [state, met, reach, missing] in rows {
                grid.row([name, &state, &who, &met, &reach, &missing]);
            }
        }
    }
    grid.print(lang.pick("需求（缺什么补什么）", "Needs (fill what is missing)"), out)
}

/// Measures that a held identity reaches, and whose conditions are not met for anybody.
fn rest(names: &Names<'_>, package: &Package, out: &mut dyn Write) -> io::Result<()> {
    let Names { lang, rulebook, household } = *names;
    let records = household.identities.iter().chain(household.members.iter().flat_map(|one| &one.identities));
    let held = records.filter(|record| record.held.contains(rulebook.on));
    let held: IdentitySet = held.map(|record| record.identity).collect();
    let reach: Vec<usize> = rulebook.reach(held).collect();
    let bundles = package.alternatives.iter().flat_map(|choice| &choice.bundles);
    let refused = package.not_taken.iter().map(|row| &row.refused);
    let listed =
        package.entitlements.iter().chain(bundles.flat_map(|bundle| &bundle.entitlements)).chain(refused);
    let lines = listed.flat_map(|one: &Entitlement| &one.lines);
    let mut told: BTreeSet<usize> = lines.filter_map(|line| rulebook.measure_of(line.standard)).collect();
    told.extend(package.undecided.iter().map(|row| row.measure));
    let not_met: Vec<String> =
        reach.iter().filter(|place| !told.contains(place)).map(|place| names.measure_at(*place)).collect();
    writeln!(out)?;
    let count = reach.len();
    let all = names.catalogue().measures.len();
    let mut text = match lang {
        Lang::Zh => format!("{all}项措施中，所持身份可及{count}项。"),
        Lang::En => format!("The identities held reach {count} of the {all} measures."),
    };
    if !not_met.is_empty() {
        let list = not_met.join(lang.pick("、", ", "));
        let more = match lang {
            Lang::Zh => format!("其中条件不符的：{list}；用 explain 可逐项查看。"),
            Lang::En => format!(" Conditions not met: {list}; see each with `explain`."),
        };
        text.push_str(&more);
    }
    paragraph("", &text, out)
}

/// What limits the extension of measures that are taken by extension.
fn limits(teller: &mut Teller<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lang = teller.names.lang;
    let rulebook = teller.names.rulebook;
    let bundles = teller.package.alternatives.iter().flat_map(|choice| &choice.bundles);
    let entitled = teller.package.entitlements.iter().chain(bundles.flat_map(|bundle| &bundle.entitlements));
    let extended = entitled.flat_map(|one| &one.lines).filter(|line| line.extension.is_some());
    let mut places: BTreeSet<usize> =
        extended.filter_map(|line| rulebook.measure_of(line.standard)).collect();
    let held_back = teller.package.undecided.iter().filter(|row| {
        let (all, by_extension) = rulebook.opened(row.measure);
        let asked = row.standards.iter().fold(IdentitySet::NONE, |set, (_, some)| set.union(*some));
        asked.intersection(all).without(by_extension).is_empty()
    });
    places.extend(held_back.map(|row| row.measure));
    for place in places {
        let Some(measure) = rulebook.catalogue.measures.get(place) else { continue };
        if let Some(note) = &measure.extension_limit {
            teller.cite(&note.sources);
            let told = sources(&note.sources, lang);
            let (name, colon) = (teller.names.measure(measure), lang.pick("：", ": "));
            let text = format!("{name}{colon}{}{}", note.text.get(lang), bracketed(&told, lang));
            paragraph(lang.pick("注意：", "note: "), &text, out)?;
        }
    }
    Ok(())
}

/// The titles of the documents that were cited.
fn documents(teller: &Teller<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lang = teller.names.lang;
    let cited = teller.names.catalogue().documents.iter().filter(|known| teller.cited.contains(&known.id));
    let mut told = cited.peekable();
    if told.peek().is_some() {
        writeln!(out, "\n{}", lang.pick("引用的文件", "Documents cited"))?;
    }
    told.try_for_each(|document| paragraph(&format!("  {} ", document.id), &document.title, out))
}

/// How sure all this is.
pub(super) fn footer(names: &Names<'_>, out: &mut dyn Write) -> io::Result<()> {
    let measures = &names.catalogue().measures;
    let by_paper = measures.iter().filter(|measure| measure.standing == Standing::Named).count();
    let (all, rest) = (measures.len(), measures.len() - by_paper);
    writeln!(out)?;
    let text = match names.lang {
        Lang::Zh => format!(
            "{all}项措施中，论文点名{by_paper}项，其余{rest}项由本工具重构；“常识（未核实）”和“假设”请核实后使用。\
             本结果是按政策文件的计算，不是法律意义上的决定。"
        ),
        Lang::En => format!(
            "Of the {all} measures the paper names {by_paper}; {rest} are reconstructed. Check what is marked \
             knowledge (unverified) or assumption before you rely on it. This is a computation from the \
             policy files, not a legal decision."
        ),
    };
    paragraph("", &text, out)
}
