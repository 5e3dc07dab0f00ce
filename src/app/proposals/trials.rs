//! Dry runs of proposals, by whoever may see the proposal.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{Desk, Proposal, Refused, object, sees_department};
use crate::app::access::{Pass, Reach, Scope};
use crate::app::audit::Outcome;
use crate::app::catalogues::{CatalogueError, compiled};
use crate::app::dry_run::{Among, Run, Start, Trial, first_day};
use crate::app::policies::Policies;
use crate::store::{ListQuery, StoreError};

/// A proposal, ready to be tried out.
#[derive(Clone, Debug)]
pub enum Trying {
    /// The proposal, and what is to be compared.
    Ready(Box<Proposal>, Trial),
    /// The caller sees no such proposal.
    NotFound,
    /// It does not pass the checks.
    Refused(Refused),
}

/// What came of the wish to start a dry run.
#[derive(Clone, Debug)]
pub enum Starting {
    /// It goes on.
    Started(Arc<Run>),
    /// The caller sees no such proposal.
    NotFound,
    /// It does not start, because of this.
    Refused(Refused),
}

impl Desk {
    /// What a proposal makes of the catalogue in use, on a day: by default the first on which it is felt.
    ///
    /// # Errors
    /// The database.
    pub async fn trial(&self, pass: &Pass, id: i64, on: Option<NaiveDate>) -> Result<Trying, CatalogueError> {
        let Some(proposal) = self.proposal(pass, id).await? else { return Ok(Trying::NotFound) };
        let (base, files) = self.latest().await?;
        let review = self.reviewed(&proposal, &files);
        let holds = review.holds();
        let Some(after) = review.catalogue.filter(|_| holds) else {
            return Ok(Trying::Refused(Refused::violated(review.violations)));
        };
        let used = files.iter().find(|(path, _)| *path == proposal.path).map(|(_, text)| text.as_str());
        let on = on.unwrap_or_else(|| first_day(used, &proposal.text, self.clock.today()));
        let before = Arc::new(compiled(&base, &files)?);
        let trial = Trial { before, after: Arc::new(Policies::new(after)), on };
        Ok(Trying::Ready(Box::new(proposal), trial))
    }

    /// Starts a dry run over the stored households that the caller's region holds.
    ///
    /// # Errors
    /// The database.
    pub async fn start_dry_run(
        &self,
        pass: &Pass,
        id: i64,
        on: Option<NaiveDate>,
    ) -> Result<Starting, CatalogueError> {
        let (proposal, trial) = match self.trial(pass, id, on).await? {
            Trying::Ready(proposal, trial) => (proposal, trial),
            Trying::NotFound => return Ok(Starting::NotFound),
            Trying::Refused(refused) => {
                self.record(pass, Some(&object(id)), Outcome::Declined(refused.code)).await?;
                return Ok(Starting::Refused(refused));
            }
        };
        let among = match pass.scope.within(None) {
            Reach::Nowhere => Among::Nobody,
            Reach::Everywhere => Among::All,
            Reach::Within(region) => Among::Within(region),
        };
        let within = if let Among::Within(region) = &among { Some(region.clone()) } else { None };
        let counted = ListQuery { on: trial.on, within, after: None, first: 1 };
        let expected = u64::try_from(self.store.list_households(counted).await?.total).unwrap_or_default();
        let at = self.clock.now();
        let start = Start { proposal: id, department: proposal.department, at, expected, trial, among };
        let started =
            self.runs.start(start).map_err(|_no_thread| StoreError::from(crate::store::Unavailable::Busy))?;
        let Some(run) = started else {
            self.record(pass, Some(&object(id)), Outcome::Declined("busy")).await?;
            let message = "other dry runs go on: wait for one of them, or cancel it";
            return Ok(Starting::Refused(Refused::new("busy", message)));
        };
        self.record(pass, Some(&object(id)), Outcome::Done).await?;
        Ok(Starting::Started(run))
    }

    /// A dry run of this process; `None` if there is none, or none that the caller may see.
    ///
    /// # Errors
    /// The database.
    pub async fn dry_run(&self, pass: &Pass, number: u64) -> Result<Option<Arc<Run>>, StoreError> {
        let found = self.runs.run(number);
        let (shown, outcome) = match found {
            Some(run) if covers(&pass.scope, &run) => (Some(run), Outcome::Shown),
            Some(_) => (None, Outcome::OutOfScope),
            None => (None, Outcome::NotFound),
        };
        self.record(pass, Some(&format!("dry_run:{number}")), outcome).await?;
        Ok(shown)
    }

    /// Cancels a dry run, as [`Self::dry_run`] sees it.
    ///
    /// # Errors
    /// The database.
    pub async fn cancel_dry_run(&self, pass: &Pass, number: u64) -> Result<Option<Arc<Run>>, StoreError> {
        let run = self.dry_run(pass, number).await?;
        if let Some(run) = &run {
            run.progress.cancel();
        }
        Ok(run)
    }
}

/// Whether a caller may see a run: that of a proposal they see, over no more households than are theirs.
fn covers(scope: &Scope, run: &Run) -> bool {
    let Scope::Rows { region, .. } = scope else { return false };
    let within =
        region.as_ref().is_none_or(|own| run.region.as_ref().is_some_and(|looked| own.contains(looked)));
    within && sees_department(scope, run.department.as_deref())
}
