use super::*;

fn refuse(text: &str, level: Level) -> Vec<ConditionError> {
    match Expression::parse(text, level, &param_type) {
        Ok(expression) => panic!("{text} was read as {expression:?}"),
        Err(errors) => errors,
    }
}

fn shown(error: &ConditionError) -> String {
    let column = error.column.map_or_else(String::new, |column| format!("{column}: "));
    let hint = error.hint.as_ref().map_or_else(String::new, |hint| format!(" ({hint})"));
    format!("{column}{error}{hint}")
}

#[test]
fn every_kind_of_mistake_is_named() {
    #[rustfmt::skip]
    let table = [
        // Names.
        ("agee > 5", "1: there is no fact `agee` (did you mean `age`?)"),
        ("resides && colour == 5", "12: there is no fact `colour`"),
        ("study.boarding", "1: there is no fact `study.boarding` (did you mean `boarding`?)"),
        (".age > 5", "2: there is no fact `.age` (did you mean `age`?)"),
        ("param.lines > 5", "6: there is no place parameter `lines` to compare with"),
        ("age > param", "7: `param` needs a name (write `param.NAME`)"),
        ("param.line.x == 5", "11: unexpected `.x`"),
        ("年龄 > 5", "1: unexpected `年龄` (write `age`)"),
        // Types.
        ("age", "1: `age` is a whole number, not a condition (compare it with something)"),
        ("resides && 5", "12: `5` is a value, not a condition"),
        ("\"resides\"", "1: `\"resides\"` is a value, not a condition"),
        ("!age", "2: `age` is a whole number, not a condition (compare it with something)"),
        ("age == \"sixty\"", "8: `age` is a whole number and cannot be compared with `\"sixty\"` (write a whole number such as `60`)"),
        ("age > 60.5", "7: `60.5` is out of range (`age` is a whole number from 0 to 150)"),
        ("disability_grade <= 9", "21: `9` is out of range (`disability_grade` is a whole number from 0 to 4)"),
        ("age > -1", "8: `-1` is out of range (`age` is a whole number from 0 to 150)"),
        ("param.least_age > -1", "20: `-1` is out of range (`param.least_age` is a whole number from 0)"),
        ("eligible_expense_year > -1", "26: `-1`: an amount cannot be negative"),
        ("eligible_expense_year > -0.5", "26: `-0.5`: an amount cannot be negative"),
        ("eligible_expense_year > 0.005", "25: `0.005`: expected an amount of yuan with at most two decimals, such as `1250` or `67.84`"),
        ("eligible_expense_year > 1000000000.01", "25: `1000000000.01`: an amount cannot exceed 1,000,000,000 yuan"),
        ("eligible_expense_year > '5'", "25: `eligible_expense_year` is an amount of yuan and cannot be compared with `\"5\"` (write yuan such as `1250` or `67.84`)"),
        ("crops_mu > 0.0005", "12: `0.0005` is out of range (`crops_mu` is a number from 0 to 1,000,000,000 with at most three decimals)"),
        ("review_date > 2024", "15: `review_date` is a date and cannot be compared with `2024` (write a day such as \"2024-01-31\")"),
        ("review_date > \"2024-02-30\"", "15: `2024-02-30` is not a day (write it as \"2024-01-31\")"),
        ("review_date > \"2024-2-3\"", "15: `2024-2-3` is not a day (write it as \"2024-01-31\")"),
        ("resides == 1", "12: `resides` is a yes or no and cannot be compared with `1` (write `true` or `false`)"),
        ("resides < true", "9: `resides` is a yes or no and has no order (use `==`, `!=` or `in`)"),
        ("mode < \"suspended\"", "6: `mode` is a choice and has no order (use `==`, `!=` or `in`)"),
        ("mode == \"fulltime\"", "9: `fulltime` is no value of `mode`: expected one of `full_time`, `part_time`, `suspended` (did you mean `full_time`?)"),
        ("mode == \"休学\"", "9: `休学` is no value of `mode`: expected one of `full_time`, `part_time`, `suspended` (did you mean `suspended`?)"),
        ("mode == full_time", "9: there is no fact `full_time`"),
        ("mode in [\"full_time\", \"x\"]", "23: `x` is no value of `mode`: expected one of `full_time`, `part_time`, `suspended`"),
        ("age > eligible_expense_year", "5: `age` is a whole number and `eligible_expense_year` is an amount of yuan: they cannot be compared"),
        ("mode == stage", "6: `mode` is a choice of `StudyMode` and `stage` is a choice of `StudyStage`: they cannot be compared"),
        ("5 < 6", "3: `5` and `6` are both fixed values"),
        ("disability_kinds == \"limb\"", "18: `disability_kinds` is a set of codes and cannot be compared (write `\"vision\" in disability_kinds`)"),
        ("disability_kinds in [\"limb\"]", "18: `disability_kinds` is a set of codes and cannot be compared (write `\"vision\" in disability_kinds`)"),
        ("age < 5 < 6", "5: expected a fact, a place parameter or a value here, not a condition (combine conditions with `&&` and `||`)"),
        ("(resides && employed) == true", "10: expected a fact, a place parameter or a value here, not a condition (combine conditions with `&&` and `||`)"),
        ("resides == null", "12: a condition cannot use `null` (an unknown fact makes the answer unknown by itself)"),
        // Lists.
        ("age in []", "5: the list after `in` is empty"),
        ("age in 5", "8: expected a list such as `[1, 2]` after `in`"),
        ("age in heads", "8: `heads` is a whole number, not a list"),
        ("age in [heads]", "9: `heads` is not a fixed value"),
        ("5 in [5]", "1: `5` is a fixed value and so is the list"),
        ("mode in disability_kinds", "1: expected a quoted code before `in`, not `mode`"),
        ("\"arm\" in disability_kinds", "1: `arm` is no value of `disability_kinds`: expected one of `vision`, `hearing`, `speech`, `limb`, `intellectual`, `mental`, `autism`"),
        ("[1] == age", "1: a list can only stand after `in`"),
        ("[resides]", "1: a list can only stand after `in`"),
        // What CEL has and a condition has not.
        ("age + 1 > 5", "5: a condition cannot calculate: unexpected `+` (compare with a fact or a place parameter that holds the result)"),
        ("age -1 > 5", "5: a condition cannot calculate: unexpected `-` (compare with a fact or a place parameter that holds the result)"),
        ("5 > --1", "5: a condition cannot calculate: unexpected `-` (compare with a fact or a place parameter that holds the result)"),
        ("size(stage) > 5", "1: a condition cannot call `size`"),
        ("stage.matches (\"x\")", "7: a condition cannot call `matches`"),
        ("has(age.x)", "1: a condition cannot use the macro `has` (an unknown fact makes the answer unknown by itself)"),
        ("[1].exists(x, x > 0)", "5: a condition cannot use the macro `exists` (use a derived fact of the household, such as `any_labour_capacity`)"),
        ("resides ? true : false", "9: a condition cannot choose with `?:` (combine with `&&` and `||`)"),
        ("age[0] == 5", "4: this is not part of a condition"),
        ("{1: 2} == age", "1: unexpected `{`"),
        ("age > 1e3", "7: `1e3` is not a plain decimal number such as `1250` or `0.5`"),
        ("age > 0x10", "7: `0x10` is not a plain decimal number such as `1250` or `0.5`"),
        ("age > 5u", "7: `5u` is not a plain decimal number such as `1250` or `0.5`"),
        ("crops_mu > .5", "12: `.5` is not a plain decimal number such as `1250` or `0.5`"),
        ("age > 1234567890123456789", "7: `1234567890123456789` has more than 18 digits"),
        ("mode == b\"x\"", "10: unexpected `\"x\"`"),
        ("mode == \"\"\"x\"\"\"", "9: text stands between single quotation marks, not three"),
        ("mode == \"\\x41\"", "9: a quoted text cannot contain a backslash"),
        ("resides // && x", "9: a condition cannot calculate: unexpected `/` (compare with a fact or a place parameter that holds the result)"),
        // Form.
        ("", "the condition is empty"),
        (" \n", "the condition is empty"),
        ("resides &&", "11: the condition ends too early"),
        ("resides && && employed", "12: unexpected `&&`"),
        ("resides employed", "9: unexpected `employed`"),
        ("(resides", "9: the condition ends too early"),
        ("resides)", "8: unexpected `)`"),
        ("mode == '休学' ||\n  > 5", "19: unexpected `>`"),
        ("if", "1: unexpected `if`"),
        ("mode == \"x", "9: the quotation mark is not closed on its line"),
        ("resides & employed", "9: unexpected `&` (write `&&`)"),
        ("age = 5", "5: unexpected `=` (write `==`)"),
        ("resides AND employed", "9: unexpected `AND` (write `&&`)"),
        ("（resides", "1: unexpected `（` (write `(`)"),
        ("mode == “x”", "9: unexpected `“` (write `\"`)"),
    ];
    let mut wrong = Vec::new();
    for (text, message) in table {
        let errors: Vec<_> = refuse(text, Level::Person).iter().map(shown).collect();
        if errors != [message] {
            wrong.push((text, errors));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_mistake_of_types_is_told_at_once() {
    let errors = refuse("mode == 5 && (agee > 5 || resides) && param.x > \"a\"", Level::Person);
    assert_eq!(errors.iter().map(|error| error.column).collect::<Vec<_>>(), [Some(9), Some(15), Some(44)]);
}

#[test]
fn a_condition_on_a_household_reads_no_fact_of_a_person() {
    let errors = refuse("heads > 3 && age > 5", Level::Household);
    let message = "14: `age` is a fact of a person, and this condition is about the household";
    assert_eq!(errors.iter().map(shown).collect::<Vec<_>>(), [message]);
    assert!(Expression::parse("heads > 3 && has_loan", Level::Household, &param_type).is_ok());
}

#[test]
fn size_and_depth_are_bounded() {
    let nested = |depth: usize| format!("{}resides{}", "(".repeat(depth), ")".repeat(depth));
    let negated = |depth: usize| format!("{}resides{}", "!(".repeat(depth), ")".repeat(depth));
    let joined = |count: usize| vec!["resides"; count].join(" && ");
    for text in [nested(20), negated(10), joined(100), "!".repeat(20) + "resides"] {
        read(&text);
    }
    for (text, message) in [
        (nested(21), "21: nested deeper than 20 levels"),
        (negated(11), "21: nested deeper than 20 levels"),
        ("!".repeat(21) + "resides", "21: nested deeper than 20 levels"),
        ("[".repeat(21), "21: nested deeper than 20 levels"),
        (joined(101), "1101: the condition has more than 200 names, values and operators"),
        (" ".repeat(1994) + "resides", "the condition is longer than 2000 bytes"),
    ] {
        assert_eq!(shown(&refuse(&text, Level::Person)[0]), message, "{text}");
    }
    assert!(Expression::parse(&(" ".repeat(1993) + "resides"), Level::Person, &param_type).is_ok());
}
