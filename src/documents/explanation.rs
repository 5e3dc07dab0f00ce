//! An explanation in canonical form: codes and keys, no names.

use serde_json::{Value, json};

use super::package::{Names, document as package_document};
use super::source_text;
use crate::domain::condition::Answer;
use crate::domain::explain::{ExplainedBeneficiary, ExplainedStandard, Explanation, Outcome};
use crate::domain::facts::Household;
use crate::domain::identity::{Identity, IdentitySet};
use crate::domain::rulebook::Rulebook;
use crate::domain::source::Source;

/// The canonical form of an explanation, with the package that its outcomes refer to.
pub fn document(rulebook: &Rulebook, household: &Household, explanation: &Explanation) -> Value {
    let names = Names { rulebook, household };
    let measure = rulebook.catalogue.measures.get(explanation.measure);
    json!({
        "measure": measure.map(|measure| measure.id.as_str()),
        "rows": explanation.rows.iter().map(|one| row(&names, one)).collect::<Value>(),
        "package": package_document(rulebook, household, &explanation.package),
    })
}

fn row(names: &Names<'_>, row: &ExplainedBeneficiary) -> Value {
    let (outcome, place) = match row.outcome {
        Outcome::Taken(place) => ("taken", Some(place)),
        Outcome::Alternative(place) => ("alternative", Some(place)),
        Outcome::NotTaken(place) => ("not_taken", Some(place)),
        Outcome::Undecided(place) => ("undecided", Some(place)),
        Outcome::ConditionNotMet => ("condition_not_met", None),
        Outcome::NoIdentity => ("no_identity", None),
    };
    json!({
        "beneficiary": names.who(row.who),
        "outcome": outcome,
        "place": place,
        "standards": row.standards.iter().map(|one| standard(names, one)).collect::<Value>(),
    })
}

fn standard(names: &Names<'_>, explained: &ExplainedStandard) -> Value {
    let known = names.rulebook.standard(explained.standard).map(|(_, standard)| standard);
    let definitions = known.map(|standard| standard.conditions.as_slice()).unwrap_or_default();
    let conditions = explained.conditions.iter().zip(definitions).map(|(condition, definition)| {
        json!({
            "when": definition.when.source(),
            "answer": answer_code(condition.answer),
            "restsOn": names.missing(&condition.rests_on),
            "sources": sources(&definition.sources),
        })
    });
    json!({
        "standard": names.standard(explained.standard),
        "openedBy": identities(explained.opened_by),
        "held": identities(explained.held),
        "heldOn": names.rulebook.identity_day(explained.standard).map(|day| day.to_string()),
        "answer": answer_code(explained.answer),
        "conditions": conditions.collect::<Value>(),
        "sources": known.map(|standard| sources(&standard.sources)),
    })
}

fn identities(set: IdentitySet) -> Vec<&'static str> {
    set.iter().map(Identity::code).collect()
}

fn sources(list: &[Source]) -> Vec<String> {
    list.iter().map(source_text).collect()
}

/// The code of an answer.
pub const fn answer_code(answer: Answer) -> &'static str {
    match answer {
        Answer::Met => "met",
        Answer::NotMet => "not_met",
        Answer::Unknown => "unknown",
    }
}
