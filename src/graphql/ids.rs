//! Opaque ids and cursors: what they hold is nobody's business but ours, so it may change.

use async_graphql::ID;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::error::{Kind, Refusal};

/// What can be fetched by an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Entity {
    /// A measure, by its short id.
    Measure,
    /// An identity type, by its code.
    Identity,
    /// A department.
    Department,
    /// An exclusion.
    Exclusion,
    /// A cascade.
    Cascade,
    /// A place.
    Place,
    /// A need.
    Need,
    /// A document of the list of sources.
    Document,
    /// A stored household.
    Household,
    /// An entry of a household's ledger, by the household's key and its number.
    Delivery,
}

impl Entity {
    const ALL: [Self; 10] = [
        Self::Measure,
        Self::Identity,
        Self::Department,
        Self::Exclusion,
        Self::Cascade,
        Self::Place,
        Self::Need,
        Self::Document,
        Self::Household,
        Self::Delivery,
    ];

    /// The type of the schema.
    pub const fn type_name(self) -> &'static str {
        match self {
            Self::Measure => "Measure",
            Self::Identity => "Identity",
            Self::Department => "Department",
            Self::Exclusion => "Exclusion",
            Self::Cascade => "Cascade",
            Self::Place => "Place",
            Self::Need => "Need",
            Self::Document => "Document",
            Self::Household => "Household",
            Self::Delivery => "Delivery",
        }
    }

    const fn prefix(self) -> &'static str {
        match self {
            Self::Measure => "measure",
            Self::Identity => "identity",
            Self::Department => "department",
            Self::Exclusion => "exclusion",
            Self::Cascade => "cascade",
            Self::Place => "place",
            Self::Need => "need",
            Self::Document => "document",
            Self::Household => "household",
            Self::Delivery => "delivery",
        }
    }

    /// The id of the one with this key.
    pub fn id(self, key: &str) -> ID {
        ID(seal(self.prefix(), key))
    }
}

/// What an id stands for.
///
/// # Errors
/// The id was never given out by any field; `field` names the argument that holds it.
pub fn entity(id: &ID, field: &str) -> Result<(Entity, String), Refusal> {
    let opened = open(&id.0).and_then(|text| {
        let (prefix, key) = text.split_once(':')?;
        let entity = Entity::ALL.into_iter().find(|entity| entity.prefix() == prefix)?;
        Some((entity, key.to_owned()))
    });
    let message = "no id of this API; take ids from the fields named `id`";
    opened.ok_or_else(|| Refusal::input(Kind::MalformedId, field, message))
}

/// The cursor of a list's entry.
pub fn cursor(key: &str) -> String {
    seal("after", key)
}

/// The key of the entry that a cursor stands for.
///
/// # Errors
/// The cursor was never given out; `field` names the argument that holds it.
pub fn after(cursor: &str, field: &str) -> Result<String, Refusal> {
    let opened = open(cursor).and_then(|text| text.strip_prefix("after:").map(str::to_owned));
    opened.ok_or_else(|| no_cursor(field))
}

/// The refusal of a cursor that was never given out.
pub fn no_cursor(field: &str) -> Refusal {
    let message = "no cursor of this list; take cursors from `pageInfo` or from edges";
    Refusal::input(Kind::MalformedCursor, field, message)
}

fn seal(prefix: &str, key: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{prefix}:{key}"))
}

fn open(text: &str) -> Option<String> {
    if text.len() > 400 {
        return None;
    }
    let decoded = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    // No key has one, and not every database can be asked for it.
    (!decoded.contains('\0')).then_some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_back_and_anything_else_is_refused() {
        for kind in Entity::ALL {
            assert_eq!(entity(&kind.id("D1:x"), "id"), Ok((kind, String::from("D1:x"))));
        }
        for bad in ["", "D1", "bWVhc3VyZQ", "cGVyc29uOjE", "中", &"A".repeat(500)] {
            assert!(entity(&ID::from(bad), "id").is_err(), "{bad}");
            assert!(after(bad, "after").is_err(), "{bad}");
        }
        assert_eq!(after(&cursor("D1"), "after").as_deref(), Ok("D1"));
    }
}
