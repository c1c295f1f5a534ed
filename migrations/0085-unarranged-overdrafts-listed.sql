-- Outside a transaction.
-- The few accounts below their floor, for the list of them.
drop index concurrently if exists ledger_accounts_unarranged;
create index concurrently ledger_accounts_unarranged on ledger_accounts (book_id, ledger_account_id) where unarranged_minor > 0;
