//! Mistakes that only several things together show.

use super::{Case, Edit};

pub(super) const CASES: &[Case] = &[
    Case {
        code: "set_mismatch",
        edits: &[(
            "measures/M10.toml",
            "[\"m_unstable\", \"m_edge\", \"m_sudden\"]",
            "[\"dibao_edge\", \"m_unstable\", \"m_edge\", \"m_sudden\"]",
        )],
        at: ("measures/M10.toml", "[[standards]]"),
        words: "`dibao_edge` opens a measure that is only for the other track",
    },
    Case {
        code: "set_mismatch",
        edits: &[("measures/S1.toml", "set = \"social_assistance_only\"", "set = \"shared\"")],
        at: ("measures/S1.toml", "id = \"S1\""),
        words: "no identity of monitoring opens it",
    },
    Case {
        code: "missing_identity",
        edits: &[(
            "identities.toml",
            "[[identities]]\nid = \"rigid\"\nzh = \"刚性支出困难家庭\"\nen = \"identity rigid\"\ntest_zh = \"认定\"\ntest_en = \"the test\"\nsource = \"paper\"\n",
            "",
        )],
        at: ("identities.toml", ""),
        words: "the identity type `rigid` is not described",
    },
    Case {
        code: "missing_pair",
        edits: &[(
            "identities.toml",
            "[[pairs]]\na = \"m_edge\"\nb = \"m_sudden\"\nsame_person = \"allow\"\nsame_household = \"allow\"\nsource = \"document: S01\"\n",
            "",
        )],
        at: ("identities.toml", ""),
        words: "nothing is said of the pair `m_edge`, `m_sudden`",
    },
    Case {
        code: "pair_order",
        edits: &[("identities.toml", "a = \"m_edge\"\nb = \"m_sudden\"", "a = \"m_sudden\"\nb = \"m_edge\"")],
        at: ("identities.toml", "a = \"m_sudden\""),
        words: "the pair `m_sudden`, `m_edge` is not written in order",
    },
    Case {
        code: "overlapping_versions",
        edits: &[(
            "measures/C3.toml",
            "",
            "\n# later\n[[standards]]\nid = \"C3-care\"\nzh = \"标准\"\nen = \"standard\"\nidentities = [\"rigid\"]\nfrom = 2025-01-01\nperiod = \"month\"\nsource = \"paper\"\n\n[[standards.parts]]\nzh = \"待遇\"\nen = \"benefit\"\nsource = \"paper\"\ngives = \"amount\"\namount = 100\n",
        )],
        at: ("measures/C3.toml", "[[standards]]\nid = \"C3-care\"\nzh = \"标准\"\nen = \"standard\"\n"),
        words: "two versions of `C3-care` hold on one day, see line 26",
    },
    Case {
        code: "overlapping_rows",
        edits: &[("jurisdictions/town.toml", "until = 2024-01-01", "until = 2024-02-01")],
        at: ("jurisdictions/town.toml", "[[parameters]]\nname = \"line_month\"\nfrom = 2024-01-01"),
        words: "`line_month`: two rows hold on one day, see line 6",
    },
    Case {
        code: "overlapping_rows",
        edits: &[(
            "jurisdictions/town.toml",
            "from = 2023-01-01\nuntil = 2024-01-01\n",
            "from = 2024-01-01\n",
        )],
        at: (
            "jurisdictions/town.toml",
            "[[parameters]]\nname = \"line_month\"\nfrom = 2024-01-01\nvalue = 754",
        ),
        words: "`line_month`: two rows begin on one day",
    },
    Case {
        code: "overlapping_rows",
        edits: &[(
            "jurisdictions/town.toml",
            "from = 2024-01-01\nvalue = 754",
            "from = 2022-01-01\nvalue = 754",
        )],
        at: ("jurisdictions/town.toml", "[[parameters]]"),
        words: "an earlier open one would hold again, see line 13 (hint: add a row from that day)",
    },
    Case {
        code: "none_is_no_amount",
        edits: &[("jurisdictions/town.toml", "value = 754", "value = \"none\"")],
        at: ("jurisdictions/town.toml", "[[parameters]]\nname = \"line_month\"\nfrom = 2024-01-01"),
        words: "`line_month` is used as an amount, and only a cap can be `none`",
    },
    Case {
        code: "share_not_allowed",
        edits: &[(
            "jurisdictions/town.toml",
            "value = 754",
            "value = { rate = \"2/3\", of = \"wage_month\" }",
        )],
        at: ("jurisdictions/town.toml", "[[parameters]]\nname = \"line_month\"\nfrom = 2024-01-01"),
        words: "`line_month` is a cap, a line or stands in a condition, and cannot be a share",
    },
    Case {
        code: "cyclic_parameter",
        edits: &[(
            "jurisdictions/baseline.toml",
            "value = 1870\nper = \"month\"",
            "value = { rate = \"2/3\", of = \"care_month\" }",
        )],
        at: ("jurisdictions/town.toml", "[[parameters]]\nname = \"care_month\""),
        words: "`care_month` is a share of itself: `care_month` → `wage_month` → `care_month`",
    },
    Case {
        code: "cyclic_place",
        edits: &[("jurisdictions/town.toml", "extends = \"baseline\"", "extends = \"town\"")],
        at: ("jurisdictions/town.toml", "id = \"town\""),
        words: "`town` extends itself: `town` → `town`",
    },
    Case {
        code: "extension_opens_nothing",
        edits: &[("jurisdictions/town.toml", "like = \"m_edge\"", "like = \"dibao\"")],
        at: ("jurisdictions/town.toml", "[[extensions]]"),
        words: "`subset`: `dibao` opens no standard of `M10` then",
    },
    Case {
        code: "rate_over_100",
        edits: &[("jurisdictions/town.toml", "value = \"5%\"", "value = \"25%\"")],
        at: ("measures/D3.toml", "[[standards.parts]]"),
        words: "with `rate_plus` a rate comes to 21/20, over 100 %, in `town` on 2021-01-01",
    },
    Case {
        code: "missing_period",
        edits: &[("jurisdictions/baseline.toml", "value = 80\nper = \"month\"", "value = 80")],
        at: ("measures/C3.toml", "[[standards]]"),
        words: "nothing says what a payment of `C3-care` covers in `baseline` on 2021-01-01",
    },
    Case {
        code: "missing_period",
        edits: &[("measures/D3.toml", "period = \"year\"\n", "")],
        at: ("measures/D3.toml", "[[standards]]"),
        words: "nothing says what a payment of `D3-tilted` covers (hint: write `period` into the standard",
    },
    Case {
        code: "differing_periods",
        edits: &[
            (
                "measures/C3.toml",
                "amount = \"$care_month\"",
                "amount = \"$care_month\"\n\n[[standards.parts]]\nzh = \"待遇\"\nen = \"benefit\"\nsource = \"paper\"\ngives = \"amount\"\namount = \"$cap_year\"",
            ),
            ("jurisdictions/town.toml", "value = \"none\"", "value = 5000\nper = \"year\""),
        ],
        at: ("measures/C3.toml", "[[standards]]"),
        words: "the amounts of `C3-care` cover different periods in `town` on 2021-01-01",
    },
    Case {
        code: "too_few_members",
        edits: &[("exclusions.toml", "\"S2\", \"C3\"", "\"S2\", \"S2\"")],
        at: ("exclusions.toml", "members"),
        words: "an exclusion needs at least two different members",
    },
    Case {
        code: "scope_mismatch",
        edits: &[("exclusions.toml", "\"S2\", \"C3\"", "\"S2\", \"M10\"")],
        at: ("exclusions.toml", "[[exclusions]]"),
        words: "`M10` is for the household, but the exclusion is for one person",
    },
    Case {
        code: "cyclic_priority",
        edits: &[(
            "exclusions.toml",
            "",
            "\n# back\n[[exclusions]]\nid = \"care_over_illness\"\nzh = \"优先\"\nen = \"first\"\nmode = \"priority\"\nmembers = [\"C3\", \"D1\"]\nscope = \"person\"\nfrom = 2022-01-01\nsource = \"paper\"\n\n# and round\n[[exclusions]]\nid = \"illness_over_support\"\nzh = \"优先\"\nen = \"first\"\nmode = \"priority\"\nmembers = [\"D1-social\", \"S2-full\"]\nscope = \"person\"\nfrom = 2023-01-01\nsource = \"paper\"\n",
        )],
        at: ("exclusions.toml", "[[exclusions]]\nid = \"illness_over_support\""),
        words: "`illness_over_support` puts `D1-social` above what stands above it already",
    },
    Case {
        code: "incomparable_exclusion",
        edits: &[(
            "exclusions.toml",
            "mode = \"priority\"\nmembers = [\"S2\", \"C3\"]",
            "mode = \"highest\"\nmembers = [\"S2\", \"D1-social\"]",
        )],
        at: ("exclusions.toml", "[[exclusions]]"),
        words: "the higher amount decides, but `D1-social` has none in `baseline` on 2021-01-01",
    },
    Case {
        code: "same_category",
        edits: &[
            ("measures/C3.toml", "category = \"care\"", "category = \"living_person\""),
            ("exclusions.toml", "\"S2\", \"C3\"", "\"S2\", \"D1\""),
        ],
        at: ("measures/S2.toml", "id = \"S2\""),
        words: "warning[same_category]: `C3` and `S2` share the category `living_person`",
    },
    Case {
        code: "top_up_exclusion",
        edits: &[(
            "exclusions.toml",
            "members = [\"S2\", \"C3\"]\nscope = \"person\"",
            "members = [\"S1\", \"S2\"]\nscope = \"household\"",
        )],
        at: ("measures/S1.toml", "[[standards]]"),
        words: "`S1` counts heads by who takes `S2`, and an exclusion connects the two (exclusions.toml, see line 1)",
    },
    Case {
        code: "weak_match",
        edits: &[("matching.toml", "[\"name\", \"birth_date\"]", "[\"birth_date\", \"town\"]")],
        at: ("matching.toml", "same"),
        words: "a rule names at least two traits, one of them `name`",
    },
    Case {
        code: "too_few_links",
        edits: &[("cascades.toml", "[\"D3\", \"D1\"]", "[\"D3\"]")],
        at: ("cascades.toml", "links"),
        words: "a cascade needs at least two links",
    },
    Case {
        code: "cascade_link",
        edits: &[("cascades.toml", "[\"D3\", \"D1\"]", "[\"D3\", \"C3\"]")],
        at: ("cascades.toml", "[[cascades]]"),
        words: "the link `C3` is not a reimbursement of `eligible_expense_year`",
    },
    Case {
        code: "cascade_unit",
        edits: &[
            ("measures/M10.toml", "unit = \"household\"", "unit = \"household\" #"),
            (
                "measures/M10.toml",
                "gives = \"per_unit\"\nprice = \"$award_price\"\nunits = \"cattle\"",
                "gives = \"unpriced\"\nreason = \"service\"",
            ),
            ("cascades.toml", "[\"D3\", \"D1\"]", "[\"D3\", \"D1\", \"M10\"]"),
        ],
        at: ("cascades.toml", "[[cascades]]"),
        words: "the link `M10` is for the household",
    },
    Case {
        code: "link_twice",
        edits: &[("cascades.toml", "[\"D3\", \"D1\"]", "[\"D3\", \"D1\", \"D3\"]")],
        at: ("cascades.toml", "[[cascades]]"),
        words: "`D3` is a link already",
    },
    Case {
        code: "ambiguous_link",
        edits: &[(
            "measures/D3.toml",
            "[\"m_unstable\", \"m_edge\", \"m_sudden\"]",
            "[\"dibao\", \"m_unstable\", \"m_edge\", \"m_sudden\"]",
        )],
        at: ("measures/D3.toml", "[[standards]]\nid = \"D3-ordinary\""),
        words: "`dibao` opens two standards of a link on one day: `D3-tilted` and `D3-ordinary`",
    },
    Case {
        code: "ambiguous_link",
        edits: &[("jurisdictions/town.toml", "measures = [\"M10\"]", "measures = [\"M10\", \"D1\"]")],
        at: ("measures/D1.toml", "[[standards]]\nid = \"D1-monitored\""),
        words: "`dibao` opens two standards of a link on one day in `town`: `D1-social` and `D1-monitored`",
    },
    Case {
        code: "dominated_standard",
        edits: &[("measures/D4.toml", "", REPAID), ("measures/D4.toml", "cap = 100000", "cap = 40000")],
        at: ("measures/D4.toml", "[[standards]]\nid = \"D4-other\""),
        words: "`D4-other` never gives more than `D4-one`",
    },
    Case {
        code: "dominated_standard",
        edits: &[
            (
                "measures/S2.toml",
                "",
                "\n[[standards]]\nid = \"S2-half\"\nzh = \"标准\"\nen = \"standard\"\nidentities = [\"tekun\"]\nfrom = 2022-01-01\nperiod = \"month\"\nsource = \"paper\"\n\n[[standards.parts]]\nzh = \"待遇\"\nen = \"benefit\"\nsource = \"paper\"\ngives = \"amount\"\namount = 500\n",
            ),
            (
                "measures/S2.toml",
                "\n[[standards.parts]]\nzh = \"待遇\"\nen = \"benefit\"\nsource = \"paper\"\ngives = \"unpriced\"\nreason = \"service\"\npractice_least = 100\npractice_most = 200\n",
                "",
            ),
        ],
        at: ("measures/S2.toml", "[[standards]]\nid = \"S2-half\""),
        words: "`S2-half` never gives more than `S2-full`, which asks no more, see line 26",
    },
];

