//! Taking rows in, through the store's face.

use assistance_toolbox::app::vault::Vault;
use assistance_toolbox::domain::registries::Registry;
use assistance_toolbox::store::{
    Closing, ImportCounts, Imported, Intake, ListedPerson, NewImport, Statement, Store,
};

use super::{day, row, vault};
use crate::support::database::{Backend, on_both};

on_both! {
    what_a_list_says_of_a_person_replaces_what_was_said_before,
    an_older_list_and_other_keys_are_not_taken,
    rows_are_held_against_earlier_ones_of_the_same_list_over_chunks,
    an_import_that_is_not_to_be_kept_leaves_nothing,
    pages_hold_whole_households,
}

/// Rows in chunks; those that stand beside another of their person are refused.
struct Rows {
    chunks: Vec<Vec<Statement>>,
    refused: i64,
    keep: bool,
}

impl Intake for Rows {
    fn next_rows(&mut self) -> Option<Vec<Statement>> {
        (!self.chunks.is_empty()).then(|| self.chunks.remove(0))
    }

    fn admits(&mut self, row: &Statement, beside: &[&Statement]) -> bool {
        let fits = beside.iter().all(|other| other.person != row.person);
        self.refused += i64::from(!fits);
        fits
    }

    fn close(&mut self) -> Closing {
        Closing { refused: self.refused, keep: self.keep }
    }
}

pub(super) fn new(vault: &Vault, as_of: &str, files: &[&str]) -> NewImport {
    NewImport {
        registry: Registry::SocialAssistance,
        as_of: day(as_of),
        complete: false,
        by: "a test".to_owned(),
        at: "2026-11-25T01:02:03Z".parse().unwrap(),
        keys_check: vault.check(),
        files: files.iter().map(|file| file.repeat(64)).collect(),
    }
}

pub(super) fn import(store: &Store, new: NewImport, rows: &[Statement]) -> Imported {
    let chunks = rows.chunks(2).map(<[Statement]>::to_vec).collect();
    store.import(new, Rows { chunks, refused: 0, keep: true }).wait().unwrap().0
}

fn listed(store: &Store) -> Vec<ListedPerson> {
    store.listed(Registry::SocialAssistance, None, 1_000).wait().unwrap()
}

/// Who is listed, by household and name and identity.
fn shown(store: &Store) -> Vec<String> {
    let shown = listed(store).into_iter().map(|person| {
        let stated = person.statement;
        let held = stated.identity.map(|held| format!("{} {}", held.identity, held.held.from));
        format!("{} {} {}", stated.household_no, stated.name, held.unwrap_or_default())
    });
    shown.collect()
}

const fn counts(new: i64, changed: i64, unchanged: i64, ended: i64, refused: i64) -> ImportCounts {
    ImportCounts { new, changed, unchanged, ended, refused }
}

fn what_a_list_says_of_a_person_replaces_what_was_said_before(backend: Backend) {
    let (store, vault) = (backend.store(), vault());
    let dibao = "dibao 2024-01-01";
    let first = [row(&vault, ("1", 1), dibao), row(&vault, ("1", 2), ""), row(&vault, ("2", 3), dibao)];
    let new = |as_of, file| new(&vault, as_of, &[file]);
    assert_eq!(import(&store, new("2024-01-05", "a"), &first), Imported::Kept(1, counts(3, 0, 0, 0, 0)));
    let back: Vec<Statement> = listed(&store).into_iter().map(|person| person.statement).collect();
    assert_eq!(back, first, "what was stated comes back");

    // The very file, then the same rows sealed anew in another file: nothing is written.
    assert_eq!(import(&store, new("2024-02-05", "a"), &first), Imported::Repeated(1));
    let again = [row(&vault, ("2", 3), dibao), row(&vault, ("1", 2), ""), row(&vault, ("1", 1), dibao)];
    let nothing = Imported::NothingNew(counts(0, 0, 3, 0, 0));
    assert_eq!(import(&store, new("2024-02-05", "b"), &again), nothing);
    assert_eq!(store.imports(10).wait().unwrap().len(), 1);

    // 1 moves, 2 gets an identity, 4 is new; 3 is not in the list, which does not claim to be complete.
    let second = [row(&vault, ("9", 1), dibao), row(&vault, ("1", 2), dibao), row(&vault, ("1", 4), "")];
    assert_eq!(import(&store, new("2024-02-05", "c"), &second), Imported::Kept(2, counts(2, 1, 0, 1, 0)));
    let expected = ["1 甲2 dibao 2024-01-01", "1 甲4 ", "2 甲3 dibao 2024-01-01", "9 甲1 dibao 2024-01-01"];
    assert_eq!(shown(&store), expected);

    // A complete list leaves 1, 2 and 4 out.
    let complete = NewImport { complete: true, ..new("2024-03-05", "d") };
    let third = [row(&vault, ("2", 3), dibao)];
    assert_eq!(import(&store, complete, &third), Imported::Kept(3, counts(0, 0, 1, 3, 0)));
    assert_eq!(shown(&store), ["2 甲3 dibao 2024-01-01"]);

    // What was listed stays on record.
    let all = store.all_listed(None).wait().unwrap();
    let gone = all.iter().find(|listed| (listed.id.seq, listed.id.number) == (1, 1)).unwrap();
    assert_eq!(gone.closed_seq, Some(2));
    let seqs: Vec<i64> = store.imports(2).wait().unwrap().iter().map(|import| import.seq).collect();
    assert_eq!(seqs, [3, 2]);
}

