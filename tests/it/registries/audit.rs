//! What commands do to stored data stands in the audit log, refusals too, and the commands about both lists answer
//! with the exit codes that scripts rely on.

use super::desk::{Desk, dibao, line};
use super::number;

/// Who did what to what, and what came of it, oldest first.
fn log(desk: &Desk) -> Vec<String> {
    let listed = desk.run(&["audit", "list", "--format", "json"]).done();
    let entry = |line: &str| {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| entry[name].as_str().unwrap_or("-").to_owned();
        [text("subject"), text("action"), text("object"), text("purpose"), text("outcome")].join(" ")
    };
    let mut entries: Vec<String> = listed.lines().map(entry).collect();
    entries.reverse();
    entries
}

/// A desk with both lists: one person of both has no number in the second.
fn filled() -> Desk {
    let desk = Desk::new();
    let first = desk.list("first.csv", &[dibao("1", "张三", &number(1)), dibao("2", "李四", &number(2))]);
    desk.import(&first, &["--date", "2024-03-31", "--by", "zhang"]).done();
    let monitored = |household: &str, name: &str, number: &str| {
        line(household, name, number, "脱贫不稳定户,全户,2024-01-01,,乡振2024-1")
    };
    let second =
        desk.list("second.csv", &[monitored("A", "李四", ""), monitored("B", "王五", number(3).reveal())]);
    let second = ["import", "--registry", "monitoring", "--date", "2024-03-31", "--lang", "en", &second];
    desk.run(&second).done();
    desk
}

#[test]
fn what_commands_do_is_in_the_audit_log() {
    let desk = filled();
    let wrong = desk.list("wrong.csv", &[line("3", "赵六", "123", "低保对象,全户,2024-01-01,,x")]);
    assert_eq!(desk.import(&wrong, &["--date", "2024-04-01"]).code, 2);
    desk.run(&["keys", "rotate", "--by", "wang"]).done();
    desk.run(&["keys", "reseal"]).done();
    assert_eq!(desk.run(&["keys", "retire", "--key", "7"]).code, 2);
    let merge = ["registry", "merge", "--place", "longnan", "--from", "2024-04-01", "--actor", "li"];
    desk.run(&merge).done();
    let out = desk.name("packages.csv");
    let export =
        ["export", "packages", "--on", "2024-06-01", "--out", &out, "--by", "qian", "--purpose", "review"];
    assert!(desk.run(&export).code < 2);
    let decide = ["registry", "decide", "9", "--accept", "--reason", "seen", "--actor", "li"];
    assert_eq!(desk.run(&decide).code, 1);
    let reverse = ["ledger", "reverse", "nobody", "1", "--reason", "mistake", "--key", "k"];
    assert_eq!(desk.run(&reverse).code, 2);
    assert_eq!(
        log(&desk),
        [
            "zhang Command.import social-assistance - done",
            "command line Command.import monitoring - done",
            "command line Command.import social-assistance - refused",
            "wang Command.keys.rotate - - done",
            "command line Command.keys.reseal key/2 - done",
            "command line Command.keys.retire key/7 - refused",
            "li Command.registry.merge - - done",
            "qian Command.export.packages - review shown",
            "li Command.registry.decide proposal/9 seen failed",
            "command line Command.ledger.reverse nobody mistake refused",
        ]
    );
    desk.run(&["audit", "verify"]).done();
}

#[test]
fn the_commands_about_both_lists_answer_with_their_exit_codes() {
    let desk = filled();
    let report = desk.run(&["registry", "report", "--format", "json"]).done();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert!(report.is_object(), "{report}");
    assert_eq!(
        desk.run(&["registry", "report", "--before", "1", "--format", "json"]).done().lines().count(),
        2
    );
    assert_eq!(desk.run(&["registry", "report", "--town", "x"]).code, 2);

    let matched = desk.run(&["registry", "match", "--lang", "en"]).done();
    assert!(matched.ends_with("wait for a decision\n"), "{matched}");
    assert_eq!(desk.run(&["registry", "match", "more"]).code, 2);
    let proposals = desk.run(&["registry", "proposals", "--format", "json"]).done();
    assert!(!proposals.contains(number(2).reveal()), "{proposals}");
    assert_eq!(desk.run(&["registry", "proposals", "--town", "x"]).code, 2);

    let both = desk.run(&["registry", "decide", "1", "--accept", "--reject", "--reason", "seen"]);
    assert_eq!((both.code, both.out.as_str()), (2, ""));
    assert_eq!(desk.run(&["registry", "decide", "1", "--accept"]).code, 2, "no reason");
    assert_eq!(desk.run(&["registry", "decide", "99", "--reject", "--reason", "seen"]).code, 1);

    let merge = |more: &[&str]| desk.run(&[&["registry", "merge", "--lang", "en"], more].concat());
    assert_eq!(merge(&["--place", "atlantis"]).code, 2);
    let tried = merge(&["--place", "longnan", "--dry-run"]).done();
    let done = merge(&["--place", "longnan"]).done();
    assert_eq!(tried, done);
    assert!(done.starts_with("4 families, 4 people: 4 created"), "{done}");
    assert!(merge(&["--place", "longnan"]).done().contains("0 created, 0 changed, 4 unchanged"));

    let contradictions = desk.run(&["registry", "contradictions", "--lang", "en"]).done();
    assert_eq!(contradictions, "Contradictions: 0\n");
    assert_eq!(desk.run(&["registry", "contradictions", "--town", "x"]).code, 2);
}

/// A long roll of which nothing can be recorded says so briefly, and in full where it is asked to.
#[test]
fn refused_lines_of_a_roll_are_bounded_on_the_screen_and_whole_in_the_report() {
    let desk = filled();
    desk.run(&["registry", "merge", "--place", "longnan", "--from", "2024-04-01"]).done();
    let heading = "key,household,measure,beneficiary,period,amount,expense,day,department";
    let row = |number| format!("k{number},H{number},S1,,2024-06,100,,2024-06-28,civil_affairs");
    let rows: Vec<String> = (0..50).map(row).collect();
    std::fs::write(desk.path("roll.csv"), format!("{heading}\n{}\n", rows.join("\n"))).unwrap();
    let (roll, report) = (desk.name("roll.csv"), desk.name("report.csv"));
    let answer = desk.run(&["ledger", "record", &roll, "--lang", "en", "--report", &report]);
    assert_eq!(answer.code, 2, "{}", answer.err);
    let said: Vec<&str> = answer.err.lines().filter(|line| line.contains("(nothing_known)")).collect();
    assert_eq!(said.len(), 20, "{}", answer.err);
    assert!(answer.err.contains("and 30 more, all of them in the report"), "{}", answer.err);
    let written = std::fs::read_to_string(&report).unwrap();
    assert_eq!(written.lines().count(), 51);
    assert_eq!(desk.run(&["ledger", "record", &roll, "--report", &report]).code, 2, "it is there already");
}
