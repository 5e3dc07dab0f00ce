//! Questions about who can reach what.

use async_graphql::{Context, Object};

use crate::domain::identity::{Identity, IdentitySet};
use crate::graphql::context::Api;
use crate::graphql::error::Refusal;
use crate::graphql::scalars::Date;
use crate::graphql::types::enums::{IdentityCode, Track};
use crate::graphql::types::matrix::{EligibilityMatrix, Reach, TrackGap};
use crate::graphql::types::measure::Measure;
use crate::graphql::weight::list;

/// Questions about who can reach what.
#[derive(Default)]
pub struct ReachQuery;

#[Object]
impl ReachQuery {
    /// Which identity types open which measures.
    async fn eligibility_matrix<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(default_with = "String::from(\"baseline\")", desc = "The key of the place.")] place: String,
        #[graphql(desc = "The date; today in China if left out.")] on: Option<Date>,
    ) -> Result<EligibilityMatrix<'c>, Refusal> {
        let api = Api::admit(ctx).await?.api;
        let scope = api.scope(&place, on, "place")?;
        Ok(EligibilityMatrix(scope, api.rulebook(scope)?))
    }

    /// The measures with a standard for any of some identity types; conditions are not looked at.
    async fn reach<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "The identity types.")] identities: Vec<IdentityCode>,
        #[graphql(default_with = "String::from(\"baseline\")", desc = "The key of the place.")] place: String,
        #[graphql(desc = "The date; today in China if left out.")] on: Option<Date>,
    ) -> Result<Reach<'c>, Refusal> {
        let api = Api::admit(ctx).await?.api;
        let scope = api.scope(&place, on, "place")?;
        let identities: IdentitySet = identities.into_iter().map(Identity::from).collect();
        Ok(Reach::new(scope, &*api.rulebook(scope)?, identities))
    }

    /// What each track lacks: measures in the other track's reach and not in its own.
    #[graphql(complexity = "list(2, child_complexity)")]
    async fn track_gap<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(default_with = "String::from(\"baseline\")", desc = "The key of the place.")] place: String,
        #[graphql(desc = "The date; today in China if left out.")] on: Option<Date>,
    ) -> Result<Vec<TrackGap<'c>>, Refusal> {
        let api = Api::admit(ctx).await?.api;
        let scope = api.scope(&place, on, "place")?;
        let rulebook = api.rulebook(scope)?;
        let reach = |identities| rulebook.reach(identities).collect::<Vec<usize>>();
        let social = reach(IdentitySet::SOCIAL_ASSISTANCE);
        let monitored = reach(IdentitySet::MONITORING);
        let gap = |track, own: &[usize], other: &[usize]| {
            let lacking = other.iter().filter(|place| !own.contains(place));
            TrackGap { track, lacking: lacking.filter_map(|place| Measure::at(scope, *place)).collect() }
        };
        Ok(vec![
            gap(Track::SocialAssistance, &social, &monitored),
            gap(Track::Monitoring, &monitored, &social),
        ])
    }
}
