//! Deliveries, and what is due, as callers may see and change them.

use std::sync::Arc;

use super::Records;
use crate::app::access::{Actor, Pass};
use crate::app::audit::{self, Act, Outcome};
use crate::app::closed_loop::{self, Asked, Mark, Needs, NeedsError, Page, Summary};
use crate::app::deliveries;
use crate::app::policies::Policies;
use crate::documents::household::is_key;
use crate::domain::ledger::{Covers, Delivery};
use crate::store::{
    Batch, DeliveryPage, DeliveryQuery, ListedDelivery, Recorded, Reversal, Reversed, Roll, Sight,
    StoreError, Verified, Whole,
};

impl Records {
    /// Records deliveries within the caller's scope; every one of them joins the audit log with what came of it.
    ///
    /// # Errors
    /// The database. An answer that could not be recorded in the audit log is not given, but what is delivered
    /// stands; the same keys are answered with it.
    pub async fn deliver(
        &self,
        pass: &Pass,
        policies: &Arc<Policies>,
        deliveries: Vec<Delivery>,
        whole: Whole,
    ) -> Result<Batch, StoreError> {
        let Some(sight) = pass.scope.sight(None, None) else {
            return Err(StoreError::Unstorable("a delivery of somebody who may see none"));
        };
        let households: Vec<String> = deliveries.iter().map(|one| one.household.clone()).collect();
        let roll = Roll { deliveries, whole, sight };
        let by = (subject(pass), self.clock.now());
        let batch = deliveries::deliver(policies, &self.store, roll, by, |_done| {}).await?;
        let acts = households.iter().zip(&batch.results).map(|(household, result)| {
            let outcome = match result {
                Recorded::New(..) if !batch.kept => Outcome::Declined("not_kept"),
                Recorded::New(..) | Recorded::Repeated(_) => Outcome::Done,
                Recorded::KeyUsed => Outcome::Declined("key_used"),
                Recorded::Refused(refusal) => Outcome::Declined(refusal.code()),
            };
            (pass.what, object(household), outcome)
        });
        self.record_all(pass, acts.collect()).await?;
        Ok(batch)
    }

    /// Takes a delivery back, if it lies in the caller's scope; otherwise it is as if there were none.
    ///
    /// # Errors
    /// As [`Records::deliver`].
    pub async fn reverse(
        &self,
        pass: &Pass,
        policies: &Policies,
        reversal: Reversal,
    ) -> Result<Reversed, StoreError> {
        let household = reversal.household.clone();
        let reversed = match pass.scope.sight(None, None) {
            None => Reversed::NoSuchEntry,
            Some(sight) => {
                let reversal = Reversal { sight, ..reversal };
                let by = (subject(pass), self.clock.now());
                deliveries::reverse(policies, &self.store, reversal, by).await?
            }
        };
        let outcome = match reversed {
            Reversed::New(_) | Reversed::Repeated(_) => Outcome::Done,
            Reversed::KeyUsed => Outcome::Declined("key_used"),
            Reversed::NoSuchEntry => Outcome::Declined("no_such_delivery"),
            Reversed::AlreadyReversed(_) => Outcome::Declined("already_reversed"),
        };
        self.record(&pass.caller, (pass.what, object(&household), outcome)).await?;
        Ok(reversed)
    }

    /// A page of the deliveries that the caller may see, narrowed to the region and department of `query`.
    ///
    /// # Errors
    /// The database; without a record nothing is shown.
    pub async fn deliveries(&self, pass: &Pass, query: DeliveryQuery) -> Result<DeliveryPage, StoreError> {
        let asked = query.household.clone().or(query.sight.within.as_ref().map(ToString::to_string));
        let page = match narrowed(pass, &query.sight) {
            None => DeliveryPage::default(),
            Some(sight) => self.store.list_deliveries(DeliveryQuery { sight, ..query }).await?,
        };
        self.record(&pass.caller, (pass.what, asked.as_deref().and_then(object), Outcome::Shown)).await?;
        Ok(page)
    }

