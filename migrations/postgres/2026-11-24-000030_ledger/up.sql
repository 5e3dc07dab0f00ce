-- What was delivered: entries that only ever join, their chain of hashes, and what they take.
-- README.md beside the tree explains the tables under "The ledger".

CREATE TABLE ledger_entries (
    household_key   TEXT COLLATE "C" NOT NULL REFERENCES households (key),
    seq             BIGINT           NOT NULL,
    kind            TEXT COLLATE "C" NOT NULL,
    idempotency_key TEXT COLLATE "C" NOT NULL,
    request_hash    TEXT COLLATE "C" NOT NULL,
    reverses        BIGINT,
    reason          TEXT COLLATE "C",
    beneficiary     TEXT COLLATE "C",
    offer           TEXT COLLATE "C" NOT NULL,
    identity        TEXT COLLATE "C" NOT NULL,
    covers          TEXT COLLATE "C" NOT NULL,
    covers_from     DATE             NOT NULL,
    covers_until    DATE             NOT NULL,
    expense         BIGINT,
    slots           TEXT COLLATE "C" NOT NULL,
    delivered_on    DATE             NOT NULL,
    department      TEXT COLLATE "C" NOT NULL,
    actor           TEXT COLLATE "C" NOT NULL,
    facts_seq       BIGINT           NOT NULL,
    catalogue       TEXT COLLATE "C" NOT NULL,
    engine          TEXT COLLATE "C" NOT NULL,
    recorded_at     TIMESTAMP        NOT NULL,
    hash            TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (household_key, seq),
    FOREIGN KEY (household_key, reverses) REFERENCES ledger_entries (household_key, seq),
    CHECK (seq >= 1),
    CHECK (kind IN ('delivery', 'reversal')),
    CHECK ((kind = 'reversal') = (reverses IS NOT NULL)),
    CHECK (covers_until > covers_from)
);

CREATE UNIQUE INDEX ledger_entries_idempotency_key ON ledger_entries (idempotency_key);
CREATE UNIQUE INDEX ledger_entries_reverses ON ledger_entries (household_key, reverses);

CREATE TABLE ledger_lines (
    household_key TEXT COLLATE "C" NOT NULL,
    seq           BIGINT           NOT NULL,
    line          BIGINT           NOT NULL,
    measure       TEXT COLLATE "C" NOT NULL,
    standard      TEXT COLLATE "C" NOT NULL,
    paid          BIGINT,
    PRIMARY KEY (household_key, seq, line),
    FOREIGN KEY (household_key, seq) REFERENCES ledger_entries (household_key, seq)
);

CREATE TABLE ledger_heads (
    household_key TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES households (key),
    entries       BIGINT           NOT NULL,
    hash          TEXT COLLATE "C" NOT NULL
);

CREATE TABLE delivery_slots (
    household_key TEXT COLLATE "C" NOT NULL,
    name          TEXT COLLATE "C" NOT NULL,
    subject       TEXT COLLATE "C" NOT NULL,
    month         DATE             NOT NULL,
    holder        TEXT COLLATE "C" NOT NULL,
    entry         BIGINT           NOT NULL,
    deliveries    BIGINT           NOT NULL,
    PRIMARY KEY (household_key, name, subject, month),
    FOREIGN KEY (household_key, entry) REFERENCES ledger_entries (household_key, seq),
    CHECK (deliveries >= 1)
);

CREATE INDEX delivery_slots_entry ON delivery_slots (household_key, entry);

CREATE TABLE claim_accounts (
    household_key TEXT COLLATE "C" NOT NULL REFERENCES households (key),
    beneficiary   TEXT COLLATE "C" NOT NULL,
    offer         TEXT COLLATE "C" NOT NULL,
    year          BIGINT           NOT NULL,
    claims        BIGINT           NOT NULL,
    expense       BIGINT           NOT NULL,
    PRIMARY KEY (household_key, beneficiary, offer, year),
    CHECK (claims >= 0),
    CHECK (expense >= 0)
);

CREATE TABLE claim_payments (
    household_key TEXT COLLATE "C" NOT NULL,
    beneficiary   TEXT COLLATE "C" NOT NULL,
    offer         TEXT COLLATE "C" NOT NULL,
    year          BIGINT           NOT NULL,
    measure       TEXT COLLATE "C" NOT NULL,
    paid          BIGINT           NOT NULL,
    PRIMARY KEY (household_key, beneficiary, offer, year, measure),
    FOREIGN KEY (household_key, beneficiary, offer, year)
        REFERENCES claim_accounts (household_key, beneficiary, offer, year),
    CHECK (paid >= 0)
);

CREATE TRIGGER ledger_entries_never_change BEFORE UPDATE ON ledger_entries
FOR EACH ROW EXECUTE FUNCTION refuse('entries of the ledger are never changed');
CREATE TRIGGER ledger_entries_never_go BEFORE DELETE ON ledger_entries
FOR EACH ROW EXECUTE FUNCTION refuse('entries of the ledger are never deleted');
CREATE TRIGGER ledger_entries_never_emptied BEFORE TRUNCATE ON ledger_entries
FOR EACH STATEMENT EXECUTE FUNCTION refuse('entries of the ledger are never deleted');
CREATE TRIGGER ledger_lines_never_change BEFORE UPDATE ON ledger_lines
FOR EACH ROW EXECUTE FUNCTION refuse('lines of the ledger are never changed');
CREATE TRIGGER ledger_lines_never_go BEFORE DELETE ON ledger_lines
FOR EACH ROW EXECUTE FUNCTION refuse('lines of the ledger are never deleted');
CREATE TRIGGER ledger_lines_never_emptied BEFORE TRUNCATE ON ledger_lines
FOR EACH STATEMENT EXECUTE FUNCTION refuse('lines of the ledger are never deleted');
