//! Slots: what a delivery takes for itself, so that nothing else can be paid beside it.

use chrono::NaiveDate;

use super::{Past, Refusal, Slot};
use crate::domain::catalogue::ExclusionMode;
use crate::domain::measure::Unit;
use crate::domain::package::Entitlement;
use crate::domain::rulebook::Rulebook;

/// The slots of an entitlement: of the offer itself, and of every exclusion that names it.
///
/// With `shared`, later deliveries of the same kind may join the first: the claims of one account.
pub(super) fn slots(
    rulebook: &Rulebook,
    taken: &Entitlement,
    (offer, who): (&str, &str),
    months: &[NaiveDate],
    shared: bool,
) -> Vec<Slot> {
    let mut sides = vec![(
        format!("measure:{offer}"),
        who.to_owned(),
        if shared { "claims".to_owned() } else { String::new() },
    )];
    let rules = rulebook.cluster(taken.offer).into_iter().flat_map(|cluster| &cluster.rules);
    for rule in rules {
        let holds = |standards: &Vec<usize>| {
            taken.lines.iter().any(|line| standards.binary_search(&line.standard).is_ok())
        };
        let Some(member) = rule.members.iter().position(holds) else { continue };
        let name = match rule.exclusion.and_then(|place| rulebook.catalogue.exclusions.get(place)) {
            Some(exclusion) => format!("exclusion:{}", exclusion.id),
            None => format!("category:{}", category(rulebook, taken)),
        };
        // Whoever stands below the first of a priority does not stand against the others below it.
        let side = if rule.mode == ExclusionMode::Priority { member.min(1) } else { member };
        let subject = if rule.scope == Unit::Person { who.to_owned() } else { String::new() };
        sides.push((name, subject, format!("side {side}")));
    }
    sides.sort_unstable();
    sides.dedup();
    let slots = sides.into_iter().flat_map(|(name, subject, holder)| {
        months.iter().map(move |month| Slot {
            name: name.clone(),
            subject: subject.clone(),
            month: *month,
            holder: holder.clone(),
        })
    });
    slots.collect()
}

fn category<'r>(rulebook: &'r Rulebook, taken: &Entitlement) -> &'r str {
    let first = taken.lines.first().and_then(|line| rulebook.standard(line.standard));
    first.map_or("", |(measure, _)| measure.category.as_str())
}

/// Refuses what would take a slot that is taken.
pub(super) fn free(past: &Past, slots: &[Slot]) -> Result<(), Refusal> {
    for slot in slots {
        let same = |taken: &&super::TakenSlot| {
            (&taken.slot.name, &taken.slot.subject, taken.slot.month)
                == (&slot.name, &slot.subject, slot.month)
        };
        let Some(taken) = past.slots.iter().find(same) else { continue };
        if slot.holder.is_empty() || taken.slot.holder != slot.holder {
            return Err(Refusal::Double { rule: slot.name.clone(), month: slot.month, entry: taken.entry });
        }
    }
    Ok(())
}
