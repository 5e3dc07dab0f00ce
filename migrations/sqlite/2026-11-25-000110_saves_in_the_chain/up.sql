-- Every save of facts becomes a link of its household's chain. README.md beside the tree explains it under "The
-- chain". Saves from before have no link; the next save of their household covers them, and verification counts
-- those that no link covers.

ALTER TABLE household_saves ADD COLUMN recorded_by TEXT;
ALTER TABLE household_saves ADD COLUMN chain_seq BIGINT;
ALTER TABLE household_saves ADD COLUMN digest TEXT;
ALTER TABLE household_saves ADD COLUMN hash TEXT;

CREATE UNIQUE INDEX household_saves_chain_seq ON household_saves (household_key, chain_seq);

CREATE TRIGGER household_saves_never_change BEFORE UPDATE ON household_saves
BEGIN SELECT RAISE(ABORT, 'saves of facts are never changed'); END;
CREATE TRIGGER household_saves_never_go BEFORE DELETE ON household_saves
BEGIN SELECT RAISE(ABORT, 'saves of facts are never deleted'); END;
-- REPLACE is an insert: without this it would pass the triggers above. The numbers of the chain are shared with
-- the ledger and the events.
CREATE TRIGGER household_saves_once BEFORE INSERT ON household_saves
WHEN EXISTS (SELECT 1 FROM household_saves
        WHERE household_key = NEW.household_key AND (seq = NEW.seq OR chain_seq = NEW.chain_seq))
    OR EXISTS (SELECT 1 FROM ledger_entries WHERE household_key = NEW.household_key AND seq = NEW.chain_seq)
    OR EXISTS (SELECT 1 FROM chain_events WHERE household_key = NEW.household_key AND seq = NEW.chain_seq)
BEGIN SELECT RAISE(ABORT, 'a number of a chain is taken once'); END;
CREATE TRIGGER ledger_entries_beside_saves BEFORE INSERT ON ledger_entries
WHEN EXISTS (SELECT 1 FROM household_saves WHERE household_key = NEW.household_key AND chain_seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'a number of a chain is taken once'); END;
CREATE TRIGGER chain_events_beside_saves BEFORE INSERT ON chain_events
WHEN EXISTS (SELECT 1 FROM household_saves WHERE household_key = NEW.household_key AND chain_seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'a number of a chain is taken once'); END;
