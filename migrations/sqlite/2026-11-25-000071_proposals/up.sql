-- What departments propose to change of the catalogue: a new text of one policy file, and what became of it.
-- Nothing here changes; what happens to a proposal is a further step.

CREATE TABLE proposals (
    id         BIGINT  NOT NULL PRIMARY KEY,
    path       TEXT    NOT NULL,
    text_hash  TEXT    NOT NULL REFERENCES policy_texts (hash),
    department TEXT,
    base       BIGINT  NOT NULL REFERENCES catalogue_versions (seq),
    correction BOOLEAN NOT NULL,
    CHECK (id >= 1)
);

CREATE INDEX proposals_text ON proposals (text_hash);
CREATE INDEX proposals_base ON proposals (base);
CREATE INDEX proposals_department ON proposals (department, id);

-- The first step is the proposal, the second what became of it; there is no third.
CREATE TABLE proposal_steps (
    proposal      BIGINT    NOT NULL REFERENCES proposals (id),
    step          BIGINT    NOT NULL,
    state         TEXT      NOT NULL,
    subject       TEXT      NOT NULL,
    recorded_at   TIMESTAMP NOT NULL,
    reason        TEXT,
    catalogue_seq BIGINT REFERENCES catalogue_versions (seq),
    PRIMARY KEY (proposal, step),
    CHECK (step IN (1, 2)),
    CHECK ((step = 1) = (state = 'proposed')),
    CHECK (state IN ('proposed', 'withdrawn', 'rejected', 'approved')),
    CHECK ((state = 'approved') = (catalogue_seq IS NOT NULL)),
    CHECK (state NOT IN ('proposed', 'rejected') OR reason IS NOT NULL)
);

CREATE INDEX proposal_steps_catalogue ON proposal_steps (catalogue_seq);

CREATE TRIGGER proposals_stay BEFORE UPDATE ON proposals
BEGIN
    SELECT RAISE(ABORT, 'proposals do not change');
END;

CREATE TRIGGER proposals_remain BEFORE DELETE ON proposals
BEGIN
    SELECT RAISE(ABORT, 'proposals are not deleted');
END;

-- REPLACE is an insert: without these it would pass the triggers above.
CREATE TRIGGER proposals_follow BEFORE INSERT ON proposals
WHEN NEW.id <> (SELECT COALESCE(MAX(id), 0) + 1 FROM proposals)
BEGIN
    SELECT RAISE(ABORT, 'proposals are numbered without a gap');
END;

CREATE TRIGGER proposal_steps_stay BEFORE UPDATE ON proposal_steps
BEGIN
    SELECT RAISE(ABORT, 'steps of a proposal do not change');
END;

CREATE TRIGGER proposal_steps_remain BEFORE DELETE ON proposal_steps
BEGIN
    SELECT RAISE(ABORT, 'steps of a proposal are not deleted');
END;

CREATE TRIGGER proposal_steps_once BEFORE INSERT ON proposal_steps
WHEN EXISTS (SELECT 1 FROM proposal_steps WHERE proposal = NEW.proposal AND step = NEW.step)
BEGIN
    SELECT RAISE(ABORT, 'steps of a proposal are not replaced');
END;

-- Maker is never checker, whatever the program thinks.
CREATE TRIGGER proposal_steps_checked BEFORE INSERT ON proposal_steps
WHEN NEW.state IN ('approved', 'rejected')
    AND EXISTS (SELECT 1 FROM proposal_steps WHERE proposal = NEW.proposal AND step = 1 AND subject = NEW.subject)
BEGIN
    SELECT RAISE(ABORT, 'nobody decides on a proposal of their own');
END;