/// Edits after which the folder is still right, and why.
pub(super) const RIGHT: &[(&[Edit], &str)] = &[
    (
        &[
            ("measures/C3.toml", "from = 2021-01-01", "from = 2021-01-01\nuntil = 2025-01-01"),
            ("measures/C3.toml", "", LATER_CARE),
        ],
        "a version follows another one",
    ),
    (&[("measures/S2.toml", "", BETTER_SUPPORT)], "the better standard asks more"),
    (&[("measures/D4.toml", "", REPAID)], "two reimbursements that cross: neither is beaten"),
    (
        &[(
            "exclusions.toml",
            "mode = \"priority\"\nmembers = [\"S2\", \"C3\"]",
            "mode = \"choice\"\nmembers = [\"S2\", \"D1\"]",
        )],
        "the applicant chooses, an amount is not needed",
    ),
    (&[("exclusions.toml", "mode = \"priority\"", "mode = \"highest\"")], "both have an amount everywhere"),
    (
        &[
            ("exclusions.toml", "from = 2021-01-01", "from = 2021-01-01\nuntil = 2024-01-01"),
            ("exclusions.toml", "", CARE_FIRST),
        ],
        "a priority may be turned round on a day",
    ),
    (
        &[("jurisdictions/town.toml", "value = \"5%\"", "value = \"20%\"")],
        "a rate of 100 % is not over 100 %",
    ),
];

const LATER_CARE: &str = r#"
[[standards]]
id = "C3-care"
zh = "标准"
en = "standard"
identities = ["rigid"]
from = 2025-01-01
period = "month"
source = "paper"

[[standards.parts]]
zh = "待遇"
en = "benefit"
source = "paper"
gives = "amount"
amount = 100
"#;

const BETTER_SUPPORT: &str = r#"
[[standards]]
id = "S2-more"
zh = "标准"
en = "standard"
identities = ["tekun"]
from = 2021-01-01
period = "month"
source = "paper"

[[standards.conditions]]
zh = "需要照护"
en = "needs care"
when = "long_term_care_needed"
source = "paper"

[[standards.parts]]
zh = "待遇"
en = "benefit"
source = "paper"
gives = "amount"
amount = 2000
"#;

const CARE_FIRST: &str = r#"
[[exclusions]]
id = "care_over_support"
zh = "护理优先"
en = "care first"
mode = "priority"
members = ["C3", "S2"]
scope = "person"
from = 2024-01-01
source = "paper"
"#;

const REPAID: &str = include_str!("repaid.toml");
