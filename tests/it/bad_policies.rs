//! One broken fixture for every mistake that a folder of policy files can hold.
//!
//! `fixtures/policies` is a small folder that is right. A case breaks it by a few edits and says which
//! code, file, line and words must come out of it, and nothing else.

mod checks;
mod hash;
mod income;
mod reading;
mod references;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use assistance_toolbox::documents::reader;
use assistance_toolbox::policy_files::{Diagnostic, check, codes, compile, load};
use proptest::prelude::*;

/// A file, a text that stands in it, and the text in its place.
type Edit = (&'static str, &'static str, &'static str);

/// A mistake.
struct Case {
    code: &'static str,
    /// Nothing for the text that stands there: the new text comes to the end, of a new file if need
    /// be. [`GONE`] for the new text: no such file.
    edits: &'static [Edit],
    /// The file and a text on the line that is named; nothing for the file as a whole.
    at: (&'static str, &'static str),
    /// Words of the message with its hint.
    words: &'static str,
}

const GONE: &str = "\0";

type Files = Vec<(String, String)>;

fn base() -> Files {
    fn collect(dir: &Path, inside: &str, files: &mut Files) {
        for entry in fs::read_dir(dir).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{inside}{}", entry.file_name().to_str().unwrap());
            if entry.path().is_dir() {
                collect(&entry.path(), &format!("{path}/"), files);
            } else {
                files.push((path, fs::read_to_string(entry.path()).unwrap()));
            }
        }
    }
    let mut files = Files::new();
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/policies");
    collect(&dir, "", &mut files);
    files.sort();
    files
}

fn edited(edits: &[(&str, &str, &str)]) -> Files {
    let mut files = base();
    for (path, old, new) in edits {
        let found = files.iter().position(|(known, _)| known == path);
        match found {
            Some(index) if *new == GONE => drop(files.remove(index)),
            Some(index) if old.is_empty() => files[index].1.push_str(new),
            Some(index) => {
                let text = &mut files[index].1;
                assert!(text.contains(old), "`{old}` does not stand in {path}");
                *text = text.replacen(old, new, 1);
            }
            None => files.push(((*path).to_owned(), (*new).to_owned())),
        }
    }
    files
}

fn problems(files: &Files) -> Vec<Diagnostic> {
    match compile(files) {
        Ok((_, warnings)) => warnings,
        Err(errors) => errors,
    }
}

fn written(problems: &[Diagnostic]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn cases() -> impl Iterator<Item = &'static Case> {
    reading::CASES.iter().chain(references::CASES).chain(checks::CASES).chain(income::CASES)
}

#[test]
fn the_real_policies_are_right() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let found = check(&dir).map_or_else(|errors| errors, |(_, warnings)| warnings);
    assert_eq!(written(&found), "");
}

#[test]
fn the_base_is_right() {
    assert_eq!(written(&problems(&base())), "");
}

#[test]
fn every_mistake_is_named_where_it_stands() {
    let mut failures = Vec::new();
    for Case { code, edits, at: (file, needle), words } in cases() {
        let files = edited(edits);
        let found = problems(&files);
        let text = files.iter().find(|(path, _)| path == file).map_or("", |(_, text)| text);
        let line = (!needle.is_empty()).then(|| {
            let at = text.find(needle).unwrap_or_else(|| panic!("`{needle}` does not stand in {file}"));
            text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
        });
        let right = found.len() == 1
            && found.iter().all(|one| {
                (one.code, one.file.as_str(), one.line) == (*code, *file, line)
                    && one.to_string().contains(words)
            });
        if !right {
            let line = line.map_or(String::new(), |line| format!(":{line}"));
            failures.push(format!("expected {file}{line} [{code}] … {words} …\nfound:\n{}", written(&found)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn what_is_right_is_not_refused() {
    for (edits, why) in checks::RIGHT {
        assert_eq!(written(&problems(&edited(edits))), "", "{why}");
    }
}

#[test]
fn every_code_has_a_fixture() {
    let all: BTreeSet<&str> = reader::codes::ALL.iter().chain(codes::ALL).copied().collect();
    assert_eq!(all.len(), reader::codes::ALL.len() + codes::ALL.len(), "a code stands for two mistakes");
    let covered: BTreeSet<&str> = cases().map(|case| case.code).collect();
    // An unreadable file is no text; `unreadable_files_are_named` has it.
    let missing: Vec<_> = all.difference(&covered).filter(|code| **code != codes::UNREADABLE_FILE).collect();
    assert!(missing.is_empty(), "no fixture for {missing:?}");
}

#[test]
fn all_mistakes_of_a_run_come_at_once_and_in_order() {
    let files = edited(&[
        ("measures/S1.toml", "[\"dibao\"]", "[\"dibau\"]"),
        ("measures/C3.toml", "disability_grade >= 1", "disability >= 1"),
        ("measures/C3.toml", "department = \"civil_affairs\"", "department = \"civil\""),
        ("cascades.toml", "links = [\"D3\", \"D1\"]", "links = [\"D3\", \"D1\", \"S2\"]"),
        ("jurisdictions/town.toml", "value = \"5%\"", "value = \"41%\""),
    ]);
    let lines: Vec<String> = problems(&files)
        .iter()
        .map(|one| format!("{}:{} {}", one.file, one.line.unwrap_or_default(), one.code))
        .collect();
    assert_eq!(
        lines,
        [
            "cascades.toml:1 cascade_link",
            "measures/C3.toml:10 unknown_department",
            "measures/C3.toml:37 bad_condition",
            "measures/D3.toml:34 rate_over_100",
            "measures/S1.toml:30 unknown_identity",
        ]
    );
}

#[test]
fn a_diagnostic_is_one_line() {
    let files = edited(&[("measures/S1.toml", "[\"dibao\"]", "[\"dibau\"]")]);
    assert_eq!(
        written(&problems(&files)),
        "measures/S1.toml:30: error[unknown_identity]: `standards[0].identities[0]`: no identity type is called \
         `dibau` (hint: did you mean `dibao`?)"
    );
}

#[test]
fn unreadable_files_are_named() {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in base() {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    assert!(load(dir.path()).is_ok());
    fs::write(dir.path().join("measures/C3.toml"), b"\xff\xfe").unwrap();
    let found = load(dir.path()).unwrap_err();
    assert_eq!((found.len(), found[0].code), (1, codes::UNREADABLE_FILE), "{}", written(&found));
    assert!(found[0].file.ends_with("C3.toml"));
    let found = load(&dir.path().join("nowhere")).unwrap_err();
    assert_eq!((found.len(), found[0].code), (1, codes::UNREADABLE_FILE), "{}", written(&found));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn random_text_never_panics(text in "[\\[\\]{}=\"'.,$%#\n a-z0-9中-]{0,200}", file in 0..18_usize) {
        let mut files = base();
        files[file].1 = text;
        let _ = compile(&files);
    }

    #[test]
    fn a_mangled_file_never_panics(
        file in 0..18_usize,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<bool>()), 1..4),
    ) {
        // Lines and words change places or go: what is left mostly still is TOML.
        let mut files = base();
        let text = &mut files[file].1;
        let mut words: Vec<String> = text.split_inclusive([' ', '\n']).map(str::to_owned).collect();
        for (one, other, drop) in edits {
            if drop && words.len() > 1 {
                words.remove(one.index(words.len()));
            } else {
                let (one, other) = (one.index(words.len()), other.index(words.len()));
                words.swap(one, other);
            }
        }
        *text = words.concat();
        let _ = compile(&files);
    }
}
