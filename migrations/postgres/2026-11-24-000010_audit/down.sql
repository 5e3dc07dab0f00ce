DROP TABLE audit_heads;
DROP TABLE audit_entries;
DROP FUNCTION refuse;
