//! Who asks: claims of a token, read once into an [`Actor`].

use std::fmt;
use std::str::FromStr;

use crate::domain::region::Region;
use crate::domain::text::Lang;

/// What somebody does in the service. A token may name several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// A public website that asks for people who are not known to the service.
    Portal,
    /// Works on the cases of a region.
    Caseworker,
    /// Works on the measures of one department.
    Officer,
    /// Coordinates the departments of a region, or of all.
    Coordinator,
    /// Checks what was done, in a region or in all.
    Auditor,
    /// Runs the service.
    Operator,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 6] =
        [Self::Portal, Self::Caseworker, Self::Officer, Self::Coordinator, Self::Auditor, Self::Operator];

    /// The code that tokens and the audit log write.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Portal => "portal",
            Self::Caseworker => "caseworker",
            Self::Officer => "officer",
            Self::Coordinator => "coordinator",
            Self::Auditor => "auditor",
            Self::Operator => "operator",
        }
    }

    /// What people call it.
    pub const fn name(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Self::Portal => ("公众门户", "public portal"),
            Self::Caseworker => ("基层经办人员", "caseworker"),
            Self::Officer => ("部门业务人员", "department officer"),
            Self::Coordinator => ("统筹协调人员", "coordinator"),
            Self::Auditor => ("监督审计人员", "auditor"),
            Self::Operator => ("系统运维人员", "operator"),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

impl FromStr for Role {
    type Err = ActorError;

    fn from_str(code: &str) -> Result<Self, ActorError> {
        Self::ALL.into_iter().find(|role| role.code() == code).ok_or(ActorError::Role)
    }
}

/// The longest subject, in characters.
const LONGEST_SUBJECT: usize = 200;

/// What a token says of its bearer, not read yet.
#[derive(Clone, Copy, Debug)]
pub struct Claims<'a> {
    /// Who: an account, not a person's ID number.
    pub subject: &'a str,
    /// Codes of [`Role`].
    pub roles: &'a [String],
    /// A department's id.
    pub department: Option<&'a str>,
    /// The code of a [`Region`].
    pub region: Option<&'a str>,
}

/// Somebody who proved who they are.
#[derive(Clone, PartialEq, Eq)]
pub struct Actor {
    subject: String,
    roles: Vec<Role>,
    department: Option<String>,
    region: Option<Region>,
}

/// A claim that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActorError {
    /// The subject.
    #[error("a subject has from 1 to {LONGEST_SUBJECT} plain characters")]
    Subject,
    /// The roles.
    #[error(
        "a role is one of `portal`, `caseworker`, `officer`, `coordinator`, `auditor` and `operator`, and there is at least one"
    )]
    Role,
    /// The department.
    #[error("a department is the id of one, such as `civil_affairs`")]
    Department,
    /// The region.
    #[error("a region is a code of 2, 4, 6, 9 or 12 digits")]
    Region,
}

impl Actor {
    /// Reads claims.
    ///
    /// # Errors
    /// The first claim that cannot be read.
    pub fn new(claims: &Claims<'_>) -> Result<Self, ActorError> {
        let Claims { subject, roles, department, region } = *claims;
        if !(1..=LONGEST_SUBJECT).contains(&subject.chars().count()) || subject.chars().any(char::is_control)
        {
            return Err(ActorError::Subject);
        }
        let mut roles = roles.iter().map(|role| role.parse()).collect::<Result<Vec<Role>, _>>()?;
        roles.sort_unstable();
        roles.dedup();
        if roles.is_empty() {
            return Err(ActorError::Role);
        }
        let id = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        if department.is_some_and(|department| department.is_empty() || !id(department)) {
            return Err(ActorError::Department);
        }
        let region = region.map(str::parse).transpose().map_err(|_code| ActorError::Region)?;
        Ok(Self { subject: subject.to_owned(), roles, department: department.map(str::to_owned), region })
    }

    /// Who it is.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The roles, at least one, in order.
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// The department.
    pub fn department(&self) -> Option<&str> {
        self.department.as_deref()
    }

    /// The region: everything inside it.
    pub fn region(&self) -> Option<&Region> {
        self.region.as_ref()
    }
}

/// Says nothing of the person.
impl fmt::Debug for Actor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Actor").field("roles", &self.roles).finish_non_exhaustive()
    }
}

/// The longest purpose, in characters.
const LONGEST_PURPOSE: usize = 200;

/// What stored data are looked at for: free text that is recorded and never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Purpose(String);

/// A text that is no purpose. It does not repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a purpose has from 1 to {LONGEST_PURPOSE} plain characters")]
pub struct PurposeError;

impl Purpose {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Purpose {
    type Err = PurposeError;

    fn from_str(text: &str) -> Result<Self, PurposeError> {
        let text = text.trim();
        if (1..=LONGEST_PURPOSE).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err(PurposeError)
        }
    }
}

/// Says nothing of the case.
impl fmt::Debug for Purpose {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Purpose")
    }
}

/// Who asks, and what for; by default nobody knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    /// Who; `None` if no token was sent.
    pub actor: Option<Actor>,
    /// What for.
    pub purpose: Option<Purpose>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_that_cannot_be_read_are_refused() {
        let read = |subject: &str, roles: &[&str], department: Option<&str>, region: Option<&str>| {
            let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
            Actor::new(&Claims { subject, roles: &roles, department, region })
        };
        let actor =
            read("李 1", &["officer", "auditor", "officer"], Some("civil_affairs"), Some("9901")).unwrap();
        assert_eq!(actor.roles(), [Role::Officer, Role::Auditor]);
        assert!(!format!("{actor:?}").contains('李'));
        for (subject, roles, department, region, error) in [
            ("", &["auditor"][..], None, None, ActorError::Subject),
            ("a\nb", &["auditor"], None, None, ActorError::Subject),
            (&"a".repeat(201), &["auditor"], None, None, ActorError::Subject),
            ("a", &[], None, None, ActorError::Role),
            ("a", &["auditor", "root"], None, None, ActorError::Role),
            ("a", &["Auditor"], None, None, ActorError::Role),
            ("a", &["auditor"], Some(""), None, ActorError::Department),
            ("a", &["auditor"], Some("Health"), None, ActorError::Department),
            ("a", &["auditor"], None, Some(""), ActorError::Region),
            ("a", &["auditor"], None, Some("990"), ActorError::Region),
        ] {
            assert_eq!(read(subject, roles, department, region), Err(error), "{subject}");
        }
    }

    #[test]
    fn a_purpose_is_short_plain_text() {
        assert_eq!(" 复核低保 ".parse::<Purpose>().unwrap().as_str(), "复核低保");
        for bad in ["", "  ", "a\nb", "a\u{7f}", &"审".repeat(201)] {
            assert_eq!(bad.parse::<Purpose>(), Err(PurposeError), "{bad}");
        }
    }
}
