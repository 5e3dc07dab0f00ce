-- Every catalogue that was ever in use, as the texts of its policy files. A text is stored once, under its
-- SHA-256; a version names a text for each path. Nothing here changes: what was in force can be replayed.

CREATE TABLE policy_texts (
    hash TEXT NOT NULL PRIMARY KEY,
    text TEXT NOT NULL,
    CHECK (length(hash) = 64)
);

CREATE TABLE catalogue_versions (
    seq         BIGINT    NOT NULL PRIMARY KEY,
    catalogue   TEXT      NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by TEXT      NOT NULL,
    CHECK (seq >= 1),
    CHECK (length(catalogue) = 64)
);

CREATE INDEX catalogue_versions_catalogue ON catalogue_versions (catalogue, seq);

CREATE TABLE catalogue_files (
    seq       BIGINT NOT NULL REFERENCES catalogue_versions (seq),
    path      TEXT   NOT NULL,
    text_hash TEXT   NOT NULL REFERENCES policy_texts (hash),
    PRIMARY KEY (seq, path)
);

CREATE INDEX catalogue_files_text ON catalogue_files (text_hash);

CREATE TRIGGER policy_texts_stay BEFORE UPDATE ON policy_texts
BEGIN
    SELECT RAISE(ABORT, 'policy texts do not change');
END;

CREATE TRIGGER policy_texts_remain BEFORE DELETE ON policy_texts
BEGIN
    SELECT RAISE(ABORT, 'policy texts are not deleted');
END;

-- REPLACE is an insert: without these it would pass the triggers above.
CREATE TRIGGER policy_texts_once BEFORE INSERT ON policy_texts
WHEN EXISTS (SELECT 1 FROM policy_texts WHERE hash = NEW.hash)
BEGIN
    SELECT RAISE(ABORT, 'policy texts are not replaced');
END;

CREATE TRIGGER catalogue_versions_stay BEFORE UPDATE ON catalogue_versions
BEGIN
    SELECT RAISE(ABORT, 'catalogue versions do not change');
END;

CREATE TRIGGER catalogue_versions_remain BEFORE DELETE ON catalogue_versions
BEGIN
    SELECT RAISE(ABORT, 'catalogue versions are not deleted');
END;

CREATE TRIGGER catalogue_versions_follow BEFORE INSERT ON catalogue_versions
WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM catalogue_versions)
BEGIN
    SELECT RAISE(ABORT, 'catalogue versions are numbered without a gap');
END;

CREATE TRIGGER catalogue_files_stay BEFORE UPDATE ON catalogue_files
BEGIN
    SELECT RAISE(ABORT, 'files of a catalogue do not change');
END;

CREATE TRIGGER catalogue_files_remain BEFORE DELETE ON catalogue_files
BEGIN
    SELECT RAISE(ABORT, 'files of a catalogue are not deleted');
END;

-- Files join only the last version, and no path twice.
CREATE TRIGGER catalogue_files_once BEFORE INSERT ON catalogue_files
WHEN NEW.seq <> (SELECT MAX(seq) FROM catalogue_versions)
    OR EXISTS (SELECT 1 FROM catalogue_files WHERE seq = NEW.seq AND path = NEW.path)
BEGIN
    SELECT RAISE(ABORT, 'files of a catalogue are not replaced');
END;
