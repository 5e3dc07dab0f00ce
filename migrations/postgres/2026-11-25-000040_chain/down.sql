-- Chains that hold events are broken without them, so their numbers stay taken: the heads keep counting.
DROP TRIGGER ledger_entries_beside_events ON ledger_entries;
DROP TABLE chain_positions;
DROP TABLE chain_events;
DROP FUNCTION chain_events_once;
DROP FUNCTION ledger_entries_beside_events;
