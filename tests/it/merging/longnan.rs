//! The published figures, from an empty database.

use super::{import_both, invented, merged, report, store, stored};

#[test]
fn before_the_lists_were_joined_63_2_per_cent_of_monitored_people_were_in_the_low_income_list() {
    let store = store();
    import_both(&store, &invented("longnan-2023-03", None, 0), "2023-03-31");
    let before = report(&store);
    let all = before.overlap.all;
    assert_eq!((all.low_income.households, all.low_income.persons), (7_763, 15_076));
    assert_eq!((all.monitored.households, all.monitored.persons), (629, 2_106));
    let share = all.monitored_persons_in_low_income();
    assert_eq!((share.part, share.whole, share.percent().as_str()), (1_331, 2_106, "63.2 %"));
    assert_eq!(all.persons.only_low_income, 15_076 - 1_331);
    assert_eq!(all.persons.only_monitored, 2_106 - 1_331);
    assert_eq!((before.stored.households, before.pending), (0, 0));
    let families = all.families.only_low_income + all.families.only_monitored + all.families.both;
    assert_eq!(before.stored.waiting, families);

    let would = merged(&store, true);
    assert_eq!((would.seq, would.created, would.families), (None, families, families));
    assert!(stored(&store, "2023-03-31").is_empty(), "a dry run changes nothing");
    let outcome = merged(&store, false);
    assert_eq!((outcome.created, outcome.not_merged.len()), (families, 0));
    assert_eq!(outcome.persons, 15_076 + 2_106 - 1_331);

    // Each family is known once, and each person.
    let known = stored(&store, "2023-03-31");
    assert_eq!(u64::try_from(known.len()).unwrap(), families);
    assert_eq!(known.values().sum::<usize>(), 15_076 + 2_106 - 1_331);
    let after = report(&store);
    assert_eq!(after.overlap, before.overlap);
    assert_eq!((after.stored.households, after.stored.persons, after.stored.waiting), (families, 15_851, 0));

    let again = merged(&store, false);
    assert_eq!((again.seq, again.created, again.changed, again.unchanged), (None, 0, 0, families));
}

#[test]
fn afterwards_91_1_per_cent_were() {
    let store = store();
    import_both(&store, &invented("longnan-2024-03", None, 0), "2024-03-31");
    let all = report(&store).overlap.all;
    assert_eq!((all.low_income.households, all.low_income.persons), (8_185, 16_181));
    assert_eq!((all.monitored.households, all.monitored.persons), (860, 2_995));
    let share = all.monitored_persons_in_low_income();
    assert_eq!((share.part, share.whole, share.percent().as_str()), (2_728, 2_995, "91.1 %"));
}
