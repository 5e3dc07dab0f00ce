//! Everything that happened to a household, in one order.

use crate::store::{ChainEvent, Entry, FactsSave, Store, StoreError};

/// Something that happened to a household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// Its facts were stated.
    Save(FactsSave),
    /// Something was delivered, or a delivery taken back.
    Entry(Entry),
    /// Its package changed, or was saved.
    Event(ChainEvent),
}

/// The timeline of a household; `None` if nothing is stored about it. It blocks.
///
/// # Errors
/// The database.
pub fn timeline(store: &Store, household: &str) -> Result<Option<Vec<Happening>>, StoreError> {
    let entries = store.ledger(household).wait()?;
    let (events, saves) = store.chain(household).wait()?;
    Ok((!saves.is_empty()).then(|| ordered(entries, events, saves)))
}

/// Brings the parts of a timeline into one order: the chain by its numbers, and each save of facts from before the
/// chain before the first link that knows of it, or was recorded after it.
pub fn ordered(entries: Vec<Entry>, events: Vec<ChainEvent>, saves: Vec<FactsSave>) -> Vec<Happening> {
    let entries = entries
        .into_iter()
        .map(|entry| (entry.seq, entry.facts_seq, entry.recorded_at, Happening::Entry(entry)));
    let events = events
        .into_iter()
        .map(|event| (event.seq, event.event.facts_seq, event.recorded_at, Happening::Event(event)));
    let mut chain: Vec<_> = entries.chain(events).collect();
    let mut unlinked = Vec::new();
    for save in saves {
        match &save.link {
            Some(link) => chain.push((link.seq, save.seq, save.recorded_at, Happening::Save(save))),
            None => unlinked.push(save),
        }
    }
    chain.sort_by_key(|(seq, ..)| *seq);
    let mut unlinked = unlinked.into_iter().peekable();
    let mut all = Vec::new();
    let mut known = 0;
    for (_, facts_seq, recorded_at, happening) in chain {
        known = known.max(facts_seq);
        while let Some(save) = unlinked.next_if(|save| save.seq <= known || save.recorded_at < recorded_at) {
            all.push(Happening::Save(save));
        }
        all.push(happening);
    }
    all.extend(unlinked.map(Happening::Save));
    all
}
