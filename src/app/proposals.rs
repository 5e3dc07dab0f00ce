//! Departments propose measures; the coordinating department decides; what is approved is the next catalogue.
//!
//! A proposal is a new text of one policy file. A measure's file belongs to the measure's department; what the
//! measures stand on (places, exclusions, needs, documents, ...) belongs to the coordinating department. [`Desk`] checks a
//! proposal when it is made and once more, against the catalogue of that moment, when it is approved.

mod edits;
mod trials;

pub use edits::{EditError, NewExtension, extended, retired};
pub use trials::{Starting, Trying};

use std::sync::Arc;

use super::access::{Pass, Scope};
use super::audit::{self, Outcome};
use super::catalogues::CatalogueError;
use super::clock::Clock;
use super::dry_run::DryRuns;
use crate::documents::tree::{
    NoForm, SyntaxError, Value, parse_json, parse_toml, to_json, to_toml, with_days,
};
use crate::policy_files::{self, Change, Review, review_codes};
pub use crate::policy_files::{Diagnostic, Severity};
use crate::store::{
    CatalogueVersion, Decided, NewCatalogue, NewDecision, NewProposal, PolicyTexts, ProposalQuery, Store,
    StoreError, Which,
};
pub use crate::store::{Proposal, ProposalPage, ProposalState, ProposalStep};

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 500;

/// A form in which a policy file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// TOML, as in the folder of policies.
    Toml,
    /// JSON of the same data; days are texts.
    Json,
}

/// What somebody wants to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// A new text of a file; without a path that of the measure whose id stands in it.
    Text {
        /// The file.
        path: Option<String>,
        /// The text.
        text: String,
        /// How it is written.
        form: Form,
    },
    /// A measure ends.
    Retire {
        /// Its id.
        measure: String,
        /// The first day on which it is no more.
        from: chrono::NaiveDate,
    },
    /// A place opens measures to further identities.
    Extend {
        /// The place, by id.
        place: String,
        /// Which, and to whom.
        extension: NewExtension,
    },
}

/// A wish with what is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// What is wanted.
    pub wish: Wish,
    /// Why; from 1 to [`LONGEST_REASON`] characters.
    pub reason: String,
    /// Whether past days are meant to change too.
    pub correction: bool,
}

/// A submission, checked.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The file that it is about.
    pub path: String,
    /// Its new text, in TOML.
    pub text: String,
    /// The department that owns it; none for what the coordinating department looks after.
    pub department: Option<String>,
    /// The catalogue that it was checked against.
    pub base: CatalogueVersion,
    /// What was found, and the catalogue that it would make.
    pub review: Review,
}

/// What came of a proposal being made.
#[derive(Clone, Debug)]
pub enum Proposing {
    /// It is recorded.
    Proposed(Box<Proposal>, Vec<Diagnostic>),
    /// It is not, because of this.
    Refused(Refused),
}

/// What came of a decision.
#[derive(Clone, Debug)]
pub enum Deciding {
    /// It stands; with an approval the number of the new catalogue is in the last step.
    Done(Box<Proposal>),
    /// The caller sees no such proposal.
    NotFound,
    /// It does not, because of this.
    Refused(Refused),
}

/// Why something is not done, in a form for whoever asked.
#[derive(Clone, Debug)]
pub struct Refused {
    /// A stable code.
    pub code: &'static str,
    /// In words.
    pub message: String,
    /// What is wrong with the proposal, if that is why.
    pub violations: Vec<Diagnostic>,
}

impl Refused {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), violations: Vec::new() }
    }

    fn violated(violations: Vec<Diagnostic>) -> Self {
        let message = "the proposal does not pass the checks".to_owned();
        Self { code: "violations", message, violations }
    }
}

/// What somebody decides on a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Its department takes it back.
    Withdraw,
    /// It is refused.
    Reject,
    /// It comes into the catalogue.
    Approve,
}

