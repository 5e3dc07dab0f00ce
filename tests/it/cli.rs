//! The command line as it is run: the built program, its streams and its exit codes.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::support::root;

/// How a run ended, with both streams.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs the program in the repository's folder; `input` is its standard input.
fn run_with(args: &[&str], input: &[u8]) -> Run {
    let mut child = crate::support::program()
        .args(args)
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // A program that refuses its arguments does not read.
        let _closed = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

pub(crate) fn run(args: &[&str]) -> Run {
    run_with(args, b"")
}

/// The catalogue's hash changes with every policy: it is checked, then hidden.
pub(crate) fn without_hash(text: &str) -> String {
    without(text, &crate::worked::POLICIES.catalogue().hash.to_string())
}

fn without(text: &str, hash: &str) -> String {
    let short = hash.get(..12).unwrap();
    assert!(text.contains(short), "{text}");
    text.replace(hash, "[catalogue]").replace(short, "[catalogue]")
}

/// Fits a terminal of 100 columns, without spaces at the end of a line.
pub(crate) fn assert_fits(text: &str) {
    for line in text.lines() {
        let width = textwrap::core::display_width(line);
        assert!(width <= 100 && line == line.trim_end(), "{width} columns: {line:?}");
    }
}

#[test]
fn the_tables_of_h1_and_h4() {
    for case in ["h1", "h4"] {
        for lang in ["zh", "en"] {
            let file = format!("policies/cases/{case}.toml");
            let ran = run(&["resolve", &file, "--on", "2024-06-01", "--lang", lang]);
            assert_eq!((ran.code, ran.err.as_str()), (0, ""));
            assert_fits(&ran.out);
            insta::assert_snapshot!(format!("table_{case}_{lang}"), without_hash(&ran.out));
        }
    }
}

#[test]
fn every_table_fits_the_terminal() {
    for lang in ["zh", "en"] {
        let resolved = run(&["resolve", "policies/cases", "--on", "2024-06-01", "--lang", lang]);
        let catalogue = run(&["catalogue", "--place", "huaibei-all13", "--on", "2024-06-01", "--lang", lang]);
        let explained = ["D1", "C4", "S1", "M13"].map(|measure| {
            run(&["explain", measure, "policies/cases/h4.toml", "--on", "2024-06-01", "--lang", lang])
        });
        for ran in [&resolved, &catalogue].into_iter().chain(&explained) {
            assert_eq!((ran.code, ran.err.as_str()), (0, ""));
            assert_fits(&ran.out);
        }
    }
}

/// Under the low cap the better chain depends on the cost: the crossings stand in the table.
#[test]
fn the_crossings_of_the_low_cap_are_told() {
    let policies = tempfile::tempdir().unwrap();
    copy(&root().join("policies"), policies.path());
    let place = root().join("tests/it/fixtures/places/low-cap.toml");
    std::fs::copy(place, policies.path().join("jurisdictions/low-cap.toml")).unwrap();
    let household = r#"{"key": "t1", "place": "low-cap", "members": [{"key": "p1", "name": "张三",
        "birthDate": "1970-01-01", "insurance": {"residentMedical": true}}], "identities": [
        {"type": "dibao", "since": "2023-01-01"}, {"type": "m_edge", "since": "2023-01-01"}]}"#;
    let (_folder, path) = file("t1.json", household.as_bytes());
    let args = ["resolve", path.to_str().unwrap(), "--on", "2024-06-01", "--lang", "zh", "--policies"];
    let ran = run(&[args.as_slice(), &[policies.path().to_str().unwrap()]].concat());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_fits(&ran.out);
    for text in ["超过128,000.00元（首次为128,000.01元）后", "超过487,500.00元（首次为487,500.01元）后"]
    {
        assert!(ran.out.contains(text), "{}", ran.out);
    }
    let hash = crate::support::catalogue().hash.to_string();
    insta::assert_snapshot!("table_low_cap_zh", without(&ran.out, &hash));
}

