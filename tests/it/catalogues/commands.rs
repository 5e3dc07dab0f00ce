//! Commands that work with a database decide by the catalogue in use there, whatever the folder says by then.

use std::io::{self, empty};
use std::path::Path;

use assistance_toolbox::cli::{Cli, Exit, Io};
use assistance_toolbox::policy_files::texts;
use clap::Parser as _;

use super::{add, edited};
use crate::support::database::{Backend, Database, on_both};
use crate::support::{At, root};

on_both! {
    an_approved_proposal_counts_for_every_command_from_its_date_on,
    a_folder_that_says_something_else_is_not_silently_ignored,
}

const NOW: At = At("2024-06-01T04:00:00Z");

/// Whether a command ended well, and what it said: the end, standard output and standard error.
type Said = (Exit, String, String);

fn run(database: &Database, line: &str) -> Said {
    let url = ["--database", database.url()];
    let words = ["assistance-toolbox"].into_iter().chain(line.split(' ')).chain(url);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io { input: &mut empty(), out: &mut out, err: &mut err, clock: &NOW, locale: None };
    let exit = Cli::try_parse_from(words).unwrap().run(&mut io).unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (exit, text(out), text(err))
}

fn done(said: Said) -> String {
    assert_eq!((said.0, said.2.as_str()), (Exit::Done, ""), "{}", said.1);
    said.1
}

const PUPIL: &str = "key = \"H1\"\nplace = \"huaibei-parallel\"\ntown = \"990101001\"\n\
    identities = [{ type = \"m_edge\", since = 2023-11-01 }]\n\
    [[members]]\nkey = \"p1\"\nbirthDate = 1980-01-01\n\
    [[members]]\nkey = \"p2\"\nbirthDate = 2014-05-01\n[members.study]\nstage = \"primary\"\nboarding = true\n";

/// What C7 pays the pupil in a package, in fen.
fn paid(package: &str) -> i64 {
    let package: serde_json::Value = serde_json::from_str(package).unwrap();
    let entitlements = package["entitlements"].as_array().unwrap();
    let mut lines = entitlements.iter().flat_map(|one| one["lines"].as_array().unwrap());
    lines.find(|line| line["measure"] == "C7").unwrap()["amount"]["payment"].as_i64().unwrap()
}

/// The folder's place of the pupil, with 1,250 yuan instead of 1,000 from September 2024 on.
fn raised(folder: &Path) -> io::Result<String> {
    let row = "name = \"compulsory_education_boarding_primary\"\nfrom = 2023-01-01\n";
    let later = row.replace("2023-01-01", "2024-09-01");
    let source = "source = \"assumption: a test\"\n";
    let text = std::fs::read_to_string(root().join("policies/jurisdictions/huaibei-parallel.toml"))?;
    let new = format!("{later}value = 1250\n{source}\n[[parameters]]\n{row}");
    assert!(text.contains(row));
    let path = folder.join("place.toml");
    std::fs::write(&path, text.replacen(row, &new, 1))?;
    Ok(path.display().to_string())
}

fn an_approved_proposal_counts_for_every_command_from_its_date_on(backend: Backend) {
    let folder = tempfile::tempdir().unwrap();
    let database = backend.bare();
    let household = folder.path().join("h1.toml");
    std::fs::write(&household, PUPIL).unwrap();
    let save = format!("household save {} --from 2024-01-01", household.display());
    assert!(run(&database, &save).1.starts_with("H1：新建"));
    let package =
        |on: &str| paid(&done(run(&database, &format!("household package H1 --on {on} --format json"))));
    assert_eq!(package("2024-09-01"), 100_000);

    let place = raised(folder.path()).unwrap();
    let path = "--path jurisdictions/huaibei-parallel.toml";
    done(run(&database, &format!("proposal make {place} {path} --reason prices --by li")));
    done(run(&database, "proposal approve 1 --by wang"));
    assert_eq!((package("2024-08-31"), package("2024-09-01")), (100_000, 125_000));

    // The ledger takes the new amount for the school year of its date, and no more than the old one before.
    let roll = folder.path().join("roll.csv");
    let record = |key: &str, year: &str, amount: &str| {
        let heading = "key,household,measure,beneficiary,period,amount,expense,day,department\n";
        let line = format!("{key},H1,C7,p2,{year},{amount},,2024-06-01,education\n");
        std::fs::write(&roll, format!("{heading}{line}")).unwrap();
        run(&database, &format!("ledger record {} --lang en", roll.display()))
    };
    let (exit, _, err) = record("old", "2024", "1250.00");
    assert_eq!(exit, Exit::BadInput, "{err}");
    assert_eq!(done(record("new", "2025", "1250.00")), "1 lines: 1 recorded, 0 recorded before, 0 refused\n");
    let due = done(run(&database, "ledger due H1 --period 2025 --measure C7 --format json"));
    assert!(due.contains("\"delivered\":125000,"), "{due}");
    let saved = run(&database, "household package H1 --on 2024-09-01 --save --format json");
    assert_eq!(saved.0, Exit::Done, "{}", saved.2);
    let packages = done(run(&database, "package list H1 --format json"));
    let saved: serde_json::Value = serde_json::from_str(packages.lines().last().unwrap()).unwrap();
    let replay = format!("package replay {} --lang en", saved["id"].as_str().unwrap());
    assert!(done(run(&database, &replay)).ends_with("the same, byte for byte\n"));
}

fn a_folder_that_says_something_else_is_not_silently_ignored(backend: Backend) {
    let folder = tempfile::tempdir().unwrap();
    let database = backend.bare();
    // Named or not, it fills a database that has no catalogue.
    assert_eq!(done(run(&database, "leads --policies policies --format json")), "");
    assert_eq!(done(run(&database, "leads --policies policies --format json")), "");
    let store = database.store();
    add(&store, 1, edited("measures/C7.toml", "from = 2021-01-01", "from = 2021-02-01"));
    let (exit, out, err) = run(&database, "leads --policies policies --format json");
    let expected = "error: `--policies`: policies_differ: `policies` says something else than catalogue 2, which is in \
                    use in the database: leave `--policies` out to decide by that catalogue, or see `check policies \
                    --against-database`\n";
    assert_eq!((exit, out.as_str(), err.as_str()), (Exit::BadInput, "", expected));
    assert_eq!(done(run(&database, "leads --format json")), "");
    // A folder with mistakes is told of, and one that differs in words only is taken.
    let broken = folder.path().join("policies");
    std::fs::create_dir(&broken).unwrap();
    std::fs::write(broken.join("departments.toml"), "[[").unwrap();
    let (exit, _, err) = run(&database, &format!("leads --policies {}", broken.display()));
    assert!(exit == Exit::Failed && err.contains("syntax"), "{err}");
    let words = edited("measures/C7.toml", "from = 2021-01-01", "from = 2021-02-01 # a remark");
    for (path, text) in words {
        let path = broken.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    assert!(texts(&broken).is_ok());
    assert_eq!(done(run(&database, &format!("leads --format json --policies {}", broken.display()))), "");
}
