//! A comparison of income arithmetics in canonical form: codes and keys, no names; money in fen.

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::documents::explanation::answer_code;
use crate::documents::package::{ENGINE_VERSION, fraction};
use crate::documents::source_text;
use crate::domain::catalogue::Catalogue;
use crate::domain::identity::Identity;
use crate::domain::income::compare::{Asked, Comparison, LineInForce, Outcome, Question, Treated};
use crate::domain::income::items::Circumstance;
use crate::domain::income::rules::{Line, RuleSet};
use crate::domain::income::statement::Entry;
use crate::domain::income::{Span, Statement};
use crate::domain::money::Fen;
use crate::domain::package::Beneficiary;
use crate::domain::source::Source;

/// The canonical form of a comparison made at a place on a date. `adviceOnly` is always true: an identity
/// is granted by the department that is named.
pub fn document(
    catalogue: &Catalogue,
    place: &str,
    on: NaiveDate,
    statement: &Statement,
    comparison: &Comparison,
) -> Value {
    let names = Names { catalogue, statement, comparison };
    json!({
        "engine": ENGINE_VERSION,
        "catalogue": catalogue.hash.to_string(),
        "place": place,
        "on": on.to_string(),
        "household": statement.key,
        "heads": comparison.heads,
        "adviceOnly": true,
        "outcomes": comparison.outcomes.iter().map(|outcome| names.outcome(outcome)).collect::<Value>(),
        "lines": comparison.lines.iter().map(|line| json!({
            "line": names.line(line).map(|line| line.id.as_str()), "year": fraction(line.year),
        })).collect::<Value>(),
        "notSet": comparison.not_set.iter().map(|one| json!({
            "line": names.line_at(one.rule_set, one.line).map(|line| line.id.as_str()),
            "parameter": one.parameter,
        })).collect::<Value>(),
        "questions": comparison.questions.iter().map(|one| names.question(one)).collect::<Value>(),
    })
}

struct Names<'a> {
    catalogue: &'a Catalogue,
    statement: &'a Statement,
    comparison: &'a Comparison,
}

impl<'a> Names<'a> {
    fn set(&self, outcome: &Outcome) -> Option<&'a RuleSet> {
        self.catalogue.income.get(outcome.rule_set)
    }

    fn line_at(&self, rule_set: usize, line: usize) -> Option<&'a Line> {
        self.catalogue.income.get(rule_set)?.lines.get(line)
    }

    fn line(&self, line: &LineInForce) -> Option<&'a Line> {
        self.line_at(line.rule_set, line.line)
    }

    fn line_id(&self, place: usize) -> Option<&'a str> {
        self.comparison.lines.get(place).and_then(|line| self.line(line)).map(|line| line.id.as_str())
    }

    /// The key of a member; the household is `null`.
    fn who(&self, entry: usize) -> Option<&'a str> {
        match self.statement.entries.get(entry)?.who {
            Beneficiary::Household => None,
            Beneficiary::Person(place) => self.statement.members.get(place).map(|one| one.key.as_str()),
        }
    }

    fn outcome(&self, outcome: &Outcome) -> Value {
        let set = self.set(outcome);
        let below = outcome.below.iter().enumerate();
        json!({
            "ruleSet": set.map(|set| set.id.as_str()),
            "entries": self.entries(outcome),
            "total": span(outcome.total),
            "perHead": span(outcome.per_head),
            "below": below.map(|(place, answer)| json!({
                "line": self.line_id(place), "answer": answer_code(*answer),
            })).collect::<Value>(),
            "supports": outcome.advice.iter().map(|advice| json!({
                "line": self.line_id(advice.line),
                "answer": answer_code(advice.supported),
                "identities": advice.support.identities.iter().map(Identity::code).collect::<Vec<_>>(),
                "grantedBy": advice.support.granted_by,
                "topUp": advice.top_up.map(|top_up| json!({
                    "measure": self.catalogue.measures.get(top_up.measure).map(|measure| measure.id.as_str()),
                    "month": top_up.month.value(),
                })),
            })).collect::<Value>(),
            "sources": set.map(|set| sources(&set.sources)),
        })
    }

    fn entries(&self, outcome: &Outcome) -> Value {
        let entries = outcome.entries.iter().zip(&self.statement.entries).enumerate();
        let one = |(place, (treated, entry)): (usize, (&Treated, &Entry))| {
            let row = self.set(outcome).and_then(|set| set.rows.get(treated.row));
            json!({
                "whose": self.who(place),
                "item": entry.item.def().id,
                "amount": entry.amount.map(Fen::value),
                "counts": answer_code(treated.counts),
                "adds": span(treated.adds),
                "sources": row.map(|row| sources(&row.sources)),
            })
        };
        entries.map(one).collect()
    }

    fn question(&self, question: &Question) -> Value {
        let bears_on = question.bears_on.iter().filter_map(|place| self.comparison.outcomes.get(*place));
        let bears_on: Vec<&str> = bears_on.filter_map(|one| Some(self.set(one)?.id.as_str())).collect();
        let (asked, entry) = match question.asked {
            Asked::Complete => ("complete", None),
            Asked::Amount(entry) => ("amount", Some(entry)),
            Asked::Circumstance(entry, what) => (circumstance_code(what), Some(entry)),
        };
        let item = entry.and_then(|entry| self.statement.entries.get(entry)).map(|one| one.item.def().id);
        json!({
            "asked": asked,
            "whose": entry.and_then(|entry| self.who(entry)),
            "item": item,
            "bearsOn": bears_on,
        })
    }
}

const fn circumstance_code(circumstance: Circumstance) -> &'static str {
    match circumstance {
        Circumstance::Workplace => "place",
        Circumstance::Stage => "stage",
        Circumstance::Mode => "mode",
        Circumstance::Evidence => "evidence",
    }
}

/// Exact fen, as fractions; `null` where nothing bounds it.
fn span(span: Span) -> Value {
    json!({ "least": span.least.map(fraction), "most": span.most.map(fraction) })
}

fn sources(list: &[Source]) -> Vec<String> {
    list.iter().map(source_text).collect()
}
