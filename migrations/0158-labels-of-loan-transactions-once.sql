-- Outside a transaction.
-- An external id is of one transaction of loans. Rows without one are not in the index, and cost it nothing.
drop index concurrently if exists loan_events_external_id;
create unique index concurrently loan_events_external_id on loan_events (book_id, external_id) where external_id is not null;
