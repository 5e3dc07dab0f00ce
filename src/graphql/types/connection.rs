//! Lists that are read page by page, forwards.

use async_graphql::connection::PageInfo;
use async_graphql::{Object, SimpleObject};

use super::measure::Measure;
use crate::graphql::error::{Kind, Refusal};
use crate::graphql::ids;

/// The largest page.
pub const MOST: i32 = 100;

/// How many entries a page is to have.
///
/// # Errors
/// `first` outside 1 to [`MOST`].
pub fn size(first: i32) -> Result<u8, Refusal> {
    let size = u8::try_from(first).ok().filter(|_| (1..=MOST).contains(&first));
    size.ok_or_else(|| Refusal::input(Kind::PageSize, "first", format!("`first` must be from 1 to {MOST}")))
}

/// A page of measures.
pub struct MeasureConnection<'c> {
    edges: Vec<Measure<'c>>,
    total: usize,
    from_start: bool,
    to_end: bool,
}

impl<'c> MeasureConnection<'c> {
    /// A page of the measures that fit, in matrix order.
    ///
    /// # Errors
    /// `first` outside 1 to [`MOST`], or a cursor that no page gave out.
    pub fn page(
        all: impl Iterator<Item = Measure<'c>>,
        fits: impl Fn(&Measure<'c>) -> bool,
        first: i32,
        after: Option<&str>,
    ) -> Result<Self, Refusal> {
        let size = usize::from(size(first)?);
        let after = after.map(|cursor| ids::after(cursor, "after")).transpose()?;
        // A cursor keeps its place among all measures, so it holds under another filter too.
        let all: Vec<Measure<'c>> = all.collect();
        let start = match &after {
            None => 0,
            Some(key) => all.iter().position(|measure| measure.1.id == *key).map_or(all.len(), |at| at + 1),
        };
        let total = all.iter().filter(|measure| fits(measure)).count();
        let before = all.iter().take(start).filter(|measure| fits(measure)).count();
        let rest = all.iter().skip(start).filter(|measure| fits(measure));
        let edges: Vec<Measure<'c>> = rest.take(size).copied().collect();
        let to_end = before + edges.len() == total;
        Ok(Self { edges, total, from_start: before == 0, to_end })
    }
}

/// A page of measures.
#[Object]
impl<'c> MeasureConnection<'c> {
    /// How many measures fit the filter, on all pages.
    async fn total_count(&self) -> usize {
        self.total
    }

    /// The entries of the page.
    async fn edges(&self) -> Vec<MeasureEdge<'c>> {
        let edge = |measure: &Measure<'c>| MeasureEdge { cursor: ids::cursor(&measure.1.id), node: *measure };
        self.edges.iter().map(edge).collect()
    }

    /// Where the page stands, and how to go on.
    async fn page_info(&self) -> PageInfo {
        let cursor = |measure: &Measure<'c>| ids::cursor(&measure.1.id);
        PageInfo {
            has_previous_page: !self.from_start,
            has_next_page: !self.to_end,
            start_cursor: self.edges.first().map(cursor),
            end_cursor: self.edges.last().map(cursor),
        }
    }
}

/// An entry of a page of measures.
#[derive(SimpleObject)]
pub struct MeasureEdge<'c> {
    /// The cursor after which the next page begins.
    cursor: String,
    /// The measure.
    node: Measure<'c>,
}
