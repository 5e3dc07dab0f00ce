use super::*;

mod properties;
mod refusals;

fn param_type(name: &str) -> Option<ParamType> {
    match name {
        "line" | "unset" => Some(ParamType::Money),
        "least_age" => Some(ParamType::Count),
        "closes" => Some(ParamType::Date),
        _ => None,
    }
}

fn param_value(name: &str) -> Option<i64> {
    match name {
        "line" => Some(76_200),
        "least_age" => Some(60),
        "closes" => Some(19_722),
        _ => None,
    }
}

fn read(text: &str) -> Expression {
    Expression::parse(text, Level::Person, &param_type).unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
}

/// `age=61 resides=1`, in the units of a `FactSet`.
fn facts(text: &str) -> FactSet {
    let mut set = FactSet::default();
    for (id, value) in text.split_whitespace().map(|pair| pair.split_once('=').unwrap()) {
        set.set(Fact::by_id(id).unwrap(), value.parse().unwrap());
    }
    set
}

fn written(leaves: &[Leaf]) -> String {
    let names = leaves.iter().map(|leaf| match leaf {
        Leaf::Fact(fact) => fact.def().id.to_owned(),
        Leaf::Param(name) => format!("param.{name}"),
    });
    names.collect::<Vec<_>>().join(" ")
}

#[test]
fn answers_and_what_they_rest_on() {
    use Answer::{Met, NotMet, Unknown};
    #[rustfmt::skip]
    let table = [
        // expression, facts, answer, missing, deciding
        ("resides", "resides=1", Met, "", "resides"),
        ("resides", "resides=0", NotMet, "", "resides"),
        ("resides", "", Unknown, "resides", ""),
        ("!resides", "resides=0", Met, "", "resides"),
        ("!!resides", "resides=1", Met, "", "resides"),
        ("!resides", "", Unknown, "resides", ""),
        ("resides == false", "resides=0", Met, "", "resides"),
        ("true != resides", "resides=0", Met, "", "resides"),
        ("true", "", Met, "", ""),
        ("false || resides", "", Unknown, "resides", ""),
        ("age >= 60", "age=60", Met, "", "age"),
        ("60 <= age", "age=59", NotMet, "", "age"),
        ("60 < age", "age=60", NotMet, "", "age"),
        ("age >= param.least_age", "age=60", Met, "", "age param.least_age"),
        ("age in [6, 7, 8]", "age=7", Met, "", "age"),
        ("age in [6, 7, 8]", "age=9", NotMet, "", "age"),
        ("age in [6]", "", Unknown, "age", ""),
        ("eligible_expense_year > 10000", "eligible_expense_year=1000000", NotMet, "", "eligible_expense_year"),
        ("eligible_expense_year > 10000", "eligible_expense_year=1000001", Met, "", "eligible_expense_year"),
        ("eligible_expense_year == 0.29", "eligible_expense_year=29", Met, "", "eligible_expense_year"),
        ("eligible_expense_year != 999999999.99", "eligible_expense_year=99999999999", NotMet, "", "eligible_expense_year"),
        ("crops_mu >= 0.5", "crops_mu=500", Met, "", "crops_mu"),
        ("crops_mu < 1.001", "crops_mu=1001", NotMet, "", "crops_mu"),
        ("income_per_head_month <= param.line", "income_per_head_month=76200", Met, "", "income_per_head_month param.line"),
        ("income_per_head_month <= param.unset", "income_per_head_month=1", Unknown, "param.unset", ""),
        ("income_per_head_month <= param.unset", "", Unknown, "income_per_head_month param.unset", ""),
        ("review_date >= \"2024-01-01\"", "review_date=19723", Met, "", "review_date"),
        ("review_date > param.closes", "review_date=19723", Met, "", "review_date param.closes"),
        ("review_date in ['2023-12-31', '2024-01-01']", "review_date=19722", Met, "", "review_date"),
        ("birth_date < review_date", "birth_date=-1 review_date=0", Met, "", "birth_date review_date"),
        ("birth_date < review_date", "birth_date=-1", Unknown, "review_date", ""),
        ("stage == \"senior\"", "stage=4", Met, "", "stage"),
        ("stage in [\"higher_vocational\", \"secondary_vocational\"]", "stage=5", Met, "", "stage"),
        ("\"limb\" in disability_kinds", "disability_kinds=9", Met, "", "disability_kinds"),
        ("\"limb\" in disability_kinds", "disability_kinds=7", NotMet, "", "disability_kinds"),
        ("\"limb\" in disability_kinds", "", Unknown, "disability_kinds", ""),
        // And: a false operand decides alone, a true one is dropped while the answer is open.
        ("resides && employed && age > 5", "resides=1 employed=0", NotMet, "", "employed"),
        ("resides && employed && age > 5", "resides=1 employed=1", Unknown, "age", ""),
        ("resides && employed && age > 5", "resides=1 employed=1 age=6", Met, "", "resides employed age"),
        ("resides && employed && age > 5", "resides=1 employed=0 age=5", NotMet, "", "employed age"),
        ("resides && employed", "", Unknown, "resides employed", ""),
        // Or: the other way round.
        ("resides || employed || age > 5", "resides=0 age=6", Met, "", "age"),
        ("resides || employed || age > 5", "resides=0 age=5", Unknown, "employed", ""),
        ("resides || employed || age > 5", "resides=0 employed=0 age=5", NotMet, "", "resides employed age"),
        // A known operand of an inner group contributes nothing.
        ("(resides || age > 5) && employed", "resides=1", Unknown, "employed", ""),
        ("!(resides && employed) || boarding", "resides=0", Met, "", "resides"),
        ("!(resides && employed) || boarding", "resides=1", Unknown, "boarding employed", ""),
        // `&&` binds closer than `||`.
        ("resides || employed && boarding", "resides=1 employed=0", Met, "", "resides"),
        ("age >= 60 && age < 80 || age == 5", "age=70", Met, "", "age"),
        ("(age) > (5)", "age=6", Met, "", "age"),
        ("age > 5 &&\n\tresides", "age=6 resides=1", Met, "", "resides age"),
    ];
    for (text, known, answer, missing, deciding) in table {
        let facts = facts(known);
        let subject = Subject { person: Some(&facts), household: &facts };
        let program = read(text).compile(&param_value);
        let got = (program.evaluate(&subject), program.missing(&subject), program.deciding(&subject));
        assert_eq!(
            (got.0, &*written(&got.1), &*written(&got.2)),
            (answer, missing, deciding),
            "{text} | {known}"
        );
    }
}

