//! Who can reach what.

use super::*;

const REACH: &str = "query ($identities: [IdentityCode!]!, $place: String!) {
    reach(identities: $identities, place: $place, on: \"2024-06-01\") { count measures { key } } }";

async fn reach(identities: &[&str], place: &str) -> Vec<String> {
    let found = data_with(REACH, json!({ "identities": identities, "place": place })).await["reach"].take();
    let keys = texts(&found["measures"], &["key"]);
    assert_eq!(found["count"], keys.len());
    keys
}

const SOCIAL: [&str; 4] = ["TEKUN", "DIBAO", "DIBAO_EDGE", "RIGID"];
const MONITORED: [&str; 3] = ["M_UNSTABLE", "M_EDGE", "M_SUDDEN"];

#[tokio::test]
async fn reach_by_track_is_29_21_34_and_16() {
    let (social, monitored) = (reach(&SOCIAL, "baseline").await, reach(&MONITORED, "baseline").await);
    assert_eq!((monitored.len(), social.len()), (29, 21));
    assert_eq!(monitored.iter().filter(|key| social.contains(key)).count(), 16);
    let both: Vec<&str> = SOCIAL.into_iter().chain(MONITORED).collect();
    assert_eq!(reach(&both, "baseline").await.len(), 34);
    assert_eq!(reach(&SOCIAL, "huaibei").await.len(), 30);
    assert_eq!(reach(&SOCIAL, "huaibei-all13").await.len(), 34);
    assert_eq!(reach(&[], "baseline").await.len(), 0);
}

#[tokio::test]
async fn reach_by_single_identity_type() {
    let cases = [
        ("TEKUN", "baseline", 17),
        ("DIBAO", "baseline", 20),
        ("M_UNSTABLE", "baseline", 29),
        ("M_EDGE", "baseline", 29),
        ("M_SUDDEN", "baseline", 29),
        ("DIBAO", "huaibei", 29),
        ("DIBAO", "huaibei-all13", 33),
        ("TEKUN", "huaibei", 21),
    ];
    for (identity, place, count) in cases {
        assert_eq!(reach(&[identity], place).await.len(), count, "{identity} {place}");
    }
}

#[tokio::test]
async fn the_matrix_has_34_rows_of_seven_cells() {
    let query = "query ($place: String!) { eligibilityMatrix(place: $place, on: \"2024-06-01\") {
        on rows { measure { key } cells { identity state conditional extensions { key } standards { key } } } } }";
    let matrix = data_with(query, json!({ "place": "huaibei" })).await["eligibilityMatrix"].take();
    let rows = matrix["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 34);
    let mut states = std::collections::BTreeMap::new();
    for row in rows {
        let cells = row["cells"].as_array().unwrap();
        assert_eq!(cells.len(), 7);
        for cell in cells {
            let state = cell["state"].as_str().unwrap();
            *states.entry(state.to_owned()).or_insert(0) += 1;
            assert_eq!(state == "CLOSED", texts(&cell["standards"], &["key"]).is_empty(), "{row}");
            assert_eq!(state == "BY_EXTENSION", !texts(&cell["extensions"], &["key"]).is_empty(), "{row}");
        }
    }
    // Five job measures for three identity types, four industry measures for four.
    assert_eq!(states["BY_EXTENSION"], 5 * 3 + 4 * 4);
    let open: usize = [17, 20, 29, 29, 29].iter().sum();
    assert!(states["OPEN"] > open && states["OPEN"] + states["CLOSED"] + 31 == 34 * 7);
    let sudden = rows.iter().find(|row| row["measure"]["key"] == "M9").unwrap()["cells"][6].clone();
    assert_eq!((&sudden["identity"], &sudden["conditional"]), (&json!("M_SUDDEN"), &json!(true)));
}

#[tokio::test]
async fn the_gap_between_the_tracks() {
    let query = "query ($place: String!) { trackGap(place: $place, on: \"2024-06-01\") { track count measures { key } } }";
    let gap = data_with(query, json!({ "place": "baseline" })).await["trackGap"].take();
    assert_eq!((&gap[0]["track"], &gap[0]["count"]), (&json!("SOCIAL_ASSISTANCE"), &json!(13)));
    assert_eq!((&gap[1]["track"], &gap[1]["count"]), (&json!("MONITORING"), &json!(5)));
    assert_eq!(texts(&gap[1]["measures"], &["key"]), ["S1", "S2", "S3", "S4", "S5"]);
    let joined = data_with(query, json!({ "place": "huaibei" })).await["trackGap"].take();
    assert_eq!(texts(&joined[0]["measures"], &["key"]), ["M1", "M2", "M3", "M9"]);
}
