//! The vocabulary: what can be known of a household.

use async_graphql::{Object, SimpleObject};

use super::enums::{FactKind, Level};
use crate::domain::facts;
use crate::domain::vocabulary::{Choice, FactDef, FactType};
use crate::graphql::input::Lang;
use crate::graphql::weight::list;

/// A fact of the vocabulary.
#[derive(Clone, Copy)]
pub struct Fact(pub facts::Fact);

impl Fact {
    fn def(self) -> &'static FactDef {
        self.0.def()
    }
}

/// A fact of the vocabulary: something that can be known of a household or a person.
#[Object]
impl Fact {
    /// Its name in conditions and canonical documents.
    async fn key(&self) -> &'static str {
        self.def().id
    }

    /// Where it stands in a household; null for a fact that is derived from others.
    async fn path(&self) -> Option<&'static str> {
        self.def().path
    }

    /// Whether it describes a person or the household.
    async fn level(&self) -> Level {
        self.def().level.into()
    }

    /// What values it takes.
    async fn kind(&self) -> FactKind {
        self.def().ty.into()
    }

    /// The largest number that is accepted, for a count.
    async fn most(&self) -> Option<i64> {
        match self.def().ty {
            FactType::Count { most } => Some(most),
            _ => None,
        }
    }

    /// The values that it can take; empty unless it takes them from a list.
    #[graphql(complexity = "list(9, child_complexity)")]
    async fn choices(&self) -> Vec<FactChoice> {
        match self.def().ty {
            FactType::Choice(set) | FactType::Flags(set) => set.values.iter().map(FactChoice).collect(),
            _ => Vec::new(),
        }
    }

    /// Its label.
    async fn label(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'static str {
        crate::domain::text::Lang::from(lang).pick(self.def().zh, self.def().en)
    }

    /// The question that is put to a clerk; null for a fact that is derived from others.
    async fn question(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> Option<&'static str> {
        self.def()
            .path
            .map(|_| crate::domain::text::Lang::from(lang).pick(self.def().ask_zh, self.def().ask_en))
    }
}

/// One value that a fact can take.
pub struct FactChoice(&'static Choice);

/// One value that a fact can take.
#[Object]
impl FactChoice {
    /// The code of files and conditions; the enum value of the input is the same in upper case.
    async fn code(&self) -> &'static str {
        self.0.code
    }

    /// Its label.
    async fn label(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'static str {
        crate::domain::text::Lang::from(lang).pick(self.0.zh, self.0.en)
    }
}

/// One thing that is wrong with a household or a statement.
#[derive(SimpleObject)]
pub struct Problem {
    /// Where: `members[0].health.eligibleExpenseYear`; empty for the document as a whole.
    path: String,
    /// A stable code, `negative`.
    code: &'static str,
    /// What is wrong. It never repeats the value.
    message: String,
    /// What would be right.
    hint: Option<String>,
}

impl From<crate::documents::reader::Problem> for Problem {
    fn from(problem: crate::documents::reader::Problem) -> Self {
        let crate::documents::reader::Problem { path, code, message, hint, line: _ } = problem;
        Self { path, code, message, hint }
    }
}

impl Problem {
    /// The rules have no answer for the statement.
    pub fn no_comparison(error: crate::domain::income::CompareError) -> Self {
        use crate::domain::income::CompareError;
        let code = match error {
            CompareError::NoRules => "no_rules_in_use",
            CompareError::Arithmetic(_) => "no_exact_answer",
        };
        Self { path: String::new(), code, message: error.to_string(), hint: None }
    }

    /// No place of the catalogue has this key.
    pub fn unknown_place(place: &str) -> Self {
        let message = format!("no place `{place}` in the catalogue");
        Self { path: String::from("place"), code: "unknown_place", message, hint: None }
    }

    /// A decision without a reason that can be recorded.
    pub fn bad_reason() -> Self {
        let message = String::from("a reason has from 1 to 200 plain characters");
        Self { path: String::from("input.reason"), code: "bad_reason", message, hint: None }
    }

    /// One of two people is another one's match already.
    pub fn already_matched(proposal: Option<i64>) -> Self {
        let message = String::from("one of the two is matched with somebody else");
        let hint = Some(match proposal {
            Some(number) => format!("reject proposal {number} first"),
            None => String::from("the other proposal is another region's: ask a coordinator"),
        });
        Self { path: String::from("input.accept"), code: "already_matched", message, hint }
    }

    /// No proposal has this number, or none that the caller may see.
    pub fn no_proposal() -> Self {
        let message = String::from("there is no such proposal");
        Self { path: String::from("input.proposal"), code: "no_proposal", message, hint: None }
    }

    /// No registry states a number of the member, or none that the caller may see.
    pub fn no_id_number() -> Self {
        let message = String::from("no registry states an ID number of such a member");
        Self { path: String::from("input"), code: "no_id_number", message, hint: None }
    }

    /// The service was started without the keys of ID numbers.
    pub fn no_id_keys() -> Self {
        let message = String::from("this service has no keys for ID numbers");
        let hint = Some(String::from("whoever runs it sets `ASSISTANCE_ID_KEYS`"));
        Self { path: String::from("input"), code: "no_id_keys", message, hint }
    }

    /// The household lies outside of what the caller may change; whether it is known is not told.
    pub fn out_of_scope() -> Self {
        let message = String::from("the household is not in the caller's region");
        let hint = Some(String::from(
            "state a `town` of the own region; another region's household is theirs to change",
        ));
        Self { path: String::from("town"), code: "out_of_scope", message, hint }
    }

    /// Somebody saved the household since the caller has seen it.
    pub fn changed_meanwhile(found: i64) -> Self {
        let message = format!("the household was saved meanwhile: its last save is {found}");
        let hint = Some(String::from("read it again and state what is to be said now"));
        Self { path: String::new(), code: "changed_meanwhile", message, hint }
    }

    /// The rules have no exact answer for the household.
    pub fn not_exact(error: &crate::domain::resolve::ResolveError) -> Self {
        Self { path: String::new(), code: "no_exact_answer", message: error.to_string(), hint: None }
    }
}
