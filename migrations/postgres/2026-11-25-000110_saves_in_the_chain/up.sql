-- Every save of facts becomes a link of its household's chain. README.md beside the tree explains it under "The
-- chain". Saves from before have no link; the next save of their household covers them, and verification counts
-- those that no link covers.

ALTER TABLE household_saves ADD COLUMN recorded_by TEXT COLLATE "C";
ALTER TABLE household_saves ADD COLUMN chain_seq BIGINT;
ALTER TABLE household_saves ADD COLUMN digest TEXT COLLATE "C";
ALTER TABLE household_saves ADD COLUMN hash TEXT COLLATE "C";

CREATE UNIQUE INDEX household_saves_chain_seq ON household_saves (household_key, chain_seq);

CREATE TRIGGER household_saves_never_change BEFORE UPDATE ON household_saves
FOR EACH ROW EXECUTE FUNCTION refuse('saves of facts are never changed');
CREATE TRIGGER household_saves_never_go BEFORE DELETE ON household_saves
FOR EACH ROW EXECUTE FUNCTION refuse('saves of facts are never deleted');
CREATE TRIGGER household_saves_never_emptied BEFORE TRUNCATE ON household_saves
FOR EACH STATEMENT EXECUTE FUNCTION refuse('saves of facts are never deleted');

-- The numbers of the chain are shared with the ledger and the events.
CREATE FUNCTION household_saves_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_entries WHERE household_key = NEW.household_key AND seq = NEW.chain_seq)
        OR EXISTS (SELECT 1 FROM chain_events WHERE household_key = NEW.household_key AND seq = NEW.chain_seq) THEN
        RAISE EXCEPTION 'a number of a chain is taken once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER household_saves_once BEFORE INSERT ON household_saves
FOR EACH ROW EXECUTE FUNCTION household_saves_once();

CREATE FUNCTION beside_saves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM household_saves WHERE household_key = NEW.household_key AND chain_seq = NEW.seq) THEN
        RAISE EXCEPTION 'a number of a chain is taken once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_entries_beside_saves BEFORE INSERT ON ledger_entries
FOR EACH ROW EXECUTE FUNCTION beside_saves();
CREATE TRIGGER chain_events_beside_saves BEFORE INSERT ON chain_events
FOR EACH ROW EXECUTE FUNCTION beside_saves();