impl Verdict {
    const fn state(self) -> ProposalState {
        match self {
            Self::Withdraw => ProposalState::Withdrawn,
            Self::Reject => ProposalState::Rejected,
            Self::Approve => ProposalState::Approved,
        }
    }
}

/// Where proposals are made and decided.
pub struct Desk {
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    runs: DryRuns,
}

impl Desk {
    /// The desk of a database.
    pub fn new(store: Arc<Store>, clock: Arc<dyn Clock>) -> Self {
        let runs = DryRuns::new(Arc::clone(&store));
        Self { store, clock, runs }
    }

    /// Checks a submission; nothing is recorded but the reading.
    ///
    /// # Errors
    /// The database.
    pub async fn check(
        &self,
        pass: &Pass,
        submission: &Submission,
    ) -> Result<Result<Checked, Refused>, CatalogueError> {
        let checked = self.checked(pass, submission).await?;
        let object = checked.as_ref().ok().map(|checked| checked.path.clone());
        self.record(pass, object.as_deref(), Outcome::Shown).await?;
        Ok(checked)
    }

    /// Records a proposal, if the checks find no error in it.
    ///
    /// # Errors
    /// The database.
    pub async fn propose(&self, pass: &Pass, submission: &Submission) -> Result<Proposing, CatalogueError> {
        let checked = match self.checked(pass, submission).await? {
            Ok(checked) if checked.review.holds() => checked,
            refused => {
                let (object, refused) = match refused {
                    Ok(checked) => (Some(checked.path), Refused::violated(checked.review.violations)),
                    Err(refused) => (None, refused),
                };
                self.record(pass, object.as_deref(), Outcome::Declined(refused.code)).await?;
                return Ok(Proposing::Refused(refused));
            }
        };
        let new = NewProposal {
            path: checked.path,
            text: checked.text,
            department: checked.department,
            base: checked.base.seq,
            correction: submission.correction,
            subject: subject(pass),
            at: self.clock.now(),
            reason: submission.reason.trim().to_owned(),
        };
        let id = self.store.add_proposal(new).await?;
        self.record(pass, Some(&object(id)), Outcome::Done).await?;
        let proposal = self.store.proposal(id).await?.ok_or(StoreError::Inconsistent("a proposal"))?;
        Ok(Proposing::Proposed(Box::new(proposal), checked.review.violations))
    }

    /// A proposal; `None` if there is none, or none that the caller may see.
    ///
    /// # Errors
    /// The database.
    pub async fn proposal(&self, pass: &Pass, id: i64) -> Result<Option<Proposal>, StoreError> {
        let found = self.store.proposal(id).await?;
        let (shown, outcome) = match found {
            Some(found) if sees(&pass.scope, &found) => (Some(found), Outcome::Shown),
            Some(_) => (None, Outcome::OutOfScope),
            None => (None, Outcome::NotFound),
        };
        self.record(pass, Some(&object(id)), outcome).await?;
        Ok(shown)
    }

    /// A page of the proposals that the caller may see, the last first.
    ///
    /// # Errors
    /// The database.
    pub async fn proposals(
        &self,
        pass: &Pass,
        open: bool,
        before: Option<i64>,
        first: u32,
    ) -> Result<ProposalPage, StoreError> {
        let page = match &pass.scope {
            Scope::Nothing => ProposalPage { items: Vec::new(), more: false, total: 0 },
            Scope::Rows { department, .. } => {
                let department = department.clone();
                self.store.proposals(ProposalQuery { department, open, before, first }).await?
            }
        };
        self.record(pass, None, Outcome::Shown).await?;
        Ok(page)
    }

    /// Looks at a proposal against the catalogue of this moment; `None` if the caller sees none of this number.
    ///
    /// # Errors
    /// The database.
    pub async fn review(
        &self,
        pass: &Pass,
        id: i64,
    ) -> Result<Option<(Proposal, CatalogueVersion, Review)>, CatalogueError> {
        let Some(proposal) = self.proposal(pass, id).await? else { return Ok(None) };
        let (base, files) = self.latest().await?;
        let review = self.reviewed(&proposal, &files);
        Ok(Some((proposal, base, review)))
    }

