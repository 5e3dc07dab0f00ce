//! Proposals to change the catalogue.

use async_graphql::connection::PageInfo;
use async_graphql::{Enum, Object, SimpleObject};

use super::measure::Measure;
use super::registers::Department;
use crate::app::access::Pass;
use crate::app::proposals::{
    Checked, Diagnostic, Form, Proposal as Stored, ProposalPage, ProposalState, Refused, Severity, converted,
};
use crate::graphql::context::{Api, Scope};
use crate::graphql::error::Refusal;
use crate::graphql::ids;
use crate::graphql::input::proposal::PolicyForm;
use crate::graphql::weight::list;

/// A proposal to change the catalogue.
pub struct Proposal<'c> {
    api: &'c Api,
    pass: Pass,
    scope: Scope<'c>,
    stored: Stored,
}

impl<'c> Proposal<'c> {
    /// A proposal that the caller may see.
    ///
    /// # Errors
    /// The service failed.
    pub fn new(api: &'c Api, pass: &Pass, stored: Stored) -> Result<Self, Refusal> {
        Ok(Self { api, pass: pass.clone(), scope: api.here()?, stored })
    }
}

/// A proposal to change the catalogue: a new text of one policy file.
#[Object]
impl<'c> Proposal<'c> {
    /// Its number.
    async fn number(&self) -> i64 {
        self.stored.id
    }

    /// The file, by its path inside the folder of policies.
    async fn file(&self) -> &str {
        &self.stored.path
    }

    /// The measure as it stands in the catalogue; null for a new one, and for a proposal about something else.
    async fn measure(&self) -> Option<Measure<'c>> {
        let id = self.stored.path.strip_prefix("measures/")?.strip_suffix(".toml")?;
        self.scope.catalogue.measure(id).map(|measure| Measure(self.scope, measure))
    }

    /// The department that owns it; null for what the coordinating department looks after.
    async fn department(&self) -> Option<Department<'c>> {
        let id = self.stored.department.as_deref()?;
        let found = self.scope.catalogue.departments.iter().find(|known| known.id == id)?;
        Some(Department(self.scope, found))
    }

    /// What became of it.
    async fn state(&self) -> ProposalStateCode {
        self.stored.state().into()
    }

    /// Whether it means to change what holds for past days too.
    async fn correction(&self) -> bool {
        self.stored.correction
    }

    /// The number of the catalogue that it was made against.
    async fn made_against(&self) -> i64 {
        self.stored.base
    }

    /// What happened to it, in order: the proposal itself, then what became of it.
    #[graphql(complexity = "list(2, child_complexity)")]
    async fn steps(&self) -> Vec<ProposalStep> {
        let step = |step: &crate::app::proposals::ProposalStep| ProposalStep {
            state: step.state.into(),
            by: step.subject.clone(),
            at: step.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            reason: step.reason.clone(),
            catalogue: step.catalogue,
        };
        self.stored.steps.iter().map(step).collect()
    }

    /// The new text.
    async fn text(
        &self,
        #[graphql(default_with = "PolicyForm::Toml", desc = "How it is written.")] form: PolicyForm,
    ) -> Result<String, Refusal> {
        if form == PolicyForm::Toml {
            return Ok(self.stored.text.clone());
        }
        let text = converted(&self.stored.text, Form::Toml, Form::Json);
        text.map_err(|error| Refusal::internal(&error.to_string()))
    }

    /// What the checks say of it now, against the catalogue in use.
    #[graphql(complexity = "list(20, child_complexity) + 1000")]
    async fn violations(&self) -> Result<Vec<Violation>, Refusal> {
        let reviewed = self.api.records().desk().review(&self.pass, self.stored.id).await;
        let reviewed = reviewed.map_err(|error| Refusal::internal(&error.to_string()))?;
        Ok(reviewed.map(|(_, _, review)| violations(review.violations)).unwrap_or_default())
    }
}

/// What became of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "ProposalState")]
pub enum ProposalStateCode {
    /// It waits for a decision.
    Proposed,
    /// Its department took it back.
    Withdrawn,
    /// It was refused.
    Rejected,
    /// It came into the catalogue.
    Approved,
}

/// A step of a proposal.
#[derive(SimpleObject)]
pub struct ProposalStep {
    /// What it made of the proposal.
    state: ProposalStateCode,
    /// Who: the subject of the token.
    by: String,
    /// When, in UTC.
    at: String,
    /// Why.
    reason: Option<String>,
    /// The number of the catalogue that an approval made.
    catalogue: Option<i64>,
}

/// Whether something is in the way of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ViolationSeverity {
    /// It is.
    Error,
    /// It is not; whoever decides should know it.
    Warning,
}

/// One thing that is wrong with a proposal.
#[derive(SimpleObject)]
pub struct Violation {
    /// Whether it is in the way.
    severity: ViolationSeverity,
    /// A stable code, `overlapping_versions`.
    code: &'static str,
    /// The file, which may be another one that refers to what is changed.
    file: String,
    /// The path of the field, `standards[2].from`; empty for the file as a whole.
    path: String,
    /// The line in the TOML text, counted from 1.
    line: Option<usize>,
    /// What is wrong.
    message: String,
    /// What would be right.
    hint: Option<String>,
}

