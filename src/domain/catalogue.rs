//! The catalogue: every definition of a policies folder, checked, with its content hash.

use chrono::NaiveDate;

use super::condition::Expression;
use super::facts::Fact;
use super::identity::{Identity, IdentitySet};
use super::income::RuleSet;
use super::measure::{Measure, Note, Unit};
use super::money::Fen;
use super::period::{Period, Validity};
use super::ratio::Ratio;
use super::registries::matching::MatchRule;
use super::schedule::Band;
use super::source::{Document, Source};
use super::text::Text;

/// Every definition, as checked and in matrix order. Only `policy_files` builds one, after its checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    /// SHA-256 over the canonical form, without translations and notes.
    pub hash: CatalogueHash,
    /// The seven identity types, in order.
    pub identities: Vec<IdentityType>,
    /// The 21 pairs of different identity types.
    pub pairs: Vec<IdentityPair>,
    /// The departments, by id.
    pub departments: Vec<Department>,
    /// The measures, in matrix order D, M, C, S and then by number.
    pub measures: Vec<Measure>,
    /// Exclusions between measures, by id.
    pub exclusions: Vec<Exclusion>,
    /// Cascades, by id.
    pub cascades: Vec<Cascade>,
    /// The rules by which people of the two registries may be one, the surest first. They change no package, so
    /// the hash does not cover them.
    pub matching: Vec<MatchRule>,
    /// Needs, in the order of the file.
    pub needs: Vec<Need>,
    /// Names and types of the parameters that places set.
    pub parameters: Vec<ParameterDef>,
    /// The places, each after the one it extends.
    pub places: Vec<Place>,
    /// The income arithmetics: those in use apart, the joined ones, then readings.
    pub income: Vec<RuleSet>,
    /// The list of sources.
    pub documents: Vec<Document>,
}

/// The content hash of a catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CatalogueHash(pub [u8; 32]);

/// What is said of an identity type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityType {
    /// The type.
    pub identity: Identity,
    /// Its name.
    pub name: Text,
    /// The test by which it is granted, in words.
    pub test: Text,
    /// Where it is known from.
    pub sources: Vec<Source>,
}

/// Whether two identity types may be held together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityPair {
    /// The first, in order.
    pub a: Identity,
    /// The second.
    pub b: Identity,
    /// Whether one person may hold both.
    pub same_person: bool,
    /// Whether one household may hold both.
    pub same_household: bool,
    /// Where it is known from.
    pub sources: Vec<Source>,
}

/// A department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// Where its part in the matter is known from.
    pub sources: Vec<Source>,
}

/// Measures that exclude one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// Its id.
    pub id: String,
    /// In words.
    pub text: Text,
    /// How it is decided.
    pub mode: ExclusionMode,
    /// Measures, or single standards, by id. With `priority` the first stands over each other one.
    pub members: Vec<String>,
    /// Whether it binds for one person, or in one household.
    pub scope: Unit,
    /// When it is in force.
    pub validity: Validity,
    /// Where it is known from.
    pub sources: Vec<Source>,
}

/// How an exclusion is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ExclusionMode {
    /// The better bundle wins.
    Highest,
    /// The first named binds against any bundle that holds it.
    Priority,
    /// The applicant chooses; the better bundle is proposed.
    Choice,
}

/// Reimbursements that pay one after the other on what is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cascade {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// The measures, in the order in which they pay.
    pub links: Vec<String>,
    /// The fact that holds the cost.
    pub basis: Fact,
    /// Where it is known from.
    pub sources: Vec<Source>,
}

/// A need, and the rule by which facts show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// Whether persons or the household have it.
    pub unit: Unit,
    /// When it is there.
    pub when: Expression,
    /// Where it is known from.
    pub sources: Vec<Source>,
}

/// A name under which places set values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterDef {
    /// The name.
    pub name: String,
    /// What values it takes.
    pub ty: ParameterType,
    /// In words.
    pub text: Text,
}

/// What values a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParameterType {
    /// An amount; may carry a period.
    Money,
    /// A share from 0 to 1.
    Rate,
    /// A factor of a sum, 0 or more.
    Factor,
    /// Fen for one unit.
    Price,
    /// Bands over a deductible.
    Bands,
    /// A day.
    Date,
    /// A whole number.
    Count,
}

