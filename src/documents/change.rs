//! What changed between two packages, as it stands in a household's chain and is printed: RFC 8785 JSON, money in
//! whole fen, codes and keys instead of names.

use serde::{Deserialize, Serialize};

use super::package::{canonical, period_code, schedule_value, state_code};
use crate::domain::difference::{self, Absence, Difference, Whose, Worth};
use crate::domain::ledger::{Covers, Reclaim};
use crate::domain::money::Fen;

/// What changed, and what of it is to be reclaimed.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Change {
    /// What only the second package holds.
    pub gained: Vec<Moved>,
    /// What only the first package holds.
    pub lost: Vec<Moved>,
    /// What both hold, not alike.
    pub changed: Vec<Altered>,
    /// Needs whose state changed.
    pub needs: Vec<NeedMoved>,
    /// Deliveries that stand, of which more or less is to be reclaimed than before.
    pub reclaim: Vec<ToReclaim>,
    /// Why a package could not be told exactly; then the lists above do not tell everything.
    pub unresolved: Option<String>,
}

/// An entitlement that one of two packages holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Moved {
    /// The entitlement.
    pub entitlement: Entitlement,
    /// Why the other package does not hold it.
    pub why: Why,
}

/// An entitlement that both packages hold, not alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Altered {
    /// As it was.
    pub before: Entitlement,
    /// As it is.
    pub after: Entitlement,
    /// Whether the beneficiary no longer holds the identity under which it was taken.
    pub identity_ended: bool,
}

/// One measure or cascade, for one beneficiary, under one identity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entitlement {
    /// The measure or cascade, by id.
    pub offer: String,
    /// The member by key; `None` is the household.
    pub beneficiary: Option<String>,
    /// The identity type, by code.
    pub identity: String,
    /// One line per measure.
    pub lines: Vec<Line>,
}

/// What one measure gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Line {
    /// The measure, by id.
    pub measure: String,
    /// The standard, by id.
    pub standard: String,
    /// What one payment covers: `month`, `year` or `once`.
    pub period: String,
    /// How much.
    pub amount: Amount,
}

/// How much is paid in one period, after rounding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase", tag = "kind", deny_unknown_fields)]
pub enum Amount {
    /// This much, in fen.
    Priced {
        /// The payment.
        payment: i64,
    },
    /// This much, in fen, beside parts without a price.
    PricedInPart {
        /// The payment.
        payment: i64,
    },
    /// It depends on facts that are not known.
    Open {
        /// The parts.
        parts: Vec<OpenPart>,
    },
    /// By how many persons count as heads.
    ByHeads {
        /// Fewest heads first.
        options: Vec<Heads>,
    },
    /// A loan up to this much, in fen.
    Loan {
        /// The most that is lent.
        ceiling: i64,
    },
    /// Without a price.
    Unpriced,
}

/// A part of an amount that depends on a fact that is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenPart {
    /// Whose fact: the member by key; `None` is the household.
    pub subject: Option<String>,
    /// The fact, by id.
    pub fact: String,
    /// The amount by the fact, as packages write it.
    pub schedule: serde_json::Value,
}

/// A payment for one number of heads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Heads {
    /// How many persons count.
    pub heads: u32,
    /// The payment in fen; `None` where it also depends on an income that is not known.
    pub payment: Option<i64>,
}

/// Why a package does not hold something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Why {
    /// The stable code.
    pub code: String,
    /// The identity type that is not held, by code.
    pub identity: Option<String>,
    /// What is taken instead.
    pub instead: Vec<Named>,
    /// What is not known and would decide.
    pub missing: Vec<Missing>,
}

/// A measure or cascade, and for whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Named {
    /// The measure or cascade, by id.
    pub offer: String,
    /// The member by key; `None` is the household.
    pub beneficiary: Option<String>,
}

/// A fact or parameter that is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Missing {
    /// Whose fact: the member by key; `None` is the household.
    pub subject: Option<String>,
    /// The id of the fact; `None` if it is a parameter.
    pub fact: Option<String>,
    /// The name of the place's parameter; `None` if it is a fact.
    pub parameter: Option<String>,
}

/// A need whose state changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NeedMoved {
    /// The need, by id.
    pub need: String,
    /// Who has it: the member by key; `None` is the household.
    pub beneficiary: Option<String>,
    /// Its state before, by code; `None` if the need was not there.
    pub before: Option<String>,
    /// Its state now, by code; `None` if the need is not there.
    pub after: Option<String>,
}

/// A delivery that stands and that the facts do not support, or support again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ToReclaim {
    /// The entry of the household's chain.
    pub entry: i64,
    /// The measure or cascade, by id.
    pub offer: String,
    /// The member by key; `None` is the household.
    pub beneficiary: Option<String>,
    /// What it covers.
    pub period: String,
    /// The department that delivered it.
    pub department: String,
    /// What it paid, in fen; `None` if nothing is counted in money.
    pub paid: Option<i64>,
    /// How much of it is to be reclaimed, in fen; 0 if all of it is supported again; `None` if nothing is
    /// counted in money.
    pub amount: Option<i64>,
    /// The stable code of the reason.
    pub why: String,
    /// Whether the facts deny it, rather than leave it open.
    pub certain: bool,
}

/// The code of a delivery that is supported again.
pub const SUPPORTED_AGAIN: &str = "supported_again";

