//! The architecture as a test: which module may use what, where the clock is read, how long a file is.
//!
//! The table is that of ARCHITECTURE.md. What is read is the code without comments, strings and tests.

#![expect(clippy::string_slice, reason = "a slice that is none fails the test")]

mod code;

use std::path::{Path, PathBuf};

use code::Code;

/// The most lines of a file, tests not counted.
const MOST_LINES: usize = 600;

/// What a top module may not do.
struct Rule {
    module: &'static str,
    /// The top modules that it may use, besides itself.
    uses: &'static [&'static str],
    /// Words that may not occur: crates, paths, keywords.
    never: &'static [&'static str],
}

const RULES: &[Rule] = &[
    Rule {
        module: "domain",
        uses: &[],
        never: &[
            "serde",
            "serde_json",
            "toml",
            "diesel",
            "actix_web",
            "async_graphql",
            "clap",
            "tracing",
            "tokio",
            "futures_util",
            "async",
            "await",
            "f32",
            "f64",
            "HashMap",
            "HashSet",
            "std::fs",
            "std::env",
            "std::time",
            "std::io",
            "std::net",
            "std::process",
            "Instant",
        ],
    },
    Rule {
        module: "documents",
        uses: &["domain"],
        never: &[
            "diesel",
            "actix_web",
            "async_graphql",
            "clap",
            "tracing",
            "tokio",
            "async",
            "std::fs",
            "std::env",
            "std::time",
            "stdin",
            "stdout",
            "stderr",
            "std::net",
            "std::process",
        ],
    },
    Rule {
        module: "policy_files",
        uses: &["domain", "documents"],
        never: &[
            "diesel",
            "actix_web",
            "async_graphql",
            "clap",
            "tokio",
            "async",
            "f32",
            "f64",
            "std::env",
            "std::time",
            "std::net",
            "std::process",
        ],
    },
    Rule {
        module: "store",
        uses: &["domain", "documents"],
        // How long a connection was quiet is not what time it is: the clock is read elsewhere, as everywhere.
        never: &[
            "actix_web",
            "async_graphql",
            "clap",
            "tokio",
            "f32",
            "f64",
            "std::env",
            "std::net",
            "std::process",
        ],
    },
    Rule {
        module: "app",
        uses: &["domain", "documents", "policy_files", "store"],
        never: &["actix_web", "async_graphql", "clap", "diesel", "std::env", "std::process"],
    },
    Rule {
        module: "graphql",
        uses: &["domain", "documents", "app"],
        never: &["actix_web", "clap", "diesel", "std::fs", "std::env", "std::process"],
    },
    Rule {
        module: "http",
        uses: &["app", "graphql"],
        never: &["clap", "diesel", "std::env", "std::process"],
    },
    Rule {
        module: "cli",
        uses: &[
            "domain",
            "documents",
            "policy_files",
            "store",
            "app",
            "graphql",
            "http",
            "config",
            "telemetry",
        ],
        never: &["diesel", "std::env", "std::process"],
    },
    Rule {
        module: "config",
        uses: &["store", "http", "telemetry"],
        never: &["diesel", "actix_web", "async_graphql", "clap"],
    },
    Rule { module: "telemetry", uses: &[], never: &["diesel", "actix_web", "async_graphql", "clap"] },
];

/// How the clock of the machine is read.
const CLOCKS: &[&str] = &["Utc::now", "Local::now", "SystemTime::now"];

