//! Files, and values that are not what they should be.

use super::{Case, GONE};

pub(super) const CASES: &[Case] = &[
    Case {
        code: "syntax",
        edits: &[("needs.toml", "unit = \"person\"", "unit = person")],
        at: ("needs.toml", "unit = person"),
        words: "no TOML: ",
    },
    Case {
        code: "syntax",
        edits: &[("needs.toml", "unit = \"person\"", "unit = \"person\"\nunit = \"person\"")],
        at: ("needs.toml", "unit = \"person\"\nwhen"),
        words: "duplicate key",
    },
    Case {
        code: "syntax",
        edits: &[("measures/M10.toml", "with = []", "with = [")],
        at: ("measures/M10.toml", "answers_need"),
        words: "no TOML: ",
    },
    Case {
        code: "syntax",
        edits: &[("parameters.toml", "type = \"money\"", "type: \"money\"")],
        at: ("parameters.toml", "type: "),
        words: "no TOML: ",
    },
    Case {
        code: "missing_file",
        edits: &[
            ("jurisdictions/town.toml", "", GONE),
            ("jurisdictions/baseline.toml", "", GONE),
            ("income/joined.toml", "places = [\"baseline\"]\n", ""),
        ],
        at: ("jurisdictions", ""),
        words: "the folder has no policy file",
    },
    Case {
        code: "unknown_file",
        edits: &[("measure/D2.toml", "", "id = \"D2\"\n")],
        at: ("measure/D2.toml", ""),
        words: "`measures/<id>.toml`, `jurisdictions/<place>.toml`",
    },
    Case {
        code: "missing_file",
        edits: &[("exclusions.toml", "", GONE)],
        at: ("exclusions.toml", ""),
        words: "the file is missing",
    },
    Case {
        code: "file_name",
        edits: &[("jurisdictions/town.toml", "id = \"town\"", "id = \"city\"")],
        at: ("jurisdictions/town.toml", "id = \"city\""),
        words: "the place of this file is called `city` (hint: `town`, as the file)",
    },
    Case {
        code: "file_name",
        edits: &[
            ("measures/M10.toml", "id = \"M10\"", "id = \"M11\""),
            ("jurisdictions/town.toml", "[\"M10\"]", "[\"M11\"]"),
        ],
        at: ("measures/M10.toml", "id = \"M11\""),
        words: "the measure of this file is called `M11`",
    },
    Case {
        code: "bad_id",
        edits: &[("measures/M10.toml", "category = \"livestock\"", "category = \"Live stock\"")],
        at: ("measures/M10.toml", "category"),
        words: "expected small letters, digits, `_` and `-`, found `Live stock`",
    },
    Case {
        code: "bad_id",
        edits: &[("measures/M10.toml", "code = \"LIVESTOCK\"", "code = \"livestock\"")],
        at: ("measures/M10.toml", "code"),
        words: "expected capital letters",
    },
    Case {
        code: "bad_id",
        edits: &[("measures/X1.toml", "", X1)],
        at: ("measures/X1.toml", "id = \"X1\""),
        words: "`X1` is no id of a measure (hint: one of the letters D, M, C, S and a number",
    },
    Case {
        code: "bad_id",
        edits: &[(
            "sources.toml",
            "",
            "\n[[documents]]\nid = \"S-03\"\ntitle = \"某文\"\nread_at = \"a copy\"\nofficial = true\n",
        )],
        at: ("sources.toml", "id = \"S-03\""),
        words: "`S-03` is no id of a document",
    },
    Case {
        code: "wrong_type",
        edits: &[("measures/S2.toml", "with = []", "with = \"medical_insurance\"")],
        at: ("measures/S2.toml", "with = "),
        words: "`with`: expected a list, found `medical_insurance`",
    },
    Case {
        code: "missing_key",
        edits: &[("measures/D3.toml", "cap = \"none\"\n", "")],
        at: ("measures/D3.toml", "[[standards.parts]]"),
        words: "`standards[0].parts[0].cap`: `cap` is missing",
    },
    Case {
        code: "missing_key",
        edits: &[("measures/D1.toml", "rate = \"75%\"\n", "")],
        at: ("measures/D1.toml", "[[standards.parts]]"),
        words: "`rate` is missing",
    },
    Case {
        code: "missing_key",
        edits: &[("measures/S1.toml", "confidence = \"low\"\n", "")],
        at: ("measures/S1.toml", "id = \"S1\""),
        words: "`confidence` is missing",
    },
    Case {
        code: "missing_key",
        edits: &[("measures/S2.toml", "practice_least = 100\n", "")],
        at: (
            "measures/S2.toml",
            "[[standards.parts]]\nzh = \"待遇\"\nen = \"benefit\"\nsource = \"paper\"\ngives = \"unpriced\"",
        ),
        words: "`practice_least` is missing",
    },
    Case {
        code: "unknown_key",
        edits: &[("measures/D1.toml", "standing = \"named\"", "standing = \"named\"\nconfidence = \"low\"")],
        at: ("measures/D1.toml", "confidence"),
        words: "the key `confidence` means nothing here",
    },
    Case {
        code: "unknown_key",
        edits: &[("measures/D1.toml", "[[notes]]", "[[note]]")],
        at: ("measures/D1.toml", "[[note]]"),
        words: "hint: did you mean `notes`?",
    },
    Case {
        code: "unknown_value",
        edits: &[("measures/D1.toml", "form = \"reimbursement\"", "form = \"reimbursment\"")],
        at: ("measures/D1.toml", "form"),
        words: "found `reimbursment` (hint: did you mean `reimbursement`?)",
    },
    Case {
        code: "unknown_value",
        edits: &[("measures/S2.toml", "gives = \"amount\"", "gives = \"money\"")],
        at: ("measures/S2.toml", "gives = \"money\""),
        words: "one of `amount`, `share_of`, `per_unit`",
    },
    Case {
        code: "empty_text",
        edits: &[("measures/D1.toml", "en = \"benefit\"", "en = \" \"")],
        at: ("measures/D1.toml", "en = \" \""),
        words: "the text is empty",
    },
    Case {
        code: "zh_without_chinese",
        edits: &[("measures/D1.toml", "zh = \"待遇\"", "zh = \"benefit\"")],
        at: ("measures/D1.toml", "zh = \"benefit\""),
        words: "warning[zh_without_chinese]",
    },
    Case {
        code: "float",
        edits: &[("jurisdictions/town.toml", "value = 754", "value = 754.5")],
        at: ("jurisdictions/town.toml", "value = 754.5"),
        words: "found `754.5` (hint: write the number in quotes)",
    },
    Case {
        code: "bad_amount",
        edits: &[("measures/S2.toml", "amount = 981", "amount = \"981.005\"")],
        at: ("measures/S2.toml", "amount = \"981.005\""),
        words: "an amount of yuan with at most two decimals",
    },
    Case {
        code: "negative",
        edits: &[("measures/S2.toml", "amount = 981", "amount = -981")],
        at: ("measures/S2.toml", "amount = -981"),
        words: "expected nothing below zero, found `-981`",
    },
    Case {
        code: "negative",
        edits: &[("measures/D3.toml", "deductible_factor = \"50%\"", "deductible_factor = \"-50%\"")],
        at: ("measures/D3.toml", "deductible_factor"),
        words: "nothing below zero",
    },
    Case {
        code: "bad_rate",
        edits: &[("measures/D1.toml", "rate = \"75%\"", "rate = \"0.75\"")],
        at: ("measures/D1.toml", "rate = \"0.75\""),
        words: "a percentage or fraction such as `\"75%\"` or `\"2/3\"`, found `0.75`",
    },
    Case {
        code: "rate_over_100",
        edits: &[("measures/D1.toml", "rate = \"75%\"", "rate = \"175%\"")],
        at: ("measures/D1.toml", "rate = \"175%\""),
        words: "a rate of at most 100 %",
    },
    Case {
        code: "bad_date",
        edits: &[("measures/S2.toml", "from = 2021-01-01", "from = \"2021-13-01\"")],
        at: ("measures/S2.toml", "from"),
        words: "a day such as 2024-01-31, found `2021-13-01`",
    },
    Case {
        code: "out_of_range",
        edits: &[("measures/M10.toml", "units = \"cattle\"", "units = \"cattle\"\ntimes = 0")],
        at: ("measures/M10.toml", "times"),
        words: "a whole number from 1 to 1000, found `0`",
    },
    Case {
        code: "empty_list",
        edits: &[("measures/S2.toml", "identities = [\"tekun\"]", "identities = []")],
        at: ("measures/S2.toml", "identities"),
        words: "no identity type is named",
    },
    Case {
        code: "empty_validity",
        edits: &[("jurisdictions/town.toml", "until = 2024-01-01", "until = 2022-01-01")],
        at: ("jurisdictions/town.toml", "until"),
        words: "it ends on 2022-01-01, before it begins on 2023-01-01",
    },
    Case {
        code: "missing_citation",
        edits: &[(
            "measures/D1.toml",
            "when = \"insured_resident_medical\"\nsource = \"paper\"\n",
            "when = \"insured_resident_medical\"\n",
        )],
        at: ("measures/D1.toml", "[[conditions]]"),
        words: "`conditions[0].source`: `source` is missing: every fact says where it is known from",
    },
    Case {
        code: "missing_citation",
        edits: &[("measures/D1.toml", "goal = \"assumption: a choice\"\n", "")],
        at: ("measures/D1.toml", "[source]"),
        words: "`source.goal`: `goal` is missing",
    },
    Case {
        code: "missing_citation",
        edits: &[(
            "jurisdictions/town.toml",
            "value = \"5%\"\nsource = \"paper\"\n",
            "value = \"5%\"\nsource = []\n",
        )],
        at: ("jurisdictions/town.toml", "source = []"),
        words: "no source is given",
    },
    Case {
        code: "bad_source",
        edits: &[("cascades.toml", "document: S02 art 29", "S02 art 29")],
        at: ("cascades.toml", "source"),
        words: "begin with one of `paper`, `document`, `knowledge`, `assumption`",
    },
    Case {
        code: "bad_source",
        edits: &[("measures/D1.toml", "goal = \"assumption: a choice\"", "goal = \"assumption\"")],
        at: ("measures/D1.toml", "goal = \"assumption\""),
        words: "`assumption` must say what or why after a colon",
    },
    Case {
        code: "empty_bands",
        edits: &[(
            "measures/D3.toml",
            "bands = [{ upto = 50000, rate = \"60%\" }, { upto = 100000, rate = \"65%\" }, { rate = \"80%\" }]",
            "bands = []",
        )],
        at: ("measures/D3.toml", "bands = []"),
        words: "there is no band",
    },
    Case {
        code: "bands_not_ascending",
        edits: &[("measures/D3.toml", "upto = 100000", "upto = 50000")],
        at: ("measures/D3.toml", "bands = ["),
        words: "the band ends at 50000.00, not above 50000.00 where the one before it ends",
    },
    Case {
        code: "bands_not_ascending",
        edits: &[("measures/D3.toml", "upto = 100000, ", "")],
        at: ("measures/D3.toml", "bands = ["),
        words: "band 2 has no end, but another one follows",
    },
    Case {
        code: "last_band_closed",
        edits: &[("jurisdictions/town.toml", "{ rate = \"80%\" }", "{ upto = 60000, rate = \"80%\" }")],
        at: ("jurisdictions/town.toml", "value = ["),
        words: "nothing is said of costs above 60000.00",
    },
    Case {
        code: "rate_and_bands",
        edits: &[(
            "measures/D3.toml",
            "bands = \"$illness_bands\"",
            "bands = \"$illness_bands\"\nrate = \"60%\"",
        )],
        at: ("measures/D3.toml", "bands"),
        words: "both `rate` and `bands` are given",
    },
    Case {
        code: "bad_range",
        edits: &[("measures/S2.toml", "practice_least = 100", "practice_least = 300")],
        at: ("measures/S2.toml", "practice_least"),
        words: "the least, 300.00, is above the most, 200.00",
    },
];

/// A whole measure of a wrong name.
const X1: &str = include_str!("x1.toml");
