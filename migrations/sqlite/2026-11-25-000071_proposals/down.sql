DROP TABLE proposal_steps;
DROP TABLE proposals;
