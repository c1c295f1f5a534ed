-- Outside a transaction.
-- An external id is of one attachment. Rows without one are not in the index, and cost it nothing.
drop index concurrently if exists attachments_external_id;
create unique index concurrently attachments_external_id on attachments (book_id, external_id) where external_id is not null;
