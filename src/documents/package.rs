//! A package in canonical form: RFC 8785 JSON, money in whole fen, exact values as fractions, codes
//! and keys instead of names. The same facts, place, date, catalogue and engine give the same bytes.

use serde_json::{Value, json};

use crate::domain::condition::Leaf;
use crate::domain::facts::Household;
use crate::domain::identity::{Identity, IdentitySet};
use crate::domain::measure::Unpriced;
use crate::domain::package::{
    Against, Alternative, Alternatives, Amount, Basis, Beneficiary, Difference, Entitlement, HeadsAmount,
    Instead, Line, Missing, NeedOutcome, NeedRow, NeedState, NotTaken, Package, PartValue, Refusal,
    TopUpValue, Undecided,
};
use crate::domain::period::Period;
use crate::domain::ratio::Ratio;
use crate::domain::rulebook::Rulebook;
use crate::domain::schedule::{Comparison, Crossing, Schedule, Side};

/// The version of the engine; part of every package.
pub const ENGINE_VERSION: &str = env!("CARGO_PKG_VERSION");

/// The canonical form of a package.
pub fn document(rulebook: &Rulebook, household: &Household, package: &Package) -> Value {
    let names = Names { rulebook, household };
    json!({
        "engine": ENGINE_VERSION,
        "catalogue": rulebook.catalogue.hash.to_string(),
        "place": rulebook.place().map(|place| place.id.as_str()),
        "on": rulebook.on.to_string(),
        "household": household.key,
        "entitlements": names.entitlements(&package.entitlements),
        "alternatives": package.alternatives.iter().map(|choice| names.alternatives(choice)).collect::<Value>(),
        "notTaken": package.not_taken.iter().map(|row| names.not_taken(row)).collect::<Value>(),
        "undecided": package.undecided.iter().map(|row| names.undecided(row)).collect::<Value>(),
        "needs": package.needs.iter().map(|need| names.need(need, package)).collect::<Value>(),
        "questions": names.missing(&package.questions()),
    })
}

/// The canonical bytes of a document.
///
/// # Errors
/// Only if the document holds a number that JSON cannot write, which no document of ours does.
pub fn canonical(document: &Value) -> Result<Vec<u8>, serde_json::Error> {
    serde_json_canonicalizer::to_vec(document)
}

pub(super) struct Names<'a> {
    pub(super) rulebook: &'a Rulebook,
    pub(super) household: &'a Household,
}

