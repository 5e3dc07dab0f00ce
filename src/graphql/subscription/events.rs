//! Following the changes of households.

use async_graphql::futures_util::{Stream, StreamExt as _};
use async_graphql::{Context, SimpleObject, Subscription};

use crate::app::records::{Followed, Notice};
use crate::graphql::context::{Admitted, Api};
use crate::graphql::error::Refusal;
use crate::graphql::query::history::read_region;
use crate::graphql::types::chain::HouseholdEvent;
use crate::graphql::types::page::{cursor_of, number_after};

/// Following the changes of households.
#[derive(Default)]
pub struct EventSubscription;

/// A change, or word that some were missed.
#[derive(SimpleObject)]
pub struct HouseholdEventNotice {
    /// The change; null if some were missed.
    event: Option<HouseholdEvent>,
    /// The cursor after which the list and the subscription of changes go on; null if some were missed.
    cursor: Option<String>,
    /// Whether changes were missed because they were read too slowly: they are in the list `householdEvents` after the
    /// last cursor.
    missed: bool,
}

impl From<Notice> for HouseholdEventNotice {
    fn from(notice: Notice) -> Self {
        match notice {
            Notice::Event(event) => Self {
                cursor: Some(cursor_of(event.position)),
                event: Some(HouseholdEvent((*event).clone())),
                missed: false,
            },
            Notice::Missed => Self { event: None, cursor: None, missed: true },
        }
    }
}

#[Subscription]
impl EventSubscription {
    /// The changes of the packages of the households that the caller may see, as they are recorded, by whichever process.
    async fn household_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of this household, by key.")] household: Option<String>,
        #[graphql(desc = "Only of households in this region, by code: 2, 4, 6, 9 or 12 digits.")]
        region: Option<String>,
        #[graphql(
            desc = "First those recorded after this cursor; if left out, only what is recorded from now on."
        )]
        after: Option<String>,
    ) -> Result<impl Stream<Item = HouseholdEventNotice> + use<>, Refusal> {
        let Admitted { api, pass } = Api::admit_subscription(ctx).await?;
        let after = after.map(|cursor| number_after(Some(&cursor), "after")).transpose()?;
        let followed = Followed { household, region: read_region(region)?, after };
        let notices = api.records().follow(&pass, followed).await;
        Ok(notices.map_err(|error| Refusal::internal(&error.to_string()))?.map(Into::into))
    }
}