    /// Decides on a proposal.
    ///
    /// # Errors
    /// The database.
    pub async fn decide(
        &self,
        pass: &Pass,
        id: i64,
        verdict: Verdict,
        reason: Option<&str>,
    ) -> Result<Deciding, CatalogueError> {
        let Some(proposal) = self.store.proposal(id).await?.filter(|found| sees(&pass.scope, found)) else {
            self.record(pass, Some(&object(id)), Outcome::NotFound).await?;
            return Ok(Deciding::NotFound);
        };
        let refused = match self.decided(pass, &proposal, verdict, reason).await? {
            Ok(()) => {
                self.record(pass, Some(&object(id)), Outcome::Done).await?;
                let proposal =
                    self.store.proposal(id).await?.ok_or(StoreError::Inconsistent("a proposal"))?;
                return Ok(Deciding::Done(Box::new(proposal)));
            }
            Err(refused) => refused,
        };
        self.record(pass, Some(&object(id)), Outcome::Declined(refused.code)).await?;
        Ok(Deciding::Refused(refused))
    }

    async fn decided(
        &self,
        pass: &Pass,
        proposal: &Proposal,
        verdict: Verdict,
        reason: Option<&str>,
    ) -> Result<Result<(), Refused>, CatalogueError> {
        let reason = reason.map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned);
        let subject = subject(pass);
        if let Some(refused) = may_not(pass, proposal, verdict, &subject) {
            return Ok(Err(refused));
        }
        if verdict == Verdict::Reject && reason.is_none() {
            return Ok(Err(Refused::new("reason_required", "say why it is rejected")));
        }
        if reason.as_ref().is_some_and(|reason| reason.chars().count() > LONGEST_REASON) {
            return Ok(Err(reason_length()));
        }
        loop {
            let catalogue = if verdict == Verdict::Approve {
                match self.approvable(proposal, &subject).await? {
                    Ok(catalogue) => Some(catalogue),
                    Err(refused) => return Ok(Err(refused)),
                }
            } else {
                None
            };
            let decision = NewDecision {
                proposal: proposal.id,
                state: verdict.state(),
                subject: subject.clone(),
                at: self.clock.now(),
                reason: reason.clone(),
                catalogue,
            };
            match self.store.decide_proposal(decision).await? {
                Decided::Done => return Ok(Ok(())),
                Decided::Already(state) => return Ok(Err(already(state))),
                // Another one was approved in between: look again, at what is in use now.
                Decided::Behind(_) => {}
            }
        }
    }

    /// The catalogue that an approval makes of the one in use, or why it makes none.
    async fn approvable(
        &self,
        proposal: &Proposal,
        subject: &str,
    ) -> Result<Result<NewCatalogue, Refused>, CatalogueError> {
        let (base, files) = self.latest().await?;
        let text_of = |files: &PolicyTexts| -> Option<String> {
            files.iter().find(|(path, _)| *path == proposal.path).map(|(_, text)| text.clone())
        };
        let made_from = self.store.catalogue(Which::Seq(proposal.base)).await?;
        if made_from.is_none_or(|(_, then)| text_of(&then) != text_of(&files)) {
            let message =
                format!("`{}` was changed after the proposal was made: propose it anew", proposal.path);
            return Ok(Err(Refused::new("changed_meanwhile", message)));
        }
        let review = self.reviewed(proposal, &files);
        let holds = review.holds();
        let Some(catalogue) = review.catalogue.filter(|_| holds) else {
            return Ok(Err(Refused::violated(review.violations)));
        };
        Ok(Ok(NewCatalogue {
            after: base.seq,
            catalogue: catalogue.hash,
            files: review.files,
            recorded_at: self.clock.now(),
            recorded_by: subject.to_owned(),
        }))
    }

    fn reviewed(&self, proposal: &Proposal, files: &PolicyTexts) -> Review {
        policy_files::review(Change {
            base: files,
            path: &proposal.path,
            text: &proposal.text,
            today: self.clock.today(),
            correction: proposal.correction,
        })
    }

    async fn latest(&self) -> Result<(CatalogueVersion, PolicyTexts), CatalogueError> {
        self.store.catalogue(Which::Latest).await?.ok_or(CatalogueError::None)
    }

    async fn checked(
        &self,
        pass: &Pass,
        submission: &Submission,
    ) -> Result<Result<Checked, Refused>, CatalogueError> {
        let (base, files) = self.latest().await?;
        let reason = submission.reason.trim().chars().count();
        if reason == 0 || reason > LONGEST_REASON {
            return Ok(Err(reason_length()));
        }
        let (path, text) = match wanted(&submission.wish, &files) {
            Ok(wanted) => wanted,
            Err(refused) => return Ok(Err(refused)),
        };
        let change = Change {
            base: &files,
            path: &path,
            text: &text,
            today: self.clock.today(),
            correction: submission.correction,
        };
        let mut review = policy_files::review(change);
        let department = department_of(&text).filter(|_| path.starts_with("measures/"));
        owned(pass, &path, (&files, department.as_deref()), &mut review);
        Ok(Ok(Checked { path, text, department, base, review }))
    }

    async fn record(&self, pass: &Pass, object: Option<&str>, outcome: Outcome) -> Result<(), StoreError> {
        let act = (pass.what, object, outcome);
        match audit::record(&self.store, &pass.caller, act, self.clock.now()) {
            Some(pending) => pending.await.map(|_head| ()),
            None => Ok(()),
        }
    }
}