fn violations(found: Vec<Diagnostic>) -> Vec<Violation> {
    let violation = |one: Diagnostic| Violation {
        severity: match one.severity {
            Severity::Error => ViolationSeverity::Error,
            Severity::Warning => ViolationSeverity::Warning,
        },
        code: one.code,
        file: one.file,
        path: one.path,
        line: one.line,
        message: one.message,
        hint: one.hint,
    };
    found.into_iter().map(violation).collect()
}

/// Why something was not done.
#[derive(SimpleObject)]
pub struct ProposalRefusal {
    /// A stable code: `violations`, `maker_is_checker`, `changed_meanwhile`, `already_decided`, ...
    code: &'static str,
    /// In words.
    message: String,
}

/// The outcome of `checkProposal`.
#[derive(SimpleObject)]
pub struct CheckProposalPayload {
    /// Whether it can be proposed.
    holds: bool,
    /// The file that would change.
    file: Option<String>,
    /// Its new text, in TOML.
    text: Option<String>,
    /// The hash of the catalogue that it would make; null with errors.
    catalogue: Option<String>,
    /// What was found; errors are in the way, warnings are not.
    #[graphql(complexity = "list(20, child_complexity)")]
    violations: Vec<Violation>,
    /// Why it was not even checked.
    refusal: Option<ProposalRefusal>,
}

impl CheckProposalPayload {
    /// What was found.
    pub fn new(checked: Result<Checked, Refused>) -> Self {
        match checked {
            Ok(Checked { path, text, review, .. }) => Self {
                holds: review.holds(),
                file: Some(path),
                text: Some(text),
                catalogue: review.catalogue.as_ref().map(|catalogue| catalogue.hash.to_string()),
                violations: violations(review.violations),
                refusal: None,
            },
            Err(refused) => {
                let (found, refusal) = told(refused);
                Self {
                    holds: false,
                    file: None,
                    text: None,
                    catalogue: None,
                    violations: found,
                    refusal: Some(refusal),
                }
            }
        }
    }
}

/// The outcome of a proposal, or of a decision on one.
#[derive(SimpleObject)]
pub struct ProposalPayload<'c> {
    /// The proposal as it stands now; null if nothing was done.
    proposal: Option<Proposal<'c>>,
    /// What the checks found.
    #[graphql(complexity = "list(20, child_complexity)")]
    violations: Vec<Violation>,
    /// Why nothing was done; null if it was.
    refusal: Option<ProposalRefusal>,
}

impl<'c> ProposalPayload<'c> {
    /// It was done.
    ///
    /// # Errors
    /// The service failed.
    pub fn done(api: &'c Api, pass: &Pass, stored: Stored, found: Vec<Diagnostic>) -> Result<Self, Refusal> {
        let proposal = Some(Proposal::new(api, pass, stored)?);
        Ok(Self { proposal, violations: violations(found), refusal: None })
    }

    /// It was not.
    pub fn refused(refused: Refused) -> Self {
        let (violations, refusal) = told(refused);
        Self { proposal: None, violations, refusal: Some(refusal) }
    }
}

/// A refusal as the schema tells it.
pub fn told(refused: Refused) -> (Vec<Violation>, ProposalRefusal) {
    let Refused { code, message, violations: found } = refused;
    (violations(found), ProposalRefusal { code, message })
}

/// A page of proposals.
pub struct ProposalConnection<'c> {
    total: i64,
    before: bool,
    more: bool,
    proposals: Vec<Proposal<'c>>,
}

impl<'c> ProposalConnection<'c> {
    /// A page as it was found, after others or as the first.
    ///
    /// # Errors
    /// The service failed.
    pub fn new(api: &'c Api, pass: &Pass, page: ProposalPage, before: bool) -> Result<Self, Refusal> {
        let ProposalPage { items, more, total } = page;
        let proposals =
            items.into_iter().map(|stored| Proposal::new(api, pass, stored)).collect::<Result<_, _>>()?;
        Ok(Self { total, before, more, proposals })
    }
}

/// A page of proposals, the last first.
#[Object]
impl<'c> ProposalConnection<'c> {
    /// How many proposals fit and may be seen, on all pages.
    async fn total_count(&self) -> i64 {
        self.total
    }

    /// The entries of the page.
    async fn edges(&self) -> Vec<ProposalEdge<'_, 'c>> {
        self.proposals.iter().map(|node| ProposalEdge { cursor: cursor(node), node }).collect()
    }

    /// Where the page stands, and how to go on.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: self.before,
            has_next_page: self.more,
            start_cursor: self.proposals.first().map(cursor),
            end_cursor: self.proposals.last().map(cursor),
        }
    }
}

fn cursor(proposal: &Proposal<'_>) -> String {
    ids::cursor(&proposal.stored.id.to_string())
}

/// An entry of a page of proposals.
#[derive(SimpleObject)]
pub struct ProposalEdge<'p, 'c> {
    /// The cursor after which the next page begins.
    cursor: String,
    /// The proposal.
    node: &'p Proposal<'c>,
}
