//! The audit log: who did what to stored data and what for, and whether the record of it is whole.
//!
//! An entry is written before what it speaks of is handed out, so nothing is seen without it.

use chrono::{DateTime, Utc};

use super::access::{Caller, Denied};
use crate::documents::audit::{Entry, Link};
use crate::store::{AuditHead, Pending, Store, StoreError};

/// What came of it. The codes stand in the log, so they stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was shown.
    Shown,
    /// There is nothing of this key on the day.
    NotFound,
    /// There is, and the caller may not see it; they were told that there is nothing.
    OutOfScope,
    /// What was asked for is done.
    Done,
    /// The rules refuse it; the code says why.
    Declined(&'static str),
    /// It was refused.
    Refused(Denied),
}

impl Outcome {
    /// The code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::NotFound => "not_found",
            Self::OutOfScope => "out_of_scope",
            Self::Done => "done",
            Self::Declined(code) => code,
            Self::Refused(Denied::NoRule) => "refused_no_rule",
            Self::Refused(Denied::Unauthenticated) => "refused_unauthenticated",
            Self::Refused(Denied::Role) => "refused_role",
            Self::Refused(Denied::NothingOwn) => "refused_nothing_own",
            Self::Refused(Denied::NoPurpose) => "refused_no_purpose",
        }
    }
}

/// What somebody did: the name of the rule, to what, and what came of it.
pub(super) type Act<'a> = (&'a str, Option<&'a str>, Outcome);

/// Records what a known caller did; nothing is recorded of somebody without a token, who is never shown anything.
pub(super) fn record(
    store: &Store,
    caller: &Caller,
    act: Act<'_>,
    at: DateTime<Utc>,
) -> Option<Pending<AuditHead>> {
    record_all(store, caller, vec![act], at)
}

/// Records several things that a known caller did at once.
pub(super) fn record_all(
    store: &Store,
    caller: &Caller,
    acts: Vec<Act<'_>>,
    at: DateTime<Utc>,
) -> Option<Pending<AuditHead>> {
    let actor = caller.actor.as_ref()?;
    let entry = |(action, object, outcome): Act<'_>| Entry {
        at,
        subject: actor.subject().to_owned(),
        roles: actor.roles().iter().map(|role| role.code().to_owned()).collect(),
        purpose: caller.purpose.as_ref().map(|purpose| purpose.as_str().to_owned()),
        action: action.to_owned(),
        object: object.map(str::to_owned),
        outcome: outcome.code().to_owned(),
    };
    Some(store.append_audit(acts.into_iter().map(entry).collect()))
}

/// Records what a command of the command line did: somebody by a name that was given, without roles, and why.
pub fn record_command(
    store: &Store,
    (by, why): (&str, Option<&str>),
    (action, object, outcome): (&str, Option<&str>, Outcome),
    at: DateTime<Utc>,
) -> Pending<AuditHead> {
    store.append_audit(vec![Entry {
        at,
        subject: by.to_owned(),
        roles: Vec::new(),
        purpose: why.map(str::to_owned),
        action: action.to_owned(),
        object: object.map(str::to_owned),
        outcome: outcome.code().to_owned(),
    }])
}

/// Why the log is not whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuditError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A number is missing.
    #[error("audit entry {0} is missing")]
    Missing(i64),
    /// An entry is not what was written, or not in its place.
    #[error("audit entry {0} was changed")]
    Changed(i64),
    /// The entries end elsewhere than the head says.
    #[error("the audit log has {found} entries and its head says {said}")]
    Length {
        /// How many there are.
        found: i64,
        /// How many there should be.
        said: i64,
    },
    /// The head is that of another chain.
    #[error("the head of the audit log is not the hash of its last entry")]
    Head,
}

/// How many entries are read at a time.
const PAGE: u32 = 1_000;

/// Checks the whole log: every entry against its hash, every hash against the one before, and the end against
/// the head. Answers how far it goes. Entries that are added meanwhile are checked too.
///
/// # Errors
/// [`AuditError`]: the first thing that is wrong.
pub fn verify(store: &Store) -> Result<AuditHead, AuditError> {
    let mut reached = AuditHead { entries: 0, hash: Link::FIRST };
    loop {
        let page = store.audit(reached.entries, PAGE).wait()?;
        let last = page.rows.len() < usize::try_from(PAGE).unwrap_or(usize::MAX);
        for row in page.rows {
            let seq = reached.entries + 1;
            if row.seq != seq {
                return Err(AuditError::Missing(seq));
            }
            if reached.hash.then(seq, &row.entry).ok() != Some(row.hash) {
                return Err(AuditError::Changed(seq));
            }
            reached = AuditHead { entries: seq, hash: row.hash };
        }
        if last {
            let said = page.head;
            return if said.entries != reached.entries {
                Err(AuditError::Length { found: reached.entries, said: said.entries })
            } else if said.hash != reached.hash {
                Err(AuditError::Head)
            } else {
                Ok(reached)
            };
        }
    }
}
