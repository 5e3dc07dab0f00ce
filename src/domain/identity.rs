//! Identity types, the two tracks, and sets of identities.

use std::fmt;
use std::str::FromStr;

/// An identity type 身份类型, in the order T D E R u b s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Identity {
    /// 特困人员: held by a person.
    Tekun,
    /// 低保对象: held by a household, or by one person (单人保).
    Dibao,
    /// 低保边缘家庭: held by a household.
    DibaoEdge,
    /// 刚性支出困难家庭: held by a household.
    Rigid,
    /// 脱贫不稳定户: held by a household that was registered poor.
    MUnstable,
    /// 边缘易致贫户: held by a household that was not.
    MEdge,
    /// 突发严重困难户: held by a household.
    MSudden,
}

/// The policy an identity belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Track {
    /// Social assistance 社会救助 (civil affairs).
    SocialAssistance,
    /// Return-to-poverty monitoring 防止返贫监测 (rural revitalisation).
    Monitoring,
}

/// Who may hold an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holder {
    /// A person only.
    Person,
    /// A household only.
    Household,
    /// A household, or one person of it.
    Either,
}

impl Identity {
    /// All seven, in order.
    pub const ALL: [Self; 7] =
        [Self::Tekun, Self::Dibao, Self::DibaoEdge, Self::Rigid, Self::MUnstable, Self::MEdge, Self::MSudden];

    /// Its place in [`Self::ALL`].
    #[expect(clippy::as_conversions, reason = "the discriminant of a fieldless enum of seven")]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The code used in files and canonical documents.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Tekun => "tekun",
            Self::Dibao => "dibao",
            Self::DibaoEdge => "dibao_edge",
            Self::Rigid => "rigid",
            Self::MUnstable => "m_unstable",
            Self::MEdge => "m_edge",
            Self::MSudden => "m_sudden",
        }
    }

    /// The track.
    pub const fn track(self) -> Track {
        match self {
            Self::Tekun | Self::Dibao | Self::DibaoEdge | Self::Rigid => Track::SocialAssistance,
            Self::MUnstable | Self::MEdge | Self::MSudden => Track::Monitoring,
        }
    }

    /// Who may hold it (section 3 of the facts: S05 arts 4 and 10, S03 art 8, S20).
    pub const fn holder(self) -> Holder {
        match self {
            Self::Tekun => Holder::Person,
            Self::Dibao => Holder::Either,
            Self::DibaoEdge | Self::Rigid | Self::MUnstable | Self::MEdge | Self::MSudden => {
                Holder::Household
            }
        }
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The text is no identity code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected one of `tekun`, `dibao`, `dibao_edge`, `rigid`, `m_unstable`, `m_edge`, `m_sudden`")]
pub struct IdentityError;

impl FromStr for Identity {
    type Err = IdentityError;

    fn from_str(text: &str) -> Result<Self, IdentityError> {
        Self::ALL.into_iter().find(|identity| identity.code() == text).ok_or(IdentityError)
    }
}

/// A set of identity types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct IdentitySet(u8);

impl IdentitySet {
    /// No identity.
    pub const NONE: Self = Self(0);
    /// The four of social assistance.
    pub const SOCIAL_ASSISTANCE: Self = Self(0b000_1111);
    /// The three of monitoring.
    pub const MONITORING: Self = Self(0b111_0000);

    /// The set of one identity.
    pub const fn of(identity: Identity) -> Self {
        Self(1 << identity.index())
    }

    /// Both sets together.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What both sets have.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// This set without the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the identity is in the set.
    pub const fn contains(self, identity: Identity) -> bool {
        self.0 & Self::of(identity).0 != 0
    }

    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The identities of the set, in order.
    pub fn iter(self) -> impl Iterator<Item = Identity> {
        Identity::ALL.into_iter().filter(move |identity| self.contains(*identity))
    }
}

impl FromIterator<Identity> for IdentitySet {
    fn from_iter<I: IntoIterator<Item = Identity>>(identities: I) -> Self {
        identities.into_iter().fold(Self::NONE, |set, identity| set.union(Self::of(identity)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tracks_partition_the_seven() {
        for identity in Identity::ALL {
            let social = IdentitySet::SOCIAL_ASSISTANCE.contains(identity);
            assert_eq!(social, identity.track() == Track::SocialAssistance, "{identity}");
            assert_ne!(social, IdentitySet::MONITORING.contains(identity), "{identity}");
            assert_eq!(identity.code().parse(), Ok(identity));
        }
    }
}
