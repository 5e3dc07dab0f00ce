//! The published figures, from an empty database.

use assistance_toolbox::app::registries::Report;

use super::{import_both, invented, merged, report, stored};
use crate::support::database::{Backend, on_both};

on_both! {
    before_the_lists_were_joined_63_2_per_cent_of_monitored_people_were_in_the_low_income_list,
    afterwards_91_1_per_cent_were,
    after_the_merge_each_family_and_each_person_is_known_once,
}

/// In both directions: what stands in one list only, and what in both.
fn adds_up(report: &Report) {
    let all = report.overlap.all;
    assert_eq!(all.persons.only_low_income + all.persons.both, all.low_income.persons);
    assert_eq!(all.persons.only_monitored + all.persons.both, all.monitored.persons);
}

fn before_the_lists_were_joined_63_2_per_cent_of_monitored_people_were_in_the_low_income_list(
    backend: Backend,
) {
    let store = backend.store();
    import_both(&store, &invented("longnan-2023-03", None, 0), "2023-03-31");
    let report = report(&store);
    adds_up(&report);
    let all = report.overlap.all;
    assert_eq!((all.low_income.households, all.low_income.persons), (7_763, 15_076));
    assert_eq!((all.monitored.households, all.monitored.persons), (629, 2_106));
    let share = all.monitored_persons_in_low_income();
    assert_eq!((share.part, share.whole, share.percent().as_str()), (1_331, 2_106, "63.2 %"));
}

fn afterwards_91_1_per_cent_were(backend: Backend) {
    let store = backend.store();
    import_both(&store, &invented("longnan-2024-03", None, 0), "2024-03-31");
    let report = report(&store);
    adds_up(&report);
    let all = report.overlap.all;
    assert_eq!((all.low_income.households, all.low_income.persons), (8_185, 16_181));
    assert_eq!((all.monitored.households, all.monitored.persons), (860, 2_995));
    let share = all.monitored_persons_in_low_income();
    assert_eq!((share.part, share.whole, share.percent().as_str()), (2_728, 2_995, "91.1 %"));
}

/// The same for a small population, so that it is fast; all of them are merged in the walk of continuous integration.
fn after_the_merge_each_family_and_each_person_is_known_once(backend: Backend) {
    let store = backend.store();
    import_both(&store, &invented("longnan-2023-03", Some(900), 0), "2023-03-31");
    let before = report(&store);
    let all = before.overlap.all;
    let families = all.families.only_low_income + all.families.only_monitored + all.families.both;
    let persons = all.low_income.persons + all.monitored.persons - all.persons.both;
    assert_eq!((before.stored.households, before.stored.waiting, before.pending), (0, families, 0));

    let would = merged(&store, true);
    assert_eq!((would.seq, would.created, would.families), (None, families, families));
    assert!(stored(&store, "2023-03-31").is_empty(), "a dry run changes nothing");
    let outcome = merged(&store, false);
    assert_eq!((outcome.created, outcome.persons, outcome.not_merged.len()), (families, persons, 0));

    let known = stored(&store, "2023-03-31");
    assert_eq!(u64::try_from(known.len()).unwrap(), families);
    assert_eq!(u64::try_from(known.values().sum::<usize>()).unwrap(), persons);
    let after = report(&store);
    assert_eq!(after.overlap, before.overlap);
    assert_eq!((after.stored.households, after.stored.persons, after.stored.waiting), (families, persons, 0));

    let again = merged(&store, false);
    assert_eq!((again.seq, again.created, again.changed, again.unchanged), (None, 0, 0, families));
}
