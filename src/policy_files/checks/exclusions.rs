//! Exclusions: scopes, priorities, categories, and what a top-up must not depend on.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::super::diagnostic::{Findings, codes};
use super::super::draft::{Draft, ReadMeasure};
use super::moments::lines;
use crate::domain::catalogue::{Exclusion, ExclusionMode};
use crate::domain::measure::{Gives, Unit};

/// An exclusion for one person names measures for one person only.
pub(in super::super) fn scopes(draft: &Draft<'_>, findings: &mut Findings) {
    for exclusion in draft.exclusions.iter().filter(|read| read.item.scope == Unit::Person) {
        for member in &exclusion.item.members {
            if draft.measure_of_member(member).is_some_and(|read| read.measure.unit == Unit::Household) {
                let message = format!("`{member}` is for the household, but the exclusion is for one person");
                findings.add(exclusion.site, codes::SCOPE_MISMATCH, message, "write `scope = \"household\"`");
            }
        }
    }
}

/// Priority arrows never go round in a circle, on any day, over all exclusions.
pub(in super::super) fn priorities(draft: &Draft<'_>, findings: &mut Findings) {
    let mut rules: Vec<_> =
        draft.exclusions.iter().filter(|read| read.item.mode == ExclusionMode::Priority).collect();
    // The last to come is the one that closes a circle.
    rules.sort_by_key(|read| (read.item.validity.from, read.site.line));
    let days: BTreeSet<NaiveDate> = rules.iter().map(|read| read.item.validity.from).collect();
    let mut reported = BTreeSet::new();
    for day in days {
        let mut arrows: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for rule in rules.iter().filter(|rule| rule.item.validity.contains(day)) {
            let Some((first, others)) = rule.item.members.split_first() else { continue };
            let above: Vec<&str> = standards_of(draft, first);
            let below: Vec<&str> = others.iter().flat_map(|member| standards_of(draft, member)).collect();
            let back = below.iter().any(|start| reaches(&arrows, start, &above));
            if back && reported.insert(rule.item.id.as_str()) {
                let message = format!("`{}` puts `{first}` above what stands above it already", rule.item.id);
                let hint = "turn one of the priorities round, or leave it out";
                findings.add(rule.site, codes::CYCLIC_PRIORITY, message, hint);
            }
            if !back {
                for from in above {
                    arrows.entry(from).or_default().extend(&below);
                }
            }
        }
    }
}

fn standards_of<'d>(draft: &'d Draft<'_>, member: &'d str) -> Vec<&'d str> {
    draft.members(member).map(|(standard, _)| standard.id.as_str()).collect()
}

/// Whether one of the goals can be reached along the arrows, or is the start itself.
fn reaches(arrows: &BTreeMap<&str, BTreeSet<&str>>, start: &str, goals: &[&str]) -> bool {
    let mut seen = BTreeSet::from([start]);
    let mut open = vec![start];
    while let Some(at) = open.pop() {
        if goals.contains(&at) {
            return true;
        }
        let next = arrows.get(at).into_iter().flatten().copied();
        open.extend(next.filter(|next| seen.insert(next)));
    }
    false
}

/// Pairs of measures of one category and unit of which no exclusion speaks, in matrix order.
pub(super) fn unspoken<'d, 'f>(
    draft: &'d Draft<'f>,
) -> impl Iterator<Item = (&'d ReadMeasure<'f>, &'d ReadMeasure<'f>)> {
    // Without all exclusions nobody knows which pairs they speak of.
    let measures: &[_] = if draft.is_whole("exclusions.toml") { &draft.measures } else { &[] };
    let pairs = measures
        .iter()
        .enumerate()
        .flat_map(|(index, first)| measures.iter().skip(index + 1).map(move |second| (first, second)));
    pairs.filter(|(first, second)| {
        let (one, other) = (&first.measure, &second.measure);
        let spoken = draft.exclusions.iter().any(|read| {
            let members = measures_of(draft, &read.item);
            members.contains(&one.id.as_str()) && members.contains(&other.id.as_str())
        });
        one.category == other.category && one.unit == other.unit && !spoken
    })
}

fn measures_of<'d>(draft: &'d Draft<'_>, exclusion: &Exclusion) -> Vec<&'d str> {
    let members = exclusion.members.iter().filter_map(|member| draft.measure_of_member(member));
    members.map(|read| read.measure.id.as_str()).collect()
}

/// Two measures of one category exclude one another; that is better said than left to be found.
pub(in super::super) fn same_category(draft: &Draft<'_>, findings: &mut Findings) {
    for (first, second) in unspoken(draft) {
        let category = &second.measure.category;
        let message = format!(
            "`{}` and `{}` share the category `{category}`, so the higher of the two excludes the other",
            first.measure.id, second.measure.id
        );
        let hint = "say so in exclusions.toml, or give one of them a category of its own";
        findings.add(second.site, codes::SAME_CATEGORY, message, hint);
    }
}

/// A top-up looks at what persons take; so nothing connects it with the measures it looks at.
pub(in super::super) fn top_ups(draft: &Draft<'_>, findings: &mut Findings) {
    let mut edges: Vec<Vec<&str>> =
        draft.exclusions.iter().map(|read| measures_of(draft, &read.item)).collect();
    edges
        .extend(unspoken(draft).map(|(one, other)| vec![one.measure.id.as_str(), other.measure.id.as_str()]));
    for (read, standard, site) in draft.standards() {
        let not_heads = standard.parts.iter().filter_map(|part| match &part.gives {
            Gives::TopUp { not_heads, .. } => Some(not_heads),
            _ => None,
        });
        let mut connected = vec![read.measure.id.as_str()];
        while let Some(edge) = edges.iter().find(|edge| {
            edge.iter().any(|id| connected.contains(id)) && !edge.iter().all(|id| connected.contains(id))
        }) {
            connected.extend(edge);
        }
        for id in not_heads.flatten().filter(|id| connected.contains(&id.as_str())) {
            let direct = draft.exclusions.iter().find(|exclusion| {
                let members = measures_of(draft, &exclusion.item);
                members.contains(&id.as_str()) && members.contains(&read.measure.id.as_str())
            });
            let see =
                direct.map_or(String::new(), |read| format!(" ({}{})", read.site.file, lines(read.site)));
            let message = format!(
                "`{}` counts heads by who takes `{id}`, and an exclusion connects the two{see}",
                read.measure.id
            );
            let hint = "leave it out of the exclusion: whoever takes it is no head already";
            findings.add(site.site, codes::TOP_UP_EXCLUSION, message, hint);
        }
    }
}