/// A place 地区: a jurisdiction, or a profile of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its id, `huaibei`.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// The place whose rows hold where this one has none.
    pub extends: Option<String>,
    /// What a reader should know.
    pub notes: Vec<Note>,
    /// The values it sets.
    pub parameters: Vec<ParameterRow>,
    /// Measures it opens to further identities.
    pub extensions: Vec<Extension>,
}

/// A value from a date. It runs until its end, or until a later row of the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterRow {
    /// The parameter.
    pub name: String,
    /// When it is in force.
    pub validity: Validity,
    /// The value.
    pub value: ParameterValue,
    /// Where it is known from.
    pub sources: Vec<Source>,
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterValue {
    /// An amount.
    Money {
        /// The amount.
        amount: Fen,
        /// What it covers, where the standard leaves that to the place.
        period: Option<Period>,
    },
    /// A share of another parameter's amount.
    Share {
        /// The share.
        rate: Ratio,
        /// The other parameter.
        of: String,
    },
    /// A rate or factor.
    Rate(Ratio),
    /// Fen for one unit.
    Price(Ratio),
    /// Bands over a deductible.
    Bands(Vec<Band>),
    /// A day.
    Date(NaiveDate),
    /// A whole number.
    Count(i64),
    /// Stated to be none: no cap.
    None,
}

/// Measures that a place opens to further identities at the standards of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Its id.
    pub id: String,
    /// In words.
    pub text: Text,
    /// When it is in force.
    pub validity: Validity,
    /// The measures.
    pub measures: Vec<String>,
    /// Standards that this identity opens ...
    pub like: Identity,
    /// ... are opened to these as well.
    pub to: IdentitySet,
    /// Where it is known from.
    pub sources: Vec<Source>,
}

impl Catalogue {
    /// The place of this id.
    pub fn place(&self, id: &str) -> Option<&Place> {
        self.places.iter().find(|place| place.id == id)
    }

    /// The measure of this id or code.
    pub fn measure(&self, id_or_code: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.id == id_or_code || measure.code == id_or_code)
    }

    /// The place and those it extends, nearest first.
    pub fn lineage<'a>(&'a self, place: &'a Place) -> impl Iterator<Item = &'a Place> {
        std::iter::successors(Some(place), |place| self.place(place.extends.as_deref()?))
    }

    /// The row of a parameter that is in force: the nearest place that has one, its latest row.
    pub fn parameter<'a>(&'a self, place: &'a Place, name: &str, on: NaiveDate) -> Option<&'a ParameterRow> {
        self.lineage(place).find_map(|place| {
            let rows = place.parameters.iter().filter(|row| row.name == name && row.validity.contains(on));
            rows.max_by_key(|row| row.validity.from)
        })
    }

    /// The extensions in force in a place: its own and those of the places it extends.
    pub fn extensions<'a>(&'a self, place: &'a Place, on: NaiveDate) -> impl Iterator<Item = &'a Extension> {
        let all = self.lineage(place).flat_map(|place| &place.extensions);
        all.filter(move |extension| extension.validity.contains(on))
    }
}

impl std::fmt::Display for CatalogueHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A text that is no hash of a catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the hash of a catalogue has 64 hexadecimal digits")]
pub struct NoCatalogueHash;

impl std::str::FromStr for CatalogueHash {
    type Err = NoCatalogueHash;

    fn from_str(text: &str) -> Result<Self, NoCatalogueHash> {
        let mut hash = [0_u8; 32];
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(NoCatalogueHash);
        }
        let value = |digit: u8| match digit {
            b'0'..=b'9' => Some(digit - b'0'),
            b'a'..=b'f' => Some(digit - b'a' + 10),
            _ => None,
        };
        for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
            let [high, low] = pair else { return Err(NoCatalogueHash) };
            let (high, low) = (value(*high).ok_or(NoCatalogueHash)?, value(*low).ok_or(NoCatalogueHash)?);
            *byte = high * 16 + low;
        }
        Ok(Self(hash))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_read_as_it_is_written() {
        let bytes: Vec<u8> = (0..32).map(|index| index * 8 + 7).collect();
        let hash = CatalogueHash(bytes.try_into().unwrap());
        assert_eq!(hash.to_string().parse(), Ok(hash));
        for bad in ["", "0f", &"g".repeat(64), &"A".repeat(64), &"0".repeat(65)] {
            assert_eq!(bad.parse::<CatalogueHash>(), Err(NoCatalogueHash), "{bad}");
        }
    }
}
