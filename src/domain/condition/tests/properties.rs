//! Random conditions against an evaluator that shares no code, and random bytes against the reader.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;

/// A condition as the test sees it.
#[derive(Clone, Debug)]
enum Tree {
    And(Vec<Tree>),
    Or(Vec<Tree>),
    Not(Box<Tree>),
    True,
    False,
    /// The text of a comparison, what it reads, and when it holds.
    Test {
        text: String,
        reads: Vec<&'static str>,
        holds: Test,
    },
}

#[derive(Clone, Debug)]
enum Test {
    Order(&'static str, i64),
    OrderOfTwo(&'static str),
    Among(Vec<i64>),
    Bit(u32),
}

const ORDERS: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];
const BOOLS: [&str; 4] = ["resides", "employed", "has_loan", "any_disabled"];
const KINDS: [&str; 7] = ["vision", "hearing", "speech", "limb", "intellectual", "mental", "autism"];
const MODES: [&str; 3] = ["full_time", "part_time", "suspended"];
/// Every value that a test reads, with how many values it takes here.
const DOMAIN: [(&str, i64); 14] = [
    ("resides", 2),
    ("employed", 2),
    ("has_loan", 2),
    ("any_disabled", 2),
    ("age", 6),
    ("heads", 6),
    ("eligible_expense_year", 600),
    ("income_per_head_month", 600),
    ("crops_mu", 3000),
    ("review_date", 5),
    ("mode", 3),
    ("disability_kinds", 128),
    ("param.least_age", 6),
    ("param.line", 600),
];

fn ordered(order: &str, left: i64, right: i64) -> bool {
    match order {
        "==" => left == right,
        "!=" => left != right,
        "<" => left < right,
        "<=" => left <= right,
        ">" => left > right,
        _ => left >= right,
    }
}

fn leaf() -> impl Strategy<Value = Tree> {
    let order = || select(ORDERS.as_slice());
    let make = |text, reads: &[&'static str], holds| Tree::Test { text, reads: reads.to_vec(), holds };
    prop_oneof![
        Just(Tree::True),
        Just(Tree::False),
        select(BOOLS.as_slice()).prop_map(move |id| make(id.to_owned(), &[id], Test::Order("==", 1))),
        (select(["age", "heads", "param.least_age"].as_slice()), order(), 0..6_i64).prop_map(
            move |(id, order, value)| make(format!("{id}{order}{value}"), &[id], Test::Order(order, value))
        ),
        (order(), 0..600_i64).prop_map(move |(order, fen)| {
            let text = format!("eligible_expense_year {order} {}.{:02}", fen / 100, fen % 100);
            make(text, &["eligible_expense_year"], Test::Order(order, fen))
        }),
        (order(), 0..3000_i64).prop_map(move |(order, thousandths)| {
            let text = format!("crops_mu {order} {}.{:03}", thousandths / 1000, thousandths % 1000);
            make(text, &["crops_mu"], Test::Order(order, thousandths))
        }),
        (order(), 0..5_i64).prop_map(move |(order, day)| {
            let text = format!("review_date {order} '1970-01-0{}'", day + 1);
            make(text, &["review_date"], Test::Order(order, day))
        }),
        (order(), any::<bool>()).prop_map(move |(order, heads)| {
            let (left, right) =
                if heads { ("age", "heads") } else { ("income_per_head_month", "param.line") };
            make(format!("{left} {order} {right}"), &[left, right], Test::OrderOfTwo(order))
        }),
        (select(&["==", "!="][..]), 0..3_usize).prop_map(move |(order, index)| {
            let text = format!("mode {order} \"{}\"", MODES[index]);
            make(text, &["mode"], Test::Order(order, i64::try_from(index).unwrap()))
        }),
        subsequence(vec![0_usize, 1, 2], 1..3).prop_map(move |indexes| {
            let codes: Vec<_> = indexes.iter().map(|index| format!("'{}'", MODES[*index])).collect();
            let values = indexes.iter().map(|index| i64::try_from(*index).unwrap()).collect();
            make(format!("mode in [{}]", codes.join(",")), &["mode"], Test::Among(values))
        }),
        (0..7_usize).prop_map(move |index| {
            let text = format!("\"{}\" in disability_kinds", KINDS[index]);
            make(text, &["disability_kinds"], Test::Bit(u32::try_from(index).unwrap()))
        }),
    ]
}

fn tree() -> impl Strategy<Value = Tree> {
    leaf().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Tree::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Tree::Or),
            inner.prop_map(|tree| Tree::Not(Box::new(tree))),
        ]
    })
}