#[test]
fn the_source_keeps_to_the_architecture() {
    let root = crate::support::root().join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    assert!(files.len() > 50, "the source was found");
    let mut found = Vec::new();
    for file in files {
        let path = file.strip_prefix(&root).unwrap();
        found.extend(violations(path, &std::fs::read_to_string(&file).unwrap()));
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files.sort();
}

/// What is wrong with a file of `src`.
fn violations(path: &Path, text: &str) -> Vec<String> {
    let shown = path.display();
    let parts: Vec<&str> = path.iter().map(|part| part.to_str().unwrap().trim_end_matches(".rs")).collect();
    let mut found = Vec::new();
    if parts.last() == Some(&"mod") {
        found.push(format!("src/{shown}: `foo.rs` beside `foo/`, not `mod.rs`"));
    }
    // Files that only tests compile.
    if parts.contains(&"tests") {
        return found;
    }
    let code = Code::new(text);
    let lines = code.lines_without_tests();
    if lines > MOST_LINES {
        found.push(format!("src/{shown}: {lines} lines, {MOST_LINES} is the most"));
    }
    let mut refuse = |word: &str, why: &str| {
        found.extend(code.lines_of(word).map(|line| format!("src/{shown}:{line}: `{word}` {why}")));
    };
    if path != Path::new("app/clock.rs") {
        for clock in CLOCKS {
            refuse(clock, "is read in app/clock.rs only");
        }
    }
    if let Some(rule) = RULES.iter().find(|rule| rule.module == parts[0]) {
        for word in rule.never {
            refuse(word, &format!("has no place in `{}`", rule.module));
        }
        for (line, used) in code.top_modules(parts.len()) {
            let known = RULES.iter().any(|rule| rule.module == used);
            if known && used != rule.module && !rule.uses.contains(&used.as_str()) {
                found.push(format!("src/{shown}:{line}: `{}` does not use `{used}`", rule.module));
            }
        }
    } else if !matches!(parts[..], ["lib" | "main"]) {
        found.push(format!("src/{shown}: no rule for the module `{}`", parts[0]));
    }
    found
}

fn check(path: &str, text: &str, expected: &[&str]) {
    let found = violations(Path::new(path), text);
    assert_eq!(found.len(), expected.len(), "{path}: {found:?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.contains(expected), "{found} has not `{expected}`");
    }
}

#[test]
fn planted_violations_are_caught() {
    check("domain/money.rs", "use serde::Serialize;\n", &["money.rs:1: `serde`"]);
    check("domain/money.rs", "use std::{fs, fmt};\n", &["`std::fs`"]);
    check("domain/money.rs", "fn a() -> f64 { 1.5 }\n", &["`f64`"]);
    check("domain/money.rs", "\nuse crate::store::Store;\n", &["money.rs:2: `domain` does not use `store`"]);
    check("domain/money.rs", "use super::super::app::clock;\n", &["does not use `app`"]);
    check("domain.rs", "use super::documents;\n", &["does not use `documents`"]);
    check("domain.rs", "use crate::{domain::money, http};\n", &["does not use `http`"]);
    check("documents/a.rs", "fn a() { std::env::var(\"A\"); }\n", &["`std::env`"]);
    check("policy_files/a.rs", "use diesel::prelude::*;\n", &["`diesel`"]);
    check("store.rs", "use crate::graphql;\n", &["does not use `graphql`"]);
    check("app/a.rs", "use actix_web::web;\n", &["`actix_web`"]);
    check("graphql/query/a.rs", "use crate::store::Store;\n", &["does not use `store`"]);
    check("http.rs", "use crate::domain::facts;\n", &["does not use `domain`"]);
    check(
        "app/households.rs",
        "let now = chrono::Utc::now();\n",
        &["`Utc::now` is read in app/clock.rs only"],
    );
    check("main.rs", "let now = std::time::SystemTime::now();\n", &["`SystemTime::now`"]);
    check("app/clock.rs", "let now = chrono::Utc::now();\n", &[]);
    check("domain/a/mod.rs", "", &["mod.rs"]);
    check("strange.rs", "", &["no rule"]);
    check("domain/a.rs", &"fn a() {}\n".repeat(MOST_LINES + 1), &["601 lines"]);
}

#[test]
fn comments_strings_and_tests_are_not_code() {
    for text in [
        "// use serde;\n",
        "/// Like f64.\nfn a() {}\n",
        "/* serde /* f64 */ diesel */\n",
        "const A: &str = \"serde \\\" f64\";\n",
        "const A: &str = r#\"serde \" f64\"#;\n",
        "const A: char = '\"'; const B: &'static str = \"f64\";\n",
        "#[cfg(test)]\nmod tests { use serde; fn a() -> f64 { 1.0 } }\n",
        "#[cfg(test)]\nuse serde::Serialize;\n",
        "fn deserde() {}\n",
        "use super::facts::Fact;\nuse crate::domain::facts;\n",
    ] {
        check("domain/a.rs", text, &[]);
    }
    let tests = "fn a() {}\n#[cfg(test)]\nmod tests {\n".to_owned() + &"// A line.\n".repeat(700) + "}\n";
    check("domain/a.rs", &tests, &[]);
    check("domain/a.rs", &(tests + "use serde;\n"), &["a.rs:705: `serde`"]);
}
