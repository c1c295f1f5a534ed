-- Outside a transaction.
-- The list of what was created between two dates, newest first. Safe beside the version before: it need not know it.
drop index concurrently if exists loans_created;
create index concurrently loans_created on loans (book_id, created_at, loan_id);
