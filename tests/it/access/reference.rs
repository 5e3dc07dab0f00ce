//! `docs/access.md` is written from the table itself.

use std::fmt::Write as _;

use assistance_toolbox::app::access::{Access, INTROSPECTION, RULES, Role, Rows};
use assistance_toolbox::domain::text::Lang;

use crate::support::root;

const HEAD: &str = "# Who may do what

Written from the table of rules in `src/app/access/rules.rs`; what is not in the table is refused.

- A caller is known by a bearer token. Its claims: `sub`, `roles` (a list), and if need be `department` (an id of
  `policies/departments.toml`) and `region` (a code of 2, 4, 6, 9 or 12 digits: everything inside it).
- *own region*: households that live in the region of the token, which must name one. *own department*: the same for
  the department. *all*: every row, and households without a town too, unless the token names a region; then only
  what lies in it.
- Lists show, and totals count, only the rows that a caller may see. A look-up of any other answers null, as if
  there were nothing.
- Whoever has the role caseworker says what for in the header `Assistance-Purpose` when asking for stored data.
- Everything that is done with stored data, and every refusal of a known caller, stands in the audit log.
- A refusal is an error with the path of the field: `UNAUTHENTICATED` without a token (and the status 401),
  `FORBIDDEN` with one.
";

fn rows(rows: Rows) -> &'static str {
    match rows {
        Rows::OwnRegion => "own region",
        Rows::OwnDepartment => "own department",
        Rows::All => "all",
    }
}

fn text() -> String {
    let mut text = HEAD.to_owned() + "\n## Roles\n\n| role | 角色 | who |\n|---|---|---|\n";
    for role in Role::ALL {
        writeln!(text, "| `{}` | {} | {} |", role.code(), role.name(Lang::Zh), role.name(Lang::En)).unwrap();
    }
    text += "\n## Stored data\n\n`Node.X` is a look-up of an X by its id.\n\n| what";
    for role in Role::ALL {
        write!(text, " | {}", role.code()).unwrap();
    }
    writeln!(text, " |\n|---{}|", "|---".repeat(Role::ALL.len())).unwrap();
    let mut open = Vec::new();
    for rule in RULES {
        let Access::Roles(grants) = rule.access else {
            open.push(format!("`{}`", rule.what));
            continue;
        };
        write!(text, "| `{}`", rule.what).unwrap();
        for role in Role::ALL {
            let granted = grants.iter().find(|grant| grant.0 == role).map_or("", |grant| rows(grant.1));
            write!(text, " | {granted}").unwrap();
        }
        text += " |\n";
    }
    text += "\n## Open to anybody\n\nThe catalogue, and the package of a household that is given in the query:\n\n";
    text += &(open.join(", ") + ".\n");
    let roles: Vec<String> = INTROSPECTION.iter().map(|role| format!("`{}`", role.code())).collect();
    text += "\n## The schema\n\nIntrospection is for the roles ";
    text += &roles.join(", ");
    text + ", unless `ASSISTANCE_INTROSPECTION` says\notherwise; without configured keys, for whoever is on this \
            machine. `/metrics` is for programs on this machine and for\nthe role `operator`.\n"
}

/// `UPDATE=1` writes it anew.
#[test]
fn the_reference_of_the_rules_is_current() {
    let text = text();
    let path = root().join("docs/access.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == text, "docs/access.md is not current: `UPDATE=1 cargo test --test it reference`");
}
