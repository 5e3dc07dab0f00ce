//! What the content hash covers, and what it leaves out.

use assistance_toolbox::domain::catalogue::CatalogueHash;
use assistance_toolbox::policy_files::compile;

use super::{base, edited, written};

fn hash(edits: &[(&str, &str, &str)]) -> CatalogueHash {
    let outcome = compile(&edited(edits)).map_err(|problems| written(&problems));
    outcome.expect("the edits keep the folder right").0.hash
}

#[test]
fn translations_and_notes_keep_the_hash() {
    for edit in [
        ("measures/D1.toml", "zh = \"医疗救助\"", "zh = \"医疗\""),
        ("measures/D1.toml", "en = \"benefit\"", "en = \"payment\""),
        ("measures/D1.toml", "en = \"Yearly totals.\"", "en = \"Totals of the year.\""),
        ("identities.toml", "test_en = \"the test\"", "test_en = \"another\""),
        ("sources.toml", "title = \"论文\"", "title = \"某论文\""),
        ("sources.toml", "read_at = \"a copy\"", "read_at = \"another copy\""),
        ("measures/C3.toml", "\"disability_grade >= 1", "\"  disability_grade >= 1"),
        ("wordings.toml", "zh = \"自定\"", "zh = \"另行自定\""),
        ("cascades.toml", "", "# a remark\n"),
        ("income/apart.toml", "zh = \"计入\"", "zh = \"全部计入\""),
        ("income/joined.toml", "short_en = \"joined\"", "short_en = \"one\""),
    ] {
        assert_eq!(hash(&[edit]), hash(&[]), "{edit:?}");
    }
}

#[test]
fn whatever_changes_an_entitlement_or_its_source_changes_the_hash() {
    for edit in [
        ("measures/D1.toml", "rate = \"75%\"", "rate = \"74%\""),
        ("measures/D1.toml", "from = 2021-01-01", "from = 2021-01-02"),
        ("measures/D1.toml", "[\"tekun\", \"dibao\"]", "[\"dibao\"]"),
        ("measures/D1.toml", "source = \"paper\"", "source = \"paper: 表2\""),
        ("measures/D1.toml", "goal = \"risk_prevention\"", "goal = \"development\""),
        ("measures/D1.toml", "when = \"insured_resident_medical\"", "when = \"!employee_medical\""),
        ("measures/S1.toml", "rounding = \"up_to_yuan\"\n", ""),
        ("measures/S1.toml", "confidence = \"low\"", "confidence = \"high\""),
        ("measures/S2.toml", "practice_most = 200", "practice_most = 300"),
        ("jurisdictions/town.toml", "value = 754", "value = \"754.01\""),
        ("jurisdictions/town.toml", "to = [\"dibao\"]", "to = [\"rigid\"]"),
        ("identities.toml", "same_household = \"allow\"", "same_household = \"exclude\""),
        ("sources.toml", "official = false", "official = true"),
        ("needs.toml", "when = \"serious_illness\"", "when = \"age > 3\""),
        ("exclusions.toml", "members = [\"S2\", \"C3\"]", "members = [\"C3\", \"S2\"]"),
        ("income/apart.toml", "is = \"counted\"", "is = \"left_out\""),
        ("income/apart.toml", "workplace = \"outside_city\"", "workplace = \"inside_city\""),
        ("income/apart.toml", "times = \"3/2\"", "times = \"2/1\""),
        ("income/apart.toml", "unless_below = \"low\"\n", ""),
        ("income/joined.toml", "from = 2024-01-01", "from = 2024-01-02"),
        ("income/joined.toml", "fact = \"water_safe\"", "fact = \"house_grade\""),
        ("income/joined.toml", "places = [\"baseline\"]\n", ""),
        ("cascades.toml", "links = [\"D3\", \"D1\"]", "links = [\"D1\", \"D3\"]"),
    ] {
        assert_ne!(hash(&[edit]), hash(&[]), "{edit:?}");
    }
}

#[test]
fn the_order_of_files_and_entries_keeps_the_hash() {
    let mut files = base();
    files.reverse();
    let (catalogue, _) = compile(&files).expect("the base is right");
    assert_eq!(catalogue.hash, hash(&[]));
    let ids: Vec<_> = catalogue.measures.iter().map(|measure| measure.id.as_str()).collect();
    assert_eq!(ids, ["D1", "D3", "M10", "C3", "S1", "S2"]);
    let places: Vec<_> = catalogue.places.iter().map(|place| place.id.as_str()).collect();
    assert_eq!(places, ["baseline", "town"]);
}
