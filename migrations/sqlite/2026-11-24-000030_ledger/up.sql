-- What was delivered: entries that only ever join, their chain of hashes, and what they take.
-- README.md beside the tree explains the tables under "The ledger".

CREATE TABLE ledger_entries (
    household_key   TEXT      NOT NULL REFERENCES households (key),
    seq             BIGINT    NOT NULL,
    kind            TEXT      NOT NULL,
    idempotency_key TEXT      NOT NULL,
    request_hash    TEXT      NOT NULL,
    reverses        BIGINT,
    reason          TEXT,
    beneficiary     TEXT,
    offer           TEXT      NOT NULL,
    identity        TEXT      NOT NULL,
    covers          TEXT      NOT NULL,
    covers_from     DATE      NOT NULL,
    covers_until    DATE      NOT NULL,
    expense         BIGINT,
    slots           TEXT      NOT NULL,
    delivered_on    DATE      NOT NULL,
    department      TEXT      NOT NULL,
    actor           TEXT      NOT NULL,
    facts_seq       BIGINT    NOT NULL,
    catalogue       TEXT      NOT NULL,
    engine          TEXT      NOT NULL,
    recorded_at     TIMESTAMP NOT NULL,
    hash            TEXT      NOT NULL,
    PRIMARY KEY (household_key, seq),
    FOREIGN KEY (household_key, reverses) REFERENCES ledger_entries (household_key, seq),
    CHECK (seq >= 1),
    CHECK (kind IN ('delivery', 'reversal')),
    CHECK ((kind = 'reversal') = (reverses IS NOT NULL)),
    CHECK (covers_until > covers_from)
) WITHOUT ROWID;

CREATE UNIQUE INDEX ledger_entries_idempotency_key ON ledger_entries (idempotency_key);
CREATE UNIQUE INDEX ledger_entries_reverses ON ledger_entries (household_key, reverses);

CREATE TABLE ledger_lines (
    household_key TEXT   NOT NULL,
    seq           BIGINT NOT NULL,
    line          BIGINT NOT NULL,
    measure       TEXT   NOT NULL,
    standard      TEXT   NOT NULL,
    paid          BIGINT,
    PRIMARY KEY (household_key, seq, line),
    FOREIGN KEY (household_key, seq) REFERENCES ledger_entries (household_key, seq)
) WITHOUT ROWID;

CREATE TABLE ledger_heads (
    household_key TEXT   NOT NULL PRIMARY KEY REFERENCES households (key),
    entries       BIGINT NOT NULL,
    hash          TEXT   NOT NULL
) WITHOUT ROWID;

CREATE TABLE delivery_slots (
    household_key TEXT   NOT NULL,
    name          TEXT   NOT NULL,
    subject       TEXT   NOT NULL,
    month         DATE   NOT NULL,
    holder        TEXT   NOT NULL,
    entry         BIGINT NOT NULL,
    deliveries    BIGINT NOT NULL,
    PRIMARY KEY (household_key, name, subject, month),
    FOREIGN KEY (household_key, entry) REFERENCES ledger_entries (household_key, seq),
    CHECK (deliveries >= 1)
) WITHOUT ROWID;

CREATE INDEX delivery_slots_entry ON delivery_slots (household_key, entry);

CREATE TABLE claim_accounts (
    household_key TEXT   NOT NULL REFERENCES households (key),
    beneficiary   TEXT   NOT NULL,
    offer         TEXT   NOT NULL,
    year          BIGINT NOT NULL,
    claims        BIGINT NOT NULL,
    expense       BIGINT NOT NULL,
    PRIMARY KEY (household_key, beneficiary, offer, year),
    CHECK (claims >= 0),
    CHECK (expense >= 0)
) WITHOUT ROWID;

CREATE TABLE claim_payments (
    household_key TEXT   NOT NULL,
    beneficiary   TEXT   NOT NULL,
    offer         TEXT   NOT NULL,
    year          BIGINT NOT NULL,
    measure       TEXT   NOT NULL,
    paid          BIGINT NOT NULL,
    PRIMARY KEY (household_key, beneficiary, offer, year, measure),
    FOREIGN KEY (household_key, beneficiary, offer, year)
        REFERENCES claim_accounts (household_key, beneficiary, offer, year),
    CHECK (paid >= 0)
) WITHOUT ROWID;

CREATE TRIGGER ledger_entries_never_change BEFORE UPDATE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'entries of the ledger are never changed'); END;
CREATE TRIGGER ledger_entries_never_go BEFORE DELETE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'entries of the ledger are never deleted'); END;
CREATE TRIGGER ledger_lines_never_change BEFORE UPDATE ON ledger_lines
BEGIN SELECT RAISE(ABORT, 'lines of the ledger are never changed'); END;
CREATE TRIGGER ledger_lines_never_go BEFORE DELETE ON ledger_lines
BEGIN SELECT RAISE(ABORT, 'lines of the ledger are never deleted'); END;
-- REPLACE is an insert: without these it would pass the triggers above.
CREATE TRIGGER ledger_entries_once BEFORE INSERT ON ledger_entries
WHEN EXISTS (SELECT 1 FROM ledger_entries WHERE household_key = NEW.household_key AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'entries of the ledger are never replaced'); END;
CREATE TRIGGER ledger_lines_once BEFORE INSERT ON ledger_lines
WHEN EXISTS (SELECT 1 FROM ledger_lines
    WHERE household_key = NEW.household_key AND seq = NEW.seq AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'lines of the ledger are never replaced'); END;
