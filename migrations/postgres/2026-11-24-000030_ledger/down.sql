DROP TABLE claim_payments;
DROP TABLE claim_accounts;
DROP TABLE delivery_slots;
DROP TABLE ledger_heads;
DROP TABLE ledger_lines;
DROP TABLE ledger_entries;
