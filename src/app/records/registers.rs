//! The two registries as callers may see them: counts, proposals and contradictions of their region only.

use std::sync::Arc;

use super::Records;
use crate::app::access::{Actor, Pass, Purpose, Reach};
use crate::app::audit::Outcome;
use crate::app::policies::Policies;
use crate::app::registries::{FamilyFindings, Registers, Report};
use crate::domain::region::Region;
use crate::domain::registries::listing::Listing;
use crate::store::{MatchDecided, MatchDecision, StoreError, StoredProposal, Unavailable};

/// A proposal with what both lists say of the two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownProposal {
    /// The proposal.
    pub proposal: StoredProposal,
    /// Of the low-income list; `None` if it no longer lists the person.
    pub social_assistance: Option<Listing>,
    /// Of the monitoring list; `None` if it no longer lists the person.
    pub monitoring: Option<Listing>,
}

/// What came of a decision about a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deciding {
    /// It counts, or counted so before.
    Decided(Box<ShownProposal>),
    /// One of the two is already another one's match, by this proposal; `None` if the caller may not see that one.
    AlreadyMatched(Option<i64>),
    /// There is no such proposal, or none that the caller may see.
    NotFound,
}

impl Records {
    /// How the lists overlap in what the caller may see of a region, or of everything; with an import, as they were
    /// after it.
    ///
    /// # Errors
    /// The database; without a record nothing is shown.
    pub async fn registry_report(
        &self,
        pass: &Pass,
        policies: &Arc<Policies>,
        (region, after_import): (Option<&Region>, Option<i64>),
    ) -> Result<Report, StoreError> {
        let (policies, reach) = (Arc::clone(policies), pass.scope.within(region));
        let report = self
            .with_registers(after_import, move |registers| {
                let catalogue = policies.catalogue();
                match reach {
                    Reach::Nowhere => Registers::default().report(None, catalogue),
                    Reach::Within(region) => registers.report(Some(&region), catalogue),
                    Reach::Everywhere => registers.report(None, catalogue),
                }
            })
            .await?;
        self.record_registers(pass, region).await?;
        Ok(report)
    }

    /// The proposals of which the caller may see both people, in the order of their numbers.
    ///
    /// # Errors
    /// The database; without a record nothing is shown.
    pub async fn match_proposals(
        &self,
        pass: &Pass,
        region: Option<&Region>,
        pending: bool,
    ) -> Result<Vec<ShownProposal>, StoreError> {
        let reach = pass.scope.within(region);
        let found = self
            .with_registers(None, move |registers| {
                let views = registers.proposal_views().into_iter();
                let wanted = views.filter(|view| view.regions().all(|region| covers(&reach, region)));
                let seen = wanted.filter(|view| !pending || view.is_pending());
                // Of whom neither list speaks any more, nobody knows the region.
                let somewhere =
                    seen.filter(|view| reach == Reach::Everywhere || view.regions().next().is_some());
                somewhere
                    .map(|view| ShownProposal {
                        proposal: view.proposal.clone(),
                        social_assistance: view.social_assistance.cloned(),
                        monitoring: view.monitoring.cloned(),
                    })
                    .collect()
            })
            .await?;
        self.record_registers(pass, region).await?;
        Ok(found)
    }

    /// The families with contradictions all of which lie where the caller may see.
    ///
    /// # Errors
    /// The database; without a record nothing is shown.
    pub async fn registry_contradictions(
        &self,
        pass: &Pass,
        policies: &Arc<Policies>,
        region: Option<&Region>,
    ) -> Result<Vec<FamilyFindings>, StoreError> {
        let (policies, reach) = (Arc::clone(policies), pass.scope.within(region));
        let found = self
            .with_registers(None, move |registers| {
                let mut found = registers.contradictions(policies.catalogue());
                found.retain(|family| family.regions().all(|region| covers(&reach, region)));
                found
            })
            .await?;
        self.record_registers(pass, region).await?;
        Ok(found)
    }

    /// Decides about a proposal of which the caller may see both people.
    ///
    /// # Errors
    /// The database. An answer that could not be recorded in the audit log is not given, but the decision stands.
    pub async fn decide_match(
        &self,
        pass: &Pass,
        proposal: i64,
        accepted: bool,
        reason: &Purpose,
    ) -> Result<Deciding, StoreError> {
        let object = format!("proposal/{proposal}");
        let by = pass.caller.actor.as_ref().map_or("", Actor::subject).to_owned();
        let decision =
            MatchDecision { accepted, by, at: self.clock.now(), reason: reason.as_str().to_owned() };
        // What the caller may see is looked at in the transaction that decides.
        let decided = match pass.scope.within(None) {
            Reach::Nowhere => MatchDecided::OutOfScope,
            Reach::Within(region) => self.store.decide_match(proposal, decision, Some(region)).await?,
            Reach::Everywhere => self.store.decide_match(proposal, decision, None).await?,
        };
        let outcome = match decided {
            MatchDecided::Recorded | MatchDecided::Repeated => Outcome::Done,
            MatchDecided::AlreadyMatched(_) => Outcome::Declined("already_matched"),
            MatchDecided::NotFound => Outcome::NotFound,
            MatchDecided::OutOfScope => Outcome::OutOfScope,
        };
        self.record(&pass.caller, (pass.what, Some(&object), outcome)).await?;
        Ok(match decided {
            MatchDecided::Recorded | MatchDecided::Repeated => {
                let shown = self.shown_proposal(pass, proposal).await?;
                shown.map_or(Deciding::NotFound, |shown| Deciding::Decided(Box::new(shown)))
            }
            MatchDecided::AlreadyMatched(other) => {
                Deciding::AlreadyMatched(self.shown_proposal(pass, other).await?.map(|_seen| other))
            }
            MatchDecided::NotFound | MatchDecided::OutOfScope => Deciding::NotFound,
        })
    }

    async fn shown_proposal(&self, pass: &Pass, seq: i64) -> Result<Option<ShownProposal>, StoreError> {
        let reach = pass.scope.within(None);
        self.with_registers(None, move |registers| {
            let view = registers.proposal_views().into_iter().find(|view| view.proposal.seq == seq)?;
            let seen = view.regions().all(|region| covers(&reach, region));
            let somewhere = reach == Reach::Everywhere || view.regions().next().is_some();
            (seen && somewhere).then(|| ShownProposal {
                proposal: view.proposal.clone(),
                social_assistance: view.social_assistance.cloned(),
                monitoring: view.monitoring.cloned(),
            })
        })
        .await
    }

    /// Reads both lists and works on them beside the tasks, since that takes a moment.
    async fn with_registers<T: Send + 'static>(
        &self,
        after_import: Option<i64>,
        work: impl FnOnce(&Registers) -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = Arc::clone(&self.store);
        let work = move || Registers::load(&store, after_import).map(|found| work(&found));
        let done = tokio::task::spawn_blocking(work);
        done.await.map_err(|_gone| StoreError::from(Unavailable::GivenUp))?
    }

    async fn record_registers(&self, pass: &Pass, region: Option<&Region>) -> Result<(), StoreError> {
        let object = region.map(Region::as_str);
        self.record(&pass.caller, (pass.what, object, Outcome::Shown)).await
    }
}

fn covers(reach: &Reach, region: &Region) -> bool {
    match reach {
        Reach::Nowhere => false,
        Reach::Within(within) => within.contains(region),
        Reach::Everywhere => true,
    }
}