/// Under `all_13` the small loan is open to dibao, against the national text: the table says so.
#[test]
fn an_extension_beyond_its_limit_is_warned_of() {
    let args = [
        "resolve",
        "policies/cases/h6.toml",
        "--place",
        "huaibei-all13",
        "--on",
        "2024-06-01",
        "--lang",
        "zh",
    ];
    let ran = run(&args);
    assert!(ran.out.contains("注意：M9 小额信贷：国家文件只覆盖脱贫户和边缘易致贫户"), "{}", ran.out);
}

#[test]
fn the_canonical_packages_of_all_cases() {
    let ran = run(&["resolve", "policies/cases", "--on", "2024-06-01", "--format", "json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let mut cases = Vec::new();
    for line in ran.out.lines() {
        let package: serde_json::Value = serde_json::from_str(line).unwrap();
        let canonical = serde_json_canonicalizer::to_vec(&package).unwrap();
        assert_eq!(line.as_bytes(), canonical, "the line is canonical");
        let key = package["household"].as_str().unwrap().to_owned();
        let pretty = serde_json::to_string_pretty(&package).unwrap();
        insta::assert_snapshot!(format!("package_{key}"), without_hash(&pretty));
        cases.push(key);
    }
    assert_eq!(cases, ["h1", "h3", "h3b", "h4", "h6-reviewed", "h6"]);
}

#[test]
fn the_explanations_say_why() {
    let zh = run(&["explain", "M1", "policies/cases/h1.toml", "--on", "2024-06-01", "--lang", "zh"]);
    assert_eq!((zh.code, zh.err.as_str()), (0, ""));
    insta::assert_snapshot!("explain_m1_h1_zh", without_hash(&zh.out));
    let en = run(&["explain", "D4", "policies/cases/h4.toml", "--on", "2024-06-01", "--lang", "en"]);
    insta::assert_snapshot!("explain_d4_h4_en", without_hash(&en.out));
    let args =
        ["explain", "RAIN_DEW_PLAN", "policies/cases/h1.toml", "--on", "2024-06-01", "--format", "json"];
    let json: serde_json::Value = serde_json::from_str(&run(&args).out).unwrap();
    assert_eq!(json["measure"], "M1");
    let outcomes: Vec<_> =
        json["rows"].as_array().unwrap().iter().map(|row| row["outcome"].clone()).collect();
    assert_eq!(outcomes, ["no_identity", "no_identity", "no_identity"]);
}

/// Amounts that a summing or mixing of identities would give. They come out nowhere.
#[test]
fn the_wrong_answers_to_h4_come_out_nowhere() {
    let args = ["resolve", "policies/cases/h4.toml", "--on", "2024-06-01"];
    let json = run(&[args.as_slice(), &["--format", "json"]].concat()).out;
    let zh = run(&[args.as_slice(), &["--lang", "zh"]].concat()).out;
    let en = run(&[args.as_slice(), &["--lang", "en"]].concat()).out;
    let explained: Vec<String> = ["D1", "D2", "D4"]
        .iter()
        .map(|measure| run(&["explain", measure, "policies/cases/h4.toml", "--on", "2024-06-01"]).out)
        .collect();
    let package = crate::worked::resolve("h4", "2024-06-01", "huaibei");
    let library = format!("{:?}", package.package);
    for (yuan, fen) in [("86,325", "8632500"), ("532.00", "53200"), ("150.00", "15000")] {
        for text in [&zh, &en].into_iter().chain(&explained) {
            let found = text.match_indices(yuan).any(|(at, _)| {
                !text.split_at(at).0.ends_with(|before: char| before.is_ascii_digit() || before == ',')
            });
            assert!(!found, "{yuan} stands in the table:\n{text}");
        }
        for text in [&json, &library] {
            let digits = text.split(|letter: char| !letter.is_ascii_digit());
            assert!(digits.into_iter().all(|number| number != fen), "{fen} stands in the package");
        }
    }
    assert!(zh.contains("141,500.00元/年") && zh.contains("43,875.00元/年") && zh.contains("16,675.00元/年"));
}

/// A folder with one file.
pub(crate) fn file(name: &str, text: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

#[rustfmt::skip]
const BAD: &[(&str, &str, &str)] = &[
    // The file's name, its text, what the message must say behind the file.
    ("pair.toml", "key = \"k\"\nplace = \"huaibei\"\nidentities = [\n{ type = \"dibao\", since = 2024-01-01 },\n{ type = \"dibao_edge\", since = 2024-01-01 },\n]\n[[members]]\nkey = \"p1\"", "identities[1]: "),
    ("negative.toml", "key = \"k\"\nplace = \"huaibei\"\n[income]\ncountedYear = -5\n[[members]]\nkey = \"p1\"", ":4: income.countedYear: "),
    ("date.toml", "key = \"k\"\nplace = \"huaibei\"\n[[members]]\nkey = \"p1\"\nbirthDate = \"2024-02-30\"", ":5: members[0].birthDate: "),
    ("field.toml", "key = \"k\"\nplace = \"huaibei\"\ncolour = 1\n[[members]]\nkey = \"p1\"", ":3: colour: "),
    ("float.toml", "key = \"k\"\nplace = \"huaibei\"\n[income]\ncountedYear = 100.5\n[[members]]\nkey = \"p1\"", ":4: income.countedYear: "),
    ("float.json", r#"{"key": "k", "place": "huaibei", "income": {"countedYear": 100.5}, "members": [{"key": "p1"}]}"#, "income.countedYear: "),
    ("place.toml", "key = \"k\"\nplace = \"huaibai\"\n[[members]]\nkey = \"p1\"", ": place: no place of this id in the policies (did you mean `huaibei`?)"),
    ("noplace.toml", "key = \"k\"\n[[members]]\nkey = \"p1\"", ": place: missing (name it here or with `--place`: "),
    ("broken.toml", "key = \"k\"\nplace = = 1\n", ":2: column "),
    ("broken.json", "{\"key\": \"k\",\n \"place\" 2}", ":2: column "),
    ("empty.json", "", ":1: column "),
    ("list.json", "[]", ": "),
    ("lines.ndjson", "{\"key\": \"k\", \"place\": \"huaibei\", \"members\": [{\"key\": \"p1\"}]}\n\n{\"key\": 1}\n", ":3: key: "),
    ("text.txt", "key = 1", ": a household stands in a `.toml`, `.json` or `.ndjson` file"),
];

#[test]
fn bad_documents_end_with_2_name_the_place_and_print_nothing() {
    for (name, text, expected) in BAD {
        let (_folder, path) = file(name, text.as_bytes());
        let path = path.to_str().unwrap();
        // A good file beside it is not resolved either.
        let ran = run(&["resolve", "policies/cases/h1.toml", path, "--on", "2024-06-01"]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{name}: {}", ran.err);
        let behind = ran.err.strip_prefix(path).unwrap();
        assert!(behind.contains(expected), "{name}: {behind}");
        let again = run(&["explain", "D1", path, "--on", "2024-06-01"]);
        assert_eq!((again.code, again.out.as_str()), (2, ""), "{name}: {}", again.err);
        for value in ["2024-02-30", "100.5", "-5"] {
            assert!(!ran.err.contains(value), "{name}: the message quotes a value: {}", ran.err);
        }
    }
}

#[test]
fn a_document_of_10_mb_is_refused() {
    let mut text = br#"{"key": "k", "place": "huaibei", "members": [{"key": "p1"}]}"#.to_vec();
    text.resize(10_000_001, b' ');
    for name in ["large.json", "large.ndjson"] {
        let (_folder, path) = file(name, &text);
        let ran = run(&["resolve", path.to_str().unwrap(), "--on", "2024-06-01"]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
        assert_eq!(ran.err, format!("{}: larger than 10 MB\n", path.display()));
    }
    // On standard input the next line is answered all the same.
    text.extend(b"\n{\"key\": \"k\", \"place\": \"huaibei\", \"members\": [{\"key\": \"p1\"}]}\n");
    let ran = run_with(&["resolve", "-", "--on", "2024-06-01", "--format", "json"], &text);
    assert_eq!((ran.code, ran.err.as_str()), (2, "-:1: larger than 10 MB\n"));
    assert_eq!(ran.out.lines().count(), 1);
}

#[test]
fn bad_arguments_end_with_2() {
    let case = "policies/cases/h1.toml";
    for (args, expected) in [
        (
            vec!["resolve", case, "--place", "huaibai"],
            "`--place`: no place `huaibai` in the policies (did you mean",
        ),
        (vec!["resolve", case, "--on", "2024-02-30"], "expected a day of the calendar"),
        (vec!["resolve", case, "--lang", "fr"], "possible values: zh, en"),
        (vec!["resolve", "nowhere.toml"], "nowhere.toml: cannot be read"),
        (vec!["resolve", "-", case], "`-` stands alone"),
        (vec!["resolve"], "required arguments"),
        (vec!["explain", "D9", case], "`MEASURE`: no measure of this id or code (did you mean"),
        (vec!["explain", "D1", "policies/cases"], "one household is explained, not 6"),
        (vec!["catalogue", "--place", "huaibai"], "did you mean `huaibei`?"),
    ] {
        let ran = run(&args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}: {}", ran.err);
        assert!(ran.err.contains(expected), "{args:?}: {}", ran.err);
    }
}

#[test]
fn standard_input_is_answered_line_by_line() {
    let good = r#"{"key": "a", "place": "huaibei", "members": [{"key": "p1"}]}"#;
    let input = format!(
        "{good}\n{{\"key\": \"b\", \"colour\": 1, \"place\": \"huaibei\", \"members\": [{{\"key\": \"p1\"}}]}}\n\n{good}"
    );
    let ran = run_with(&["resolve", "-", "--on", "2024-06-01", "--format", "json"], input.as_bytes());
    assert_eq!(ran.code, 2);
    assert_eq!(ran.out.lines().count(), 2, "{}", ran.out);
    assert!(ran.err.starts_with("-:2: colour: "), "{}", ran.err);
    let ran = run_with(&["resolve", "-", "--on", "2024-06-01", "--lang", "zh"], good.as_bytes());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.starts_with("户 a · "), "{}", ran.out);
}

#[test]
fn check_prints_every_mistake_and_a_summary() {
    let ran = run(&["check"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains("0 errors") && ran.out.contains("34 measures"), "{}", ran.out);
    let broken = tempfile::tempdir().unwrap();
    copy(&root().join("policies"), broken.path());
    let measure = broken.path().join("measures/D1.toml");
    let text = std::fs::read_to_string(&measure).unwrap();
    std::fs::write(&measure, text.replacen("category = ", "colour = ", 1)).unwrap();
    let folder = broken.path().to_str().unwrap();
    let ran = run(&["check", folder]);
    assert_eq!(ran.code, 1);
    let line = ran.out.lines().find(|line| line.contains("error[unknown_key]")).unwrap();
    assert!(line.starts_with(&format!("{}:", measure.display())), "{line}");
    let last = ran.out.lines().last().unwrap();
    assert!(last.contains(" errors, ") && !last.starts_with("0 "), "{last}");
    let ran = run(&["resolve", "policies/cases/h1.toml", "--policies", folder]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("error[unknown_key]"), "{}", ran.err);
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn the_catalogue_has_the_stated_counts() {
    let ran = run(&["catalogue", "--on", "2024-06-01", "--lang", "zh"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let text = "34项：标准不同 4；仅监测对象 13；共享 12；仅社会救助 5。论文点名16项，重构18项。";
    assert!(ran.out.contains(text), "{}", ran.out);
    assert!(ran.out.contains("社会救助21；监测29；合并34；共有16"), "{}", ran.out);
    let ran = run(&["catalogue", "--place", "huaibei", "--on", "2024-06-01", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(json["reach"]["socialAssistance"], 30);
    assert_eq!(json["reach"]["byIdentity"]["dibao"], 29);
    assert_eq!(json["measures"].as_array().unwrap().len(), 34);
}

#[test]
fn the_schema_is_the_committed_file() {
    let ran = run(&["schema"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out == std::fs::read_to_string(root().join("schema.graphql")).unwrap());
}

#[test]
fn help_names_the_exit_codes() {
    let ran = run(&["--help"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for line in ["Exit codes", "- 0: done", "- 1: failed", "- 2: bad input"] {
        assert!(ran.out.contains(line), "{line}");
    }
    assert_eq!(run(&["--version"]).out, concat!("assistance-toolbox ", env!("CARGO_PKG_VERSION"), "\n"));
}