#[test]
fn a_fact_is_read_at_its_own_level() {
    let (person, household) = (facts("resides=1 has_loan=1"), facts("resides=0 has_loan=0"));
    let program = read("resides && !has_loan").compile(&param_value);
    assert_eq!(program.evaluate(&Subject { person: Some(&person), household: &household }), Answer::Met);
    let nobody = Subject { person: None, household: &household };
    assert_eq!(
        (program.evaluate(&nobody), &*written(&program.missing(&nobody))),
        (Answer::Unknown, "resides")
    );
}

#[test]
fn equality_looks_at_the_meaning() {
    for (one, other) in [
        ("resides && employed && boarding", "( resides&&(employed && boarding) )"),
        ("resides || employed || boarding", "(resides || employed) || boarding"),
        ("5 < age", "age > 5"),
        ("5 <= age", "age >= 5"),
        ("5 > age", "age < 5"),
        ("5 >= age", "age <= 5"),
        ("age in [3, 1, 2, 3]", "age in [1,2,3]"),
        ("resides", "resides == true"),
        ("eligible_expense_year > 0.50", "eligible_expense_year > 0.5"),
        ("stage == 'none'", "stage == \"none\""),
    ] {
        assert_eq!(read(one), read(other));
        assert_ne!(read(one).source(), read(other).source());
    }
    assert_ne!(read("age > 5"), read("age >= 5"));
    assert_ne!(read("resides && employed || boarding"), read("resides && (employed || boarding)"));
}

#[test]
fn a_conjunction_is_the_same_as_its_text() {
    let parts = ["resides || employed", "age > 5", "boarding && wants_work"];
    let joined = Expression::conjunction(parts.map(read));
    assert_eq!(joined, read("(resides || employed) && age > 5 && boarding && wants_work"));
    assert_eq!(read(joined.source()), joined);
    assert_eq!(Expression::conjunction([read("age > 5")]).source(), "age > 5");
    assert_eq!(Expression::conjunction([]), read(Expression::conjunction([]).source()));
}

#[test]
fn an_expression_names_what_it_reads() {
    let expression =
        read("age >= param.least_age && income_per_head_month <= param.line || 'limb' in disability_kinds");
    let facts: Vec<_> = expression.facts().into_iter().collect();
    assert_eq!(facts, [Fact::DisabilityKinds, Fact::Age, Fact::IncomePerHeadMonth]);
    assert_eq!(expression.params().into_iter().collect::<Vec<_>>(), ["least_age", "line"]);
}
