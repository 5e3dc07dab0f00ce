//! Which stored rows a caller may see.

use super::{Actor, Rows};
use crate::domain::region::Region;
use crate::store::Sight;

/// The stored rows that somebody may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// None.
    Nothing,
    /// Those that lie within both bounds.
    Rows {
        /// Of this region only; a row without a region lies in none.
        region: Option<Region>,
        /// Of this department only.
        department: Option<String>,
    },
}

/// Where to look for rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Nowhere.
    Nowhere,
    /// In a region.
    Within(Region),
    /// Everywhere, in rows without a region too.
    Everywhere,
}

impl Scope {
    /// What an actor sees by a grant. A claim narrows every grant; one that rests on a claim shows nothing without it.
    pub(super) fn of(actor: &Actor, rows: Rows) -> Self {
        let region = actor.region().cloned();
        match rows {
            Rows::OwnRegion if region.is_none() => Self::Nothing,
            Rows::OwnRegion | Rows::All => Self::Rows { region, department: None },
            Rows::OwnDepartment => match actor.department() {
                Some(department) => Self::Rows { region, department: Some(department.to_owned()) },
                None => Self::Nothing,
            },
        }
    }

    /// The wider of two scopes of one actor: their regions are the same, so only departments differ.
    pub(super) fn or(self, other: Self) -> Self {
        match (&self, &other) {
            (Self::Nothing, _) | (_, Self::Rows { department: None, .. }) => other,
            _ => self,
        }
    }

    /// Whether a row of a town may be seen.
    pub fn covers_town(&self, town: Option<&Region>) -> bool {
        match self {
            Self::Nothing => false,
            Self::Rows { region: None, .. } => true,
            Self::Rows { region: Some(region), .. } => town.is_some_and(|town| region.contains(town)),
        }
    }

    /// Whether a row of a department may be seen.
    pub fn covers_department(&self, department: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Rows { department: own, .. } => own.as_deref().is_none_or(|own| own == department),
        }
    }

    /// The department whose rows alone may be seen, if it is one.
    pub fn department(&self) -> Option<&str> {
        match self {
            Self::Nothing => None,
            Self::Rows { department, .. } => department.as_deref(),
        }
    }

    /// What may be seen of deliveries when a region and a department, or any, are asked for; `None` if nothing.
    pub fn sight(&self, region: Option<&Region>, department: Option<&str>) -> Option<Sight> {
        let within = match self.within(region) {
            Reach::Nowhere => return None,
            Reach::Within(region) => Some(region),
            Reach::Everywhere => None,
        };
        let department = match (self.department(), department) {
            (Some(own), Some(asked)) if own != asked => return None,
            (own, asked) => own.or(asked).map(str::to_owned),
        };
        Some(Sight { within, department })
    }

    /// Where to look for rows when a region, or any, is asked for.
    pub fn within(&self, asked: Option<&Region>) -> Reach {
        match (self, asked) {
            (Self::Nothing, _) => Reach::Nowhere,
            (Self::Rows { region: None, .. }, None) => Reach::Everywhere,
            (Self::Rows { region: Some(one), .. }, None) | (Self::Rows { region: None, .. }, Some(one)) => {
                Reach::Within(one.clone())
            }
            (Self::Rows { region: Some(own), .. }, Some(asked)) => {
                own.narrowed(asked).map_or(Reach::Nowhere, Reach::Within)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(code: &str) -> Region {
        code.parse().unwrap()
    }

    fn rows(code: Option<&str>, department: Option<&str>) -> Scope {
        Scope::Rows { region: code.map(region), department: department.map(str::to_owned) }
    }

    #[test]
    fn a_row_without_a_town_is_seen_only_where_everything_is() {
        let town = region("990101001");
        assert!(rows(None, None).covers_town(None));
        assert!(rows(None, None).covers_town(Some(&town)));
        assert!(rows(Some("9901"), None).covers_town(Some(&town)));
        assert!(!rows(Some("9901"), None).covers_town(None));
        assert!(!rows(Some("9902"), None).covers_town(Some(&town)));
        assert!(!rows(Some("990101001001"), None).covers_town(Some(&town)));
        assert!(!Scope::Nothing.covers_town(Some(&town)) && !Scope::Nothing.covers_town(None));
    }

    #[test]
    fn a_department_sees_its_own() {
        assert!(rows(None, None).covers_department("health"));
        assert!(rows(None, Some("health")).covers_department("health"));
        assert!(!rows(None, Some("health")).covers_department("water"));
        assert!(!Scope::Nothing.covers_department("health"));
    }

    #[test]
    fn what_is_asked_for_never_widens_the_scope() {
        let within =
            |own: Option<&str>, asked: Option<&str>| rows(own, None).within(asked.map(region).as_ref());
        assert_eq!(within(None, None), Reach::Everywhere);
        assert_eq!(within(None, Some("99")), Reach::Within(region("99")));
        assert_eq!(within(Some("9901"), None), Reach::Within(region("9901")));
        assert_eq!(within(Some("9901"), Some("99")), Reach::Within(region("9901")));
        assert_eq!(within(Some("9901"), Some("990101")), Reach::Within(region("990101")));
        assert_eq!(within(Some("9901"), Some("9902")), Reach::Nowhere);
        assert_eq!(Scope::Nothing.within(Some(&region("99"))), Reach::Nowhere);
    }

    #[test]
    fn deliveries_are_seen_where_both_bounds_meet() {
        let sight = |within: Option<&str>, department: Option<&str>| {
            Some(Sight { within: within.map(region), department: department.map(str::to_owned) })
        };
        let own = rows(Some("9901"), Some("health"));
        assert_eq!(own.sight(None, None), sight(Some("9901"), Some("health")));
        assert_eq!(own.sight(Some(&region("990101")), Some("health")), sight(Some("990101"), Some("health")));
        assert_eq!(own.sight(None, Some("water")), None);
        assert_eq!(own.sight(Some(&region("9902")), None), None);
        assert_eq!(rows(None, None).sight(None, Some("water")), sight(None, Some("water")));
        assert_eq!(rows(None, None).sight(None, None), sight(None, None));
        assert_eq!(Scope::Nothing.sight(None, None), None);
    }
}