/// Brackets only where the precedence of `!`, `&&` and `||` needs them.
fn print(tree: &Tree, tightness: u8) -> String {
    let join = |parts: &[Tree], operator, own| {
        let inner = parts.iter().map(|part| print(part, own)).collect::<Vec<_>>().join(operator);
        if tightness > own { format!("({inner})") } else { inner }
    };
    match tree {
        Tree::Or(parts) => join(parts, " || ", 1),
        Tree::And(parts) => join(parts, "&&", 2),
        Tree::Not(inner) => format!("!{}", print(inner, 3)),
        Tree::True => "true".into(),
        Tree::False => "false".into(),
        Tree::Test { text, .. } if tightness > 2 => format!("({text})"),
        Tree::Test { text, .. } => text.clone(),
    }
}

type Known = BTreeMap<&'static str, i64>;

fn truth(tree: &Tree, known: &Known) -> Option<bool> {
    match tree {
        Tree::And(parts) => {
            let answers: Vec<_> = parts.iter().map(|part| truth(part, known)).collect();
            if answers.contains(&Some(false)) {
                Some(false)
            } else {
                answers.iter().all(Option::is_some).then_some(true)
            }
        }
        Tree::Or(parts) => {
            let answers: Vec<_> = parts.iter().map(|part| truth(part, known)).collect();
            if answers.contains(&Some(true)) {
                Some(true)
            } else {
                answers.iter().all(Option::is_some).then_some(false)
            }
        }
        Tree::Not(inner) => truth(inner, known).map(|met| !met),
        Tree::True => Some(true),
        Tree::False => Some(false),
        Tree::Test { reads, holds, .. } => {
            let values: Vec<_> = reads.iter().filter_map(|id| known.get(id).copied()).collect();
            match (holds, values.as_slice()) {
                (Test::Order(order, literal), [value]) => Some(ordered(order, *value, *literal)),
                (Test::OrderOfTwo(order), [left, right]) => Some(ordered(order, *left, *right)),
                (Test::Among(list), [value]) => Some(list.contains(value)),
                (Test::Bit(bit), [value]) => Some((value >> bit) % 2 == 1),
                _ => None,
            }
        }
    }
}

