-- Outside a transaction.
-- An external id is of one of its kind. Rows without one are not in the index, and cost it nothing.
drop index concurrently if exists transactions_external_id;
create unique index concurrently transactions_external_id on transactions (book_id, external_id) where external_id is not null;
drop index concurrently if exists holds_external_id;
create unique index concurrently holds_external_id on holds (book_id, external_id) where external_id is not null;
drop index concurrently if exists incoming_payments_external_id;
create unique index concurrently incoming_payments_external_id on incoming_payments (book_id, external_id) where external_id is not null;
drop index concurrently if exists beneficiaries_external_id;
create unique index concurrently beneficiaries_external_id on beneficiaries (book_id, external_id) where external_id is not null;
