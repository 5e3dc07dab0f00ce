//! What is known of a household. Unknown is a value: a fact that was not given is neither 0 nor no.

use chrono::NaiveDate;

use super::identity::Identity;
use super::money::Fen;
use super::period::Validity;
use super::region::Region;

/// A fact of the vocabulary; its row is in [`super::vocabulary::FACTS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Fact {
    /// Date of birth.
    BirthDate,
    /// Relation to the head.
    RelationToHead,
    /// Lives with the household.
    Resides,
    /// Resident medical insurance.
    InsuredResidentMedical,
    /// Employee medical insurance.
    EmployeeMedical,
    /// Resident pension insurance.
    InsuredResidentPension,
    /// Employee pension insurance.
    EmployeePension,
    /// Draws a pension.
    DrawsPension,
    /// Kinds of disability.
    DisabilityKinds,
    /// Disability grade.
    DisabilityGrade,
    /// Disability certificate.
    DisabilityCertificate,
    /// Needs long-term care.
    LongTermCareNeeded,
    /// Self-care indicators failed.
    SelfCareFailed,
    /// Eligible expense of the year.
    EligibleExpenseYear,
    /// Serious illness.
    SeriousIllness,
    /// Stage of study.
    Stage,
    /// Mode of study.
    Mode,
    /// Boards at school.
    Boarding,
    /// Grant applied for and graded.
    GrantGraded,
    /// Guardianship.
    Guardianship,
    /// In an institution.
    InInstitution,
    /// Labour capacity.
    Labour,
    /// Employed.
    Employed,
    /// Place of work.
    WorkPlace,
    /// Months worked away this year.
    MonthsAway,
    /// Wants work.
    WantsWork,
    /// Wants training.
    WantsTraining,
    /// Own counted income a month.
    OwnCountedIncomeMonth,
    /// Age.
    Age,
    /// Counted income of the year.
    CountedIncomeYear,
    /// Date of the review.
    ReviewDate,
    /// Property within the rule.
    PropertyWithinRule,
    /// Necessary spending of the year.
    NecessarySpendingYear,
    /// Only house.
    HouseOnly,
    /// Safety grade of the house.
    HouseGrade,
    /// House to be rebuilt after a disaster.
    HouseRebuiltAfterDisaster,
    /// Safe drinking water.
    WaterSafe,
    /// Own electricity meter.
    OwnMeter,
    /// Crops in mu.
    CropsMu,
    /// Fruit and forest in mu.
    FruitForestMu,
    /// Cattle.
    Cattle,
    /// Pigs.
    Pigs,
    /// Sheep.
    Sheep,
    /// Poultry.
    Poultry,
    /// Processing business.
    Processing,
    /// Wants a production loan.
    ProductionLoanWanted,
    /// Has a small loan.
    HasLoan,
    /// Hit by a natural disaster.
    Disaster,
    /// Sudden event.
    SuddenEventKind,
    /// Date of the sudden event.
    SuddenEventDate,
    /// Formerly registered poor.
    ExPoor,
    /// Risk recorded as eliminated.
    RiskEliminated,
    /// Heads.
    Heads,
    /// Counted income per head and month.
    IncomePerHeadMonth,
    /// Months since the first identity held now.
    MonthsSinceIdentity,
    /// Somebody can work.
    AnyLabourCapacity,
    /// People who can work.
    AbleCount,
    /// People in work.
    EmployedCount,
    /// People in study.
    Students,
    /// Somebody is disabled.
    AnyDisabled,
    /// Somebody is 60 or older.
    AnyElderly,
    /// A person in extreme hardship lives at home.
    TekunAtHome,
}

impl Fact {
    /// How many facts there are; at most 64, the width of the mask of [`FactSet`].
    pub const COUNT: usize = 62;

    /// The fact's place in the table.
    #[expect(clippy::as_conversions, reason = "the discriminant of a fieldless enum below 64")]
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// The known facts of one person or household, as one `i64` each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactSet {
    known: u64,
    values: [i64; Fact::COUNT],
}

impl Default for FactSet {
    fn default() -> Self {
        Self { known: 0, values: [0; Fact::COUNT] }
    }
}

impl FactSet {
    /// The value, if it is known.
    pub fn get(&self, fact: Fact) -> Option<i64> {
        if self.known & (1 << fact.index()) == 0 {
            return None;
        }
        self.values.get(fact.index()).copied()
    }

    /// States a fact.
    pub fn set(&mut self, fact: Fact, value: i64) {
        if let Some(slot) = self.values.get_mut(fact.index()) {
            *slot = value;
            self.known |= 1 << fact.index();
        }
    }

    /// States a fact, or leaves it unknown.
    pub fn set_known(&mut self, fact: Fact, value: Option<i64>) {
        if let Some(value) = value {
            self.set(fact, value);
        }
    }

    /// A yes-or-no fact, if it is known.
    pub fn flag(&self, fact: Fact) -> Option<bool> {
        self.get(fact).map(|value| value != 0)
    }

    /// An amount, if it is known.
    pub fn money(&self, fact: Fact) -> Option<Fen> {
        self.get(fact).map(Fen::new)
    }

    /// A date, if it is known.
    pub fn date(&self, fact: Fact) -> Option<NaiveDate> {
        self.get(fact).and_then(day_of)
    }
}

/// Days since 1970-01-01, as dates are held in a [`FactSet`].
pub fn days_of(date: NaiveDate) -> i64 {
    date.signed_duration_since(NaiveDate::default()).num_days()
}

/// The date that a number of days since 1970-01-01 stands for.
pub fn day_of(days: i64) -> Option<NaiveDate> {
    NaiveDate::default().checked_add_signed(chrono::TimeDelta::try_days(days)?)
}

/// One entry of a registry: an identity held over a time, with where it is known from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityRecord {
    /// The type.
    pub identity: Identity,
    /// `[since, until)`.
    pub held: Validity,
    /// The registry or office that says so.
    pub source: Option<String>,
    /// The document it rests on.
    pub evidence: Option<String>,
}

/// The most members that a household may have.
pub const MOST_MEMBERS: usize = 100;

/// One member of a household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Unique within the household; not a name and not an ID number.
    pub key: String,
    /// The person's name, for display only.
    pub name: Option<String>,
    /// The person's own identities.
    pub identities: Vec<IdentityRecord>,
    /// The known facts.
    pub facts: FactSet,
}

/// A household with its members. Its identities are checked by [`super::identity_rules`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Household {
    /// Its key, chosen by whoever keeps it; not a name and not an ID number.
    pub key: String,
    /// The place whose policies apply, if the document says so.
    pub place: Option<String>,
    /// The town or village it lives in; who may see the household depends on it.
    pub town: Option<Region>,
    /// The household's identities.
    pub identities: Vec<IdentityRecord>,
    /// The known facts of the household.
    pub facts: FactSet,
    /// The members, in the order given.
    pub members: Vec<Person>,
}

impl Household {
    /// Whether it lives in a region; nobody knows of one without a town.
    pub fn lies_in(&self, region: &Region) -> bool {
        self.town.as_ref().is_some_and(|town| region.contains(town))
    }
}
