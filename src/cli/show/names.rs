//! The names of things: members, measures, identities, sources.

use std::collections::BTreeMap;

use crate::domain::catalogue::Catalogue;
use crate::domain::condition::Leaf;
use crate::domain::facts::Household;
use crate::domain::identity::{Identity, IdentitySet};
use crate::domain::measure::Measure;
use crate::domain::package::{Beneficiary, Missing};
use crate::domain::rulebook::Rulebook;
use crate::domain::source::{Source, Tag};
use crate::domain::text::Lang;

/// Names things of one household under one rulebook.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names<'a> {
    /// The language.
    pub(super) lang: Lang,
    /// The rules.
    pub(super) rulebook: &'a Rulebook,
    /// The household.
    pub(super) household: &'a Household,
}

impl<'a> Names<'a> {
    /// The catalogue of the rulebook.
    pub(super) fn catalogue(&self) -> &'a Catalogue {
        &self.rulebook.catalogue
    }

    /// The household, or a member by key and name.
    pub(super) fn who(&self, who: Beneficiary) -> String {
        let Beneficiary::Person(index) = who else {
            return self.lang.pick("全户", "household").to_owned();
        };
        let Some(member) = self.household.members.get(index) else { return String::new() };
        match &member.name {
            Some(name) => format!("{} {name}", member.key),
            None => member.key.clone(),
        }
    }

    /// `D1 医疗救助`.
    pub(super) fn measure(&self, measure: &Measure) -> String {
        format!("{} {}", measure.id, measure.name.get(self.lang))
    }

    /// The measure at a place of the catalogue.
    pub(super) fn measure_at(&self, place: usize) -> String {
        self.catalogue().measures.get(place).map_or_else(String::new, |measure| self.measure(measure))
    }

    /// The short name of an identity type; the header tells what it stands for.
    pub(super) fn identity(&self, identity: Identity) -> &'a str {
        match self.lang {
            Lang::Zh => identity_name(self.catalogue(), identity, self.lang),
            Lang::En => identity.code(),
        }
    }

    /// The names of the identities of a set.
    pub(super) fn identities(&self, identities: IdentitySet) -> String {
        let names: Vec<&str> = identities.iter().map(|identity| self.identity(identity)).collect();
        names.join(self.lang.pick("、", ", "))
    }

    /// A fact or parameter that is not known, without whose it is.
    pub(super) fn leaf(&self, leaf: &Leaf) -> String {
        match leaf {
            Leaf::Fact(fact) => self.lang.pick(fact.def().zh, fact.def().en).to_owned(),
            Leaf::Param(name) => self.parameter(name),
        }
    }

    /// A parameter in words, with its name.
    pub(super) fn parameter(&self, name: &str) -> String {
        let known = self.catalogue().parameters.iter().find(|known| known.name == name);
        known.map_or_else(|| name.to_owned(), |known| format!("{} {name}", known.text.get(self.lang)))
    }

    /// What is missing, grouped by whose it is: `p1：年龄、学段`.
    pub(super) fn missing(&self, missing: &[Missing]) -> String {
        let mut groups: Vec<(Beneficiary, Vec<String>)> = Vec::new();
        for one in missing {
            let name = self.leaf(&one.leaf);
            match groups.iter_mut().find(|(who, _)| *who == one.who) {
                Some((_, names)) => names.push(name),
                None => groups.push((one.who, vec![name])),
            }
        }
        let told = groups.into_iter().map(|(who, names)| {
            let names = names.join(self.lang.pick("、", ", "));
            format!("{}{}{names}", self.who(who), self.lang.pick("：", ": "))
        });
        told.collect::<Vec<_>>().join(self.lang.pick("；", "; "))
    }
}

/// A remark behind a text, in the brackets of the language.
pub(super) fn bracketed(text: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("（{text}）"),
        Lang::En => format!(" ({text})"),
    }
}

/// The widest detail of a source that counts as a clause; a longer one is an explanation.
const CLAUSE: usize = 18;

/// Sources as a row of a table has room for: the clause where there is one, else only how sure it is.
pub(super) fn clauses(list: &[Source], lang: Lang) -> String {
    let mut told: Vec<String> = Vec::new();
    for source in list {
        let clause = matches!(source.tag, Tag::Paper | Tag::Document)
            && textwrap::core::display_width(source.detail_in(lang)) <= CLAUSE;
        let detail = if clause { source.detail_in(lang) } else { "" };
        push_new(&mut told, one_source(source, detail, lang));
    }
    told.join(lang.pick("；", "; "))
}

/// How sure sources are, with the documents: `文件 S30、假设`.
pub(super) fn sureness<'s>(list: impl IntoIterator<Item = &'s Source>, lang: Lang) -> String {
    let mut told: Vec<String> = Vec::new();
    list.into_iter().for_each(|source| push_new(&mut told, one_source(source, "", lang)));
    told.join(lang.pick("、", ", "))
}

fn push_new(list: &mut Vec<String>, text: String) {
    if !list.contains(&text) {
        list.push(text);
    }
}

fn one_source(source: &Source, detail: &str, lang: Lang) -> String {
    let parts = [source.tag.label(lang), source.document.as_deref().unwrap_or_default(), detail];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The name of an identity type in a catalogue.
pub(in crate::cli) fn identity_name(catalogue: &Catalogue, identity: Identity, lang: Lang) -> &str {
    let known = catalogue.identities.iter().find(|known| known.identity == identity);
    known.map_or(identity.code(), |known| known.name.get(lang))
}

/// Sources by how sure they are, a tag and a document told once: `文件 S02 第12条，第45条；S36；假设 取整方式`.
pub(in crate::cli) fn sources<'s>(list: impl IntoIterator<Item = &'s Source>, lang: Lang) -> String {
    let mut tags: BTreeMap<Tag, BTreeMap<&str, Vec<&str>>> = BTreeMap::new();
    for source in list {
        let documents = tags.entry(source.tag).or_default();
        let details = documents.entry(source.document.as_deref().unwrap_or_default()).or_default();
        let detail = source.detail_in(lang);
        if !detail.is_empty() && !details.contains(&detail) {
            details.push(detail);
        }
    }
    let (between, within) = (lang.pick("；", "; "), lang.pick("，", ", "));
    let told = tags.into_iter().map(|(tag, documents)| {
        let documents = documents.into_iter().map(|(document, details)| {
            let details = details.join(if document.is_empty() { between } else { within });
            format!("{document} {details}").trim().to_owned()
        });
        let documents = documents.collect::<Vec<_>>().join(between);
        format!("{} {documents}", tag.label(lang)).trim_end().to_owned()
    });
    told.collect::<Vec<_>>().join(between)
}
