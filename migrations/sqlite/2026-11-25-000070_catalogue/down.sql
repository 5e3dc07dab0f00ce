DROP TABLE catalogue_files;
DROP TABLE catalogue_versions;
DROP TABLE policy_texts;
