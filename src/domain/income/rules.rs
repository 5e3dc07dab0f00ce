//! Rule sets: how one arithmetic treats every item, and the lines that it is held against.

use chrono::NaiveDate;

use super::items::{Circumstance, Item, Workplace};
use super::statement::Circumstances;
use crate::domain::catalogue::{Catalogue, Place};
use crate::domain::condition::Answer;
use crate::domain::facts::Fact;
use crate::domain::identity::IdentitySet;
use crate::domain::measure::{Note, Term};
use crate::domain::money::Fen;
use crate::domain::period::{Period, Validity};
use crate::domain::ratio::Ratio;
use crate::domain::source::Source;
use crate::domain::text::Text;

/// One income arithmetic. What another rule set lends it (`same_as`) stands in it as its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSet {
    /// Its id, `social_assistance`.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// A short name, for the head of a column.
    pub short: Text,
    /// What it is for.
    pub role: Role,
    /// The policy that uses it.
    pub track: TrackOfRules,
    /// The rule set that holds wherever this one says nothing.
    pub same_as: Option<String>,
    /// The places where it is in use, with those that extend them; everywhere if empty.
    pub places: Vec<String>,
    /// When it is in use.
    pub validity: Validity,
    /// The time over which receipts and costs are taken.
    pub period: Option<Note>,
    /// Who the heads are.
    pub heads: Option<Note>,
    /// That a total below zero counts as zero; `None` if it may be below zero.
    pub floor: Option<Note>,
    /// How each item is treated.
    pub rows: Vec<Row>,
    /// The lines that it is held against.
    pub lines: Vec<Line>,
    /// What is looked at beside income.
    pub indicators: Vec<Indicator>,
    /// What a reader should know.
    pub notes: Vec<Note>,
    /// Where it is known from.
    pub sources: Vec<Source>,
}

/// What a rule set is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// One of the two arithmetics of Table 1, in use where the two policies stand side by side.
    Apart,
    /// The one arithmetic of both policies, in use where they are joined.
    Unified,
    /// Another reading, or a further figure: shown for information.
    Reading,
}

/// The policy that uses a rule set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TrackOfRules {
    /// Social assistance.
    SocialAssistance,
    /// Monitoring against a return to poverty.
    Monitoring,
    /// Both.
    Both,
}

/// How some items are treated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The items.
    pub items: Vec<Item>,
    /// Receipts: whether they count. Costs: whether they are taken off.
    pub counts: bool,
    /// What must be met for that; otherwise they do not.
    pub only_if: Vec<Requirement>,
    /// The rule in words.
    pub text: Text,
    /// When it holds: as long as the rule set, or in dates of its own. A row with dates of its own stands
    /// over one without; of several with dates the one that began last holds.
    pub validity: Validity,
    /// Where it is known from.
    pub sources: Vec<Source>,
}

/// What a row asks of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// Work is done there.
    Workplace(Workplace),
    /// The study is of one of these stages, by their places in
    /// [`STAGE`](crate::domain::vocabulary::STAGE).
    Stages(Vec<usize>),
    /// The study is in this mode, by its place in [`MODE`](crate::domain::vocabulary::MODE).
    Mode(usize),
    /// There is evidence.
    Evidence,
}

/// A line that income per head is held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its id, `dibao`.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// The amount, set by a place or stated.
    pub amount: Term<Fen>,
    /// What the amount covers: a month or a year.
    pub per: Period,
    /// How many times the amount makes the line.
    pub times: Ratio,
    /// Another line of the same rule set: who is below that one is not supported by this one.
    pub unless_below: Option<String>,
    /// What income below the line supports.
    pub supports: Vec<Support>,
    /// Where it is known from.
    pub sources: Vec<Source>,
}

/// Identity types that income below a line supports; the department grants one, the toolbox does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Support {
    /// The identity types; of several the department finds which one fits.
    pub identities: IdentitySet,
    /// The department that grants them, by id.
    pub granted_by: String,
    /// The measure whose top-up the identity opens.
    pub top_up: Option<String>,
}

/// Something that is looked at beside income.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indicator {
    /// Its name.
    pub name: Text,
    /// The fact that a household document holds of it.
    pub fact: Fact,
    /// Where it is known from.
    pub sources: Vec<Source>,
}

impl RuleSet {
    /// Whether it is in use in a place on a date.
    pub fn in_use(&self, catalogue: &Catalogue, place: &Place, on: NaiveDate) -> bool {
        let named = |place: &Place| self.places.contains(&place.id);
        self.validity.contains(on) && (self.places.is_empty() || catalogue.lineage(place).any(named))
    }

    /// The row that treats an item on a date, with its place.
    pub fn row(&self, item: Item, on: NaiveDate) -> Option<(usize, &Row)> {
        let rows = self.rows.iter().enumerate();
        let holding = rows.filter(|(_, row)| row.items.contains(&item) && row.validity.contains(on));
        holding.max_by_key(|(_, row)| (row.validity != self.validity, row.validity.from))
    }
}

impl Requirement {
    /// What it asks for.
    pub const fn circumstance(&self) -> Circumstance {
        match self {
            Self::Workplace(_) => Circumstance::Workplace,
            Self::Stages(_) => Circumstance::Stage,
            Self::Mode(_) => Circumstance::Mode,
            Self::Evidence => Circumstance::Evidence,
        }
    }

    /// Whether an entry meets it.
    pub fn answer(&self, known: &Circumstances) -> Answer {
        let met = match self {
            Self::Workplace(asked) => known.workplace.map(|known| known == *asked),
            Self::Stages(asked) => known.stage.map(|known| asked.contains(&known)),
            Self::Mode(asked) => known.mode.map(|known| known == *asked),
            Self::Evidence => known.evidence,
        };
        match met {
            Some(true) => Answer::Met,
            Some(false) => Answer::NotMet,
            None => Answer::Unknown,
        }
    }
}