/// The form of a text in the other: TOML of JSON, and back.
///
/// # Errors
/// The text cannot be read, or holds what the other has no form for.
pub fn converted(text: &str, from: Form, to: Form) -> Result<String, ConvertError> {
    let tree = match from {
        Form::Toml => parse_toml(text)?,
        Form::Json => with_days(&parse_json(text)?),
    };
    Ok(match to {
        Form::Toml => to_toml(&tree)?,
        Form::Json => to_json(&tree)?,
    })
}

/// Why a text has no other form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConvertError {
    /// It cannot be read.
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    /// It holds what the other has no form for.
    #[error(transparent)]
    Form(#[from] NoForm),
}

/// The file that a wish is about, and its new text.
fn wanted(wish: &Wish, files: &PolicyTexts) -> Result<(String, String), Refused> {
    let text_of = |path: &str| files.iter().find(|(known, _)| known == path).map(|(_, text)| text);
    let edited = |error: EditError| Refused::new("cannot_be_changed", error.to_string());
    match wish {
        Wish::Text { path, text, form } => {
            let text = match form {
                _ if text.len() > policy_files::MOST_BYTES * 4 => {
                    return Err(Refused::new(review_codes::TEXT_TOO_LONG, "the text is too long"));
                }
                Form::Toml => text.clone(),
                Form::Json => converted(text, Form::Json, Form::Toml)
                    .map_err(|error| Refused::new("unreadable", error.to_string()))?,
            };
            let path = path.clone().or_else(|| word(&text, "id").map(|id| format!("measures/{id}.toml")));
            let path = path.ok_or_else(|| Refused::new("no_path", "the text names no `id` of a measure"))?;
            Ok((path, text))
        }
        Wish::Retire { measure, from } => {
            let path = format!("measures/{measure}.toml");
            let unknown =
                || Refused::new("unknown_measure", format!("no measure `{measure}` in the catalogue"));
            let text = retired(text_of(&path).ok_or_else(unknown)?, *from).map_err(edited)?;
            Ok((path, text))
        }
        Wish::Extend { place, extension } => {
            let path = format!("jurisdictions/{place}.toml");
            let unknown = || Refused::new("unknown_place", format!("no place `{place}` in the catalogue"));
            let text = extended(text_of(&path).ok_or_else(unknown)?, extension).map_err(edited)?;
            Ok((path, text))
        }
    }
}

