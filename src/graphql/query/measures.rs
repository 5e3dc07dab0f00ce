//! Questions about measures.

use async_graphql::{Context, Object};

use crate::domain::identity::{Identity, IdentitySet, Track};
use crate::graphql::context::{Api, Scope};
use crate::graphql::error::{Kind, Refusal};
use crate::graphql::ids::{Entity, entity};
use crate::graphql::input::{MeasureFilter, MeasureKey};
use crate::graphql::scalars::Date;
use crate::graphql::types::connection::MeasureConnection;
use crate::graphql::types::matrix::CatalogueSummary;
use crate::graphql::types::measure::Measure;
use crate::graphql::weight::page;

const LONGEST_TEXT: usize = 200;

/// Questions about measures.
#[derive(Default)]
pub struct MeasureQuery;

#[Object]
impl MeasureQuery {
    /// The measures that fit a filter, in matrix order, page by page.
    #[graphql(complexity = "page(first, child_complexity)")]
    async fn measures<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "How many, from 1 to 100.")] first: i32,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
        #[graphql(desc = "Which measures.")] filter: Option<MeasureFilter>,
        #[graphql(
            default_with = "String::from(\"baseline\")",
            desc = "The key of the place whose amounts and extensions are shown."
        )]
        place: String,
        #[graphql(desc = "The date; today in China if left out.")] on: Option<Date>,
    ) -> Result<MeasureConnection<'c>, Refusal> {
        let api = Api::admit(ctx).await?.api;
        let scope = api.scope(&place, on, "place")?;
        let filter = Filter::new(api, scope, filter.unwrap_or_default())?;
        MeasureConnection::page(Measure::all(scope), |measure| filter.fits(measure), first, after.as_deref())
    }

    /// One measure with all its versions; null if there is none.
    async fn measure<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "Which measure.")] key: MeasureKey,
        #[graphql(
            default_with = "String::from(\"baseline\")",
            desc = "The key of the place whose amounts and extensions are shown."
        )]
        place: String,
        #[graphql(desc = "The date; today in China if left out.")] on: Option<Date>,
    ) -> Result<Option<Measure<'c>>, Refusal> {
        let scope = Api::admit(ctx).await?.api.scope(&place, on, "place")?;
        find(scope, &key, "key")
    }

    /// The catalogue in numbers.
    async fn catalogue_summary(&self, ctx: &Context<'_>) -> Result<CatalogueSummary, Refusal> {
        Ok(CatalogueSummary::new(Api::admit(ctx).await?.api.here()?))
    }
}

/// The measure that a key means.
///
/// # Errors
/// An id that was never given out; `field` names the argument that holds the key.
pub(super) fn find<'c>(
    scope: Scope<'c>,
    key: &MeasureKey,
    field: &str,
) -> Result<Option<Measure<'c>>, Refusal> {
    let key = match key {
        MeasureKey::Key(key) => return Ok(Measure::all(scope).find(|measure| measure.1.id == *key)),
        MeasureKey::Code(code) => return Ok(Measure::all(scope).find(|measure| measure.1.code == *code)),
        MeasureKey::Id(id) => match entity(id, &format!("{field}.id"))? {
            (Entity::Measure, key) => key,
            _ => return Ok(None),
        },
    };
    Ok(Measure::all(scope).find(|measure| measure.1.id == key))
}

/// A filter, ready to be applied.
struct Filter {
    asked: MeasureFilter,
    reach: Vec<Vec<usize>>,
    text: Option<String>,
}

impl Filter {
    fn new(api: &Api, scope: Scope<'_>, asked: MeasureFilter) -> Result<Self, Refusal> {
        let text = asked.text.as_ref().map(|text| text.trim().to_lowercase());
        if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST_TEXT) {
            let message = format!("a text to search for has at most {LONGEST_TEXT} characters");
            return Err(Refusal::input(Kind::TextTooLong, "filter.text", message));
        }
        let track = asked.track.map(|track| match Track::from(track) {
            Track::SocialAssistance => IdentitySet::SOCIAL_ASSISTANCE,
            Track::Monitoring => IdentitySet::MONITORING,
        });
        let identity = asked.identity.map(|identity| IdentitySet::of(Identity::from(identity)));
        let mut reach = Vec::new();
        for identities in track.into_iter().chain(identity) {
            reach.push(api.rulebook(scope)?.reach(identities).collect());
        }
        Ok(Self { asked, reach, text })
    }

    fn fits(&self, measure: &Measure<'_>) -> bool {
        let Self { asked, reach, text } = self;
        let it = measure.1;
        let place = measure.0.catalogue.measures.iter().position(|known| known.id == it.id);
        let within = |reach: &Vec<usize>| place.is_some_and(|place| reach.contains(&place));
        let has = |text: &String| {
            [&it.name.zh, &it.name.en, &it.code, &it.id].iter().any(|name| name.to_lowercase().contains(text))
        };
        asked.department.as_ref().is_none_or(|department| it.department == *department)
            && asked.goal.is_none_or(|goal| it.goal == goal.into())
            && asked.category.as_ref().is_none_or(|category| it.category == *category)
            && asked.set.is_none_or(|set| it.set == set.into())
            && asked.standing.is_none_or(|standing| measure.standing() == standing)
            && reach.iter().all(within)
            && text.as_ref().is_none_or(has)
    }
}
