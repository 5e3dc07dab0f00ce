//! What is not known: measures that wait for it, and the questions to ask.

use std::collections::BTreeSet;
use std::io::{self, Write};

use crate::domain::condition::Leaf;
use crate::domain::identity::IdentitySet;
use crate::domain::package::{Missing, Package};
use crate::domain::text::Lang;

use super::grid::Grid;
use super::merge::merge;
use super::names::Names;

/// Prints the measures that are neither open nor closed.
pub(super) fn undecided(names: &Names<'_>, package: &Package, out: &mut dyn Write) -> io::Result<()> {
    let lang = names.lang;
    let titles = match lang {
        Lang::Zh => ["措施", "对象", "可凭身份", "待查明"],
        Lang::En => ["measure", "for", "by identity", "waits for"],
    };
    let columns: Vec<(usize, &str)> = [30, 10, 22, 27].into_iter().zip(titles).collect();
    let mut grid = Grid::dense(&columns);
    let entries = package.undecided.iter().map(|row| {
        let identities = row.standards.iter().map(|(_, identities)| *identities);
        let identities = identities.fold(IdentitySet::NONE, IdentitySet::union);
        let missing = names.missing(&row.missing);
        let own = format!("{}{}", names.who(row.who), lang.pick("：", ": "));
        // Its own beneficiary stands in the row already.
        let missing = missing.replace(&own, "");
        (names.who(row.who), vec![[names.measure_at(row.measure), names.identities(identities), missing]])
    });
    for (everybody, rows) in merge(entries) {
        let who = everybody.join(lang.pick("、", ", "));
        for [what, identities, missing] in &rows {
            grid.row([what, &who, identities, missing]);
        }
    }
    grid.print(
        lang.pick("待定：缺少事实，既不给也不拒", "Undecided: neither given nor refused for want of facts"),
        out,
    )
}

/// Prints the questions, each with what depends on it.
pub(super) fn questions(names: &Names<'_>, package: &Package, out: &mut dyn Write) -> io::Result<()> {
    let lang = names.lang;
    let titles = match lang {
        Lang::Zh => ["问谁", "问题", "关系到"],
        Lang::En => ["about", "question", "bears on"],
    };
    let columns: Vec<(usize, &str)> = [10, 54, 28].into_iter().zip(titles).collect();
    let mut grid = Grid::dense(&columns);
    let entries = package.questions().into_iter().map(|question| {
        let (who, asked) = match &question.leaf {
            Leaf::Fact(fact) => {
                (names.who(question.who), lang.pick(fact.def().ask_zh, fact.def().ask_en).to_owned())
            }
            Leaf::Param(name) => {
                let name = names.parameter(name);
                let asked = match lang {
                    Lang::Zh => format!("此地未设定：{name}"),
                    Lang::En => format!("not set here: {name}"),
                };
                (lang.pick("政策", "policies").to_owned(), asked)
            }
        };
        (who, vec![[asked, bears_on(names, package, &question)]])
    });
    for (everybody, rows) in merge(entries) {
        let who = everybody.join(lang.pick("、", ", "));
        for [asked, bears_on] in &rows {
            grid.row([&who, asked, bears_on]);
        }
    }
    grid.print(lang.pick("要问的", "Questions"), out)
}

/// The ids of the measures, and the names of the needs, that a question bears on.
fn bears_on(names: &Names<'_>, package: &Package, question: &Missing) -> String {
    let lang = names.lang;
    let catalogue = names.catalogue();
    let mut places = BTreeSet::new();
    for row in &package.undecided {
        if row.missing.contains(question) {
            places.insert(row.measure);
        }
    }
    let bundles = package.alternatives.iter().flat_map(|choice| &choice.bundles);
    let refused = package.not_taken.iter().map(|row| &row.refused);
    let entitled =
        package.entitlements.iter().chain(bundles.flat_map(|bundle| &bundle.entitlements)).chain(refused);
    for one in entitled {
        let asks =
            one.bases().any(|basis| basis.who == question.who && Leaf::Fact(basis.fact) == question.leaf);
        if asks {
            places.extend(one.lines.iter().filter_map(|line| names.rulebook.measure_of(line.standard)));
        }
    }
    for row in package.not_taken.iter().filter(|row| row.missing.contains(question)) {
        places.extend(row.refused.lines.iter().filter_map(|line| names.rulebook.measure_of(line.standard)));
    }
    let mut told: Vec<&str> =
        places.into_iter().filter_map(|place| Some(catalogue.measures.get(place)?.id.as_str())).collect();
    let needs =
        package.needs.iter().filter(|need| need.rows.iter().any(|row| row.missing.contains(question)));
    let needs: Vec<&str> =
        needs.filter_map(|need| Some(catalogue.needs.get(need.need)?.name.get(lang))).collect();
    let prefix = lang.pick("需求", "need ");
    let needs: Vec<String> = needs.into_iter().map(|need| format!("{prefix}{need}")).collect();
    told.extend(needs.iter().map(String::as_str));
    told.join(lang.pick("、", ", "))
}
