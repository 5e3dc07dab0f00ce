//! What somebody proposes to change of the catalogue.

use async_graphql::{Enum, InputObject, OneofObject};

use super::super::scalars::Date;
use super::super::types::enums::IdentityCode;
use crate::app::proposals::{Form, NewExtension, Submission, Wish};
use crate::domain::identity::Identity;

/// A form in which a policy file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Form")]
pub enum PolicyForm {
    /// TOML, as in the folder of policies.
    Toml,
    /// JSON of the same data; days are texts.
    Json,
}

/// A change of the catalogue, and why.
#[derive(Clone, Debug, InputObject)]
pub struct ProposalInput {
    /// What is to change.
    pub change: ChangeInput,
    /// Why; from 1 to 500 characters.
    pub reason: String,
    /// Whether what holds for past days is meant to change too.
    #[graphql(default)]
    pub correction: bool,
}

/// What is to change; exactly one.
#[derive(Clone, Debug, OneofObject)]
pub enum ChangeInput {
    /// A new text of a policy file: a new measure, or new versions and standards of one.
    Text(PolicyTextInput),
    /// A measure ends.
    Retire(RetireInput),
    /// A place opens measures to further identities.
    Extend(ExtendInput),
}

/// A new text of a policy file.
#[derive(Clone, Debug, InputObject)]
pub struct PolicyTextInput {
    /// The text.
    pub text: String,
    /// How it is written.
    pub form: PolicyForm,
    /// The file's path inside the folder of policies, `measures/D1.toml`; if left out, that of the measure whose id stands
    /// in the text.
    pub path: Option<String>,
}

/// A measure that is to end.
#[derive(Clone, Debug, InputObject)]
pub struct RetireInput {
    /// The short id, `D1`.
    pub measure: String,
    /// The first day on which it is no more.
    pub from: Date,
}

/// Measures that a place is to open to further identities.
#[derive(Clone, Debug, InputObject)]
pub struct ExtendInput {
    /// The key of the place.
    pub place: String,
    /// The id of the extension.
    pub id: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// Its first day.
    pub from: Date,
    /// The measures, by their short ids.
    pub measures: Vec<String>,
    /// The standards that this identity opens ...
    pub like: IdentityCode,
    /// ... are opened to these as well.
    pub to: Vec<IdentityCode>,
    /// Where it is known from, as policy files write it: `document: S02 art 30`.
    pub source: String,
}

impl From<ProposalInput> for Submission {
    fn from(input: ProposalInput) -> Self {
        let code = |identity: IdentityCode| Identity::from(identity).code().to_owned();
        let wish = match input.change {
            ChangeInput::Text(PolicyTextInput { text, form, path }) => {
                Wish::Text { path, text, form: form.into() }
            }
            ChangeInput::Retire(RetireInput { measure, from }) => Wish::Retire { measure, from: from.0 },
            ChangeInput::Extend(extend) => Wish::Extend {
                place: extend.place,
                extension: NewExtension {
                    id: extend.id,
                    zh: extend.zh,
                    en: extend.en,
                    from: extend.from.0,
                    measures: extend.measures,
                    like: code(extend.like),
                    to: extend.to.into_iter().map(code).collect(),
                    source: extend.source,
                },
            },
        };
        Self { wish, reason: input.reason, correction: input.correction }
    }
}
