-- A household has one chain. Beside deliveries and reversals it holds what follows from the facts: changes of
-- the package, and packages that were saved. README.md beside the tree explains it under "The chain".

CREATE TABLE chain_events (
    household_key TEXT      NOT NULL REFERENCES households (key),
    seq           BIGINT    NOT NULL,
    position      BIGINT    NOT NULL,
    kind          TEXT      NOT NULL,
    place         TEXT,
    town          TEXT,
    on_day        DATE      NOT NULL,
    facts_seq     BIGINT    NOT NULL,
    content       TEXT      NOT NULL,
    catalogue     TEXT      NOT NULL,
    engine        TEXT      NOT NULL,
    actor         TEXT      NOT NULL,
    recorded_at   TIMESTAMP NOT NULL,
    hash          TEXT      NOT NULL,
    PRIMARY KEY (household_key, seq),
    CHECK (seq >= 1),
    CHECK (position >= 1),
    CHECK (kind IN ('change', 'package'))
) WITHOUT ROWID;

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
BEGIN SELECT RAISE(ABORT, 'events of a chain are never changed'); END;
CREATE TRIGGER chain_events_never_go BEFORE DELETE ON chain_events
BEGIN SELECT RAISE(ABORT, 'events of a chain are never deleted'); END;
-- REPLACE is an insert: without this it would pass the triggers above. The numbers are shared with the ledger.
CREATE TRIGGER chain_events_once BEFORE INSERT ON chain_events
WHEN EXISTS (SELECT 1 FROM chain_events WHERE household_key = NEW.household_key AND seq = NEW.seq)
    OR EXISTS (SELECT 1 FROM chain_events WHERE position = NEW.position)
    OR EXISTS (SELECT 1 FROM ledger_entries WHERE household_key = NEW.household_key AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'a number of a chain is taken once'); END;
CREATE TRIGGER ledger_entries_beside_events BEFORE INSERT ON ledger_entries
WHEN EXISTS (SELECT 1 FROM chain_events WHERE household_key = NEW.household_key AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'a number of a chain is taken once'); END;
