-- Outside a transaction.
-- An external id is of one loan product. Rows without one are not in the index, and cost it nothing.
drop index concurrently if exists loan_products_external_id;
create unique index concurrently loan_products_external_id on loan_products (book_id, external_id) where external_id is not null;
