-- The log is asked for by who and by when, too.

CREATE INDEX audit_entries_subject ON audit_entries (subject, seq);
CREATE INDEX audit_entries_recorded_at ON audit_entries (recorded_at, seq);
