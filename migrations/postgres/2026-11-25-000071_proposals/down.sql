DROP TABLE proposal_steps;
DROP TABLE proposals;
DROP FUNCTION proposals_follow;
DROP FUNCTION proposal_steps_checked;
