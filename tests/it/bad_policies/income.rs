//! Mistakes in the rule sets of income.

use super::Case;

pub(super) const CASES: &[Case] = &[
    Case {
        code: "file_name",
        edits: &[("income/joined.toml", "id = \"joined\"", "id = \"united\"")],
        at: ("income/joined.toml", "id = \"united\""),
        words: "the rule set of this file is called `united` (hint: `joined`, as the file)",
    },
    Case {
        code: "unknown_rule_set",
        edits: &[("income/joined.toml", "same_as = \"apart\"", "same_as = \"aprt\"")],
        at: ("income/joined.toml", "same_as"),
        words: "no rule set is called `aprt` (hint: did you mean `apart`?)",
    },
    Case {
        code: "borrowed_rules",
        edits: &[("income/third.toml", "", THIRD)],
        at: ("income/third.toml", "id = "),
        words: "`joined`, which `third` is the same as, borrows itself",
    },
    Case {
        code: "duplicate_id",
        edits: &[("income/joined.toml", "[[indicators]]", LOW_AGAIN)],
        at: ("income/joined.toml", "[[lines]]"),
        words: "`low` is given twice (hint: it stands in income/apart.toml",
    },
    Case {
        code: "duplicate_id",
        edits: &[("income/apart.toml", "id = \"high\"", "id = \"low\"")],
        at: ("income/apart.toml", "[[lines]]\nid = \"low\"\nzh = \"高线\""),
        words: "`low` is given twice",
    },
    Case {
        code: "unknown_place",
        edits: &[("income/joined.toml", "places = [\"baseline\"]", "places = [\"base\"]")],
        at: ("income/joined.toml", "places"),
        words: "no place is called `base`",
    },
    Case {
        code: "missing_key",
        edits: &[("income/apart.toml", "[heads]", "[floor]"), ("income/apart.toml", FLOOR, "")],
        at: ("income/apart.toml", "id = "),
        words: "`heads` is missing",
    },
    Case {
        code: "missing_citation",
        edits: &[(
            "income/apart.toml",
            "en = \"twelve months\"\nsource = \"paper\"",
            "en = \"twelve months\"",
        )],
        at: ("income/apart.toml", "[period]"),
        words: "`source` is missing: every fact says where it is known from",
    },
    Case {
        code: "missing_citation",
        edits: &[("income/apart.toml", "en = \"they count\"\nsource = \"paper\"", "en = \"they count\"")],
        at: ("income/apart.toml", "[[rows]]"),
        words: "every fact says where it is known from",
    },
    Case {
        code: "zh_without_chinese",
        edits: &[("income/apart.toml", "zh = \"计入\"", "zh = \"counted\"")],
        at: ("income/apart.toml", "zh = \"counted\""),
        words: "the Chinese text has no Chinese character",
    },
    Case {
        code: "unknown_item",
        edits: &[("income/apart.toml", "[\"auxiliary_wages\"]", "[\"auxiliary_wages\", \"wage\"]")],
        at: ("income/apart.toml", "items = [\"auxiliary_wages\""),
        words: "no item is called `wage` (hint: did you mean `wages`?)",
    },
    Case {
        code: "missing_item",
        edits: &[("income/apart.toml", "    \"depreciation\",\n    \"production_tax\",\n", "")],
        at: ("income/apart.toml", "id = "),
        words: "`apart` says nothing of `depreciation`, `production_tax`",
    },
    Case {
        code: "missing_item",
        edits: &[(
            "income/apart.toml",
            "items = [\"auxiliary_wages\"]",
            "items = [\"auxiliary_wages\"]\nfrom = 2022-01-01",
        )],
        at: ("income/apart.toml", "id = "),
        words: "`apart` says nothing of `auxiliary_wages` (hint: add a row without dates for each)",
    },
    Case {
        code: "empty_list",
        edits: &[("income/joined.toml", "items = [\"operating_cost\"]", "items = []")],
        at: ("income/joined.toml", "items"),
        words: "no item is named",
    },
    Case {
        code: "empty_list",
        edits: &[("income/apart.toml", LINES, "")],
        at: ("income/apart.toml", "id = "),
        words: "the rule set has no line to hold income against",
    },
    Case {
        code: "empty_list",
        edits: &[(
            "income/apart.toml",
            "[{ identities = [\"dibao_edge\"], granted_by = \"civil_affairs\" }]",
            "[]",
        )],
        at: ("income/apart.toml", "supports = []"),
        words: "the line supports nothing",
    },
    Case {
        code: "wrong_treatment",
        edits: &[("income/joined.toml", "\"taken_off\"", "\"counted\"")],
        at: ("income/joined.toml", "is = "),
        words: "`operating_cost` is a cost (hint: a cost is `taken_off` or `not_taken_off`)",
    },
    Case {
        code: "wrong_treatment",
        edits: &[("income/joined.toml", "[\"operating_cost\"]", "[\"operating_cost\", \"wages\"]")],
        at: ("income/joined.toml", "is = "),
        words: "`wages` is a receipt (hint: a receipt is `counted` or `left_out`)",
    },
    Case {
        code: "unknown_value",
        edits: &[("income/joined.toml", "\"taken_off\"", "\"take_off\"")],
        at: ("income/joined.toml", "is = "),
        words: "found `take_off` (hint: did you mean `taken_off`?)",
    },
    Case {
        code: "wrong_requirement",
        edits: &[("income/apart.toml", "{ evidence = true }", "{ workplace = \"outside_city\" }")],
        at: ("income/apart.toml", "only_if = { workplace = \"outside_city\" }\nzh = \"凭证扣减\""),
        words: "nothing of the kind is known of `illness_own_payment`",
    },
    Case {
        code: "wrong_requirement",
        edits: &[("income/apart.toml", "{ evidence = true }", "{ evidence = false }")],
        at: ("income/apart.toml", "evidence = false"),
        words: "no evidence cannot be asked for",
    },
    Case {
        code: "unknown_key",
        edits: &[("income/apart.toml", "{ evidence = true }", "{ proof = true }")],
        at: ("income/apart.toml", "proof"),
        words: "the key `proof` means nothing here",
    },
    Case {
        code: "unknown_value",
        edits: &[("income/apart.toml", "\"bachelor\"", "\"batchelor\"")],
        at: ("income/apart.toml", "\"batchelor\""),
        words: "did you mean `bachelor`?",
    },
    Case {
        code: "overlapping_rows",
        edits: &[("income/apart.toml", "[[lines]]", WAGES_AGAIN)],
        at: ("income/apart.toml", "[[rows]]\nitems = [\"unpaid_wages\"]"),
        words: "`unpaid_wages`: two rows begin on one day, see line ",
    },
    Case {
        code: "empty_validity",
        edits: &[("income/apart.toml", "until = 2024-01-01", "until = 2022-01-01")],
        at: ("income/apart.toml", "until"),
        words: "it ends on 2022-01-01, before it begins on 2023-01-01",
    },
    Case {
        code: "missing_key",
        edits: &[("income/apart.toml", "from = 2023-01-01\nuntil", "until")],
        at: ("income/apart.toml", "[[rows]]\nitems = [\"scholarship\"]"),
        words: "`from` is missing",
    },
    Case {
        code: "unknown_parameter",
        edits: &[(
            "income/apart.toml",
            "\"$line_month\"\nper = \"month\"\ntimes",
            "\"$line\"\nper = \"month\"\ntimes",
        )],
        at: ("income/apart.toml", "\"$line\""),
        words: "no parameter is called `line`",
    },
    Case {
        code: "wrong_parameter_type",
        edits: &[(
            "income/apart.toml",
            "\"$line_month\"\nper = \"month\"\ntimes",
            "\"$illness_plus\"\nper = \"month\"\ntimes",
        )],
        at: ("income/apart.toml", "\"$illness_plus\""),
        words: "the parameter `illness_plus` is of the type `rate`, not `money`",
    },
    Case {
        code: "share_not_allowed",
        edits: &[(
            "income/apart.toml",
            "\"$line_month\"\nper = \"month\"\ntimes",
            "\"$care_month\"\nper = \"month\"\ntimes",
        )],
        at: ("jurisdictions/town.toml", "[[parameters]]\nname = \"care_month\""),
        words: "`care_month` is a cap, a line or stands in a condition, and cannot be a share",
    },
    Case {
        code: "unknown_line",
        edits: &[("income/apart.toml", "unless_below = \"low\"", "unless_below = \"lower\"")],
        at: ("income/apart.toml", "[[lines]]\nid = \"high\""),
        words: "`lower` is no other line of this rule set",
    },
    Case {
        code: "unknown_identity",
        edits: &[("income/apart.toml", "[\"dibao_edge\"]", "[\"dibao_edg\"]")],
        at: ("income/apart.toml", "dibao_edg"),
        words: "no identity type is called `dibao_edg`",
    },
    Case {
        code: "unknown_department",
        edits: &[("income/apart.toml", "granted_by = \"civil_affairs\" }", "granted_by = \"civil\" }")],
        at: ("income/apart.toml", "granted_by = \"civil\""),
        words: "no department is called `civil`",
    },
    Case {
        code: "unknown_measure",
        edits: &[("income/apart.toml", "top_up = \"S1\"", "top_up = \"S9\"")],
        at: ("income/apart.toml", "top_up"),
        words: "no measure is called `S9`",
    },
    Case {
        code: "unknown_fact",
        edits: &[("income/joined.toml", "fact = \"water_safe\"", "fact = \"water\"")],
        at: ("income/joined.toml", "fact"),
        words: "no fact is called `water`",
    },
    Case {
        code: "syntax",
        edits: &[("income/joined.toml", "track = \"both\"", "track = both")],
        at: ("income/joined.toml", "track = both"),
        words: "no TOML: ",
    },
];

const THIRD: &str = r#"id = "third"
zh = "又一口径"
en = "third"
short_zh = "又一"
short_en = "third"
role = "reading"
track = "both"
same_as = "joined"
from = 2024-01-01
source = "paper"
"#;

const LOW_AGAIN: &str = r#"[[lines]]
id = "low"
zh = "低线"
en = "the low line"
amount = 9048
per = "year"
supports = [{ identities = ["dibao"], granted_by = "civil_affairs" }]
source = "paper"

[[indicators]]"#;

const WAGES_AGAIN: &str = r#"[[rows]]
items = ["unpaid_wages"]
is = "left_out"
zh = "未发不计入"
en = "what was not paid is left out"
source = "paper"

[[lines]]"#;

const FLOOR: &str =
    "[floor]\nzh = \"不低于零\"\nen = \"not below zero\"\nsource = \"assumption: a choice\"\n";

const LINES: &str = include_str!("income_lines.toml");
