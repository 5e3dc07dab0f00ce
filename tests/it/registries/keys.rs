//! The keys for ID numbers: made, rotated, retired, mistaken.

use super::desk::{Desk, dibao};
use super::number;
use crate::support::database::{Backend, on_both};

on_both! {
    keys_are_rotated_without_losing_anybody,
    the_wrong_key_file_is_noticed_before_anybody_is_taken_for_somebody_else,
}

#[test]
fn without_keys_nothing_is_imported_and_it_is_said_how_to_make_them() {
    let desk = Desk::without_keys();
    let file = desk.list("a.csv", &[dibao("1", "甲", &number(1))]);
    let said = desk.import(&file, &[]).refused();
    assert_eq!(
        said,
        "error: there are no keys for ID numbers: make them with `assistance-toolbox keys new --out FILE`, and set \
         `ASSISTANCE_ID_KEYS` to the file\n"
    );
    assert!(!desk.database().exists(), "nothing was opened");
    std::fs::write(desk.path("id-keys.toml"), "hash = \"abc\"\n").unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let said = desk.import(&file, &[]).refused();
        assert!(said.contains("others can read the key file"), "{said}");
        std::fs::set_permissions(desk.path("id-keys.toml"), PermissionsExt::from_mode(0o600)).unwrap();
    }
    let said = desk.import(&file, &[]).refused();
    assert!(said.contains("is no key file that `keys new` made") && !said.contains("abc"), "{said}");
    let said = desk.run(&["keys", "new", "--out", &desk.name("id-keys.toml")]).refused();
    assert!(said.contains("is there already"), "{said}");
}

fn keys_are_rotated_without_losing_anybody(backend: Backend) {
    let desk = Desk::on(backend);
    let rows: Vec<String> = (1..=4).map(|order| dibao("1", "甲", &number(order))).collect();
    desk.import(&desk.list("1.csv", &rows[..3]), &[]).done();
    let retired = desk.run(&["keys", "retire", "--key", "1"]).refused();
    assert!(retired.contains("key 1 is the newest"), "{retired}");
    assert_eq!(desk.run(&["keys", "rotate"]).done(), "key 2 seals from now on\n");

    // Known numbers are recognised; the new one is sealed with the new key.
    let taken = desk.import(&desk.list("2.csv", &rows), &[]).done();
    assert_eq!(taken, "import 2: 1 new, 0 changed, 3 unchanged, 0 ended, 0 refused\n");
    let list = desk.run(&["keys", "list"]).done();
    let seals: Vec<&str> = list.lines().map(|line| line.split(": ").nth(1).unwrap()).collect();
    assert_eq!(seals, ["seals 3 numbers", "seals 1 numbers"]);
    let retired = desk.run(&["keys", "retire", "--key", "1"]).refused();
    assert!(retired.contains("key 1 seals 3 numbers still"), "{retired}");

    let before = desk.dump();
    assert_eq!(desk.run(&["keys", "reseal"]).done(), "3 numbers sealed anew with key 2\n");
    assert_eq!(desk.run(&["keys", "reseal"]).done(), "0 numbers sealed anew with key 2\n");
    let changed = desk.dump().iter().filter(|row| !before.contains(row)).count();
    assert_eq!(changed, 3);
    assert!(desk.run(&["keys", "retire", "--key", "1"]).done().starts_with("key 1 is retired"));
    // Every number opens with what is left.
    desk.run(&["keys", "rotate"]).done();
    assert_eq!(desk.run(&["keys", "reseal"]).done(), "4 numbers sealed anew with key 3\n");
    let again = desk.list("3.csv", &rows.iter().rev().cloned().collect::<Vec<_>>());
    assert!(desk.import(&again, &[]).done().contains("4 unchanged"));
}

fn the_wrong_key_file_is_noticed_before_anybody_is_taken_for_somebody_else(backend: Backend) {
    let desk = Desk::on(backend);
    let rows = [dibao("1", "甲", &number(1))];
    desk.import(&desk.list("1.csv", &rows), &[]).done();
    let before = desk.dump();
    std::fs::rename(desk.path("id-keys.toml"), desk.path("right.toml")).unwrap();
    desk.run(&["keys", "new", "--out", &desk.name("id-keys.toml")]).done();
    let said = desk.import(&desk.list("2.csv", &[dibao("1", "甲", &number(2))]), &[]).refused();
    assert!(said.contains("the key file is not the one of this database"), "{said}");
    desk.run(&["keys", "rotate"]).done();
    let reseal = desk.run(&["keys", "reseal"]);
    assert_eq!((reseal.code, reseal.out.as_str()), (1, ""));
    assert!(reseal.err.contains("a sealed number does not open"), "{}", reseal.err);
    assert_eq!(desk.dump(), before);
}
