-- Lists of deliveries are read by period: of a department, of a measure, or of all.

CREATE INDEX ledger_entries_period ON ledger_entries (covers_from, department, offer);