/// Refuses a file that the caller may not propose.
fn owned(pass: &Pass, path: &str, (files, named): (&PolicyTexts, Option<&str>), review: &mut Review) {
    let Scope::Rows { department, .. } = &pass.scope else { return };
    let measure = path.starts_with("measures/");
    if !policy_files::is_policy_file(path) {
        let message = format!("`{path}` is not a file that can be proposed");
        let hint = "`measures/<id>.toml`, and for the coordinating department `jurisdictions/<place>.toml`, \
                    `income/<id>.toml` and the files beside them, such as `exclusions.toml`";
        return review.refuse(path, "", review_codes::NOT_PROPOSABLE, message, hint);
    }
    let Some(own) = department else { return };
    let before = files.iter().find(|(known, _)| known == path).and_then(|(_, text)| department_of(text));
    let foreign =
        !measure || before.is_some_and(|before| before != *own) || named.is_some_and(|named| named != own);
    if foreign {
        let message = format!("`{own}` does not own what is changed");
        let hint = "a department proposes measures of its own, which stay its own";
        review.refuse(
            path,
            if measure { "department" } else { "" },
            review_codes::NOT_OWN_MEASURE,
            message,
            hint,
        );
    }
}

/// Why a caller may not decide as they want, if so.
fn may_not(pass: &Pass, proposal: &Proposal, verdict: Verdict, subject: &str) -> Option<Refused> {
    if proposal.state() != ProposalState::Proposed {
        return Some(already(proposal.state()));
    }
    let Scope::Rows { region, department } = &pass.scope else {
        return Some(Refused::new("not_own_proposal", "the proposal is another department's"));
    };
    if verdict == Verdict::Withdraw {
        let own =
            proposal.proposer() == subject || (department.is_some() && *department == proposal.department);
        let message = "a proposal is withdrawn by whoever made it, or by their department";
        return (!own).then(|| Refused::new("not_own_proposal", message));
    }
    if proposal.proposer() == subject {
        let message = "somebody else than who made the proposal decides on it";
        return Some(Refused::new("maker_is_checker", message));
    }
    let message = "the catalogue holds everywhere: a token that is limited to a region does not decide on it";
    region.as_ref().map(|_region| Refused::new("region_limited", message))
}

fn already(state: ProposalState) -> Refused {
    Refused::new("already_decided", format!("the proposal is {} already", state.code()))
}

fn reason_length() -> Refused {
    Refused::new("reason_length", format!("a reason has from 1 to {LONGEST_REASON} characters"))
}

/// Whether a caller may see a proposal. Departments see their own.
fn sees(scope: &Scope, proposal: &Proposal) -> bool {
    sees_department(scope, proposal.department.as_deref())
}

fn sees_department(scope: &Scope, owner: Option<&str>) -> bool {
    match scope {
        Scope::Nothing => false,
        Scope::Rows { department: None, .. } => true,
        Scope::Rows { department, .. } => department.as_deref() == owner,
    }
}

fn subject(pass: &Pass) -> String {
    pass.caller.actor.as_ref().map_or_else(String::new, |actor| actor.subject().to_owned())
}

fn object(id: i64) -> String {
    format!("proposal:{id}")
}

fn department_of(text: &str) -> Option<String> {
    word(text, "department")
}

fn word(text: &str, key: &str) -> Option<String> {
    let tree = parse_toml(text).ok()?;
    let Value::Table(entries) = tree.value else { return None };
    entries.into_iter().find(|entry| entry.key == key).and_then(|entry| match entry.tree.value {
        Value::Text(text) => Some(text),
        _ => None,
    })
}
