DROP TABLE merged_contents;
DROP TABLE merged_persons;
DROP TABLE merged_households;
DROP TABLE merges;
DROP TABLE match_decisions;
DROP TABLE match_proposals;
