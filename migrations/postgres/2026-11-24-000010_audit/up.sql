-- Who looked at what, and who was refused. Rows are chained by their hashes and never change.

CREATE TABLE audit_entries (
    seq         BIGINT           NOT NULL PRIMARY KEY,
    recorded_at TIMESTAMP        NOT NULL,
    subject     TEXT COLLATE "C" NOT NULL,
    roles       TEXT COLLATE "C" NOT NULL,
    purpose     TEXT COLLATE "C",
    action      TEXT COLLATE "C" NOT NULL,
    object      TEXT COLLATE "C",
    outcome     TEXT COLLATE "C" NOT NULL,
    hash        TEXT COLLATE "C" NOT NULL,
    CHECK (seq >= 1),
    CHECK (length(hash) = 64)
);

CREATE INDEX audit_entries_object ON audit_entries (object, seq);

-- One row: how many entries there are, and the hash of the last one. It stands apart, so that a chain whose
-- end was cut off does not look whole.
CREATE TABLE audit_heads (
    id      BIGINT           NOT NULL PRIMARY KEY,
    entries BIGINT           NOT NULL,
    hash    TEXT COLLATE "C" NOT NULL,
    CHECK (id = 1),
    CHECK (entries >= 0),
    CHECK (length(hash) = 64)
);

INSERT INTO audit_heads (id, entries, hash)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- What triggers call that keep rows as they are: it refuses, with the text that the trigger gives. An insert that
-- meets a row may only update it here, so the triggers against SQLite's REPLACE have no counterpart; emptying a
-- table has one of its own.
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries
FOR EACH ROW EXECUTE FUNCTION refuse('audit entries do not change');

CREATE TRIGGER audit_entries_remain BEFORE DELETE ON audit_entries
FOR EACH ROW EXECUTE FUNCTION refuse('audit entries are not deleted');
CREATE TRIGGER audit_entries_never_emptied BEFORE TRUNCATE ON audit_entries
FOR EACH STATEMENT EXECUTE FUNCTION refuse('audit entries are not deleted');

CREATE TRIGGER audit_heads_advance BEFORE UPDATE ON audit_heads
FOR EACH ROW WHEN (NEW.entries <> OLD.entries + 1)
EXECUTE FUNCTION refuse('the head of the audit log goes on by one');

CREATE TRIGGER audit_heads_remain BEFORE DELETE ON audit_heads
FOR EACH ROW EXECUTE FUNCTION refuse('the head of the audit log is not deleted');
CREATE TRIGGER audit_heads_never_emptied BEFORE TRUNCATE ON audit_heads
FOR EACH STATEMENT EXECUTE FUNCTION refuse('the head of the audit log is not deleted');
