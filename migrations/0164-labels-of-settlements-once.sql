-- Outside a transaction.
-- An external id is of one settlement. Rows without one are not in the index, and cost it nothing.
drop index concurrently if exists capture_settlements_external_id;
create unique index concurrently capture_settlements_external_id on capture_settlements (book_id, external_id) where external_id is not null;