fn an_older_list_and_other_keys_are_not_taken(backend: Backend) {
    let (store, vault) = (backend.store(), vault());
    let rows = [row(&vault, ("1", 1), "")];
    import(&store, new(&vault, "2024-02-05", &["a"]), &rows);
    let older = import(&store, new(&vault, "2024-02-04", &["b"]), &rows);
    assert_eq!(older, Imported::Later(1, day("2024-02-05")));
    let others = super::vault();
    assert_eq!(import(&store, new(&others, "2024-03-05", &["b"]), &rows), Imported::OtherKeys);
    // The other registry has days of its own, and the same keys.
    let other = |vault| NewImport { registry: Registry::Monitoring, ..new(vault, "2024-01-01", &["a"]) };
    assert_eq!(import(&store, other(&others), &rows), Imported::OtherKeys);
    assert!(matches!(import(&store, other(&vault), &rows), Imported::Kept(2, _)));
}

fn rows_are_held_against_earlier_ones_of_the_same_list_over_chunks(backend: Backend) {
    let (store, vault) = (backend.store(), vault());
    let rows: Vec<Statement> = (1..=4).map(|person| row(&vault, ("1", person), "")).collect();
    let twice = [rows.clone(), vec![rows[0].clone(), rows[3].clone()]].concat();
    let Imported::Kept(1, found) = import(&store, new(&vault, "2024-01-05", &["a"]), &twice) else {
        panic!()
    };
    assert_eq!(found, counts(4, 0, 0, 0, 2));
    // Also against rows that were known before. With a row refused, nobody is taken from the list.
    let complete = NewImport { complete: true, ..new(&vault, "2024-02-05", &["b"]) };
    let more = [rows[0].clone(), row(&vault, ("2", 9), ""), rows[1].clone(), rows[0].clone()];
    assert_eq!(import(&store, complete, &more), Imported::Kept(2, counts(1, 0, 2, 0, 1)));
    assert_eq!(shown(&store).len(), 5);
}

fn an_import_that_is_not_to_be_kept_leaves_nothing(backend: Backend) {
    let (store, vault) = (backend.store(), vault());
    let chunks = vec![vec![row(&vault, ("1", 1), "")]];
    let rows = Rows { chunks, refused: 0, keep: false };
    let (dropped, _) = store.import(new(&vault, "2024-01-05", &["a"]), rows).wait().unwrap();
    assert_eq!(dropped, Imported::Dropped(counts(1, 0, 0, 0, 0)));
    assert_eq!((shown(&store).len(), store.imports(9).wait().unwrap().len()), (0, 0));
}

fn pages_hold_whole_households(backend: Backend) {
    let (store, vault) = (backend.store(), vault());
    let rows: Vec<Statement> =
        (1..=9).map(|person| row(&vault, (&(person / 3).to_string(), person), "")).collect();
    import(&store, new(&vault, "2024-01-05", &["a"]), &rows);
    let mut sizes = Vec::new();
    let mut after = None;
    loop {
        let page = store.listed(Registry::SocialAssistance, after.as_deref(), 3).wait().unwrap();
        let Some(last) = page.last() else { break };
        sizes.push(page.len());
        after = Some(last.statement.household_no.clone());
    }
    assert_eq!(sizes, [5, 3, 1], "2 and 3 rows of two households, then 3 and 1 of one each");
}
