DROP TABLE catalogue_files;
DROP TABLE catalogue_versions;
DROP TABLE policy_texts;
DROP FUNCTION catalogue_versions_follow;
DROP FUNCTION catalogue_files_once;
