//! Merging again after new lists: only what changed is changed, and what others stated stays.

use assistance_toolbox::domain::facts::{Fact, IdentityRecord};
use assistance_toolbox::domain::period::Validity;
use assistance_toolbox::domain::registries::Registry;
use assistance_toolbox::store::Recording;
use chrono::Utc;

use super::{day, household, import, import_both, invented, merged, report, stored};
use crate::support::database::{Backend, on_both};

on_both! {
    a_new_list_changes_what_it_says_anew_and_nothing_else,
}

fn a_new_list_changes_what_it_says_anew_and_nothing_else(backend: Backend) {
    let store = backend.store();
    let [mut low, monitored] = invented("longnan-2024-03", Some(300), 0);
    import_both(&store, &[low.clone(), monitored.clone()], "2024-03-31");
    let first = merged(&store, false);
    assert_eq!(first.not_merged, []);
    let before = stored(&store, "2024-03-31");

    // A clerk states what the registries do not.
    let shared = |no: &str| {
        monitored
            .iter()
            .any(|row| low.iter().any(|one| one.household_no == no && one.id_number == row.id_number))
    };
    let no = low.iter().map(|row| row.household_no.clone()).find(|no| shared(no)).unwrap();
    let key = format!("S-{no}");
    let mut known = household(&store, &key, "2024-04-01");
    known.facts.set(Fact::Poultry, 12);
    known.members[0].facts.set(Fact::EligibleExpenseYear, 500_000);
    let valid = Validity { from: day("2024-04-01"), until: None };
    let at = "2024-04-01T00:00:00Z".parse::<chrono::DateTime<Utc>>().unwrap();
    let recording =
        Recording { valid, recorded_at: at, recorded_by: String::from("a test"), expected_seq: None };
    store.save_household(known.clone(), recording).wait().unwrap();

    // The next list no longer has that household, and one that stood in no other list.
    let lone = low.iter().map(|row| row.household_no.clone()).find(|no| {
        !monitored
            .iter()
            .any(|row| low.iter().any(|one| one.household_no == *no && one.id_number == row.id_number))
    });
    let lone = lone.unwrap();
    low.retain(|row| row.household_no != no && row.household_no != lone);
    import(&store, Registry::SocialAssistance, &low, "2024-06-30");
    let second = merged(&store, false);
    assert_eq!(
        (second.created, second.changed, second.ended, second.not_merged.len()),
        (0, 1, 1, 0),
        "{second:?}"
    );
    assert_eq!(second.unchanged, first.families - 2);

    // The family is still known under its key; what the low-income list granted ended with the list.
    let now = household(&store, &key, "2024-06-30");
    let records = now.identities.iter().chain(now.members.iter().flat_map(|member| &member.identities));
    let of_low =
        |record: &&IdentityRecord| record.source.as_deref().unwrap().starts_with("social-assistance");
    let (ended, open): (Vec<_>, Vec<_>) = records.partition(of_low);
    assert!(!ended.is_empty() && ended.iter().all(|record| record.held.until == Some(day("2024-06-30"))));
    assert!(!open.is_empty() && open.iter().all(|record| record.held.until.is_none()));
    assert_eq!(now.facts.get(Fact::Poultry), Some(12), "what others stated stays");
    assert_eq!(now.members[0].facts.get(Fact::EligibleExpenseYear), Some(500_000));
    assert_eq!(household(&store, &key, "2024-06-29"), known, "and the days before are as they were");
    let gone = household(&store, &format!("S-{lone}"), "2024-06-30");
    let records = gone.identities.iter().chain(gone.members.iter().flat_map(|member| &member.identities));
    assert!(records.into_iter().all(|record| record.held.until == Some(day("2024-06-30"))));
    assert_eq!(stored(&store, "2024-06-30").len(), before.len(), "nobody is forgotten");

    assert_eq!(merged(&store, false).seq, None);
    assert_eq!(report(&store).stored.waiting, 0);
}
