//! The canonical form of a catalogue, and its content hash.
//!
//! RFC 8785 JSON, money in integer fen, rates as fractions, language-free codes. Translations,
//! notes, titles, the Chinese wordings of sources and where a document was read stay out: they change
//! nothing that anybody is entitled to.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::common::{PERIODS, UNITS};
use crate::domain::catalogue::{
    Cascade, Catalogue, CatalogueHash, Exclusion, ExclusionMode, ParameterRow, ParameterValue, Place,
};
use crate::domain::identity::IdentitySet;
use crate::domain::income::RuleSet;
use crate::domain::measure::{Cap, Gives, Measure, Note, Part, Rates, Standard, Term, Units};
use crate::domain::money::Fen;
use crate::domain::period::Validity;
use crate::domain::ratio::Ratio;
use crate::domain::schedule::Band;
use crate::domain::source::Source;

/// SHA-256 over the canonical form of a catalogue.
///
/// # Errors
/// A value that JSON cannot hold; a checked catalogue has none.
pub fn content_hash(catalogue: &Catalogue) -> Result<CatalogueHash, serde_json::Error> {
    let bytes = serde_json_canonicalizer::to_vec(&canonical(catalogue))?;
    Ok(CatalogueHash(Sha256::digest(&bytes).into()))
}

fn canonical(catalogue: &Catalogue) -> Value {
    json!({
        "identities": list(&catalogue.identities, |one| json!({
            "id": one.identity.code(), "sources": sources(&one.sources),
        })),
        "pairs": list(&catalogue.pairs, |pair| json!({
            "a": pair.a.code(), "b": pair.b.code(), "same_person": pair.same_person,
            "same_household": pair.same_household, "sources": sources(&pair.sources),
        })),
        "departments": list(&catalogue.departments, |one| json!({
            "id": one.id, "sources": sources(&one.sources),
        })),
        "measures": list(&catalogue.measures, measure),
        "exclusions": list(&catalogue.exclusions, exclusion),
        "cascades": list(&catalogue.cascades, cascade),
        "needs": list(&catalogue.needs, |need| json!({
            "id": need.id, "unit": code(&UNITS, need.unit), "when": need.when.source().trim(),
            "sources": sources(&need.sources),
        })),
        "parameters": list(&catalogue.parameters, |def| json!({
            "name": def.name, "type": code(&super::names::PARAMETER_TYPES, def.ty),
        })),
        "places": list(&catalogue.places, place),
        "income": list(&catalogue.income, rule_set),
        "documents": list(&catalogue.documents, |one| json!({ "id": one.id, "official": one.official })),
    })
}

fn measure(measure: &Measure) -> Value {
    let field = |(name, list): &(String, Vec<Source>)| (name.clone(), sources(list));
    json!({
        "id": measure.id,
        "code": measure.code,
        "set": code(&super::measures::SETS, measure.set),
        "goal": code(&super::measures::GOALS, measure.goal),
        "category": measure.category,
        "unit": code(&UNITS, measure.unit),
        "form": code(&super::measures::FORMS, measure.form),
        "department": measure.department,
        "with": measure.with,
        "answers_need": measure.answers_need,
        "standing": super::measures::standing_code(measure.standing),
        "basis": sources(&measure.basis),
        "sources": measure.sources.iter().map(field).collect::<Map<_, _>>(),
        "standards": list(&measure.standards, standard),
    })
}

fn standard(standard: &Standard) -> Value {
    json!({
        "id": standard.id,
        "validity": validity(standard.validity),
        "identities": identities(standard.identities),
        "identity_on": standard.identity_on,
        "conditions": list(&standard.conditions, |condition| json!({
            "when": condition.when.source().trim(), "sources": sources(&condition.sources),
        })),
        "parts": list(&standard.parts, part),
        "period": standard.period.map(|period| code(&PERIODS, period)),
        "rounding": code(&super::standards::ROUNDINGS, standard.rounding),
        "sources": sources(&standard.sources),
    })
}

fn part(part: &Part) -> Value {
    json!({ "gives": gives(&part.gives), "sources": sources(&part.sources) })
}

fn gives(gives: &Gives) -> Value {
    let money = |term: &Term<_>| self::term(term, |fen: &Fen| json!(fen.value()));
    let rate = |rate: &Term<_>| term(rate, ratio);
    match gives {
        Gives::Amount { amount } => json!({ "amount": money(amount) }),
        Gives::ShareOf { rate: share, of } => json!({ "share_of": { "rate": rate(share), "of": money(of) } }),
        Gives::PerUnit { price, units, times } => {
            let units = match units {
                Units::Fact(fact) => json!({ "fact": fact.def().id }),
                Units::Term(count) => term(count, |count| json!(count)),
            };
            json!({ "per_unit": { "price": rate(price), "units": units, "times": times } })
        }
        Gives::Reimbursement { basis, deductible, deductible_factor, rates, rate_plus, cap } => {
            let (key, rates) = match rates {
                Rates::Rate(one) => ("rate", rate(one)),
                Rates::Bands(several) => ("bands", term(several, |several| bands(several))),
            };
            let cap = match cap {
                Cap::None => json!("none"),
                Cap::Most(most) => money(most),
            };
            json!({ "reimbursement": {
                "basis": basis.def().id, "deductible": money(deductible),
                "deductible_factor": rate(deductible_factor), key: rates, "rate_plus": rate(rate_plus), "cap": cap,
            } })
        }
        Gives::TopUp { line, not_heads } => {
            json!({ "top_up": { "line": money(line), "not_heads": not_heads } })
        }
        Gives::Loan { ceiling } => json!({ "loan": money(ceiling) }),
        Gives::Unpriced { reason, practice } => {
            let practice = practice.map(|(least, most)| [least.value(), most.value()]);
            json!({ "unpriced": { "reason": reason.code(), "practice": practice } })
        }
    }
}

