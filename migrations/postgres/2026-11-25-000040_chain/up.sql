-- A household has one chain. Beside deliveries and reversals it holds what follows from the facts: changes of
-- the package, and packages that were saved. README.md beside the tree explains it under "The chain".

CREATE TABLE chain_events (
    household_key TEXT COLLATE "C" NOT NULL REFERENCES households (key),
    seq           BIGINT           NOT NULL,
    position      BIGINT           NOT NULL,
    kind          TEXT COLLATE "C" NOT NULL,
    place         TEXT COLLATE "C",
    town          TEXT COLLATE "C",
    on_day        DATE             NOT NULL,
    facts_seq     BIGINT           NOT NULL,
    content       TEXT COLLATE "C" NOT NULL,
    catalogue     TEXT COLLATE "C" NOT NULL,
    engine        TEXT COLLATE "C" NOT NULL,
    actor         TEXT COLLATE "C" NOT NULL,
    recorded_at   TIMESTAMP        NOT NULL,
    hash          TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (household_key, seq),
    CHECK (seq >= 1),
    CHECK (position >= 1),
    CHECK (kind IN ('change', 'package'))
);

-- Whoever follows all households goes by the position, which counts over all of them.
CREATE UNIQUE INDEX chain_events_position ON chain_events (position);

-- One row: the position of the last event. Taking the next one locks it, so positions are seen in their order.
CREATE TABLE chain_positions (
    id   BIGINT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL,
    CHECK (id = 1),
    CHECK (last >= 0)
);

INSERT INTO chain_positions (id, last) VALUES (1, 0);

CREATE TRIGGER chain_events_never_change BEFORE UPDATE ON chain_events
FOR EACH ROW EXECUTE FUNCTION refuse('events of a chain are never changed');
CREATE TRIGGER chain_events_never_go BEFORE DELETE ON chain_events
FOR EACH ROW EXECUTE FUNCTION refuse('events of a chain are never deleted');
CREATE TRIGGER chain_events_never_emptied BEFORE TRUNCATE ON chain_events
FOR EACH STATEMENT EXECUTE FUNCTION refuse('events of a chain are never deleted');

-- The numbers are shared with the ledger.
CREATE FUNCTION chain_events_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_entries WHERE household_key = NEW.household_key AND seq = NEW.seq) THEN
        RAISE EXCEPTION 'a number of a chain is taken once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER chain_events_once BEFORE INSERT ON chain_events
FOR EACH ROW EXECUTE FUNCTION chain_events_once();

CREATE FUNCTION ledger_entries_beside_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM chain_events WHERE household_key = NEW.household_key AND seq = NEW.seq) THEN
        RAISE EXCEPTION 'a number of a chain is taken once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_entries_beside_events BEFORE INSERT ON ledger_entries
FOR EACH ROW EXECUTE FUNCTION ledger_entries_beside_events();
