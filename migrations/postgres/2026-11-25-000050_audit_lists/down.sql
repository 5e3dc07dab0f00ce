DROP INDEX audit_entries_recorded_at;
DROP INDEX audit_entries_subject;