impl Change {
    /// What changed between two packages; nothing is to be reclaimed by it.
    pub fn new(difference: &Difference) -> Self {
        Self {
            gained: difference.gained.iter().map(Moved::new).collect(),
            lost: difference.lost.iter().map(Moved::new).collect(),
            changed: difference.changed.iter().map(Altered::new).collect(),
            needs: difference.needs.iter().map(NeedMoved::new).collect(),
            reclaim: Vec::new(),
            unresolved: None,
        }
    }

    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The canonical text.
    ///
    /// # Errors
    /// Only if it holds a number that JSON cannot write, which no change does.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        let bytes = canonical(&serde_json::to_value(self)?)?;
        String::from_utf8(bytes).map_err(serde::ser::Error::custom)
    }

    /// Reads [`Self::text`] back.
    ///
    /// # Errors
    /// The text is no change.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

impl Moved {
    fn new(moved: &difference::Moved) -> Self {
        Self { entitlement: Entitlement::new(&moved.entitled), why: Why::new(&moved.absence) }
    }
}

impl Altered {
    fn new(altered: &difference::Altered) -> Self {
        Self {
            before: Entitlement::new(&altered.before),
            after: Entitlement::new(&altered.after),
            identity_ended: altered.identity_ended,
        }
    }
}

impl Entitlement {
    fn new(entitled: &difference::Entitled) -> Self {
        let line = |line: &difference::EntitledLine| Line {
            measure: line.measure.clone(),
            standard: line.standard.clone(),
            period: period_code(line.period).to_owned(),
            amount: Amount::new(&line.worth),
        };
        Self {
            offer: entitled.whose.offer.clone(),
            beneficiary: entitled.whose.beneficiary.clone(),
            identity: entitled.identity.code().to_owned(),
            lines: entitled.lines.iter().map(line).collect(),
        }
    }
}

impl Amount {
    fn new(worth: &Worth) -> Self {
        match worth {
            Worth::Priced(payment) => Self::Priced { payment: payment.value() },
            Worth::PricedInPart(payment) => Self::PricedInPart { payment: payment.value() },
            Worth::Open(parts) => {
                let part = |part: &difference::OpenPart| OpenPart {
                    subject: part.subject.clone(),
                    fact: part.fact.def().id.to_owned(),
                    schedule: schedule_value(&part.schedule),
                };
                Self::Open { parts: parts.iter().map(part).collect() }
            }
            Worth::ByHeads(options) => {
                let option = |(heads, payment): &(u32, Option<Fen>)| Heads {
                    heads: *heads,
                    payment: payment.map(Fen::value),
                };
                Self::ByHeads { options: options.iter().map(option).collect() }
            }
            Worth::Loan(ceiling) => Self::Loan { ceiling: ceiling.value() },
            Worth::Unpriced => Self::Unpriced,
        }
    }
}

impl Why {
    fn new(absence: &Absence) -> Self {
        let named =
            |whose: &Whose| Named { offer: whose.offer.clone(), beneficiary: whose.beneficiary.clone() };
        let missing = |asked: &difference::Asked| Missing {
            subject: asked.subject.clone(),
            fact: (!asked.parameter).then(|| asked.name.clone()),
            parameter: asked.parameter.then(|| asked.name.clone()),
        };
        let mut why = Self {
            code: absence.code().to_owned(),
            identity: None,
            instead: Vec::new(),
            missing: Vec::new(),
        };
        match absence {
            Absence::NoIdentity(identity) => why.identity = Some(identity.code().to_owned()),
            Absence::NotTaken(instead) => why.instead = instead.iter().map(named).collect(),
            Absence::Undecided(asked) => why.missing = asked.iter().map(missing).collect(),
            _ => {}
        }
        why
    }
}

impl NeedMoved {
    fn new(moved: &difference::NeedMoved) -> Self {
        Self {
            need: moved.need.clone(),
            beneficiary: moved.beneficiary.clone(),
            before: moved.before.map(|state| state_code(state).to_owned()),
            after: moved.after.map(|state| state_code(state).to_owned()),
        }
    }
}

/// A delivery that stands.
#[derive(Clone, Copy, Debug)]
pub struct Delivered<'a> {
    /// The entry.
    pub entry: i64,
    /// The measure or cascade, by id.
    pub offer: &'a str,
    /// The member by key; `None` is the household.
    pub beneficiary: Option<&'a str>,
    /// What it covers.
    pub covers: Covers,
    /// The department.
    pub department: &'a str,
    /// What it paid; `None` if nothing is counted in money.
    pub paid: Option<Fen>,
}

impl ToReclaim {
    /// What of a delivery is to be reclaimed now; `None` if all of it is supported again.
    pub fn new(delivered: Delivered<'_>, reclaim: Option<Reclaim>) -> Self {
        let amount = match reclaim {
            Some(reclaim) => reclaim.amount,
            None => delivered.paid.map(|_| Fen::new(0)),
        };
        Self {
            entry: delivered.entry,
            offer: delivered.offer.to_owned(),
            beneficiary: delivered.beneficiary.map(str::to_owned),
            period: delivered.covers.to_string(),
            department: delivered.department.to_owned(),
            paid: delivered.paid.map(Fen::value),
            amount: amount.map(Fen::value),
            why: reclaim.map_or(SUPPORTED_AGAIN, |reclaim| reclaim.reason.code()).to_owned(),
            certain: reclaim.is_none_or(|reclaim| reclaim.reason.certain()),
        }
    }
}
