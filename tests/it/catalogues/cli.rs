//! `check --against-database` and `export-policies`.

use super::{add, edited, hash, texts};
use crate::support::database::{Backend, Database, on_both};
use crate::support::{program, root};

on_both! {
    the_catalogue_is_written_out_byte_for_byte,
    drift_is_named_file_by_file,
}

fn run(arguments: &[&str], database: &Database) -> (i32, String, String) {
    let output =
        program().args(arguments).args(["--database", database.url()]).current_dir(root()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn drift_is_named_file_by_file(backend: Backend) {
    let database = backend.database();
    let check = || run(&["check", "policies", "--against-database"], &database);
    let (code, out, _) = check();
    assert_eq!(
        (code, out.lines().last()),
        (
            1,
            Some(
                "the database has no catalogue yet: `serve`, or a command that decides by one, fills it from the folder"
            )
        )
    );
    let store = database.store();
    add(&store, 0, texts());
    let (code, out, _) = check();
    let same = format!("0 files differ from catalogue 1 of the database, {}", hash(&texts()));
    assert_eq!((code, out.lines().last()), (0, Some(same.as_str())));
    let changed = edited("measures/C7.toml", "from = 2021-01-01", "from = 2021-02-01");
    add(&store, 1, changed.clone());
    let (code, out, err) = check();
    let told: Vec<&str> = out.lines().skip(1).collect();
    let last = format!("1 file differs from catalogue 2 of the database, {}", hash(&changed));
    let first = "changed: measures/C7.toml (C7 义务教育家庭经济困难学生生活补助 Compulsory education living allowance): \
                 standards C7-boarding-primary";
    assert_eq!((code, told, err.as_str()), (1, vec![first, &last], ""));
}

fn the_catalogue_is_written_out_byte_for_byte(backend: Backend) {
    let folder = tempfile::tempdir().unwrap();
    let database = backend.database();
    let out = folder.path().join("out");
    let export = |more: &[&str]| {
        let arguments = [&["export-policies", "--out", out.to_str().unwrap()], more].concat();
        run(&arguments, &database)
    };
    assert_eq!(export(&[]), (1, String::new(), "error: the database has no such catalogue\n".to_owned()));
    let store = database.store();
    add(&store, 0, texts());
    add(&store, 1, edited("measures/C7.toml", "from = 2021-01-01", "from = 2021-02-01"));
    assert_eq!(export(&["--number", "1"]).0, 0);
    assert_eq!(assistance_toolbox::policy_files::texts(&out).unwrap(), texts());
    let (code, _, err) = export(&[]);
    assert!(code == 2 && err.contains("is not empty"), "{err}");
    std::fs::write(out.join("measures/D99.toml"), "").unwrap();
    let (code, told, err) = export(&["--overwrite"]);
    assert_eq!((code, err.as_str()), (0, "left alone: measures/D99.toml is not in the catalogue\n"));
    assert!(told.contains("第 2 版政策目录"), "{told}");
    let written = std::fs::read_to_string(out.join("measures/C7.toml")).unwrap();
    assert!(written.contains("from = 2021-02-01"));
}
