-- Households with two times: when something is valid, and when it was recorded.
-- README.md beside the tree explains the columns that all versioned tables share.

CREATE TABLE households (
    key        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    facts_seq  BIGINT           NOT NULL,
    created_at TIMESTAMP        NOT NULL
);

CREATE TABLE household_saves (
    household_key TEXT COLLATE "C" NOT NULL REFERENCES households (key),
    seq           BIGINT           NOT NULL,
    recorded_at   TIMESTAMP        NOT NULL,
    valid_from    DATE             NOT NULL,
    valid_until   DATE,
    PRIMARY KEY (household_key, seq),
    CHECK (seq >= 1),
    CHECK (valid_until > valid_from)
);

CREATE TABLE household_details (
    household_key TEXT COLLATE "C" NOT NULL,
    seq           BIGINT           NOT NULL,
    line          BIGINT           NOT NULL,
    place         TEXT COLLATE "C",
    town          TEXT COLLATE "C",
    valid_from    DATE             NOT NULL,
    valid_until   DATE,
    closed_seq    BIGINT,
    PRIMARY KEY (household_key, seq, line),
    FOREIGN KEY (household_key, seq) REFERENCES household_saves (household_key, seq),
    CHECK (valid_until > valid_from),
    CHECK (closed_seq > seq)
);

CREATE INDEX household_details_town ON household_details (town, household_key);

CREATE TABLE persons (
    household_key TEXT COLLATE "C" NOT NULL,
    key           TEXT COLLATE "C" NOT NULL,
    first_seq     BIGINT           NOT NULL,
    PRIMARY KEY (household_key, key),
    FOREIGN KEY (household_key, first_seq) REFERENCES household_saves (household_key, seq)
);

CREATE INDEX persons_first_seq ON persons (household_key, first_seq);

CREATE TABLE person_details (
    household_key TEXT COLLATE "C" NOT NULL,
    seq           BIGINT           NOT NULL,
    line          BIGINT           NOT NULL,
    person_key    TEXT COLLATE "C" NOT NULL,
    position      BIGINT           NOT NULL,
    name          TEXT COLLATE "C",
    valid_from    DATE             NOT NULL,
    valid_until   DATE,
    closed_seq    BIGINT,
    PRIMARY KEY (household_key, seq, line),
    FOREIGN KEY (household_key, seq) REFERENCES household_saves (household_key, seq),
    FOREIGN KEY (household_key, person_key) REFERENCES persons (household_key, key),
    CHECK (valid_until > valid_from),
    CHECK (closed_seq > seq)
);

CREATE INDEX person_details_person ON person_details (household_key, person_key);

CREATE TABLE identity_records (
    household_key TEXT COLLATE "C" NOT NULL,
    seq           BIGINT           NOT NULL,
    line          BIGINT           NOT NULL,
    person_key    TEXT COLLATE "C",
    position      BIGINT           NOT NULL,
    identity      TEXT COLLATE "C" NOT NULL,
    held_since    DATE             NOT NULL,
    held_until    DATE,
    source        TEXT COLLATE "C",
    evidence      TEXT COLLATE "C",
    valid_from    DATE             NOT NULL,
    valid_until   DATE,
    closed_seq    BIGINT,
    PRIMARY KEY (household_key, seq, line),
    FOREIGN KEY (household_key, seq) REFERENCES household_saves (household_key, seq),
    FOREIGN KEY (household_key, person_key) REFERENCES persons (household_key, key),
    CHECK (held_until > held_since),
    CHECK (valid_until > valid_from),
    CHECK (closed_seq > seq)
);

CREATE INDEX identity_records_person ON identity_records (household_key, person_key);

CREATE TABLE facts (
    household_key TEXT COLLATE "C" NOT NULL,
    seq           BIGINT           NOT NULL,
    line          BIGINT           NOT NULL,
    person_key    TEXT COLLATE "C",
    fact          TEXT COLLATE "C" NOT NULL,
    number        BIGINT,
    codes         TEXT COLLATE "C",
    valid_from    DATE             NOT NULL,
    valid_until   DATE,
    closed_seq    BIGINT,
    PRIMARY KEY (household_key, seq, line),
    FOREIGN KEY (household_key, seq) REFERENCES household_saves (household_key, seq),
    FOREIGN KEY (household_key, person_key) REFERENCES persons (household_key, key),
    CHECK ((number IS NULL) <> (codes IS NULL)),
    CHECK (valid_until > valid_from),
    CHECK (closed_seq > seq)
);

CREATE INDEX facts_person ON facts (household_key, person_key);
