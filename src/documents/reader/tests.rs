use super::*;
use crate::documents::tree::{from_json_value, parse_toml};

fn problems(report: Report) -> Vec<String> {
    let problems = report.into_problems().into_iter();
    let written = problems.map(|Problem { path, line, code, message, hint }| {
        let line = line.map_or(String::new(), |line| format!(":{line}"));
        format!("{path}{line} {code}: {message}{}", hint.map_or(String::new(), |hint| format!(" ({hint})")))
    });
    written.collect()
}

#[test]
fn every_problem_is_collected_with_its_place() {
    let tree = parse_toml(
        "id = \"\"\nrate = \"120%\"\namount = 67.84\n[[parts]]\ncap = \"12.345\"\nform = \"lone\"\nfrmo = 1\n",
    )
    .unwrap();
    let report = Report::quoting();
    let table = report.root(&tree).table().unwrap();
    assert_eq!(table.need("id").and_then(|node| node.text()), None);
    assert_eq!(table.need("rate").and_then(|node| node.rate()), None);
    assert_eq!(table.need("amount").and_then(|node| node.money()), None);
    for part in table.need("parts").and_then(|node| node.list()).unwrap() {
        let part = part.table().unwrap();
        assert_eq!(part.need("cap").and_then(|node| node.money()), None);
        assert_eq!(part.need("form").and_then(|node| node.choice(&[("loan", 1), ("job", 2)])), None);
        assert!(part.need("from").is_none());
        part.finish();
    }
    table.finish();
    assert_eq!(
        problems(report),
        [
            "id:1 empty_text: the text is empty",
            "rate:2 rate_over_100: expected a rate of at most 100 %, found `120%`",
            "amount:3 float: expected an amount of yuan, found `67.84` (write the number in quotes)",
            "parts[0].cap:5 bad_amount: expected an amount of yuan with at most two decimals, such as `1250` or \
             `\"67.84\"`, found `12.345`",
            "parts[0].form:6 unknown_value: expected one of the allowed words, found `lone` (did you mean `loan`?)",
            "parts[0].from:4 missing_key: `from` is missing",
            "parts[0].frmo:7 unknown_key: the key `frmo` means nothing here (did you mean `from`?)",
        ]
    );
}

#[test]
fn a_document_about_people_is_not_quoted() {
    let tree = from_json_value(&serde_json::json!({
        "a": "王某", "b": -5, "c": "2024-02-30", "d": 7.5, "e": null, "f": 1
    }));
    let report = Report::discreet();
    let table = report.root(&tree).table().unwrap();
    assert_eq!(table.need("a").and_then(|node| node.money()), None);
    assert_eq!(table.need("b").and_then(|node| node.money()), None);
    assert_eq!(table.need("c").and_then(|node| node.date()), None);
    assert_eq!(table.need("d").and_then(|node| node.whole(0, 9)), None);
    assert!(table.get("e").is_none());
    assert_eq!(table.need("f").and_then(|node| node.whole(2, 9)), None);
    table.finish();
    assert_eq!(
        problems(report),
        [
            "a bad_amount: expected an amount of yuan with at most two decimals, such as `1250` or `\"67.84\"`, \
             found a text",
            "b negative: expected nothing below zero, found a whole number",
            "c bad_date: expected a day such as 2024-01-31, found a text",
            "d wrong_type: expected a whole number, found a decimal number",
            "f out_of_range: expected a whole number from 2 to 9, found a whole number",
        ]
    );
}

#[test]
fn numbers_are_read_exactly() {
    let ratio = |text: &str| number::share(text).map(|ratio| ratio.to_string());
    assert_eq!(ratio("62.5%"), Ok("5/8".to_owned()));
    assert_eq!(ratio("2/3"), Ok("2/3".to_owned()));
    assert_eq!(ratio("250%"), Ok("5/2".to_owned()));
    for bad in ["", "0.5", "%", "1/0", "-1/2", "1/2/3", "75 %", "１%"] {
        assert_eq!(ratio(bad).map_err(|error| error.code), Err(codes::BAD_RATE), "{bad}");
    }
    assert_eq!(ratio("-5%").map_err(|error| error.code), Err(codes::NEGATIVE));
    assert_eq!(number::price("0.5653").map(|price| price.to_string()), Ok("5653/100".to_owned()));
    assert_eq!(number::thousandths("2.5"), Ok(2500));
    assert!(number::thousandths("0.0001").is_err() && number::thousandths("9999999999").is_err());
}

#[test]
fn hints_name_the_nearest_or_all() {
    let allowed = ["dibao", "dibao_edge", "rigid"];
    assert_eq!(expected_one_of("dibou", allowed), "did you mean `dibao`?");
    assert_eq!(expected_one_of("x", allowed), "one of `dibao`, `dibao_edge`, `rigid`");
}
