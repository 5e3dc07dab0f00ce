//! What is wrong in a folder of policy files, and where.

use std::fmt;

/// The codes of the loader and its checks, beside those of
/// [`documents::reader`](crate::documents::reader::codes).
pub mod codes {
    crate::documents::codes! {
        /// The file cannot be read, or is not UTF-8.
        UNREADABLE_FILE = "unreadable_file";
        /// A file of the folder that has no meaning there.
        UNKNOWN_FILE = "unknown_file";
        /// A file that must be there is not.
        MISSING_FILE = "missing_file";
        /// The file is not named after the id that stands in it.
        FILE_NAME = "file_name";
        /// The file is no TOML.
        SYNTAX = "syntax";
        /// An id or code in a form that is not allowed.
        BAD_ID = "bad_id";
        /// An id that is given twice.
        DUPLICATE_ID = "duplicate_id";
        /// A code of a measure that is given twice.
        DUPLICATE_CODE = "duplicate_code";
        /// A list that must not be empty.
        EMPTY_LIST = "empty_list";
        /// A Chinese text without a Chinese character.
        ZH_WITHOUT_CHINESE = "zh_without_chinese";
        /// A fact without a source.
        MISSING_CITATION = "missing_citation";
        /// What a source says in English, without its Chinese wording.
        MISSING_WORDING = "missing_wording";
        /// A Chinese wording that no source uses.
        UNUSED_WORDING = "unused_wording";
        /// A source that is not written as one.
        BAD_SOURCE = "bad_source";
        /// A document that is not in the list of sources.
        UNKNOWN_DOCUMENT = "unknown_document";
        /// A rule of matching by which almost anybody would match.
        WEAK_MATCH = "weak_match";
        /// No identity type.
        UNKNOWN_IDENTITY = "unknown_identity";
        /// No department.
        UNKNOWN_DEPARTMENT = "unknown_department";
        /// No need.
        UNKNOWN_NEED = "unknown_need";
        /// No parameter.
        UNKNOWN_PARAMETER = "unknown_parameter";
        /// A parameter of another type.
        WRONG_PARAMETER_TYPE = "wrong_parameter_type";
        /// No measure.
        UNKNOWN_MEASURE = "unknown_measure";
        /// Neither a measure nor a standard.
        UNKNOWN_MEMBER = "unknown_member";
        /// No place.
        UNKNOWN_PLACE = "unknown_place";
        /// No fact of the vocabulary.
        UNKNOWN_FACT = "unknown_fact";
        /// A fact that cannot stand here.
        WRONG_FACT = "wrong_fact";
        /// A mistake in a condition.
        BAD_CONDITION = "bad_condition";
        /// A validity without a day.
        EMPTY_VALIDITY = "empty_validity";
        /// Two versions of a standard on one day.
        OVERLAPPING_VERSIONS = "overlapping_versions";
        /// Two rows of a parameter on one day.
        OVERLAPPING_ROWS = "overlapping_rows";
        /// No band at all.
        EMPTY_BANDS = "empty_bands";
        /// Bands that leave a gap or overlap.
        BANDS_NOT_ASCENDING = "bands_not_ascending";
        /// A last band with an end.
        LAST_BAND_CLOSED = "last_band_closed";
        /// Both a rate and bands.
        RATE_AND_BANDS = "rate_and_bands";
        /// A range whose least is above its most.
        BAD_RANGE = "bad_range";
        /// A parameter set to `none` that is no cap.
        NONE_IS_NO_AMOUNT = "none_is_no_amount";
        /// A parameter set to a share where only a stated amount can stand.
        SHARE_NOT_ALLOWED = "share_not_allowed";
        /// A parameter that is a share of itself.
        CYCLIC_PARAMETER = "cyclic_parameter";
        /// A place that extends itself.
        CYCLIC_PLACE = "cyclic_place";
        /// An extension of a measure that the named identity does not open.
        EXTENSION_OPENS_NOTHING = "extension_opens_nothing";
        /// Identities that do not fit the set of the measure.
        SET_MISMATCH = "set_mismatch";
        /// An identity type that `identities.toml` does not describe.
        MISSING_IDENTITY = "missing_identity";
        /// A pair of identity types of which nothing is said.
        MISSING_PAIR = "missing_pair";
        /// A pair that is not written in order.
        PAIR_ORDER = "pair_order";
        /// An amount of which nobody says what it covers.
        MISSING_PERIOD = "missing_period";
        /// Amounts of one standard that cover different periods.
        DIFFERING_PERIODS = "differing_periods";
        /// An exclusion of fewer than two.
        TOO_FEW_MEMBERS = "too_few_members";
        /// A household measure in an exclusion for one person.
        SCOPE_MISMATCH = "scope_mismatch";
        /// Priorities that go round in a circle.
        CYCLIC_PRIORITY = "cyclic_priority";
        /// An exclusion by amount with a member that has none.
        INCOMPARABLE_EXCLUSION = "incomparable_exclusion";
        /// Two measures of one category of which no exclusion speaks.
        SAME_CATEGORY = "same_category";
        /// A top-up that depends on what excludes it.
        TOP_UP_EXCLUSION = "top_up_exclusion";
        /// A cascade of fewer than two.
        TOO_FEW_LINKS = "too_few_links";
        /// A link that does not pay a share of the cascade's cost.
        CASCADE_LINK = "cascade_link";
        /// A link that is not for one person.
        CASCADE_UNIT = "cascade_unit";
        /// A measure that is a link twice.
        LINK_TWICE = "link_twice";
        /// A link with two standards for one identity on one day.
        AMBIGUOUS_LINK = "ambiguous_link";
        /// A standard that another one always beats.
        DOMINATED_STANDARD = "dominated_standard";
        /// No rule set of income.
        UNKNOWN_RULE_SET = "unknown_rule_set";
        /// A rule set that is the same as one that borrows itself.
        BORROWED_RULES = "borrowed_rules";
        /// No item of an income statement.
        UNKNOWN_ITEM = "unknown_item";
        /// Items that a rule set says nothing of.
        MISSING_ITEM = "missing_item";
        /// A receipt that is treated as a cost, or a cost as a receipt.
        WRONG_TREATMENT = "wrong_treatment";
        /// Something asked of an item of which nothing of the kind is known.
        WRONG_REQUIREMENT = "wrong_requirement";
        /// No other line of the rule set.
        UNKNOWN_LINE = "unknown_line";
    }

