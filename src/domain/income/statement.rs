//! What a household states of its receipts and costs of twelve months.

use super::items::{Circumstance, Item, Workplace};
use crate::domain::money::Fen;
use crate::domain::package::Beneficiary;

/// A statement: the members who live together, and their receipts and costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// A key of the caller's own for the household.
    pub key: String,
    /// The place whose rules apply unless the caller names one.
    pub place: Option<String>,
    /// Whether everything of the twelve months is stated. If not, other receipts and costs may exist, and
    /// no total has a bound.
    pub complete: bool,
    /// The members who live together 共同生活的家庭成员, at least one; they are the heads.
    pub members: Vec<Member>,
    /// The receipts and costs, the members' first.
    pub entries: Vec<Entry>,
}

/// A member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// A key, unique in the household.
    pub key: String,
    /// The name, for display only.
    pub name: Option<String>,
}

/// One receipt or cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Whose it is.
    pub who: Beneficiary,
    /// What it is.
    pub item: Item,
    /// The number of its record: entries of one job, study, business or property share it.
    pub record: usize,
    /// What the record or the item is called, for display only.
    pub label: Option<String>,
    /// The amount of twelve months, from 0; not known if `None`.
    pub amount: Option<Fen>,
    /// What is known beside the amount.
    pub circumstances: Circumstances,
}

/// What is known of an entry beside its amount; `None` is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// Where the work is done.
    pub workplace: Option<Workplace>,
    /// The stage of study, by its place in [`STAGE`](crate::domain::vocabulary::STAGE).
    pub stage: Option<usize>,
    /// The mode of study, by its place in [`MODE`](crate::domain::vocabulary::MODE).
    pub mode: Option<usize>,
    /// Whether there is evidence.
    pub evidence: Option<bool>,
}

impl Circumstance {
    /// The question put to a clerk in Chinese and in English.
    pub const fn ask(self) -> [&'static str; 2] {
        match self {
            Self::Workplace => ["务工地点在市域内还是市域外？", "Is the work inside or outside the city?"],
            Self::Stage => ["目前就读哪个学段？", "Which stage of study is it?"],
            Self::Mode => ["是全日制、非全日制还是休学？", "Is the study full-time, part-time or suspended?"],
            Self::Evidence => ["有没有费用凭证？", "Is there evidence of the cost?"],
        }
    }
}
