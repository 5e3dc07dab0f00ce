//! Pages of stored things that a cursor of one number goes through.

use async_graphql::connection::PageInfo;

use crate::graphql::error::{Kind, Refusal};
use crate::graphql::ids;

/// The number after which a page begins: that of a cursor, or 0.
///
/// # Errors
/// A cursor that no page gave out.
pub fn number_after(cursor: Option<&str>, field: &str) -> Result<i64, Refusal> {
    let Some(cursor) = cursor else { return Ok(0) };
    let number = ids::after(cursor, field)?.parse().ok().filter(|number| *number >= 0);
    number
        .ok_or_else(|| Refusal::input(Kind::MalformedCursor, field, "expected a cursor that a page gave out"))
}

/// The cursor of a number.
pub fn cursor_of(number: i64) -> String {
    ids::cursor(&number.to_string())
}

/// Where a page stands, by the numbers of its entries.
pub fn page_info(numbers: &[i64], before: bool, more: bool) -> PageInfo {
    PageInfo {
        has_previous_page: before,
        has_next_page: more,
        start_cursor: numbers.first().copied().map(cursor_of),
        end_cursor: numbers.last().copied().map(cursor_of),
    }
}

/// Declares a connection whose entries have a number each.
macro_rules! numbered {
    ($(#[$doc:meta])+ $name:ident, $edge:ident, $(#[$edge_doc:meta])+ $node:ty) => {
        $(#[$doc])+
        pub struct $name {
            /// How many there are on all pages.
            pub total: i64,
            /// Whether there are some before the page.
            pub before: bool,
            /// Whether there are more after the page.
            pub more: bool,
            /// The entries, each with its number.
            pub items: Vec<(i64, $node)>,
        }

        $(#[$doc])+
        #[async_graphql::Object]
        impl $name {
            /// How many there are and may be seen, on all pages.
            async fn total_count(&self) -> i64 {
                self.total
            }

            /// The entries of the page.
            async fn edges(&self) -> Vec<$edge> {
                let edge = |(number, node): &(i64, $node)| $edge {
                    cursor: $crate::graphql::types::page::cursor_of(*number),
                    node: node.clone(),
                };
                self.items.iter().map(edge).collect()
            }

            /// Where the page stands, and how to go on.
            async fn page_info(&self) -> async_graphql::connection::PageInfo {
                let numbers: Vec<i64> = self.items.iter().map(|(number, _)| *number).collect();
                $crate::graphql::types::page::page_info(&numbers, self.before, self.more)
            }
        }

        $(#[$edge_doc])+
        #[derive(async_graphql::SimpleObject)]
        pub struct $edge {
            /// The cursor after which the next page begins.
            pub cursor: String,
            /// The entry.
            pub node: $node,
        }
    };
}
pub(crate) use numbered;
