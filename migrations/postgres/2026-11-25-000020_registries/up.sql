-- The lists of the two registries, as their offices send them.
-- README.md beside the tree explains the tables under "The registries".

CREATE TABLE imports (
    seq            BIGINT           NOT NULL PRIMARY KEY,
    registry       TEXT COLLATE "C" NOT NULL,
    as_of          DATE             NOT NULL,
    complete       BOOLEAN          NOT NULL,
    imported_by    TEXT COLLATE "C" NOT NULL,
    imported_at    TIMESTAMP        NOT NULL,
    keys_check     TEXT COLLATE "C" NOT NULL,
    rows_new       BIGINT           NOT NULL,
    rows_changed   BIGINT           NOT NULL,
    rows_unchanged BIGINT           NOT NULL,
    rows_ended     BIGINT           NOT NULL,
    rows_refused   BIGINT           NOT NULL,
    CHECK (seq >= 1),
    CHECK (registry IN ('social-assistance', 'monitoring')),
    CHECK (rows_new >= 0 AND rows_changed >= 0 AND rows_unchanged >= 0),
    CHECK (rows_ended >= 0 AND rows_refused >= 0)
);

CREATE INDEX imports_registry ON imports (registry, seq);

CREATE TABLE import_files (
    seq    BIGINT           NOT NULL REFERENCES imports (seq) DEFERRABLE INITIALLY DEFERRED,
    file   BIGINT           NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (seq, file),
    CHECK (file >= 1),
    CHECK (length(sha256) = 64)
);

-- One row a statement: a person of a household, with one identity or none. How many there are is known at the
-- end only, so the row of the import comes last.
CREATE TABLE registry_rows (
    seq          BIGINT           NOT NULL REFERENCES imports (seq) DEFERRABLE INITIALLY DEFERRED,
    number       BIGINT           NOT NULL,
    file         BIGINT           NOT NULL,
    line         BIGINT           NOT NULL,
    registry     TEXT COLLATE "C" NOT NULL,
    household_no TEXT COLLATE "C" NOT NULL,
    region       TEXT COLLATE "C" NOT NULL,
    person       TEXT COLLATE "C" NOT NULL,
    name         TEXT COLLATE "C" NOT NULL,
    id_key       BIGINT,
    id_sealed    TEXT COLLATE "C",
    birth_date   DATE,
    identity     TEXT COLLATE "C",
    of_household BOOLEAN,
    held_since   DATE,
    held_until   DATE,
    evidence     TEXT COLLATE "C",
    facts        TEXT COLLATE "C" NOT NULL,
    stated_seq   BIGINT           NOT NULL,
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
);

-- A registry lists a person once with the same identity from the same day, and once without an identity.
CREATE UNIQUE INDEX registry_rows_listed ON registry_rows (registry, person, identity, held_since)
WHERE closed_seq IS NULL;
CREATE UNIQUE INDEX registry_rows_plain ON registry_rows (registry, person)
WHERE closed_seq IS NULL AND identity IS NULL;
CREATE INDEX registry_rows_household ON registry_rows (registry, household_no);

CREATE TRIGGER imports_stay BEFORE UPDATE ON imports
FOR EACH ROW EXECUTE FUNCTION refuse('imports do not change');
CREATE TRIGGER imports_remain BEFORE DELETE ON imports
FOR EACH ROW EXECUTE FUNCTION refuse('imports are not deleted');
CREATE TRIGGER imports_never_emptied BEFORE TRUNCATE ON imports
FOR EACH STATEMENT EXECUTE FUNCTION refuse('imports are not deleted');
CREATE TRIGGER import_files_stay BEFORE UPDATE ON import_files
FOR EACH ROW EXECUTE FUNCTION refuse('files of imports do not change');
CREATE TRIGGER import_files_remain BEFORE DELETE ON import_files
FOR EACH ROW EXECUTE FUNCTION refuse('files of imports are not deleted');
CREATE TRIGGER import_files_never_emptied BEFORE TRUNCATE ON import_files
FOR EACH STATEMENT EXECUTE FUNCTION refuse('files of imports are not deleted');
CREATE TRIGGER registry_rows_stay BEFORE UPDATE OF
    seq, number, file, line, registry, household_no, region, person, name, birth_date, identity, of_household,
    held_since, held_until, evidence, facts ON registry_rows
FOR EACH ROW EXECUTE FUNCTION refuse('what a registry stated does not change');
CREATE TRIGGER registry_rows_remain BEFORE DELETE ON registry_rows
FOR EACH ROW EXECUTE FUNCTION refuse('what a registry stated is not deleted');
CREATE TRIGGER registry_rows_never_emptied BEFORE TRUNCATE ON registry_rows
FOR EACH STATEMENT EXECUTE FUNCTION refuse('what a registry stated is not deleted');