impl Names<'_> {
    /// The key of a member; the household is `null`.
    pub(super) fn who(&self, who: Beneficiary) -> Value {
        match who {
            Beneficiary::Household => Value::Null,
            Beneficiary::Person(index) => {
                json!(self.household.members.get(index).map(|member| member.key.as_str()))
            }
        }
    }

    fn measure(&self, place: usize) -> Value {
        json!(self.rulebook.catalogue.measures.get(place).map(|measure| measure.id.as_str()))
    }

    pub(super) fn standard(&self, place: usize) -> Value {
        json!(self.rulebook.standard(place).map(|(_, standard)| standard.id.as_str()))
    }

    fn entitlements(&self, list: &[Entitlement]) -> Value {
        list.iter().map(|one| self.entitlement(one)).collect()
    }

    fn entitlement(&self, one: &Entitlement) -> Value {
        let cascade = self.rulebook.cascade_of(one.offer);
        let cascade = cascade.and_then(|place| self.rulebook.catalogue.cascades.get(place));
        json!({
            "cascade": cascade.map(|cascade| cascade.id.as_str()),
            "beneficiary": self.who(one.who),
            "identity": one.identity.code(),
            "lines": one.lines.iter().map(|line| self.line(line)).collect::<Value>(),
            "provisional": one.provisional,
        })
    }

    fn line(&self, line: &Line) -> Value {
        let measure = self.rulebook.standard(line.standard).map(|(measure, _)| measure.id.as_str());
        let extension = line.extension.and_then(|place| self.rulebook.extension(place));
        let parts = line.parts.iter().enumerate().map(|(place, part)| self.part(line.standard, place, part));
        json!({
            "measure": measure,
            "standard": self.standard(line.standard),
            "extension": extension.map(|extension| extension.id.as_str()),
            "period": period_code(line.period),
            "amount": amount(&line.amount, self),
            "parts": parts.collect::<Value>(),
        })
    }

    fn part(&self, standard: usize, place: usize, part: &PartValue) -> Value {
        match part {
            PartValue::Exact(exact) => json!({ "kind": "exact", "exact": fraction(*exact) }),
            PartValue::Open(basis, schedule) => json!({
                "kind": "open",
                "basis": self.basis(*basis),
                "schedule": self.rulebook.schedule(*schedule).map(schedule_value),
            }),
            PartValue::Loan(ceiling) => json!({ "kind": "loan", "ceiling": ceiling.value() }),
            PartValue::Unpriced => {
                let reason = self.rulebook.unpriced(standard, place);
                json!({ "kind": "unpriced", "reason": reason.map(Unpriced::code) })
            }
        }
    }

    fn basis(&self, basis: Basis) -> Value {
        json!({ "subject": self.who(basis.who), "fact": basis.fact.def().id })
    }

    fn alternatives(&self, choice: &Alternatives) -> Value {
        let bundle = |bundle: &Alternative| {
            json!({
                "from": bundle.from.map(|(exact, first)| json!({ "exact": fraction(exact), "first": first })),
                "entitlements": self.entitlements(&bundle.entitlements),
            })
        };
        json!({
            "basis": choice.basis.map(|basis| self.basis(basis)),
            "bundles": choice.bundles.iter().map(bundle).collect::<Value>(),
        })
    }

    fn not_taken(&self, row: &NotTaken) -> Value {
        let (rule, exclusion) = match row.reason {
            Refusal::SameMeasure => ("same_measure", None),
            Refusal::SameCategory => ("same_category", None),
            Refusal::Exclusion(place) => ("exclusion", self.rulebook.catalogue.exclusions.get(place)),
        };
        let by = match row.by {
            Against::Entitlement(place) => json!({ "entitlement": place }),
            Against::Alternatives(place) => json!({ "alternatives": place }),
        };
        json!({
            "refused": self.entitlement(&row.refused),
            "rule": rule,
            "exclusion": exclusion.map(|exclusion| exclusion.id.as_str()),
            "by": by,
            "difference": difference(&row.difference),
            "instead": row.instead.as_ref().map(|instead| self.instead(instead)),
            "missing": self.missing(&row.missing),
        })
    }

    fn instead(&self, instead: &Instead) -> Value {
        json!({
            "entitlements": self.entitlements(&instead.entitlements),
            "givenUp": instead.given_up,
            "difference": instead.difference.map(fraction),
        })
    }

    fn undecided(&self, row: &Undecided) -> Value {
        let standard = |(standard, identities): &(usize, IdentitySet)| {
            let identities: Vec<&str> = identities.iter().map(Identity::code).collect();
            json!({ "standard": self.standard(*standard), "identities": identities })
        };
        json!({
            "measure": self.measure(row.measure),
            "beneficiary": self.who(row.who),
            "standards": row.standards.iter().map(standard).collect::<Value>(),
            "missing": self.missing(&row.missing),
        })
    }

    pub(super) fn missing(&self, missing: &[Missing]) -> Value {
        let one = |missing: &Missing| match &missing.leaf {
            Leaf::Fact(fact) => json!({ "subject": self.who(missing.who), "fact": fact.def().id }),
            Leaf::Param(name) => json!({ "parameter": name.as_ref() }),
        };
        missing.iter().map(one).collect()
    }

    fn need(&self, need: &NeedOutcome, package: &Package) -> Value {
        let row = |row: &NeedRow| {
            let covering = row.covered_by.iter().filter_map(|place| package.entitlements.get(*place));
            let lines = covering.flat_map(|one| &one.lines);
            let mut covered_by: Vec<&str> =
                lines.filter_map(|line| Some(self.rulebook.standard(line.standard)?.0.id.as_str())).collect();
            covered_by.dedup();
            json!({
                "beneficiary": self.who(row.who),
                "state": state_code(row.state),
                "coveredBy": covered_by,
                "inReach": row.in_reach.iter().map(|place| self.measure(*place)).collect::<Value>(),
                "missing": self.missing(&row.missing),
            })
        };
        json!({
            "need": self.rulebook.catalogue.needs.get(need.need).map(|need| need.id.as_str()),
            "state": state_code(need.state),
            "rows": need.rows.iter().map(row).collect::<Value>(),
        })
    }
}