fn exclusion(exclusion: &Exclusion) -> Value {
    let mut members = exclusion.members.clone();
    if exclusion.mode != ExclusionMode::Priority {
        members.sort();
    }
    json!({
        "id": exclusion.id,
        "mode": code(&super::rules::MODES, exclusion.mode),
        "members": members,
        "scope": code(&UNITS, exclusion.scope),
        "validity": validity(exclusion.validity),
        "sources": sources(&exclusion.sources),
    })
}

fn cascade(cascade: &Cascade) -> Value {
    json!({
        "id": cascade.id, "links": cascade.links, "basis": cascade.basis.def().id,
        "sources": sources(&cascade.sources),
    })
}

fn place(place: &Place) -> Value {
    json!({
        "id": place.id,
        "extends": place.extends,
        "parameters": list(&place.parameters, row),
        "extensions": list(&place.extensions, |extension| json!({
            "id": extension.id,
            "validity": validity(extension.validity),
            "measures": extension.measures,
            "like": extension.like.code(),
            "to": identities(extension.to),
            "sources": sources(&extension.sources),
        })),
    })
}

fn row(row: &ParameterRow) -> Value {
    let value = match &row.value {
        ParameterValue::Money { amount, period } => {
            json!({ "money": amount.value(), "per": period.map(|period| code(&PERIODS, period)) })
        }
        ParameterValue::Share { rate, of } => json!({ "rate": ratio(rate), "of": of }),
        ParameterValue::Rate(rate) => json!({ "rate": ratio(rate) }),
        ParameterValue::Price(price) => json!({ "price": ratio(price) }),
        ParameterValue::Bands(several) => json!({ "bands": bands(several) }),
        ParameterValue::Date(date) => json!({ "date": date.to_string() }),
        ParameterValue::Count(count) => json!({ "count": count }),
        ParameterValue::None => json!("none"),
    };
    json!({
        "name": row.name, "validity": validity(row.validity), "value": value, "sources": sources(&row.sources),
    })
}

fn rule_set(set: &RuleSet) -> Value {
    let remark = |note: &Option<Note>| note.as_ref().map(|note| sources(&note.sources));
    json!({
        "id": set.id,
        "role": code(&super::income::ROLES, set.role),
        "track": code(&super::income::TRACKS, set.track),
        "same_as": set.same_as,
        "places": set.places,
        "validity": validity(set.validity),
        "period": remark(&set.period),
        "heads": remark(&set.heads),
        "floor": remark(&set.floor),
        "rows": list(&set.rows, |row| json!({
            "items": row.items.iter().map(|item| item.def().id).collect::<Vec<_>>(),
            "counts": row.counts,
            "only_if": list(&row.only_if, super::income::requirement_value),
            "validity": validity(row.validity),
            "sources": sources(&row.sources),
        })),
        "lines": list(&set.lines, |line| json!({
            "id": line.id,
            "amount": term(&line.amount, |fen| json!(fen.value())),
            "per": code(&PERIODS, line.per),
            "times": ratio(&line.times),
            "unless_below": line.unless_below,
            "supports": list(&line.supports, |one| json!({
                "identities": identities(one.identities), "granted_by": one.granted_by, "top_up": one.top_up,
            })),
            "sources": sources(&line.sources),
        })),
        "indicators": list(&set.indicators, |one| json!({
            "fact": one.fact.def().id, "sources": sources(&one.sources),
        })),
        "sources": sources(&set.sources),
    })
}

fn list<T>(items: &[T], one: impl Fn(&T) -> Value) -> Value {
    Value::Array(items.iter().map(one).collect())
}

fn sources(list: &[Source]) -> Value {
    let one = |source: &Source| json!({ "tag": source.tag.code(), "document": source.document, "detail": source.detail });
    self::list(list, one)
}

fn validity(validity: Validity) -> Value {
    json!([validity.from.to_string(), validity.until.map(|until| until.to_string())])
}

fn identities(set: IdentitySet) -> Value {
    Value::Array(set.iter().map(|identity| json!(identity.code())).collect())
}

fn term<T>(term: &Term<T>, fixed: impl Fn(&T) -> Value) -> Value {
    match term {
        Term::Fixed(value) => fixed(value),
        Term::Parameter(name) => json!({ "parameter": name }),
    }
}

fn ratio(ratio: &Ratio) -> Value {
    json!(ratio.to_string())
}

fn bands(bands: &[Band]) -> Value {
    list(bands, |band| json!({ "upto": band.upto.map(Fen::value), "rate": ratio(&band.rate) }))
}

/// The code under which a value is written in the files.
fn code<T: Copy + PartialEq>(codes: &[(&'static str, T)], value: T) -> &'static str {
    codes.iter().find(|(_, known)| *known == value).map_or("", |(code, _)| code)
}
