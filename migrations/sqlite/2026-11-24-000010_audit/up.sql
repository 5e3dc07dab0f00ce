-- Who looked at what, and who was refused. Rows are chained by their hashes and never change.

CREATE TABLE audit_entries (
    seq         BIGINT    NOT NULL PRIMARY KEY,
    recorded_at TIMESTAMP NOT NULL,
    subject     TEXT      NOT NULL,
    roles       TEXT      NOT NULL,
    purpose     TEXT,
    action      TEXT      NOT NULL,
    object      TEXT,
    outcome     TEXT      NOT NULL,
    hash        TEXT      NOT NULL,
    CHECK (seq >= 1),
    CHECK (length(hash) = 64)
);

CREATE INDEX audit_entries_object ON audit_entries (object, seq);

-- One row: how many entries there are, and the hash of the last one. It stands apart, so that a chain whose
-- end was cut off does not look whole.
CREATE TABLE audit_heads (
    id      BIGINT NOT NULL PRIMARY KEY,
    entries BIGINT NOT NULL,
    hash    TEXT   NOT NULL,
    CHECK (id = 1),
    CHECK (entries >= 0),
    CHECK (length(hash) = 64)
);

INSERT INTO audit_heads (id, entries, hash)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries
BEGIN
    SELECT RAISE(ABORT, 'audit entries do not change');
END;

CREATE TRIGGER audit_entries_remain BEFORE DELETE ON audit_entries
BEGIN
    SELECT RAISE(ABORT, 'audit entries are not deleted');
END;

-- REPLACE is an insert: without these it would pass the triggers above.
CREATE TRIGGER audit_entries_once BEFORE INSERT ON audit_entries
WHEN EXISTS (SELECT 1 FROM audit_entries WHERE seq = NEW.seq)
BEGIN
    SELECT RAISE(ABORT, 'audit entries are not replaced');
END;

CREATE TRIGGER audit_heads_once BEFORE INSERT ON audit_heads
WHEN EXISTS (SELECT 1 FROM audit_heads WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'the head of the audit log is not replaced');
END;

CREATE TRIGGER audit_heads_advance BEFORE UPDATE ON audit_heads
WHEN NEW.entries <> OLD.entries + 1
BEGIN
    SELECT RAISE(ABORT, 'the head of the audit log goes on by one');
END;

CREATE TRIGGER audit_heads_remain BEFORE DELETE ON audit_heads
BEGIN
    SELECT RAISE(ABORT, 'the head of the audit log is not deleted');
END;
