-- Who of the two registries may be one person, who decided about it, and what was merged into which household.
-- README.md beside the tree explains the tables under "The registries".

CREATE TABLE match_proposals (
    seq               BIGINT           NOT NULL PRIMARY KEY,
    social_assistance TEXT COLLATE "C" NOT NULL,
    monitoring        TEXT COLLATE "C" NOT NULL,
    rule              TEXT COLLATE "C" NOT NULL,
    proposed_at       TIMESTAMP        NOT NULL,
    CHECK (seq >= 1),
    CHECK (length(social_assistance) = 64 AND length(monitoring) = 64)
);

CREATE UNIQUE INDEX match_proposals_pair ON match_proposals (social_assistance, monitoring);
CREATE INDEX match_proposals_monitoring ON match_proposals (monitoring);

-- The last decision about a proposal counts.
CREATE TABLE match_decisions (
    proposal   BIGINT           NOT NULL REFERENCES match_proposals (seq),
    number     BIGINT           NOT NULL,
    accepted   BOOLEAN          NOT NULL,
    decided_by TEXT COLLATE "C" NOT NULL,
    decided_at TIMESTAMP        NOT NULL,
    reason     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (proposal, number),
    CHECK (number >= 1),
    CHECK (length(reason) > 0)
);

CREATE TABLE merges (
    seq        BIGINT           NOT NULL PRIMARY KEY,
    merged_by  TEXT COLLATE "C" NOT NULL,
    merged_at  TIMESTAMP        NOT NULL,
    valid_from DATE             NOT NULL,
    created    BIGINT           NOT NULL,
    changed    BIGINT           NOT NULL,
    ended      BIGINT           NOT NULL,
    CHECK (seq >= 1),
    CHECK (created >= 0 AND changed >= 0 AND ended >= 0)
);

-- Under which key a household of a registry is stored, from a merge on.
CREATE TABLE merged_households (
    registry      TEXT COLLATE "C" NOT NULL,
    household_no  TEXT COLLATE "C" NOT NULL,
    merge_seq     BIGINT           NOT NULL REFERENCES merges (seq),
    household_key TEXT COLLATE "C" NOT NULL REFERENCES households (key),
    PRIMARY KEY (registry, household_no, merge_seq),
    CHECK (registry IN ('social-assistance', 'monitoring'))
);

CREATE INDEX merged_households_merge ON merged_households (merge_seq);
CREATE INDEX merged_households_key ON merged_households (household_key);

-- How a listed person is called in a stored household, for good.
CREATE TABLE merged_persons (
    household_key TEXT COLLATE "C" NOT NULL,
    person        TEXT COLLATE "C" NOT NULL,
    person_key    TEXT COLLATE "C" NOT NULL,
    merge_seq     BIGINT           NOT NULL REFERENCES merges (seq),
    PRIMARY KEY (household_key, person, merge_seq),
    FOREIGN KEY (household_key, person_key) REFERENCES persons (household_key, key),
    CHECK (length(person) = 64)
);

CREATE INDEX merged_persons_merge ON merged_persons (merge_seq);
CREATE INDEX merged_persons_key ON merged_persons (household_key, person_key);

-- What the lists together said of a stored household, as a hash: what says the same again is left alone.
CREATE TABLE merged_contents (
    household_key TEXT COLLATE "C" NOT NULL REFERENCES households (key),
    merge_seq     BIGINT           NOT NULL REFERENCES merges (seq),
    content       TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (household_key, merge_seq),
    CHECK (length(content) = 64)
);

CREATE INDEX merged_contents_merge ON merged_contents (merge_seq);

CREATE TRIGGER match_proposals_stay BEFORE UPDATE ON match_proposals
FOR EACH ROW EXECUTE FUNCTION refuse('proposals do not change');
CREATE TRIGGER match_proposals_remain BEFORE DELETE ON match_proposals
FOR EACH ROW EXECUTE FUNCTION refuse('proposals are not deleted');
CREATE TRIGGER match_proposals_never_emptied BEFORE TRUNCATE ON match_proposals
FOR EACH STATEMENT EXECUTE FUNCTION refuse('proposals are not deleted');
CREATE TRIGGER match_decisions_stay BEFORE UPDATE ON match_decisions
FOR EACH ROW EXECUTE FUNCTION refuse('decisions do not change');
CREATE TRIGGER match_decisions_remain BEFORE DELETE ON match_decisions
FOR EACH ROW EXECUTE FUNCTION refuse('decisions are not deleted');
CREATE TRIGGER match_decisions_never_emptied BEFORE TRUNCATE ON match_decisions
FOR EACH STATEMENT EXECUTE FUNCTION refuse('decisions are not deleted');
CREATE TRIGGER merges_stay BEFORE UPDATE ON merges
FOR EACH ROW EXECUTE FUNCTION refuse('merges do not change');
CREATE TRIGGER merges_remain BEFORE DELETE ON merges
FOR EACH ROW EXECUTE FUNCTION refuse('merges are not deleted');
CREATE TRIGGER merges_never_emptied BEFORE TRUNCATE ON merges
FOR EACH STATEMENT EXECUTE FUNCTION refuse('merges are not deleted');
CREATE TRIGGER merged_households_stay BEFORE UPDATE ON merged_households
FOR EACH ROW EXECUTE FUNCTION refuse('merges do not change');
CREATE TRIGGER merged_households_remain BEFORE DELETE ON merged_households
FOR EACH ROW EXECUTE FUNCTION refuse('merges are not deleted');
CREATE TRIGGER merged_households_never_emptied BEFORE TRUNCATE ON merged_households
FOR EACH STATEMENT EXECUTE FUNCTION refuse('merges are not deleted');
CREATE TRIGGER merged_persons_stay BEFORE UPDATE ON merged_persons
FOR EACH ROW EXECUTE FUNCTION refuse('merges do not change');
CREATE TRIGGER merged_persons_remain BEFORE DELETE ON merged_persons
FOR EACH ROW EXECUTE FUNCTION refuse('merges are not deleted');
CREATE TRIGGER merged_persons_never_emptied BEFORE TRUNCATE ON merged_persons
FOR EACH STATEMENT EXECUTE FUNCTION refuse('merges are not deleted');
CREATE TRIGGER merged_contents_stay BEFORE UPDATE ON merged_contents
FOR EACH ROW EXECUTE FUNCTION refuse('merges do not change');
CREATE TRIGGER merged_contents_remain BEFORE DELETE ON merged_contents
FOR EACH ROW EXECUTE FUNCTION refuse('merges are not deleted');
CREATE TRIGGER merged_contents_never_emptied BEFORE TRUNCATE ON merged_contents
FOR EACH STATEMENT EXECUTE FUNCTION refuse('merges are not deleted');
