DROP INDEX ledger_entries_period;
