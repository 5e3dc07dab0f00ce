-- The lists of the two registries, as their offices send them.
-- README.md beside the tree explains the tables under "The registries".

CREATE TABLE imports (
    seq            BIGINT    NOT NULL PRIMARY KEY,
    registry       TEXT      NOT NULL,
    as_of          DATE      NOT NULL,
    complete       BOOLEAN   NOT NULL,
    imported_by    TEXT      NOT NULL,
    imported_at    TIMESTAMP NOT NULL,
    keys_check     TEXT      NOT NULL,
    rows_new       BIGINT    NOT NULL,
    rows_changed   BIGINT    NOT NULL,
    rows_unchanged BIGINT    NOT NULL,
    rows_ended     BIGINT    NOT NULL,
    rows_refused   BIGINT    NOT NULL,
    CHECK (seq >= 1),
    CHECK (registry IN ('social-assistance', 'monitoring')),
    CHECK (rows_new >= 0 AND rows_changed >= 0 AND rows_unchanged >= 0),
    CHECK (rows_ended >= 0 AND rows_refused >= 0)
);

CREATE INDEX imports_registry ON imports (registry, seq);

CREATE TABLE import_files (
    seq    BIGINT NOT NULL REFERENCES imports (seq) DEFERRABLE INITIALLY DEFERRED,
    file   BIGINT NOT NULL,
    sha256 TEXT   NOT NULL,
    PRIMARY KEY (seq, file),
    CHECK (file >= 1),
    CHECK (length(sha256) = 64)
) WITHOUT ROWID;

-- One row a statement: a person of a household, with one identity or none. How many there are is known at the
-- end only, so the row of the import comes last.
CREATE TABLE registry_rows (
    seq          BIGINT NOT NULL REFERENCES imports (seq) DEFERRABLE INITIALLY DEFERRED,
    number       BIGINT NOT NULL,
    file         BIGINT NOT NULL,
    line         BIGINT NOT NULL,
    registry     TEXT   NOT NULL,
    household_no TEXT   NOT NULL,
    region       TEXT   NOT NULL,
    person       TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    id_key       BIGINT,
    id_sealed    TEXT,
    birth_date   DATE,
    identity     TEXT,
    of_household BOOLEAN,
    held_since   DATE,
    held_until   DATE,
    evidence     TEXT,
    facts        TEXT   NOT NULL,
    stated_seq   BIGINT NOT NULL,
    closed_seq   BIGINT,
    PRIMARY KEY (seq, number),
    CHECK (number >= 1),
    CHECK (registry IN ('social-assistance', 'monitoring')),
    CHECK (length(person) = 64),
    CHECK ((id_key IS NULL) = (id_sealed IS NULL)),
    CHECK ((identity IS NULL) = (held_since IS NULL)),
    CHECK ((identity IS NULL) = (of_household IS NULL)),
    CHECK (held_until > held_since),
    CHECK (stated_seq >= seq),
    CHECK (closed_seq > seq)
) WITHOUT ROWID;

-- A registry lists a person once with the same identity from the same day, and once without an identity.
CREATE UNIQUE INDEX registry_rows_listed ON registry_rows (registry, person, identity, held_since)
WHERE closed_seq IS NULL;
CREATE UNIQUE INDEX registry_rows_plain ON registry_rows (registry, person)
WHERE closed_seq IS NULL AND identity IS NULL;
CREATE INDEX registry_rows_household ON registry_rows (registry, household_no);

CREATE TRIGGER imports_stay BEFORE UPDATE ON imports
BEGIN SELECT RAISE(ABORT, 'imports do not change'); END;
CREATE TRIGGER imports_remain BEFORE DELETE ON imports
BEGIN SELECT RAISE(ABORT, 'imports are not deleted'); END;
CREATE TRIGGER import_files_stay BEFORE UPDATE ON import_files
BEGIN SELECT RAISE(ABORT, 'files of imports do not change'); END;
CREATE TRIGGER import_files_remain BEFORE DELETE ON import_files
BEGIN SELECT RAISE(ABORT, 'files of imports are not deleted'); END;
CREATE TRIGGER registry_rows_stay BEFORE UPDATE OF
    seq, number, file, line, registry, household_no, region, person, name, birth_date, identity, of_household,
    held_since, held_until, evidence, facts ON registry_rows
BEGIN SELECT RAISE(ABORT, 'what a registry stated does not change'); END;
CREATE TRIGGER registry_rows_remain BEFORE DELETE ON registry_rows
BEGIN SELECT RAISE(ABORT, 'what a registry stated is not deleted'); END;
