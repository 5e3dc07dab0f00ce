//! Stored households on the command line.

use std::io::empty;

use assistance_toolbox::app::clock::Clock;
use assistance_toolbox::cli::{Cli, Exit, Io};
use chrono::{DateTime, Utc};
use clap::Parser;

use super::at;
use crate::support::database::{Backend, on_both};
use crate::support::root;

on_both! {
    households_are_saved_shown_listed_and_resolved,
    what_cannot_be_done_is_said_and_changes_nothing,
    migrations_run_once,
}

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> DateTime<Utc> {
        at("2024-06-01T08:00:00Z")
    }
}

/// Runs a command on a database; `cases/…` stands for a sample household.
fn run(url: &str, command: &str) -> (Exit, String, String) {
    let (policies, database) = (root().join("policies"), format!("--database={url}"));
    let mut words = vec![String::from("assistance-toolbox")];
    words.extend(command.split(' ').map(|word| match word.strip_prefix("cases/") {
        Some(case) => policies.join("cases").join(case).display().to_string(),
        None => word.to_owned(),
    }));
    words.push(database);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io {
        input: &mut empty(),
        out: &mut out,
        err: &mut err,
        clock: &Fixed,
        locale: Some(String::from("en")),
    };
    let exit = Cli::try_parse_from(words).unwrap().run(&mut io).unwrap();
    (exit, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

fn households_are_saved_shown_listed_and_resolved(backend: Backend) {
    let folder = tempfile::tempdir().unwrap();
    let database = backend.bare();
    let save = "household save cases/h4.toml --from 2024-01-01";
    assert_eq!(run(database.url(), save), (Exit::Done, String::from("h4: created, save 1\n"), String::new()));
    assert_eq!(run(database.url(), save).1, "h4: unchanged, save 1\n");

    let (exit, shown, _) = run(database.url(), "household show h4 --on 2024-02-01");
    assert_eq!(exit, Exit::Done);
    let edited = folder.path().join("edited.json");
    std::fs::write(&edited, &shown).unwrap();
    let again = run(database.url(), &format!("household save {}", edited.display()));
    assert_eq!(again.1, "h4: unchanged, save 1\n", "what `show` prints, `save` takes");

    let (_, list, _) = run(database.url(), "household list --format table");
    assert!(list.contains("Households 1 of 1") && list.contains("h4"), "{list}");
    let (_, list, _) = run(database.url(), "household list --on 2023-12-31");
    assert_eq!(list, "Households 0 of 0\n");

    let (exit, package, _) = run(database.url(), "household package h4 --on 2024-06-01 --format json");
    assert_eq!(exit, Exit::Done);
    assert!(package.contains(r#""household":"h4""#) && package.contains("14150000"), "{package}");
    let (_, package, _) = run(database.url(), "household package h4 --on 2024-06-01 --lang zh");
    assert!(package.contains("141,500.00"), "{package}");
}

fn what_cannot_be_done_is_said_and_changes_nothing(backend: Backend) {
    let database = backend.bare();
    for (command, exit, expected) in [
        ("household show H9", Exit::Failed, "error: no household of this key is known on 2024-06-01\n"),
        ("household package H9", Exit::Failed, "error: no household of this key is known on 2024-06-01\n"),
        ("household save cases/h1.toml --from 2024-01-01 --until 2024-01-01", Exit::BadInput, "--until"),
        ("household save cases/h1.toml cases/none.toml", Exit::BadInput, "cannot be read"),
    ] {
        let (ended, out, err) = run(database.url(), command);
        assert_eq!((ended, out.as_str()), (exit, ""), "{command}");
        assert!(err.contains(expected), "{command}: {err}");
    }
    assert_eq!(run(database.url(), "household list").1, "Households 0 of 0\n");
    let (exit, _, err) = run("sqlite:no/such/a.sqlite", "migrate");
    assert_eq!(exit, Exit::Failed);
    assert_eq!(err, "error: the database is not available: the folder of its file does not exist\n");
}

fn migrations_run_once(backend: Backend) {
    let database = backend.bare();
    let (exit, ran, _) = run(database.url(), "migrate");
    assert_eq!(exit, Exit::Done);
    let mut folders: Vec<String> = std::fs::read_dir(root().join("migrations/sqlite"))
        .unwrap()
        .map(|folder| folder.unwrap().file_name().into_string().unwrap())
        .collect();
    folders.sort();
    let version = |folder: &String| format!("{}\n", folder.split('_').next().unwrap().replace('-', ""));
    let versions: String = folders.iter().map(version).collect();
    let count = folders.len();
    assert!(count > 3, "{folders:?}");
    assert_eq!(ran, format!("{versions}{count} migrations run, the database is up to date\n"));
    assert!(run(database.url(), "migrate").1.starts_with("0 migrations run"));
    let words = ["assistance-toolbox", "migrate", "--database", "data/a.sqlite"];
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io { input: &mut empty(), out: &mut out, err: &mut err, clock: &Fixed, locale: None };
    assert_eq!(Cli::try_parse_from(words).unwrap().run(&mut io).unwrap(), Exit::BadInput);
    assert!(String::from_utf8(err).unwrap().contains("has no scheme"));
}
