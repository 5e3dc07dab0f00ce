-- Every catalogue that was ever in use, as the texts of its policy files. A text is stored once, under its
-- SHA-256; a version names a text for each path. Nothing here changes: what was in force can be replayed.

CREATE TABLE policy_texts (
    hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    text TEXT COLLATE "C" NOT NULL,
    CHECK (length(hash) = 64)
);

CREATE TABLE catalogue_versions (
    seq         BIGINT           NOT NULL PRIMARY KEY,
    catalogue   TEXT COLLATE "C" NOT NULL,
    recorded_at TIMESTAMP        NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    CHECK (seq >= 1),
    CHECK (length(catalogue) = 64)
);

CREATE INDEX catalogue_versions_catalogue ON catalogue_versions (catalogue, seq);

CREATE TABLE catalogue_files (
    seq       BIGINT           NOT NULL REFERENCES catalogue_versions (seq),
    path      TEXT COLLATE "C" NOT NULL,
    text_hash TEXT COLLATE "C" NOT NULL REFERENCES policy_texts (hash),
    PRIMARY KEY (seq, path)
);

CREATE INDEX catalogue_files_text ON catalogue_files (text_hash);

CREATE TRIGGER policy_texts_stay BEFORE UPDATE ON policy_texts
FOR EACH ROW EXECUTE FUNCTION refuse('policy texts do not change');

CREATE TRIGGER policy_texts_remain BEFORE DELETE ON policy_texts
FOR EACH ROW EXECUTE FUNCTION refuse('policy texts are not deleted');
CREATE TRIGGER policy_texts_never_emptied BEFORE TRUNCATE ON policy_texts
FOR EACH STATEMENT EXECUTE FUNCTION refuse('policy texts are not deleted');

CREATE TRIGGER catalogue_versions_stay BEFORE UPDATE ON catalogue_versions
FOR EACH ROW EXECUTE FUNCTION refuse('catalogue versions do not change');

CREATE TRIGGER catalogue_versions_remain BEFORE DELETE ON catalogue_versions
FOR EACH ROW EXECUTE FUNCTION refuse('catalogue versions are not deleted');
CREATE TRIGGER catalogue_versions_never_emptied BEFORE TRUNCATE ON catalogue_versions
FOR EACH STATEMENT EXECUTE FUNCTION refuse('catalogue versions are not deleted');

CREATE FUNCTION catalogue_versions_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM catalogue_versions) THEN
        RAISE EXCEPTION 'catalogue versions are numbered without a gap' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER catalogue_versions_follow BEFORE INSERT ON catalogue_versions
FOR EACH ROW EXECUTE FUNCTION catalogue_versions_follow();

CREATE TRIGGER catalogue_files_stay BEFORE UPDATE ON catalogue_files
FOR EACH ROW EXECUTE FUNCTION refuse('files of a catalogue do not change');

CREATE TRIGGER catalogue_files_remain BEFORE DELETE ON catalogue_files
FOR EACH ROW EXECUTE FUNCTION refuse('files of a catalogue are not deleted');
CREATE TRIGGER catalogue_files_never_emptied BEFORE TRUNCATE ON catalogue_files
FOR EACH STATEMENT EXECUTE FUNCTION refuse('files of a catalogue are not deleted');

-- Files join only the last version.
CREATE FUNCTION catalogue_files_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq <> (SELECT MAX(seq) FROM catalogue_versions) THEN
        RAISE EXCEPTION 'files of a catalogue are not replaced' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER catalogue_files_once BEFORE INSERT ON catalogue_files
FOR EACH ROW EXECUTE FUNCTION catalogue_files_once();
