-- Outside a transaction.
-- The list of what was created between two dates, newest first. Safe beside the version before: it need not know it.
drop index concurrently if exists accounts_created;
create index concurrently accounts_created on accounts (book_id, created_at, account_id);