    /// An entry of a household's ledger; `None` if there is none, or none that the caller may see.
    ///
    /// # Errors
    /// The database; without a record nothing is shown.
    pub async fn delivery(
        &self,
        pass: &Pass,
        household: &str,
        entry: i64,
    ) -> Result<Option<ListedDelivery>, StoreError> {
        let query = DeliveryQuery {
            household: Some(household.to_owned()),
            entry: Some(entry),
            reversals: true,
            first: 1,
            ..DeliveryQuery::default()
        };
        let found = match pass.scope.sight(None, None) {
            None => None,
            Some(sight) => self.store.list_deliveries(DeliveryQuery { sight, ..query }).await?.items.pop(),
        };
        let outcome = if found.is_some() { Outcome::Shown } else { Outcome::NotFound };
        self.record(&pass.caller, (pass.what, object(household), outcome)).await?;
        Ok(found)
    }

    /// A page of what is due within the caller's scope.
    ///
    /// # Errors
    /// The database; without a record nothing is shown.
    pub async fn dues(
        &self,
        pass: &Pass,
        policies: &Arc<Policies>,
        asked: Asked,
        (after, first): (Option<Mark>, usize),
    ) -> Result<Page, StoreError> {
        let object = of_loop(&asked);
        let page = match narrowed(pass, &asked.sight) {
            None => Page::default(),
            Some(sight) => {
                let asked = Asked { sight, ..asked };
                closed_loop::page(policies, &self.store, asked, after, first).await?
            }
        };
        self.record(&pass.caller, (pass.what, object.as_deref(), Outcome::Shown)).await?;
        Ok(page)
    }

    /// All that is due within the caller's scope, added up.
    ///
    /// # Errors
    /// The database; without a record nothing is shown.
    pub async fn loop_summary(
        &self,
        pass: &Pass,
        policies: &Arc<Policies>,
        asked: Asked,
    ) -> Result<Summary, StoreError> {
        let object = of_loop(&asked);
        let summary = match narrowed(pass, &asked.sight) {
            None => Summary::default(),
            Some(sight) => closed_loop::summary(policies, &self.store, Asked { sight, ..asked }).await?,
        };
        self.record(&pass.caller, (pass.what, object.as_deref(), Outcome::Shown)).await?;
        Ok(summary)
    }

    /// How the needs of a household stand in a period; `None` if nothing is known of it on the day that counts, or
    /// nothing that the caller may see.
    ///
    /// # Errors
    /// [`NeedsError`]; without a record nothing is shown.
    pub async fn needs(
        &self,
        pass: &Pass,
        policies: &Policies,
        key: &str,
        period: Covers,
    ) -> Result<Option<Needs>, NeedsError> {
        let on = closed_loop::needs_day(period, self.clock.today());
        let Some(stored) = self.household(pass, key, on).await? else { return Ok(None) };
        let deliveries = self.store.deliveries(key, period.first_day(), period.end()).await?;
        closed_loop::needs(policies, stored.household, on, &deliveries).map(Some)
    }

    /// Follows the chains of one household's ledger, or of all in the caller's scope.
    ///
    /// # Errors
    /// The database; without a record nothing is shown.
    pub async fn verify_ledger(&self, pass: &Pass, household: Option<&str>) -> Result<Verified, StoreError> {
        let verified = match pass.scope.sight(None, None) {
            None => Verified::default(),
            Some(sight) => self.store.verify_ledger(household.map(str::to_owned), sight.within).await?,
        };
        self.record(&pass.caller, (pass.what, household.and_then(object), Outcome::Shown)).await?;
        Ok(verified)
    }

    async fn record_all(&self, pass: &Pass, acts: Vec<Act<'_>>) -> Result<(), StoreError> {
        match audit::record_all(&self.store, &pass.caller, acts, self.clock.now()) {
            Some(pending) => pending.await.map(|_head| ()),
            None => Ok(()),
        }
    }
}

fn subject(pass: &Pass) -> &str {
    pass.caller.actor.as_ref().map_or("", Actor::subject)
}

/// What the audit log names; nothing that is no key, since it may be something that must not be recorded.
fn object(key: &str) -> Option<&str> {
    is_key(key).then_some(key)
}

fn of_loop(asked: &Asked) -> Option<String> {
    let household = asked.household.as_deref().and_then(object).map(str::to_owned);
    household.or(asked.sight.within.as_ref().map(ToString::to_string))
}

/// What the caller may see of what is asked for; `None` if nothing.
fn narrowed(pass: &Pass, asked: &Sight) -> Option<Sight> {
    pass.scope.sight(asked.within.as_ref(), asked.department.as_deref())
}
