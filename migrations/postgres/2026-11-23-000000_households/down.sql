DROP TABLE facts;
DROP TABLE identity_records;
DROP TABLE person_details;
DROP TABLE persons;
DROP TABLE household_details;
DROP TABLE household_saves;
DROP TABLE households;