    /// The codes that do not stop a folder from being used.
    pub const WARNINGS: &[&str] = &[ZH_WITHOUT_CHINESE, MISSING_WORDING, UNUSED_WORDING, SAME_CATEGORY];
}

/// Whether a folder can be used in spite of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// It cannot.
    Error,
    /// It can.
    Warning,
}

/// One thing that is wrong. Ordered by file and line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The file.
    pub file: String,
    /// The line, counted from 1; none for the file as a whole.
    pub line: Option<usize>,
    /// Whether it stops the folder from being used.
    pub severity: Severity,
    /// A stable code.
    pub code: &'static str,
    /// The path of the field, `standards[2].from`, where the mistake was found in one; else empty.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// A diagnostic; its code decides how severe it is.
    pub fn new(
        file: &str,
        line: Option<usize>,
        code: &'static str,
        message: String,
        hint: Option<String>,
    ) -> Self {
        let severity = if codes::WARNINGS.contains(&code) { Severity::Warning } else { Severity::Error };
        Self { file: file.to_owned(), line, severity, code, path: String::new(), message, hint }
    }

    /// The same in a field.
    #[must_use]
    pub(super) fn at(self, path: String) -> Self {
        Self { path, ..self }
    }
}

/// `policies/measures/D1.toml:42: error[unknown_identity]: ... (hint: ...)`.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {severity}[{}]: ", self.code)?;
        if !self.path.is_empty() {
            write!(f, "`{}`: ", self.path)?;
        }
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " (hint: {hint})"),
            None => Ok(()),
        }
    }
}

/// Where something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Site<'f> {
    pub(super) file: &'f str,
    pub(super) line: Option<usize>,
}

/// What the checks have found so far.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) list: Vec<Diagnostic>,
}

impl Findings {
    pub(super) fn add(&mut self, site: Site<'_>, code: &'static str, message: String, hint: &str) {
        let hint = (!hint.is_empty()).then(|| hint.to_owned());
        self.list.push(Diagnostic::new(site.file, site.line, code, message, hint));
    }
}
