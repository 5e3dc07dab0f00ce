//! Who asks, and what each may do.
//!
//! [`RULES`] is the one table: everything that can be asked for stands in it, and what does not is refused.
//! [`pass`] applies it. What a caller may see of stored data is a [`Scope`], the same for one row, for a page
//! and for its total.

mod caller;
mod rules;
mod scope;

pub use caller::{Actor, ActorError, Caller, Claims, Purpose, PurposeError, Role};
pub use rules::{Access, INTROSPECTION, RULES, Rows, Rule};
pub use scope::{Reach, Scope};

/// Leave to do one thing: what it is, by whom, and for which rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// What: the name of the rule.
    pub what: &'static str,
    /// Who, and what for.
    pub caller: Caller,
    /// The stored rows that may be seen; none where the rule is about no stored data.
    pub scope: Scope,
}

/// Why somebody may not do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The table does not have it, so nobody may.
    #[error("there is no rule for this")]
    NoRule,
    /// Nobody knows who asks.
    #[error("this needs a token: send `Authorization: Bearer ...`")]
    Unauthenticated,
    /// None of the caller's roles may.
    #[error("the caller's roles do not allow this")]
    Role,
    /// A role may, but only for rows of the caller's own region or department, and the token names none.
    #[error("the caller's token names no region or department of their own, as their role needs")]
    NothingOwn,
    /// Caseworkers say what they look at stored data for.
    #[error("say what for in the header `Assistance-Purpose`")]
    NoPurpose,
}

/// Applies the table to a caller.
///
/// # Errors
/// [`Denied`].
pub fn pass(rules: &'static [Rule], what: &str, caller: &Caller) -> Result<Pass, Denied> {
    let rule = rules.iter().find(|rule| rule.what == what).ok_or(Denied::NoRule)?;
    let scope = match rule.access {
        Access::Anybody => Scope::Nothing,
        Access::Roles(grants) => {
            let actor = caller.actor.as_ref().ok_or(Denied::Unauthenticated)?;
            let granted = grants.iter().filter(|(role, _)| actor.roles().contains(role));
            let scopes = granted.map(|(_, rows)| Scope::of(actor, *rows));
            let widest = scopes.reduce(Scope::or).ok_or(Denied::Role)?;
            if widest == Scope::Nothing {
                return Err(Denied::NothingOwn);
            }
            if actor.roles().contains(&Role::Caseworker) && caller.purpose.is_none() {
                return Err(Denied::NoPurpose);
            }
            widest
        }
    };
    Ok(Pass { what: rule.what, caller: caller.clone(), scope })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[Rule] = &[
        Rule { what: "open", access: Access::Anybody },
        Rule {
            what: "rows",
            access: Access::Roles(&[
                (Role::Caseworker, Rows::OwnRegion),
                (Role::Officer, Rows::OwnDepartment),
                (Role::Auditor, Rows::All),
            ]),
        },
    ];

    fn caller(roles: &[&str], department: Option<&str>, region: Option<&str>) -> Caller {
        let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
        let actor = Actor::new(&Claims { subject: "a", roles: &roles, department, region }).unwrap();
        Caller { actor: Some(actor), purpose: Some("review".parse().unwrap()) }
    }

    fn scope(caller: &Caller) -> Result<Scope, Denied> {
        pass(TABLE, "rows", caller).map(|pass| pass.scope)
    }

    fn rows(region: Option<&str>, department: Option<&str>) -> Scope {
        let region = region.map(|code| code.parse().unwrap());
        Scope::Rows { region, department: department.map(str::to_owned) }
    }

    #[test]
    fn what_the_table_does_not_have_is_for_nobody() {
        assert_eq!(pass(TABLE, "other", &caller(&["auditor"], None, None)), Err(Denied::NoRule));
    }

    #[test]
    fn what_is_open_shows_no_stored_rows() {
        let open = |caller: &Caller| pass(TABLE, "open", caller).map(|pass| pass.scope);
        assert_eq!(open(&Caller::default()), Ok(Scope::Nothing));
        assert_eq!(open(&caller(&["auditor"], None, None)), Ok(Scope::Nothing));
    }

    #[test]
    fn roles_and_claims_decide_about_rows() {
        assert_eq!(scope(&Caller::default()), Err(Denied::Unauthenticated));
        assert_eq!(scope(&caller(&["portal", "operator", "coordinator"], None, None)), Err(Denied::Role));
        assert_eq!(scope(&caller(&["caseworker"], None, Some("9901"))), Ok(rows(Some("9901"), None)));
        assert_eq!(scope(&caller(&["caseworker"], Some("health"), None)), Err(Denied::NothingOwn));
        assert_eq!(scope(&caller(&["officer"], Some("health"), None)), Ok(rows(None, Some("health"))));
        let narrow = caller(&["officer"], Some("health"), Some("9901"));
        assert_eq!(scope(&narrow), Ok(rows(Some("9901"), Some("health"))));
        assert_eq!(scope(&caller(&["officer"], None, Some("9901"))), Err(Denied::NothingOwn));
        assert_eq!(scope(&caller(&["auditor"], None, None)), Ok(rows(None, None)));
        assert_eq!(scope(&caller(&["auditor"], None, Some("99"))), Ok(rows(Some("99"), None)));
        // Several roles: the widest counts, and a claim still narrows it.
        assert_eq!(scope(&caller(&["officer", "auditor"], Some("health"), None)), Ok(rows(None, None)));
        assert_eq!(
            scope(&caller(&["officer", "caseworker"], Some("health"), None)),
            Ok(rows(None, Some("health")))
        );
        let both = caller(&["officer", "caseworker"], Some("health"), Some("99"));
        assert_eq!(scope(&both), Ok(rows(Some("99"), None)));
    }

    #[test]
    fn a_caseworker_says_what_for_also_with_another_role() {
        for (roles, expected) in [
            (&["caseworker"][..], Err(Denied::NoPurpose)),
            (&["caseworker", "auditor"], Err(Denied::NoPurpose)),
            (&["auditor"], Ok(rows(Some("99"), None))),
        ] {
            let mut caller = caller(roles, None, Some("99"));
            caller.purpose = None;
            assert_eq!(scope(&caller), expected, "{roles:?}");
        }
    }
}