/// The code of a period.
pub const fn period_code(period: Period) -> &'static str {
    match period {
        Period::Month => "month",
        Period::Year => "year",
        Period::Once => "once",
    }
}

/// The code of the state of a need.
pub const fn state_code(state: NeedState) -> &'static str {
    match state {
        NeedState::Covered => "covered",
        NeedState::Unknown => "unknown",
        NeedState::Open => "open",
        NeedState::Unmet => "unmet",
    }
}

pub(super) fn fraction(exact: Ratio) -> Value {
    json!(exact.to_string())
}

fn amount(amount: &Amount, names: &Names<'_>) -> Value {
    match amount {
        Amount::Priced { exact, payment } => {
            json!({ "kind": "priced", "exact": fraction(*exact), "payment": payment.value() })
        }
        Amount::PricedInPart { exact, payment } => {
            json!({ "kind": "priced_in_part", "exact": fraction(*exact), "payment": payment.value() })
        }
        Amount::Open => json!({ "kind": "open" }),
        Amount::ByHeads(options) => {
            let option = |option: &HeadsAmount| match &option.value {
                TopUpValue::Priced { exact, payment } => {
                    json!({ "heads": option.heads, "exact": fraction(*exact), "payment": payment.value() })
                }
                TopUpValue::Open(basis, schedule) => {
                    json!({ "heads": option.heads, "basis": names.basis(*basis), "schedule": schedule_value(schedule) })
                }
            };
            json!({ "kind": "by_heads", "options": options.iter().map(option).collect::<Value>() })
        }
        Amount::Loan(ceiling) => json!({ "kind": "loan", "ceiling": ceiling.value() }),
        Amount::Unpriced => json!({ "kind": "unpriced" }),
    }
}

pub(super) fn schedule_value(schedule: &Schedule) -> Value {
    let pieces = schedule.pieces().map(|piece| {
        json!({ "start": fraction(piece.start), "value": fraction(piece.value), "slope": fraction(piece.slope) })
    });
    json!({ "upTo": schedule.hi(), "pieces": pieces.collect::<Value>() })
}

fn difference(difference: &Difference) -> Value {
    let range = |kind: &str, least: &Ratio, most: &Ratio, growing: &bool| json!({ "kind": kind, "least": fraction(*least), "most": fraction(*most), "growing": growing });
    match difference {
        Difference::Exact(exact) => json!({ "kind": "exact", "exact": fraction(*exact) }),
        Difference::SameStandard => json!({ "kind": "same_standard" }),
        Difference::NotComparable => json!({ "kind": "not_comparable" }),
        Difference::OverRange(Comparison::Equal) => json!({ "kind": "equal" }),
        Difference::OverRange(Comparison::Dominates { least, most, growing }) => {
            range("never_below", least, most, growing)
        }
        Difference::OverRange(Comparison::Dominated { least, most, growing }) => {
            range("never_above", least, most, growing)
        }
        Difference::OverRange(Comparison::Crosses(crossings)) => {
            let one = |crossing: &Crossing| {
                json!({
                    "at": fraction(crossing.at),
                    "value": crossing.value.map(fraction),
                    "first": crossing.first,
                    "ahead": if crossing.ahead == Side::First { "taken" } else { "refused" },
                })
            };
            json!({ "kind": "crosses", "crossings": crossings.iter().map(one).collect::<Value>() })
        }
    }
}