fn known() -> impl Strategy<Value = Known> {
    let value =
        |(id, count): (&'static str, i64)| prop::option::of(0..count).prop_map(move |value| (id, value));
    let values: Vec<_> = DOMAIN.into_iter().map(value).collect();
    values.prop_map(|values| values.into_iter().filter_map(|(id, value)| Some((id, value?))).collect())
}

/// Answer, what is missing, what decides.
fn ask(expression: &Expression, known: &Known) -> (Option<bool>, Vec<String>, Vec<String>) {
    let program = expression.compile(&|name| known.get(&*format!("param.{name}")).copied());
    let (mut person, mut household) = (FactSet::default(), FactSet::default());
    for (id, value) in known {
        if let Some(fact) = Fact::by_id(id) {
            let set = if fact.def().level == Level::Person { &mut person } else { &mut household };
            set.set(fact, *value);
        }
    }
    let subject = Subject { person: Some(&person), household: &household };
    let answer = match program.evaluate(&subject) {
        Answer::Met => Some(true),
        Answer::NotMet => Some(false),
        Answer::Unknown => None,
    };
    let names = |leaves: Vec<Leaf>| leaves.iter().map(|leaf| written(std::slice::from_ref(leaf))).collect();
    (answer, names(program.missing(&subject)), names(program.deciding(&subject)))
}

proptest! {
    #[test]
    fn the_program_agrees_with_the_tree(tree in tree(), known in known(), all in known()) {
        let expression = read(&print(&tree, 0));
        let (answer, missing, deciding) = ask(&expression, &known);
        prop_assert_eq!(answer, truth(&tree, &known));
        prop_assert_eq!(missing.is_empty(), answer.is_some());
        prop_assert!(missing.iter().all(|leaf| !known.contains_key(&**leaf)));
        // What decides is known and decides alone.
        let alone: Known =
            known.iter().filter(|(id, _)| deciding.iter().any(|leaf| leaf == *id)).map(|(id, value)| (*id, *value)).collect();
        prop_assert_eq!(alone.len(), deciding.len());
        if answer.is_some() {
            prop_assert_eq!(truth(&tree, &alone), answer);
        }
        // To learn more never turns an answer round, and nothing but the missing leaves opens it.
        let more: Known = all.iter().chain(&known).map(|(id, value)| (*id, *value)).collect();
        let later = ask(&expression, &more).0;
        prop_assert!(answer.is_none() || later == answer);
        let irrelevant: Known =
            more.iter().filter(|(id, _)| !missing.iter().any(|leaf| leaf == *id)).map(|(id, value)| (*id, *value)).collect();
        prop_assert_eq!(ask(&expression, &irrelevant).0, answer);
    }

    #[test]
    fn the_same_tree_is_read_from_more_brackets(tree in tree()) {
        let text = print(&tree, 0);
        prop_assert_eq!(read(&text), read(&format!(" ( {} )", text.replace("&&", " && ").replace('(', "( "))));
    }

    #[test]
    fn random_words_are_read_or_refused(words in prop::collection::vec(select(WORDS.as_slice()), 0..30)) {
        total(&words.concat());
        total(&words.join(" "));
    }

    #[test]
    fn random_text_is_read_or_refused(text in "\\PC{0,60}", bytes in prop::collection::vec(any::<u8>(), 0..10_000)) {
        total(&text);
        total(&format!("mode == \"{text}\""));
        let short = bytes.get(..300).unwrap_or(&bytes);
        total(&String::from_utf8_lossy(&bytes));
        total(&String::from_utf8_lossy(short));
        total(&format!("mode == '{}'", String::from_utf8_lossy(short).replace(['\\', '\'', '\n', '\r'], "")));
        total(&bytes.iter().map(|byte| char::from(byte % 128)).collect::<String>());
    }
}

const WORDS: [&str; 36] = [
    "resides",
    "age",
    "mode",
    "param",
    ".",
    "param.line",
    "5",
    "0.5",
    "-",
    "-5",
    "\"limb\"",
    "'x'",
    "true",
    "null",
    "&&",
    "||",
    "!",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "in",
    "disability_kinds",
    "(",
    ")",
    "[",
    "]",
    ",",
    "1.",
    "if",
    "`",
    "?",
    "\n",
    "休",
];

/// Reads or refuses, and every refusal can be shown.
fn total(text: &str) {
    if let Err(errors) = Expression::parse(text, Level::Person, &param_type) {
        assert!(!errors.is_empty());
        for error in errors {
            assert!(
                !error.message.is_empty()
                    && error.column.is_none_or(|column| column <= text.chars().count() + 1)
            );
        }
    }
}

#[test]
fn no_text_overflows_the_stack_of_a_worker() {
    let chain = |link: &str, count: usize| vec!["age"; count].join(link);
    let texts = vec![
        "(".repeat(5000),
        "[".repeat(5000),
        "!".repeat(5000) + "resides",
        "-".repeat(5000) + "5",
        "(".repeat(5000) + "resides" + &")".repeat(5000),
        "x".repeat(10_000),
        "!(".repeat(10) + "resides" + &")".repeat(10),
        "age<(".repeat(20) + "age" + &")".repeat(20),
        "age in [".repeat(20) + "age" + &"]".repeat(20),
        "resides&&(resides||(".repeat(10) + "resides" + &"))".repeat(10),
        chain("<", 100),
        chain(" in ", 100),
        chain(".", 200),
        chain(" || ", 100),
        chain("&&", 100),
        "age[".repeat(20) + &"]".repeat(20),
        "(".repeat(20),
        "(".repeat(20) + "resides" + &")".repeat(20),
        ")".repeat(200),
        "]".repeat(2000),
    ];
    let work = move || texts.iter().for_each(|text| total(text));
    std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap();
}
