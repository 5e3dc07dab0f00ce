//! What goes into the API: households in the shape of their documents, filters and keys.

pub mod codes;
pub mod delivery;
mod household;
pub mod income;
pub mod proposal;
pub mod registry;

use async_graphql::{Enum, ID, InputObject, OneofObject};

pub use household::HouseholdInput;
pub use income::{CompareIncomesInput, IncomeStatementInput};

use super::scalars::Date;
use super::types::enums::{Goal, IdentityCode, MeasureSet, MeasureStanding, Track};

/// Which measure is meant.
#[derive(Clone, Debug, OneofObject)]
pub enum MeasureKey {
    /// The id that a field gave out.
    Id(ID),
    /// The short id, `D1`.
    Key(String),
    /// The code, `MEDICAL_ASSISTANCE`.
    Code(String),
}

/// Which measures to list. Every field that is given must fit.
#[derive(Clone, Debug, Default, InputObject)]
pub struct MeasureFilter {
    /// The owning department's key, `education`.
    pub department: Option<String>,
    /// The goal.
    pub goal: Option<Goal>,
    /// Measures in reach of this track, at the place and date asked for.
    pub track: Option<Track>,
    /// Measures in reach of this identity type, at the place and date asked for.
    pub identity: Option<IdentityCode>,
    /// The category.
    pub category: Option<String>,
    /// Which of the four sets.
    pub set: Option<MeasureSet>,
    /// Whether the paper names the measure.
    pub standing: Option<MeasureStanding>,
    /// A part of the name, code or short id, in Chinese or in English, in any case of letters.
    pub text: Option<String>,
}

/// A household to resolve, and under which rules.
#[derive(Clone, Debug, InputObject)]
pub struct ResolvePackageInput {
    /// The household, in the shape of a household file. Nothing of it is stored.
    pub household: HouseholdInput,
    /// The key of the place whose rules apply; the household's own place if left out.
    pub place: Option<String>,
    /// The date; today in China if left out.
    pub on: Option<Date>,
}

/// A decision about two people of the two lists who may be one.
#[derive(Clone, Debug, InputObject)]
pub struct DecideMatchInput {
    /// The number of the proposal.
    pub proposal: i64,
    /// Whether the two are one person.
    pub accept: bool,
    /// Why; from 1 to 200 plain characters.
    pub reason: String,
}

/// Whose ID number is asked for.
#[derive(Clone, Debug, InputObject)]
pub struct RevealIdNumberInput {
    /// The household's key.
    pub household: String,
    /// The member's key within it.
    pub member: String,
}

/// What is stated about a household, and for which days.
#[derive(Clone, Debug, InputObject)]
pub struct SaveHouseholdInput {
    /// The household, in the shape of a household file.
    pub household: HouseholdInput,
    /// The first day on which the household is like this.
    pub from: Date,
    /// The first day on which this says nothing any more; if left out, until something else is stated.
    pub until: Option<Date>,
    /// The number of the household's last save that the caller has seen, 0 for none: with another one in between
    /// nothing is saved. If left out, it is saved whatever happened.
    pub last_save: Option<i64>,
}

/// A measure to explain for a household, and under which rules.
#[derive(Clone, Debug, InputObject)]
pub struct ExplainMeasureInput {
    /// The measure.
    pub measure: MeasureKey,
    /// The household, in the shape of a household file. Nothing of it is stored.
    pub household: HouseholdInput,
    /// The key of the place whose rules apply; the household's own place if left out.
    pub place: Option<String>,
    /// The date; today in China if left out.
    pub on: Option<Date>,
}

/// A language that every name exists in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::text::Lang")]
pub enum Lang {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}
