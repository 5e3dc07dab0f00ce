-- What departments propose to change of the catalogue: a new text of one policy file, and what became of it.
-- Nothing here changes; what happens to a proposal is a further step.

CREATE TABLE proposals (
    id         BIGINT           NOT NULL PRIMARY KEY,
    path       TEXT COLLATE "C" NOT NULL,
    text_hash  TEXT COLLATE "C" NOT NULL REFERENCES policy_texts (hash),
    department TEXT COLLATE "C",
    base       BIGINT           NOT NULL REFERENCES catalogue_versions (seq),
    correction BOOLEAN          NOT NULL,
    CHECK (id >= 1)
);

CREATE INDEX proposals_text ON proposals (text_hash);
CREATE INDEX proposals_base ON proposals (base);
CREATE INDEX proposals_department ON proposals (department, id);

-- The first step is the proposal, the second what became of it; there is no third.
CREATE TABLE proposal_steps (
    proposal      BIGINT           NOT NULL REFERENCES proposals (id),
    step          BIGINT           NOT NULL,
    state         TEXT COLLATE "C" NOT NULL,
    subject       TEXT COLLATE "C" NOT NULL,
    recorded_at   TIMESTAMP        NOT NULL,
    reason        TEXT COLLATE "C",
    catalogue_seq BIGINT           REFERENCES catalogue_versions (seq),
    PRIMARY KEY (proposal, step),
    CHECK (step IN (1, 2)),
    CHECK ((step = 1) = (state = 'proposed')),
    CHECK (state IN ('proposed', 'withdrawn', 'rejected', 'approved')),
    CHECK ((state = 'approved') = (catalogue_seq IS NOT NULL)),
    CHECK (state NOT IN ('proposed', 'rejected') OR reason IS NOT NULL)
);

CREATE INDEX proposal_steps_catalogue ON proposal_steps (catalogue_seq);

CREATE TRIGGER proposals_stay BEFORE UPDATE ON proposals
FOR EACH ROW EXECUTE FUNCTION refuse('proposals do not change');

CREATE TRIGGER proposals_remain BEFORE DELETE ON proposals
FOR EACH ROW EXECUTE FUNCTION refuse('proposals are not deleted');
CREATE TRIGGER proposals_never_emptied BEFORE TRUNCATE ON proposals
FOR EACH STATEMENT EXECUTE FUNCTION refuse('proposals are not deleted');

CREATE FUNCTION proposals_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id <> (SELECT COALESCE(MAX(id), 0) + 1 FROM proposals) THEN
        RAISE EXCEPTION 'proposals are numbered without a gap' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER proposals_follow BEFORE INSERT ON proposals
FOR EACH ROW EXECUTE FUNCTION proposals_follow();

CREATE TRIGGER proposal_steps_stay BEFORE UPDATE ON proposal_steps
FOR EACH ROW EXECUTE FUNCTION refuse('steps of a proposal do not change');

CREATE TRIGGER proposal_steps_remain BEFORE DELETE ON proposal_steps
FOR EACH ROW EXECUTE FUNCTION refuse('steps of a proposal are not deleted');
CREATE TRIGGER proposal_steps_never_emptied BEFORE TRUNCATE ON proposal_steps
FOR EACH STATEMENT EXECUTE FUNCTION refuse('steps of a proposal are not deleted');

-- Maker is never checker, whatever the program thinks.
CREATE FUNCTION proposal_steps_checked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state IN ('approved', 'rejected')
        AND EXISTS (
            SELECT 1 FROM proposal_steps WHERE proposal = NEW.proposal AND step = 1 AND subject = NEW.subject
        )
    THEN
        RAISE EXCEPTION 'nobody decides on a proposal of their own' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER proposal_steps_checked BEFORE INSERT ON proposal_steps
FOR EACH ROW EXECUTE FUNCTION proposal_steps_checked();
