-- Outside a transaction.
-- The list of what was created between two dates, newest first. Safe beside the version before: it need not know it.
drop index concurrently if exists customers_created;
create index concurrently customers_created on customers (book_id, created_at, customer_id);
