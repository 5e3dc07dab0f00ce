//! The chain, changes and saved packages on the command line.

use std::io::empty;

use assistance_toolbox::cli::{Cli, Exit, Io};
use clap::Parser as _;

use super::{NOW, delivered, sample, save, without_dibao, yuan};
use crate::support::database::{Backend, Database, on_both};
use assistance_toolbox::domain::ledger::Given;

on_both! {
    a_household_loses_its_dibao,
}

fn run(database: &Database, line: &str) -> (Exit, String, String) {
    let mut words: Vec<&str> = ["assistance-toolbox"].into_iter().chain(line.split(' ')).collect();
    words.extend(["--database", database.url()]);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io { input: &mut empty(), out: &mut out, err: &mut err, clock: &NOW, locale: None };
    let exit = Cli::try_parse_from(words).unwrap().run(&mut io).unwrap();
    (exit, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

fn without_hashes(text: &str) -> String {
    let is_hash = |word: &str| word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let word = |word: &str| {
        if is_hash(word.trim_end()) { word.replace(word.trim_end(), "00000000") } else { word.to_owned() }
    };
    text.split_inclusive([' ', '\n']).map(word).collect()
}

fn a_household_loses_its_dibao(backend: Backend) {
    let database = backend.database();
    {
        let store = database.store();
        save(&store, sample("h4"), "2023-01-01");
        delivered(&store, "h4", ("-", "S1", "2024-06"), Given::Amount(yuan("462")));
    }
    let (exit, _, err) = run(&database, "household package h4 --on 2024-06-15 --save --format json");
    assert_eq!((exit, err.as_str()), (Exit::Done, "已保存: h4:3\n"));
    save(&database.store(), without_dibao(sample("h4")), "2024-06-01");
    let (exit, told, _) = run(&database, "package replay h4:3");
    assert_eq!((exit, told.as_str()), (Exit::Done, "h4:3: 重算结果逐字节相同\n"));
    assert_eq!(run(&database, "package replay h4:3 --lang en").1, "h4:3: the same, byte for byte\n");
    assert_eq!(run(&database, "package replay h4:2").0, Exit::Failed, "a delivery is no package");
    for lang in ["zh", "en"] {
        let changes = run(&database, &format!("household changes h4 --from 2024-05-31 --lang {lang}")).1;
        let chain = run(&database, &format!("household chain h4 --lang {lang}")).1;
        let list = run(&database, &format!("package list h4 --lang {lang}")).1;
        // Hashes change with every policy file, so they are no part of what is pinned.
        let told = format!("{changes}{chain}{list}");
        insta::assert_snapshot!(format!("h4_{lang}"), without_hashes(&told));
    }
    let json = run(&database, "household changes h4 --from 2024-06-01 --to 2024-06-01 --format json").1;
    assert_eq!(
        json,
        "{\"changed\":[],\"gained\":[],\"lost\":[],\"needs\":[],\"reclaim\":[],\"unresolved\":null}\n"
    );
    assert_eq!(run(&database, "household chain h4 --format json").1.lines().count(), 5);
    assert_eq!(run(&database, "ledger verify").1, "核验 1 户、5 条：不符 0 处\n");
    let (exit, _, err) = run(&database, "household changes h9 --from 2024-06-01");
    assert_eq!(
        (exit, err.as_str()),
        (Exit::Failed, "error: no household of this key is known on 2024-06-01\n")
    );
    assert_eq!(run(&database, "household chain h9").0, Exit::Failed);
}
