//! The committed schema is what the program prints, and every part of it is described.

use std::path::Path;

use assistance_toolbox::graphql;

const HOW: &str = "`schema.graphql` is not what the program prints; write it anew with \
                   `cargo run -- schema > schema.graphql` and look at the difference";

#[test]
fn the_committed_schema_is_what_the_program_prints() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.graphql");
    let printed = graphql::sdl();
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == printed, "{HOW}");
}

/// Types, fields, arguments, input fields and enum values: each stands behind its description.
#[test]
fn everything_is_described() {
    let text = graphql::sdl();
    let mut described = false;
    let mut inside = false;
    let mut bare = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line == "\"\"\"" {
            inside = !inside;
            described = true;
            continue;
        }
        if inside {
            continue;
        }
        let opens = |word: &str| line.starts_with(word);
        let root = ["query: Query", "mutation: Mutation", "subscription: Subscription"].contains(&line);
        let structural = line.is_empty() || root || opens("}") || opens(")") || opens("schema");
        if !structural && !described {
            bare.push(format!("{}: {line}", number + 1));
        }
        described = false;
    }
    assert!(!inside);
    assert_eq!(bare, Vec::<String>::new());
}
