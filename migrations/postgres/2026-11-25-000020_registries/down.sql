DROP TABLE registry_rows;
DROP TABLE import_files;
DROP TABLE imports;
