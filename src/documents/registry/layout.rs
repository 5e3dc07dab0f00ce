//! Which columns a table has, and what stands in them.

use crate::documents::sheet::Options;
use crate::domain::facts::Fact;
use crate::domain::identity::Identity;
use crate::domain::vocabulary::FACTS;

/// A column of every registry; the others state facts of the vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The household's number in this registry.
    HouseholdNo,
    /// The town or village, by code.
    Region,
    /// The person's name.
    Name,
    /// The person's ID number.
    IdNumber,
    /// The identity type.
    Identity,
    /// Whether the household or the person holds it.
    Scope,
    /// The first day.
    Since,
    /// The first day no longer.
    Until,
    /// The decision it rests on.
    Evidence,
}

impl Field {
    /// All, in the order of the plain layout.
    pub const ALL: [Self; 9] = [
        Self::HouseholdNo,
        Self::Region,
        Self::Name,
        Self::IdNumber,
        Self::Identity,
        Self::Scope,
        Self::Since,
        Self::Until,
        Self::Evidence,
    ];

    /// Its code and its Chinese heading in the plain layout.
    pub const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::HouseholdNo => ("household_no", "户号"),
            Self::Region => ("region", "地区编码"),
            Self::Name => ("name", "姓名"),
            Self::IdNumber => ("id_number", "身份证号"),
            Self::Identity => ("identity", "身份类型"),
            Self::Scope => ("scope", "持有范围"),
            Self::Since => ("since", "起始日期"),
            Self::Until => ("until", "终止日期"),
            Self::Evidence => ("evidence", "依据"),
        }
    }

    /// Whether a table without this column is none of a registry.
    pub(super) const fn required(self) -> bool {
        !matches!(self, Self::Scope | Self::Until | Self::Evidence)
    }
}

/// What a column states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Field(Field),
    Fact(Fact),
}

/// A column that a layout knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) target: Target,
    /// How it is headed; the first is told in messages.
    pub(super) headings: Vec<String>,
    /// Words of the office with ours; an empty word stands for an empty cell.
    pub(super) words: Vec<(String, String)>,
    /// What stands in every row, where the table has no such column.
    pub(super) fixed: Option<String>,
}

/// The columns of a table, and where it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    pub(super) options: Options,
    pub(super) columns: Vec<Known>,
    /// Headings of columns that are left out.
    pub(super) left_out: Vec<String>,
    /// Whether columns that are not known are left out as well, or are a problem.
    pub(super) leaves_others: bool,
}

impl Layout {
    /// The plain layout, which is ours: the columns of [`Field`] by Chinese heading or code, and any fact
    /// of a household's document by Chinese label or id. Other columns are a problem.
    pub fn plain() -> Self {
        let fields = Field::ALL.into_iter().map(|field| (Target::Field(field), field.names()));
        let given = FACTS.iter().filter(|def| def.path.is_some());
        let facts = given.map(|def| (Target::Fact(def.fact), (def.id, def.zh)));
        let columns = fields.chain(facts).map(|(target, (code, zh))| Known {
            target,
            headings: vec![zh.to_owned(), code.to_owned()],
            words: Vec::new(),
            fixed: None,
        });
        Self {
            options: Options::default(),
            columns: columns.collect(),
            left_out: Vec::new(),
            leaves_others: false,
        }
    }

    /// Where the table stands in the file, and its bounds.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The same columns elsewhere in the file, or under other bounds.
    #[must_use]
    pub fn with_options(self, options: Options) -> Self {
        Self { options, ..self }
    }
}

/// The words for the identity types: the first is written, all and the code are read.
pub(super) const fn identity_words(identity: Identity) -> &'static [&'static str] {
    match identity {
        Identity::Tekun => &["特困人员", "特困", "特困供养人员", "特困供养"],
        Identity::Dibao => &["低保对象", "低保", "最低生活保障对象", "最低生活保障"],
        Identity::DibaoEdge => {
            &["低保边缘家庭", "低保边缘", "低保边缘户", "低保边缘人口", "最低生活保障边缘家庭"]
        }
        Identity::Rigid => &["刚性支出困难家庭", "刚性支出困难", "刚性支出困难户", "刚性支出困难人口"],
        Identity::MUnstable => &["脱贫不稳定户", "脱贫不稳定"],
        Identity::MEdge => &["边缘易致贫户", "边缘易致贫"],
        Identity::MSudden => &["突发严重困难户", "突发严重困难"],
    }
}

/// The words for who holds an identity: code, Chinese as it is written, and others that are read.
pub(super) const OF_HOUSEHOLD: [&str; 4] = ["household", "全户", "整户", "户"];
/// See [`OF_HOUSEHOLD`].
pub(super) const OF_PERSON: [&str; 4] = ["person", "本人", "个人", "人"];

/// A heading without anything that only formats it.
pub(super) fn bare(heading: &str) -> impl Iterator<Item = char> {
    heading.chars().filter(|char| !char.is_whitespace()).map(|char| char.to_ascii_lowercase())
}
