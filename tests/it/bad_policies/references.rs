//! Names that nothing has, or that two things have.

use super::Case;

pub(super) const CASES: &[Case] = &[
    Case {
        code: "duplicate_id",
        edits: &[
            ("departments.toml", "id = \"medical_insurance\"", "id = \"civil_affairs\""),
            ("measures/D1.toml", "department = \"medical_insurance\"", "department = \"civil_affairs\""),
            ("measures/D3.toml", "department = \"medical_insurance\"", "department = \"civil_affairs\""),
        ],
        at: ("departments.toml", "id = \"civil_affairs\"\nzh = \"医保局\""),
        words: "`civil_affairs` is given twice (hint: it stands in departments.toml:2 already)",
    },
    Case {
        code: "duplicate_id",
        edits: &[("measures/S2.toml", "id = \"S2-full\"", "id = \"S1-dibao\"")],
        at: ("measures/S2.toml", "id = \"S1-dibao\""),
        words: "it stands in measures/S1.toml:27 already",
    },
    Case {
        code: "duplicate_id",
        edits: &[
            ("parameters.toml", "name = \"wage_month\"", "name = \"line_month\""),
            ("jurisdictions/baseline.toml", "name = \"wage_month\"", "name = \"cap_year\""),
            ("jurisdictions/town.toml", "of = \"wage_month\"", "of = \"cap_year\""),
            ("jurisdictions/town.toml", "value = \"none\"", "value = 5\nper = \"month\""),
        ],
        at: ("parameters.toml", "name = \"line_month\"\ntype = \"money\"\nzh = \"最低工资\""),
        words: "`line_month` is given twice",
    },
    Case {
        code: "duplicate_id",
        edits: &[
            ("identities.toml", "a = \"tekun\"\nb = \"dibao\"\n", "a = \"dibao\"\nb = \"rigid\"\n"),
            (
                "identities.toml",
                "a = \"dibao\"\nb = \"rigid\"\nsame_person = \"exclude\"\nsame_household = \"allow\"\nsource = \"document: S01\"\n\n[[pairs]]\na = \"dibao\"\nb = \"m_unstable\"",
                "a = \"tekun\"\nb = \"dibao\"\nsame_person = \"exclude\"\nsame_household = \"allow\"\nsource = \"document: S01\"\n\n[[pairs]]\na = \"tekun\"\nb = \"dibao\"\nsame_person = \"exclude\"\nsame_household = \"allow\"\nsource = \"document: S01\"\n\n[[pairs]]\na = \"dibao\"\nb = \"m_unstable\"",
            ),
        ],
        at: (
            "identities.toml",
            "[[pairs]]\na = \"tekun\"\nb = \"dibao\"\nsame_person = \"exclude\"\nsame_household = \"allow\"\nsource = \"document: S01\"\n\n[[pairs]]\na = \"dibao\"\nb = \"m_unstable\"",
        ),
        words: "the pair `tekun`, `dibao` is given twice",
    },
    Case {
        code: "duplicate_id",
        edits: &[("wordings.toml", "", "\n[[wordings]]\nen = \"a choice\"\nzh = \"选择\"\n")],
        at: ("wordings.toml", "en = \"a choice\"\nzh = \"选择\""),
        words: "`a choice` is given twice (hint: it stands in wordings.toml:2 already)",
    },
    Case {
        code: "missing_wording",
        edits: &[("cascades.toml", "document: S02 art 29", "document: S02 art 29, as amended")],
        at: ("cascades.toml", "source"),
        words: "`art 29, as amended` has no Chinese wording (hint: add `en = \"art 29, as amended\"` to wordings.toml)",
    },
    Case {
        code: "unused_wording",
        edits: &[("wordings.toml", "", "\n[[wordings]]\nen = \"a whim\"\nzh = \"随意\"\n")],
        at: ("wordings.toml", "[[wordings]]\nen = \"a whim\""),
        words: "no source says `a whim`",
    },
    Case {
        code: "duplicate_code",
        edits: &[("measures/S2.toml", "code = \"SUPPORT\"", "code = \"DIBAO\"")],
        at: ("measures/S2.toml", "code = \"DIBAO\""),
        words: "`DIBAO` is given twice (hint: it stands in measures/S1.toml:2 already)",
    },
    Case {
        code: "unknown_document",
        edits: &[("cascades.toml", "document: S02 art 29", "document: S99, art 29")],
        at: ("cascades.toml", "source"),
        words: "`S99` is not in sources.toml (hint: ",
    },
    Case {
        code: "unknown_identity",
        edits: &[("measures/S1.toml", "[\"dibao\"]", "[\"dibao\", \"dibao_egde\"]")],
        at: ("measures/S1.toml", "identities"),
        words: "no identity type is called `dibao_egde` (hint: did you mean `dibao_edge`?)",
    },
    Case {
        code: "unknown_department",
        edits: &[("measures/S1.toml", "with = []", "with = [\"civil_afairs\"]")],
        at: ("measures/S1.toml", "with"),
        words: "`with[0]`: no department is called `civil_afairs` (hint: did you mean `civil_affairs`?)",
    },
    Case {
        code: "unknown_need",
        edits: &[(
            "measures/S1.toml",
            "answers_need = [\"living\"]",
            "answers_need = [\"living\", \"housing\"]",
        )],
        at: ("measures/S1.toml", "answers_need"),
        words: "no need is called `housing` (hint: the id of a need)",
    },
    Case {
        code: "unknown_parameter",
        edits: &[("measures/S1.toml", "$line_month", "$line_mouth")],
        at: ("measures/S1.toml", "line ="),
        words: "no parameter is called `line_mouth` (hint: did you mean `line_month`?)",
    },
    Case {
        code: "unknown_parameter",
        edits: &[("jurisdictions/town.toml", "of = \"wage_month\"", "of = \"wages\"")],
        at: ("jurisdictions/town.toml", "of = \"wages\""),
        words: "no parameter is called `wages`",
    },
    Case {
        code: "unknown_parameter",
        edits: &[("jurisdictions/town.toml", "name = \"award_price\"", "name = \"award\"")],
        at: ("jurisdictions/town.toml", "name = \"award\""),
        words: "no parameter is called `award`",
    },
    Case {
        code: "wrong_parameter_type",
        edits: &[("measures/S1.toml", "$line_month", "$illness_plus")],
        at: ("measures/S1.toml", "line ="),
        words: "the parameter `illness_plus` is of the type `rate`, not `money`",
    },
    Case {
        code: "unknown_measure",
        edits: &[("measures/S1.toml", "not_heads = [\"S2\"]", "not_heads = [\"S3\"]")],
        at: ("measures/S1.toml", "not_heads"),
        words: "no measure is called `S3`",
    },
    Case {
        code: "unknown_measure",
        edits: &[("jurisdictions/town.toml", "measures = [\"M10\"]", "measures = [\"M12\"]")],
        at: ("jurisdictions/town.toml", "measures"),
        words: "no measure is called `M12`",
    },
    Case {
        code: "unknown_member",
        edits: &[("exclusions.toml", "\"C3\"", "\"C3-cares\"")],
        at: ("exclusions.toml", "members"),
        words: "no measure or standard is called `C3-cares` (hint: did you mean `C3-care`?)",
    },
    Case {
        code: "unknown_place",
        edits: &[("jurisdictions/town.toml", "extends = \"baseline\"", "extends = \"base line\"")],
        at: ("jurisdictions/town.toml", "extends"),
        words: "no place is called `base line` (hint: did you mean `baseline`?)",
    },
    Case {
        code: "unknown_fact",
        edits: &[("cascades.toml", "eligible_expense_year", "eligible_expenses_year")],
        at: ("cascades.toml", "basis"),
        words: "no fact is called `eligible_expenses_year` (hint: did you mean `eligible_expense_year`?)",
    },
    Case {
        code: "wrong_fact",
        edits: &[(
            "measures/D1.toml",
            "basis = \"eligible_expense_year\"",
            "basis = \"necessary_spending_year\"",
        )],
        at: ("measures/D1.toml", "basis = \"necessary"),
        words: "`necessary_spending_year` is no amount of money of a person",
    },
    Case {
        code: "wrong_fact",
        edits: &[("measures/M10.toml", "units = \"cattle\"", "units = \"months_away\"")],
        at: ("measures/M10.toml", "units"),
        words: "`months_away` is a fact of a person, and the measure is for the household",
    },
    Case {
        code: "bad_condition",
        edits: &[("measures/C3.toml", "disability_grade >= 1", "disability_gade >= 1")],
        at: ("measures/C3.toml", "when"),
        words: "disability_gade",
    },
    Case {
        code: "bad_condition",
        edits: &[("measures/C3.toml", "disability_grade >= 1", "disability_grade >= true")],
        at: ("measures/C3.toml", "when"),
        words: "(column ",
    },
    Case {
        code: "bad_condition",
        edits: &[(
            "needs.toml",
            "income_per_head_month < param.line_month",
            "income_per_head_month < param.line",
        )],
        at: ("needs.toml", "when = \"income"),
        words: "line",
    },
    Case {
        code: "bad_condition",
        edits: &[("needs.toml", "income_per_head_month < param.line_month", "serious_illness && true")],
        at: ("needs.toml", "serious_illness && true"),
        words: "`serious_illness` is a fact of a person, and this condition is about the household",
    },
];
